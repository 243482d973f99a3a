"""Which steps of the clock a view speaks about: one, the last hours, all so far, a range."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from twinview.model.time import TimeAxis

Kind = Literal["instant", "rolling", "cumulative", "range", "typical"]
Lock = Literal["", "begin", "end", "both"]
Days = Literal["all", "workdays", "weekends", "spring", "summer", "autumn", "winter"]

DAY = 86400
SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}
"""Months of each season, as meteorologists count them in the north."""
_SATURDAY = 5


@dataclass(frozen=True)
class Window:
    """What part of the time the values are taken over.

    Parameters
    ----------
    kind
        ``instant``: the step of the clock. ``rolling``: the last `length` seconds up to its end.
        ``cumulative``: from the range's begin, or the first step, up to its end. ``range``: the
        range, wherever the clock stands. ``typical``: all steps of the range with the clock's hour
        of the day.
    length
        Seconds of a rolling window.
    begin, end
        Range, seconds since 1970 in UTC, the end excluded; None is the end of the data.
    locked
        Ends of the range that neither keys nor the mouse move.
    days
        Which days count; the others are left out of every window but an instant.
    """

    kind: Kind = "instant"
    length: int = DAY
    begin: int | None = None
    end: int | None = None
    locked: Lock = ""
    days: Days = "all"

    def holds(self, end: str) -> bool:
        """Tell whether the ``begin`` or the ``end`` is locked."""
        return self.locked in {end, "both"}

    @property
    def ranged(self) -> bool:
        """True where a range was set."""
        return self.begin is not None or self.end is not None

    def span(self, axis: TimeAxis) -> range:
        """Return the steps of the range; all where none was set, at least one."""
        if axis.static:
            return range(1)
        begin = axis.start if self.begin is None else self.begin
        end = axis.stop if self.end is None else self.end
        first, last = axis.nearest(begin), axis.nearest(end - 1)
        return range(first, max(first, last) + 1)

    def steps(self, axis: TimeAxis, i: int) -> range:
        """Return the first to the last step that is looked at when the clock shows step `i`.

        Empty where nothing of the window has come yet.
        """
        if axis.static or self.kind == "instant":
            return range(i, i + 1)
        span = self.span(axis)
        if self.kind == "rolling":
            return range(max(0, i + 1 - self.count(axis)), i + 1)
        if self.kind == "cumulative":
            return range(span.start, max(span.start, min(i + 1, span.stop)))
        return span

    def count(self, axis: TimeAxis) -> int:
        """Return how many steps a whole rolling window has."""
        return max(1, round(self.length / max(axis.step, 1)))

    def mask(self, axis: TimeAxis) -> npt.NDArray[np.bool_] | None:
        """Return which steps of the clock count, shape (count,); None where all do."""
        return None if self.days == "all" or axis.static else days_mask(axis, self.days)

    def chosen(self, axis: TimeAxis, i: int) -> npt.NDArray[np.intp]:
        """Return the steps that count when the clock shows step `i`, in their order."""
        steps = self.steps(axis, i)
        found = np.arange(steps.start, steps.stop)
        if axis.static or self.kind == "instant":
            return found
        keep = self.mask(axis)
        if self.kind == "typical":
            same = hours_of_day(axis) == hours_of_day(axis)[i]
            keep = same if keep is None else keep & same
        return found if keep is None else found[keep[steps.start : steps.stop]]


INSTANT = Window()
"""What a view shows until something else is asked for."""


@lru_cache(maxsize=8)
def edges(window: Window, axis: TimeAxis) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the first step, and the step after the last, of the window of each step.

    Shape (count,) each.
    """
    each = np.arange(axis.count)
    span = window.span(axis)
    if axis.static or window.kind == "instant":
        return each, each + 1
    if window.kind == "rolling":
        return np.maximum(0, each + 1 - window.count(axis)), each + 1
    first = np.full(axis.count, span.start)
    if window.kind == "cumulative":
        return first, np.clip(each + 1, span.start, span.stop)
    return first, np.full(axis.count, span.stop)


@lru_cache(maxsize=8)
def local_seconds(axis: TimeAxis) -> npt.NDArray[np.int64]:
    """Return what clocks show at the start of each step, as seconds since 1970. Shape (count,)."""
    offsets = (axis.at(i).utcoffset() for i in range(axis.count))
    ahead = np.fromiter((0 if o is None else o.total_seconds() for o in offsets), np.int64)
    return axis.start + axis.step * np.arange(axis.count, dtype=np.int64) + ahead


@lru_cache(maxsize=8)
def hours_of_day(axis: TimeAxis) -> npt.NDArray[np.int64]:
    """Return the local hour of the day at the start of each step, 0 to 23. Shape (count,)."""
    return np.asarray(local_seconds(axis) // 3600 % 24)


@lru_cache(maxsize=8)
def day_numbers(axis: TimeAxis) -> npt.NDArray[np.int64]:
    """Return the local day of each step, days since 1970. Shape (count,)."""
    return np.asarray(local_seconds(axis) // DAY)


@lru_cache(maxsize=16)
def days_mask(axis: TimeAxis, days: Days) -> npt.NDArray[np.bool_]:
    """Return which steps lie on days that a filter keeps, by the local calendar. Shape (count,)."""
    number = day_numbers(axis)
    if days in {"workdays", "weekends"}:
        weekend = (number + 3) % 7 >= _SATURDAY  # 1970 began on a Thursday
        return np.asarray(weekend if days == "weekends" else ~weekend)
    if days in SEASONS:
        months = number.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        return np.isin(months, SEASONS[days])
    return np.ones(axis.count, dtype=np.bool_)
