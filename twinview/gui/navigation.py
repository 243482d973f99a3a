"""From mouse and wheel to cameras: pure numbers; the canvas applies what comes out."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

import numpy as np

from twinview.render import camera as cameras
from twinview.scene.view import Camera

DEGREES_PER_PIXEL = 0.3
ZOOM_PER_NOTCH = 1.25
NOTCH = 120
CLICK = 4.0
"""Pixels that the mouse may move between press and release of a click."""
FLIGHT = 0.8
"""Seconds of an eased move."""

AHEAD_PER_SECOND = 0.9
"""Share of its distance from what it looks at that the camera flies in a second."""
DEGREES_PER_SECOND = 60.0
NEARER_PER_SECOND = 2.2
FLYING = ("W", "A", "S", "D", "Q", "E", "PageUp", "PageDown")
"""Keys that move the camera while they are held: ahead, left, back, right, turn, rise and sink."""

Size = tuple[int, int]
Point = tuple[float, float, float]


class Grip(Enum):
    """What a drag does."""

    ORBIT = "orbit"
    PAN = "pan"


_left: list[Grip] = [Grip.ORBIT]


def left_grip() -> Grip:
    """Return what a drag with the left button does, as the user likes it; the others do the other.

    Like the language it is the user's, for all views of a window.
    """
    return _left[0]


def set_left_grip(grip: Grip) -> None:
    """Have the left button turn the view, or move it, from now on."""
    _left[0] = grip


def grip_of(left: bool) -> Grip:
    """Return what a drag does: with the left button, or with another one or Shift."""
    other = Grip.PAN if left_grip() is Grip.ORBIT else Grip.ORBIT
    return left_grip() if left else other


@dataclass
class Drag:
    """A drag of the mouse, from press to release.

    Parameters
    ----------
    grip
        What it does.
    x, y
        Where the mouse was last, logical pixels from the top left.
    way
        Pixels moved so far.
    pivot
        Local metres of what an orbit turns around; None is what the camera looks at.
    """

    grip: Grip
    x: float
    y: float
    way: float = 0.0
    pivot: Point | None = None

    def to(self, camera: Camera, x: float, y: float, size: Size) -> Camera:
        """Return the camera after the mouse went on to x, y."""
        dx, dy = x - self.x, y - self.y
        x0, y0, self.x, self.y = self.x, self.y, x, y
        self.way += math.hypot(dx, dy)
        if self.grip is Grip.ORBIT:
            turn, lift = dx * DEGREES_PER_PIXEL, dy * DEGREES_PER_PIXEL
            return cameras.orbit(camera, turn, lift, self.pivot)
        return _panned(camera, (x0, y0), (x, y), size)

    @property
    def click(self) -> bool:
        """True while the mouse has hardly moved."""
        return self.way < CLICK


def _panned(
    camera: Camera, old: tuple[float, float], new: tuple[float, float], size: Size
) -> Camera:
    """Return the camera moved so that the ground stays under the mouse."""
    a, b = ground(camera, *old, size), ground(camera, *new, size)
    reach = 6 * cameras.reach(camera)
    if a is not None and b is not None:
        step = np.subtract(a, b)
        if np.hypot(step[0], step[1]) < reach / 4:
            position, focus = np.add(camera.position, step), np.add(camera.focus, step)
            return Camera(_point(position), _point(focus), camera.angle)
    scale = cameras.metres_per_pixel(camera, size[1])
    return cameras.pan(camera, (old[0] - new[0]) * scale, (new[1] - old[1]) * scale)


def ground(camera: Camera, x: float, y: float, size: Size) -> tuple[float, float, float] | None:
    """Return the point on the focus's level that is seen at a pixel; None above the horizon."""
    start, direction = cameras.ray(camera, size, x, y)
    if direction[2] >= -1e-3:  # noqa: PLR2004 - the horizon
        return None
    share = (camera.focus[2] - start[2]) / direction[2]
    return _point(start + share * direction) if share > 0 else None


def wheeled(camera: Camera, delta: float, x: float, y: float, size: Size) -> Camera:
    """Return the camera after the wheel turned by `delta` eighths of a degree over a pixel."""
    return cameras.zoom(camera, ZOOM_PER_NOTCH ** (delta / NOTCH), ground(camera, x, y, size))


def flown(camera: Camera, held: Collection[str], seconds: float) -> Camera:
    """Return the camera after keys (of `FLYING`) were held for some time."""

    def both(plus: str, minus: str) -> float:
        return seconds * ((plus in held) - (minus in held))

    step = AHEAD_PER_SECOND * cameras.reach(camera)
    camera = cameras.pan(camera, both("D", "A") * step, both("W", "S") * step)
    if turn := both("E", "Q"):
        camera = cameras.orbit(camera, turn * DEGREES_PER_SECOND, 0.0)
    if sink := both("PageDown", "PageUp"):
        camera = cameras.zoom(camera, NEARER_PER_SECOND**sink)
    return camera


def _point(values: np.ndarray) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
