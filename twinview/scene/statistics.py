"""How a quantity is spread over elements: count, missing, sum, quartiles, histogram, ranking."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.grouped import Groups
from twinview.scene.numbers import round_up
from twinview.scene.private import whole
from twinview.scene.shown import Shown

Rows = npt.NDArray[np.int64]
BINS = 16
TOP = 20
"""Elements of a ranking."""
_HAIR = 1e-9


@dataclass(frozen=True, eq=False)
class Statistics:
    """A quantity over some elements.

    Parameters
    ----------
    count
        Elements that were asked.
    known, missing, withheld
        How many of them have a number, have none, and have one that no group of dwellings may show.
    total
        Sum; NaN where values do not add up, or none is known.
    mean, quartiles
        NaN where none is known; quartiles are minimum, lower quartile, median, upper quartile and
        maximum (linear between values).
    edges, bars
        Histogram: edges of the bins, and elements in each, [low, high) but for the last.
    ranking
        Rows of the largest values, the largest first; single dwellings whose values are private
        are not among them.
    grouped
        Whether values of dwellings entered as the mean of their group.
    """

    count: int
    known: int
    missing: int
    withheld: int
    total: float
    mean: float
    quartiles: tuple[float, float, float, float, float]
    edges: tuple[float, ...]
    bars: tuple[int, ...]
    ranking: tuple[int, ...]
    grouped: bool = False


def statistics(shown: Shown, rows: Rows, groups: Groups | None) -> Statistics:
    """Return the statistics of a quantity over rows of a layer.

    Parameters
    ----------
    shown
        The numbers of all elements of a layer.
    rows
        Those that count.
    groups
        Of its dwellings, as `twinview.scene.private.groups_for` gives them.
    """
    inside, good = entering(shown, rows, groups)
    known = int(shown.known[rows].sum())
    edges, bars = histogram(good)
    five = np.quantile(good, [0, 0.25, 0.5, 0.75, 1]) if good.size else np.full(5, np.nan)
    a, b, c, d, e = (float(one) for one in five)
    return Statistics(
        count=len(rows),
        known=good.size,
        missing=len(rows) - known,
        withheld=known - good.size,
        total=float(good.sum()) if good.size and shown.sums else float("nan"),
        mean=float(good.mean()) if good.size else float("nan"),
        quartiles=(a, b, c, d, e),
        edges=edges,
        bars=bars,
        ranking=_ranked(shown, rows),
        grouped=bool(shown.grouped[inside].any()),
    )


def entering(
    shown: Shown, rows: Rows, groups: Groups | None
) -> tuple[Rows, npt.NDArray[np.float64]]:
    """Return the rows that enter the statistics, and their values; see `statistics`."""
    values = shown.values[rows].astype(np.float64)
    values[~shown.known[rows]] = np.nan
    good = whole(groups, rows, values) & np.isfinite(values)
    return rows[good], values[good]


def histogram(values: npt.NDArray[np.float64]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return edges at round numbers, about `BINS` of them, and how many values lie between."""
    if not values.size:
        return (), ()
    low, high = float(values.min()), float(values.max())
    if high - low <= _HAIR * max(abs(low), abs(high), 1.0):
        return (low, high), (values.size,)
    step = round_up((high - low) / BINS)
    first, last = np.floor(low / step + _HAIR), np.ceil(high / step - _HAIR)
    edges = np.arange(first, last + 1) * step
    # A hair wider at both ends: what stands on an edge by its digits belongs inside.
    wide = edges.copy()
    wide[0], wide[-1] = min(edges[0], low), max(edges[-1], high)
    bars, _edges = np.histogram(values, wide)
    return tuple(float(np.round(one, 12)) for one in edges), tuple(int(one) for one in bars)


def _ranked(shown: Shown, rows: Rows) -> tuple[int, ...]:
    values = np.where(shown.known & ~shown.grouped, shown.values, np.nan)[rows]
    good = np.flatnonzero(np.isfinite(values))
    if good.size > TOP:
        good = good[np.argpartition(-values[good], TOP - 1)[:TOP]]
    order = np.lexsort((good, -values[good]))
    return tuple(int(rows[one]) for one in good[order])
