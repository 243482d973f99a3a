"""What lies on the ground: soft shadows and the paler settlement as one picture, and flat areas."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy  # its parts load when they are first asked for

from twinview.render.meshes import light

Numbers = npt.NDArray[np.float64]
Grid = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]

FINEST, MOST = 0.7, 2048
"""Smallest cell in metres, and most cells along a side."""
_MARGIN = 90.0
_SHADOW, _CONTACT = 0.34, 0.34
_TALLEST = 40.0
"""Taller things cast no longer shadow, metres."""
_BATCH = 1_000_000
"""Cells that are reckoned at once."""


_COARSER = 2


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
        """Return light and settlement as a picture of shape (rows, columns, 3); kept."""
        return self._picture

    @cached_property
    def _picture(self) -> npt.NDArray[np.uint8]:
        pixels = np.zeros((*self.near.shape, 3), dtype=np.uint8)
        pixels[..., 0] = np.clip(self.light * 255, 0, 255)
        pixels[..., 1] = np.clip(self.settled * 255, 0, 255)
        return pixels


@dataclass(frozen=True, eq=False)
class Footprints:
    """Outlines and heights of things that stand, metres.

    Parameters
    ----------
    points
        Shape (n, 2): corners, outline after outline.
    starts
        Shape (k + 1,): where the corners of each outline begin.
    height
        Shape (k,).
    soft
        Shape (k,): whether they settle nothing.
    """

    points: Numbers
    starts: Whole
    height: Numbers
    soft: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of outlines."""
        return len(self.height)

    def taken(self, wanted: npt.NDArray[np.bool_]) -> "Footprints":
        """Return some of the outlines."""
        counts = np.diff(self.starts)
        keep = np.repeat(wanted, counts)
        starts = np.concatenate([[0], np.cumsum(counts[wanted])])
        return Footprints(self.points[keep], starts, self.height[wanted], self.soft[wanted])


def outlined(points: Numbers, counts: Whole, height: Numbers, soft: bool = False) -> Footprints:
    """Return outlines of `counts` corners each, all soft or none."""
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Footprints(points[:, :2], starts, height, np.full(len(height), soft))


def together(some: Iterable[Footprints]) -> Footprints:
    """Return all outlines as one; those of fewer than three corners are left out."""
    none = outlined(np.empty((0, 2)), np.empty(0, np.int64), np.empty(0))
    kept = [one.taken(np.diff(one.starts) >= 3) for one in (none, *some)]
    counts = np.concatenate([np.diff(one.starts) for one in kept])
    return Footprints(
        np.concatenate([one.points for one in kept]),
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate([one.height for one in kept]),
        np.concatenate([one.soft for one in kept]),
    )


def occlusion(some: Iterable[Footprints]) -> Occlusion | None:
    """Return the map of what stands, None where nothing does."""
    everything = together(some)
    if not len(everything):
        return None
    corners = everything.points
    low, high = np.quantile(corners, [0.001, 0.999], axis=0)
    low, high = low - _MARGIN, high + _MARGIN
    cell = max(FINEST, float((high - low).max()) / MOST)
    shape = (int(np.ceil((high[1] - low[1]) / cell)), int(np.ceil((high[0] - low[0]) / cell)))
    left, built = _light(everything, low, cell, shape)
    near = scipy.ndimage.gaussian_filter(built, 2.6 / cell)
    return Occlusion(float(low[0]), float(low[1]), cell, near, left, _settled(built, cell))


