"""Buildings from footprints in one pass: walls raised, roofs laid on, light baked.

It serves as soon as there is machine code, and makes the triangles that `houses` makes.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel
from twinview.model.geometry import Geometry
from twinview.render.meshes import footplan
from twinview.render.meshes.footplan import (
    BLOCK,
    BODY,
    CORNER,
    EDGE,
    FIRST,
    FLAT,
    GABLE,
    HIP,
    KIND,
    LAST,
    LID,
    LIDS,
    POINT,
    READ,
    ROW,
    SHED,
    TRIANGLE,
    Footplan,
)
from twinview.render.meshes.ground import Occlusion
from twinview.render.meshes.light import AMBIENT, DIFFUSE, FILL, FOOT, KEY, TO_FILL, TO_KEY
from twinview.render.meshes.mesh import Floats, Indices, Mesh

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DOWN = 0.05
"""Walls begin a little under the ground, so that no light shows under them, metres."""
BESIDE = 2.2
"""How far before a wall its neighbours are looked for, metres."""
_FLATTEST = 1e-9
_HALF_RIGHT = 45.0
_KX, _KY, _KZ = (float(one) for one in TO_KEY)
_FX, _FY, _FZ = (float(one) for one in TO_FILL)
_FULL = AMBIENT + DIFFUSE * (KEY * _KZ + FILL * _FZ)


class _Near(NamedTuple):
    """The map of what stands near; its corner and the size of a cell, 0 for no map."""

    grid: Floats
    frame: Numbers


class _Out(NamedTuple):
    """Written, as in `Mesh`."""

    points: Floats
    triangles: Indices
    element: Indices
    shade: Floats
    edges: Indices


def _lit(x: float, y: float, z: float) -> float:
    """Return how bright a surface is, from its unit normal; see `light.shade`."""
    key, fill = max(x * _KX + y * _KY + z * _KZ, 0.0), max(x * _FX + y * _FY + z * _FZ, 0.0)
    return min(max((AMBIENT + DIFFUSE * (KEY * key + FILL * fill)) / _FULL, 0.0), 1.08)


def _foot(x: float, y: float, near: _Near) -> float:
    """Return what is left of the light at the foot of a wall; see `Occlusion.wall`."""
    grid, cell = near.grid, near.frame[2]
    if cell <= 0.0:
        return FOOT
    column = min(max((x - near.frame[0]) / cell, 0.0), grid.shape[1] - 1.0)
    row = min(max((y - near.frame[1]) / cell, 0.0), grid.shape[0] - 1.0)
    around = np.float64(grid[int(row), int(column)])
    return float(min(max(FOOT + 0.14 - around * 0.62, 0.45), FOOT + 0.1))


def _set(out: _Out, v: int, x: float, y: float, z: float, lit: float) -> None:
    out.points[v, 0], out.points[v, 1], out.points[v, 2] = x, y, z
    out.shade[v] = lit


def _corners(out: _Out, v: int, flat: Numbers, count: int, lit: float) -> None:
    """Write the corners of a face that are the first of an array."""
    for k in range(count):
        _set(out, v + k, flat[k, 0], flat[k, 1], flat[k, 2], lit)


def _two(triangles: Indices, t: int, v: int) -> None:
    """Write the triangles of a quad."""
    triangles[t, 0], triangles[t, 1], triangles[t, 2] = v, v + 1, v + 2
    triangles[t + 1, 0], triangles[t + 1, 1], triangles[t + 1, 2] = v, v + 2, v + 3


def _line(edges: Indices, at: int, a: int, b: int) -> int:
    edges[at, 0], edges[at, 1] = a, b
    return at + 1


def _wall(
    out: _Out, v: int, flat: Numbers, ends: tuple[int, int], low: float,
    above: tuple[float, float], near: _Near,
) -> None:  # fmt: skip
    """Write the corners of a wall from place to place: two at its foot, two above them."""
    ax, ay, bx, by = flat[ends[0], 0], flat[ends[0], 1], flat[ends[1], 0], flat[ends[1], 1]
    dx, dy = bx - ax, by - ay
    length = np.sqrt(dx * dx + dy * dy)
    x, y, z = (dy / length, -dx / length, 0.0) if length > 0.0 else (0.0, 0.0, 1.0)
    lit = _lit(x, y, z)
    _set(out, v, ax, ay, low, lit * _foot(ax + x * BESIDE, ay + y * BESIDE, near))
    _set(out, v + 1, bx, by, low, lit * _foot(bx + x * BESIDE, by + y * BESIDE, near))
    _set(out, v + 2, bx, by, above[1], lit)
    _set(out, v + 3, ax, ay, above[0], lit)


def _facing(p: Numbers) -> float:
    """Return how bright a face is, from its first three corners."""
    ax, ay, az = p[1, 0] - p[0, 0], p[1, 1] - p[0, 1], p[1, 2] - p[0, 2]
    bx, by, bz = p[2, 0] - p[0, 0], p[2, 1] - p[0, 1], p[2, 2] - p[0, 2]
    x, y, z = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    length = np.sqrt(x * x + y * y + z * z)
    if length <= _FLATTEST:
        return _lit(0.0, 0.0, 1.0)
    return _lit(x / length, y / length, z / length)


def _body(made: Footplan, mine: Whole, figures: Numbers, near: _Near, out: _Out) -> None:
    """Write a body of any outline with a level roof."""
    v, t, at = mine[POINT], mine[TRIANGLE], mine[EDGE]
    clean, starts = made.clean, made.starts
    begin, end = starts[mine[FIRST]], starts[mine[LAST]]
    base = np.inf
    for k in range(begin, end):
        base = min(base, clean[k, 2])
    eaves, ridge = figures[0], figures[1]
    high = base + (eaves if int(figures[2]) == FLAT else (eaves * 2 + ridge) / 3)
    lid = v + 4 * (end - begin)
    for ring in range(mine[FIRST], mine[LAST]):
        for k in range(starts[ring], starts[ring + 1]):
            after = k + 1 if k + 1 < starts[ring + 1] else starts[ring]
            _wall(out, v, clean, (k, after), base - DOWN, (high, high), near)
            _two(out.triangles, t, v)
            if made.creased[k]:
                at = _line(out.edges, at, v, v + 3)
            at = _line(out.edges, _line(out.edges, at, v + 3, v + 2), v, v + 1)
            if made.used[k] >= 0:
                _set(out, lid + made.used[k], clean[k, 0], clean[k, 1], high, 1.0)
            v, t = v + 4, t + 2
    for k in range(mine[LID], mine[LID] + mine[LIDS]):
        for side in range(3):
            out.triangles[t, side] = lid + made.used[made.lids[k, side]]
        t += 1


def _side(quad: Numbers, a: int, b: int) -> float:
    dx, dy = quad[b, 0] - quad[a, 0], quad[b, 1] - quad[a, 1]
    return float(np.sqrt(dx * dx + dy * dy))


def _along(quad: Numbers, bearing_deg: float, roof: int) -> int:
    """Return the corner that comes first: the first side runs along the ridge."""
    if not np.isfinite(bearing_deg) or roof == FLAT:
        longer = _side(quad, 0, 1) + _side(quad, 2, 3) >= _side(quad, 1, 2) + _side(quad, 3, 0)
        return 0 if longer else 1
    own = np.degrees(np.arctan2(quad[1, 0] - quad[0, 0], quad[1, 1] - quad[0, 1]))
    return 0 if abs((own - bearing_deg + 90.0) % 180.0 - 90.0) <= _HALF_RIGHT else 1


def _eaves(made: Footplan, mine: Whole, figures: Numbers, quad: Numbers, turned: Numbers) -> float:
    """Write the corners of a block's eaves, ridge first; return the level of its foot."""
    eaves, ridge, roof = figures[0], figures[1], int(figures[2])
    for k in range(4):
        for axis in range(3):
            quad[k, axis] = made.clean[mine[CORNER + k], axis]
    first = _along(quad, figures[3], roof)
    base = min(quad[0, 2], quad[1, 2], quad[2, 2], quad[3, 2])
    for k in range(4):
        turned[k, 0], turned[k, 1] = quad[(k + first) % 4, 0], quad[(k + first) % 4, 1]
        turned[k, 2] = base + (ridge if roof == SHED and k > 1 else eaves)
    return float(base)


