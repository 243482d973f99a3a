"""From mouse and wheel to cameras: pure numbers; the canvas applies what comes out."""

import math
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

Size = tuple[int, int]


class Grip(Enum):
    """What a drag does."""

    ORBIT = "orbit"
    PAN = "pan"


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
    """

    grip: Grip
    x: float
    y: float
    way: float = 0.0

    def to(self, camera: Camera, x: float, y: float, size: Size) -> Camera:
        """Return the camera after the mouse went on to x, y."""
        dx, dy = x - self.x, y - self.y
        x0, y0, self.x, self.y = self.x, self.y, x, y
        self.way += math.hypot(dx, dy)
        if self.grip is Grip.ORBIT:
            return cameras.orbit(camera, dx * DEGREES_PER_PIXEL, dy * DEGREES_PER_PIXEL)
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
    reach = 6 * cameras.pose(camera).distance
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


def _point(values: np.ndarray) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
