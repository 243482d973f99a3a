"""The district in small, from above: where houses stand and ways run, as two little pictures."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer, Twin

Bytes = npt.NDArray[np.uint8]
CELLS = 320
"""Cells along the longer side."""
_AROUND = 0.06
"""Share of the size that is left free around what stands."""
_KEPT = 0.995
"""Share of the houses that must be on it: one that lies astray must not make the rest a dot."""
_SMALLEST = 100.0


@dataclass(frozen=True, eq=False)
class Sketch:
    """A district in small.

    Parameters
    ----------
    west, north
        Local metres of the upper left corner.
    cell
        Metres along a cell.
    houses, ways
        How strongly each cell is inked, shape (rows, columns), uint8, the north on top.
    """

    west: float
    north: float
    cell: float
    houses: Bytes
    ways: Bytes

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        return self.houses.shape[1], self.houses.shape[0]

    def cells(self, places: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Return columns and rows, with fractions, of places in local metres, shape (n, 2)."""
        east_north = np.asarray(places, dtype=np.float64)[:, :2]
        return (east_north - [self.west, self.north]) / [self.cell, -self.cell]

    def place(self, column: float, row: float) -> tuple[float, float]:
        """Return the local metres of a cell."""
        return self.west + column * self.cell, self.north - row * self.cell


def sketch(twin: Twin) -> Sketch | None:
    """Return a district in small; None where nothing has a place."""
    return _sketch(tuple(one for one in twin.layers.values() if one.geometry is not None))


@lru_cache(maxsize=4)
def _sketch(layers: tuple[Layer, ...]) -> Sketch | None:
    standing = [one for one in layers if one.kind in {"building", "annex", "site"}]
    houses = _centres(standing or list(layers))
    if not len(houses):
        return None
    rest = (1 - _KEPT) / 2
    low, high = np.quantile(houses, [rest, 1 - rest], axis=0, method="nearest")
    room = max(float((high - low).max()), _SMALLEST)
    low, high = low - _AROUND * room, high + _AROUND * room
    cell = float((high - low).max()) / CELLS
    columns, rows = (max(1, int(np.ceil(side / cell))) for side in high - low)
    blank = Sketch(
        float(low[0]), float(high[1]), cell, np.zeros((rows, columns), np.uint8),
        np.zeros((rows, columns), np.uint8),
    )  # fmt: skip
    _ink(blank.houses, blank.cells(houses), 3)
    for layer in layers:
        if layer.kind in {"road", "line"} and layer.geometry is not None:
            _ink(blank.ways, blank.cells(_along(layer, cell)), 1)
    return blank


def _centres(layers: list[Layer]) -> npt.NDArray[np.float64]:
    found = [one.geometry.centres[:, :2] for one in layers if one.geometry is not None]
    places = np.concatenate([np.empty((0, 2)), *found])
    return np.asarray(places[np.isfinite(places).all(axis=1)])


def _along(layer: Layer, cell: float) -> npt.NDArray[np.float64]:
    """Return places along a layer's lines, a cell apart."""
    assert layer.geometry is not None
    shape = layer.geometry
    if shape.kind != "line" or len(shape.coords) < 2:
        return np.empty((0, 2))
    a, b = shape.coords[:-1, :2], shape.coords[1:, :2]
    joined = np.ones(len(a), dtype=bool)
    joined[shape.rings[1:-1] - 1] = False
    a, b = a[joined], b[joined]
    count = np.clip(np.ceil(np.hypot(*(b - a).T) / cell), 1, 4 * CELLS)
    count = np.nan_to_num(count, nan=1.0).astype(np.int64)
    which = np.repeat(np.arange(len(a)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    share = (step / count[which])[:, None]
    places = a[which] + (b[which] - a[which]) * share
    return np.asarray(places[np.isfinite(places).all(axis=1)])


def _ink(picture: Bytes, cells: npt.NDArray[np.float64], wide: int) -> None:
    """Ink the cells around some places."""
    rows, columns = picture.shape
    column, row = np.floor(cells).astype(np.int64).T
    reach = range(-(wide // 2), wide // 2 + 1)
    for dy in reach:
        for dx in reach:
            x, y = column + dx, row + dy
            inside = (x >= 0) & (x < columns) & (y >= 0) & (y < rows)
            picture[y[inside], x[inside]] = 255
