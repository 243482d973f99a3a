"""The table of a layer: everything that the map shows, to read, sort, filter, select and copy."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.hands import Pick
from twinview.gui.style import IconButton, Translated
from twinview.gui.subject import layer_title
from twinview.gui.table_model import Bools, ElementsModel
from twinview.gui.table_view import ElementsView
from twinview.gui.value import Place, offer_why_at
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin, consumers
from twinview.scene.filtering import expression
from twinview.scene.layering import ordered
from twinview.scene.numbers import number
from twinview.scene.selecting import rows_of
from twinview.scene.sifting import SELECTED
from twinview.scene.tabling import Kind, as_tsv
from twinview.session.layers import choice
from twinview.session.selected import chosen, matching, now_shown, within
from twinview.session.store import State

TYPING_MS = 150
"""Rest after a key before the filter works."""
_KEEP = 400
"""Selected rows up to which the table brings the first one into sight."""


class TablePanel(Translated, QWidget):
    """One layer at a time, with a chooser, a filter and what can be done with the rows.

    Signals
    -------
    asked
        ``(command, arguments)``: a command of the table is wanted.
    zoom_wanted
        Fly to what is selected.
    export_wanted
        ``(layer, rows)``: write the rows that fit an expression.
    pointed
        ``(pick or None)``: the pointer is on the row of an element.
    """

    asked = Signal(str, tuple)
    zoom_wanted = Signal()
    export_wanted = Signal(str, str)
    pointed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ElementsModel(self)
        self.view = ElementsView(self.model)
        self.layers = QComboBox()
        self.filter = QLineEdit()
        self.only = QToolButton()
        self.zoom = IconButton("fa6s.magnifying-glass-location", size=14)
        self.copy = IconButton("fa6s.copy", size=14)
        self.export = IconButton("fa6s.file-export", size=14)
        self.said = text_label(role="small")
        self._state: State | None = None
        self._listed: Twin | None = None
        self._stale = False
        self._error = ""
        self._own: object = None
        """The selection that the table itself has made."""
        self._under: Pick | None = None
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._lay_out()
        self._connect()
        self.retranslate()

    def _lay_out(self) -> None:
        self.filter.setClearButtonEnabled(True)
        self.only.setCheckable(True)
        self.only.setProperty("segment", True)
        self.layers.setMinimumWidth(140)
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 8, 4)
        head.setSpacing(8)
        head.addWidget(self.layers)
        head.addWidget(self.filter, 1)
        for one in (self.only, self.zoom, self.copy, self.export):
            head.addWidget(one)
        self.said.setContentsMargins(16, 2, 16, 6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.said)

    def _connect(self) -> None:
        self._timer.timeout.connect(self._follow_time)
        self._typing.timeout.connect(self._filter)
        self.layers.activated.connect(lambda _k: self._show_layer())
        self.filter.textChanged.connect(lambda _text: self._typing.start())
        self.filter.returnPressed.connect(self._filter)
        self.only.toggled.connect(lambda _on: self._filter())
        self.zoom.clicked.connect(self.zoom_wanted)
        self.copy.clicked.connect(self.copy_rows)
        self.export.clicked.connect(self._export)
        self.view.picked.connect(self._picked)
        self.view.opened.connect(self._opened)
        self.view.all_wanted.connect(self._pick_all)
        self.view.copied.connect(self.copy_rows)
        self.view.pointed.connect(self._pointed)
        for moved in (self.model.modelReset, self.model.layoutChanged):
            moved.connect(lambda: self.point_out(self._under))
        offer_why_at(self.view, self._cell)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for a third of a window: the city stays the larger part."""
        return QSize(640, 232)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.layers.setAccessibleName(_("Layer of the table"))
        self.filter.setAccessibleName(_("Filter"))
        self.filter.setPlaceholderText(_('Filter: a word, or height_m > 20 and use == "office"'))
        self.only.setText(_("Selected only"))
        self.zoom.describe(_("Zoom to the selection"), "F")
        self.copy.describe(_("Copy rows"), "Ctrl+C")
        self.export.describe(_("Export rows..."))
        self.view.setAccessibleName(_("Elements of the layer"))
        self._listed = None
        if self._state is not None:
            self._list_layers(self._state)
            self._show_layer()

    # ----------------------------------------------------------------------------------- following
    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        first = self._state is None
        self._state = new
        if not self.isVisible():
            self._stale = True
            return
        same = new.twin.layers is old.twin.layers and not first
        if not same or new.project.order != old.project.order:
            self._listed = None
            self._list_layers(new)
            self._show_layer()
            return
        if new.view.selection is not old.view.selection:
            self._follow_selection(new)
        if new.view != old.view or new.twin is not old.twin or new.project is not old.project:
            self._timer.start()

    def showEvent(self, event: Any) -> None:  # noqa: N802
        """Catch up with what happened while it was hidden."""
        super().showEvent(event)
        if self._state is not None and (self._stale or self.model.layer is None):
            self._stale = False
            self._list_layers(self._state)
            self._show_layer()

    def _list_layers(self, state: State) -> None:
        if self._listed is not None and self._listed.layers is state.twin.layers:
            return
        self._listed = state.twin
        chosen = self.layers.currentData()
        self.layers.clear()
        for layer in _sorted_layers(state):
            self.layers.addItem(layer_title(layer), layer.id)
        at = self.layers.findData(chosen)
        last = state.view.selection[-1][0] if state.view.selection else None
        self.layers.setCurrentIndex(max(self.layers.findData(last) if at < 0 else at, 0))

    @property
    def layer(self) -> Layer | None:
        """The layer that is chosen."""
        id_ = self.layers.currentData()
        return None if self._state is None else self._state.twin.layers.get(id_)

    def _show_layer(self) -> None:
        layer, state = self.layer, self._state
        if layer is None or state is None:
            return
        shown = now_shown(state, layer)
        self.model.show_layer(layer, shown, self._fits(layer), self._marked(layer))
        self._say()

    def _follow_time(self) -> None:
        """Show the numbers of another instant, or another quantity."""
        layer, state = self.layer, self._state
        if layer is None or state is None or not self.isVisible():
            return
        before = self.model.shown
        shown = now_shown(state, layer)
        if before is None or self.model.layer is not layer or before.head != shown.head:
            self._show_layer()
            return
        self.model.shown = shown
        self.model.show_values(shown, self._fits(layer))
        self._say()

    def _follow_selection(self, state: State) -> None:
        layer = self.layer
        if layer is None:
            return
        rows = rows_of(state.twin.layers, state.view.selection)
        mine = state.view.selection == self._own
        if rows and layer.id not in rows and not mine:
            self.layers.setCurrentIndex(self.layers.findData(list(rows)[-1]))
            self._show_layer()
            layer = self.layer
            assert layer is not None
        self.model.mark(self._marked(layer))
        if self.only.isChecked():
            self.model.show_fits(self._fits(layer))
        chosen = rows.get(layer.id)
        if chosen is not None and not mine and len(chosen) <= _KEEP:
            at = self.model.place_of(int(chosen[-1]))
            if at >= 0:
                self.view.show_row(at)
        self._say()

    def _cell(self, at: QPoint) -> Place | None:
        """Return what the number of a cell leads to, and the text of any cell."""
        index, model = self.view.indexAt(at), self.model
        if not index.isValid() or model.layer is None:
            return None
        column = model.columns[index.column()]
        words = (model.layer.id, model.layer.id_at(int(model.order[index.row()])), column.name)
        number = column.kind in {Kind.SHOWN, Kind.NUMBER}
        return (lambda: self.asked.emit("why", words)) if number else None, str(index.data() or "")

    # ---------------------------------------------------------------------------------- what fits
    def _marked(self, layer: Layer) -> Bools:
        assert self._state is not None
        found = np.zeros(len(layer), dtype=np.bool_)
        rows = rows_of(self._state.twin.layers, self._state.view.selection).get(layer.id)
        if rows is not None:
            found[rows] = True
        return found

    def _fits(self, layer: Layer) -> Bools:
        """Return which elements are shown; those that fitted before where the filter is wrong."""
        assert self._state is not None
        self._error = ""
        try:
            text = self.filter.text()
            fits = matching(self._state, layer, text, self._now(layer))
        except CommandError as error:
            self._error = str(error)
            fits = within(self._state, layer)
        return fits & self._marked(layer) if self.only.isChecked() else fits

    def _now(self, layer: Layer) -> Any:
        return self.model.shown if self.model.layer is layer else None

    def _filter(self) -> None:
        layer = self.layer
        self._typing.stop()
        if layer is not None and self.model.layer is layer:
            self.model.show_fits(self._fits(layer))
            self._say()

    def _say(self) -> None:
        """Say below the table how much of it is seen, or what is wrong with the filter."""
        if self._error:
            self.said.setText(self._error)
            return
        marked, order = self.model.marked, self.model.order
        parts = [
            _("{shown} of {count} elements", shown=number(len(order)), count=number(len(marked))),
            _("{count} selected", count=number(int(marked.sum()))),
            *self._unseen(),
        ]
        if self.model.shown is not None and self.model.shown.grouped.any():
            parts.append(_("single dwellings show the mean of their group, for privacy"))
        if self._state is not None and self.model.layer is not None:
            wish = choice(self._state.project, self.model.layer.id).filter
            parts += [_("filter of the layer: {filter}", filter=wish)] if wish else []
        self.said.setText(" · ".join(parts))

    def _unseen(self) -> tuple[str, ...]:
        """Return what of the selected rows does not count, and why."""
        if self._state is None or self.model.layer is None:
            return ()
        return chosen(self._state, self.model.layer.id).words

    # ----------------------------------------------------------------------------------- pointing
    def point_out(self, found: Pick | None) -> None:
        """Frame the row of what is pointed at, where it is in sight."""
        self._under, layer = found, self.model.layer
        here = found is not None and layer is not None and found[0] == layer.id
        self.view.frame_row(self.model.place_of(found[2]) if found is not None and here else -1)

    def _pointed(self, at: int) -> None:
        layer, order = self.model.layer, self.model.order
        if layer is None or not 0 <= at < len(order):
            self.pointed.emit(None)
        else:
            self.pointed.emit((layer.id, layer.id_at(int(order[at])), int(order[at])))

    # -------------------------------------------------------------------------------------- doing
    def _picked(self, how: str, first: int, last: int) -> None:
        layer = self.layer
        if layer is None:
            return
        rows = self.model.order[first : last + 1]
        if how == "toggle":
            how = "remove" if self.model.marked[rows].all() else "add"
        self._select(how, layer, rows)

    def _select(self, how: str, layer: Layer, rows: Any) -> None:
        assert self._state is not None
        words = [word for one in layer.ids[rows] for word in (layer.id, str(one))]
        if how == "only" or not self._state.view.selection:
            self._own = tuple(zip(words[::2], words[1::2], strict=True))
        self.asked.emit("select.these", (how, *words))

    def _pick_all(self) -> None:
        """Select all rows that are seen."""
        layer, text = self.layer, expression(self.filter.text())
        if layer is None or not len(self.model.order) or self.only.isChecked():
            return
        if text:
            self.asked.emit("select.where", (f"{layer.id}: {text}",))
        else:
            self.asked.emit("select.all", (layer.id,))

    def _opened(self, row: int) -> None:
        self._picked("only", row, row)
        self.zoom_wanted.emit()

    def copy_rows(self) -> None:
        """Copy the selected rows with their titles, or the current row where none is selected."""
        model = self.model
        if model.layer is None or model.shown is None:
            return
        rows = model.order[model.marked[model.order]].tolist()
        current = self.view.currentIndex().row()
        if not rows and 0 <= current < len(model.order):
            rows = [int(model.order[current])]
        if rows:
            text = as_tsv(model.layer, model.columns, model.shown, rows)
            QGuiApplication.clipboard().setText(text)
            self.said.setText(_("{count} rows copied", count=number(len(rows))))

    def _export(self) -> None:
        layer = self.layer
        if layer is not None:
            text, only = expression(self.filter.text()), self.only.isChecked()
            chosen = (
                f"({text}) and {SELECTED} == 1" if text and only else SELECTED if only else text
            )
            self.export_wanted.emit(layer.id, chosen)


def _sorted_layers(state: State) -> list[Layer]:
    """Return the layers in the reader's order; without one, those that use energy first.

    Those that are removed are left out.
    """
    layers, project = state.twin.layers, state.project
    first = [] if project.order else [one.id for one in consumers(state.twin)]
    order = dict.fromkeys([*first, *ordered(layers, project.order)])
    return [layers[one] for one in order if len(layers[one]) and not choice(project, one).removed]