def _block(
    made: Footplan, mine: Whole, figures: Numbers, near: _Near, out: _Out,
    room: tuple[Numbers, Numbers, Numbers],
) -> None:  # fmt: skip
    """Write a building with four corners and the roof its data name."""
    v, t, at, roof = mine[POINT], mine[TRIANGLE], mine[EDGE], int(figures[2])
    face, turned, ends = room
    base = _eaves(made, mine, figures, face, turned)
    for k in range(4):
        after = (k + 1) % 4
        above = (turned[k, 2], turned[after, 2])
        _wall(out, v, turned, (k, after), base - DOWN, above, near)
        _two(out.triangles, t, v)
        at = _line(out.edges, at, v, v + 3)
        if roof != GABLE or k % 2 == 0:
            at = _line(out.edges, at, v + 3, v + 2)
        at = _line(out.edges, at, v, v + 1)
        v, t = v + 4, t + 2
    if roof == GABLE or roof == HIP:  # noqa: PLR1714, SIM109 - numba compares numbers faster
        _ridge(turned, base + figures[1], roof, ends)
        _ridged(turned, ends, roof, out, (v, t, at), face)
    else:
        _corners(out, v, turned, 4, _facing(turned))
        _two(out.triangles, t, v)


def _take(face: Numbers, k: int, flat: Numbers, row: int) -> None:
    """Copy a corner. Rows are not assigned as such: that takes seconds to compile."""
    face[k, 0], face[k, 1], face[k, 2] = flat[row, 0], flat[row, 1], flat[row, 2]


