"""Making what a city is drawn as, in parts: each is drawn and kept by itself. No VTK."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import Geometry
from twinview.model.twin import Layer, Twin
from twinview.render import levels
from twinview.render.meshes import extrude, ground, houses
from twinview.render.meshes.boxes import Boxes, of_bodies
from twinview.render.meshes.mesh import Mesh, by_element, join, tiles
from twinview.render.meshes.sites import renumbered
from twinview.render.pieces import Piece, Role, footprints, pieces
from twinview.scene.view import Camera

Rows = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]

BODIES = frozenset({"solid", "open"})
"""Roles of what stands on the ground: seen from afar it is drawn as boxes and blocks."""
CASTING = frozenset({"building", "annex", "tree", "storage", "site"})
"""Kinds of layers that take light from what is near them."""
SHADED = frozenset({"building", "annex"})
"""Kinds of layers whose walls know what stands near them; they are made part by part."""
SHAPING = (
    "height_m", "levels", "eaves_m", "ridge_m", "roof", "ridge_deg", "kind", "crown_m",
    "energy_wh", "tilt_deg", "azimuth_deg", "rotor_m",
)  # fmt: skip
"""Columns that decide over shapes."""
_TILES, _FEWEST = 128, 500
"""How many parts bodies are cut into, unless these would hold fewer elements."""


@dataclass(frozen=True, eq=False)
class Part:
    """One part of what a layer is drawn as.

    Parameters
    ----------
    role, mesh, rank
        As in `Piece`.
    boxes
        One for each element of bodies; None where they were not reckoned yet.
    """

    role: Role
    mesh: Mesh
    rank: int = 0
    boxes: Boxes | None = None

    @cached_property
    def low(self) -> Numbers:
        """Lowest corner of the box around it, shape (3,), metres."""
        return np.asarray(self.mesh.points.min(axis=0), np.float64)

    @cached_property
    def high(self) -> Numbers:
        """Highest corner of the box around it, shape (3,), metres."""
        return np.asarray(self.mesh.points.max(axis=0), np.float64)

    @cached_property
    def rows(self) -> Rows:
        """Rows of its elements, sorted."""
        if self.boxes is not None:
            return self.boxes.element
        return np.unique(self.mesh.element).astype(np.int64)

    @cached_property
    def metres(self) -> float:
        """Width of a typical element, metres: from the ground that bodies cover."""
        if self.boxes is not None:
            return float(np.sqrt(max(float(self.boxes.area.mean()), 1.0)))
        mesh = self.mesh
        corners = mesh.points[mesh.triangles].astype(np.float64)
        one, two = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
        upward = (one[:, 0] * two[:, 1] - one[:, 1] * two[:, 0]) / 2
        return float(np.sqrt(max(upward.clip(0).sum() / max(len(self.rows), 1), 1.0)))

    def boxed(self) -> "Part":
        """Return the part with its boxes, where it has bodies."""
        if self.boxes is not None or self.role not in BODIES:
            return self
        return replace(self, boxes=of_bodies(self.mesh))


def drawable(layer: Layer) -> bool:
    """Tell whether a layer has a place."""
    return layer.geometry is not None and len(layer.geometry.coords) > 0


def shadows(twin: Twin) -> ground.Occlusion | None:
    """Return the map of what stands in a district."""
    return ground.occlusion(footprints(twin))


def casting(twin: Twin) -> tuple[Layer, ...]:
    """Return the layers that the map depends on."""
    return tuple(one for one in twin.layers.values() if one.kind in CASTING)


def parts(
    layer: Layer,
    occlusion: ground.Occlusion | None,
    camera: Camera | None = None,
    aspect: float = 1.6,
) -> Iterator[Part]:
    """Make the parts of a layer, those first that are seen, nearest first.

    Parameters
    ----------
    layer
        The layer; one without a place has no parts.
    occlusion
        What `shadows` returns.
    camera, aspect
        Who looks at it, and width over height of the picture; None makes them as they come.
    """
    if not drawable(layer):
        return
    assert layer.geometry is not None
    if layer.kind not in SHADED:
        for piece in pieces(layer, occlusion):
            yield from _cut(piece, len(layer))
        return
    slim, figures = _slim(layer), None
    groups = _groups(layer.geometry, max(_FEWEST, len(layer) // _TILES))
    for rows in _nearest(layer.geometry, groups, camera, aspect):
        if layer.geometry.kind == "polygon" and extrude.ready():
            figures = houses.figures(slim) if figures is None else figures
            mesh = _bodies(slim, figures, rows, occlusion)
            if not mesh.empty:
                yield Part("solid", mesh)
            continue
        some = slim if len(groups) == 1 else _taken(slim, rows)
        for piece in pieces(some, occlusion):
            yield Part(piece.role, by_element(renumbered(piece.mesh, rows)), piece.rank)


def _bodies(layer: Layer, figures: Numbers, rows: Rows, occlusion: ground.Occlusion | None) -> Mesh:
    """Return some buildings in one pass; what that leaves out is mended the slow way."""
    assert layer.geometry is not None
    made, left = extrude.bodies(layer.geometry, figures, rows, occlusion)
    if not len(left):
        return made
    rest = renumbered(houses.mesh(_taken(layer, left), occlusion), left)
    return by_element(join([made, rest]))


def ordered(layer: Layer, some: Iterable[Part]) -> list[Part]:
    """Return parts in an order that does not depend on who looked when they were made."""
    if layer.kind not in SHADED:
        return list(some)
    return sorted(some, key=lambda part: int(part.mesh.element.min()))


def size(layer: Layer) -> int:
    """Return how many parts of a layer are about to come: for telling progress."""
    if not drawable(layer) or layer.kind not in SHADED:
        return int(drawable(layer))
    most = max(_FEWEST, len(layer) // _TILES)
    return int(2 ** np.ceil(np.log2(max(len(layer) / most, 1.0))))


def _cut(piece: Piece, elements: int) -> Iterator[Part]:
    most = max(_FEWEST, elements // _TILES) if piece.role in BODIES else 40_000
    for mesh in tiles(piece.mesh, elements, most):
        yield Part(piece.role, mesh, piece.rank)


def _slim(layer: Layer) -> Layer:
    """Return a layer with no more columns than its shape needs."""
    kept = [name for name in ("id", *SHAPING) if layer.has(name)]
    return replace(layer, attributes=layer.attributes.select(kept))


def _taken(layer: Layer, rows: Rows) -> Layer:
    assert layer.geometry is not None
    return replace(
        layer, attributes=layer.attributes.take(rows), geometry=layer.geometry.taken(rows)
    )


def _groups(geometry: Geometry, most: int) -> list[Rows]:
    """Return the rows of elements in groups by place, of no more than `most` each."""
    centres = np.nan_to_num(geometry.centres[:, :2])
    one = (np.arange(len(geometry)), *np.ascontiguousarray(centres.T))
    groups: list[tuple[Rows, Numbers, Numbers]] = [one]
    while max(len(group[0]) for group in groups) > most:
        groups = [half for group in groups for half in _halves(*group)]
    return [np.sort(rows) for rows, _x, _y in groups]


def _halves(rows: Rows, x: Numbers, y: Numbers) -> Iterator[tuple[Rows, Numbers, Numbers]]:
    """Yield a group of elements and their places cut in two across its longer side."""
    order = np.argpartition(x if np.ptp(x) >= np.ptp(y) else y, len(rows) // 2)
    for half in (order[: len(rows) // 2], order[len(rows) // 2 :]):
        yield rows[half], x[half], y[half]


def _nearest(
    geometry: Geometry, groups: list[Rows], camera: Camera | None, aspect: float
) -> list[Rows]:
    """Return groups in the order in which they are wanted."""
    if camera is None or len(groups) == 1:
        return groups
    centres = np.nan_to_num(geometry.centres)
    low = np.array([centres[rows].min(axis=0) for rows in groups])
    high = np.array([centres[rows].max(axis=0) for rows in groups])
    return [groups[k] for k in levels.nearest(camera, aspect, low, high)]
