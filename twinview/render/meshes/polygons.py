"""Flat polygons into triangles: holes kept, areas checked, dirty rings mended."""

from dataclasses import dataclass

import mapbox_earcut
import numpy as np
import numpy.typing as npt
import shapely

from twinview.model.geometry import Geometry
from twinview.render.meshes import earclip

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

TOLERANCE = 1e-9
"""Share by which the area of the triangles may differ from that of the polygon."""
MOST_POINTS = 20_000
"""Longer rings are thinned: earcut takes a minute for a million points, uninterruptible."""


@dataclass(frozen=True, eq=False)
class Cut:
    """Polygons cut into triangles.

    Parameters
    ----------
    points
        Shape (n, 2): corners; those of rings first, then those that mending added.
    triangles
        Shape (m, 3): indices into `points`, counter-clockwise.
    part
        Shape (m,): part of each triangle.
    """

    points: Numbers
    triangles: Whole
    part: Whole


@dataclass(frozen=True, eq=False)
class Rings:
    """Outlines counter-clockwise, holes clockwise, repeated points left out.

    Parameters
    ----------
    points
        Shape (n, 3).
    starts
        Offsets of rings in `points`.
    part, element
        Part and element of each ring.
    hole
        True for rings that are holes.
    """

    points: Numbers
    starts: Whole
    part: Whole
    element: Whole
    hole: npt.NDArray[np.bool_]

    def following(self) -> Whole:
        """Return the index of the next point on the same ring, for each point."""
        result = np.arange(1, len(self.points) + 1)
        counts = np.diff(self.starts)
        full = counts > 0
        result[self.starts[1:][full] - 1] = self.starts[:-1][full]
        return result

    def ring_of_point(self) -> Whole:
        """Return the ring of each point."""
        return np.repeat(np.arange(len(self.part)), np.diff(self.starts))


def rings(geometry: Geometry) -> Rings:
    """Return the rings of polygons, turned the right way; rings under three points are left out."""
    coords = np.asarray(geometry.coords, dtype=np.float64)
    counts = np.diff(geometry.rings).astype(np.int64)
    ring = np.repeat(np.arange(len(counts)), counts)
    finite = np.isfinite(coords).all(axis=1)
    previous = np.roll(coords, 1, axis=0)
    starts = geometry.rings[:-1][counts > 0]
    previous[starts] = coords[geometry.rings[1:][counts > 0] - 1]
    keep = finite & (np.abs(coords[:, :2] - previous[:, :2]).max(axis=1, initial=0) > 1e-4)  # noqa: PLR2004 - 0.1 mm
    keep &= np.bincount(ring[keep], minlength=len(counts))[ring] >= 3
    keep &= ~_superfluous(ring, counts)
    part = np.repeat(np.arange(len(geometry.parts) - 1), np.diff(geometry.parts))
    element = np.repeat(np.arange(len(geometry)), np.diff(geometry.elements))[part]
    hole = np.arange(len(counts)) != geometry.parts[:-1][part]
    kept = np.bincount(ring[keep], minlength=len(counts))
    offsets = np.concatenate([[0], np.cumsum(kept)])
    return turned(Rings(coords[keep], offsets, part, element, hole))


def areas(one: Rings) -> Numbers:
    """Return the signed area of each ring, m2, positive counter-clockwise."""
    if not len(one.points):
        return np.zeros(len(one.part))
    ring = one.ring_of_point()
    # Around a corner of its own: far from the origin the products would lose the last digits.
    p = one.points[:, :2] - one.points[one.starts[ring], :2]
    q = p[one.following()]
    cross = p[:, 0] * q[:, 1] - q[:, 0] * p[:, 1]
    return np.bincount(ring, cross, minlength=len(one.part)) / 2


def cut(one: Rings) -> Cut:
    """Return triangles of polygons; areas are checked, and polygons that differ are mended."""
    ring_area = areas(one)
    parts = int(one.part.max()) + 1 if len(one.part) else 0
    target = np.asarray(np.bincount(one.part, ring_area, minlength=parts), dtype=np.float64)
    first = np.searchsorted(one.part, np.arange(parts + 1))
    simple, easy = _quads(one, first)
    work = np.flatnonzero(~easy & (one.starts[first[1:]] > one.starts[first[:-1]]))
    batch, left = _batch(one, first, work, target)
    triangles, owner = [simple[0], batch[0]], [simple[1], batch[1]]
    extra: list[Numbers] = []
    size = len(one.points)
    for part in left:
        found, added = _ear(one, int(first[part]), int(first[part + 1]), float(target[part]))
        if added is not None:
            found = found + size
            size += len(added)
            extra.append(added)
        triangles.append(found)
        owner.append(np.full(len(found), part))
    points = np.concatenate([one.points[:, :2], *extra])
    return Cut(points, np.concatenate(triangles).reshape(-1, 3), np.concatenate(owner))


