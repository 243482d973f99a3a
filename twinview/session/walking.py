"""The way through the clock by steps of a length: hours, local days, weeks and calendar months."""

from datetime import datetime

import numpy as np
import numpy.typing as npt

from twinview.model.time import TimeAxis

HOURS = {"hour": 1, "3h": 3, "6h": 6}
DAYS = {"day": 1, "week": 7}
"""Hours and days of the lengths that have a count of them."""

Steps = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


def walk(time: TimeAxis, length: str, anchor: int, keep: Bools | None = None) -> Steps:
    """Return the steps of the clock that one comes to by steps of a length, ascending.

    Days, weeks and months keep the time of day, months the day as far as they have it: each is
    counted from the anchor, so that what was cut short once (31 January, 29 February, 31 March) is
    not lost, and the way back is the way there.

    Parameters
    ----------
    time, length
        The clock, and ``data``, ``hour``, ``3h``, ``6h``, ``day``, ``week`` or ``month``.
    anchor
        A step of the clock that the walk goes through.
    keep
        Steps that count, shape (count,); None where all do. Where a week or a month ends on a day
        that is left out, the walk goes on to the next one that counts, if that comes before the
        next week or month.
    """
    if time.static:
        return np.zeros(1, dtype=np.intp)
    if length in DAYS:
        found = _by_days(time, anchor, DAYS[length])
    elif length == "month":
        found = _by_months(time, anchor)
    else:
        stride = max(1, round(HOURS.get(length, 0) * 3600 / time.step))
        found = np.arange(anchor % stride, time.count, stride)
    if keep is None:
        return found
    return _moved_on(time, found, keep) if length in {"week", "month"} else found[keep[found]]


def _by_days(time: TimeAxis, anchor: int, days: int) -> Steps:
    here = time.at(anchor).date()
    first, last = ((time.at(k).date() - here).days // days for k in (0, time.count - 1))
    others = (k for k in range(first, last + 1) if k)
    return _held(time, anchor, [time.same_clock(anchor, k * days) for k in others])


def _by_months(time: TimeAxis, anchor: int) -> Steps:
    here = time.at(anchor)
    first, last = (
        (one.year - here.year) * 12 + one.month - here.month
        for one in (time.at(0), time.at(time.count - 1))
    )
    return _held(time, anchor, [_month_on(here, k) for k in range(first, last + 1) if k])


def _held(time: TimeAxis, anchor: int, instants: list[datetime]) -> Steps:
    """Return the steps that hold instants, as far as there are any, and the anchor."""
    seconds = np.array([one.timestamp() for one in instants], dtype=np.int64)
    found = (seconds - time.start) // time.step
    return np.unique([anchor, *found[(found >= 0) & (found < time.count)]]).astype(np.intp)


def _moved_on(time: TimeAxis, found: Steps, keep: Bools) -> Steps:
    """Return a walk of long steps, those on days that are left out moved to a later day."""
    made: list[int] = []
    for here, after in zip(found.tolist(), [*found[1:].tolist(), time.count], strict=True):
        later, days = here, 0
        while later < after and not keep[later]:
            days += 1
            instant = int(time.same_clock(here, days).timestamp())
            later = (instant - time.start) // time.step
        if later < after:
            made.append(later)
    return np.array(made, dtype=np.intp)


def onward(found: Steps, counted: Steps, i: int, many: int) -> int:
    """Return the step of a walk that comes so many after step `i`, or before it below 0.

    Beyond the end of the walk it is the outermost of those that count, and `i` where there is none.
    """
    if not many:
        return i
    if many > 0:
        near, far = found[found > i][many - 1 : many], counted[counted > i][-1:]
    else:
        near, far = found[found < i][::-1][-many - 1 : -many], counted[counted < i][:1]
    return int(next((one[0] for one in (near, far) if one.size), i))


def stepped(time: TimeAxis, i: int, length: str, many: int, keep: Bools | None = None) -> int:
    """Return the step of the clock so many lengths further on, within the data; see `walk`."""
    counted = np.arange(time.count) if keep is None else np.flatnonzero(keep)
    return onward(walk(time, length, i, keep), counted, i, many)


def _month_on(local: datetime, months: int) -> datetime:
    """Return the same day some months later or earlier, or the last day of that month."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return local.replace(year=year, month=month + 1, day=min(local.day, 28))
