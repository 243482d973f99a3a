"""A view moved so that the cards over a picture cover nothing of what it is to show."""

import math
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import numpy.typing as npt

from twinview.render import camera as cameras
from twinview.scene.view import Camera

Floats = npt.NDArray[np.float64]
Card = tuple[float, float, float, float]
"""Left, top, right and bottom of a card, shares of the picture's width and height."""

HIGH = 1000
"""Height of the picture that is reckoned with."""
CELL, GAP, RIM = 8.0, 8.0, 20.0
"""Sizes in that picture: of what is told apart, around a card, and along the edges."""
SMALLEST, STEP = 0.5, 0.05
"""What is shown is made smaller down to this share, by such steps; then it stays as it was."""
SHIFTS = 9
"""Places across and up that are tried for each size."""


@dataclass(frozen=True)
class Frame:
    """What a view is seen in.

    Parameters
    ----------
    aspect
        Width over height.
    covered
        Cards that lie over it.
    """

    aspect: float = 1.6
    covered: tuple[Card, ...] = ()


def clear(points: npt.NDArray[np.floating], camera: Camera, frame: Frame) -> Camera:
    """Return a camera that looks the same way, from where no card covers the points.

    Parameters
    ----------
    points
        Local metres, shape (n, 3); all of them are in the camera's picture.
    camera, frame
        The camera, and what its picture is seen in. Where there is no place for the points beside
        the cards, the camera is returned as it is.
    """
    seen = _seen(points, camera, frame)
    if not frame.covered or not len(seen):
        return camera
    size = np.array(_size(frame), dtype=np.float64)
    cards = np.array(frame.covered) * np.tile(size, 2) + np.array([-GAP, -GAP, GAP, GAP])
    found = _place(np.unique(np.round(seen / CELL), axis=0) * CELL, cards, size)
    return camera if found is None else _realised(points, camera, frame, *found)


def _size(frame: Frame) -> tuple[int, int]:
    return round(HIGH * frame.aspect), HIGH


def _seen(points: npt.NDArray[np.floating], camera: Camera, frame: Frame) -> Floats:
    seen = cameras.project(points, camera, _size(frame))
    return seen[seen[:, 2] > 0, :2]


def _covered(cells: Floats, cards: Floats) -> bool:
    """Tell whether any card lies over any cell."""
    low, high = cards[:, None, :2], cards[:, None, 2:]
    return bool(((cells > low) & (cells < high)).all(axis=2).any())


def _place(cells: Floats, cards: Floats, size: Floats) -> tuple[float, Floats] | None:
    """Return the largest share of the size, and where the middle then is, free of cards."""
    low, high = cells.min(axis=0), cells.max(axis=0)
    middle, half = (low + high) / 2, (high - low) / 2
    if not _covered(cells, cards):
        return None
    for share in np.arange(1.0, SMALLEST - STEP / 2, -STEP):
        room = np.maximum(size / 2 - RIM - half * share, 0.0)
        ways = np.linspace(-1, 1, SHIFTS)
        tried = np.array(list(product(ways, ways))) * room + size / 2
        for goal in tried[np.argsort(np.hypot(*(tried - middle).T), kind="stable")]:
            if not _covered(goal + (cells - middle) * share, cards):
                return float(share), goal
    return None


def _realised(
    points: npt.NDArray[np.floating], camera: Camera, frame: Frame, share: float, goal: Floats
) -> Camera:
    """Return the camera that shows points smaller, with their middle at a place."""
    steep = max(math.sin(math.radians(cameras.pose(camera).elevation)), 0.1)
    before = _span(points, camera, frame)[1] * share
    for _ in range(5):
        middle, wide = _span(points, camera, frame)
        nearer = float(np.min(before / np.maximum(wide, 1.0)))
        pose = cameras.pose(camera)
        camera = cameras.at(replace(pose, distance=pose.distance / nearer))
        middle = _span(points, camera, frame)[0]
        metres = cameras.metres_per_pixel(camera, HIGH)
        right, down = (middle - goal) * metres
        camera = cameras.pan(camera, float(right), -float(down) / steep)
    return camera


def _span(points: npt.NDArray[np.floating], camera: Camera, frame: Frame) -> tuple[Floats, Floats]:
    """Return the middle of points in the picture, and how wide and high they are."""
    seen = _seen(points, camera, frame)
    low, high = seen.min(axis=0), seen.max(axis=0)
    return (low + high) / 2, high - low
