"""What the values of a window are taken from: running sums, rows that come and go, extremes."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from twinview.model.series import Floats, Profiled, Series

Doubles = npt.NDArray[np.float64]
Steps = npt.NDArray[np.intp]
Sums = tuple[Doubles, Doubles, Doubles]
Rule = Literal["sum", "mean", "weighted", "max", "farthest"]
"""``sum``: values times hours; ``mean``; ``weighted``: mean by energy; ``max``: largest size;
``farthest``: the value that is farthest from 1."""

AT_ONCE = 1 << 20
"""Numbers that are looked at in one go."""
KEPT = 32 << 20
"""Bytes in which sums of blocks of steps are kept, about: a jump reads only the ends anew."""
BLOCK = 64
"""Least steps of a block."""
NOTHING = 1e-6
"""kWh below which a window holds no energy to weight by."""
LEFT_OVER = 1e-9
"""Sums below this are what adding and taking away leaves of nothing."""


def told(rule: Rule, top: Doubles, below: Doubles, known: Doubles) -> Floats:
    """Return what sums say: NaN where nothing is known, or no energy to weight by.

    Parameters
    ----------
    rule
        ``sum``, ``mean`` or ``weighted``.
    top, below
        What stands above and below the line.
    known
        How many values went into them.
    """
    least = NOTHING if rule == "weighted" else 0.0
    top = np.where(np.abs(top) < LEFT_OVER, 0.0, top)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = top if rule == "sum" else np.where(below > least, top / below, np.nan)
    return np.where(known > 0, values, np.nan).astype(np.float32)


@dataclass(eq=False)
class ProfileSums:
    """Sums and means of scaled profiles: differences of the profiles' running sums.

    Parameters
    ----------
    series
        Its profiles know all values.
    rule
        ``sum`` or ``mean``.
    hours
        What each value is multiplied with.
    keep
        Steps that count, shape (count,); None where all do.
    """

    series: Profiled
    rule: Rule
    hours: float
    keep: npt.NDArray[np.bool_] | None

    @cached_property
    def _running(self) -> Doubles:
        counted = self.series.profiles.astype(np.float64)
        if self.keep is not None:
            counted[~self.keep] = 0.0
        return np.concatenate([np.zeros((1, counted.shape[1])), np.cumsum(counted, axis=0)])

    def over(self, steps: Steps) -> tuple[Floats, Doubles]:
        """Return the value of each element over some steps, and how many of them it has."""
        series, count = self.series, len(steps)
        if not count:
            return np.full(series.size, np.nan, dtype=np.float32), np.zeros(series.size)
        first, last = int(steps[0]), int(steps[-1]) + 1
        if _whole(first, last, self.keep) == count:
            columns = self._running[last] - self._running[first]
        else:
            columns = series.profiles[steps].sum(axis=0, dtype=np.float64)
        scale = self.hours if self.rule == "sum" else 1.0 / count
        values = series.makeup.row(columns * scale).astype(np.float32)
        return values, np.where(np.isfinite(values), float(count), 0.0)

    def along(self, j: int, first: Steps, last: Steps) -> Floats:
        """Return the value of element `j` over each of some windows (the last step excluded)."""
        value = self.series.of(j).astype(np.float64)
        return _along(self.rule, terms(value, None, self.hours), self.keep, first, last)


@dataclass(eq=False)
class RowSums:
    """Sums and means of rows: those of the last window are taken up, what came and went is read.

    Parameters
    ----------
    series
        The rows.
    rule
        ``sum``, ``mean`` or ``weighted``.
    hours
        What each value is multiplied with.
    keep
        Steps that count, shape (count,); None where all do.
    weight
        What means are weighted by; None for the others.
    """

    series: Series
    rule: Rule
    hours: float
    keep: npt.NDArray[np.bool_] | None
    weight: Series | None

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        self._last: tuple[int, int, Sums] | None = None
        self._blocks: dict[int, Sums] = {}
        self._high = block_of(self.series, 24)

    def over(self, steps: Steps) -> tuple[Floats, Doubles]:
        """Return the value of each element over some steps, and how many of them it has."""
        first, last = (int(steps[0]), int(steps[-1]) + 1) if len(steps) else (0, 0)
        if len(steps) and _whole(first, last, self.keep) == len(steps):
            sums = self._moved(first, last)
        else:
            sums = self.of_steps(steps)
        return told(self.rule, *sums), sums[2]

    def _moved(self, a: int, b: int) -> Sums:
        """Return the sums of steps a to b (excluded) from the last ones, if that is less work."""
        known = self._last
        if known is None or abs(a - known[0]) + abs(b - known[1]) >= b - a:
            sums = self._between(a, b)
        else:
            sums = known[2]
            for sign, first, last in ((1, a, known[0]), (-1, known[0], a),
                                      (1, known[1], b), (-1, b, known[1])):  # fmt: skip
                if first < last:
                    part = self._between(first, last)
                    sums = tuple(x + sign * y for x, y in zip(sums, part, strict=True))  # type: ignore[assignment]
        self._last = (a, b, sums)
        return sums

    def _between(self, a: int, b: int) -> Sums:
        parts = [self._plain(*ends) for ends in outside(a, b, self._high)]
        for k in inside(a, b, self._high):
            if k not in self._blocks:
                self._blocks[k] = self._plain(k * self._high, (k + 1) * self._high)
            parts.append(self._blocks[k])
        top, below, known = (sum(one[1:], one[0].copy()) for one in zip(*parts, strict=True))
        return top, below, known

    def _plain(self, a: int, b: int) -> Sums:
        steps = np.arange(a, b)
        return self.of_steps(steps if self.keep is None else steps[self.keep[a:b]])

    def of_steps(self, steps: Steps) -> Sums:
        """Return the sums over some steps."""
        n = self.series.size
        whole: Sums = (np.zeros(n), np.zeros(n), np.zeros(n))
        for part in _pieces(steps, n):
            value = rows_of(self.series, part)
            weight = None if self.weight is None else rows_of(self.weight, part)
            for k, one in enumerate(_added(value, weight, self.hours)):
                whole[k][:] += one
        return whole

    def along(self, j: int, first: Steps, last: Steps) -> Floats:
        """Return the value of element `j` over each of some windows (the last step excluded)."""
        weight = None if self.weight is None else self.weight.of(j)
        found = terms(self.series.of(j).astype(np.float64), weight, self.hours)
        return _along(self.rule, found, self.keep, first, last)


@dataclass(eq=False)
class Extremes:
    """Largest sizes, or the values farthest from 1.

    Parameters
    ----------
    series
        The rows.
    rule
        ``max`` or ``farthest``.
    keep
        Steps that count, shape (count,); None where all do.
    """

    series: Series
    rule: Rule
    keep: npt.NDArray[np.bool_] | None

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        self._blocks: dict[int, tuple[Floats, Doubles]] = {}
        self._high = block_of(self.series, 12)

    def over(self, steps: Steps) -> tuple[Floats, Doubles]:
        """Return the value of each element over some steps, and how many of them it has."""
        first, last = (int(steps[0]), int(steps[-1]) + 1) if len(steps) else (0, 0)
        if last - first != len(steps) or last == first:
            return self._plain(steps)
        parts = [self._plain(np.arange(*ends)) for ends in outside(first, last, self._high)]
        for k in inside(first, last, self._high):
            if k not in self._blocks:
                block = np.arange(k * self._high, (k + 1) * self._high)
                self._blocks[k] = self._plain(block)
            parts.append(self._blocks[k])
        known = np.sum([one[1] for one in parts], axis=0)
        return extreme(np.stack([one[0] for one in parts]), self.rule), known

    def _plain(self, steps: Steps) -> tuple[Floats, Doubles]:
        known = np.zeros(self.series.size)
        best = np.full(self.series.size, np.nan, dtype=np.float32)
        for part in _pieces(steps, self.series.size):
            rows = rows_of(self.series, part)
            known += np.isfinite(rows).sum(axis=0)
            best = extreme(np.concatenate([best[None], rows]), self.rule)
        return best, known

    def along(self, j: int, first: Steps, last: Steps) -> Floats:
        """Return the value of element `j` over each of some windows (the last step excluded)."""
        values = self.series.of(j)
        if self.keep is not None:
            values = np.where(self.keep, values, np.float32(np.nan))
        found = np.full(len(first), np.nan, dtype=np.float32)
        for k, (a, b) in enumerate(zip(first, last, strict=True)):
            if b > a:
                found[k] = extreme(values[a:b, None], self.rule)[0]
        return found


def extreme(rows: Floats, rule: Rule) -> Floats:
    """Return the extreme of each column of rows, shape (R, n); NaN where no row has a value."""
    around = np.float32(1.0 if rule == "farthest" else 0.0)
    size = np.nan_to_num(np.abs(rows - around), nan=-1.0)
    return np.asarray(rows[np.argmax(size, axis=0), np.arange(rows.shape[1])], dtype=np.float32)


def rows_of(series: Series, steps: Steps) -> Floats:
    """Return the values of some steps, shape (len(steps), size); NaN without a solution."""
    first, last = int(steps[0]), int(steps[-1]) + 1
    if last - first == len(steps):
        rows = series.window(first, last)
    else:
        rows = np.stack([series.at(int(k)) for k in steps])
    solved = getattr(series, "solved", None)
    if solved is not None and not solved[steps].all():
        rows = np.where(solved[steps][:, None], rows, np.float32(np.nan))
    return rows


def _whole(a: int, b: int, keep: npt.NDArray[np.bool_] | None) -> int:
    """Return how many of the steps a to b (excluded) count."""
    return b - a if keep is None else int(keep[a:b].sum())


def block_of(series: Series, each: int) -> int:
    """Return how many steps a block has whose sums are kept, `each` bytes for every element."""
    whole = series.time.count * max(series.size, 1) * each
    return max(BLOCK, -(-whole // KEPT))


def inside(a: int, b: int, high: int) -> range:
    """Return the numbers of the blocks that lie whole within steps a to b (excluded)."""
    return range(-(-a // high), max(-(-a // high), b // high))


def outside(a: int, b: int, high: int) -> list[tuple[int, int]]:
    """Return the steps of a to b (excluded) that no whole block covers; never nothing."""
    blocks = inside(a, b, high)
    if not blocks:
        return [(a, b)]
    ends = [(a, blocks.start * high), (blocks.stop * high, b)]
    return [(first, last) for first, last in ends if last > first]


def _added(value: Floats, weight: Floats | None, hours: float) -> Sums:
    """Return the sums of rows, shape (n,) each; of rows without gaps soon."""
    if np.isfinite(value).all() and (weight is None or bool((weight >= 0).all())):
        top = value if weight is None else value * weight
        count = np.full(value.shape[1], float(len(value)))
        below = count if weight is None else weight.sum(axis=0, dtype=np.float64)
        factor = hours if weight is None else 1.0
        return top.sum(axis=0, dtype=np.float64) * factor, below, count
    top, below, known = terms(value.astype(np.float64), weight, hours)
    return top.sum(axis=0), below.sum(axis=0), known.sum(axis=0)


def _pieces(steps: Steps, size: int) -> list[Steps]:
    """Return steps in parts that are looked at in one go."""
    high = max(1, AT_ONCE // max(size, 1))
    return [steps[k : k + high] for k in range(0, len(steps), high)]


def terms(value: Doubles, weight: Floats | Doubles | None, hours: float) -> Sums:
    """Return what is added up above and below the line, and which values are known.

    Parameters
    ----------
    value
        NaN where there is none.
    weight
        What means are weighted by, of the same shape; None for the others.
    hours
        What each value is multiplied with; for sums.
    """
    known = np.isfinite(value)
    if weight is None:
        count = known.astype(np.float64)
        return np.where(known, value, 0.0) * hours, count, count
    both = known & np.isfinite(weight)
    energy = np.where(both, np.maximum(weight, 0.0), 0.0)
    return np.where(both, value, 0.0) * energy, energy, both.astype(np.float64)


def _along(
    rule: Rule, terms: Sums, keep: npt.NDArray[np.bool_] | None, first: Steps, last: Steps
) -> Floats:
    running = [
        np.concatenate([[0.0], np.cumsum(one if keep is None else np.where(keep, one, 0.0))])
        for one in terms
    ]
    top, below, known = (one[last] - one[first] for one in running)
    return told(rule, top, below, known)
