"""Where the camera of a canvas goes: eased flights, drags, the wheel, and keys held down."""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from twinview.gui.moving import motion_allowed
from twinview.gui.navigation import FLIGHT, FLYING, Drag, Grip, Point, flown, grip_of, wheeled
from twinview.render import camera as cameras
from twinview.scene.view import Camera

if TYPE_CHECKING:
    from twinview.gui.canvas import Canvas

FRAME_MS = 16
REST_MS = 250
"""After so long without another turn of the wheel or key the camera has come to rest."""
FAR = 2.0
"""Distances to the focus from which on an orbit turns around the focus instead."""
LONGEST = 0.1
"""Seconds that one step of a flight by keys counts at most: after a slow frame nobody jumps."""
_KEYS = {getattr(Qt.Key, f"Key_{name}").value: name for name in FLYING}


class Pilot(QObject):
    """Moves the camera of a canvas.

    Parameters
    ----------
    canvas
        What is looked at; it draws what `Canvas.look` is told.

    Signals
    -------
    moved
        ``(camera)``: the user has put the camera somewhere.
    landed
        A flight or a drag has ended.
    """

    moved = Signal(object)
    landed = Signal()

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._flight: tuple[Camera, Camera, float] | None = None
        self._drag: Drag | None = None
        self._held: set[str] = set()
        self._pressed = QPointF()
        self._stepped = 0.0
        self._flight_timer = self._repeating(self._fly)
        self._key_timer = self._repeating(self._step)
        self._rest_timer = QTimer(self)
        self._rest_timer.setSingleShot(True)
        self._rest_timer.timeout.connect(self._rest)

    def _repeating(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self, interval=FRAME_MS)
        timer.timeout.connect(slot)
        return timer

    @property
    def dragging(self) -> bool:
        """Whether a button of the mouse is held."""
        return self._drag is not None

    @property
    def busy(self) -> bool:
        """Whether the camera is on its way, or in the user's hand."""
        return bool(self._flight or self._drag or self._held)

    # ------------------------------------------------------------------------------------- flights
    def go_to(self, camera: Camera, fly: bool) -> None:
        """Bring the camera somewhere: eased, or at once where nobody would see it or wants to."""
        canvas = self._canvas
        if camera == canvas.camera:
            return
        if not fly or canvas.camera is None or not canvas.isVisible() or not motion_allowed():
            self._stop()
            canvas.look(camera)
            return
        self._flight = (canvas.camera, camera, time.monotonic())
        self._flight_timer.start()

    def _fly(self) -> None:
        if self._flight is None:
            self._flight_timer.stop()
            return
        start, goal, began = self._flight
        share = (time.monotonic() - began) / FLIGHT
        if share >= 1:
            self._flight = None
            self.landed.emit()
        self._look(cameras.between(start, goal, min(share, 1.0)))

    def _look(self, camera: Camera) -> None:
        self._canvas.motion.begin()
        self._canvas.look(camera)

    def _stop(self) -> None:
        self._flight = None
        self._flight_timer.stop()

    # --------------------------------------------------------------------------------- by the hand
    def _by_hand(self, camera: Camera) -> None:
        self._flight = None
        self._look(camera)
        self._rest_timer.start(REST_MS)

    def _rest(self) -> None:
        if not self.busy and self._canvas.camera is not None:
            self.moved.emit(self._canvas.camera)

    def press(self, event: QMouseEvent) -> None:
        """Begin a drag, or a click."""
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        at, left = event.position(), event.button() == Qt.MouseButton.LeftButton
        self._drag = Drag(grip_of(left and not shift), at.x(), at.y())
        self._pressed = at

    def drag(self, event: QMouseEvent) -> None:
        """Move the camera along with the mouse."""
        camera, at = self._canvas.camera, event.position()
        if self._drag is None or camera is None:
            return
        if self._drag.grip is Grip.ORBIT and self._drag.way == 0:
            self._drag.pivot = self._pivot(camera)
        camera = self._drag.to(camera, at.x(), at.y(), self._size())
        if not self._drag.click:
            self._by_hand(camera)

    def _pivot(self, camera: Camera) -> Point | None:
        """Return what was pressed, which an orbit turns around, unless it is far beyond."""
        place = self._canvas.spot_at(self._pressed, snap=False)
        if place is None:
            return None
        far = math.dist(place.place, camera.focus) > FAR * cameras.reach(camera)
        return None if far else place.place

    def release(self) -> bool:
        """End a drag; tell whether it was a click."""
        drag, self._drag = self._drag, None
        self.landed.emit()
        if drag is None or drag.click:
            return drag is not None
        self._rest_timer.stop()
        self._rest()
        return False

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom to the mouse."""
        at, camera = event.position(), self._canvas.camera
        if camera is not None:
            delta = event.angleDelta().y()
            self._by_hand(wheeled(camera, delta, at.x(), at.y(), self._size()))

    # -------------------------------------------------------------------------------- by keys held
    def key(self, event: QKeyEvent, down: bool) -> bool:
        """Begin or end to fly while a key is held; tell whether the key was for that."""
        name = _KEYS.get(event.key())
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier,
        )  # fmt: skip
        if name is None or (down and not plain):
            return False
        if event.isAutoRepeat():
            return True
        if down:
            if not self._held:
                self._stepped = time.monotonic()
            self._held.add(name)
            self._key_timer.start()
            self._step()
        else:
            self._held.discard(name)
        return True

    def let_go(self) -> None:
        """Take all keys for released: another widget gets the next events."""
        self._held.clear()

    def _step(self) -> None:
        camera, now = self._canvas.camera, time.monotonic()
        if not self._held or camera is None:
            self._key_timer.stop()
            return
        # A key that is only tapped moves the camera by one frame at least.
        passed = min(max(now - self._stepped, FRAME_MS / 1000), LONGEST)
        self._stepped = now
        self._by_hand(flown(camera, self._held, passed))

    def _size(self) -> tuple[int, int]:
        return self._canvas.width(), self._canvas.height()
