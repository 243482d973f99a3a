"""Measuring in the view: click after click, corners catch the pointer, the numbers on a card."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.style import IconButton, Translated
from twinview.gui.tools import Tool
from twinview.i18n import N_, _
from twinview.render.snapping import Spot
from twinview.scene.measuring import measured
from twinview.scene.paint import Measured
from twinview.scene.view import Kind, Measure
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.window import MainWindow

KINDS: dict[Kind, str] = {
    "distance": N_("Distance"), "height": N_("Height"), "area": N_("Area"),
}  # fmt: skip
ASKS: dict[Kind, str] = {
    "distance": N_("Click along what to measure; a double click or Enter ends the line."),
    "height": N_("Click a building."),
    "area": N_("Click the corners; a double click or Enter closes the polygon."),
}
LEAST: dict[Kind, int] = {"distance": 2, "height": 0, "area": 3}
_WIDE = 344


class MeasureCard(Translated, QFrame):
    """What is being measured, and what to do with it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setProperty("kind", "notice")
        self.kinds: dict[Kind, QToolButton] = {}
        for kind in KINDS:
            button = QToolButton()
            button.setProperty("segment", True)
            button.setCheckable(True)
            self.kinds[kind] = button
        self.text = text_label(wrap=True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy, self.clear = QPushButton(), QPushButton()
        self.close_ = IconButton("fa6s.xmark", size=12)
        top, below = QHBoxLayout(), QHBoxLayout()
        for button in self.kinds.values():
            top.addWidget(button)
        top.addStretch(1)
        top.addWidget(self.close_)
        below.addWidget(self.copy)
        below.addWidget(self.clear)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.text)
        column.addLayout(below)
        self.setFixedWidth(_WIDE)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Write the texts anew."""
        for kind, button in self.kinds.items():
            button.setText(_(KINDS[kind]))
        self.copy.setText(_("Copy"))
        self.clear.setText(_("Remove all"))
        self.close_.describe(_("End measuring"), "Esc")

    def say(self, kind: Kind, text: str, results: bool) -> None:
        """Show what is measured."""
        for key, button in self.kinds.items():
            button.setChecked(key == kind)
        self.text.setText(text)
        self.copy.setEnabled(results)
        self.clear.setEnabled(results)
        self.show()
        self.raise_()
        self.place_in()

    def place_in(self) -> None:
        """Stand at the right, below the numbers of the district."""
        parent = self.parentWidget()
        if parent is not None and self.isVisible():
            self.setFixedWidth(min(_WIDE, max(240, parent.width() - 32)))
            self.resize(self.width(), self.heightForWidth(self.width()))
            self.move(parent.width() - self.width() - 16, 96)


class Measuring(QObject, Tool):
    """The tool that measures; each finished measure is a command."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.kind: Kind | None = None
        self._spots: list[Spot] = []
        self._next: Spot | None = None
        self.card = window.stage.measure
        window.canvas.belt.tools.append(self)
        for kind, button in self.card.kinds.items():
            button.clicked.connect(self._starter(kind))
        self.card.copy.clicked.connect(self.copy)
        self.card.clear.clicked.connect(self._clear)
        self.card.close_.clicked.connect(self.end)
        self._unlisten = window.session.listen(self._follow)
        window.destroyed.connect(self._unlisten)

    def _starter(self, kind: Kind) -> Callable[[], None]:
        return lambda: self.start(kind)

    # ----------------------------------------------------------------------------- begin and end
    def start(self, kind: Kind = "distance") -> None:
        """Begin to measure."""
        self.kind, self._spots, self._next = kind, [], None
        self._window.canvas.setCursor(Qt.CursorShape.CrossCursor)
        self._window.canvas.setFocus()
        self._show()

    def toggle(self) -> None:
        """Begin to measure distances, or end."""
        if self.kind is None:
            self.start()
        else:
            self.end()

    def leave(self) -> bool:
        """Drop the points set so far, or end; tell whether there was anything to leave."""
        if self.kind is None:
            return False
        if self._spots:
            self.start(self.kind)
        else:
            self.end()
        return True

    def end(self) -> None:
        """Measure no longer; what was measured stays in the view."""
        self.kind, self._spots, self._next = None, [], None
        self._window.canvas.unsetCursor()
        self._window.stage.hud.show_pending(())
        self.card.hide()

    # ----------------------------------------------------------------------------------- the mouse
    def click(self, at: QPointF) -> bool:
        """Set a point, or choose the building."""
        if self.kind is None:
            return False
        spot = self._window.canvas.spot_at(at)
        if spot is None:
            return True
        if self.kind == "height":
            if spot.hit is not None:
                self._window.run("measure.height", spot.hit.layer, spot.hit.element)
            return True
        if not self._spots or self._spots[-1].place != spot.place:
            self._spots.append(spot)
        self._show()
        return True

    def double(self, _at: QPointF) -> bool:
        """End the line; its last point was set by the first of the two clicks."""
        if self.kind is None:
            return False
        self.finish()
        return True

    def hover(self, at: QPointF) -> bool:
        """Show where the next point would be."""
        if self.kind is None:
            return False
        self._next = self._window.canvas.spot_at(at)
        self._show()
        return True

    def key(self, key: int) -> bool:
        """End the line with Enter; take the last point back with the backspace."""
        if self.kind is None:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.finish()
        if key == Qt.Key.Key_Backspace and self._spots:
            self._spots.pop()
            self._show()
            return True
        return False

    def finish(self) -> bool:
        """Keep what is measured; tell whether there was enough of it."""
        if self.kind is None or len(self._spots) < LEAST[self.kind] or self.kind == "height":
            return False
        kind, places = self.kind, [_written(one) for one in self._spots]
        self._spots, self._next = [], None
        return self._window.run(f"measure.{kind}", *places)

    # ---------------------------------------------------------------------------------- the numbers
    def _follow(self, old: State, new: State) -> None:
        if self.kind is not None and new.view.measures is not old.view.measures:
            self._show()

    def _pending(self) -> Measured | None:
        """Return what would be measured if the pointer were clicked."""
        spots = [*self._spots, *([self._next] if self._next is not None else [])]
        if self.kind is None or self.kind == "height" or not self._spots or len(spots) < 2:
            return None
        made = Measure(
            self.kind, tuple(one.place for one in spots), tuple(one.slack for one in spots)
        )
        return measured(self._window.session.state.twin, made)

    def _show(self) -> None:
        if self.kind is None:
            return
        pending = self._pending()
        marks = [] if self._next is None or not self._next.corner else [self._next.place]
        self._window.stage.hud.show_pending(() if pending is None else (pending,), marks)
        state = self._window.session.state
        done = state.view.measures
        last = pending or (measured(state.twin, done[-1]) if done else None)
        text = _(ASKS[self.kind]) if last is None else _told(last)
        self.card.say(self.kind, text, bool(done))

    def copy(self) -> None:
        """Copy all that is measured, as lines of text with tabs."""
        twin, view = self._window.session.state.twin, self._window.session.state.view
        found = [one for one in (measured(twin, each) for each in view.measures) if one]
        lines = [f"{what}\t{text}\t{one.remark}" for one in found for what, text in one.rows]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _clear(self) -> None:
        self._window.run("measure.clear")
        if self.kind is not None:
            self.start(self.kind)


def _told(one: Measured) -> str:
    numbers = " · ".join(f"{what} {text}" for what, text in one.rows)
    return f"{numbers}\n{one.remark}"


def _written(spot: Spot) -> str:
    """Return a place as the commands take it."""
    return ",".join(f"{value:.3f}" for value in (*spot.place, spot.slack))
