"""CityJSON's objects as elements: parts merged into their roots, one level of detail each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import Kind
from twinview.readers.common import bodies

Points = npt.NDArray[np.float64]
Objects = Mapping[str, Any]

_GROUPS = {
    "Building": "building",
    "BuildingPart": "building",
    "Road": "road",
    "Railway": "road",
    "Waterway": "water",
    "TransportSquare": "road",
    "WaterBody": "water",
    "SolitaryVegetationObject": "tree",
    "PlantCover": "tree",
}
_INSIDE = {
    "BuildingRoom", "BuildingFurniture", "BuildingUnit", "BuildingStorey", "BridgeRoom",
    "BridgeFurniture", "TunnelHollowSpace", "TunnelFurniture",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Space:
    """The points that a set of objects refers to.

    Parameters
    ----------
    vertices
        Shape (n, 3).
    templates, template_vertices
        Shapes to be placed several times, and their points.
    """

    vertices: Points
    templates: tuple[Any, ...] = ()
    template_vertices: Points = field(default_factory=lambda: np.empty((0, 3)))


@dataclass(eq=False)
class Element:
    """A root object with all its parts.

    Parameters
    ----------
    id, group, attributes
        Id, kind of layer, attributes of the root.
    shape
        ``surface``, ``polygon`` (flat footprints), ``line`` or ``point``.
    lod
        Level of detail used; empty where there is no geometry.
    body
        Its faces.
    reason
        Why it has none, empty where it has.
    """

    id: str
    group: str
    attributes: dict[str, Any]
    shape: Kind = "surface"
    lod: str = ""
    body: bodies.Body = field(default_factory=bodies.Body)
    reason: str = ""


def elements(objects: Objects, space: Space, wanted: str | None) -> Iterator[Element]:
    """Yield the elements of a set of objects.

    Parameters
    ----------
    objects
        By id.
    space
        Their points.
    wanted
        Level of detail; None for each element's highest.
    """
    for root in _roots(objects):
        one = objects[root]
        said = one.get("attributes")
        element = Element(root, _group(one), dict(said) if isinstance(said, dict) else {})
        element.attributes["type"] = str(one.get("type", ""))
        _inherit(element, objects)
        try:
            _fill(element, list(_tree(root, objects)), objects, space, wanted)
        except bodies.Unfit as why:
            element.reason = str(why)
        yield element


def _inherit(element: Element, objects: Objects) -> None:
    """Fill in attributes that only parts have: the greatest of numbers, else the first part's."""
    own = set(element.attributes)
    for key in list(_tree(element.id, objects))[1:]:
        said = objects[key].get("attributes")
        for name, value in (said if isinstance(said, dict) else {}).items():
            if name in own or value is None:
                continue
            before = element.attributes.get(name)
            if before is None or (_number(value) and _number(before) and value > before):
                element.attributes[name] = value


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _roots(objects: Objects) -> list[str]:
    """Return the objects without a parent, then one of each circle that has no such."""
    good = {key: one for key, one in objects.items() if isinstance(one, dict)}
    roots = [
        key
        for key, one in good.items()
        if not any(parent in good for parent in _names(one.get("parents")))
        and one.get("type") != "CityObjectGroup"
    ]
    reached = {key for root in roots for key in _tree(root, objects)}
    for key, one in good.items():
        if key not in reached and one.get("type") != "CityObjectGroup":
            roots.append(key)
            reached |= set(_tree(key, objects))
    return roots


def _names(listed: Any) -> list[str]:
    return [str(one) for one in listed] if isinstance(listed, list) else []


def _tree(root: str, objects: Objects) -> Iterator[str]:
    """Yield an object and all below it, each once, even where they form a circle."""
    seen, stack = {root}, [root]
    while stack:
        key = stack.pop()
        one = objects.get(key)
        if not isinstance(one, dict):
            continue
        yield key
        for child in _names(one.get("children")):
            if child not in seen:
                seen.add(child)
                stack.append(child)


def _group(one: Mapping[str, Any]) -> str:
    return _GROUPS.get(str(one.get("type", "")), "other")


def level(geometry: Mapping[str, Any]) -> float:
    """Return the level of detail of a geometry as a number, -1 where it says none."""
    try:
        return float(geometry.get("lod", -1))
    except (TypeError, ValueError):
        return -1.0


