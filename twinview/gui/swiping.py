"""A line across the view that is dragged: at its left the same of another case or instant."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from twinview.draw.card import Row, card_size, draw_card, text_row
from twinview.draw.fonts import SEMIBOLD, ui_font
from twinview.draw.ink import NORMAL, SMALL
from twinview.gui.style import look_now, worn
from twinview.gui.tools import Tool
from twinview.render.frames import Other
from twinview.scene.swiping import Companion, companion
from twinview.scene.theme import Look
from twinview.session.store import State

if TYPE_CHECKING:
    from twinview.gui.canvas import Canvas
    from twinview.gui.hud import Hud
    from twinview.gui.window import MainWindow

CATCH = 8
"""Pixels beside the line in which it is caught."""
STEP = 0.05
_KNOB, _GAP, _ABOVE = 13.0, 12, 26
_BITS = QImage.Format.Format_RGB32


class SwipeSheet(QWidget):
    """Lies over the canvas: the other picture left of the line, the line, and two names.

    Parameters
    ----------
    canvas
        What it lies over.
    hud
        Whose cards stand over it.
    """

    def __init__(self, canvas: "Canvas", hud: "Hud", parent: QWidget) -> None:
        super().__init__(parent)
        self._hud = hud
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._canvas = canvas
        self.share = 0.5
        self.said: Companion | None = None
        self.hide()

    @property
    def line(self) -> int:
        """Where the line stands, logical pixels from the left."""
        return round(self.share * self.width())

    def show_sides(self, said: Companion, share: float) -> None:
        """Show what is compared."""
        self.said, self.share = said, share
        self.setVisible(True)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the left side over the canvas, then line and names."""
        if self.said is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = worn(self._canvas.scene.theme) if self._canvas.scene else look_now()
        self._picture(painter, look)
        self._draw_line(painter, look)
        self._knob(painter, QPointF(self.line, self.height() / 2), look)
        self._names(painter, look)
        painter.end()

    def _picture(self, painter: QPainter, look: Look) -> None:
        left, others = QRect(0, 0, self.line, self.height()), self._canvas.frames.others
        held = others[0].picture if others else None
        if held is None:
            painter.fillRect(left, QColor(look.ground))
            return
        high, wide = held.shape[:2]
        picture = QImage(held.data, wide, high, wide * 4, _BITS)
        painter.save()
        painter.setClipRect(left)
        painter.drawImage(QRectF(self.rect()), picture)
        painter.restore()

    def _draw_line(self, painter: QPainter, look: Look) -> None:
        """Draw the line, but not behind the cards: it would shine through their numbers."""
        x = float(self.line)
        painter.save()
        clear = QRegion(self.rect())
        for card in self._hud.taken.values():
            clear -= QRegion(card)
        painter.setClipRegion(clear)
        for ink, wide in ((look.panel, 4.0), (look.accent, 2.0)):
            painter.setPen(QPen(QColor(ink), wide))
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.restore()

    @staticmethod
    def _knob(painter: QPainter, at: QPointF, look: Look) -> None:
        painter.setPen(QPen(QColor(look.panel), 2.0))
        painter.setBrush(QColor(look.accent))
        painter.drawEllipse(at, _KNOB, _KNOB)
        painter.setPen(QPen(QColor(look.panel), 2.0, c=Qt.PenCapStyle.RoundCap))
        for way in (-1, 1):
            tip = at + QPointF(way * 8, 0)
            for lift in (-4, 4):
                painter.drawLine(tip, at + QPointF(way * 4, lift))

    def _names(self, painter: QPainter, look: Look) -> None:
        for rows, card in self._cards(look):
            draw_card(painter, rows, card.topLeft(), look)

    def _cards(self, look: Look) -> list[tuple[list[Row], QRectF]]:
        """Return the rows of both names and where they stand."""
        found = []
        for texts, side in ((self.said.left, -1), (self.said.right, 1)) if self.said else ():
            rows = _rows(texts, look)
            size = card_size(rows)
            left = self.line + _GAP if side > 0 else self.line - _GAP - size.width()
            # Between the numbers on top and the legend at the bottom.
            top = self.height() / 2 - _ABOVE - size.height()
            if not 0 <= left <= self.width() - size.width():  # at an edge
                left = min(max(left, 0.0), self.width() - size.width())
                top -= size.height() + _GAP
            found.append((rows, QRectF(QPointF(left, top), size)))
        return found

    def covered(self) -> list[QRectF]:
        """Return where names and knob stand; nothing while nothing is compared."""
        if not self.isVisible() or self.said is None:
            return []
        knob = QRectF(self.line - _KNOB, self.height() / 2 - _KNOB, 2 * _KNOB, 2 * _KNOB)
        return [*(card for _rows_, card in self._cards(look_now())), knob]


