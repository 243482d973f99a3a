"""Well-known binary: a look at its nesting before the geometry library gets it."""

import struct
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from twinview.readers.common import ragged

Objects = npt.NDArray[np.object_]

# GEOS overflows the stack between 10,000 and 20,000 levels; a level takes nine bytes at least, so
# only longer texts than this can hold so many.
_SHORT = 64 * 1024
_DEPTH = 32
_POINT, _LINE, _POLYGON = 1, 2, 3
_EWKB_Z, _EWKB_M, _EWKB_SRID = 0x80000000, 0x40000000, 0x20000000


def parse(blobs: Objects) -> tuple[Objects, Objects]:
    """Turn an array of bytes into shapes.

    Parameters
    ----------
    blobs
        Bytes or None, shape (n,).

    Returns
    -------
    tuple
        Shapes (None where there is none), and the reason where a blob could not be read ("" else).
    """
    reasons = np.full(len(blobs), "", dtype=object)
    sizes = np.fromiter(
        (0 if b is None else len(b) for b in blobs), dtype=np.int64, count=len(blobs)
    )
    for row in np.flatnonzero(sizes > _SHORT):
        if not shallow(blobs[row]):
            reasons[row] = "nested"
    readable = blobs.copy()
    readable[reasons != ""] = None
    shapes = np.asarray(shapely.from_wkb(readable, on_invalid="ignore"), dtype=object)
    damaged = (sizes > 0) & (reasons == "") & shapely.is_missing(shapes)
    reasons[damaged] = "damaged"
    return shapes, reasons


def shallow(blob: bytes) -> bool:
    """Tell whether a blob is well formed and nested at most 32 deep."""
    try:
        return _walk(blob)
    except struct.error:
        return False


def _walk(blob: bytes) -> bool:
    at, open_counts = 0, [1]
    while open_counts:
        if len(open_counts) > _DEPTH or at > len(blob):
            return False
        if not open_counts[-1]:
            open_counts.pop()
            continue
        open_counts[-1] -= 1
        kind, size, order, at = _header(blob, at)
        if kind == _POINT:
            at += size
        elif kind == _LINE:
            at = _skip_points(blob, at, size, order)
        else:
            (count,) = struct.unpack_from(order + "I", blob, at)
            at += 4
            if kind == _POLYGON:
                for _ring in range(count):
                    at = _skip_points(blob, at, size, order)
            else:
                open_counts.append(count)
    return at <= len(blob)


def _header(blob: bytes, at: int) -> tuple[int, int, str, int]:
    order = "<" if blob[at : at + 1] == b"\x01" else ">"
    (code,) = struct.unpack_from(order + "I", blob, at + 1)
    at += 5
    if code & _EWKB_SRID:
        at += 4
    plain = code & 0x0FFFFFFF
    extra = bool(code & _EWKB_Z) + bool(code & _EWKB_M) + (0, 1, 1, 2)[plain // 1000 % 4]
    return plain % 1000, 8 * (2 + extra), order, at


def _skip_points(blob: bytes, at: int, size: int, order: str) -> int:
    (count,) = struct.unpack_from(order + "I", blob, at)
    end: int = at + 4 + count * size
    if end > len(blob):
        raise struct.error("points end behind the text")
    return end


def read(table: Any, name: str) -> tuple[Objects, Objects, ragged.Ready | None]:
    """Read a binary column of an Arrow table.

    Parameters
    ----------
    table
        Arrow table.
    name
        The column.

    Returns
    -------
    tuple
        What `parse` returns, and the polygons that need no object; where there are such, their rows
        have no shape and no reason.
    """
    column = table[name]
    ready = ragged.polygons(column)
    if ready is None:
        return *parse(np.asarray(column.to_numpy(), dtype=object)), None
    shapes = np.full(len(column), None, dtype=object)
    reasons = np.full(len(column), "", dtype=object)
    rest = np.flatnonzero(~ready.known)
    blobs = np.asarray(column.take(pa.array(rest)).to_numpy(), dtype=object)
    shapes[rest], reasons[rest] = parse(blobs)
    return shapes, reasons, ready
