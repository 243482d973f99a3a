"""Stores as glass cylinders: shell, rims, and a filling that follows the state of charge."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer
from twinview.render.meshes import light
from twinview.render.meshes.mesh import EXTRA, Mesh, build, join, nothing

Numbers = npt.NDArray[np.float64]

COMMUNITY_WH = 60_000.0
"""Stores from this size on are drawn large enough to be read from afar."""
_RADIUS, _HEIGHT = 9.0, 28.0
_HOME_RADIUS, _HOME_HEIGHT = 0.45, 1.3
_SIDES = 28


@dataclass(frozen=True, eq=False)
class Tanks:
    """Shell (`extra`: normals), rims, and filling (`extra`: 0 low or 1 high, height)."""

    shell: Mesh
    rims: Mesh
    filling: Mesh


def sizes(layer: Layer) -> tuple[Numbers, Numbers]:
    """Return radii and heights, metres."""
    energy = layer.numbers("energy_wh")
    large = ~(energy < COMMUNITY_WH)
    scale = np.clip(np.nan_to_num(energy / 500_000.0, nan=1.0), 0.1, 20.0) ** (1 / 6)
    radius = np.where(large, _RADIUS * np.clip(scale, 0.8, 1.4), _HOME_RADIUS)
    height = np.where(large, _HEIGHT * np.clip(scale, 0.8, 1.4), _HOME_HEIGHT)
    return radius, height


def tanks(layer: Layer) -> Tanks:
    """Return the points of a storage layer as cylinders."""
    geometry = layer.geometry
    if geometry is None or not len(geometry.coords):
        return Tanks(nothing(), nothing(), nothing())
    finite = np.isfinite(geometry.coords).all(axis=1)
    element = geometry.element_of_point[finite].astype(np.int64)
    radius, height = (values[element] for values in sizes(layer))
    place = geometry.coords[finite]
    zero = np.zeros(len(place))
    thick = np.maximum(radius * 0.045, 0.05)
    shell = _side(place, radius, zero, height, element)
    ends = [
        _ring(place, radius + thick, radius - thick, height, element),
        _side(place, radius + thick, height - 3 * thick, height, element),
        _side(place, radius + thick, zero, 2 * thick, element),
        _ring(place, radius + thick, radius - thick, 2 * thick, element),
    ]
    inner = radius - 2.0 * thick
    return Tanks(shell, join(ends), _filling(place, inner, height - thick, element))


def _circle() -> Numbers:
    angle = np.arange(_SIDES) * 2 * np.pi / _SIDES
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _strip(n: int) -> npt.NDArray[np.int64]:
    """Return the triangles between two circles of points that follow each other."""
    a = np.arange(_SIDES)
    b = (a + 1) % _SIDES
    one = np.concatenate(
        [np.stack([a, b, b + _SIDES], 1), np.stack([a, b + _SIDES, a + _SIDES], 1)]
    )
    return np.asarray(np.arange(n)[:, None, None] * (2 * _SIDES) + one)


def _side(
    place: Numbers, radius: Numbers, low: Numbers, high: Numbers, element: npt.NDArray[np.int64]
) -> Mesh:
    """Return the upright wall of cylinders; `extra` holds its normals."""
    circle = _circle()
    flat = place[:, None, :2] + circle * radius[:, None, None]
    points = np.empty((len(place), 2, _SIDES, 3))
    points[..., :2] = flat[:, None]
    points[:, 0, :, 2] = (place[:, 2] + low)[:, None]
    points[:, 1, :, 2] = (place[:, 2] + high)[:, None]
    normal = np.column_stack([circle, np.zeros(_SIDES)])
    shade = np.tile(light.shade(normal), 2 * len(place))
    extra = np.zeros((len(place) * 2 * _SIDES, EXTRA))
    extra[:, :3] = np.tile(normal, (2 * len(place), 1))
    return build(
        points.reshape(-1, 3),
        _strip(len(place)),
        np.repeat(element, 2 * _SIDES),
        shade,
        extra=extra,
    )


def _ring(
    place: Numbers, outer: Numbers, inner: Numbers, level: Numbers, element: npt.NDArray[np.int64]
) -> Mesh:
    """Return level rings, seen from above."""
    circle = _circle()
    points = np.empty((len(place), 2, _SIDES, 3))
    for k, radius in enumerate((outer, inner)):
        points[:, k, :, :2] = place[:, None, :2] + circle * radius[:, None, None]
    points[..., 2] = (place[:, 2] + level)[:, None, None]
    count = len(place) * 2 * _SIDES
    extra = np.zeros((count, EXTRA))
    extra[:, 2] = 1.0
    return build(
        points.reshape(-1, 3), _strip(len(place)), np.repeat(element, 2 * _SIDES), np.ones(count),
        extra=extra,
    )  # fmt: skip


def _filling(
    place: Numbers, radius: Numbers, height: Numbers, element: npt.NDArray[np.int64]
) -> Mesh:
    """Return solid cylinders whose upper points the graphics card lowers to the level of charge."""
    zero = np.zeros(len(place))
    wall = _side(place, radius, zero, zero, element)
    top = _ring(place, radius, zero, zero, element)
    return join([_levelled(wall, height, bottom=True), _levelled(top, height, bottom=False)])


def _levelled(mesh: Mesh, height: Numbers, bottom: bool) -> Mesh:
    extra = np.zeros((len(mesh.points), EXTRA), dtype=np.float32)
    upper = np.tile(np.repeat([0.0 if bottom else 1.0, 1.0], _SIDES), len(height))
    extra[:, 0] = upper
    extra[:, 1] = np.repeat(height, 2 * _SIDES)
    return Mesh(mesh.points, mesh.triangles, mesh.element, mesh.shade, mesh.edges, extra)
