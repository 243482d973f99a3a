"""Buildings from footprints: walls, and gable, hip, shed or flat roofs."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer
from twinview.render.meshes import light
from twinview.render.meshes.extrude import DOWN
from twinview.render.meshes.footplan import CREASE, FLAT, GABLE, HIP, SHED, STRAIGHT
from twinview.render.meshes.ground import Occlusion
from twinview.render.meshes.mesh import Mesh, after, build, join, no_lines, nothing, quads
from twinview.render.meshes.polygons import Rings, areas, cut, rings

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_ROOFS = {
    "gable": GABLE, "gabled": GABLE, "hip": HIP, "hipped": HIP, "shed": SHED, "skillion": SHED,
    "pyramidal": HIP, "half-hipped": HIP, "saltbox": GABLE,
}  # fmt: skip
STOREY, USUAL = 3.0, 6.0


@dataclass(frozen=True, eq=False)
class Heights:
    """Heights of the elements of a building layer above their ground, metres, and kinds of roof."""

    eaves: Numbers
    ridge: Numbers
    roof: Whole
    ridge_deg: Numbers


def heights(layer: Layer) -> Heights:
    """Return heights and roofs from the columns that are there."""
    n = len(layer)
    height = layer.numbers("height_m")
    levels = layer.numbers("levels")
    height = np.where(np.isfinite(height), height, levels * STOREY)
    eaves, ridge = layer.numbers("eaves_m"), layer.numbers("ridge_m")
    eaves = np.where(np.isfinite(eaves), eaves, np.where(np.isfinite(height), height, ridge * 0.65))
    eaves = np.clip(np.where(np.isfinite(eaves), eaves, USUAL), 0.5, 900.0)
    ridge = np.where(np.isfinite(ridge), ridge, eaves)
    roof = np.zeros(n, dtype=np.int64)
    if layer.has("roof"):
        roof = _roofs(layer)
    roof = np.where(ridge > eaves + 0.2, roof, FLAT)
    return Heights(eaves, np.maximum(ridge, eaves), roof, layer.numbers("ridge_deg"))


def _roofs(layer: Layer) -> Whole:
    """Return the kind of roof that each element's text names; others are flat."""
    coded = layer.attributes["roof"].combine_chunks().dictionary_encode()
    names = [_ROOFS.get(str(name).lower(), FLAT) for name in coded.dictionary.to_pylist()]
    kinds = np.array([*names, FLAT], np.int64)
    return np.asarray(kinds[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)])


def figures(layer: Layer) -> Numbers:
    """Return heights and roofs as `extrude.bodies` takes them, shape (elements, 4)."""
    tall = heights(layer)
    return np.column_stack([tall.eaves, tall.ridge, tall.roof, tall.ridge_deg])


def mesh(layer: Layer, occlusion: Occlusion | None = None) -> Mesh:
    """Return a building layer of footprints as walls and roofs.

    Parameters
    ----------
    layer
        A layer whose geometry is of the kind polygon.
    occlusion
        What neighbours take away of the light; None for none.
    """
    if layer.geometry is None or not len(layer.geometry.coords):
        return nothing()
    tall = heights(layer)
    plain = rings(layer.geometry)
    corners = _corners(plain)
    block = _blocks(plain, corners)
    return join(
        [
            extruded(_without(plain, block), tall, occlusion),
            _pitched(plain, corners, block, tall, occlusion),
        ]
    )


def _corners(one: Rings) -> npt.NDArray[np.bool_]:
    """Return the points at which a ring turns by more than a little."""
    return np.asarray(_turn(one) < STRAIGHT)


def _turn(one: Rings) -> Numbers:
    """Return the cosine of the turn at each point."""
    p = one.points[:, :2]
    ahead = p[one.following()] - p if len(p) else p
    behind = np.empty_like(ahead)
    behind[one.following()] = ahead
    lengths = np.linalg.norm(ahead, axis=1) * np.linalg.norm(behind, axis=1)
    return np.asarray((ahead * behind).sum(axis=1) / np.maximum(lengths, 1e-9))


