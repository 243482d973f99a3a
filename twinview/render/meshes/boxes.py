"""Bodies seen from afar: a box for each, or one block for several, of the same area and volume."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.render.meshes import light
from twinview.render.meshes.mesh import Mesh, build

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_STEEP = 0.3
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
    element, own = np.unique(mesh.element, return_inverse=True)
    n = len(element)
    points = mesh.points.astype(np.float64)
    corners = points[mesh.triangles]
    owner = own[mesh.triangles[:, 0]]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    upward = cross[:, 2] / np.maximum(np.linalg.norm(cross, axis=1), 1e-12)
    along = _longest(corners, owner, np.abs(upward) < _STEEP, n)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    sides = np.stack([_spread(points[:, :2], axis, own, n) for axis in (along, across)], axis=1)
    low, high = _extremes(points[:, 2], own, n)
    roof = upward > _STEEP
    area = np.bincount(owner[roof], cross[roof, 2] / 2, n)
    level = np.bincount(owner[roof], cross[roof, 2] / 2 * corners[roof, :, 2].mean(axis=1), n)
    covered = area > 0
    high = np.where(covered, level / np.where(covered, area, 1.0), high)
    half = np.maximum((sides[..., 1] - sides[..., 0]) / 2, 0.05)
    share = np.where(covered, area / (4 * half[:, 0] * half[:, 1]), 1.0)
    half *= np.sqrt(np.minimum(share, 1.0))[:, None]
    centre = sides.mean(axis=2)
    middle = along * centre[:, :1] + across * centre[:, 1:]
    return Boxes(element.astype(np.int64), middle, along, half, low, np.maximum(high, low + 0.1))


def _longest(corners: Numbers, owner: Whole, wall: npt.NDArray[np.bool_], n: int) -> Numbers:
    """Return the horizontal direction of each element's longest wall; east where it has none."""
    ahead = (np.roll(corners[wall], -1, axis=1) - corners[wall])[..., :2].reshape(-1, 2)
    mine, length = np.repeat(owner[wall], 3), np.linalg.norm(ahead, axis=1)
    order = np.lexsort((length, mine))
    last = order[np.flatnonzero(np.diff(mine[order], append=-1))]
    last = last[length[last] > 0]
    found = np.tile([1.0, 0.0], (n, 1))
    found[mine[last]] = ahead[last] / length[last, None]
    return found


def _spread(points: Numbers, axis: Numbers, own: Whole, n: int) -> Numbers:
    """Return between which distances along its axis each element lies, shape (n, 2)."""
    return np.stack(_extremes((points * axis[own]).sum(axis=1), own, n), axis=1)


def _extremes(values: Numbers, own: Whole, n: int) -> tuple[Numbers, Numbers]:
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(low, own, values)
    np.maximum.at(high, own, values)
    return low, high


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
        """Return the mean colour of each group from those of its members, shape (m, 3)."""
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
