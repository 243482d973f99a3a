"""What each kind of layer is drawn as: meshes and how they lie on each other."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import Geometry
from twinview.model.twin import Layer, Twin
from twinview.render.meshes import houses, ribbons, sites, surfaces, tanks, trees
from twinview.render.meshes.ground import Footprints, Occlusion, outlined
from twinview.render.meshes.mesh import Mesh, build
from twinview.render.meshes.polygons import Rings, rings

Numbers = npt.NDArray[np.float64]

Role = Literal[
    "solid", "open", "area", "flat", "disc", "ribbon", "road", "filling", "glass", "rim"
]  # fmt: skip
PICKED: frozenset[str] = frozenset(
    {"building", "annex", "storage", "site", "transformer", "line", "pipe", "converter", "other"}
)
"""Kinds of layers whose elements answer to the pointer."""
ONLY_PAINTED: frozenset[str] = frozenset({"node", "load", "generator", "source"})
"""Kinds that are drawn only where the scene says something about them."""
_PLACES = ("field", "settlement", "wood", "water")
_NODE_RADIUS = 2.2
_PLAIN = 60_000.0
"""Half the side of the ground at least, metres."""
_BEYOND = 12.0
"""The same for each metre of the district's radius."""


@dataclass(frozen=True, eq=False)
class Piece:
    """One mesh of a layer.

    Parameters
    ----------
    role
        Which shader draws it: ``solid`` (closed body), ``open`` (seen from both sides), ``area``
        and ``flat`` (on the ground, never or perhaps painted), ``disc`` (a point, never too small
        to be seen), ``road`` and ``ribbon`` (widened lines), ``filling``, ``glass`` and ``rim`` of
        stores.
    mesh
        The mesh.
    rank
        Which of the flat pieces covers which; higher is above.
    """

    role: Role
    mesh: Mesh
    rank: int = 0


def pieces(layer: Layer, occlusion: Occlusion | None) -> list[Piece]:
    """Return what a layer is drawn as, nothing where it has no place."""
    if layer.geometry is None or not len(layer.geometry.coords):
        return []
    made = _MAKERS.get(layer.kind, _other)(layer, layer.geometry, occlusion)
    return [piece for piece in made if not piece.mesh.empty]


def footprints(twin: Twin) -> list[Footprints]:
    """Return everything that casts a shadow on the ground."""
    found: list[Footprints] = []
    for layer in twin.layers.values():
        if layer.geometry is None or not len(layer.geometry.coords):
            continue
        if layer.kind in {"building", "annex"}:
            found += _standing(layer, layer.geometry)
        elif layer.kind == "tree" and layer.geometry.kind == "point":
            found.append(_crowns(layer, layer.geometry))
        elif layer.kind == "site" and layer.geometry.kind == "polygon":
            found.append(_low(layer, layer.geometry))
        elif layer.kind == "storage" and layer.geometry.kind == "point":
            radius, height = tanks.sizes(layer)
            found.append(_round(layer.geometry, radius, height, radius > 2.0))  # noqa: PLR2004 - large ones
    return found


def ground_level(twin: Twin) -> float:
    """Return the level of the ground, metres: where most buildings stand."""
    lows = [_feet(one.geometry) for one in twin.of_kind("building") if one.geometry is not None]
    low = np.concatenate(lows) if lows else np.zeros(1)
    return float(np.quantile(low, 0.05)) if len(low) else 0.0


@lru_cache(maxsize=64)
def _feet(geometry: Geometry) -> Numbers:
    """Return the lowest point of elements; none where one of them has no point."""
    if not len(geometry) or not (np.diff(geometry.points_of) > 0).all():
        return np.empty(0)
    low = np.minimum.reduceat(geometry.coords[:, 2], geometry.points_of[:-1])
    return low[np.isfinite(low)]


def settles(layer: Layer) -> bool:
    """Tell whether a layer says where people live."""
    return layer.has("kind") and "settlement" in set(layer.column("kind"))


def plain_ground(middle: tuple[float, float, float], radius: float) -> Mesh:
    """Return the ground: large enough to end behind the haze, whatever the size of the district."""
    half = max(_PLAIN, _BEYOND * radius)
    corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * half + middle
    return build(corners, np.array([[0, 1, 2], [0, 2, 3]]), np.zeros(4, np.int64), np.ones(4))


def _standing(layer: Layer, geometry: Geometry) -> list[Footprints]:
    if geometry.kind == "surface":
        return [_from_above(geometry)]
    if geometry.kind != "polygon":
        return []
    tall = houses.heights(layer)
    return [_outlines(rings(geometry), (tall.eaves + tall.ridge) / 2)]


def _outlines(one: Rings, height: Numbers, soft: bool = False) -> Footprints:
    """Return the outlines of polygons with the height of their element, holes filled."""
    outer = ~one.hole
    points = one.points[outer[one.ring_of_point()]]
    return outlined(points, np.diff(one.starts)[outer], height[one.element[outer]], soft)


