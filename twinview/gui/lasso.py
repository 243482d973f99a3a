"""Selecting by drawing: a rectangle with Shift, or a line around what is wanted."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from twinview.draw.ink import colour
from twinview.gui.canvas import Canvas
from twinview.gui.style import look_now
from twinview.model.twin import Twin
from twinview.render.enclosed import enclosed

_APART = 4.0
"""Logical pixels between two points of a drawn line."""
_SMALLEST = 4.0
"""Logical pixels that a drawn shape has at least; a smaller one was a click."""
Modifier = Qt.KeyboardModifier


class Lasso(QWidget):
    """Lies over the canvas, lets the mouse through, and takes it while something is drawn.

    Signals
    -------
    drawn
        ``(rows by layer, how)``: what was enclosed; how is only or add.
    """

    drawn = Signal(object, str)

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._points: list[QPointF] = []
        self._free = False
        self.armed = False
        """Whether the next drag draws a line around things."""
        self._twin: Twin | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        canvas.installEventFilter(self)

    def follow(self, twin: Twin) -> None:
        """Select in this district from now on."""
        self._twin = twin

    def arm(self) -> None:
        """Have the next drag draw a line around what is wanted."""
        self.armed = True
        self._canvas.setCursor(Qt.CursorShape.CrossCursor)

    def drop(self) -> bool:
        """Leave drawing; tell whether there was any."""
        busy = self.armed or bool(self._points)
        self.armed, self._points = False, []
        self._canvas.unsetCursor()
        self.hide()
        return busy

    # -------------------------------------------------------------------------------------- mouse
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take presses with Shift, or all while armed, and what follows them."""
        if watched is not self._canvas or not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and self._begins(event):
            return True
        if not self._points:
            return False
        if kind == QEvent.Type.MouseMove:
            self._extend(event.position())
        elif kind == QEvent.Type.MouseButtonRelease:
            self._end(event)
        return True

    def _begins(self, event: QMouseEvent) -> bool:
        shift = bool(event.modifiers() & Modifier.ShiftModifier)
        if event.button() != Qt.MouseButton.LeftButton or not (shift or self.armed):
            return False
        self._free = self.armed or bool(event.modifiers() & Modifier.AltModifier)
        self._points = [event.position()]
        self.setGeometry(self._canvas.geometry())
        self.raise_()
        self.show()
        return True

    def _extend(self, at: QPointF) -> None:
        if not self._free:
            self._points = [self._points[0], at]
        elif (at - self._points[-1]).manhattanLength() >= _APART:
            self._points.append(at)
        self.update()

    def _end(self, event: QMouseEvent) -> None:
        self._extend(event.position())
        shape = self.shape()
        self.drop()
        scene, camera = self._canvas.scene, self._canvas.camera
        large = bool((np.ptp(shape, axis=0) >= _SMALLEST).any()) and len(shape) > 2
        if not large:
            self._canvas.clicked.emit(self._canvas.pick(event.position()), True)
            return
        if scene is None or camera is None or self._twin is None:
            return
        size = (self._canvas.width(), self._canvas.height())
        found = enclosed(self._twin, scene, camera, size, shape)
        add = bool(event.modifiers() & Modifier.ControlModifier)
        self.drawn.emit(found, "add" if add else "only")

    def shape(self) -> npt.NDArray[np.float64]:
        """Return the corners of what is drawn, logical pixels, shape (k, 2)."""
        points = [(one.x(), one.y()) for one in self._points]
        if self._free or len(points) < 2:
            return np.array(points, dtype=np.float64).reshape(-1, 2)
        (x0, y0), (x1, y1) = points
        return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the shape: a thin line of the accent, dashed where it closes."""
        shape = self.shape()
        if len(shape) < 2:
            return
        accent = look_now().accent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corners = QPolygonF([QPointF(x, y) for x, y in shape])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(accent, 0.14))
        painter.drawPolygon(corners)
        painter.setPen(QPen(QColor(accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(corners)
        painter.setPen(QPen(QColor(accent), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(corners.last(), corners.first())
        painter.end()
