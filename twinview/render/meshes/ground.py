"""What lies on the ground: soft shadows and the paler settlement as one picture, and flat areas."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy.ndimage import gaussian_filter, zoom

from twinview.render.meshes import light

Numbers = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float32]

FINEST, MOST = 0.7, 2048
"""Smallest cell in metres, and most cells along a side."""
_MARGIN = 90.0
_SHADOW, _CONTACT = 0.34, 0.34
_TALLEST = 40.0
"""Taller things cast no longer shadow, metres."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """A map of what stands near.

    Parameters
    ----------
    x0, y0, cell
        South-west corner and size of a cell, metres.
    near
        Shape (rows, columns): share of the neighbourhood that is built over; row 0 is south.
    light
        Shape (rows, columns): what is left of the light on the ground, 0 to 1.
    settled
        Shape (rows, columns): 1 within the settlement, 0 outside, half at its border.
    """

    x0: float
    y0: float
    cell: float
    near: Grid
    light: Grid
    settled: Grid

    @property
    def box(self) -> tuple[float, float, float, float]:
        """South-west corner and extent, metres."""
        rows, columns = self.near.shape
        return self.x0, self.y0, columns * self.cell, rows * self.cell

    def wall(self, feet: Numbers, normal: Numbers) -> Numbers:
        """Return what is left of the light at feet of walls, shape (n, 2) for feet (n, 2, 3)."""
        outside = feet[:, :, :2] + normal[:, None, :2] * 2.2
        around = self.sample(self.near, outside.reshape(-1, 2)).reshape(-1, 2)
        return np.asarray(np.clip(light.FOOT + 0.14 - around * 0.62, 0.45, light.FOOT + 0.1))

    def sample(self, grid: Grid, where: Numbers) -> Numbers:
        """Return the values of the nearest cells at places of shape (n, 2)."""
        column = np.clip((where[:, 0] - self.x0) / self.cell, 0, grid.shape[1] - 1).astype(np.intp)
        row = np.clip((where[:, 1] - self.y0) / self.cell, 0, grid.shape[0] - 1).astype(np.intp)
        return np.asarray(grid[row, column], dtype=np.float64)

    def picture(self) -> npt.NDArray[np.uint8]:
        """Return light and settlement as a picture of shape (rows, columns, 3)."""
        pixels = np.zeros((*self.near.shape, 3), dtype=np.uint8)
        pixels[..., 0] = np.clip(self.light * 255, 0, 255)
        pixels[..., 1] = np.clip(self.settled * 255, 0, 255)
        return pixels


@dataclass(frozen=True, eq=False)
class Footprint:
    """Outline and height of something that stands, metres; `soft` things settle nothing."""

    outline: Numbers
    height: float
    soft: bool = False


def occlusion(footprints: Iterable[Footprint]) -> Occlusion | None:
    """Return the map of what stands, None where nothing does."""
    everything = [one for one in footprints if len(one.outline) >= 3]
    if not everything:
        return None
    corners = np.concatenate([one.outline[:, :2] for one in everything])
    low, high = np.quantile(corners, [0.001, 0.999], axis=0)
    low, high = low - _MARGIN, high + _MARGIN
    cell = max(FINEST, float((high - low).max()) / MOST)
    shape = tuple(int(np.ceil(extent / cell)) for extent in (high - low)[::-1])
    hard = _heights([one for one in everything if not one.soft], low, cell, shape)
    soft = _heights([one for one in everything if one.soft], low, cell, shape)
    built = (hard > 0).astype(np.float32)
    near = gaussian_filter(built, 2.6 / cell)
    contact = gaussian_filter(np.maximum(built, (soft > 0) * 0.4), 1.3 / cell)
    shadow = gaussian_filter(_shadow(np.maximum(hard, soft), cell), max(1.2 / cell, 0.8))
    left = (1 - _SHADOW * shadow) * (1 - _CONTACT * np.clip(contact * 1.3, 0, 1))
    return Occlusion(
        float(low[0]), float(low[1]), cell, near, left.astype(np.float32), _settled(built, cell)
    )


def _heights(
    footprints: list[Footprint], low: Numbers, cell: float, shape: tuple[int, ...]
) -> Grid:
    """Return the height of what stands in each cell; higher things win."""
    canvas = Image.new("F", (shape[1], shape[0]), 0.0)
    pen = ImageDraw.Draw(canvas)
    for one in sorted(footprints, key=lambda found: found.height):
        corners = (one.outline[:, :2] - low) / cell - 0.5
        pen.polygon(corners.ravel().tolist(), fill=one.height)
    return np.asarray(canvas, dtype=np.float32)


def _shadow(height: Grid, cell: float) -> Grid:
    """Return where things keep the key light from the ground, 0 to 1."""
    flat = float(np.hypot(light.TO_KEY[0], light.TO_KEY[1]))
    steep = float(light.TO_KEY[2]) / flat
    reach = min(float(height.max()), _TALLEST) / steep
    result = np.zeros_like(height)
    away = 0.0
    while away <= reach:
        dx = round(light.TO_KEY[0] / flat * away / cell)
        dy = round(light.TO_KEY[1] / flat * away / cell)
        np.maximum(result, _shifted(height, dy, dx) > away * steep, out=result)
        # Low things, of which there are many, get every cell; the long shadows of tall ones fewer.
        away += max(cell, 0.06 * away)
    return result


def _shifted(grid: Grid, rows: int, columns: int) -> Grid:
    """Return the grid read some rows and columns further on, 0 beyond its border."""
    result = np.zeros_like(grid)
    h, w = grid.shape
    if abs(rows) >= h or abs(columns) >= w:
        return result
    to_y, from_y = slice(max(-rows, 0), h - max(rows, 0)), slice(max(rows, 0), h + min(rows, 0))
    to_x = slice(max(-columns, 0), w - max(columns, 0))
    from_x = slice(max(columns, 0), w + min(columns, 0))
    result[to_y, to_x] = grid[from_y, from_x]
    return result


def _settled(built: Grid, cell: float) -> Grid:
    """Return the settlement: within some 35 m of several buildings, with a soft outline."""
    step = max(1, round(6.0 / cell))
    rows, columns = (-(-side // step) * step for side in built.shape)
    padded = np.zeros((rows, columns), dtype=np.float32)
    padded[: built.shape[0], : built.shape[1]] = built
    coarse = padded.reshape(rows // step, step, columns // step, step).mean(axis=(1, 3))
    size = step * cell
    spread = gaussian_filter(np.minimum(coarse * 3, 1.0), 26.0 / size)
    field = np.clip(spread / 0.09, 0.0, 1.0)
    field = gaussian_filter(field, 10.0 / size)
    fine = zoom(field, step, order=1, mode="nearest", grid_mode=True)
    return np.asarray(fine[: built.shape[0], : built.shape[1]], dtype=np.float32)