def _ridge(p: Numbers, level: float, roof: int, ends: Numbers) -> None:
    """Write the ends of a ridge; those of a hip roof are drawn in by half of its width."""
    for axis in range(2):
        ends[0, axis], ends[1, axis] = (
            (p[1, axis] + p[2, axis]) / 2,
            (p[3, axis] + p[0, axis]) / 2,
        )
    inset = 0.5 * _side(p, 1, 2) if roof == HIP else 0.0
    share = min(inset / max(_side(ends, 0, 1), 1e-6), 0.5)
    for axis in range(2):
        along = (ends[1, axis] - ends[0, axis]) * share
        ends[0, axis], ends[1, axis] = ends[0, axis] + along, ends[1, axis] - along
    ends[0, 2], ends[1, 2] = level, level


def _ridged(
    p: Numbers, ends: Numbers, roof: int, out: _Out, begin: tuple[int, int, int], face: Numbers
) -> None:
    """Write a gable roof or a hip roof."""
    v, t, at = begin
    for k in range(2):
        _take(face, 0, p, 2 * k)
        _take(face, 1, p, 2 * k + 1)
        _take(face, 2, ends, k)
        _take(face, 3, ends, 1 - k)
        _corners(out, v, face, 4, _facing(face))
        _two(out.triangles, t, v)
        for step in range(1, 4):
            at = _line(out.edges, at, v + step, v + (step + 1) % 4)
        v, t = v + 4, t + 2
    for k in range(2):
        _take(face, 0, p, 2 * k + 1)
        _take(face, 1, p, (2 * k + 2) % 4)
        _take(face, 2, ends, k)
        _corners(out, v, face, 3, _facing(face))
        for step in range(3):
            out.triangles[t, step] = v + step
        if roof == HIP:
            at = _line(out.edges, at, v, v + 1)
        v, t = v + 3, t + 1


