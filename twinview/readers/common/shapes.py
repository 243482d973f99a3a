"""Shapes made fit for use: what cannot be drawn is left out with its reason, the rest repaired."""

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from twinview.model.geometry import Geometry, Kind, offsets

Objects = npt.NDArray[np.object_]
Bools = npt.NDArray[np.bool_]

_MOST_TO_REPAIR = 1000  # vertices; repairing 500 tangled ones takes 0.7 s, 3,000 take 31 s
_SECONDS_TO_REPAIR = 15.0
_MOST_TO_DRAW = 50_000
_SIMPLER = 20_000
_POINT, _LINE, _RING, _POLYGON, _MULTIPOINT, _MULTILINE, _MULTIPOLYGON, _COLLECTION = range(8)
_KIND_OF_TYPE: dict[int, Kind] = {
    _POINT: "point",
    _MULTIPOINT: "point",
    _LINE: "line",
    _RING: "line",
    _MULTILINE: "line",
    _POLYGON: "polygon",
    _MULTIPOLYGON: "polygon",
}


@dataclass
class Cleaned:
    """Shapes after cleaning, with what was done to each row.

    Parameters
    ----------
    shapes
        Shape (n,); None where dropped.
    dropped, noted
        Rows by reason: left out; kept but changed or doubtful.
    """

    shapes: Objects
    dropped: dict[str, list[int]] = field(default_factory=dict)
    noted: dict[str, list[int]] = field(default_factory=dict)

    def drop(self, reason: str, rows: Bools) -> None:
        """Leave out the rows of a mask."""
        found = np.flatnonzero(rows)
        if len(found):
            self.dropped.setdefault(reason, []).extend(int(row) for row in found)
            self.shapes[found] = None

    def note(self, reason: str, row: int) -> None:
        """Remember that a row was changed."""
        self.noted.setdefault(reason, []).append(row)


def clean(shapes: Objects, reasons: Objects | None = None, known: Bools | None = None) -> Cleaned:
    """Leave out what cannot be drawn and repair what can.

    Parameters
    ----------
    shapes
        Shapes or None, shape (n,).
    reasons
        Reason of each None that is already known ("" else).
    known
        Rows whose shape lies elsewhere and needs no cleaning.
    """
    done = Cleaned(shapes.copy())
    missing = np.asarray(shapely.is_missing(shapes))
    if known is not None:
        missing &= ~known
    if reasons is not None:
        for reason in sorted({str(one) for one in reasons[missing]} - {""}):
            done.drop(reason, missing & (reasons == reason))
        missing &= reasons == ""
    done.drop("none", missing)
    done.drop("empty", np.asarray(shapely.is_empty(done.shapes)))
    done.drop("not_finite", _not_finite(done.shapes))
    _open_collections(done)
    types = shapely.get_type_id(done.shapes)
    areal, linear = np.isin(types, (_POLYGON, _MULTIPOLYGON)), np.isin(types, (_LINE, _MULTILINE))
    _repair(done, areal)
    done.drop("flat", areal & (shapely.area(done.shapes) <= 0) & _there(done.shapes))
    done.drop("flat", linear & (shapely.length(done.shapes) <= 0) & _there(done.shapes))
    return done


def kinds(shapes: Objects) -> Objects:
    """Return ``point``, ``line`` or ``polygon`` per shape, "" where there is none."""
    types = shapely.get_type_id(shapes)
    table = np.array([_KIND_OF_TYPE.get(one, "") for one in range(8)] + [""], dtype=object)
    return np.asarray(table[types], dtype=object)  # None has type -1: the last one


def to_geometry(shapes: Objects, kind: Kind) -> Geometry:
    """Return shapes of one kind (none missing) as ragged coordinates."""
    if not len(shapes):
        none = np.zeros(1, dtype=np.int32)
        return Geometry(kind, np.empty((0, 3)), none, none, none)
    tall = bool(shapely.has_z(shapes).any())
    _, coords, levels = shapely.to_ragged_array(_uniform(shapes, kind), include_z=tall)
    xyz = np.zeros((len(coords), 3))
    xyz[:, : coords.shape[1]] = coords
    xyz[:, 2] = np.nan_to_num(xyz[:, 2], nan=0.0, posinf=0.0, neginf=0.0)
    deep = [np.asarray(level, dtype=np.int64) for level in levels]
    if kind == "polygon":
        return _polygons(xyz, deep[0], deep[1], deep[2])
    if kind == "point":
        one = np.arange(len(xyz) + 1, dtype=np.int32)
        return Geometry("point", xyz, one, one, deep[0].astype(np.int32))
    one = np.arange(len(deep[0]), dtype=np.int32)
    return Geometry("line", xyz, deep[0].astype(np.int32), one, deep[1].astype(np.int32))


