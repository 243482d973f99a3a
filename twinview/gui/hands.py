"""What mouse and keys do on the view: they move the camera, point, click, and serve tools."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from twinview.gui.pilot import Pilot
from twinview.gui.tools import Belt

Pick = tuple[str, str, int]
"""Layer id, element id and row of what is under the mouse."""
HOVER_MS = 40


class Hands(QWidget):
    """A view that is turned, pointed into and clicked.

    Signals
    -------
    hovered
        ``(pick or None, place)``: what the mouse rests on.
    clicked
        ``(pick or None, True to add)``: what was clicked.
    opened
        ``(pick)``: what was double-clicked.
    """

    hovered = Signal(object, QPointF)
    clicked = Signal(object, bool)
    opened = Signal(object)
    pilot: Pilot
    """Moves the camera."""
    others: Sequence[QWidget] = ()
    """Widgets of the same size that hand the mouse on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.belt = Belt()
        self._mouse = QPointF()
        self._hover_timer = QTimer(self, singleShot=True)
        self._hover_timer.timeout.connect(self._hover)

    def pick(self, at: QPointF) -> Pick | None:
        """Return what is seen at a place of the widget, in logical pixels."""
        raise NotImplementedError

    def point_out(self, found: Pick | None) -> None:
        """Mark what the mouse rests on."""
        raise NotImplementedError

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a drag or a click."""
        self.hovered.emit(None, event.position())
        left = event.button() == Qt.MouseButton.LeftButton
        if not (left and self.belt.press(event.position())):
            self.pilot.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the camera while dragging; look what is below the mouse otherwise."""
        self._mouse = event.position()
        if self.belt.holds:
            self.belt.drag(event.position())
        elif self.pilot.dragging:
            self.pilot.drag(event)
        elif not self.belt.hover(event.position()) and not self._hover_timer.isActive():
            self._hover_timer.start(HOVER_MS)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a drag, or select."""
        left, at = event.button() == Qt.MouseButton.LeftButton, event.position()
        if self.belt.drop(at):
            return
        if self.pilot.release() and left and not self.belt.click(at):
            add = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.clicked.emit(self.pick(at), add)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Fly to what is below the mouse."""
        found = None if self.belt.double(event.position()) else self.pick(event.position())
        if found is not None:
            self.opened.emit(found)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom to the mouse."""
        event.accept()
        self.pilot.wheel(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Fly while a key for it is held."""
        if not self.pilot.key(event, down=True) and not self.belt.key(event.key()):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Fly no longer."""
        if not self.pilot.key(event, down=False):
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Fly no longer: the release of a key would go elsewhere."""
        self.pilot.let_go()
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Forget what the mouse rested on."""
        self._hover_timer.stop()
        self.point_out(None)
        self.hovered.emit(None, self._mouse)

    def _hover(self) -> None:
        inside = any(one.underMouse() for one in (self, *self.others))
        if self.pilot.dragging or not inside:
            return
        found = self.pick(self._mouse)
        self.point_out(found)
        self.hovered.emit(found, self._mouse)
