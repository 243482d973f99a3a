"""What stands inside a shape drawn on the screen."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer, Twin
from twinview.render import camera as eyes
from twinview.scene.paint import Scene
from twinview.scene.view import Camera

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]


def enclosed(
    twin: Twin, scene: Scene, camera: Camera, size: tuple[int, int], shape: Numbers
) -> Mapping[str, Rows]:
    """Return the elements whose middle lies inside a shape, by layer.

    Only layers of which the map shows a number count, and where none of those lies inside, all
    that are drawn: whoever draws around houses does not want the trees between them.

    Parameters
    ----------
    twin, scene
        The district, and what is seen of it.
    camera, size
        From where it is seen, and width and height of the picture, pixels.
    shape
        Corners from the top left, pixels. Shape (k, 2).
    """
    found = {}
    for layer_id, paint in scene.paints.items():
        rows = _inside(twin.layers[layer_id], camera, size, shape)
        rows = rows if paint.out is None else rows[~paint.out[rows]]
        if rows.size:
            found[layer_id] = rows
    spoken = {one: rows for one, rows in found.items() if scene.paints[one].quantity}
    return spoken or found


def _inside(layer: Layer, camera: Camera, size: tuple[int, int], shape: Numbers) -> Rows:
    if layer.geometry is None:
        return np.empty(0, dtype=np.int64)
    places = np.array(layer.geometry.centres, dtype=np.float64)
    places[:, 2] += layer.numbers("height_m", 0.0) / 2
    seen = eyes.project(places, camera, size)
    low, high = shape.min(axis=0), shape.max(axis=0)
    near = (seen[:, 2] > 0) & ((seen[:, :2] >= low) & (seen[:, :2] <= high)).all(axis=1)
    rows = np.flatnonzero(near)
    return rows[within(seen[rows, :2], shape)]


def within(points: Numbers, shape: Numbers) -> npt.NDArray[np.bool_]:
    """Tell which points lie inside a shape by the even-odd rule.

    Parameters
    ----------
    points
        Shape (n, 2).
    shape
        Corners; the last is joined to the first. Shape (k, 2).
    """
    inside = np.zeros(len(points), dtype=np.bool_)
    x, y = points[:, 0], points[:, 1]
    for (x0, y0), (x1, y1) in zip(shape, np.roll(shape, -1, axis=0), strict=True):
        if y0 == y1:
            continue
        crosses = (y0 > y) != (y1 > y)
        inside ^= crosses & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return inside
