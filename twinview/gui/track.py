"""The track of the time bar: the district's curve, night, hours, and the handle that moves time."""

from typing import Literal

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from twinview.draw.blank import blank
from twinview.draw.ink import colour
from twinview.gui import trackcurves
from twinview.gui import trackink as ink
from twinview.gui.daylight import nights
from twinview.gui.lane import HIGH, Pull, draw_lane, part_at, pull_of
from twinview.gui.stretch import ticks
from twinview.gui.style import SMALL, Translated, look_now, mixed, text_font
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.model.window import INSTANT, Window
from twinview.scene.curves import Curves, Mix
from twinview.scene.envelope import sharing
from twinview.scene.manner import hour_text
from twinview.scene.parts import noted
from twinview.scene.theme import Look
from twinview.session.marks import Mark

_TICKS = 18
_SIDE = 8
_NEAR = 6.0
_CLICK = 3.0
_SHORTEST = 3 * 3600
"""Seconds of the shortest stretch: its hours are still written."""
_ZOOM = 1.25
_NOTCH = 120.0
Zone = Literal["lane", "curve", "ruler"]


class Track(Translated, QWidget):
    """Drag to move time; drag above to set a range, below to move the stretch; turn to zoom.

    Signals
    -------
    chosen
        ``(step)``: the user moved the handle.
    stretched
        ``(stretch)``: the user zoomed or moved the stretch: a range of steps.
    ranged
        ``(first, count)``: the user set or moved the range.
    lock_wanted
        ``(end)``: the begin or the end of the range was double-clicked.
    menu_wanted
        ``(step, mark or None, place)``: the user asked what can be done here.
    """

    chosen = Signal(int)
    stretched = Signal(object)
    ranged = Signal(int, int)
    lock_wanted = Signal(str)
    menu_wanted = Signal(int, object, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(80)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.shown = range(1)
        self.index = 0
        self.window_ = INSTANT
        self.marks: tuple[Mark, ...] = ()
        self.mix: Mix | None = None
        self.keep: npt.NDArray[np.bool_] | None = None
        self.ahead = 0
        self._twin: Twin | None = None
        self._curves: Curves | None = None
        self._ground: QPixmap | None = None
        self._under: QPointF | None = None
        self._pull: Pull | None = None
        self._held = False
        self._grip: tuple[float, range] | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setAccessibleName(_("Time"))
        self._say_scale()
        self.forget()

    def _say_scale(self) -> None:
        """Say what can be done, and how many steps share a pixel."""
        how = _("Drag, or use the arrow keys, to move through time")
        self.setAccessibleDescription(noted(how, self._scale))

    @property
    def _scale(self) -> str:
        return sharing(trackcurves.each_of(self.span))

    def forget(self) -> None:
        """Draw the ground anew with the next paint."""
        self._ground = None
        self.update()

    def show_twin(self, twin: Twin, curves: Curves, mix: Mix | None, ahead: int) -> None:
        """Show a district's curves, or what its sources give; steps from `ahead` on are to come."""
        self._twin, self._curves, self.mix, self.ahead = twin, curves, mix, ahead
        self.forget()

    def show_time(self, index: int, shown: range) -> None:
        """Put the handle on a step, within the stretch that is shown."""
        if shown != self.shown:
            self.shown = shown
            self._ground = None
            self._say_scale()
        if index != self.index or self._ground is None:
            self.index = index
            self.update()

    def show_window(self, window: Window, keep: npt.NDArray[np.bool_] | None) -> None:
        """Show what values are taken over, the range, and which steps count."""
        if keep is not self.keep:
            self._ground = None
        self.window_, self.keep = window, keep
        self.update()

    def show_marks(self, marks: tuple[Mark, ...]) -> None:
        """Show marked instants."""
        self.marks = marks
        self.forget()

    # ------------------------------------------------------------------------------------- geometry
    @property
    def area(self) -> QRectF:
        """Where the curve stands."""
        wide, high = self.width() - 2 * _SIDE, self.height() - HIGH - _TICKS
        return QRectF(_SIDE, HIGH, max(1, wide), max(1, high))

    @property
    def span(self) -> ink.Span:
        """Where the steps stand."""
        return ink.Span(self.area, self.shown)

    def x_of(self, index: float) -> float:
        """Return where a step begins, logical pixels."""
        return self.span.x_of(index)

    def index_at(self, x: float) -> int:
        """Return the step at a place."""
        area = self.area
        share = (x - area.left()) / area.width()
        step = self.shown.start + int(np.floor(share * len(self.shown)))
        return min(max(step, self.shown.start), self.shown.stop - 1)

    def zone_at(self, place: QPointF) -> Zone:
        """Return what a place belongs to: the lane of the range, the curve, or the ruler."""
        if place.y() < self.area.top():
            return "lane"
        return "ruler" if place.y() > self.area.bottom() + ink.KNOB else "curve"

    def mark_at(self, place: QPointF) -> Mark | None:
        """Return the mark whose head is below a place."""
        near = [
            one
            for one in self.marks
            if one.step in self.shown and abs(self.x_of(one.step + 0.5) - place.x()) <= _NEAR
        ]
        high = self.area.top() + 2 * ink.MARK + 4
        if not near or not self.area.top() <= place.y() <= high:
            return None
        return min(near, key=lambda one: abs(self.x_of(one.step + 0.5) - place.x()))

    # --------------------------------------------------------------------------------------- events
    @property
    def _moving(self) -> bool:
        return self._twin is not None and not self._twin.time.static

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go where the mouse is, take hold of the range, or of the ruler."""
        if event.button() != Qt.MouseButton.LeftButton or self._twin is None or not self._moving:
            return
        place = event.position()
        zone, mark = self.zone_at(place), self.mark_at(place)
        if zone == "lane":
            part = part_at(self.span, self.window_, self._twin.time, place.x())
            self._pull = pull_of(part, self.index_at(place.x()), self.window_, self._twin.time)
            self._held = self._pull is None  # locked: nothing follows the mouse
        elif zone == "ruler":
            self._grip = (place.x(), self.shown)
        else:
            self.chosen.emit(mark.step if mark is not None else self.index_at(place.x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Lock an end of the range, or let it go."""
        place = event.position()
        if self._twin is not None and self._moving and self.zone_at(place) == "lane":
            part = part_at(self.span, self.window_, self._twin.time, place.x())
            if part in {"begin", "end"}:
                self.lock_wanted.emit(part)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go along while the button is held; show the value below the mouse."""
        place = self._under = event.position()
        held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if not held:
            self._hover(place)
        elif self._pull is not None and self._twin is not None:
            to = self._pull.to(self.index_at(place.x()), self._twin.time.count)
            self.ranged.emit(to.start, len(to))
        elif self._grip is not None:
            self._pan(place.x())
        elif not self._held:
            index = self.index_at(place.x())
            if index != self.index:
                self.chosen.emit(index)
        self.update()

    def _hover(self, place: QPointF) -> None:
        """Say in cursor and tooltip what is below the mouse."""
        zone, mark = self.zone_at(place), self.mark_at(place)
        shapes = Qt.CursorShape
        cursor = shapes.OpenHandCursor if zone == "ruler" else shapes.PointingHandCursor
        if zone == "lane" and self._twin is not None:
            part = part_at(self.span, self.window_, self._twin.time, place.x())
            cursor = {"middle": shapes.SizeAllCursor, "": shapes.CrossCursor}.get(
                part, shapes.SizeHorCursor
            )
        if self.cursor().shape() != cursor:
            self.setCursor(cursor)
        tips = {
            "lane": _("Drag to set a range; I and O set its ends, a double click locks one"),
            "ruler": _("Drag to move, turn the wheel to zoom"),
            "curve": self._scale,
        }
        tip = self._mark_text(mark) if mark is not None else tips.get(zone, "")
        if tip != self.toolTip():
            self.setToolTip(tip)

    def _mark_text(self, mark: Mark) -> str:
        when = self._twin.time.at(mark.step) if self._twin is not None else None
        return mark.title if when is None else f"{mark.title}\n{when:%Y-%m-%d %H:%M}"

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go; a click on the ruler goes there."""
        grip, self._grip = self._grip, None
        self._pull, self._held = None, False
        if grip is not None and abs(event.position().x() - grip[0]) < _CLICK:
            self.chosen.emit(self.index_at(event.position().x()))

    def _pan(self, x: float) -> None:
        if self._grip is None or self._twin is None:
            return
        began, was = self._grip
        moved = round((began - x) / self.area.width() * len(was))
        moved = min(max(moved, -was.start), self._twin.time.count - was.stop)
        to = range(was.start + moved, was.stop + moved)
        if to != self.shown:
            self.stretched.emit(to)

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Forget the mouse."""
        self._under = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the mouse; with Ctrl go step by step, with Shift or sideways move the stretch."""
        turned = event.angleDelta()
        event.accept()
        if not self._moving or self._twin is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.chosen.emit(self.index + (1 if turned.y() > 0 else -1))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not turned.y():
            way = -(turned.y() or turned.x()) / _NOTCH / 8
            self._stretch(self.shown.start + way * len(self.shown), float(len(self.shown)))
        else:
            self._zoom(_ZOOM ** (-turned.y() / _NOTCH), event.position().x())

    def _zoom(self, factor: float, x: float) -> None:
        share = min(max((x - self.area.left()) / self.area.width(), 0.0), 1.0)
        wide = len(self.shown) * factor
        self._stretch(self.shown.start + share * (len(self.shown) - wide), wide)

    def _stretch(self, first: float, wide: float) -> None:
        """Ask for another stretch, within the data and not shorter than a few steps."""
        assert self._twin is not None
        count = self._twin.time.count
        least = min(count, max(6, -(-_SHORTEST // max(self._twin.time.step, 1))))
        steps = min(max(round(wide), least), count)
        if steps == len(self.shown) and wide != steps and steps < count:
            steps += 1 if wide > len(self.shown) else 0
        start = min(max(round(first), 0), count - steps)
        self.stretched.emit(range(start, start + steps))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Ask what can be done here."""
        if self._moving:
            place = QPointF(event.pos())
            self.menu_wanted.emit(self.index_at(place.x()), self.mark_at(place), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave keys to the window."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colours."""
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._ground = None
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw the ground for the new size."""
        self._ground = None
        self._say_scale()
        super().resizeEvent(event)

    # ------------------------------------------------------------------------------------- painting
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the ground from memory and the handle on it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._ground is None:
            self._ground = self._drawn_ground()
        painter.drawPixmap(0, 0, self._ground)
        look = look_now()
        if self._twin is not None and self._moving:
            draw_lane(painter, look, self.span, self.window_, self._twin.time, self.index)
            self._draw_pointer(painter, look)
            if self.index in self.shown:
                ink.draw_handle(painter, look, self.span, self.index)
        painter.end()

    def _drawn_ground(self) -> QPixmap:
        ground = blank(self.size(), self.devicePixelRatioF())
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, span = look_now(), self.span
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(look.panel, look.text, 0.04)))
        painter.drawRoundedRect(self.area, 4, 4)
        if self._twin is not None and self._curves is not None and self._moving:
            ink.draw_nights(painter, look, span, nights(self._twin, self.shown))
            if self.mix is None:
                trackcurves.draw_curves(painter, look, span, self._curves, self.ahead)
                trackcurves.draw_gaps(painter, look, span, self._curves.load)
            else:
                trackcurves.draw_mix(painter, look, span, self.mix, self.ahead)
                trackcurves.draw_gaps(painter, look, span, self.mix.total)
            ink.draw_lacking(painter, look, span, self._curves.lacking)
            ink.draw_left_out(painter, look, span, self.keep)
            found = ticks(self._twin.time, self.shown, 0.8 * self.area.width())
            ink.draw_ticks(painter, look, span, found, _TICKS)
            ink.draw_marks(painter, look, span, self.marks)
            if self.mix is not None:
                trackcurves.draw_names(painter, look, span, self.mix)
        painter.end()
        return ground

    def _values_at(self, index: int) -> list[str]:
        """Return what is known of a step, in words."""
        if self._curves is not None and self._curves.why(index):
            return [self._curves.why(index)]
        assert self._curves is not None
        return (self.mix or self._curves).texts(index)

    def _draw_pointer(self, painter: QPainter, look: Look) -> None:
        """Say the value below the mouse."""
        if self._under is None or self._curves is None or self._twin is None:
            return
        index = self.index_at(self._under.x())
        local = self._twin.time.at(index)
        day = len(self.shown) * self._twin.time.step <= 25 * 3600
        when = hour_text(local) if day else f"{local:%m-%d} {hour_text(local)}"
        text = "   ".join([when, *self._values_at(index)])
        area, x = self.area, self.x_of(index + 0.5)
        painter.setPen(QPen(colour(look.text, 0.35), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        painter.setFont(text_font(SMALL - 0.5, tabular=True))
        wide = painter.fontMetrics().horizontalAdvance(text) + 12
        left = x + 8 if x + 8 + wide < area.right() else x - 8 - wide
        box = QRectF(left, area.top() + 2, wide, 18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(look.panel, 0.9))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(look.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
