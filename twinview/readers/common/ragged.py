"""Polygons straight from well-known binary into flat arrays, where nothing about them is doubtful.

A million shapes as objects cost seconds and most of a gigabyte. Rows whose rings provably neither
cross nor touch are taken over as they stand; all others are left to the geometry library.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from twinview.model.geometry import Geometry, offsets
from twinview.readers.common.rings import sound

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]
Objects = npt.NDArray[np.object_]

_STEPS = 24
"""Headers of rings and parts that are looked at; rows with more are left to the library."""
_POLYGON, _MULTIPOLYGON = 3, 6
_TALL, _EWKB_TALL = 1000, 0x80000000


@dataclass(frozen=True, eq=False)
class Ready:
    """Rows of a table whose polygons need no look of the geometry library.

    Parameters
    ----------
    known
        Which rows they are, shape (n,).
    geometry
        Their polygons, in the order of the rows.
    """

    known: Bools
    geometry: Geometry

    def swapped(self) -> "Ready":
        """Return the same with first and second coordinate exchanged."""
        coords = self.geometry.coords[:, [1, 0, 2]]
        return replace(self, geometry=self.geometry.moved(coords))

    def shapes(self, rows: Whole) -> Objects:
        """Return some of the known rows as shapes."""
        places = np.cumsum(self.known)[rows] - 1
        made = [_shape(self.geometry, int(place)) for place in places]
        return np.array([*made, None], dtype=object)[:-1]


@dataclass
class _Cursor:
    """Where the look at each row has come to.

    `at` and `end` are places in the bytes, `parts` and `rings` what is still to come.
    """

    at: Whole
    end: Whole
    parts: Whole
    rings: Whole
    size: Whole


def polygons(column: pa.ChunkedArray) -> Ready | None:
    """Return the rows of a column of well-known binary that are sound polygons, None for none.

    Parameters
    ----------
    column
        Binary, from a file: nothing is believed without a look.
    """
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # of no chunk at all
        return None
    data, starts = _buffers(array)
    if len(data) < 8 or not len(starts) > 1:
        return None
    there = ~np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=bool)
    cursor, good = _opened(data, starts, there)
    rows, places, counts, opens = _walked(data, cursor, good)
    kept = good[rows]
    found = rows[kept], places[kept], counts[kept], opens[kept]
    return _assembled(data, good, cursor.size, found)


def _buffers(array: pa.Array) -> tuple[Bytes, Whole]:
    """Return the bytes of a binary array and the offsets of its rows, without a copy of bytes."""
    kind = np.int64 if pa.types.is_large_binary(array.type) else np.int32
    if not (pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type)):
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    _valid, index, data = array.buffers()
    if index is None or data is None:
        return np.empty(0, np.uint8), np.zeros(1, np.int64)
    starts = np.frombuffer(index, kind)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(data, np.uint8), starts.astype(np.int64)


def _words(data: Bytes, at: Whole) -> Whole:
    """Return whole numbers of four bytes at any places, 0 behind the end."""
    view = np.ndarray(len(data) - 3, np.dtype("<u4"), data, strides=(1,))
    inside = at < len(view)
    return np.where(inside, view[np.where(inside, at, 0)], 0).astype(np.int64)


def _header(data: Bytes, at: Whole) -> tuple[Whole, Whole, Bools]:
    """Return the plain type and the bytes of a point of shapes, and which are understood."""
    code = _words(data, at + 1)
    tall = (code & _EWKB_TALL > 0) | (code & ~_EWKB_TALL > _TALL)
    plain = code & ~_EWKB_TALL
    plain = np.where(plain > _TALL, plain - _TALL, plain)
    ours = (data[np.minimum(at, len(data) - 1)] == 1) & np.isin(plain, (_POLYGON, _MULTIPOLYGON))
    return plain, np.where(tall, 24, 16), ours


def _opened(data: Bytes, starts: Whole, there: Bools) -> tuple[_Cursor, Bools]:
    at, end = starts[:-1].copy(), starts[1:].copy()
    good = there & (end - at >= 9)
    kind, size, ours = _header(data, at)
    good &= ours
    count = _words(data, at + 5)
    several = kind == _MULTIPOLYGON
    parts, rings = np.where(several, count, 0), np.where(several, 0, count)
    good &= (count > 0) & (count <= _STEPS)
    return _Cursor(at + 9, end, parts, np.where(good, rings, 0), size), good


def _walked(data: Bytes, cursor: _Cursor, good: Bools) -> tuple[Whole, Whole, Whole, Bools]:
    """Return row, place, number of points and whether it opens a part, of each ring.

    Rows that end too early or late, or that have too many rings, are taken out of `good`.
    """
    found: list[tuple[Whole, Whole, Whole, Bools]] = []
    fresh = cursor.parts == 0
    active = np.flatnonzero(good)
    for _step in range(2 * _STEPS):
        if not len(active):
            break
        ring = cursor.rings[active] > 0
        _open_parts(data, cursor, good, active[~ring], fresh)
        mine = active[ring]
        count = _words(data, cursor.at[mine])
        begin = cursor.at[mine] + 4
        stop = begin + count * cursor.size[mine]
        good[mine[(stop > cursor.end[mine]) | (count < 4)]] = False
        found.append((mine, begin, count, fresh[mine]))
        cursor.at[mine] = stop
        cursor.rings[mine] -= 1
        fresh[mine] = False
        pending = (cursor.rings[active] > 0) | (cursor.parts[active] > 0)
        active = active[good[active] & pending]
    good[active] = False
    good &= cursor.at == cursor.end
    rows, places, counts, opens = (
        np.concatenate([one[k] for one in found]) if found else np.empty(0, np.int64)
        for k in range(4)
    )
    order = np.argsort(rows, kind="stable")
    return rows[order], places[order], counts[order], opens[order].astype(bool)


def _open_parts(data: Bytes, cursor: _Cursor, good: Bools, rows: Whole, fresh: Bools) -> None:
    """Read the headers of the next parts of some rows."""
    kind, size, ours = _header(data, cursor.at[rows])
    count = _words(data, cursor.at[rows] + 5)
    wrong = (
        ~ours | (kind != _POLYGON) | (size != cursor.size[rows]) | (count < 1) | (count > _STEPS)
    )
    good[rows[wrong | (cursor.at[rows] + 9 > cursor.end[rows])]] = False
    cursor.at[rows] += 9
    cursor.rings[rows] = count
    cursor.parts[rows] -= 1
    fresh[rows] = True


def _assembled(
    data: Bytes, good: Bools, size: Whole, found: tuple[Whole, Whole, Whole, Bools]
) -> Ready | None:
    """Return the polygons of the rings, without closing points, of the rows that are sound."""
    rows, places, counts, opens = found
    closed = _same_ends(data, places, counts, size[rows])
    good[rows[~closed]] = False
    kept = good[rows]
    rows, places, counts, opens = rows[kept], places[kept], counts[kept] - 1, opens[kept]
    if not len(rows):
        return None
    coords = _coordinates(data, places, counts, size[rows])
    rings = offsets(counts)
    parts = np.flatnonzero(opens)
    row_of_part = rows[parts]
    elements, per_row = np.unique(row_of_part, return_counts=True)
    geometry = Geometry(
        "polygon", coords, rings,
        np.append(parts, len(rows)).astype(np.int32), offsets(per_row),
    )  # fmt: skip
    fine = sound(geometry)
    known = np.zeros(len(good), dtype=bool)
    known[elements[fine]] = True
    return Ready(known, geometry if fine.all() else geometry.taken(np.flatnonzero(fine)))


def _numbers(data: Bytes, at: Whole) -> npt.NDArray[np.float64]:
    """Return numbers of eight bytes at any places."""
    view = np.ndarray(max(len(data) - 7, 0), np.dtype("<f8"), data, strides=(1,))
    return np.asarray(view[at], dtype=np.float64)


def _same_ends(data: Bytes, places: Whole, counts: Whole, size: Whole) -> Bools:
    last = places + (counts - 1) * size
    same = np.ones(len(places), dtype=bool)
    for step in (0, 8):
        same &= _numbers(data, places + step) == _numbers(data, last + step)
    return same


def _coordinates(data: Bytes, places: Whole, counts: Whole, size: Whole) -> npt.NDArray[np.float64]:
    """Return the points of rings, shape (n, 3), height 0 where there is none or no number."""
    ends = np.cumsum(counts)
    within = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
    at = np.repeat(places, counts) + within * np.repeat(size, counts)
    coords = np.zeros((len(at), 3))
    coords[:, 0], coords[:, 1] = _numbers(data, at), _numbers(data, at + 8)
    tall = np.repeat(size == 24, counts)
    if tall.any():
        height = _numbers(data, at[tall] + 16)
        coords[tall, 2] = np.nan_to_num(height, nan=0.0, posinf=0.0, neginf=0.0)
    return coords


def merged(ready: Ready, other: Geometry, rows: Whole) -> Geometry:
    """Return the known polygons and others in the order of the rows.

    Parameters
    ----------
    ready
        Those that are known.
    other
        The other polygons that are wanted.
    rows
        The rows of both, rising.
    """
    if not len(other):
        return ready.geometry
    known, one = ready.known[rows], ready.geometry
    order = np.where(known, np.cumsum(known) - 1, len(one) + np.cumsum(~known) - 1)
    both = Geometry(
        "polygon",
        np.concatenate([one.coords, other.coords]),
        _chained(one.rings, other.rings),
        _chained(one.parts, other.parts),
        _chained(one.elements, other.elements),
    )
    return both.taken(order)


def _chained(a: npt.NDArray[np.int32], b: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
    return np.concatenate([a, b[1:] + a[-1]])


def _shape(geometry: Geometry, element: int) -> shapely.Geometry:
    made = []
    for part in range(geometry.elements[element], geometry.elements[element + 1]):
        rings = [
            geometry.coords[geometry.rings[ring] : geometry.rings[ring + 1], :2]
            for ring in range(geometry.parts[part], geometry.parts[part + 1])
        ]
        made.append(shapely.Polygon(rings[0], rings[1:]))
    return made[0] if len(made) == 1 else shapely.MultiPolygon(made)