def relit(before: Iterable[Footprints], after: Iterable[Footprints], chart: Occlusion) -> Occlusion:
    """Return a map with the light that is left when some things stand no longer.

    What changes is reckoned on cells twice as wide, for a window waits for it; the settlement stays
    as it is.

    Parameters
    ----------
    before, after
        All that stands, for which the map was made, and what of it is left.
    chart
        The map.
    """
    rows, columns = chart.near.shape
    cell, shape = chart.cell * _COARSER, (-(-rows // _COARSER), -(-columns // _COARSER))
    low = np.array([chart.x0, chart.y0])
    (old, was), (new, built) = (
        _light(together(some), low, cell, shape) for some in (before, after)
    )

    def fine(grid: Grid) -> Grid:
        # Other threads go on while an array is copied, but not while it is repeated.
        wide = np.empty((shape[0], _COARSER, shape[1], _COARSER), grid.dtype)
        wide[:] = grid[:, None, :, None]
        return wide.reshape(shape[0] * _COARSER, -1)[:rows, :columns]

    gained = fine(new - old)
    left = np.clip(chart.light + gained, 0, 1)
    now = scipy.ndimage.gaussian_filter(built, 2.6 / cell)
    less = fine(scipy.ndimage.gaussian_filter(was, 2.6 / cell) - now)
    near = np.clip(chart.near - less, 0, 1)
    # Narrow cells were darker than wide ones at borders: of what is gone no outline is to stay.
    left = np.where(gained > 0, np.maximum(left, fine(new)), left)
    near = np.where(less > 0, np.minimum(near, fine(now)), near)
    return replace(chart, light=left, near=near)


def _light(
    everything: Footprints, low: Numbers, cell: float, shape: tuple[int, int]
) -> tuple[Grid, Grid]:
    """Return what is left of the light on the ground, and where it is built over."""
    hard = _heights(everything.taken(~everything.soft), low, cell, shape)
    soft = _heights(everything.taken(everything.soft), low, cell, shape)
    built = (hard > 0).astype(np.float32)
    contact = scipy.ndimage.gaussian_filter(
        np.maximum(built, (soft > 0) * np.float32(0.4)), 1.3 / cell
    )
    shadow = scipy.ndimage.gaussian_filter(
        _shadow(np.maximum(hard, soft), cell), max(1.2 / cell, 0.8)
    )
    left = (1 - _SHADOW * shadow) * (1 - _CONTACT * np.clip(contact * 1.3, 0, 1))
    return left.astype(np.float32), built


def standing(some: Iterable[Footprints], chart: Occlusion) -> Grid:
    """Return the height of what stands in each cell of a map, metres; row 0 is south."""
    low = np.array([chart.x0, chart.y0])
    return _heights(together(some), low, chart.cell, chart.near.shape)


def _heights(some: Footprints, low: Numbers, cell: float, shape: tuple[int, int]) -> Grid:
    """Return the height of what stands in each cell; higher things win."""
    grid = np.zeros(shape, dtype=np.float32)
    flat, tall = grid.ravel(), some.height.astype(np.float32)
    corners = (some.points - low) / cell - 0.5
    for first, last in _batches(corners, some.starts, shape):
        starts = some.starts[first : last + 1]
        owner, cells = _covered(corners[starts[0] : starts[-1]], starts - starts[0], shape)
        np.maximum.at(flat, cells, tall[first + owner])
    return grid


def _batches(corners: Numbers, starts: Whole, shape: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of outlines that together cover no more than so many cells."""
    if len(starts) < 2:
        return
    most = np.array(shape[::-1]) - 1
    low = np.minimum.reduceat(corners, starts[:-1], axis=0).clip(0, most)
    high = np.maximum.reduceat(corners, starts[:-1], axis=0).clip(0, most)
    whole = np.cumsum((high - low + 2).prod(axis=1)) // _BATCH
    ends = np.flatnonzero(np.diff(whole, append=-1)) + 1
    yield from zip(np.concatenate([[0], ends[:-1]]).tolist(), ends.tolist(), strict=True)


def _covered(corners: Numbers, starts: Whole, shape: tuple[int, int]) -> tuple[Whole, Whole]:
    """Return outline and cell for each cell that an outline covers.

    Cells are those between where the outline crosses the middle of a row, and those of its corners.

    Parameters
    ----------
    corners
        Shape (n, 2), cells: whole numbers are the middles of cells.
    starts
        Where the corners of each outline begin.
    shape
        Rows and columns.
    """
    rows, columns = shape
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    following = np.arange(1, len(corners) + 1)
    following[starts[1:] - 1] = starts[:-1]
    near = np.rint(corners).astype(np.int64)
    inside = ((near >= 0) & (near < (columns, rows))).all(axis=1)
    line, row, x = _crossings(corners, corners[following], rows)
    order = np.lexsort((x, row, owner[line]))
    one, two = order[0::2], order[1::2]
    begin = np.clip(np.rint(x[one]), 0, columns).astype(np.int64)
    end = np.clip(np.rint(x[two]), -1, columns - 1).astype(np.int64)
    counts = np.maximum(end - begin + 1, 0)
    cells = np.repeat(row[one] * columns + begin - (np.cumsum(counts) - counts), counts)
    cells += np.arange(len(cells))
    return (
        np.concatenate([np.repeat(owner[line[one]], counts), owner[inside]]),
        np.concatenate([cells, near[inside, 1] * columns + near[inside, 0]]),
    )


def _crossings(p: Numbers, q: Numbers, rows: int) -> tuple[Whole, Whole, Numbers]:
    """Return which side crosses the middle of which row, and where."""
    ends = np.ceil(np.sort(np.stack([p[:, 1], q[:, 1]]), axis=0)).clip(0, rows).astype(np.int64)
    counts = ends[1] - ends[0]
    line = np.repeat(np.arange(len(p)), counts)
    row = np.arange(len(line)) - np.repeat(np.cumsum(counts) - counts - ends[0], counts)
    a, b = p[line], q[line]
    return line, row, a[:, 0] + (row - a[:, 1]) * ((b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1]))


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
    spread = scipy.ndimage.gaussian_filter(np.minimum(coarse * 3, 1.0), 26.0 / size)
    field = np.clip(spread / 0.09, 0.0, 1.0)
    field = scipy.ndimage.gaussian_filter(field, 10.0 / size)
    fine = scipy.ndimage.zoom(field, step, order=1, mode="nearest", grid_mode=True)
    return np.asarray(fine[: built.shape[0], : built.shape[1]], dtype=np.float32)
