"""Sites and stations: solar parks, wind turbines, masts, small boxes; discs for nodes."""

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import Geometry, offsets
from twinview.model.twin import Layer
from twinview.render.meshes import light
from twinview.render.meshes.houses import Heights, extruded, walls
from twinview.render.meshes.mesh import Mesh, build, join, nothing, quads
from twinview.render.meshes.polygons import Rings, cut, rings

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

FLAT_KINDS = frozenset({"solar_park", "ev_hub", "substation"})
"""Kinds whose own area is drawn flat on the ground."""
_BOXES = {"station": 2.9, "battery": 0.6, "ev_hub": 0.15, "substation": 0.2}
_USUAL = 3.0
_SEAM = 3.0
"""Distance of the lines on rows of panels, metres."""
STATION = (6.4, 5.0, 4.4)
"""Length, depth and height of a transformer's box: larger than real ones, to be seen from afar."""
_YARD = ((-0.25, 0.25, 0.20, 0.12, 1.0), (0.2, 0.22, 0.13, 0.1, 0.7), (0.2, -0.05, 0.13, 0.1, 0.7),
         (-0.25, -0.25, 0.3, 0.1, 0.5))  # fmt: skip
"""Boxes in a substation's yard: place, half sizes and height as shares of the yard's."""


def kinds(layer: Layer) -> npt.NDArray[np.object_]:
    """Return the kind of each site, empty text where unknown."""
    if not layer.has("kind"):
        return np.full(len(layer), "", dtype=object)
    return np.asarray([str(kind or "") for kind in layer.column("kind")], dtype=object)


def rows(geometry: Geometry, wanted: npt.NDArray[np.bool_]) -> tuple[Geometry, Whole]:
    """Return the shapes of some elements, and the row of each."""
    index = np.flatnonzero(wanted)
    parts = _spans(geometry.elements, index)
    ring = _spans(geometry.parts, parts)
    points = _spans(geometry.rings, ring)
    picked = Geometry(
        geometry.kind,
        geometry.coords[points],
        offsets(np.diff(geometry.rings)[ring]),
        offsets(np.diff(geometry.parts)[parts]),
        offsets(np.diff(geometry.elements)[index]),
    )
    return picked, index


