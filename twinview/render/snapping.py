"""Where exactly a pointer points: at the surface or ground there, or at a corner close by."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.render import camera as eyes
from twinview.render.painter import Painter
from twinview.render.picking import Hit
from twinview.scene.view import Point

REACH = 10.0
"""A corner is found so far from the pointer, pixels as people see them."""
_AROUND = 8
_FOOT = 0.3
"""Metres by which something may lie before a corner that still counts as seen."""


@dataclass(frozen=True)
class Spot:
    """What is pointed at.

    Parameters
    ----------
    place
        Local metres.
    slack
        How far off it may be, metres: what a pixel covers there; 0 at a corner.
    hit
        The element, if one is there.
    """

    place: Point
    slack: float
    hit: Hit | None = None

    @property
    def corner(self) -> bool:
        """Whether it is a corner of the data."""
        return self.slack == 0


def spot(painter: Painter, x: float, y: float, snap: bool = True) -> Spot | None:
    """Return what is at a device pixel, counted from the top left; None in the sky.

    With `snap`, a corner close by is meant.
    """
    corner = _corner(painter, x, y) if snap else None
    if corner is not None:
        return corner
    hit = painter.look_at(x, y)
    place = hit.place if hit else painter.ground_at(x, y)
    return None if place is None else Spot(place, _covered(painter, x, y, place), hit)


def _covered(painter: Painter, x: float, y: float, place: Point) -> float:
    """Return how far the places seen one pixel beside lie away: what the pixel stands for."""
    depth = max(float(painter.project(np.array([place]))[0, 2]), 0.0)
    size = painter.size()[1]
    least = 2 * depth * math.tan(math.radians(painter.camera.angle) / 2) / size
    found = [least]
    for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        hit = painter.look_at(x + dx, y + dy)
        beside = hit.place if hit else painter.ground_at(x + dx, y + dy)
        if beside is not None and (apart := math.dist(place, beside)) < 20 * least:
            found.append(apart)
    return max(found)


def _corner(painter: Painter, x: float, y: float) -> Spot | None:
    """Return the nearest corner that is seen within reach of a pixel."""
    reach = REACH * painter.pixel
    angle = np.arange(_AROUND) * (2 * np.pi / _AROUND)
    tried = [(x, y), *zip(x + 0.7 * reach * np.cos(angle), y + 0.7 * reach * np.sin(angle),
                          strict=True)]  # fmt: skip
    hits = (painter.look_at(float(a), float(b)) for a, b in tried)
    best: tuple[float, Spot] | None = None
    for hit in {(one.layer, one.row): one for one in hits if one is not None}.values():
        corners = painter.drawn[hit.layer].corners(hit.row)
        if not len(corners):
            continue
        seen = painter.project(corners)
        off = np.where(seen[:, 2] > 0, np.hypot(seen[:, 0] - x, seen[:, 1] - y), np.inf)
        for k in np.argsort(off):
            if off[k] > reach or (best is not None and off[k] >= best[0]):
                break
            if _is_seen(painter, corners[k]):
                place = (float(corners[k, 0]), float(corners[k, 1]), float(corners[k, 2]))
                best = (float(off[k]), Spot(place, 0.0, hit))
                break
    return None if best is None else best[1]


def _is_seen(painter: Painter, place: npt.NDArray[np.float64]) -> bool:
    """Tell whether no body stands before a place."""
    start = np.asarray(painter.camera.position)
    sight = place - start
    far = float(np.linalg.norm(sight))
    body = painter.pointer.body(start, sight / far)
    return body is None or body[1] > far - max(_FOOT, far * eyes.ROUNDING)
