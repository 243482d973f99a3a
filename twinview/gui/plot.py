"""One picture with axes: lines, bars or a band over hours, months or time, as a figure says."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from twinview.draw.blank import blank
from twinview.draw.course import Course, stroke
from twinview.draw.ink import colour
from twinview.gui.plotlines import LINE, Figure, ink_of, nearest, pen_of, spread
from twinview.gui.style import SMALL, look_now, text_font
from twinview.i18n import _
from twinview.scene.envelope import envelope, per_column, sharing
from twinview.scene.numbers import round_steps
from twinview.scene.numbers import ticks as tick_texts
from twinview.scene.theme import Look

Floats = npt.NDArray[np.float64]
_LEFT, _RIGHT, _HEAD, _TICKS = 46, 22, 40, 15
_WRAPPED = Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextWordWrap
_NEAR = 5.0
"""Logical pixels around a line that belong to it."""
_THICK, _PALE = 3.6, 0.3
"""Width of the line that is pointed at, and opacity of the others."""
Place = TypeVar("Place", float, Floats)


class Plot(QWidget):
    """Draws a figure.

    Signals
    -------
    chosen
        ``(x)``: the user clicked there, beside all lines, or drags over it.
    picked
        ``(k, add)``: the k-th line was clicked.
    pointed
        ``(k)``: the pointer is on another line; -1 for none.
    """

    chosen = Signal(float)
    picked = Signal(int, bool)
    pointed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.figure: Figure | None = None
        self._mark: float | None = None
        self._foot = 15.0
        self._ground: QPixmap | None = None
        self._bold, self._pointed = -1, -1
        self._pressed: tuple[QPointF, int] | None = None
        self._courses: tuple[object, list[Course]] = (None, [])
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(220)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that fits a dock."""
        return QSize(280, 220)

    def show_figure(self, figure: Figure | None) -> None:
        """Plot another figure."""
        self.figure = figure
        self.setAccessibleName("" if figure is None else f"{figure.title}, {figure.unit}")
        self._measure()
        self._forget()

    def _measure(self) -> None:
        """Give the foot the lines that it takes; say how many points share a pixel."""
        text = "" if self.figure is None else self.figure.foot
        said = "" if self.figure is None else sharing(self._each(self.figure))
        self.setAccessibleDescription("\n".join(filter(None, (text, said))))
        self.setToolTip(said)
        room = QRectF(0, 0, self.width() - _RIGHT, self.height())
        metrics = QFontMetricsF(text_font(SMALL - 1.5))
        self._foot = max(metrics.boundingRect(room, int(_WRAPPED), text).height() + 2, 15.0)

    def _forget(self) -> None:
        self._ground = None
        self.update()

    def mark(self, x: float | None) -> None:
        """Put the mark of the instant somewhere, or nowhere."""
        if x != self._mark:
            self._mark = x
            self.update()

    def point_out(self, k: int) -> None:
        """Have one line thick and the others pale; -1 has all alike."""
        if k != self._bold:
            self._bold = k
            self._forget()

    @property
    def area(self) -> QRectF:
        """Where values stand."""
        wide, high = self.width() - _LEFT - _RIGHT, self.height() - _HEAD - _TICKS - self._foot
        return QRectF(_LEFT, _HEAD, max(1, wide), max(1, high))

    # ----------------------------------------------------------------------------------- the mouse
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say where the mouse is, unless it is on a line: then it may be meant."""
        if self.figure is not None and event.button() == Qt.MouseButton.LeftButton:
            k = self._line_at(event.position())
            self._pressed = event.position(), k
            if k < 0:
                self._choose(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Point at a line; with the button down, say where the mouse is."""
        at = event.position()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._point(self._line_at(at))
            return
        far = (at - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance()
        if self._pressed[1] < 0 or far:
            self._pressed = self._pressed[0], -1
            self._point(-1)
            self._choose(at.x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pick the line that was clicked."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None and pressed[1] >= 0:
            add = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.picked.emit(pressed[1], add)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Point at nothing."""
        super().leaveEvent(event)
        self._point(-1)

    def value_at(self, at: QPointF) -> tuple[int, int] | None:
        """Return the line and the place along x of the value that is nearest; None for none.

        The edges of a band count as lines behind the others, the lower one first.
        """
        figure = self.figure
        if figure is None or not len(figure.x):
            return None
        i = int(np.argmin(np.abs(self._x(figure, figure.x) - at.x())))
        lines = (*figure.lines, *(figure.band or ()))
        ways = [(abs(self._y(figure, float(one[i])) - at.y()), k)
                for k, one in enumerate(lines) if np.isfinite(one[i])]  # fmt: skip
        return (min(ways)[1] if ways else 0), i

    def _choose(self, x: float) -> None:
        assert self.figure is not None
        low, high = self.figure.ends
        share = (x - self.area.left()) / self.area.width()
        self.chosen.emit(low + min(max(share, 0.0), 1.0) * (high - low))

    def _point(self, k: int) -> None:
        if k != self._pointed:
            self._pointed = k
            hand, plain = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
            self.setCursor(hand if k >= 0 else plain)
            self.pointed.emit(k)

    def _line_at(self, at: QPointF) -> int:
        """Return the line, or the number at its end, at a place; -1 for none or the only one."""
        figure, area = self.figure, self.area
        if figure is None or figure.bars or len(figure.lines) < 2:
            return -1
        if at.x() > area.right() + _NEAR:
            places = [(abs(at.y() - y), k) for y, k in self._numbers(figure)]
            off, k = min(places, default=(LINE, -1))
            return k if off <= LINE / 2 else -1
        (low, high), (bottom, top) = figure.ends, figure.limits
        scale = area.width() / max(high - low, 1e-9), area.height() / (top - bottom)
        there = (
            low + (at.x() - area.left()) / scale[0],
            bottom + (area.bottom() - at.y()) / scale[1],
        )
        return nearest(figure.x, figure.lines, there, scale, _NEAR)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange}:
            self._forget()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw the figure for the new size."""
        self._measure()
        self._forget()
        super().resizeEvent(event)

    # ------------------------------------------------------------------------------------ drawing
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the figure from memory, then the mark: it moves while time runs."""
        if self.figure is None:
            return
        if self._ground is None:
            self._ground = self._drawn_ground(self.figure)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._ground)
        if self._mark is not None:
            painter.setPen(QPen(QColor(look_now().accent), 1.5))
            x = self._x(self.figure, self._mark)
            painter.drawLine(QPointF(x, self.area.top()), QPointF(x, self.area.bottom()))
        painter.end()

    def _drawn_ground(self, figure: Figure) -> QPixmap:
        """Return title, axes and what is shown."""
        ground = blank(self.size(), self.devicePixelRatioF())
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = look_now()
        self._write(painter, look, figure)
        self._axes(painter, look, figure)
        if figure.band is not None:
            self._draw_band(painter, figure)
        if figure.bars:
            self._draw_bars(painter, look, figure)
        else:
            self._draw_lines(painter, figure)
            self._number(painter, figure)
        painter.end()
        return ground

    def _x(self, figure: Figure, x: Place) -> Place:
        low, high = figure.ends
        return self.area.left() + (x - low) / max(high - low, 1e-9) * self.area.width()

    def _y(self, figure: Figure, y: Place) -> Place:
        low, high = figure.limits
        return self.area.bottom() - (y - low) / (high - low) * self.area.height()

    def _write(self, painter: QPainter, look: Look, figure: Figure) -> None:
        painter.setFont(text_font(SMALL))
        painter.setPen(QColor(look.text_soft))
        box = QRectF(0, 0, self.width(), _HEAD - 6)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        unit = f" [{figure.unit}]" if figure.unit else ""
        painter.drawText(box, int(flags), figure.title + unit)
        painter.setFont(text_font(SMALL - 1.5))
        box = QRectF(0, self.height() - self._foot + 2, self.width() - _RIGHT, self._foot)
        painter.drawText(box, int(_WRAPPED), figure.foot)
        if not figure.known:
            painter.drawText(self.area, Qt.AlignmentFlag.AlignCenter, _("no data"))

    def _axes(self, painter: QPainter, look: Look, figure: Figure) -> None:
        painter.setFont(text_font(SMALL - 1.5, tabular=True))
        levels = round_steps(*figure.limits, 4)
        for level, text in zip(levels, tick_texts(levels), strict=True):
            y = self._y(figure, level)
            painter.setPen(QPen(colour(look.text_soft, 0.22), 1))
            painter.drawLine(QPointF(self.area.left(), y), QPointF(self.area.right(), y))
            painter.setPen(QColor(look.text_soft))
            box = QRectF(0, y - 8, _LEFT - 6, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        last = -1e9
        for place, text in figure.ticks:
            x = self._x(figure, place)
            wide = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            if left > last + 6:
                painter.drawText(QPointF(left, self.area.bottom() + 13), text)
                last = left + wide

    def _draw_lines(self, painter: QPainter, figure: Figure) -> None:
        """Draw all lines, the one that is pointed at over the others."""
        key = (figure, self.size(), self._foot)
        if self._courses[0] != key:
            self._courses = key, [self._course(figure, values) for values in figure.lines]
        for k, course in sorted(enumerate(self._courses[1]), key=lambda one: one[0] == self._bold):
            pen = pen_of(k)
            if k == self._bold:
                pen.setWidthF(_THICK)
            elif self._bold >= 0:
                pen.setColor(colour(pen.color().name(), _PALE))
            stroke(painter, course, pen)

    def _course(self, figure: Figure, values: Floats) -> Course:
        """Return where a line runs: where many points share a pixel, a band."""
        part = range(figure.first, figure.first + len(values))
        found = envelope(values, part, self._each(figure), figure.first)
        apart = (figure.x[-1] - figure.x[0]) / max(len(figure.x) - 1, 1) if len(figure.x) else 0.0
        x = self._x(figure, figure.x[:1] + (found.edges - figure.first - 0.5) * apart)
        high = self._y(figure, found.high)
        return Course(x, high if found.single else self._y(figure, found.low), high)

    def _each(self, figure: Figure) -> int:
        return 1 if figure.bars else per_column(len(figure.x), self.area.width())

    def _number(self, painter: QPainter, figure: Figure) -> None:
        """Write the number of each line at its end: lines are told apart without their colour."""
        if len(figure.lines) < 2:
            return
        painter.setFont(text_font(SMALL - 1.0, bold=True, tabular=True))
        for y, k in self._numbers(figure):
            ink = ink_of(k)
            ink.setAlphaF(1.0 if self._bold in {-1, k} else _PALE)
            painter.setPen(QPen(ink))
            painter.drawText(QPointF(self.area.right() + 4, y + 4), str(k + 1))

    def _numbers(self, figure: Figure) -> list[tuple[float, int]]:
        """Return where the number of each line stands."""
        ends = []
        for k, values in enumerate(figure.lines):
            good = np.flatnonzero(np.isfinite(values))
            if good.size:
                ends.append((self._y(figure, float(values[good[-1]])), k))
        ends.sort()
        places = spread([end for end, _k in ends], self.area.bottom())
        return [(y, k) for y, (_end, k) in zip(places, ends, strict=True)]

    def _draw_band(self, painter: QPainter, figure: Figure) -> None:
        assert figure.band is not None
        good = np.isfinite(figure.band[0]) & np.isfinite(figure.band[1])
        edge = [(x, y) for x, y in zip(figure.x[good], figure.band[1][good], strict=True)]
        back = [(x, y) for x, y in zip(figure.x[good], figure.band[0][good], strict=True)][::-1]
        path = QPainterPath()
        for k, (x, y) in enumerate([*edge, *back]):
            point = QPointF(self._x(figure, float(x)), self._y(figure, float(y)))
            if k:
                path.lineTo(point)
            else:
                path.moveTo(point)
        fill = ink_of(0)
        fill.setAlphaF(0.25)
        painter.fillPath(path, fill)

    def _draw_bars(self, painter: QPainter, look: Look, figure: Figure) -> None:
        """Draw bars from zero; a bar without a value is a hatched place, not a bar of no height."""
        wide = self.area.width() / max(len(figure.x), 1) * 0.72
        zero = self._y(figure, 0.0)
        for x, y in zip(figure.x.tolist(), figure.lines[0].tolist(), strict=True):
            left = self._x(figure, x) - wide / 2
            if np.isfinite(y):
                top = self._y(figure, y)
                painter.fillRect(QRectF(left, min(top, zero), wide, abs(zero - top)), ink_of(0))
            else:
                box = QRectF(left, self.area.top(), wide, self.area.height())
                brush = colour(look.text_soft, 0.35)
                painter.fillRect(box, Qt.BrushStyle.BDiagPattern)
                painter.setPen(QPen(brush, 1))
                painter.drawRect(box)
