"""Footprints planned in one pass: rings cleaned and turned, level roofs cut, room for all counted.

Only as machine code is this quick. An element with a ring that is odd, or whose triangles differ in
area from their polygon, is left to whoever has patience (`polygons`).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel
from twinview.render.meshes.earclip import HELPERS, LONGEST, _bridged, _clip, _cross
from twinview.render.meshes.mesh import Indices

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

FLAT, GABLE, HIP, SHED = range(4)
CREASE = float(np.cos(np.radians(30.0)))
STRAIGHT = float(np.cos(np.radians(3.0)))
"""Cosines of the turns from which on a corner is a crease, or a corner at all."""
NOTHING, BODY, BLOCK = range(3)
"""What a part becomes: nothing, a body of any outline, or one with four corners and any roof."""
ROW, KIND, FIRST, LAST, LID, LIDS, TOP, POINT, TRIANGLE, EDGE, CORNER = range(11)
COLUMNS = CORNER + 4
"""Of a plan, for each part: row of its element, kind, rings, triangles and corners of its lid,
where its points, triangles and edges begin, and the four corners of a block."""
_SAME = 1e-4
"""Corners nearer than this to the one before are left out, metres."""
_TOLERANCE = 1e-9
_LINK = 1e-9
"""Lengths below this count as this, square metres: nothing is divided by 0."""


class Footplan(NamedTuple):
    """What is known of some elements before anything is raised.

    Parameters
    ----------
    table
        Shape (parts, `COLUMNS`), int64.
    clean
        Shape (n, 3): corners of the rings, outlines counter-clockwise, holes clockwise.
    starts
        Where each ring begins.
    lids
        Shape (m, 3), int64: triangles of level roofs, corners in `clean`.
    used
        Shape (n,), int32: number of each corner in its level roof, -1 where that has no such.
    creased
        Shape (n,), bool: whether walls meet there in a crease.
    """

    table: Whole
    clean: Numbers
    starts: Whole
    lids: Whole
    used: Indices
    creased: Flags


class _Chains(NamedTuple):
    """Room for one ring that ears are cut from."""

    chain: Whole
    ahead: Whole
    back: Whole


def _cleaned(
    coords: Numbers, a: int, b: int, clean: Numbers, at: int, hole: bool
) -> tuple[int, float]:
    """Write the corners of a ring, turned the right way; return how many (-1: odd) and its area."""
    count = 0
    for k in range(a, b):
        x, y, z = coords[k, 0], coords[k, 1], coords[k, 2]
        if not (np.isfinite(x) and np.isfinite(y) and np.isfinite(z)):
            return -1, 0.0
        p = k - 1 if k > a else b - 1
        if abs(x - coords[p, 0]) > _SAME or abs(y - coords[p, 1]) > _SAME:
            clean[at + count, 0], clean[at + count, 1], clean[at + count, 2] = x, y, z
            count += 1
    return _turned(clean, at, count, hole)


def _turned(clean: Numbers, at: int, count: int, hole: bool) -> tuple[int, float]:
    """Turn a ring the right way; return its corners, none of fewer than three, and its area."""
    area = 0.0
    if count < 3:
        return 0, area
    for k in range(at + 1, at + count - 1):
        area += _cross(clean, at, k, k + 1) / 2
    if (area < 0.0) != hole:
        area = -area
        for k in range(count // 2):
            one, two = at + k, at + count - 1 - k
            for axis in range(3):
                clean[one, axis], clean[two, axis] = clean[two, axis], clean[one, axis]
    return count, area


def _bend(clean: Numbers, before: int, at: int, after: int) -> float:
    """Return the cosine of the turn at a corner."""
    ax, ay = clean[after, 0] - clean[at, 0], clean[after, 1] - clean[at, 1]
    bx, by = clean[at, 0] - clean[before, 0], clean[at, 1] - clean[before, 1]
    length = np.sqrt(ax * ax + ay * ay) * np.sqrt(bx * bx + by * by)
    return float((ax * bx + ay * by) / max(length, _LINK))


def _is_block(clean: Numbers, a: int, b: int, plan: Whole) -> bool:
    """Tell whether a ring has four corners, all to the left, and note which."""
    found = 0
    for k in range(a, b):
        if _bend(clean, k - 1 if k > a else b - 1, k, k + 1 if k + 1 < b else a) < STRAIGHT:
            if found == 4:
                return False
            plan[CORNER + found] = k
            found += 1
    if found < 4:
        return False
    for k in range(4):
        before, at, after = plan[CORNER + (k - 1) % 4], plan[CORNER + k], plan[CORNER + (k + 1) % 4]
        if _cross(clean, before, at, after) <= 0.0:
            return False
    return True


def _creases(made: Footplan, a: int, b: int) -> int:
    """Note at which corners of some rings walls meet in a crease, and return how many these are."""
    found = 0
    for ring in range(a, b):
        first, last = made.starts[ring], made.starts[ring + 1]
        for k in range(first, last):
            before, after = k - 1 if k > first else last - 1, k + 1 if k + 1 < last else first
            made.creased[k] = _bend(made.clean, before, k, after) < CREASE
            found += made.creased[k]
    return found


def _lid(made: Footplan, mine: Whole, area: float, room: _Chains) -> None:
    """Cut a level roof, and note how many triangles (-1: not of this area) and corners it has."""
    clean, lids, used = made.clean, made.lids[mine[LID] :], made.used
    begin, end = made.starts[mine[FIRST]], made.starts[mine[LAST]]
    count = _bridged(clean, made.starts, mine[FIRST], mine[LAST], room.chain)
    cut = _clip(clean, room.chain, count, room.ahead, room.back, lids)
    found, corners = 0.0, 0
    for k in range(begin, end):
        used[k] = -1
    for k in range(cut):
        found += _cross(clean, lids[k, 0], lids[k, 1], lids[k, 2]) / 2
        for side in range(3):
            used[lids[k, side]] = 0
    for k in range(begin, end):
        if used[k] == 0:
            used[k] = corners
            corners += 1
    right = abs(found - area) <= _TOLERANCE * max(abs(area), 1e-6)
    mine[LIDS], mine[TOP] = cut if right else -1, corners


def _outlined(
    coords: Numbers, rings: Indices, a: int, b: int, clean: Numbers, starts: Whole, first: int
) -> tuple[int, float]:
    """Write the rings of a part; return how many corners (-1: odd) and its area."""
    whole, corners = 0.0, 0
    for ring in range(a, b):
        at = starts[first + ring - a]
        if rings[ring + 1] - rings[ring] > LONGEST:
            return -1, 0.0
        count, area = _cleaned(coords, rings[ring], rings[ring + 1], clean, at, ring > a)
        if count < 0 or (ring > a and count and starts[first + 1] == starts[first]):
            return -1, 0.0
        starts[first + ring - a + 1] = at + count
        whole += area
        corners += count
    return (corners if corners <= LONGEST else -1), whole


def _block_size(roof: int) -> tuple[int, int, int]:
    """Return how many points, triangles and edges a building with four corners has."""
    if roof == GABLE:
        return 30, 14, 16
    if roof == HIP:
        return 30, 14, 20
    return 20, 10, 12


def _part(
    made: Footplan, mine: Whole, corners: int, area: float, roof: int, room: _Chains
) -> tuple[int, int, int]:
    """Plan a part; return how many points (-1: left to others), triangles and edges it has."""
    a, b = mine[FIRST], mine[LAST]
    mine[LIDS], mine[TOP], mine[KIND] = 0, 0, NOTHING
    if corners <= 0:
        return corners, 0, 0
    if b - a == 1 and _is_block(made.clean, made.starts[a], made.starts[b], mine):
        mine[KIND] = BLOCK
        return _block_size(roof)
    mine[KIND] = BODY
    _lid(made, mine, area, room)
    if mine[LIDS] < 0:
        return -1, 0, 0
    folds = _creases(made, a, b)
    return 4 * corners + mine[TOP], 2 * corners + mine[LIDS], folds + 2 * corners


def _plan(  # noqa: PLR0913, PLR0917 - numba's types of flat arrays can be written down
    coords: Numbers, rings: Indices, parts: Indices, elements: Indices, rows: Whole,
    figures: Numbers, clean: Numbers, starts: Whole, lids: Whole, used: Indices, creased: Flags,
    table: Whole, left: Flags,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Clean and cut; return how many parts, points, triangles and edges there will be.

    Parameters
    ----------
    coords, rings, parts, elements
        As in `Geometry`.
    rows, figures
        Rows of the wanted elements, and the figures of all, as `extrude.bodies` takes them.
    clean, starts, lids, used, creased, table
        Written: a `Footplan`, with room for all rings as they are.
    left
        Written, for each row: whether it is left to others.
    """
    size = 3 * LONGEST + 4
    room = _Chains(np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64))
    made = Footplan(table, clean, starts, lids, used, creased)
    part, ring, lid, points, triangles, edges = 0, 0, 0, 0, 0, 0
    for k in range(len(rows)):
        e = rows[k]
        before = (part, ring, lid, points, triangles, edges)
        for one in range(elements[e], elements[e + 1]):
            a, b = parts[one], parts[one + 1]
            mine = table[part]
            mine[ROW], mine[FIRST], mine[LAST], mine[LID] = e, ring, ring + b - a, lid
            corners, area = _outlined(coords, rings, a, b, clean, starts, ring)
            more = _part(made, mine, corners, area, int(figures[e, 2]), room)
            if more[0] < 0:
                left[k] = True
                break
            mine[POINT], mine[TRIANGLE], mine[EDGE] = points, triangles, edges
            points, triangles, edges = points + more[0], triangles + more[1], edges + more[2]
            part, ring, lid = part + 1, mine[LAST], lid + mine[LIDS]
        if left[k]:
            part, ring, lid, points, triangles, edges = before
    return part, points, triangles, edges


READ = "Array({}, {}, 'C', readonly=True)"
_OFFSETS = ", ".join([READ.format("int32", 1)] * 3)
plan = kernel(
    None,
    _plan,
    f"Tuple((int64, int64, int64, int64))({READ.format('float64', 2)}, {_OFFSETS}, int64[::1],"
    " float64[:, ::1], float64[:, ::1], int64[::1], int64[:, ::1], int32[::1], boolean[::1],"
    " int64[:, ::1], boolean[::1])",
    helpers=(
        *HELPERS,
        _turned,
        _cleaned,
        _bend,
        _is_block,
        _creases,
        _lid,
        _outlined,
        _block_size,
        _part,
    ),
)
"""Plan the parts of some elements; see `_plan`. Ask first whether it is ready."""
