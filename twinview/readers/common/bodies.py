"""Bodies of a city model: CityJSON's nested boundaries as flat rings and faces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import SEMANTICS, Geometry, Kind, offsets

Points = npt.NDArray[np.float64]

_MEANINGS = {
    "GroundSurface": "ground",
    "OuterFloorSurface": "ground",
    "WallSurface": "wall",
    "Door": "wall",
    "Window": "wall",
    "RoofSurface": "roof",
    "OuterCeilingSurface": "roof",
    "ClosureSurface": "closure",
}
SOLIDS = ("Solid", "MultiSolid", "CompositeSolid")
SURFACES = ("MultiSurface", "CompositeSurface")
_OTHER = SEMANTICS.index("other")


class Unfit(Exception):
    """A body that cannot be used; the text is the reason's key."""


@dataclass(eq=False)
class Body:
    """Rings and faces of one element, with their points.

    Parameters
    ----------
    points
        Blocks of points, to be joined.
    rings, faces
        Points of each ring, rings of each face.
    meanings
        Index into `SEMANTICS` of each face.
    """

    points: list[Points] = field(default_factory=list)
    rings: list[int] = field(default_factory=list)
    faces: list[int] = field(default_factory=list)
    meanings: list[int] = field(default_factory=list)
    thin: int = 0


def surfaces_of(geometry: Mapping[str, Any]) -> list[tuple[Any, int]]:
    """Return the outer surfaces of a geometry, each a list of rings, with their meanings.

    Parameters
    ----------
    geometry
        Geometry object of CityJSON.
    """
    body, kind = geometry.get("boundaries"), geometry.get("type")
    semantics = geometry.get("semantics")
    said = semantics if isinstance(semantics, dict) else {}
    meanings = [_meaning(one) for one in said.get("surfaces") or []]
    values = said.get("values")
    if kind in SURFACES:
        return _with_meanings(body, values, meanings)
    if kind == "Solid":
        return _with_meanings(_first(body), _first(values), meanings)
    if kind in SOLIDS:
        inner = values if isinstance(values, list) else []
        return [
            pair
            for k, solid in enumerate(listed(body))
            for pair in _with_meanings(
                _first(solid), _first(inner[k] if k < len(inner) else None), meanings
            )
        ]
    return []


def _meaning(surface: Any) -> int:
    name = surface.get("type", "") if isinstance(surface, dict) else ""
    return SEMANTICS.index(_MEANINGS.get(str(name).lstrip("+"), "other"))


def _first(nested: Any) -> Any:
    """Return the outer shell: inner ones cannot be seen."""
    return nested[0] if isinstance(nested, list) and nested else None


def listed(nested: Any) -> list[Any]:
    """Return what is a list, or raise Unfit."""
    if not isinstance(nested, list):
        raise Unfit("damaged")
    return nested


def _with_meanings(body: Any, values: Any, meanings: Sequence[int]) -> list[tuple[Any, int]]:
    surfaces = [] if body is None else listed(body)
    said = values if isinstance(values, list) else []
    found = []
    for k, surface in enumerate(surfaces):
        place = said[k] if k < len(said) else None
        known = isinstance(place, int) and 0 <= place < len(meanings)
        found.append((surface, meanings[int(place or 0)] if known else 0))
    return found


def add_surfaces(body: Body, surfaces: Sequence[tuple[Any, int]], vertices: Points) -> None:
    """Add surfaces to a body; faces with fewer than three corners are counted and left out.

    Parameters
    ----------
    body
        The body.
    surfaces
        Lists of rings of indices, with meanings.
    vertices
        Points that the indices name.

    Raises
    ------
    Unfit
        For an index that is no vertex.
    """
    flat: list[int] = []
    for surface, meaning in surfaces:
        rings = [_ring(ring) for ring in listed(surface)]
        if not rings or len(rings[0]) < 3:
            body.thin += 1
            continue
        kept = [ring for ring in rings if len(ring) >= 3]
        body.faces.append(len(kept))
        body.meanings.append(meaning)
        body.rings += [len(ring) for ring in kept]
        for ring in kept:
            flat += ring
    if flat:
        body.points.append(take(vertices, flat))


def _ring(ring: Any) -> list[int]:
    points = listed(ring)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def add_paths(body: Body, paths: Sequence[Any], vertices: Points) -> None:
    """Add polylines or points (paths of one) to a body.

    Parameters
    ----------
    body, vertices
        As above.
    paths
        Lists of indices.
    """
    for path in paths:
        body.points.append(take(vertices, listed(path)))
        body.rings.append(len(path))
        body.faces.append(1)
        body.meanings.append(0)


def take(vertices: Points, indices: Sequence[Any]) -> Points:
    """Return the points that indices name, or raise Unfit for one that is none.

    Parameters
    ----------
    vertices
        Shape (n, 3).
    indices
        Whole numbers from 0 to n - 1.
    """
    if any(type(one) is not int for one in indices):
        raise Unfit("damaged")
    array = np.array(indices, dtype=np.int64)
    if len(array) and (array.min() < 0 or array.max() >= len(vertices)):
        raise Unfit("index")
    points = vertices[array]
    if not np.isfinite(points).all():
        raise Unfit("not_finite")
    return np.asarray(points, dtype=np.float64)


def to_geometry(bodies: Sequence[Body], kind: Kind) -> Geometry:
    """Return bodies as ragged coordinates.

    Parameters
    ----------
    bodies
        One per element.
    kind
        What they are.
    """
    blocks = [block for body in bodies for block in body.points]
    return Geometry(
        kind,
        np.concatenate(blocks) if blocks else np.empty((0, 3)),
        offsets([size for body in bodies for size in body.rings]),
        offsets([count for body in bodies for count in body.faces]),
        offsets([len(body.faces) for body in bodies]),
        np.array([m for body in bodies for m in body.meanings], dtype=np.uint8)
        if kind == "surface"
        else None,
    )


def height(body: Body) -> float:
    """Return the vertical extent of a body."""
    low = min(float(block[:, 2].min()) for block in body.points)
    high = max(float(block[:, 2].max()) for block in body.points)
    return high - low
