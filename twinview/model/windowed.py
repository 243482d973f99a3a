"""Series seen through a window of time: sums, means, means by energy, extremes of each element.

A step of the clock moves a window by one row at each end: what is known of the last window is
taken up, and only the rows that came and went are read. Sums of profiles are differences of running
sums. So moving through time costs a few rows, however long the window is.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from twinview.model.series import Floats, Meaning, Profiled, Series
from twinview.model.time import TimeAxis
from twinview.model.window import Window, edges, hours_of_day
from twinview.model.windowsums import (
    Doubles,
    Extremes,
    ProfileSums,
    RowSums,
    Rule,
    extreme,
    terms,
    told,
)

SAMPLES = 240
"""Steps of which a typical value is made, about."""
_ENDS = 12


class Taken(Protocol):
    """Values of windows."""

    def over(self, steps: npt.NDArray[np.intp]) -> tuple[Floats, npt.NDArray[np.float64]]:
        """Return the value of each element over some steps, and how many of them it has."""

    def along(
        self, j: int, first: npt.NDArray[np.intp], last: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.float32]:
        """Return the value of element `j` over each of some windows (the last step excluded)."""


@dataclass(frozen=True, eq=False)
class Entering:
    """What goes into one value of a window, step by step.

    Parameters
    ----------
    rule
        How it becomes one.
    steps
        Those that count, in their order. Shape (k,).
    value
        Of each step, NaN where there is none. Shape (k,).
    weight
        By which it is weighted; None for the other rules. Shape (k,).
    hours
        What each value is multiplied with; for sums.
    """

    rule: Rule
    steps: npt.NDArray[np.intp]
    value: Doubles
    weight: Doubles | None
    hours: float

    @cached_property
    def terms(self) -> tuple[Doubles, Doubles, Doubles]:
        """What each step adds above and below the line, and whether it enters. Shape (k,) each."""
        return terms(self.value, self.weight, self.hours)

    @property
    def known(self) -> int:
        """How many steps enter."""
        return int(self.terms[2].sum())

    @property
    def sums(self) -> tuple[float, float]:
        """What stands above and below the line."""
        top, below, _known = self.terms
        return float(top.sum()), float(below.sum())

    @property
    def result(self) -> float:
        """The value of the window; NaN where there is none."""
        if self.rule in {"max", "farthest"}:
            best = np.concatenate([[np.nan], self.value])[:, None].astype(np.float32)
            return float(extreme(best, self.rule)[0])
        top, below, known = (np.array([one.sum()]) for one in self.terms)
        return float(told(self.rule, top, below, known)[0])


@dataclass(frozen=True, eq=False)
class Windowed:
    """A series seen through a window: at each step of the clock one number for all of it.

    Parameters
    ----------
    meaning
        What the numbers mean, in the unit that they have now.
    raw
        The series on the clock.
    rule
        How the values of a window become one.
    seen
        The window.
    weight
        Energy or power by which means are weighted, on the same clock; for ``weighted``.
    """

    meaning: Meaning
    raw: Series
    rule: Rule
    seen: Window
    weight: Series | None = None

    @property
    def time(self) -> TimeAxis:
        """The clock."""
        return self.raw.time

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.raw.size

    @property
    def _taken(self) -> Taken:
        return taken_of(self.raw, self.weight, self.rule, self.seen.only)

    @cached_property
    def _hourly(self) -> dict[int, tuple[Floats, npt.NDArray[np.float64]]]:
        """What is known of typical days, by the hour: there are only so many."""
        return {}

    def _over(self, i: int) -> tuple[Floats, npt.NDArray[np.float64]]:
        if self.seen.kind != "typical":
            return self._taken.over(self.seen.chosen(self.time, i))
        hour = int(hours_of_day(self.time)[i])
        if hour not in self._hourly:
            self._hourly[hour] = self._taken.over(self.seen.chosen(self.time, i))
        return self._hourly[hour]

    def at(self, i: int) -> Floats:
        """Return one value of each element for the window of step `i`; NaN where none is known."""
        return self._over(i)[0]

    def partial(self, i: int) -> int:
        """Return how many elements lack some steps of the window of step `i`, but not all."""
        known, wanted = self._over(i)[1], len(self.seen.chosen(self.time, i))
        return int(((known > 0) & (known < wanted)).sum())

    def entering(self, j: int, i: int) -> Entering:
        """Return what goes into the value of element `j` for the window of step `i`."""
        steps = self.seen.chosen(self.time, i)
        weight = None if self.weight is None else _course(self.weight, j)[steps]
        hours = self.time.step / 3600 if self.rule == "sum" else 1.0
        return Entering(self.rule, steps, _course(self.raw, j)[steps], weight, hours)

    def of(self, j: int) -> Floats:
        """Return the value of element `j` for the window of each step."""
        if self.seen.kind == "typical":
            hours = hours_of_day(self.time)
            each = {h: self.at(int(np.argmax(hours == h)))[j] for h in np.unique(hours)}
            return np.array([each[h] for h in hours], dtype=np.float32)
        found = self._taken.along(j, *edges(self.seen, self.time))
        pending = self.done
        return found if pending is None else np.where(pending, found, np.float32(np.nan))

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        return np.stack([self.at(i) for i in range(a, b)])

    @property
    def done(self) -> npt.NDArray[np.bool_] | None:
        """Steps whose whole window has been computed, shape (count,); None where all have."""
        done = getattr(self.raw, "done", None)
        if done is None:
            return None
        first, last = edges(self.seen, self.time)
        open_ = np.concatenate([[0], np.cumsum(~done)])
        return np.asarray(open_[last] == open_[first])

    def ready(self, i: int) -> bool:
        """Tell whether all steps of the window of step `i` have been computed."""
        done = getattr(self.raw, "done", None)
        if done is None:
            return True
        steps = self.seen.steps(self.time, i)
        return bool(np.all(done[steps.start : steps.stop]))

    def failed(self, i: int) -> bool:
        """Tell whether no step of a window has a solution: else those without are left out."""
        if getattr(self.raw, "solved", None) is None:
            return False
        chosen = self.seen.chosen(self.time, i)
        return bool(len(chosen)) and all(self.raw.failed(int(k)) for k in chosen)

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value of some windows spread over the time."""
        values = self.sample(1)
        return (float(values.min()), float(values.max())) if values.size else (np.nan, np.nan)

    def sample(self, every: int) -> Floats:
        """Return known values of some windows spread over the time, in no order.

        Windows are estimated from some of their steps: enough for the ends of a scale, and soon
        found for a large district too.

        Parameters
        ----------
        every
            Only each so many-th element is looked at.
        """
        count = self.time.count
        # What grows is largest at the end; what stands still is the same everywhere.
        ends = [count - 1]
        if self.seen.kind in {"rolling", "instant"}:
            ends = [int(k) for k in np.linspace(self.seen.count(self.time) - 1, count - 1, _ENDS)]
        elif self.seen.kind == "typical":
            ends = [int(np.argmax(hours_of_day(self.time) == h)) for h in range(24)]
        found = [np.empty(0, dtype=np.float32)]
        for end in dict.fromkeys(min(max(k, 0), count - 1) for k in ends):
            chosen = self.seen.chosen(self.time, end)
            some = chosen[:: max(1, len(chosen) * len(ends) // SAMPLES)]
            if len(some) and all(self.raw.ready(int(k)) for k in some):
                values, _known = self._sampled(some)
                found.append(values[::every] * self._blown_up(len(chosen), len(some)))
        values = np.concatenate(found)
        return values[np.isfinite(values)]

    def _sampled(self, steps: npt.NDArray[np.intp]) -> tuple[Floats, npt.NDArray[np.float64]]:
        """Return values over some steps, without a trace in what is known of the last window."""
        taken = self._taken
        if isinstance(taken, RowSums):
            top, below, known = taken.of_steps(steps)
            return told(self.rule, top, below, known), known
        return taken.over(steps)

    def _blown_up(self, whole: int, some: int) -> np.float32:
        return np.float32(whole / some if self.rule == "sum" else 1.0)


def _course(series: Series, j: int) -> Doubles:
    """Return the values of an element at all steps; NaN without a solution."""
    values = np.asarray(series.of(j), dtype=np.float64)
    solved = getattr(series, "solved", None)
    return values if solved is None else np.where(solved, values, np.nan)


@lru_cache(maxsize=32)
def taken_of(raw: Series, weight: Series | None, rule: Rule, only: Window) -> Taken:
    """Return what the values of windows are taken from: the same for all windows of a series.

    Parameters
    ----------
    raw, weight, rule
        As of `Windowed`.
    only
        Which days count.
    """
    keep = only.mask(raw.time)
    if rule in {"max", "farthest"}:
        return Extremes(raw, rule, keep)
    hours = raw.time.step / 3600 if rule == "sum" else 1.0
    if isinstance(raw, Profiled) and weight is None and np.isfinite(raw.profiles).all():
        return ProfileSums(raw, rule, hours, keep)
    return RowSums(raw, rule, hours, keep, weight)
