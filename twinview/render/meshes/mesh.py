"""A mesh: what is handed to the graphics card, and how meshes are put together and split."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int32]
Whole = npt.NDArray[np.int64]

EXTRA = 8
"""Numbers per vertex that a material may use beyond position, element and shade."""


def no_lines() -> Indices:
    """Return no edges."""
    return np.empty((0, 2), dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles of one or more elements.

    Parameters
    ----------
    points
        Shape (n, 3), float32, local metres.
    triangles
        Shape (m, 3), int32, counter-clockwise seen from outside.
    element
        Shape (n,), int32: row of the element each vertex belongs to.
    shade
        Shape (n,), float32: baked light times occlusion, about 0.4 to 1.
    edges
        Shape (k, 2), int32: creases worth a thin line.
    extra
        Shape (n, 8), float32, meaning by material; None where there is none.
    """

    points: Floats
    triangles: Indices
    element: Indices
    shade: Floats
    edges: Indices = field(default_factory=no_lines)
    extra: Floats | None = None

    @property
    def empty(self) -> bool:
        """True where there is nothing to draw."""
        return len(self.triangles) == 0 and len(self.edges) == 0


def nothing() -> Mesh:
    """Return a mesh without points."""
    return Mesh(
        np.empty((0, 3), np.float32),
        np.empty((0, 3), np.int32),
        np.empty(0, np.int32),
        np.empty(0, np.float32),
    )


def build(
    points: npt.NDArray[np.floating],
    triangles: npt.NDArray[np.integer],
    element: npt.NDArray[np.integer],
    shade: npt.NDArray[np.floating],
    edges: npt.NDArray[np.integer] | None = None,
    extra: npt.NDArray[np.floating] | None = None,
) -> Mesh:
    """Return a mesh from arrays of any number type."""
    return Mesh(
        np.ascontiguousarray(points, dtype=np.float32).reshape(-1, 3),
        np.ascontiguousarray(triangles, dtype=np.int32).reshape(-1, 3),
        np.ascontiguousarray(element, dtype=np.int32),
        np.ascontiguousarray(shade, dtype=np.float32),
        no_lines() if edges is None else np.ascontiguousarray(edges, np.int32).reshape(-1, 2),
        None if extra is None else np.ascontiguousarray(extra, dtype=np.float32),
    )


def after(first: npt.NDArray[np.integer], *steps: int) -> Whole:
    """Return rows of indices: each of `first`, plus each of the steps."""
    return np.asarray(np.asarray(first, np.int64).reshape(-1, 1) + np.array(steps))


def quads(first: npt.NDArray[np.integer]) -> Whole:
    """Return two triangles for each quad whose four points begin at `first`."""
    return np.asarray(np.concatenate([after(first, 0, 1, 2), after(first, 0, 2, 3)]))


def join(meshes: Sequence[Mesh]) -> Mesh:
    """Return several meshes as one."""
    kept = [mesh for mesh in meshes if not mesh.empty]
    if len(kept) < 2:
        return kept[0] if kept else nothing()
    starts = np.cumsum([0] + [len(mesh.points) for mesh in kept[:-1]])
    pairs = list(zip(kept, starts, strict=True))
    extra = None
    if any(mesh.extra is not None for mesh in kept):
        extra = np.concatenate(
            [
                mesh.extra
                if mesh.extra is not None
                else np.zeros((len(mesh.points), EXTRA), np.float32)
                for mesh in kept
            ]
        )
    return Mesh(
        np.concatenate([mesh.points for mesh in kept]),
        np.concatenate([mesh.triangles + np.int32(start) for mesh, start in pairs]),
        np.concatenate([mesh.element for mesh in kept]),
        np.concatenate([mesh.shade for mesh in kept]),
        np.concatenate([mesh.edges + np.int32(start) for mesh, start in pairs]),
        extra,
    )


