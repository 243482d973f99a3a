"""The layer panel: an eye, a name and a count for each layer; the problems below."""

from functools import partial
from itertools import pairwise

import qtawesome
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from twinview.gui.cards import empty, text_label
from twinview.gui.layer_row import LayerRow
from twinview.gui.problems import problem_count
from twinview.gui.style import Translated, look_now, place
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.scene.layering import drawn_layers
from twinview.scene.numbers import number
from twinview.scene.paint import Scene
from twinview.scene.swatches import swatch
from twinview.session.layers import choice, listed
from twinview.session.store import State


def timed(twin: Twin) -> set[str]:
    """Return the layers with values that change with time."""
    return {key[0] for key, one in twin.series.items() if not one.time.static}


class LayersPanel(Translated, QWidget):
    """All layers of the twin.

    Signals
    -------
    asked
        ``(what, layer id)``: a command about a layer, or ``style``, ``filter`` or ``zoom``.
    placed
        ``(layer id, place)``: a row was dragged to a place, 1 on top.
    problems_wanted
        The line with the count of problems was pressed.
    """

    asked = Signal(str, str)
    placed = Signal(str, int)
    problems_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, LayerRow] = {}
        self.order: list[str] = []
        """Ids of the layers that have a row, from above."""
        self._removed = 0
        self._twin: Twin | None = None
        self._list = QVBoxLayout()
        self._list.setContentsMargins(8, 4, 8, 4)
        self._list.setSpacing(0)
        self._marker = QFrame(self)
        self.restore = QPushButton()
        self.restore.setProperty("link", True)
        self.restore.clicked.connect(lambda: self.asked.emit("layer.restore", ""))
        self.problems = QToolButton()
        self.problems.setProperty("warning", True)
        self.problems.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.problems.clicked.connect(self.problems_wanted)
        self._empty = text_label(role="soft", wrap=True)
        self._scroll = QScrollArea()
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        self._marker.setObjectName("drop_line")
        self._marker.hide()
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 8)
        column.addLayout(self._list)
        column.addWidget(self._empty)
        column.addLayout(_below_eyes(self.restore))
        column.addLayout(_below_eyes(self.problems))
        column.addStretch(1)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._scroll)
        self._empty.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        self.setMinimumWidth(200)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colour for the sign."""
        if event.type() == QEvent.Type.PaletteChange and self._twin is not None:
            self._show_timed(self._twin)
            self._show_problems(self._twin)
        super().changeEvent(event)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self._empty.setText(_("Nothing is open. Open the demo district or drop files here."))
        self._say_removed()
        if self._twin is not None:
            self._show_problems(self._twin)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        if self._twin is None or new.twin.layers is not old.twin.layers:
            self._fill(new)
            self._follow_project(new)
        elif new.view.hidden != old.view.hidden:
            for key, row in self.rows.items():
                row.show_visible(key not in new.view.hidden)
        if new.project is not old.project:
            self._follow_project(new)
        if self._twin is not new.twin:
            self._twin = new.twin
            self._show_timed(new.twin)
            self._show_problems(new.twin)

    def _fill(self, state: State) -> None:
        empty(self._list)
        self.rows, self.order = {}, []
        for layer in drawn_layers(state.twin.layers.values()):
            row = LayerRow(layer, layer.id not in state.view.hidden)
            row.toggled.connect(lambda key: self.asked.emit("layer.toggle", key))
            row.asked.connect(self._row_asked)
            row.dragged.connect(self._dragged)
            row.dropped.connect(partial(self._dropped, layer.id))
            self.rows[layer.id] = row
            self._list.addWidget(row)
        self._empty.setVisible(not self.rows)

    def _follow_project(self, state: State) -> None:
        """Bring rows into their order, and show what is kept of each."""
        wanted = [one.id for one in listed(state)]
        self._removed = len(self.rows) - len(wanted)
        if wanted != self.order:
            focused = self._focused()
            for row in self.rows.values():
                self._list.removeWidget(row)
            for key in wanted:
                self._list.addWidget(self.rows[key])
            self._keep_focus(focused, wanted)
            self.order = wanted
            for one, other in pairwise(wanted):
                QWidget.setTabOrder(self.rows[one], self.rows[other])
        for key, row in self.rows.items():
            row.setVisible(key in wanted)
            row.show_wish(choice(state.project, key))
        self._say_removed()

    def _keep_focus(self, focused: str, wanted: list[str]) -> None:
        """Leave the focus on its row, or on the one that takes the place of one that goes."""
        if focused in wanted or not focused:
            return
        place = min(self.order.index(focused), len(wanted) - 1)
        if place >= 0:
            self.rows[wanted[place]].setFocus()

    def _focused(self) -> str:
        return next(
            (key for key in self.order if key in self.rows and self.rows[key].hasFocus()), ""
        )

    def _say_removed(self) -> None:
        count = number(self._removed)
        one = _("Bring 1 removed layer back")
        self.restore.setText(
            one if self._removed == 1 else _("Bring {count} removed layers back", count=count)
        )
        self.restore.setVisible(self._removed > 0)

    def show_scene(self, scene: Scene | None) -> None:
        """Show the colours of a scene, and how many elements its filters leave."""
        if scene is None or not self.isVisible():
            return
        for key, paint in scene.paints.items():
            row = self.rows.get(key)
            if row is not None:
                fit = len(paint.state) if paint.out is None else int((~paint.out).sum())
                row.show_drawn(swatch(paint, scene.legend), fit, scene.refused.get(key, ""))

    # ------------------------------------------------------------------------------ keys and mouse
    def _row_asked(self, what: str, layer_id: str) -> None:
        steps = {"above": -1, "below": 1, "first": -len(self.order), "last": len(self.order)}
        if what not in steps:
            self.asked.emit(what, layer_id)
            return
        place = self.order.index(layer_id) + steps[what]
        row = self.rows[self.order[min(max(place, 0), len(self.order) - 1)]]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(row, 0, 8)

    def _gap(self, at: QPointF) -> int:
        """Return before which row of the list a place lies; their number for below all."""
        rows = [self.rows[key] for key in self.order]
        return sum(row.mapToGlobal(row.rect().center()).y() < at.y() for row in rows)

    def _dragged(self, at: QPointF) -> None:
        """Show where a row would come to stand."""
        gap = self._gap(at)
        row = self.rows[self.order[min(gap, len(self.order) - 1)]]
        edge = row.rect().topLeft() if gap < len(self.order) else row.rect().bottomLeft()
        place = row.mapTo(self, edge)
        self._marker.setGeometry(place.x(), place.y() - 1, row.width(), 2)
        self._marker.show()
        self._marker.raise_()

    def _dropped(self, layer_id: str, at: QPointF) -> None:
        self._marker.hide()
        gap, own = self._gap(at), self.order.index(layer_id)
        place = gap if gap <= own else gap - 1
        if place != own:
            self.placed.emit(layer_id, place + 1)

    def _show_timed(self, twin: Twin) -> None:
        known = timed(twin)
        for key, row in self.rows.items():
            row.show_timed(key in known)

    def _show_problems(self, twin: Twin) -> None:
        look, wrong = look_now(), any(one.severity != "info" for one in twin.problems)
        self.problems.setVisible(bool(twin.problems))
        self.problems.setText("  " + problem_count(twin.problems))
        self.problems.setProperty("warning", wrong)
        place(self.problems)
        sign = "fa6s.triangle-exclamation" if wrong else "fa6s.circle-info"
        self.problems.setIcon(qtawesome.icon(sign, color=look.warning if wrong else look.text_soft))


def _below_eyes(button: QAbstractButton) -> QHBoxLayout:
    """Put a button where its sign stands below those of the layers."""
    row = QHBoxLayout()
    row.setContentsMargins(11, 0, 8, 0)
    row.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return row