def _fill(  # noqa: PLR0913, PLR0917 - numba's types of flat arrays can be written down
    table: Whole, clean: Numbers, starts: Whole, lids: Whole, used: Indices, creased: Flags,
    figures: Numbers, grid: Floats, frame: Numbers, points: Floats, triangles: Indices,
    element: Indices, shade: Floats, edges: Indices,
) -> None:  # fmt: skip
    """Write the meshes of what was planned.

    Parameters
    ----------
    table, clean, starts, lids, used, creased
        A `Footplan`.
    figures
        As `bodies` takes them.
    grid, frame
        As in `_Near`.
    points, triangles, element, shade, edges
        Written, as in `Mesh`.
    """
    made = Footplan(table, clean, starts, lids, used, creased)
    near, out = _Near(grid, frame), _Out(points, triangles, element, shade, edges)
    room = np.empty((4, 3)), np.empty((4, 3)), np.empty((2, 3))
    for k in range(len(table)):
        mine = table[k]
        row = mine[ROW]
        end = table[k + 1, POINT] if k + 1 < len(table) else len(points)
        for v in range(mine[POINT], end):
            element[v] = row
        if mine[KIND] == BLOCK:
            _block(made, mine, figures[row], near, out, room)
        elif mine[KIND] == BODY:
            _body(made, mine, figures[row], near, out)


fill = kernel(
    None,
    _fill,
    "void(int64[:, ::1], float64[:, ::1], int64[::1], int64[:, ::1], int32[::1], boolean[::1],"
    f" float64[:, ::1], {READ.format('float32', 2)}, float64[::1], float32[:, ::1],"
    " int32[:, ::1], int32[::1], float32[::1], int32[:, ::1])",
    helpers=(_lit, _foot, _set, _corners, _two, _line, _wall, _facing, _body, _side, _along,
             _eaves, _take, _ridge, _ridged, _block),
)  # fmt: skip
"""Write the meshes of what was planned; see `_fill`. Ask first whether it is ready."""


# ----------------------------------------------------------------------------------------- serving
def ready() -> bool:
    """Tell whether there is machine code."""
    return footplan.plan.ready and fill.ready


def bodies(
    geometry: Geometry, figures: Numbers, rows: Whole, occlusion: Occlusion | None
) -> tuple[Mesh, Whole]:
    """Return some elements as bodies, and the rows of those that are left to `houses`.

    Parameters
    ----------
    geometry
        Polygons.
    figures
        Shape (elements, 4), of all elements: eaves and ridge over the ground, metres, kind of roof,
        and bearing of the ridge, degrees.
    rows
        Which elements, ascending.
    occlusion
        What neighbours take away of the light; None for none.
    """
    grid, frame = np.zeros((1, 1), np.float32), np.zeros(3)
    if occlusion is not None:
        grid, frame = occlusion.near, np.array([occlusion.x0, occlusion.y0, occlusion.cell])
    made, counts, left = _planned(geometry, figures, rows)
    points, triangles, edges = counts
    mesh = Mesh(
        np.empty((points, 3), np.float32),
        np.empty((triangles, 3), np.int32),
        np.empty(points, np.int32),
        np.empty(points, np.float32),
        np.empty((edges, 2), np.int32),
    )
    out = _Out(mesh.points, mesh.triangles, mesh.element, mesh.shade, mesh.edges)
    fill(*made, figures, grid, frame, *out)
    return mesh, left


def _planned(
    geometry: Geometry, figures: Numbers, rows: Whole
) -> tuple[Footplan, tuple[int, int, int], Whole]:
    """Plan some elements; return also how much there will be, and the rows that are left over."""
    ends = np.stack([geometry.elements[rows], geometry.elements[rows + 1]])
    room = [int(np.diff(ends, axis=0).sum())]
    for starts in (geometry.parts, geometry.rings):
        ends = starts[ends]
        room.append(int(np.diff(ends, axis=0).sum()))
    parts, rings, corners = room
    made = Footplan(
        np.empty((parts, footplan.COLUMNS), np.int64),
        np.empty((corners, 3)),
        np.zeros(rings + 1, np.int64),
        np.empty((corners + 2 * rings, 3), np.int64),
        np.empty(corners, np.int32),
        np.empty(corners, np.bool_),
    )
    left = np.zeros(len(rows), np.bool_)
    coords = np.ascontiguousarray(geometry.coords, np.float64)
    found, *counts = footplan.plan(
        coords, geometry.rings, geometry.parts, geometry.elements, rows, figures,
        *made[1:], made.table, left,
    )  # fmt: skip
    points, triangles, edges = counts
    return made._replace(table=made.table[:found]), (points, triangles, edges), rows[left]
