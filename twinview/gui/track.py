"""The track of the time bar: the district's curve, night, hours, and the handle that moves time."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from twinview.draw.ink import colour, dark
from twinview.gui.daylight import nights
from twinview.gui.stretch import ticks
from twinview.gui.style import SMALL, Translated, look_now, mixed, text_font
from twinview.i18n import _
from twinview.model.twin import Twin
from twinview.scene.curves import Curves
from twinview.scene.manner import hour_text
from twinview.scene.numbers import number
from twinview.scene.theme import Look

GENERATION = {True: "#ffd873", False: "#d9a520"}
"""Colour of the generation curve, in the dark and in the light look."""
_TICKS = 18
_SIDE = 8
_KNOB = 6.0


class Track(Translated, QWidget):
    """Drag to move time.

    Signals
    -------
    chosen
        ``(step)``: the user moved the handle.
    zoomed
        ``(+1 or -1)``: the user turned the wheel: a longer or a shorter stretch.
    """

    chosen = Signal(int)
    zoomed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(80)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.shown = range(1)
        self.index = 0
        self._twin: Twin | None = None
        self._curves: Curves | None = None
        self._ground: QPixmap | None = None
        self._under: float | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setAccessibleName(_("Time"))
        self.setAccessibleDescription(_("Drag, or use the arrow keys, to move through time"))
        self.forget()

    def forget(self) -> None:
        """Draw the ground anew with the next paint."""
        self._ground = None
        self.update()

    def show_twin(self, twin: Twin, curves: Curves) -> None:
        """Show a district's curves."""
        self._twin, self._curves = twin, curves
        self.forget()

    def show_time(self, index: int, shown: range) -> None:
        """Put the handle on a step, within the stretch that is shown."""
        if shown != self.shown:
            self.shown = shown
            self._ground = None
        if index != self.index or self._ground is None:
            self.index = index
            self.update()

    # ------------------------------------------------------------------------------------- geometry
    @property
    def area(self) -> QRectF:
        """Where the curve stands."""
        return QRectF(
            _SIDE, 6, max(1, self.width() - 2 * _SIDE), max(1, self.height() - 6 - _TICKS)
        )

    def x_of(self, index: float) -> float:
        """Return where a step begins, logical pixels."""
        area = self.area
        return area.left() + (index - self.shown.start) / max(1, len(self.shown)) * area.width()

    def index_at(self, x: float) -> int:
        """Return the step at a place."""
        area = self.area
        share = (x - area.left()) / area.width()
        step = self.shown.start + int(np.floor(share * len(self.shown)))
        return min(max(step, self.shown.start), self.shown.stop - 1)

    # --------------------------------------------------------------------------------------- events
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go where the mouse is."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.index_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go along while the button is held; show the value below the mouse."""
        self._under = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton:
            index = self.index_at(self._under)
            if index != self.index:
                self.chosen.emit(index)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Forget the mouse."""
        self._under = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Show a shorter or longer stretch; with Ctrl go step by step."""
        up = event.angleDelta().y() or event.angleDelta().x()
        event.accept()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.chosen.emit(self.index + (1 if up > 0 else -1))
        elif up:
            self.zoomed.emit(-1 if up > 0 else 1)

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
        if self._twin is not None and not self._twin.time.static:
            self._draw_pointer(painter, look)
            self._draw_handle(painter, look)
        painter.end()

    def _drawn_ground(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        ground = QPixmap(self.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        painter = QPainter(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = look_now()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(mixed(look.panel, look.text, 0.04)))
        painter.drawRoundedRect(self.area, 4, 4)
        if self._twin is not None and self._curves is not None and not self._twin.time.static:
            self._draw_nights(painter, look, self._twin)
            self._draw_curves(painter, look, self._curves)
            self._draw_ticks(painter, look, self._twin)
        painter.end()
        return ground

    def _draw_nights(self, painter: QPainter, look: Look, twin: Twin) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("#000000", 0.30) if dark(look) else colour(look.text, 0.08))
        area = self.area
        for a, b in nights(twin, self.shown):
            painter.drawRect(
                QRectF(
                    area.left() + a * area.width(),
                    area.top(),
                    (b - a) * area.width(),
                    area.height(),
                )
            )

    def _draw_curves(self, painter: QPainter, look: Look, curves: Curves) -> None:
        shown = slice(self.shown.start, self.shown.stop)
        top = curves.top * 1.08
        load = self._points(curves.load[shown], top)
        self._fill(painter, load, colour(look.text_soft, 0.28))
        painter.setPen(QPen(QColor(look.text_soft), 1.6))
        painter.drawPath(_path(load))
        generation = self._points(curves.generation[shown], top)
        yellow = GENERATION[dark(look)]
        self._fill(painter, generation, colour(yellow, 0.20))
        painter.setPen(QPen(QColor(yellow), 1.6))
        painter.drawPath(_path(generation))

    def _points(self, values: npt.NDArray[np.float32], top: float) -> list[list[QPointF]]:
        """Return the runs of known values as points; each step is drawn at its middle."""
        area, count = self.area, max(1, len(values))
        stride = max(1, count // max(1, int(area.width())))
        runs: list[list[QPointF]] = [[]]
        for k in range(0, count, stride):
            value = float(values[k]) if k < len(values) else float("nan")
            if not np.isfinite(value):
                runs.append([])
                continue
            x = area.left() + (k + 0.5) / count * area.width()
            runs[-1].append(QPointF(x, area.bottom() - max(value, 0.0) / top * area.height()))
        return [run for run in runs if run]

    def _fill(self, painter: QPainter, runs: list[list[QPointF]], ink: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        bottom = self.area.bottom()
        for run in runs:
            path = _path([run])
            path.lineTo(run[-1].x(), bottom)
            path.lineTo(run[0].x(), bottom)
            path.closeSubpath()
            painter.drawPath(path)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_ticks(self, painter: QPainter, look: Look, twin: Twin) -> None:
        area = self.area
        font = text_font(SMALL - 1, tabular=True)
        painter.setFont(font)
        for tick in ticks(twin.time, self.shown, 0.8 * area.width()):
            x = self.x_of(tick.index)
            painter.setPen(QPen(colour(look.text_soft, 0.6), 1))
            painter.drawLine(
                QPointF(x, area.bottom()), QPointF(x, area.bottom() + (4 if tick.text else 2))
            )
            painter.setPen(QColor(look.text_soft))
            box = QRectF(x - 40, area.bottom() + 3, 80, _TICKS - 3)
            aligned = Qt.AlignmentFlag.AlignHCenter
            if x - area.left() < 20:
                box, aligned = (
                    QRectF(area.left(), box.top(), 80, box.height()),
                    Qt.AlignmentFlag.AlignLeft,
                )
            painter.drawText(box, aligned | Qt.AlignmentFlag.AlignVCenter, tick.text)

    def _draw_handle(self, painter: QPainter, look: Look) -> None:
        area, x = self.area, self.x_of(self.index + 0.5)
        painter.setPen(QPen(QColor(look.accent), 2))
        painter.drawLine(QPointF(x, area.top() - 4), QPointF(x, area.bottom()))
        painter.setPen(QPen(QColor(look.panel), 1.5))
        painter.setBrush(QColor(look.accent))
        painter.drawEllipse(QPointF(x, area.bottom()), _KNOB, _KNOB)

    def _draw_pointer(self, painter: QPainter, look: Look) -> None:
        """Say the value below the mouse."""
        if self._under is None or self._curves is None or self._twin is None:
            return
        index = self.index_at(self._under)
        local = self._twin.time.at(index)
        load, generation = self._curves.load[index], self._curves.generation[index]
        parts = [hour_text(local), _("load {value}", value=number(float(load), unit="kW"))]
        if np.isfinite(generation):
            parts.append(_("generation {value}", value=number(float(generation), unit="kW")))
        text = "   ".join(parts)
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


def _path(runs: list[list[QPointF]]) -> QPainterPath:
    path = QPainterPath()
    for run in runs:
        path.moveTo(run[0])
        for point in run[1:]:
            path.lineTo(point)
    return path