def _batch(
    one: Rings, first: Whole, work: Whole, target: Numbers
) -> tuple[tuple[Whole, Whole], Whole]:
    """Return triangles and parts of those that a batch can cut, and the parts that are left."""
    short = one.starts[first[work + 1]] - one.starts[first[work]] <= earclip.LONGEST
    mine = work[short]
    flat = np.ascontiguousarray(one.points[:, :2])
    triangles, place = earclip.triangulate(flat, one.starts, first, mine)
    found = np.bincount(place, np.abs(_cross(flat, triangles)) / 2, minlength=len(mine))
    right = np.abs(found - target[mine]) <= _allowed(target[mine])
    kept = right[place]
    triangles = _upwards(flat, triangles[kept])
    return (triangles, mine[place[kept]]), np.concatenate([mine[~right], work[~short]])


def _allowed(target: Numbers) -> Numbers:
    """Return by how much areas may differ, m2."""
    return TOLERANCE * np.maximum(np.abs(target), 1e-6)


def _superfluous(ring: Whole, counts: Whole) -> npt.NDArray[np.bool_]:
    """Return which points are left out of rings that hold far too many."""
    step = -(-counts // MOST_POINTS)
    if counts.max(initial=0) <= MOST_POINTS:
        return np.zeros(len(ring), dtype=bool)
    position = np.arange(len(ring)) - (np.cumsum(counts) - counts)[ring]
    return np.asarray(position % step[ring] != 0)


def turned(one: Rings) -> Rings:
    """Return outlines counter-clockwise and holes clockwise."""
    wrong = (areas(one) < 0) != one.hole
    ring = one.ring_of_point()
    index = np.arange(len(one.points))
    mirrored = one.starts[:-1][ring] + one.starts[1:][ring] - 1 - index
    order = np.where(wrong[ring], mirrored, index)
    return Rings(one.points[order], one.starts, one.part, one.element, one.hole)


def _quads(one: Rings, first: Whole) -> tuple[tuple[Whole, Whole], npt.NDArray[np.bool_]]:
    """Return triangles and parts of all triangles and convex quads, and which parts these are."""
    counts = np.diff(one.starts)
    single = np.diff(first) == 1
    ring = np.minimum(first[:-1], max(len(counts) - 1, 0))
    size = np.where(single, counts[ring], 0) if len(counts) else np.zeros(len(ring), dtype=np.int64)
    threes, fours = np.flatnonzero(size == 3), np.flatnonzero(size == 4)
    quad = one.starts[ring[fours]][:, None] + np.arange(4)
    p = one.points[quad][:, :, :2]
    ahead = np.roll(p, -1, axis=1) - p
    behind = p - np.roll(p, 1, axis=1)
    turn = behind[..., 0] * ahead[..., 1] - behind[..., 1] * ahead[..., 0]
    convex = (turn > 0).all(axis=1)
    fours, quad = fours[convex], quad[convex]
    easy = np.zeros(len(ring), dtype=bool)
    easy[threes] = True
    easy[fours] = True
    triangles = np.concatenate(
        [
            one.starts[ring[threes]][:, None] + np.arange(3),
            quad[:, [0, 1, 2]],
            quad[:, [0, 2, 3]],
        ]
    )
    return (triangles, np.concatenate([threes, fours, fours])), easy


def _ear(one: Rings, a: int, b: int, target: float) -> tuple[Whole, Numbers | None]:
    """Return triangles of one part (rings a to b), and new points where it had to be mended."""
    begin, end = int(one.starts[a]), int(one.starts[b])
    flat = np.ascontiguousarray(one.points[begin:end, :2])
    flat = flat - flat[0]
    ends = (one.starts[a + 1 : b + 1] - begin).astype(np.uint32)
    ends = ends[np.diff(np.concatenate([[0], ends])) > 0]
    found = mapbox_earcut.triangulate_float64(flat, ends).astype(np.int64).reshape(-1, 3)
    if abs(_area(flat, found) - target) <= _allowed(np.array(target)):
        return _upwards(flat, found) + begin, None
    points, mended = _mended(flat, ends)
    return _upwards(points, mended), points + one.points[begin, :2]


def _area(points: Numbers, triangles: Whole) -> float:
    """Return the area of triangles, m2."""
    return float(np.abs(_cross(points, triangles)).sum() / 2)


def _cross(points: Numbers, triangles: Whole) -> Numbers:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    return np.asarray(
        (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    )


def _upwards(points: Numbers, triangles: Whole) -> Whole:
    """Return triangles turned counter-clockwise."""
    down = _cross(points, triangles) < 0
    return np.where(down[:, None], triangles[:, [0, 2, 1]], triangles)


def _mended(flat: Numbers, ends: npt.NDArray[np.uint32]) -> tuple[Numbers, Whole]:
    """Return points and triangles of a polygon whose rings cross or touch."""
    pieces = [piece for piece in np.split(flat, ends[:-1]) if len(piece) >= 3]
    if not pieces:
        return np.empty((0, 2)), np.empty((0, 3), dtype=np.int64)
    dirty = shapely.Polygon(pieces[0], pieces[1:])
    clean = shapely.make_valid(dirty, method="structure", keep_collapsed=False)
    corners = [
        shapely.get_coordinates(triangle)[:3]
        for polygon in shapely.get_parts(clean)
        if polygon.geom_type == "Polygon" and not polygon.is_empty
        for triangle in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon))
    ]
    points = np.concatenate(corners) if corners else np.empty((0, 2))
    return points, np.arange(len(points), dtype=np.int64).reshape(-1, 3)