def geometries(one: Any) -> list[dict[str, Any]]:
    """Return the geometries of an object.

    Parameters
    ----------
    one
        City object.
    """
    listed = one.get("geometry") if isinstance(one, dict) else None
    return [g for g in listed if isinstance(g, dict)] if isinstance(listed, list) else []


def _fill(
    element: Element, keys: list[str], objects: Objects, space: Space, wanted: str | None
) -> None:
    outside = [key for key in keys if objects[key].get("type") not in _INSIDE]
    own = {key: _placed(geometries(objects[key]), space) for key in outside}
    levels = sorted({lod for placed in own.values() for lod, _g, _v in placed})
    if not levels:
        element.reason = "none"
        return
    chosen = _choose(levels, wanted)
    element.lod = f"{chosen:g}" if chosen >= 0 else ""
    picked = [
        pair for placed in own.values() for pair in _one_form([p for p in placed if p[0] == chosen])
    ]
    for geometry, vertices in picked:
        bodies.add_surfaces(element.body, bodies.surfaces_of(geometry), vertices)
    if element.body.faces:
        flat = element.group == "building" and 0 <= chosen < 1
        element.shape = "polygon" if flat else "surface"
        return
    _fill_paths(element, picked)
    if not element.body.faces:
        element.reason = "flat" if element.body.thin else "none"


def _choose(levels: list[float], wanted: str | None) -> float:
    """Return the wanted level, else the next lower, else the lowest; the highest by default."""
    if wanted is None:
        return levels[-1]
    try:
        most = float(wanted)
    except ValueError:
        return levels[-1]
    lower = [one for one in levels if one <= most]
    return lower[-1] if lower else levels[0]


def _one_form(placed: list[Any]) -> list[tuple[dict[str, Any], Points]]:
    """Return the solids of an object, else its surfaces, else the rest: a body can come twice.

    The form that says what its surfaces are goes first.
    """
    forms = [
        [(g, v) for _lod, g, v in placed if g.get("type") in kinds]
        for kinds in (bodies.SOLIDS, bodies.SURFACES)
    ]
    found = [form for form in forms if form]
    meaning = [form for form in found if any(g.get("semantics") for g, _v in form)]
    for form in meaning + found:
        return form
    return [(g, v) for _lod, g, v in placed]


def _fill_paths(element: Element, picked: list[tuple[dict[str, Any], Points]]) -> None:
    for name in ("MultiLineString", "MultiPoint"):
        for geometry, vertices in picked:
            listed = geometry.get("boundaries")
            if geometry.get("type") != name or not isinstance(listed, list):
                continue
            paths = listed if name == "MultiLineString" else [[one] for one in listed]
            bodies.add_paths(element.body, paths, vertices)
        if element.body.faces:
            element.shape = "line" if name == "MultiLineString" else "point"
            return


def _placed(
    listed: list[dict[str, Any]], space: Space
) -> list[tuple[float, dict[str, Any], Points]]:
    """Return geometries with the points that they refer to; templates are put in their places."""
    found = []
    for geometry in listed:
        if geometry.get("type") != "GeometryInstance":
            found.append((level(geometry), geometry, space.vertices))
            continue
        template, points = _instance(geometry, space)
        found.append((level(template), template, points))
    return found


def _instance(geometry: Mapping[str, Any], space: Space) -> tuple[dict[str, Any], Points]:
    number, matrix = geometry.get("template"), geometry.get("transformationMatrix")
    if not isinstance(number, int) or not 0 <= number < len(space.templates):
        raise bodies.Unfit("index")
    template = space.templates[number]
    anchor = bodies.take(space.vertices, bodies.listed(geometry.get("boundaries")))
    try:
        turn = np.array(matrix, dtype=np.float64).reshape(4, 4)
    except (TypeError, ValueError) as error:
        raise bodies.Unfit("damaged") from error
    if not isinstance(template, dict) or len(anchor) != 1 or not np.isfinite(turn).all():
        raise bodies.Unfit("damaged")
    points = space.template_vertices @ turn[:3, :3].T + turn[:3, 3] + anchor[0]
    return template, points
