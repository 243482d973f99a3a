"""Many steps on few pixels: the smallest and the largest of those that share a column.

Leaving steps out would lose the single hour that matters. Columns begin at multiples of their
length, counted from the first step of the data and not from where a picture begins: a stretch that
moves by one step moves the picture and does not change it, but for its two ends.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twinview.i18n import _

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Envelope:
    """What there is to draw of a part of a series.

    Parameters
    ----------
    edges
        Steps at which columns begin, and where the last one ends. Shape (k + 1,).
    low, high
        Smallest and largest known value of each column, NaN where nothing is known. Shape (k,).
    whole
        Whether all steps of a column have a value. Shape (k,).
    """

    edges: Ints
    low: Floats
    high: Floats
    whole: npt.NDArray[np.bool_]

    @cached_property
    def single(self) -> bool:
        """Whether every column is one step, so that smallest and largest are the same."""
        return bool(self.edges[-1] - self.edges[0] == len(self.low))


def per_column(count: int, pixels: float) -> int:
    """Return how many steps share a column, so that none is narrower than a pixel."""
    return max(1, -(-count // max(1, int(pixels))))


def sharing(each: int) -> str:
    """Return in words what a column of steps shows; empty where each has its own."""
    return _("Smallest and largest of {count} steps per pixel", count=each) if each > 1 else ""


def columns(part: range, each: int) -> Ints:
    """Return the steps at which columns of `each` steps begin within a part, and its end.

    Columns at the ends of the part are cut to it: nothing outside of it is drawn.
    """
    inner = np.arange(part.start // each + 1, -(-part.stop // each), dtype=np.int64) * each
    return np.concatenate([[part.start], inner, [part.stop]])


def envelope(values: npt.NDArray[np.floating], part: range, each: int, first: int = 0) -> Envelope:
    """Return the smallest and largest values of the columns of a part.

    Parameters
    ----------
    values
        At each step of the data, shape (count,); NaN where there is none.
    part
        Steps; those beyond the data have no value.
    each
        Steps of a column.
    first
        Step of the first of the values, where they are not those of all the data.
    """
    if not part:
        nothing = np.empty(0)
        return Envelope(np.array([part.start]), nothing, nothing, np.empty(0, dtype=np.bool_))
    held, edges = _held(values, range(part.start - first, part.stop - first)), columns(part, each)
    starts = edges[:-1] - part.start
    return Envelope(
        edges,
        np.fmin.reduceat(held, starts),
        np.fmax.reduceat(held, starts),
        np.logical_and.reduceat(~np.isnan(held), starts),
    )


def means(values: npt.NDArray[np.floating], part: range, each: int) -> Floats:
    """Return the mean of the known values of each column of a part, NaN where nothing is known."""
    if not part:
        return np.empty(0)
    held, starts = _held(values, part), columns(part, each)[:-1] - part.start
    known = ~np.isnan(held)
    count = np.add.reduceat(known.astype(np.int64), starts)
    total = np.add.reduceat(np.where(known, held, 0.0), starts)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _held(values: npt.NDArray[np.floating], part: range) -> Floats:
    """Return the values of a part, NaN for all that is no number."""
    held = np.full(len(part), np.nan)
    known = values[part.start : part.stop]
    held[: len(known)] = known
    held[np.isinf(held)] = np.nan
    return held