def _spans(bounds: npt.NDArray[np.int32], index: Whole) -> Whole:
    """Return the members of some spans, one after the other."""
    begin, end = bounds[index].astype(np.int64), bounds[index + 1].astype(np.int64)
    count = end - begin
    first = np.repeat(begin - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return np.asarray(np.arange(count.sum()) + first, dtype=np.int64)


def renumbered(mesh: Mesh, index: Whole) -> Mesh:
    """Return a mesh of picked shapes with the rows they have in their layer."""
    return Mesh(
        mesh.points,
        mesh.triangles,
        index[mesh.element].astype(np.int32),
        mesh.shade,
        mesh.edges,
        mesh.extra,
    )


def flat(geometry: Geometry, order: Numbers | None = None) -> Mesh:
    """Return polygons flat on the ground; those with a small `order` come first and lie lowest."""
    one = rings(geometry)
    if not len(one.points):
        return nothing()
    done = cut(one)
    element_of_part = np.zeros(int(one.part.max()) + 1, dtype=np.int64)
    element_of_part[one.part] = one.element
    element = element_of_part[done.part]
    triangles = done.triangles
    if order is not None:
        sequence = np.argsort(order[element], kind="stable")
        triangles, element = triangles[sequence], element[sequence]
    points = np.column_stack([done.points[triangles.ravel()], np.zeros(triangles.size)])
    points[:, 2] = float(np.median(one.points[:, 2]))
    return build(points, np.arange(len(points)), np.repeat(element, 3), np.ones(len(points)))


def solids(layer: Layer) -> Mesh:
    """Return everything of a site layer that stands upright."""
    if layer.geometry is None or layer.geometry.kind != "polygon":
        return nothing()
    kind = kinds(layer)
    height = layer.numbers("height_m")
    rotor = layer.numbers("rotor_m", 80.0)
    centres = layer.geometry.centres
    boxes = ~np.isin(kind, ["panel_row", "wind_turbine", "solar_park", "ev_hub", "substation"])
    parts = [_boxes(layer, boxes, kind, height)]
    parts.append(_panels(layer, kind == "panel_row", height))
    for row in np.flatnonzero(kind == "wind_turbine"):
        parts.append(_turbine(centres[row], _or(height[row], 100.0), rotor[row], int(row)))
    for row in np.flatnonzero(kind == "substation"):
        parts.append(_yard(layer, int(row), _or(height[row], 6.0)))
    return join(parts)


def _or(value: float, otherwise: float) -> float:
    return float(value) if np.isfinite(value) and value > 0 else otherwise


def _boxes(
    layer: Layer, wanted: npt.NDArray[np.bool_], kind: npt.NDArray[np.object_], height: Numbers
) -> Mesh:
    """Return sites that are plain boxes."""
    if layer.geometry is None or not wanted.any():
        return nothing()
    picked, index = rows(layer.geometry, wanted)
    own = np.array([_BOXES.get(str(name), _USUAL) for name in kind])
    low = np.isin(kind, list(_BOXES))
    tall = np.where(np.isfinite(height) & (height > 0) & ~low, height, own)[index]
    none = np.zeros(len(index), dtype=np.int64)
    return renumbered(
        extruded(rings(picked), Heights(tall, tall, none, np.full(len(index), np.nan))), index
    )


def _panels(layer: Layer, wanted: npt.NDArray[np.bool_], height: Numbers) -> Mesh:
    """Return rows of panels: tilted planes over their footprint."""
    if layer.geometry is None or not wanted.any():
        return nothing()
    picked, index = rows(layer.geometry, wanted)
    one = rings(picked)
    tilt = np.tan(np.radians(layer.numbers("tilt_deg", 20.0)[index]))
    towards = np.radians(layer.numbers("azimuth_deg", 180.0)[index])
    top = np.where(np.isfinite(height[index]) & (height[index] > 0), height[index], 2.0)
    centre = picked.centres
    reach = np.zeros(len(index))
    ring_element = one.element[one.ring_of_point()]
    np.maximum.at(reach, ring_element, np.abs(_down(one.points, ring_element, centre, towards)))

    def lifted(flat_points: Numbers, element: Whole) -> Numbers:
        """Return points on the tilted planes."""
        down = _down(flat_points, element, centre, towards)
        z = top[element] - (reach[element] + down) * tilt[element]
        return np.column_stack([flat_points[:, :2], centre[element, 2] + np.maximum(z, 0.3)])

    done = cut(one)
    element_of_part = np.zeros(int(one.part.max()) + 1, dtype=np.int64)
    element_of_part[one.part] = one.element
    element = np.repeat(element_of_part[done.part], 3)
    flat_points = done.points[done.triangles.ravel()]
    low = _down(flat_points, element, centre, towards) / np.maximum(reach[element], 1e-6)
    sheets = build(
        lifted(flat_points, element), np.arange(len(element)), element, 0.93 - 0.12 * low
    )
    ends, owner = _seams(one)
    points = lifted(ends, owner)
    pairs = np.arange(len(points)).reshape(-1, 2)
    lines = build(points, np.empty((0, 3), np.int64), owner, np.ones(len(points)), pairs)
    return renumbered(join([sheets, lines]), index)


def _down(points: Numbers, element: Whole, centre: Numbers, towards: Numbers) -> Numbers:
    """Return how far points lie from their element's centre in the direction it is tilted to."""
    away = points[:, :2] - centre[element, :2]
    return np.asarray(away[:, 0] * np.sin(towards[element]) + away[:, 1] * np.cos(towards[element]))


def _seams(one: Rings) -> tuple[Numbers, Whole]:
    """Return starts and ends of the lines on rows of panels in turn, and their elements."""
    found, owner = [one.points, one.points[one.following()]], one.element[one.ring_of_point()]
    ends = [np.stack(found, axis=1).reshape(-1, 3)]
    owners = [np.repeat(owner, 2)]
    for ring in np.flatnonzero(np.diff(one.starts) == 4):
        p = one.points[one.starts[ring] : one.starts[ring + 1]]
        if np.linalg.norm(p[1] - p[0]) < np.linalg.norm(p[2] - p[1]):
            p = np.roll(p, -1, axis=0)
        count = max(1, round(float(np.linalg.norm(p[1] - p[0])) / _SEAM))
        share = (np.arange(1, count) / count)[:, None]
        lines = np.stack([p[0] + (p[1] - p[0]) * share, p[3] + (p[2] - p[3]) * share], axis=1)
        ends.append(lines.reshape(-1, 3))
        owners.append(np.full(2 * (count - 1), one.element[ring]))
    return np.concatenate(ends), np.concatenate(owners)


def _tube(low: Numbers, high: Numbers, radii: tuple[float, float], row: int, sides: int) -> Mesh:
    """Return a mast from `low` to `high`, shaded round."""
    angle = np.arange(sides) * 2 * np.pi / sides
    around = np.stack([np.cos(angle), np.sin(angle), np.zeros(sides)], axis=1)
    points = np.concatenate([low + around * radii[0], high + around * radii[1], [high]])
    a, b = np.arange(sides), (np.arange(sides) + 1) % sides
    triangles = np.concatenate(
        [
            np.stack([a, b, b + sides], 1),
            np.stack([a, b + sides, a + sides], 1),
            np.stack([a + sides, b + sides, np.full(sides, 2 * sides)], 1),
        ]
    )
    shade = np.concatenate([np.tile(light.shade(around), 2), [1.0]])
    return build(points, triangles, np.full(len(points), row), shade)


def _turbine(place: Numbers, height: float, rotor: float, row: int) -> Mesh:
    """Return a wind turbine: mast, nacelle, three blades looking west-south-west."""
    hub = place + np.array([0.0, 0.0, height])
    parts = [_tube(place, hub, (height * 0.022, height * 0.012), row, 10)]
    facing = np.array([-0.45, -0.89, 0.0])
    across = np.array([facing[1], -facing[0], 0.0])
    size = height * 0.02
    parts.append(_box(hub, facing, (size * 2.4, size * 1.1, size * 2.0), row))
    nose = hub + facing * size * 2.6
    for angle in np.radians([90.0, 210.0, 330.0]):
        along = across * np.cos(angle) + np.array([0, 0, 1.0]) * np.sin(angle)
        beside = np.cross(facing, along)
        root, tip = nose, nose + along * rotor / 2
        wide = root + along * rotor * 0.1
        corners = np.array(
            [
                root - beside * size * 0.35, wide - beside * size * 0.5, tip,
                wide + beside * size * 0.95, root + beside * size * 0.35,
            ]
        )  # fmt: skip
        fan = np.array([[0, 1, 2], [0, 2, 3], [0, 3, 4]])
        parts.append(build(corners, fan, np.full(5, row), np.full(5, 1.0)))
    return join(parts)


def _box(centre: Numbers, ahead: Numbers, size: tuple[float, float, float], row: int) -> Mesh:
    """Return a box standing on a point, `ahead` along its length; full sizes in metres."""
    side = np.array([-ahead[1], ahead[0], 0.0])
    half = [(1, 1), (-1, 1), (-1, -1), (1, -1)]
    flat_corners = np.array(
        [centre + ahead * size[0] / 2 * a + side * size[1] / 2 * b for a, b in half]
    )
    return boxes(flat_corners[None], np.array([size[2]]), np.array([row]))


def boxes(feet: Numbers, height: Numbers, element: Whole) -> Mesh:
    """Return boxes over four corners each, shape (n, 4, 3), counter-clockwise."""
    top = feet.copy()
    top[:, :, 2] += height[:, None]
    after, above = np.roll(feet, -1, axis=1), np.roll(top, -1, axis=1)
    a, b, c, d = (part.reshape(-1, 3) for part in (feet, after, above, top))
    sides = walls(a, b, c, d, np.repeat(element, 4), None)
    first = np.arange(len(feet) * 4) * 4
    edges = np.concatenate([np.stack([first, first + 3], 1), np.stack([first + 3, first + 2], 1)])
    sides = Mesh(sides.points, sides.triangles, sides.element, sides.shade, edges.astype(np.int32))
    begin = np.arange(len(feet)) * 4
    lid = build(
        top,
        quads(begin),
        np.repeat(element, 4),
        np.ones(len(feet) * 4),
    )
    return join([sides, lid])


def _yard(layer: Layer, row: int, height: float) -> Mesh:
    """Return the boxes in a substation's yard."""
    if layer.geometry is None:
        return nothing()
    begin, end = layer.geometry.points_of[row : row + 2]
    corners = layer.geometry.coords[begin:end]
    centre = layer.geometry.centres[row]
    one = corners[1] - corners[0]
    length = max(float(np.linalg.norm(one)), 1.0)
    ahead = one / length
    side = np.array([-ahead[1], ahead[0], 0.0])
    depth = max(float(np.ptp(corners @ side)), 1.0)
    return join(
        [
            _box(
                centre + ahead * u * length + side * v * depth,
                ahead, (a * 2 * length, b * 2 * depth, h * height), row,
            )
            for u, v, a, b, h in _YARD
        ]
    )  # fmt: skip


def stations(geometry: Geometry) -> Mesh:
    """Return a box at each point."""
    if not len(geometry.coords):
        return nothing()
    length, depth, height = STATION
    corners = np.array([[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0]]) * [
        length / 2,
        depth / 2,
        0,
    ]
    finite = np.isfinite(geometry.coords).all(axis=1)
    feet = geometry.coords[finite][:, None] + corners
    element = geometry.element_of_point[finite].astype(np.int64)
    return boxes(feet, np.full(len(feet), height), element)


def discs(geometry: Geometry, radius: float, sides: int = 10) -> Mesh:
    """Return a flat disc at each point; `extra` says for each corner in which direction it grows.

    Parameters
    ----------
    geometry
        Points.
    radius
        In metres; the picture widens discs that would be too small to be seen.
    sides
        Corners of a disc.
    """
    finite = np.isfinite(geometry.coords).all(axis=1)
    places = geometry.coords[finite]
    angle = np.arange(sides) * 2 * np.pi / sides
    around = np.stack([np.cos(angle), np.sin(angle), np.zeros(sides)], axis=1)
    points = places[:, None] + around * radius
    fan = np.stack([np.zeros(sides - 2, np.int64), np.arange(1, sides - 1), np.arange(2, sides)], 1)
    triangles = np.arange(len(places))[:, None, None] * sides + fan
    element = np.repeat(geometry.element_of_point[finite], sides)
    extra = np.zeros((len(element), 8))
    extra[:, :2] = np.tile(around[:, :2], (len(places), 1))
    extra[:, 2] = radius
    return build(points, triangles, element, np.ones(len(element)), extra=extra)