def _rows(texts: Sequence[str], look: Look) -> list[Row]:
    bold, plain = ui_font(NORMAL, SEMIBOLD, tabular=True), ui_font(SMALL, tabular=True)
    return [
        text_row(text, bold if k == 0 else plain, look.text if k == 0 else look.text_soft)
        for k, text in enumerate(texts)
    ]


class Swiping(QObject, Tool):
    """Shows the view's comparison and moves its line."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window, self._canvas = window, window.canvas
        self.sheet = SwipeSheet(window.canvas, window.stage.hud, window.stage)
        self.sheet.stackUnder(window.stage.hud)
        self._held = False
        window.canvas.belt.tools.append(self)
        window.canvas.resolved.connect(self._resolved)
        window.destroyed.connect(window.session.listen(self._follow))

    def _resolved(self) -> None:
        """Have the other side drawn with the next frame."""
        state, scene = self._window.session.state, self._canvas.scene
        if state.view.panes:
            self.sheet.hide()
            return
        found = None if scene is None else companion(state.twin, scene, state.beside)
        other = None if found is None else found.scene
        self._canvas.frames.others = () if other is None else (Other(other),)
        if found is None or scene is None or scene.view.swipe is None:
            self.sheet.hide()
            self._window.stage.hud.keep_clear([])
            return
        self.sheet.setGeometry(self._canvas.geometry())
        self.sheet.show_sides(found, scene.view.swipe.share)
        self._window.stage.hud.keep_clear(self.sheet.covered())

    def _follow(self, _old: State, new: State) -> None:
        if new.view.swipe is not None and self.sheet.isVisible():
            self.sheet.share = new.view.swipe.share
            self.sheet.update()
            self._window.stage.hud.keep_clear(self.sheet.covered())

    def leave(self) -> bool:
        """Compare no longer; tell whether anything was compared."""
        if self._window.session.state.view.swipe is None:
            return False
        return self._window.run("compare.end")

    # ----------------------------------------------------------------------------- mouse and keys
    def _near(self, at: QPointF) -> bool:
        return self.sheet.isVisible() and abs(at.x() - self.sheet.line) <= CATCH

    def press(self, at: QPointF) -> bool:
        """Take the line."""
        self._held = self._near(at)
        return self._held

    def drag(self, at: QPointF) -> None:
        """Move the line; the session learns where it stands at the end."""
        self.sheet.share = min(max(at.x() / max(1, self.sheet.width()), 0.0), 1.0)
        self.sheet.update()

    def drop(self, _at: QPointF) -> None:
        """Let the line go."""
        self._window.run("compare.divide", round(self.sheet.share, 4))

    def hover(self, at: QPointF) -> bool:
        """Show that the line can be dragged."""
        if not self.sheet.isVisible():
            return False
        near = self._near(at)
        self._canvas.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        return near

    def key(self, key: int) -> bool:
        """Move the line with comma and full stop."""
        way = {Qt.Key.Key_Comma: -STEP, Qt.Key.Key_Period: STEP}.get(Qt.Key(key))
        if way is None or not self.sheet.isVisible():
            return False
        self._window.run("compare.divide", round(self.sheet.share + way, 4))
        return True
