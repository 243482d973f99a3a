"""Trees: soft low crowns, six-sided, shaded per vertex so that they look round."""

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer
from twinview.render.meshes import light
from twinview.render.meshes.mesh import Mesh, build, nothing

_SIDES = 6
_USUAL_HEIGHT, _USUAL_CROWN = 8.0, 2.4


def sizes(layer: Layer) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return heights and crown radii (column ``crown_m``), metres."""
    height = np.clip(layer.numbers("height_m", _USUAL_HEIGHT), 1.0, 60.0)
    crown = layer.numbers("crown_m")
    crown = np.where(np.isfinite(crown), crown, height * _USUAL_CROWN / _USUAL_HEIGHT)
    return height, np.clip(crown, 0.3, 20.0)


def mesh(layer: Layer) -> Mesh:
    """Return the points of a tree layer as crowns."""
    if layer.geometry is None or not len(layer.geometry.coords):
        return nothing()
    element = layer.geometry.element_of_point.astype(np.int64)
    height, crown = (values[element] for values in sizes(layer))
    finite = np.isfinite(layer.geometry.coords).all(axis=1)
    element, height, crown = element[finite], height[finite], crown[finite]
    unit, normal, triangles = _crown()
    turn = (element * 2.399963) % (2 * np.pi)
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    scale = np.stack([crown, crown, height], axis=1)
    shape = unit[None] * scale[:, None]
    turned = np.stack(
        [
            shape[:, :, 0] * cos - shape[:, :, 1] * sin,
            shape[:, :, 0] * sin + shape[:, :, 1] * cos,
            shape[:, :, 2],
        ],
        axis=2,
    )
    looking = np.stack(
        [
            normal[None, :, 0] * cos - normal[None, :, 1] * sin,
            normal[None, :, 0] * sin + normal[None, :, 1] * cos,
            np.broadcast_to(normal[None, :, 2], (len(element), len(unit))),
        ],
        axis=2,
    )
    points = layer.geometry.coords[finite][:, None] + turned
    low = np.clip(0.62 + 0.5 * unit[:, 2], 0.0, 1.0)
    shade = light.shade(looking.reshape(-1, 3)).reshape(len(element), -1) * low
    index = np.arange(len(element))[:, None, None] * len(unit) + triangles
    return build(points, index, np.repeat(element, len(unit)), shade.ravel())


def _crown() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return points, normals and triangles of a tree of height 1 and crown radius 1."""
    angle = np.arange(_SIDES) * 2 * np.pi / _SIDES
    circle = np.stack([np.cos(angle), np.sin(angle), np.zeros(_SIDES)], axis=1)
    turned = np.stack([np.cos(angle + 0.5), np.sin(angle + 0.5), np.zeros(_SIDES)], axis=1)
    rings = [circle * 0.98 + [0, 0, 0.44], turned * 0.74 + [0, 0, 0.8]]
    trunk = np.array([[0.12, 0, 0.0], [-0.06, 0.1, 0.0], [-0.06, -0.1, 0.0]])
    points = np.concatenate([*rings, [[0, 0, 1.0]], [[0, 0, 0.16]], trunk])
    normal = points - [0, 0, 0.5]
    normal[:, 2] *= 1.6
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    a = np.arange(_SIDES)
    b = (a + 1) % _SIDES
    top, bottom = 2 * _SIDES, 2 * _SIDES + 1
    triangles = np.concatenate(
        [
            np.stack([a, b, a + _SIDES], 1),
            np.stack([b, b + _SIDES, a + _SIDES], 1),
            np.stack([a + _SIDES, b + _SIDES, np.full(_SIDES, top)], 1),
            np.stack([b, a, np.full(_SIDES, bottom)], 1),
            bottom + np.array([[1, 2, 0], [2, 3, 0], [3, 1, 0]]),
        ]
    )
    return points, normal, triangles