def _blocks(one: Rings, corners: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return which rings are alone in their part and have four corners, all to the left."""
    p = one.points[:, :2]
    ring = one.ring_of_point()
    alone = np.bincount(one.part, minlength=len(one.part))[one.part] == 1
    four = np.bincount(ring[corners], minlength=len(one.part)) == 4
    candidate = alone & four
    index = np.flatnonzero(corners & candidate[ring]).reshape(-1, 4)
    quad = p[index]
    ahead = np.roll(quad, -1, axis=1) - quad
    behind = quad - np.roll(quad, 1, axis=1)
    left = (behind[..., 0] * ahead[..., 1] - behind[..., 1] * ahead[..., 0] > 0).all(axis=1)
    result = np.zeros(len(one.part), dtype=bool)
    result[np.flatnonzero(candidate)[left]] = True
    return result


def _without(one: Rings, dropped: npt.NDArray[np.bool_]) -> Rings:
    """Return the rings that are not dropped, parts renumbered."""
    keep = ~dropped
    counts = np.diff(one.starts)[keep]
    _, part = np.unique(one.part[keep], return_inverse=True)
    return Rings(
        one.points[keep[one.ring_of_point()]],
        np.concatenate([[0], np.cumsum(counts)]),
        part,
        one.element[keep],
        one.hole[keep],
    )


def extruded(one: Rings, tall: Heights, occlusion: Occlusion | None = None) -> Mesh:
    """Return bodies of any outline with level roofs (higher where the real one is pitched)."""
    if not len(one.points):
        return nothing()
    level = np.where(tall.roof == FLAT, tall.eaves, (tall.eaves * 2 + tall.ridge) / 3)
    ring = one.ring_of_point()
    element = one.element[ring]
    base = _base(one)
    top = one.points.copy()
    top[:, 2] = base[one.part[ring]] + level[element]
    bottom = one.points.copy()
    bottom[:, 2] = base[one.part[ring]] - DOWN
    follow = one.following()
    sides = walls(bottom, bottom[follow], top[follow], top, element, occlusion)
    creased = np.flatnonzero(_turn(one) < CREASE) * 4
    eaves = np.arange(len(top)) * 4
    edges = np.concatenate(
        [
            np.stack([creased, creased + 3], 1),
            np.stack([eaves + 3, eaves + 2], 1),
            np.stack([eaves, eaves + 1], 1),
        ]
    )
    return join([replace(sides, edges=edges.astype(np.int32)), _lids(one, base, level)])


def _base(one: Rings) -> Numbers:
    """Return the lowest point of each part."""
    parts = int(one.part.max()) + 1 if len(one.part) else 0
    base = np.full(parts, np.inf)
    np.minimum.at(base, one.part[one.ring_of_point()], one.points[:, 2])
    return np.where(np.isfinite(base), base, 0.0)


def _lids(one: Rings, base: Numbers, level: Numbers) -> Mesh:
    """Return the level roofs of all parts."""
    done = cut(one)
    element_of_part = np.zeros(len(base), dtype=np.int64)
    element_of_part[one.part] = one.element
    corner = done.triangles.ravel()
    part = np.repeat(done.part, 3)
    used, index = np.unique(corner * np.int64(len(base)) + part, return_inverse=True)
    corner, part = used // len(base), used % len(base)
    element = element_of_part[part]
    points = np.column_stack([done.points[corner], base[part] + level[element]])
    return build(points, index.reshape(-1, 3), element, np.ones(len(points)))


def walls(
    a: Numbers, b: Numbers, c: Numbers, d: Numbers, element: Whole, occlusion: Occlusion | None
) -> Mesh:
    """Return upright quads from four corners each: a and b at the foot, c and d above b and a."""
    normal = light.normals(a, b, c)
    shade = np.repeat(light.shade(normal), 4).reshape(-1, 4)
    foot = light.FOOT if occlusion is None else occlusion.wall(np.stack([a, b], axis=1), normal)
    shade[:, :2] *= foot
    points = np.stack([a, b, c, d], axis=1)
    first = np.arange(len(a)) * 4
    triangles = quads(first)
    return build(points, triangles, np.repeat(element, 4), shade.ravel())


def _pitched(
    one: Rings,
    corners: npt.NDArray[np.bool_],
    block: npt.NDArray[np.bool_],
    tall: Heights,
    occlusion: Occlusion | None,
) -> Mesh:
    """Return buildings with four corners: walls, and the roof their data name."""
    ring = one.ring_of_point()
    quad = one.points[np.flatnonzero(corners & block[ring]).reshape(-1, 4)]
    if not len(quad):
        return nothing()
    element = one.element[block]
    quad = _along_ridge(quad, tall.ridge_deg[element], tall.roof[element])
    base = quad[:, :, 2].min(axis=1)
    quad[:, :, 2] = (base - DOWN)[:, None]
    eaves = quad.copy()
    eaves[:, :, 2] = (base + tall.eaves[element])[:, None]
    shed = tall.roof[element] == SHED
    eaves[shed, 2:, 2] = (base + tall.ridge[element])[shed, None]
    roof = tall.roof[element]
    parts = [_block_walls(quad, eaves, roof, element, occlusion)]
    ridge = base + tall.ridge[element]
    parts.append(_level(eaves, element, (roof == FLAT) | shed))
    for kind, inset in ((GABLE, 0.0), (HIP, 0.5)):
        mine = roof == kind
        if mine.any():
            parts.append(_ridged(eaves[mine], ridge[mine], inset, element[mine]))
    return join(parts)


def _along_ridge(quad: Numbers, ridge_deg: Numbers, roof: Whole) -> Numbers:
    """Return the corners rolled so that the first edge runs along the ridge (shed: is low)."""
    ahead = np.roll(quad, -1, axis=1) - quad
    length = np.linalg.norm(ahead[:, :, :2], axis=2)
    longest = length[:, 0] + length[:, 2] >= length[:, 1] + length[:, 3]
    bearing = np.degrees(np.arctan2(ahead[:, 0, 0], ahead[:, 0, 1]))
    off = np.abs((bearing - ridge_deg + 90.0) % 180.0 - 90.0)
    told = np.isfinite(ridge_deg) & (roof != FLAT)
    first = np.where(told, off <= 45.0, longest)  # noqa: PLR2004 - degrees
    return np.where(first[:, None, None], quad, np.roll(quad, -1, axis=1))


def _block_walls(
    quad: Numbers, eaves: Numbers, roof: Whole, element: Whole, occlusion: Occlusion | None
) -> Mesh:
    """Return the four walls of each block; creases upright and at the eaves, not under gables."""
    n = len(quad)
    after, above = np.roll(quad, -1, axis=1), np.roll(eaves, -1, axis=1)
    sides = walls(
        quad.reshape(-1, 3), after.reshape(-1, 3), above.reshape(-1, 3), eaves.reshape(-1, 3),
        np.repeat(element, 4), occlusion,
    )  # fmt: skip
    first = np.arange(n * 4) * 4
    gable_end = (np.arange(n * 4) % 2 == 1) & np.repeat(roof == GABLE, 4)
    upright = np.stack([first, first + 3], axis=1)
    level = np.stack([first + 3, first + 2], axis=1)[~gable_end]
    foot = np.stack([first, first + 1], axis=1)
    return replace(sides, edges=np.concatenate([upright, level, foot]).astype(np.int32))


def _level(eaves: Numbers, element: Whole, wanted: npt.NDArray[np.bool_]) -> Mesh:
    """Return roofs of one plane."""
    own = eaves[wanted]
    shade = light.shade(light.normals(own[:, 0], own[:, 1], own[:, 2]))
    first = np.arange(len(own)) * 4
    triangles = quads(first)
    return build(own, triangles, np.repeat(element[wanted], 4), np.repeat(shade, 4))


def _ridged(eaves: Numbers, ridge: Numbers, inset: float, element: Whole) -> Mesh:
    """Return gable roofs (inset 0) or hip roofs (ends drawn in by `inset` of the width)."""
    p0, p1, p2, p3 = (eaves[:, k] for k in range(4))
    one, two = (p1 + p2) / 2, (p3 + p0) / 2
    along = two - one
    length = np.linalg.norm(along, axis=1)
    width = np.linalg.norm(p2 - p1, axis=1)
    share = np.minimum(inset * width / np.maximum(length, 1e-6), 0.5)[:, None]
    one, two = one + along * share, two - along * share
    one[:, 2] = two[:, 2] = ridge
    slopes = [(p0, p1, one, two), (p2, p3, two, one)]
    faces = [_quad(slope, element) for slope in slopes]
    ends = [_triangle((p1, p2, one), element, inset), _triangle((p3, p0, two), element, inset)]
    return join(faces + ends)


def _quad(corners: tuple[Numbers, ...], element: Whole) -> Mesh:
    """Return one slope of each roof with its ridge and rakes."""
    points = np.stack(corners, axis=1)
    shade = light.shade(light.normals(points[:, 0], points[:, 1], points[:, 2]))
    first = np.arange(len(points)) * 4
    triangles = quads(first)
    edges = np.concatenate([after(first, 1, 2), after(first, 2, 3), after(first, 3, 0)])
    return build(points, triangles, np.repeat(element, 4), np.repeat(shade, 4), edges)


def _triangle(corners: tuple[Numbers, ...], element: Whole, inset: float) -> Mesh:
    """Return the gable or the hip at one end of each roof."""
    points = np.stack(corners, axis=1)
    shade = light.shade(light.normals(*corners))
    first = np.arange(len(points)) * 3
    edges = after(first, 0, 1) if inset else no_lines()
    return build(points, after(first, 0, 1, 2), np.repeat(element, 3), np.repeat(shade, 3), edges)


def footprint_area(layer: Layer) -> Numbers:
    """Return the area of each element's footprint, m2, holes taken away."""
    if layer.geometry is None:
        return np.zeros(len(layer))
    one = rings(layer.geometry)
    return np.asarray(np.bincount(one.element, areas(one), len(layer)), dtype=np.float64)
