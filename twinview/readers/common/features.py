"""GeoJSON features as a table with shapes; each feature that cannot be read keeps its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from twinview.readers.common.network import plain_array

Objects = npt.NDArray[np.object_]
Place = npt.NDArray[np.float64]

_NUMERIC = "iuf"
_LEAST_OF_RING, _LEAST_OF_LINE = 4, 2


class Unfit(Exception):
    """A shape that cannot be read; the text is the reason's key."""


@dataclass
class _Gathered:
    """Flat arrays of shapes of one type, to be built in one go."""

    paths: list[Place] = field(default_factory=list)
    rings: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def add(self, row: int, parts: Sequence[Sequence[Place]]) -> None:
        self.rows.append(row)
        self.parts.append(len(parts))
        for part in parts:
            self.rings.append(len(part))
            self.paths += part


def to_table(features: Sequence[Any]) -> pa.Table:
    """Return the properties of features as a table; the feature's id where they have none.

    Parameters
    ----------
    features
        Members of a feature collection.
    """
    rows = []
    for one in features:
        said = one.get("properties") if isinstance(one, dict) else None
        row = dict(said) if isinstance(said, dict) else {}
        if isinstance(one, dict) and "id" not in row and one.get("id") is not None:
            row["id"] = one["id"]
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: plain_array([row.get(name) for row in rows]) for name in names})


def to_shapes(geometries: Sequence[Any]) -> tuple[Objects, Objects]:
    """Return GeoJSON geometries as shapes, and the reason where one could not be read ("" else).

    Parameters
    ----------
    geometries
        Geometry members, None where missing.
    """
    kinds = {"polygon": _Gathered(), "line": _Gathered(), "point": _Gathered()}
    reasons = np.full(len(geometries), "", dtype=object)
    for row, one in enumerate(geometries):
        try:
            kind, parts = _read(one)
            kinds[kind].add(row, parts)
        except Unfit as why:
            reasons[row] = str(why)
    shapes = np.full(len(geometries), None, dtype=object)
    for kind, gathered in kinds.items():
        if gathered.rows:
            shapes[gathered.rows] = _build(kind, gathered)
    return shapes, reasons


def _build(kind: str, gathered: _Gathered) -> Objects:
    tall = any(path.shape[1] > 2 for path in gathered.paths)
    paths = [_wide(path) for path in gathered.paths] if tall else gathered.paths
    coords = np.concatenate(paths)
    points = np.cumsum([0, *(len(path) for path in paths)])
    rings = np.cumsum([0, *gathered.rings])
    parts = np.cumsum([0, *gathered.parts])
    if kind == "polygon":
        made = shapely.from_ragged_array(
            shapely.GeometryType.MULTIPOLYGON, coords, (points, rings, parts)
        )
    elif kind == "line":
        made = shapely.from_ragged_array(
            shapely.GeometryType.MULTILINESTRING, coords, (points, rings[parts])
        )
    else:
        ends = points[rings[parts]]
        made = shapely.from_ragged_array(shapely.GeometryType.MULTIPOINT, coords, (ends,))
    return np.asarray(made, dtype=object)


def _wide(path: Place) -> Place:
    return path if path.shape[1] == 3 else np.column_stack([path, np.zeros(len(path))])


def _read(one: Any) -> tuple[str, list[list[Place]]]:
    """Return the kind of a geometry and its parts, each a list of rings or paths."""
    if one is None:
        raise Unfit("none")
    if not isinstance(one, Mapping):
        raise Unfit("unknown")
    if one.get("type") == "GeometryCollection":
        return _collection(one.get("geometries"))
    if one.get("type") not in _SINGLE:
        raise Unfit("unknown")
    kind, several = _SINGLE[one["type"]]
    body = one.get("coordinates")
    if not isinstance(body, list):
        raise Unfit("empty" if body is None else "numbers")
    if not body:
        raise Unfit("empty")
    return kind, [_PARTS[kind](part) for part in (body if several else [body])]


def _collection(members: Any) -> tuple[str, list[list[Place]]]:
    """Keep of a collection its areas, else its lines, else its points; nested ones are refused."""
    if not isinstance(members, list) or not members:
        raise Unfit("empty")
    if any(isinstance(m, dict) and m.get("type") == "GeometryCollection" for m in members):
        raise Unfit("nested")
    read = [_read(member) for member in members]
    for kind in ("polygon", "line", "point"):
        parts = [part for found, own in read if found == kind for part in own]
        if parts:
            return kind, parts
    raise Unfit("empty")


def _rings(part: Any) -> list[Place]:
    if not isinstance(part, list) or not part:
        raise Unfit("empty")
    return [_closed(_path(ring, _LEAST_OF_RING - 1, "ring")) for ring in part]


def _closed(ring: Place) -> Place:
    if not np.array_equal(ring[0], ring[-1]):
        ring = np.concatenate([ring, ring[:1]])
    if len(ring) < _LEAST_OF_RING:
        raise Unfit("ring")
    return ring


def _path(positions: Any, least: int, reason: str) -> Place:
    if not isinstance(positions, list):
        raise Unfit("numbers")
    if len(positions) < least:
        raise Unfit(reason if positions else "empty")
    try:
        array = np.asarray(positions)
    except ValueError:
        array = _ragged(positions)
    if array.ndim != 2 or array.shape[1] < 2 or array.dtype.kind not in _NUMERIC:
        raise Unfit("numbers")
    return np.asarray(array[:, :3], dtype=np.float64)


def _ragged(positions: list[Any]) -> Place:
    """Return positions of different lengths by their first two numbers."""
    try:
        return np.asarray([[p[0], p[1]] for p in positions])
    except (TypeError, IndexError, KeyError, ValueError) as error:
        raise Unfit("numbers") from error


def _line(part: Any) -> list[Place]:
    return [_path(part, _LEAST_OF_LINE, "points")]


def _point(part: Any) -> list[Place]:
    return [_path([part], 1, "empty")]


_SINGLE = {
    "Polygon": ("polygon", False),
    "MultiPolygon": ("polygon", True),
    "LineString": ("line", False),
    "MultiLineString": ("line", True),
    "Point": ("point", False),
    "MultiPoint": ("point", True),
}
_PARTS = {"polygon": _rings, "line": _line, "point": _point}
