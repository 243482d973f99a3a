"""Which part of the ground a camera sees. Pure numbers."""

import math

import numpy as np

from twinview.render import camera as cameras
from twinview.scene.view import Camera

FARTHEST = 12.0
"""Distances to the focus beyond which ground counts as out of sight: haze is there."""


def seen_ground(camera: Camera, aspect: float) -> list[tuple[float, float]]:
    """Return the corners of the ground that is seen, on the level of the focus.

    Lower left, lower right, upper right, upper left; local metres. Above the horizon, and far out,
    they lie at the end of sight.
    """
    size = (max(1, round(1000 * aspect)), 1000)
    most = FARTHEST * cameras.reach(camera) + math.dist(camera.position, camera.focus)
    corners = []
    for x, y in ((0, 1000), (size[0], 1000), (size[0], 0), (0, 0)):
        start, direction = cameras.ray(camera, size, x, y)
        drop = camera.focus[2] - start[2]
        share = drop / direction[2] if direction[2] * drop > 0 else math.inf
        flat = float(np.hypot(direction[0], direction[1]))
        way = min(share, most / max(flat, 1e-6))
        corners.append((float(start[0] + direction[0] * way), float(start[1] + direction[1] * way)))
    return corners
