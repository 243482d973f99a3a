"""Which steps of the clock a view speaks about: one, the last hours, all so far, a range."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from twinview.model.time import TimeAxis

Kind = Literal["instant", "rolling", "cumulative", "range", "typical"]
Lock = Literal["", "begin", "end", "both"]
Days = Literal["all", "workdays", "weekends", "spring", "summer", "autumn", "winter"]
"""Kinds of days; a season is what files held here while there was one choice for both."""
Season = Literal["all", "winter", "spring", "summer", "autumn"]

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
    days, season
        Which kind of days count, and in which season; the others are left out of every window but
        an instant.
    holidays
        Days that are no workdays, whatever day of the week they are. They are the district's and
        kept nowhere else: `twinview.scene.aggregation.window_in` puts them here.
    """

    kind: Kind = "instant"
    length: int = DAY
    begin: int | None = None
    end: int | None = None
    locked: Lock = ""
    days: Days = "all"
    season: Season = "all"
    holidays: Annotated[tuple[date, ...], Field(exclude=True)] = ()

    def __post_init__(self) -> None:
        """Take a season that stands where kinds of days do."""
        for season in SEASONS:
            if self.days == season:
                object.__setattr__(self, "days", "all")
                object.__setattr__(self, "season", season)

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
        if axis.static or not self.picky:
            return None
        return days_mask(axis, self.days, self.season, self.holidays)

    @property
    def picky(self) -> bool:
        """True where some days do not count."""
        return self.days != "all" or self.season != "all"

    @property
    def only(self) -> "Window":
        """The choice of days alone."""
        return Window(days=self.days, season=self.season, holidays=self.holidays)

    def counted(self, axis: TimeAxis) -> npt.NDArray[np.bool_] | None:
        """Return which steps count within the range, shape (count,); None where all do.

        That is what figures over the whole clock are made of.
        """
        keep = self.mask(axis)
        if axis.static or not self.ranged:
            return keep
        span, inside = self.span(axis), np.zeros(axis.count, dtype=np.bool_)
        inside[span.start : span.stop] = True
        return inside if keep is None else inside & keep

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
def days_mask(
    axis: TimeAxis, days: Days, season: Season = "all", holidays: tuple[date, ...] = ()
) -> npt.NDArray[np.bool_]:
    """Return which steps lie on days that a filter keeps, by the local calendar. Shape (count,).

    Holidays are no workdays: they go with the weekends.
    """
    number = day_numbers(axis)
    kept = np.ones(axis.count, dtype=np.bool_)
    if days != "all":
        free = (number + 3) % 7 >= _SATURDAY  # 1970 began on a Thursday
        free |= np.isin(number, np.array(holidays, dtype="datetime64[D]").astype(np.int64))
        kept &= free if days == "weekends" else ~free
    if season != "all":
        months = number.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1
        kept &= np.isin(months, SEASONS[season])
    return kept
