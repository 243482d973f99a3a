"""Lines as flat ribbons that the graphics card widens: a new width moves no vertex here."""

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import Geometry
from twinview.render.meshes.mesh import Mesh, after, build, nothing

Numbers = npt.NDArray[np.float64]

_LONGEST_MITRE = 2.0
_LONGEST = 80.0
"""Pieces are cut to this length, metres."""


def mesh(geometry: Geometry) -> Mesh:
    """Return each piece of each polyline as a flat strip with mitre joins.

    The strip has no width of its own. Four vertices make a piece: its start right and left, its end
    right and left. `extra` holds per vertex: the mitre (x, y; signed by side), the direction of the
    piece (x, y), the side (-1 right, +1 left), the end (-1 first of the line, +1 last, 0 between),
    metres along from the middle of the line, and half the length of the line.
    """
    keep = _kept(geometry)
    coords = np.asarray(geometry.coords, dtype=np.float64)[keep]
    counts = np.bincount(_path_of(geometry)[keep], minlength=len(geometry.rings) - 1)
    good = counts >= 2
    elements = _element_of_path(geometry)[good]
    coords, counts = _divided(coords[np.repeat(good, counts)], counts[good])
    if not len(coords):
        return nothing()
    path = np.repeat(np.arange(len(counts)), counts)
    start = np.cumsum(counts) - counts
    first = np.zeros(len(coords), dtype=bool)
    last = np.zeros(len(coords), dtype=bool)
    first[start] = True
    last[start + counts - 1] = True
    mitre = _mitres(coords, first, last)
    along, half = _along(coords, first, path)
    begin = np.flatnonzero(~last)
    point = np.stack([begin, begin, begin + 1, begin + 1], axis=1).ravel()
    side = np.tile([-1.0, 1.0, -1.0, 1.0], len(begin))
    ahead = np.repeat(_unit(coords[begin + 1, :2] - coords[begin, :2]), 4, axis=0)
    end = (last.astype(float) - first)[point]
    extra = np.column_stack(
        [mitre[point] * side[:, None], ahead, side, end, along[point], half[point]]
    )
    corner = np.arange(len(begin)) * 4
    triangles = np.concatenate([after(corner, 0, 2, 3), after(corner, 0, 3, 1)], 1).reshape(-1, 3)
    return build(coords[point], triangles, elements[path[point]], np.ones(len(point)), extra=extra)


def _divided(
    coords: Numbers, counts: npt.NDArray[np.int64]
) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """Return polylines with points put in, so that no piece is long.

    A width in pixels is reckoned at the ends of a piece; a long one would be too wide near the eye.
    """
    if not len(coords):
        return coords, counts
    path = np.repeat(np.arange(len(counts)), counts)
    length = np.zeros(len(coords))
    length[:-1] = np.linalg.norm(np.diff(coords, axis=0), axis=1)
    length[np.cumsum(counts) - 1] = 0.0
    pieces = np.maximum(np.ceil(length / _LONGEST), 1).astype(np.int64)
    begin = np.repeat(np.arange(len(coords)), pieces)
    first = np.repeat(np.cumsum(pieces) - pieces, pieces)
    share = (np.arange(len(begin)) - first) / pieces[begin]
    after = np.minimum(begin + 1, len(coords) - 1)
    filled = coords[begin] + (coords[after] - coords[begin]) * share[:, None]
    return filled, np.bincount(path[begin], minlength=len(counts)).astype(np.int64)


def _path_of(geometry: Geometry) -> npt.NDArray[np.int64]:
    return np.repeat(np.arange(len(geometry.rings) - 1), np.diff(geometry.rings))


def _element_of_path(geometry: Geometry) -> npt.NDArray[np.int64]:
    part = np.repeat(np.arange(len(geometry.parts) - 1), np.diff(geometry.parts))
    return np.repeat(np.arange(len(geometry)), np.diff(geometry.elements))[part]


def _kept(geometry: Geometry) -> npt.NDArray[np.bool_]:
    """Return the points that are finite and do not repeat the one before."""
    coords = geometry.coords
    path = _path_of(geometry)
    keep = np.asarray(np.isfinite(coords).all(axis=1))
    if len(coords) > 1:
        same = (path[1:] == path[:-1]) & (np.abs(np.diff(coords, axis=0)).max(axis=1) < 1e-3)  # noqa: PLR2004
        keep[1:] &= ~same
    return keep


def _mitres(coords: Numbers, first: npt.NDArray[np.bool_], last: npt.NDArray[np.bool_]) -> Numbers:
    """Return at each point the vector to the left edge of a ribbon of half width 1."""
    ahead = np.zeros((len(coords), 2))
    ahead[:-1] = coords[1:, :2] - coords[:-1, :2]
    ahead[last] = 0
    behind = np.zeros_like(ahead)
    behind[1:] = coords[1:, :2] - coords[:-1, :2]
    behind[first] = 0
    one, two = _unit(ahead), _unit(behind)
    tangent = _unit(one + two)
    tangent = np.where(np.abs(tangent).sum(axis=1, keepdims=True) > 0, tangent, one)
    reference = np.where(np.abs(one).sum(axis=1, keepdims=True) > 0, one, two)
    cosine = np.maximum((tangent * reference).sum(axis=1), 1 / _LONGEST_MITRE)
    return np.asarray(np.stack([-tangent[:, 1], tangent[:, 0]], axis=1) / cosine[:, None])


def _unit(vectors: Numbers) -> Numbers:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12))


def _along(
    coords: Numbers, first: npt.NDArray[np.bool_], path: npt.NDArray[np.int64]
) -> tuple[Numbers, Numbers]:
    """Return metres along from the middle of each line, and half of its length."""
    step = np.zeros(len(coords))
    step[1:] = np.linalg.norm(np.diff(coords, axis=0), axis=1)
    step[first] = 0
    total = np.cumsum(step)
    own = total - total[first][path]
    half = np.bincount(path, step)[path] / 2
    return own - half, half
