"""The strip of the whole span: each day's mean load, and the stretch that the track shows."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from twinview.draw.blank import blank
from twinview.draw.ink import colour
from twinview.gui.stretch import ticks
from twinview.gui.style import SMALL, Translated, look_now, mixed, text_font
from twinview.i18n import _
from twinview.model.time import TimeAxis
from twinview.scene.curves import Curves

_SIDE, _BARS = 8, 18


class Overview(Translated, QWidget):
    """Click or drag to go to another day, at the same time of day.

    Signals
    -------
    chosen
        ``(step)``: where the user wants to be.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(34)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._time: TimeAxis | None = None
        self._means: npt.NDArray[np.float64] = np.empty(0)
        self._shown = range(1)
        self._index = 0
        self._range: range | None = None
        self._ground: QPixmap | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setAccessibleName(_("Whole span"))
        self.setToolTip(_("The whole span: drag to another day"))
        self._ground = None
        self.update()

    def show_twin(self, time: TimeAxis, curves: Curves) -> None:
        """Show a district's span."""
        self._time = time
        self._means = daily(curves.load, 1 if time.static else max(1, 86400 // max(time.step, 1)))
        self._ground = None
        self.update()

    def show_time(self, index: int, shown: range) -> None:
        """Mark the step and the stretch that the track shows."""
        if (index, shown) != (self._index, self._shown):
            self._index, self._shown = index, shown
            self.update()

    def show_range(self, held: range | None) -> None:
        """Mark the range; None where there is none."""
        if held != self._range:
            self._range = held
            self.update()

    @property
    def _area(self) -> QRectF:
        return QRectF(_SIDE, 0, max(1, self.width() - 2 * _SIDE), _BARS)

    def _x(self, index: float) -> float:
        count = self._time.count if self._time else 1
        return self._area.left() + index / count * self._area.width()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the day below the mouse."""
        self._choose(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event)

    def _choose(self, event: QMouseEvent) -> None:
        if self._time is None or self._time.static:
            return
        share = (event.position().x() - self._area.left()) / self._area.width()
        wanted = int(np.clip(share, 0, 1) * (self._time.count - 1))
        days = (self._time.at(wanted).date() - self._time.at(self._index).date()).days
        if days:
            self.chosen.emit(self._time.nearest(self._time.same_clock(self._index, days)))

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._ground = None
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw the ground for the new size."""
        self._ground = None
        super().resizeEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bars from memory and the window on them."""
        if self._ground is None:
            self._ground = self._drawn_ground()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._ground)
        if self._time is not None and not self._time.static:
            look, area = look_now(), self._area
            left, right = self._x(self._shown.start), self._x(self._shown.stop)
            box = QRectF(left, area.top() + 0.5, max(3.0, right - left), area.height() - 1)
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.setBrush(colour(look.accent, 0.25))
            painter.drawRoundedRect(box, 2, 2)
            if self._range is not None:
                first, last = self._x(self._range.start), self._x(self._range.stop)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(look.accent))
                painter.drawRect(QRectF(first, area.bottom() - 2, max(2.0, last - first), 3))
        painter.end()

    def _drawn_ground(self) -> QPixmap:
        ground = blank(self.size(), self.devicePixelRatioF())
        if self._time is None or self._time.static:
            return ground
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, area = look_now(), self._area
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(look.panel, look.text, 0.04)))
        painter.drawRoundedRect(area, 3, 3)
        painter.setBrush(colour(look.text_soft, 0.45))
        finite = self._means[np.isfinite(self._means)]
        top = float(finite.max()) if finite.size else 1.0
        wide = area.width() / max(1, len(self._means))
        tall = (area.height() - 3) / top if top > 0 else 0.0
        painter.drawRects([
            QRectF(area.left() + k * wide, area.bottom() - high, max(0.8, wide - 0.4), high)
            for k, high in enumerate(np.maximum(self._means, 0.0) * tall)
            if np.isfinite(high)
        ])  # fmt: skip
        painter.setFont(text_font(SMALL - 1.5))
        painter.setPen(QColor(look.text_soft))
        for tick in ticks(self._time, range(self._time.count), area.width()):
            x = self._x(tick.index)
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3))
            if x + 3 + painter.fontMetrics().horizontalAdvance(tick.text) < area.right():
                painter.drawText(QPointF(x + 3, area.bottom() + 12), tick.text)
        painter.end()
        return ground


def daily(values: npt.NDArray[np.float32], per_day: int) -> npt.NDArray[np.float64]:
    """Return the mean of each day's known values; NaN for days without any."""
    days = -(-len(values) // per_day)
    padded = np.full(days * per_day, np.nan)
    padded[: len(values)] = values
    table = padded.reshape(days, per_day)
    known = np.isfinite(table)
    count = known.sum(axis=1)
    total = np.where(known, table, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
