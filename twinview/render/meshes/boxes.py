"""Bodies seen from afar: a box for each, or one block for several, of the same area and volume."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel
from twinview.render.meshes import light
from twinview.render.meshes.mesh import Floats, Indices, Mesh, build

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

STEEP = 0.3
"""Upward part of the normal below which a face is a wall."""
_WALLS = np.array([[0, 1], [1, 2], [2, 3], [3, 0]])
_CORNERS = np.array([[-1.0, -1.0], [1, -1], [1, 1], [-1, 1]])
# The last corner of each triangle tells the whole face its shade: lower corners those of the walls,
# the first upper corner that of the roof.
_SIDES = [face for a, b in _WALLS for face in ((b, b + 4, a), (b + 4, a + 4, a))]
_TRIANGLES = np.array([*_SIDES, (5, 6, 4), (6, 7, 4)])


@dataclass(frozen=True, eq=False)
class Boxes:
    """Upright boxes.

    Parameters
    ----------
    element
        Shape (n,), int64: row of the element of each.
    middle
        Shape (n, 2), metres.
    along
        Shape (n, 2): unit vector along the first side.
    half
        Shape (n, 2), metres: half of the sides.
    low, high
        Shape (n,), metres: levels of foot and roof.
    """

    element: Whole
    middle: Numbers
    along: Numbers
    half: Numbers
    low: Numbers
    high: Numbers

    @property
    def area(self) -> Numbers:
        """Return the footprints, m2."""
        return np.asarray(4.0 * self.half[:, 0] * self.half[:, 1])


def of_bodies(mesh: Mesh) -> Boxes:
    """Return a box for each element of a mesh.

    It is turned like the element's longest wall, has the area of its roofs as seen from above, and
    is as high as these are on average.
    """
    element, own = _numbered(mesh.element)
    n = len(element)
    along, sides = np.tile([1.0, 0.0], (n, 1)), np.empty((n, 2, 2))
    found = np.zeros((4, n))
    measure(mesh.points, mesh.triangles, own, along, sides, found)
    low, high, area, level = found
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    covered = area > 0
    high = np.where(covered, level / np.where(covered, area, 1.0), high)
    half = np.maximum((sides[..., 1] - sides[..., 0]) / 2, 0.05)
    share = np.where(covered, area / (4 * half[:, 0] * half[:, 1]), 1.0)
    half *= np.sqrt(np.minimum(share, 1.0))[:, None]
    centre = sides.mean(axis=2)
    middle = along * centre[:, :1] + across * centre[:, 1:]
    return Boxes(element, middle, along, half, low, np.maximum(high, low + 0.1))


def _numbered(element: Indices) -> tuple[Whole, Indices]:
    """Return the elements that there are, and the number among them of each vertex's."""
    if not len(element):
        return np.empty(0, np.int64), np.empty(0, np.int32)
    first = int(element.min())
    there = np.zeros(int(element.max()) - first + 1, dtype=bool)
    there[element - first] = True
    number = np.cumsum(there, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(there) + first, number[element - first]


def _measure(
    points: Floats, triangles: Indices, own: Indices, along: Numbers, sides: Numbers, found: Numbers
) -> None:
    n, (low, high, area, level) = found.shape[1], found
    places = points.astype(np.float64)
    corners = places[triangles]
    owner = own[triangles[:, 0]].astype(np.int64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    upward = cross[:, 2] / np.maximum(np.sqrt((cross * cross).sum(axis=1)), 1e-12)
    _turn(corners, owner, np.abs(upward) < STEEP, along)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    for k, axis in enumerate((along, across)):
        _extremes((places[:, :2] * axis[own]).sum(axis=1), own, sides[:, k, 0], sides[:, k, 1])
    _extremes(places[:, 2], own, low, high)
    roof = upward > STEEP
    area[:] = np.bincount(owner[roof], cross[roof, 2] / 2, n)
    level[:] = np.bincount(owner[roof], cross[roof, 2] / 2 * (corners[roof, :, 2].sum(1) / 3), n)


def _turn(corners: Numbers, owner: Whole, wall: npt.NDArray[np.bool_], along: Numbers) -> None:
    """Write the horizontal direction of each element's longest wall; the last one of equals."""
    ahead = (np.roll(corners[wall], -1, axis=1) - corners[wall])[..., :2].reshape(-1, 2)
    mine, length = np.repeat(owner[wall], 3), np.sqrt((ahead * ahead).sum(axis=1))
    order = np.lexsort((length, mine))
    last = order[np.flatnonzero(np.diff(mine[order], append=-1))]
    last = last[length[last] > 0]
    along[mine[last]] = ahead[last] / length[last, None]


def _extremes(values: Numbers, own: Indices, low: Numbers, high: Numbers) -> None:
    low[:], high[:] = np.inf, -np.inf
    np.minimum.at(low, own, values)
    np.maximum.at(high, own, values)


def _measure_loop(
    points: Floats, triangles: Indices, own: Indices, along: Numbers, sides: Numbers, found: Numbers
) -> None:
    low, high, area, level = found[0], found[1], found[2], found[3]
    longest = np.zeros(len(low))
    for t in range(len(triangles)):
        e = own[triangles[t, 0]]
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay, az = np.float64(points[a, 0]), np.float64(points[a, 1]), np.float64(points[a, 2])
        bx, by, bz = np.float64(points[b, 0]), np.float64(points[b, 1]), np.float64(points[b, 2])
        cx, cy, cz = np.float64(points[c, 0]), np.float64(points[c, 1]), np.float64(points[c, 2])
        x = (by - ay) * (cz - az) - (bz - az) * (cy - ay)
        y = (bz - az) * (cx - ax) - (bx - ax) * (cz - az)
        z = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        upward = z / max(np.sqrt(x * x + y * y + z * z), 1e-12)
        if upward > STEEP:
            area[e] += z / 2
            level[e] += z / 2 * ((az + bz + cz) / 3)
        elif abs(upward) < STEEP:
            _lengthen(bx - ax, by - ay, e, longest, along)
            _lengthen(cx - bx, cy - by, e, longest, along)
            _lengthen(ax - cx, ay - cy, e, longest, along)
    sides[:, :, 0], sides[:, :, 1] = np.inf, -np.inf
    low[:], high[:] = np.inf, -np.inf
    for k in range(len(points)):
        e = own[k]
        x, y, z = np.float64(points[k, 0]), np.float64(points[k, 1]), np.float64(points[k, 2])
        u = x * along[e, 0] + y * along[e, 1]
        v = x * -along[e, 1] + y * along[e, 0]
        sides[e, 0, 0], sides[e, 0, 1] = min(sides[e, 0, 0], u), max(sides[e, 0, 1], u)
        sides[e, 1, 0], sides[e, 1, 1] = min(sides[e, 1, 0], v), max(sides[e, 1, 1], v)
        low[e], high[e] = min(low[e], z), max(high[e], z)


def _lengthen(x: float, y: float, e: int, longest: Numbers, along: Numbers) -> None:
    """Take a side for the longest of its element, unless another one is longer."""
    length = np.sqrt(x * x + y * y)
    if length > 0 and length >= longest[e]:
        longest[e] = length
        along[e, 0], along[e, 1] = x / length, y / length


_READ = "Array({}, {}, 'C', readonly=True)"
measure = kernel(
    _measure,
    _measure_loop,
    f"void({_READ.format('float32', 2)}, {_READ.format('int32', 2)}, {_READ.format('int32', 1)},"
    " float64[:, ::1], float64[:, :, ::1], float64[:, ::1])",
    helpers=(_lengthen,),
)
"""Measure bodies: direction of the longest wall, extents along and across, levels, roofs.

Points (n, 3), triangles (m, 3) and the number of each point's body; written are, for each body, the
direction (which must be east before), the least and the most along and across it, and in four rows
(zero before) the lowest level, the highest, the area of its roofs seen from above, and that area
times their level.
"""


@dataclass(frozen=True, eq=False)
class Groups:
    """Neighbours drawn as one.

    Parameters
    ----------
    boxes
        One for each group; their elements are the numbers of the groups.
    rows
        Shape (m,), int64: rows of the members' elements, group after group.
    starts
        Shape (n,), int64: where the members of each group begin.
    weights
        Shape (m,), float32: share of each member in its group, by area of footprint.
    """

    boxes: Boxes
    rows: Whole
    starts: Whole
    weights: npt.NDArray[np.float32]

    def mean(self, colours: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """Return the mean colour of each group from those of its members, shape (n, k)."""
        total = np.add.reduceat(colours * self.weights[:, None], self.starts, axis=0)
        return np.asarray(np.rint(total).clip(0, 255), dtype=np.uint8)


def grouped(boxes: Boxes, most: int) -> Groups:
    """Return boxes put together with their neighbours, up to `most` in a group.

    A group's box has the area and the volume of its members: as much of the ground is seen as
    before. Neighbours are found by strips from west to east, cut from south to north.
    """
    n = len(boxes.element)
    across, deep = np.ptp(boxes.middle, axis=0)
    strips = max(1, round(np.sqrt(n / most * max(across, 1.0) / max(deep, 1.0))))
    strip = np.empty(n, dtype=np.int64)
    strip[np.argsort(boxes.middle[:, 0], kind="stable")] = np.arange(n) * strips // n
    order = np.lexsort((boxes.middle[:, 1], strip))
    first = np.searchsorted(strip[order], np.arange(strips))
    place = np.arange(n) - first[strip[order]]
    starts = np.flatnonzero(place % most == 0)
    area = boxes.area[order]
    whole = np.add.reduceat(area, starts)
    weights = area / np.repeat(whole, np.diff(starts, append=n))
    merged = _merged(boxes, order, starts, whole, weights)
    return Groups(merged, boxes.element[order], starts, weights.astype(np.float32))


def _merged(boxes: Boxes, order: Whole, starts: Whole, area: Numbers, weights: Numbers) -> Boxes:
    middle = boxes.middle[order]
    reach = np.linalg.norm(boxes.half[order], axis=1)[:, None] / np.sqrt(2.0)
    low, high = boxes.low[order], boxes.high[order]
    span = np.maximum.reduceat(middle + reach, starts) - np.minimum.reduceat(middle - reach, starts)
    half = span / 2 * np.sqrt(area / (span[:, 0] * span[:, 1]))[:, None]
    foot = np.add.reduceat(low * weights, starts)
    tall = np.add.reduceat((high - low) * weights, starts)
    return Boxes(
        np.arange(len(starts)),
        np.add.reduceat(middle * weights[:, None], starts),
        np.tile([1.0, 0.0], (len(starts), 1)),
        half,
        foot,
        foot + tall,
    )


def mesh(boxes: Boxes) -> Mesh:
    """Return boxes of eight corners without a floor; the last corner of a face has its shade."""
    n = len(boxes.element)
    across = np.stack([-boxes.along[:, 1], boxes.along[:, 0]], axis=1)
    offset = _CORNERS * boxes.half[:, None]
    flat = boxes.middle[:, None] + offset[..., :1] * boxes.along[:, None]
    flat = flat + offset[..., 1:] * across[:, None]
    points = np.empty((n, 2, 4, 3))
    points[..., :2] = flat[:, None]
    points[:, 0, :, 2], points[:, 1, :, 2] = boxes.low[:, None], boxes.high[:, None]
    outward = np.stack([-across, boxes.along, across, -boxes.along], axis=1)
    normals = np.concatenate([outward, np.zeros((n, 4, 1))], axis=2)
    shade = np.ones((n, 8))
    shade[:, :4] = light.shade(normals) * (1.0 + light.FOOT) / 2
    triangles = np.arange(n)[:, None, None] * 8 + _TRIANGLES
    return build(points, triangles, np.repeat(boxes.element, 8), shade.ravel())
