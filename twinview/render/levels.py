"""Which tiles of a city are in the picture, and how finely each is drawn. Pure numbers, no VTK.

Level 0 is a body as it is, level 1 a box per element, level k a block for 4 ** (k - 1) elements.
The bounds are such that what is drawn covers about as many pixels at each level: the work of a
frame is bounded by the picture, not by the city.
"""

import math

import numpy as np
import numpy.typing as npt

from twinview.render import camera as eyes
from twinview.scene.view import Camera

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

BOUNDS = (14.0, 4.0, 2.0, 1.0)
"""Pixels that an element is wide where the next coarser level begins."""
SLACK = 0.2
"""Share of a bound within which a tile stays as it is drawn: nothing flickers between levels."""
COARSEST = len(BOUNDS)


def members(level: int) -> int:
    """Return how many elements a body of a level stands for."""
    return int(4 ** max(level - 1, 0))


def frustum(camera: Camera, aspect: float) -> Floats:
    """Return the planes that bound what a camera sees: left, right, lower, upper, and the eye's.

    Parameters
    ----------
    camera
        The camera.
    aspect
        Width over height of the picture.

    Returns
    -------
    numpy.ndarray
        Shape (5, 4): a point p is inside where ``plane[:3] @ p + plane[3] >= 0`` for all planes.
    """
    right, up, forward = eyes.axes(camera)
    half = math.tan(math.radians(camera.angle) / 2)
    inward = np.stack(
        [
            forward * half * aspect + right,
            forward * half * aspect - right,
            forward * half + up,
            forward * half - up,
            forward,
        ]
    )
    return np.column_stack([inward, -inward @ np.asarray(camera.position, dtype=np.float64)])


def in_view(planes: Floats, low: Floats, high: Floats) -> npt.NDArray[np.bool_]:
    """Return which boxes may be in the picture: those with no plane before all of their corners.

    Parameters
    ----------
    planes
        As `frustum` returns them.
    low, high
        Shape (n, 3), metres: opposite corners of each box.
    """
    normal = planes[:, None, :3]
    farthest = np.where(normal > 0, high[None], low[None])
    return np.asarray(((farthest * normal).sum(axis=2) + planes[:, 3:] >= 0).all(axis=0))


def nearest(camera: Camera, aspect: float, low: Floats, high: Floats) -> Whole:
    """Return the order in which boxes are wanted: those that are seen first, nearest first.

    Parameters
    ----------
    camera, aspect
        Who looks, and width over height of the picture.
    low, high
        Shape (n, 3), metres: opposite corners of each box.
    """
    unseen = ~in_view(frustum(camera, aspect), low, high)
    eye = np.asarray(camera.position, dtype=np.float64)
    away = np.linalg.norm(np.clip(eye, low, high) - eye, axis=1)
    return np.asarray(np.lexsort((away, unseen)), dtype=np.int64)


def sizes(camera: Camera, height: int, low: Floats, high: Floats, metres: Floats) -> Floats:
    """Return how many pixels a typical element of each tile is wide where it is nearest.

    Parameters
    ----------
    camera
        The camera.
    height
        Of the picture, pixels as people see them.
    low, high
        Shape (n, 3), metres: opposite corners of each tile.
    metres
        Shape (n,): width of a typical element of each tile.
    """
    eye = np.asarray(camera.position, dtype=np.float64)
    away = np.linalg.norm(np.clip(eye, low, high) - eye, axis=1)
    per_metre = height / (2 * math.tan(math.radians(camera.angle) / 2))
    return np.asarray(metres * per_metre / np.maximum(away, 1.0))


def choose(pixels: Floats, before: Whole) -> Whole:
    """Return the level of each tile; it stays as before while the size is near a bound.

    Parameters
    ----------
    pixels
        Shape (n,): as `sizes` returns them.
    before
        Shape (n,): the levels of the last picture.
    """
    bounds = np.array(BOUNDS)
    finest = (pixels[:, None] < bounds * (1 - SLACK)).sum(axis=1)
    coarsest = (pixels[:, None] < bounds * (1 + SLACK)).sum(axis=1)
    return np.asarray(np.clip(before, finest, coarsest), dtype=np.int64)
