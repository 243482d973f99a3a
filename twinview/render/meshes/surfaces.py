"""Bodies given by their faces (CityJSON, CityGML): faces into triangles, creases found."""

import numpy as np
import numpy.typing as npt

from twinview.model.geometry import SEMANTICS, Geometry
from twinview.render.meshes import light
from twinview.render.meshes.mesh import Mesh, build, nothing
from twinview.render.meshes.polygons import Rings, cut, turned

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_GROUND, _WALL, _ROOF = (SEMANTICS.index(name) for name in ("ground", "wall", "roof"))
CREASE = np.cos(np.radians(30.0))
_GRID = 1e-3
"""Corners nearer than this are one when edges are matched, metres."""


def mesh(geometry: Geometry) -> Mesh:
    """Return the faces of bodies as triangles; faces on the ground are left out."""
    faces = _faces(geometry)
    if not len(faces.points):
        return nothing()
    normal = _normals(faces)
    order = _order(normal)
    flat = np.take_along_axis(faces.points, order[faces.part[faces.ring_of_point()]], axis=1)
    done = cut(turned(Rings(flat, faces.starts, faces.part, faces.element, faces.hole)))
    lifted = _lift(faces, normal, order, done.points, done.triangles, done.part)
    facing = light.normals(*(lifted[:, k] for k in range(3)))
    wrong = (facing * normal[done.part]).sum(axis=1) < 0
    lifted[wrong] = lifted[wrong][:, [0, 2, 1]]
    return _shaded(geometry, faces, normal, lifted, done.part)


def _faces(geometry: Geometry) -> Rings:
    """Return the rings of all faces but those on the ground."""
    counts = np.diff(geometry.rings).astype(np.int64)
    part_of_ring = np.repeat(np.arange(len(geometry.parts) - 1), np.diff(geometry.parts))
    element_of_part = np.repeat(np.arange(len(geometry)), np.diff(geometry.elements))
    drawn = counts >= 3
    if geometry.semantics is not None:
        drawn &= (geometry.semantics != _GROUND)[part_of_ring]
    finite = np.isfinite(geometry.coords).all(axis=1)
    ring = np.repeat(np.arange(len(counts)), counts)
    broken = np.bincount(ring, ~finite, minlength=len(counts)) > 0
    drawn &= ~broken
    hole = np.arange(len(counts)) != geometry.parts[:-1][part_of_ring]
    _, part = np.unique(part_of_ring[drawn], return_inverse=True)
    kept = counts[drawn]
    return Rings(
        np.asarray(geometry.coords[drawn[ring]], dtype=np.float64),
        np.concatenate([[0], np.cumsum(kept)]),
        part,
        element_of_part[part_of_ring[drawn]],
        hole[drawn],
    )


def _normals(faces: Rings) -> Numbers:
    """Return the unit normal of each part (Newell's way, outline only)."""
    outline = ~faces.hole[faces.ring_of_point()]
    p = faces.points - faces.points[0]
    cross = np.cross(p, p[faces.following()])[outline]
    part = faces.part[faces.ring_of_point()][outline]
    parts = int(faces.part.max()) + 1
    summed = np.stack([np.bincount(part, cross[:, k], minlength=parts) for k in range(3)], axis=1)
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.where(length > 1e-9, summed / np.maximum(length, 1e-12), [0.0, 0.0, 1.0])  # noqa: PLR2004


def _order(normal: Numbers) -> Whole:
    """Return for each part which axes span its picture: (first, second, dropped)."""
    cyclic = np.array([[1, 2, 0], [2, 0, 1], [0, 1, 2]])
    return np.asarray(cyclic[np.argmax(np.abs(normal), axis=1)])


def _lift(
    faces: Rings, normal: Numbers, order: Whole, flat: Numbers, triangles: Whole, part: Whole
) -> Numbers:
    """Return the corners of triangles in space, from the plane of each face."""
    parts = int(faces.part.max()) + 1
    first_ring = np.searchsorted(faces.part, np.arange(parts))
    start = faces.starts[first_ring]
    anchor = faces.points[start]
    corner = flat[triangles]
    n = np.take_along_axis(normal, order, axis=1)[part]
    a = np.take_along_axis(anchor, order, axis=1)[part]
    third = a[:, None, 2] - (
        (corner[..., 0] - a[:, None, 0]) * n[:, None, 0]
        + (corner[..., 1] - a[:, None, 1]) * n[:, None, 1]
    ) / np.where(np.abs(n[:, None, 2]) > 1e-9, n[:, None, 2], 1.0)  # noqa: PLR2004
    spread = np.concatenate([corner, third[..., None]], axis=2)
    lifted = np.empty_like(spread)
    np.put_along_axis(lifted, np.broadcast_to(order[part][:, None], spread.shape), spread, axis=2)
    return lifted


def _shaded(
    geometry: Geometry, faces: Rings, normal: Numbers, lifted: Numbers, part: Whole
) -> Mesh:
    """Return the mesh of lifted triangles with light and creases."""
    element_of_part = np.zeros(len(normal), dtype=np.int64)
    element_of_part[faces.part] = faces.element
    element = element_of_part[part]
    base = np.full(len(geometry), np.inf)
    np.minimum.at(base, faces.element[faces.ring_of_point()], faces.points[:, 2])
    shade = np.repeat(light.shade(normal)[part][:, None], 3, axis=1)
    upright = np.abs(normal[part][:, 2]) < 0.5  # noqa: PLR2004 - walls
    rise = np.clip((lifted[:, :, 2] - base[element][:, None]) / 6.0, 0.0, 1.0)
    shade *= np.where(upright[:, None], light.FOOT + (1 - light.FOOT) * rise, 1.0)
    points = lifted.reshape(-1, 3)
    triangles = np.arange(len(points)).reshape(-1, 3)
    edges = _creases(points, normal[part])
    return build(points, triangles, np.repeat(element, 3), shade.ravel(), edges)


def _creases(points: Numbers, normal: Numbers) -> Whole:
    """Return the sides of triangles at which the surface ends or turns by more than 30 degrees."""
    key = np.round(points / _GRID).astype(np.int64)
    _, corner = np.unique(key, axis=0, return_inverse=True)
    corner = corner.reshape(-1, 3)
    index = np.arange(len(points)).reshape(-1, 3)
    sides = np.concatenate([corner[:, [0, 1]], corner[:, [1, 2]], corner[:, [2, 0]]])
    where = np.concatenate([index[:, [0, 1]], index[:, [1, 2]], index[:, [2, 0]]])
    looks = np.tile(normal, (3, 1))
    code = np.sort(sides, axis=1) @ np.array([len(points), 1], dtype=np.int64)
    order = np.argsort(code, kind="stable")
    code, where, looks = code[order], where[order], looks[order]
    starts = np.flatnonzero(np.concatenate([[True], code[1:] != code[:-1]]))
    counts = np.diff(np.concatenate([starts, [len(code)]]))
    second = np.minimum(starts + 1, len(code) - 1)
    bend = (looks[starts] * looks[second]).sum(axis=1)
    creased = (counts != 2) | (bend < CREASE)
    return np.asarray(where[starts[creased]])
