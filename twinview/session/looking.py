"""What the camera of a session looks at: what commands need to know before they move it."""

import weakref

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer, Twin
from twinview.render import camera as cameras
from twinview.render.clearing import Frame, clear
from twinview.scene.view import Camera
from twinview.session.store import Session

Floats = npt.NDArray[np.float64]
_AROUND = 25.0
"""Metres around an element that a look at it shows."""
_LOW = 5.0
_fitted: "weakref.WeakKeyDictionary[Twin, tuple[float, Floats, Camera]]" = (
    weakref.WeakKeyDictionary()
)
"""Shape of the picture, points and camera of districts: cards come after the first look at one."""


def camera_of(session: Session) -> Camera:
    """Return the camera; that of the whole district where the view names none."""
    return session.state.view.camera or home(session.state.twin, session.frame)


def home(twin: Twin, frame: Frame) -> Camera:
    """Return the camera of the whole district, beside the cards that lie over the picture."""
    known = _fitted.get(twin)
    if known is None or known[0] != frame.aspect:
        fitted = cameras.fit(twin, frame.aspect)
        known = _fitted[twin] = frame.aspect, cameras.interesting(twin), fitted
    return clear(known[1], known[2], frame)


def corners(layer: Layer, row: int) -> npt.NDArray[np.float64]:
    """Return points that a picture of an element must show, shape (n, 3)."""
    assert layer.geometry is not None
    shape = layer.geometry
    own = shape.coords[shape.points_of[row] : shape.points_of[row + 1]]
    own = own[np.isfinite(own).all(axis=1)]
    if not len(own):
        return np.empty((0, 3))
    top = max(float(np.nan_to_num(layer.numbers("height_m", 8.0)[row])), _LOW)
    x, y, z = (float(value) for value in (own.min(axis=0) + own.max(axis=0)) / 2)
    around = [[x - _AROUND, y - _AROUND, z], [x + _AROUND, y + _AROUND, z], [x, y, z + top]]
    return np.concatenate([own, np.array(around)])


def of_selection(twin: Twin, selection: tuple[tuple[str, str], ...]) -> npt.NDArray[np.float64]:
    """Return points of all selected elements that are there, shape (n, 3)."""
    found = [np.empty((0, 3))]
    for layer_id, element in selection:
        layer = twin.layers.get(layer_id)
        if layer is not None and layer.geometry is not None and element in layer.row_of:
            found.append(corners(layer, layer.row_of[element]))
    return np.concatenate(found)