def _low(layer: Layer, geometry: Geometry) -> Footprints:
    """Return rows of panels and boxes: they darken the ground, but settle nothing."""
    wanted = np.isin(sites.kinds(layer), ["panel_row", "station", "battery"])
    one = rings(sites.rows(geometry, wanted)[0])
    return _outlines(one, np.full(len(layer), 1.4), soft=True)


def _from_above(geometry: Geometry) -> Footprints:
    """Return the faces of bodies seen from above, as high as they reach over their own foot."""
    low = np.full(len(geometry), np.inf)
    np.minimum.at(low, geometry.element_of_point, geometry.coords[:, 2])
    full = np.diff(geometry.rings) > 0
    start = geometry.rings[:-1][full]
    counts = np.diff(geometry.rings)[full].astype(np.int64)
    least = np.minimum.reduceat(geometry.coords[:, :2], start, axis=0)
    most = np.maximum.reduceat(geometry.coords[:, :2], start, axis=0)
    level = np.add.reduceat(geometry.coords[:, 2], start) / counts
    tall = level - low[geometry.element_of_point[start]]
    wide = (most - least).min(axis=1) > 0.3  # noqa: PLR2004 - m
    keep = wide & np.isfinite(tall) & np.isfinite(most - least).all(axis=1)
    return outlined(geometry.coords[np.repeat(keep, counts)], counts[keep], tall[keep])


def _crowns(layer: Layer, geometry: Geometry) -> Footprints:
    height, crown = trees.sizes(layer)
    return _round(geometry, crown * 0.85, height * 0.8, np.ones(len(layer), dtype=bool), soft=True)


def _round(
    geometry: Geometry,
    radius: Numbers,
    height: Numbers,
    wanted: npt.NDArray[np.bool_],
    soft: bool = False,
) -> Footprints:
    angle = np.arange(8) * np.pi / 4
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    centres = geometry.centres[:, :2]
    rows = np.flatnonzero(wanted & np.isfinite(centres).all(axis=1))
    points = centres[rows, None] + circle * radius[rows, None, None]
    return outlined(points.reshape(-1, 2), np.full(len(rows), 8), height[rows], soft)


def _building(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    if geometry.kind == "surface":
        return [Piece("open", surfaces.mesh(geometry))]
    if geometry.kind == "polygon":
        return [Piece("solid", houses.mesh(layer, occlusion))]
    return _other(layer, geometry, occlusion)


def _place(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del occlusion
    if geometry.kind != "polygon":
        return []
    kind = sites.kinds(layer)
    rank = np.array([_PLACES.index(one) if one in _PLACES else 0 for one in kind], dtype=np.float64)
    rank -= houses.footprint_area(layer) * 1e-9
    return [Piece("area", sites.flat(geometry, rank), rank=2)]


def _line(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del layer, occlusion
    return [Piece("ribbon", ribbons.mesh(geometry), rank=8)] if geometry.kind == "line" else []


def _pipe(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    """Lie under the lines: where both follow a street the cables stay to be seen."""
    del layer, occlusion
    return [Piece("ribbon", ribbons.mesh(geometry), rank=7)] if geometry.kind == "line" else []


def _road(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del occlusion
    if geometry.kind == "polygon":
        return [Piece("area", sites.flat(geometry), rank=4)]
    return [Piece("road", ribbons.mesh(geometry), rank=5)] if geometry.kind == "line" else []


def _tree(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del occlusion
    return [Piece("open", trees.mesh(layer))] if geometry.kind == "point" else []


def _site(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del occlusion
    if geometry.kind != "polygon":
        return _other(layer, geometry, None)
    ground = np.isin(sites.kinds(layer), list(sites.FLAT_KINDS))
    found = [Piece("open", sites.solids(layer))]
    if ground.any():
        picked, index = sites.rows(geometry, ground)
        found.append(Piece("flat", sites.renumbered(sites.flat(picked), index), rank=3))
    return found


def _transformer(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del layer, occlusion
    return [Piece("solid", sites.stations(geometry))] if geometry.kind == "point" else []


def _storage(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del occlusion
    if geometry.kind != "point":
        return []
    made = tanks.tanks(layer)
    return [Piece("filling", made.filling), Piece("rim", made.rims), Piece("glass", made.shell)]


def _other(layer: Layer, geometry: Geometry, occlusion: Occlusion | None) -> list[Piece]:
    del occlusion
    if geometry.kind == "line":
        return _line(layer, geometry, None)
    if geometry.kind == "polygon":
        return [Piece("flat", sites.flat(geometry), rank=3)]
    if geometry.kind == "surface":
        return [Piece("open", surfaces.mesh(geometry))]
    return [Piece("disc", sites.discs(geometry, _NODE_RADIUS), rank=9)]


_MAKERS: dict[str, Callable[[Layer, Geometry, Occlusion | None], list[Piece]]] = {
    "building": _building,
    "annex": _building,
    "place": _place,
    "line": _line,
    "pipe": _pipe,
    "road": _road,
    "tree": _tree,
    "site": _site,
    "transformer": _transformer,
    "converter": _transformer,
    "storage": _storage,
}
