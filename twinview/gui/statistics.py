"""Statistics of what the map shows: of all or of the selection, now or over a stretch."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.asking import AskingPanel
from twinview.gui.cards import empty, text_label
from twinview.gui.histogram import Histogram
from twinview.gui.style import text_font
from twinview.gui.subject import layer_title
from twinview.gui.value import Place, offer_why, offer_why_at
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.model.window import Window
from twinview.scene.numbers import number
from twinview.scene.private import groups_for
from twinview.scene.selecting import rows_of
from twinview.scene.shown import Shown
from twinview.scene.sifting import SELECTED
from twinview.scene.statistics import TOP, Statistics, statistics
from twinview.scene.words import name_of, quantity_title
from twinview.session.selected import layer_meant, now_shown, within
from twinview.session.store import State

SCOPES = {"all": N_("All"), "selection": N_("Selection")}
TIMES = {"instant": N_("Map"), "span": N_("Stretch")}


@dataclass(frozen=True, eq=False)
class Found:
    """Statistics, and what they were made of."""

    layer: Layer
    shown: Shown
    statistics: Statistics
    stretch: bool


class Segments(QWidget):
    """A few buttons of which one is down.

    Signals
    -------
    chosen
        ``(key)``.
    """

    chosen = Signal(str)

    def __init__(self, titles: dict[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = titles
        self.value = next(iter(titles))
        self.buttons: dict[str, QToolButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for key in titles:
            button = self.buttons[key] = QToolButton()
            button.setCheckable(True)
            button.setProperty("segment", True)
            button.setMinimumWidth(40)
            button.setChecked(key == self.value)
            button.clicked.connect(lambda _on=False, key=key: self.choose(key))
            group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        for key, button in self.buttons.items():
            button.setText(_(self._titles[key]))
            button.setToolTip(button.text())  # where there is little room it is shortened

    def choose(self, key: str) -> None:
        """Press a button."""
        self.buttons[key].setChecked(True)
        if key != self.value:
            self.value = key
            self.chosen.emit(key)


class StatisticsPanel(AskingPanel):
    """Histogram, numbers and ranking.

    Signals
    -------
    asked
        ``(command, arguments)``.
    """

    asked = Signal(str, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: Found | None = None
        self.title = text_label(wrap=True)
        self.title.setFont(text_font(bold=True))
        self.scope, self.time = Segments(SCOPES), Segments(TIMES)
        self.bars = Histogram()
        self.note = text_label(role="small", wrap=True)
        self.ranking = QTableWidget(0, 2)
        self._grid = QGridLayout()
        self._state: State | None = None
        self._shown = range(1)
        self._lay_out()
        for one in (self.scope, self.time):
            one.chosen.connect(lambda _key: self._timer.start())
        self.bars.brushed.connect(self._brushed)
        self.ranking.cellClicked.connect(self._ranked)
        self.ranking.cellActivated.connect(self._ranked)
        offer_why_at(self.ranking, self._rank_at)
        self.retranslate()

    def _lay_out(self) -> None:
        self._grid.setColumnStretch(0, 1)
        self._grid.setVerticalSpacing(2)
        table = self.ranking
        table.setObjectName("ranking")
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        choices = QHBoxLayout()
        choices.addWidget(self.scope)
        choices.addStretch(1)
        choices.addWidget(self.time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.title, self.bars, self.note, self.ranking):
            column.addWidget(part)
        column.insertLayout(1, choices)
        column.insertLayout(3, self._grid)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.scope.retranslate()
        self.time.retranslate()
        self.ranking.setAccessibleName(_("The largest values"))
        self._ask()

    # ----------------------------------------------------------------------------------- following
    def changed(self, _old: State, new: State) -> None:
        """Follow the session."""
        self._state = new
        if self.isVisible():
            self._timer.start()

    def show_time(self, shown: range) -> None:
        """Follow the stretch of the time bar."""
        if shown != self._shown:
            self._shown = shown
            if self.isVisible() and self.time.value == "span":
                self._timer.start()

    def _ask(self) -> None:
        state = self._state
        if state is None or not self.isVisible():
            return
        try:
            layer = layer_meant(state)
        except CommandError as error:
            self._answered(None, error)
            return
        if self.time.value == "instant":
            self._answered(None, made(state, layer, self.scope.value, None))
        else:
            scope, shown = self.scope.value, self._shown
            key = (layer.id, scope, shown, state.view.overlay, state.view.scenario)
            self.asker.ask(key, lambda: made(state, layer, scope, shown))

    def _answered(self, _key: object, answer: object) -> None:
        self.found = answer if isinstance(answer, Found) else None
        self._fill(str(answer) if isinstance(answer, CommandError) else "")

    # ----------------------------------------------------------------------------------- content
    def _fill(self, said: str) -> None:
        found = self.found
        empty(self._grid)
        for part in (self.bars, self.ranking):
            part.setVisible(found is not None)
        if found is None:
            self.title.setText("")
            self.note.setText(said)
            return
        now, numbers = found.shown, found.statistics
        self.title.setText(
            _("{quantity} of {layer}", quantity=quantity_title(now.quantity),
              layer=layer_title(found.layer))
        )  # fmt: skip
        scale, unit = (100.0, "%") if now.unit == "1" else (1.0, now.unit)
        self.bars.show_bars(tuple(one * scale for one in numbers.edges), numbers.bars, unit)
        self.bars.setVisible(bool(numbers.bars))
        for at, (title, text) in enumerate(lines(numbers, scale, unit)):
            self._grid.addWidget(text_label(title, role="soft", wrap=True), at, 0)
            value = text_label(text)
            value.setFont(text_font(tabular=True))
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(value, at, 1, Qt.AlignmentFlag.AlignRight)
            if title == _("Sum") and self._of_selection(found):
                words = (found.layer.id, SELECTED, now.quantity)
                offer_why(value, partial(self.asked.emit, "why", words), value.text)
        self.note.setText(self._noted(found))
        self.note.setVisible(bool(self.note.text()))
        self._rank(found, scale, unit)

    def _noted(self, found: Found) -> str:
        parts = [found.shown.over] if found.shown.over else []
        if found.statistics.grouped or found.statistics.withheld:
            parts.append(
                _("Single dwellings are private: they enter as the mean of a group of neighbours.")
            )
        return ". ".join(parts)

    def _rank(self, found: Found, scale: float, unit: str) -> None:
        assert self._state is not None
        table, rows = self.ranking, found.statistics.ranking
        title = _("The {count} largest", count=len(rows) if len(rows) < TOP else TOP)
        table.setHorizontalHeaderLabels([title, unit])
        for column, side in enumerate((Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)):
            head = table.horizontalHeaderItem(column)
            if head is not None:
                head.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        table.setRowCount(len(rows))
        chosen = rows_of(self._state.twin.layers, self._state.view.selection).get(found.layer.id)
        marked = set() if chosen is None else set(chosen.tolist())
        for at, row in enumerate(rows):
            value = number(float(found.shown.values[row]) * scale, of=unit)
            for column, text in enumerate((f"{at + 1}  {name_of(found.layer, row)}", value)):
                item = QTableWidgetItem(text)
                item.setFont(text_font(bold=row in marked, tabular=True))
                if column:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                elif row in marked:
                    item.setText(f"✓ {text}")
                item.setToolTip(text)
                table.setItem(at, column, item)
            table.setRowHeight(at, 24)
        table.setFixedHeight(24 * len(rows) + table.horizontalHeader().sizeHint().height() + 4)
        table.setVisible(bool(rows))

    def _of_selection(self, found: Found) -> bool:
        """Tell whether the numbers are those of all that is selected, over the view's window."""
        assert self._state is not None
        rows = rows_of(self._state.twin.layers, self._state.view.selection).get(found.layer.id, ())
        whole = len(rows) == found.statistics.count
        return self.scope.value == "selection" and whole and not found.stretch

    def _rank_at(self, place: QPoint) -> Place | None:
        """Return what the number of a row leads to; those over a stretch are of no window."""
        item, found = self.ranking.itemAt(place), self.found
        if item is None or found is None:
            return None
        row = found.statistics.ranking[item.row()]
        words = (found.layer.id, found.layer.id_at(row), found.shown.quantity)
        act = None if found.stretch else partial(self.asked.emit, "why", words)
        return act, item.toolTip()

    # -------------------------------------------------------------------------------------- doing
    def _brushed(self, low: float, high: float) -> None:
        """Select the elements whose values lie under the brush; the last bar holds its end too."""
        found = self.found
        if found is None:
            return
        scale = 100.0 if found.shown.unit == "1" else 1.0
        low, high = low / scale, high / scale
        open_ = np.where(found.shown.known, found.shown.values, np.nan)
        last = high >= found.statistics.edges[-1]
        inside = (open_ >= low) & ((open_ <= high) if last else (open_ < high))
        if found.stretch or found.shown.quantity == "":
            words = [w for one in found.layer.ids[inside] for w in (found.layer.id, str(one))]
            self.asked.emit("select.these", ("only", *words))
        elif inside.any():
            sign = "<=" if last else "<"
            text = f"{found.layer.id}: value >= {low!r} and value {sign} {high!r}"
            self.asked.emit("select.where", (text,))

    def _ranked(self, at: int, _column: int) -> None:
        if self.found is not None and at < len(self.found.statistics.ranking):
            row = self.found.statistics.ranking[at]
            layer = self.found.layer
            self.asked.emit("select.only", (layer.id, str(layer.ids[row])))


