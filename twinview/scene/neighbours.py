"""Elements in an order in which neighbours stand together: by part of the grid, then by place."""

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer

Ints = npt.NDArray[np.int64]
_CURVE_BITS = 16


def near(layer: Layer, zones: Ints) -> Ints:
    """Return all rows of a layer so that neighbours follow each other, shape (n,).

    Parameters
    ----------
    layer
        The layer; one without places keeps its own order.
    zones
        Part of the grid that each element hangs in; those of one stand together. Shape (n,).
    """
    return np.lexsort((_along(layer), zones))


def _along(layer: Layer) -> Ints:
    """Return the place of each element along a curve that keeps neighbours together (Morton)."""
    if layer.geometry is None:
        return np.arange(len(layer))
    places = np.nan_to_num(np.asarray(layer.geometry.centres, dtype=np.float64)[:, :2])
    span = max(float(np.ptp(places, axis=0).max()), 1e-9)
    cells = ((places - places.min(axis=0)) / span * (2**_CURVE_BITS - 1)).astype(np.int64)
    code = np.zeros(len(cells), dtype=np.int64)
    for bit in range(_CURVE_BITS):
        code |= ((cells[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((cells[:, 1] >> bit) & 1) << (2 * bit + 1)
    return code
