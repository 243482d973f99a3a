"""Curves of one element, with the same time mark as the time bar.

Painted here and not by a plotting library: a curve is drawn once into memory, so that moving the
mark costs a fraction of a millisecond while time runs, and nothing is left behind on closing.
"""

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from twinview.draw.blank import blank
from twinview.draw.course import Course, fill, stroke, teeth
from twinview.draw.ink import colour
from twinview.gui.stepping import to_come
from twinview.gui.stretch import ticks
from twinview.gui.style import SMALL, look_now, text_font
from twinview.gui.trackcurves import styled
from twinview.i18n import _
from twinview.model.time import TimeAxis
from twinview.scene.envelope import envelope, per_column, sharing
from twinview.scene.manner import hour_text
from twinview.scene.natures import KNOWN, unknown
from twinview.scene.numbers import number, round_steps
from twinview.scene.numbers import ticks as tick_texts
from twinview.scene.theme import Look

Floats = npt.NDArray[np.float32]
Place = TypeVar("Place", float, npt.NDArray[np.float64])
HIGH = 112
_HEAD, _FOOT, _LEFT, _RIGHT = 20, 16, 40, 6
_NAN = float("nan")
_LONGEST_DAY = 25 * 3600
"""Seconds of the day on which clocks go back."""


class Chart(QWidget):
    """One curve over a stretch of time; click or drag to move the time.

    Parameters
    ----------
    ink
        Name of the look's colour, or ``#rrggbb``.

    Signals
    -------
    chosen
        ``(step)``: the user clicked or dragged in the chart.
    """

    chosen = Signal(int)

    def __init__(self, ink: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ink = ink
        self.title = ""
        self.unit = ""
        self.values: Floats = np.empty(0, dtype=np.float32)
        self.shown = range(0)
        self.index = 0
        self._time: TimeAxis | None = None
        self._waits = False
        self._natures, self._ahead = unknown(0), 0
        self._ground: QPixmap | None = None
        self._under: int | None = None
        self.setFixedHeight(HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def name(self, title: str, unit: str) -> None:
        """Write the title anew."""
        self.title, self.unit = title, unit
        self.setAccessibleName(title)
        self._forget()

    def show_values(
        self, values: Floats, time: TimeAxis, waits: bool = False, nature: int = KNOWN
    ) -> None:
        """Show another curve; `values` are those of each step of `time`.

        Parameters
        ----------
        values, time
            Shape (count,), NaN where there is none.
        waits
            Whether steps without a value are still to be computed.
        nature
            What the values are made of (`twinview.scene.natures`).
        """
        self.values, self._time, self._waits = values, time, waits
        self._natures = np.full(time.count, nature, dtype=np.uint8)
        self._ahead = to_come(time)
        self._forget()

    @property
    def note(self) -> str:
        """How much of the stretch that is shown is computed; empty where nothing is awaited."""
        part = self.values[self.shown.start : self.shown.stop]
        known = int(np.isfinite(part).sum())
        if not self._waits or known == len(part):
            return ""
        if not known:
            return _("Not computed yet")
        return _("{known} of {count} steps computed", known=number(known), count=number(len(part)))

    def show_time(self, index: int, shown: range) -> None:
        """Put the mark on a step and show the stretch around it."""
        if shown != self.shown:
            self.shown = shown
            self._say_scale()
            self._forget()
        if index != self.index:
            self.index = index
            self.update()

    def _forget(self) -> None:
        self._ground = None
        self.update()

    # ------------------------------------------------------------------------------------- geometry
    @property
    def area(self) -> QRectF:
        """Where the curve stands."""
        wide, high = self.width() - _LEFT - _RIGHT, self.height() - _HEAD - _FOOT
        return QRectF(_LEFT, _HEAD, max(1, wide), max(1, high))

    @property
    def limits(self) -> tuple[float, float]:
        """Values at the bottom and at the top of the stretch that is shown."""
        part = self.values[self.shown.start : self.shown.stop]
        finite = part[np.isfinite(part)]
        if not finite.size:
            return 0.0, 1.0
        low, high = float(finite.min()), float(finite.max())
        if low > 0.5 * high > 0 and self.unit == "p.u.":  # voltages stand close together
            return low - 0.1 * (high - low) - 1e-3, high + 0.1 * (high - low) + 1e-3
        low, high = min(low, 0.0), max(high, 0.0)
        return low, (high if high > low else low + 1.0)

    def x_of(self, step: float) -> float:
        """Return where a step begins, logical pixels."""
        area = self.area
        return area.left() + (step - self.shown.start) / max(1, len(self.shown)) * area.width()

    def index_at(self, x: float) -> int:
        """Return the step at a place."""
        share = (x - self.area.left()) / self.area.width()
        step = self.shown.start + math.floor(share * len(self.shown))
        return min(max(step, self.shown.start), self.shown.stop - 1)

    # --------------------------------------------------------------------------------------- events
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton and self.shown:
            self.chosen.emit(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go along while the button is held; say the value below the mouse."""
        if not self.shown:
            return
        self._under = self.index_at(event.position().x())
        if event.buttons() & Qt.MouseButton.LeftButton and self._under != self.index:
            self.chosen.emit(self._under)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Forget the mouse."""
        self._under = None
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the theme."""
        if event.type() == QEvent.Type.PaletteChange:
            self._ground = None
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw the curve for the new size."""
        self._ground = None
        self._say_scale()
        super().resizeEvent(event)

    # ------------------------------------------------------------------------------------- painting
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the curve from memory and the mark on it."""
        if not self.shown or self._time is None:
            return
        if self._ground is None:
            self._ground = self._drawn_ground()
        look, area = look_now(), self.area
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._ground)
        if self.index in self.shown:
            x = self.x_of(self.index + 0.5)
            painter.setPen(QPen(QColor(look.accent), 1.6))
            painter.drawLine(QPointF(x, area.top() - 2), QPointF(x, area.bottom()))
            self._dot(painter, self.index, look.accent, look)
        self._write_value(painter, look)
        painter.end()

    def _dot(self, painter: QPainter, step: int, ink: str, look: Look) -> None:
        value = float(self.values[step]) if step < len(self.values) else _NAN
        if math.isfinite(value):
            painter.setPen(QPen(QColor(look.panel), 1.5))
            painter.setBrush(QColor(ink))
            painter.drawEllipse(
                QPointF(self.x_of(step + 0.5), self._y(value, self.limits)), 3.6, 3.6
            )

    def _write_value(self, painter: QPainter, look: Look) -> None:
        """Say the value below the mouse, beside the title."""
        if self._under is None or self._time is None or self._under >= len(self.values):
            return
        local = self._time.at(self._under)
        day = len(self.shown) * self._time.step <= _LONGEST_DAY
        when = hour_text(local) if day else f"{local:%m-%d} {hour_text(local)}"
        text = f"{when}  {number(float(self.values[self._under]), 3, self.unit)}"
        painter.setFont(text_font(SMALL - 0.5, tabular=True))
        box = QRectF(0, 0, self.width() - _RIGHT, _HEAD - 2)
        wide = painter.fontMetrics().horizontalAdvance(text)
        # The title ends where the value begins.
        painter.fillRect(box.adjusted(box.width() - wide - 8, 0, 0, 0), QColor(look.panel))
        painter.setPen(QColor(look.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        self._dot(painter, self._under, look.text, look)

    def _y(self, value: Place, limits: tuple[float, float]) -> Place:
        low, high = limits
        return self.area.bottom() - (value - low) / (high - low) * self.area.height()

    def _drawn_ground(self) -> QPixmap:
        ground = blank(self.size(), self.devicePixelRatioF())
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = look_now()
        painter.setFont(text_font(SMALL))
        painter.setPen(QColor(look.text_soft))
        box = QRectF(0, 0, self.width(), _HEAD - 2)
        painter.drawText(
            box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.title
        )
        self._draw_axes(painter, look)
        self._draw_curve(painter, QColor(getattr(look, self.ink, self.ink)))
        self._write_note(painter, look)
        painter.end()
        return ground

    def _write_note(self, painter: QPainter, look: Look) -> None:
        """Say over the curve how much of it is there."""
        if not self.note:
            return
        painter.setFont(text_font(SMALL - 1))
        top = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        box = painter.boundingRect(self.area, top, self.note)
        painter.fillRect(box.adjusted(-4, 0, 4, 1), colour(look.panel, 0.85))
        painter.setPen(QColor(look.text_soft))
        painter.drawText(self.area, top, self.note)

    def _draw_axes(self, painter: QPainter, look: Look) -> None:
        assert self._time is not None
        area = self.area
        painter.setFont(text_font(SMALL - 1.5, tabular=True))
        known = np.isfinite(self.values[self.shown.start : self.shown.stop]).any()
        limits = self.limits
        levels = round_steps(*limits, 3) if known else []
        for level, text in zip(levels, tick_texts(levels), strict=True):
            y = self._y(level, limits)
            painter.setPen(QPen(colour(look.text_soft, 0.22), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(look.text_soft))
            # Off the first hour below and off the title above.
            middle = min(max(y, area.top() + 5), area.bottom() - 4)
            box = QRectF(0, middle - 8, _LEFT - 5, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        for tick in ticks(self._time, self.shown, area.width()):
            if not tick.text:
                continue
            x = self.x_of(tick.index)
            painter.setPen(QPen(colour(look.text_soft, 0.22), 1))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            wide = painter.fontMetrics().horizontalAdvance(tick.text)
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            painter.setPen(QColor(look.text_soft))
            painter.drawText(QPointF(left, area.bottom() + 13), tick.text)

    def _draw_curve(self, painter: QPainter, ink: QColor) -> None:
        """Draw what is known solid, estimates dotted, what is to come dashed and paler."""
        for part, line in styled(self.shown, self._ahead, self._natures):
            later = line is Qt.PenStyle.DashLine
            self._draw_part(
                painter, part, QPen(colour(ink.name(), 0.75 if later else 1), 1.6, line)
            )

    def _draw_part(self, painter: QPainter, part: range, pen: QPen) -> None:
        limits = self.limits
        base = self._y(min(max(0.0, limits[0]), limits[1]), limits)
        found = envelope(self.values, part, self._each)
        share = (found.edges - self.shown.start) / max(1, len(self.shown))
        high = self._y(found.high, limits)
        low = high if found.single else self._y(found.low, limits)
        course = Course(self.area.left() + share * self.area.width(), low, high)
        paler = 0.5 if pen.style() is Qt.PenStyle.DashLine else 1.0
        fill(painter, course, base, colour(pen.color().name(), 0.20 * paler))
        stroke(painter, course, pen)
        short = ~found.whole & np.isfinite(found.high)
        teeth(painter, course.edges, short, self.area.bottom(), pen.color())

    @property
    def _each(self) -> int:
        return per_column(len(self.shown), self.area.width())

    def _say_scale(self) -> None:
        """Say how many steps share a pixel."""
        said = sharing(self._each)
        self.setAccessibleDescription(said)
        self.setToolTip(said)
