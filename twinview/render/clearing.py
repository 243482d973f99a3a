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
    seen = cameras.project(points, camera, _size(frame))
    front = seen[:, 2] > 0
    if not frame.covered or not front.any():
        return camera
    size = np.array(_size(frame), dtype=np.float64)
    cards = np.array(frame.covered) * np.tile(size, 2) + np.array([-GAP, -GAP, GAP, GAP])
    cells = _Cells(seen[front, :2], size)
    found = _place(cells, cards, size)
    if found is None:
        return camera
    return _realised(points[front][cells.samples], camera, frame, *found)


def _size(frame: Frame) -> tuple[int, int]:
    return round(HIGH * frame.aspect), HIGH


class _Cells:
    """Which cells of the picture show anything, counted so that any rectangle is asked at once.

    Parameters
    ----------
    seen
        Pixels, shape (n, 2).
    size
        Of the picture.
    """

    def __init__(self, seen: Floats, size: Floats) -> None:
        at = np.round(np.clip(seen, -size, 2 * size) / CELL).astype(np.int64)
        self._first = at.min(axis=0)
        at -= self._first
        held = np.zeros(at.max(axis=0) + 1, dtype=np.int64)
        held[at[:, 0], at[:, 1]] = 1
        self._sums = np.pad(held.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
        self.samples = np.unique(at[:, 0] * held.shape[1] + at[:, 1], return_index=True)[1]
        """A point of each cell that shows anything."""
        self.low = self._first * CELL
        self.high = (self._first + at.max(axis=0)) * CELL

    def within(self, cards: Floats) -> npt.NDArray[np.bool_]:
        """Tell in which rectangles, shape (..., 4), the middle of a cell lies that shows anything.

        Returns
        -------
        Shape (...).
        """
        shape = np.array(self._sums.shape) - 1
        low = np.clip(np.floor(cards[..., :2] / CELL) + 1 - self._first, 0, shape)
        high = np.clip(np.ceil(cards[..., 2:] / CELL) - self._first, low, shape)
        (x0, y0), (x1, y1) = (np.moveaxis(one.astype(np.int64), -1, 0) for one in (low, high))
        sums = self._sums
        return np.asarray(sums[x1, y1] - sums[x0, y1] - sums[x1, y0] + sums[x0, y0] > 0)


def _place(cells: _Cells, cards: Floats, size: Floats) -> tuple[float, Floats] | None:
    """Return the largest share of the size, and where the middle then is, free of cards."""
    middle, half = (cells.low + cells.high) / 2, (cells.high - cells.low) / 2
    if not cells.within(cards).any():
        return None
    ways = np.linspace(-1, 1, SHIFTS)
    ways = np.array(list(product(ways, ways)))
    for share in np.arange(1.0, SMALLEST - STEP / 2, -STEP):
        room = np.maximum(size / 2 - RIM - half * share, 0.0)
        goals = ways * room + size / 2
        # The cards move over the cells as the cells would move below them.
        moved = (cards - np.tile(goals, 2)[:, None, :]) / share + np.tile(middle, 2)
        free = ~cells.within(moved).any(axis=1)
        if free.any():
            away = np.where(free, np.hypot(*(goals - middle).T), np.inf)
            return float(share), goals[int(np.argmin(away))]
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
    seen = cameras.project(points, camera, _size(frame))[:, :2]
    low, high = seen.min(axis=0), seen.max(axis=0)
    return (low + high) / 2, high - low