def made(state: State, layer: Layer, scope: str, stretch: range | None) -> Found | CommandError:
    """Return the statistics of what the map shows of a layer, or why there are none."""
    if stretch is not None and not state.twin.time.static:
        state = replace(state, view=replace(state.view, window=_range(state, stretch)))
    now = now_shown(state, layer)
    if not now.quantity:
        return CommandError(_("The map shows nothing of '{layer}'.", layer=layer_title(layer)))
    groups = groups_for(state.twin, layer.id, now.quantity)
    kept = within(state, layer)
    rows = np.flatnonzero(kept)
    if scope == "selection":
        none = np.empty(0, dtype=np.int64)
        rows = rows_of(state.twin.layers, state.view.selection).get(layer.id, none)
        rows = rows[kept[rows]]
        if not rows.size:
            return CommandError(_("Nothing of '{layer}' is selected.", layer=layer_title(layer)))
    return Found(layer, now, statistics(now, rows, groups), stretch is not None)


def _range(state: State, stretch: range) -> Window:
    """Return a stretch of the time bar as the window of a view."""
    time = state.twin.time
    return Window("range", begin=time.seconds(stretch.start), end=time.seconds(stretch.stop))


def lines(found: Statistics, scale: float, unit: str) -> list[tuple[str, str]]:
    """Return titles and texts of the numbers."""
    said = [(_("Elements"), number(found.count)), (_("With a value"), number(found.known))]
    if found.missing:
        said.append((_("No data"), number(found.missing)))
    if found.withheld:
        said.append((_("Withheld"), number(found.withheld)))
    if np.isfinite(found.total):
        said.append((_("Sum"), number(found.total * scale, 4, unit)))
    names = (_("Minimum"), _("Lower quartile"), _("Median"), _("Upper quartile"), _("Maximum"))
    values = (*zip(names, found.quartiles, strict=True), (_("Mean"), found.mean))
    return said + [(name, number(value * scale, 3, unit)) for name, value in values]
