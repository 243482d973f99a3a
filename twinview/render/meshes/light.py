"""Baked light: one key light from the north-west, a weak fill, and what neighbours take away."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

AMBIENT, DIFFUSE = 0.55, 0.55
KEY, FILL = 0.85, 0.35
TO_KEY = np.array([-0.62, 0.42, 0.66]) / np.linalg.norm([-0.62, 0.42, 0.66])
TO_FILL = np.array([0.35, -0.80, 0.48]) / np.linalg.norm([0.35, -0.80, 0.48])
BRIGHTEST = 1.08
"""No surface is brighter than so many times a level roof."""
FOOT = 0.74
"""What is left of the light at the foot of a free-standing wall."""


def shade(normals: npt.NDArray[np.floating]) -> Numbers:
    """Return how bright surfaces are, from their unit normals of shape (n, 3).

    A level roof is 1: its colour is the legend's colour.
    """
    light = KEY * np.clip(normals @ TO_KEY, 0, None) + FILL * np.clip(normals @ TO_FILL, 0, None)
    level = KEY * TO_KEY[2] + FILL * TO_FILL[2]
    full = AMBIENT + DIFFUSE * level
    return np.asarray(np.clip((AMBIENT + DIFFUSE * light) / full, 0.0, BRIGHTEST))


def normals(
    a: npt.NDArray[np.floating], b: npt.NDArray[np.floating], c: npt.NDArray[np.floating]
) -> Numbers:
    """Return unit normals of triangles given by their corners; up where a triangle has no area."""
    cross = np.cross(b - a, c - a).astype(np.float64)
    length = np.linalg.norm(cross, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = cross / length
    return np.where(length > 1e-9, unit, np.array([0.0, 0.0, 1.0]))  # noqa: PLR2004 - m2