def _uniform(shapes: Objects, kind: Kind) -> Objects:
    """Return the shapes with one multi-part shape at least, so that all have the same levels."""
    types = shapely.get_type_id(shapes)
    single = {"polygon": _POLYGON, "line": _LINE, "point": _POINT}[kind]
    make: Any = {
        "polygon": shapely.multipolygons,
        "line": shapely.multilinestrings,
        "point": shapely.multipoints,
    }[kind]
    alone = np.flatnonzero(types == single)[:1]
    if not len(alone):
        return shapes
    fresh = shapes.copy()
    fresh[alone] = make(shapes[alone], indices=np.zeros(1, dtype=np.intp))
    return fresh


def _polygons(
    xyz: npt.NDArray[np.float64],
    rings: npt.NDArray[np.int64],
    parts: npt.NDArray[np.int64],
    elements: npt.NDArray[np.int64],
) -> Geometry:
    """Leave out each ring's closing point."""
    keep = np.ones(len(xyz), dtype=bool)
    keep[rings[1:] - 1] = False
    shorter = offsets(np.diff(rings) - 1)
    return Geometry(
        "polygon", xyz[keep], shorter, parts.astype(np.int32), elements.astype(np.int32)
    )


def _there(shapes: Objects) -> Bools:
    return ~np.asarray(shapely.is_missing(shapes))


def _not_finite(shapes: Objects) -> Bools:
    coords, rows = shapely.get_coordinates(shapes, return_index=True)
    bad = np.zeros(len(shapes), dtype=bool)
    bad[rows[~np.isfinite(coords).all(axis=1)]] = True
    return bad


def _open_collections(done: Cleaned) -> None:
    """Keep of a mixed collection its parts of the highest dimension."""
    for row in np.flatnonzero(shapely.get_type_id(done.shapes) == _COLLECTION):
        parts = np.asarray(shapely.get_parts(done.shapes[row]), dtype=object)
        parts = parts[~shapely.is_empty(parts)]
        highest = shapely.get_dimensions(parts) == shapely.get_dimensions(parts).max(initial=-1)
        merged = shapely.union_all(()) if not len(parts) else _joined(parts[highest])
        if merged is None:
            done.drop("collection", np.arange(len(done.shapes)) == row)
            continue
        done.shapes[row] = merged
        if not highest.all():
            done.note("collection", int(row))


def _joined(parts: Objects) -> object | None:
    flat = shapely.get_parts(parts)
    types = set(shapely.get_type_id(flat).tolist())
    makers: dict[int | None, Any] = {
        _POINT: shapely.multipoints,
        _LINE: shapely.multilinestrings,
        _POLYGON: shapely.multipolygons,
    }
    (one,) = types if len(types) == 1 else (None,)
    return makers[one](flat) if one in makers else None


def _repair(done: Cleaned, areal: Bools) -> None:
    """Repair polygons that cross themselves, within a budget; larger ones are kept as they are."""
    sizes = shapely.get_num_coordinates(done.shapes)
    for row in np.flatnonzero(areal & (sizes > _MOST_TO_DRAW)):
        done.shapes[row] = _simpler(done.shapes[row])
        done.note("simplified", int(row))
    wrong = np.flatnonzero(areal & ~shapely.is_valid(done.shapes) & _there(done.shapes))
    until = time.monotonic() + _SECONDS_TO_REPAIR
    for row in wrong:
        if sizes[row] > _MOST_TO_REPAIR or time.monotonic() > until:
            done.note("not_repaired", int(row))
            continue
        mended = shapely.make_valid(done.shapes[row], method="structure", keep_collapsed=False)
        if _KIND_OF_TYPE.get(shapely.get_type_id(mended)) == "polygon" and not mended.is_empty:
            done.shapes[row] = mended
            done.note("repaired", int(row))
        else:
            done.drop("flat", np.arange(len(done.shapes)) == row)


def _simpler(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a polygon with at most 20,000 vertices."""
    x0, y0, x1, y1 = shapely.bounds(shape)
    tolerance = max(x1 - x0, y1 - y0) / 1e5
    while shapely.get_num_coordinates(shape) > _SIMPLER:
        shape = shapely.simplify(shape, tolerance, preserve_topology=False)
        tolerance *= 2
    return shape