def by_element(mesh: Mesh) -> Mesh:
    """Return the mesh with what belongs to an element together, elements ascending.

    Faces of two elements may lie in one place; which is seen must not hang on who made them.
    """
    if (np.diff(mesh.element) >= 0).all():
        return mesh
    order = np.argsort(mesh.element, kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    triangles, edges = place[mesh.triangles], place[mesh.edges]
    return Mesh(
        mesh.points[order],
        triangles[np.argsort(mesh.element[mesh.triangles[:, 0]], kind="stable")],
        mesh.element[order],
        mesh.shade[order],
        edges[np.argsort(mesh.element[mesh.edges[:, 0]], kind="stable")],
        None if mesh.extra is None else mesh.extra[order],
    )


def checked(mesh: Mesh) -> Mesh:
    """Return the mesh unchanged.

    Raises
    ------
    ValueError
        When a triangle or edge names a point that is not there, or a number is not finite.
    """
    count = len(mesh.points)
    for index in (mesh.triangles, mesh.edges):
        if len(index) and (int(index.min()) < 0 or int(index.max()) >= count):
            raise ValueError(f"a mesh of {count} points has an index outside")
    if len(mesh.element) != count or len(mesh.shade) != count:
        raise ValueError(f"a mesh of {count} points has {len(mesh.element)} elements")
    if not (np.isfinite(mesh.points).all() and np.isfinite(mesh.shade).all()):
        raise ValueError("a mesh has a point that is not finite")
    return mesh


def part_of(mesh: Mesh, wanted: npt.NDArray[np.bool_]) -> Mesh:
    """Return the part of a mesh whose elements are wanted, shape of `wanted` (elements,)."""
    keep = wanted[mesh.element]
    number = np.cumsum(keep, dtype=np.int64) - 1
    triangles = (
        mesh.triangles[keep[mesh.triangles[:, 0]]] if len(mesh.triangles) else mesh.triangles
    )
    edges = mesh.edges[keep[mesh.edges[:, 0]]] if len(mesh.edges) else mesh.edges
    return build(
        mesh.points[keep],
        number[triangles],
        mesh.element[keep],
        mesh.shade[keep],
        number[edges],
        None if mesh.extra is None else mesh.extra[keep],
    )


def tiles(mesh: Mesh, elements: int, most: int = 40_000) -> list[Mesh]:
    """Return a mesh split by place, so that no part holds many more than `most` elements.

    Parameters
    ----------
    mesh
        The mesh of a whole layer.
    elements
        Number of elements of the layer.
    most
        Aim for the number of elements in a part.
    """
    if mesh.empty:
        return []
    if elements <= most:
        return [mesh]
    counts = np.maximum(np.bincount(mesh.element, minlength=elements), 1)
    centres = np.stack(
        [np.bincount(mesh.element, mesh.points[:, k], minlength=elements) / counts for k in (0, 1)],
        axis=1,
    )
    tile = np.zeros(elements, dtype=np.int64)
    groups = [np.arange(elements)]
    while max(len(group) for group in groups) > most:
        groups = [half for group in groups for half in _halves(group, centres)]
    for number, group in enumerate(groups):
        tile[group] = number
    return _split(mesh, tile, len(groups))


def _split(mesh: Mesh, tile: Whole, count: int) -> list[Mesh]:
    """Return a mesh cut by the tile of each element; one sort, however many tiles."""
    own = tile[mesh.element]
    order = np.argsort(own, kind="stable")
    starts = np.searchsorted(own[order], np.arange(count + 1))
    number = np.empty(len(own), dtype=np.int64)
    number[order] = np.arange(len(own)) - starts[own[order]]
    triangles, three = _grouped(mesh.triangles, own, count)
    edges, two = _grouped(mesh.edges, own, count)
    parts = []
    for k in range(count):
        mine = order[starts[k] : starts[k + 1]]
        part = Mesh(
            mesh.points[mine],
            number[triangles[three[k] : three[k + 1]]].astype(np.int32),
            mesh.element[mine],
            mesh.shade[mine],
            number[edges[two[k] : two[k + 1]]].astype(np.int32),
            None if mesh.extra is None else mesh.extra[mine],
        )
        if not part.empty:
            parts.append(part)
    return parts


def _grouped(index: Indices, tile: Whole, count: int) -> tuple[Indices, Whole]:
    """Return triangles or edges sorted by tile, and where each tile's begin."""
    own = tile[index[:, 0]]
    order = np.argsort(own, kind="stable")
    return index[order], np.asarray(np.searchsorted(own[order], np.arange(count + 1)))


def _halves(
    group: npt.NDArray[np.int64], centres: npt.NDArray[np.float64]
) -> list[npt.NDArray[np.int64]]:
    """Return a group of elements cut in two across its longer side."""
    if len(group) < 2:
        return [group]
    own = centres[group]
    order = np.argsort(own[:, int(np.argmax(np.ptp(own, axis=0)))], kind="stable")
    middle = len(group) // 2
    return [group[order[:middle]], group[order[middle:]]]
