"""How long steps are, with the arrow keys and when playing, and how fast time runs, in words."""

import re
import unicodedata
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.scene.aggregation import length_text
from twinview.session.when import UNITS

STEPS: dict[str, str] = {
    "data": N_("1 step"),
    "hour": N_("1 hour"),
    "3h": N_("3 hours"),
    "6h": N_("6 hours"),
    "day": N_("1 day"),
    "week": N_("1 week"),
    "month": N_("1 month"),
}
"""Ids and titles of the lengths of steps; the first is that of the data."""
_HOURS = {"hour": 1, "3h": 3, "6h": 6}
_DAYS = {"day": 1, "week": 7}
_MONTH_HOURS = 8766 / 12
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[\u4e00-\u9fff]+)?\s*(?:/\s*(?:s|秒))?")
SLOWEST, FASTEST = 0.01, 8784.0
"""Hours of the data for one second on the wall."""


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
        The clock, and one of `STEPS`.
    anchor
        A step of the clock that the walk goes through.
    keep
        Steps that count, shape (count,); None where all do. Where a week or a month ends on a day
        that is left out, the walk goes on to the next one that counts, if that comes before the
        next week or month.
    """
    if time.static:
        return np.zeros(1, dtype=np.intp)
    if length in _DAYS:
        found = _by_days(time, anchor, _DAYS[length])
    elif length == "month":
        found = _by_months(time, anchor)
    else:
        stride = max(1, round(_HOURS.get(length, 0) * 3600 / time.step))
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


def onward(found: Steps, counted: Steps, i: int, direction: int) -> int:
    """Return the step of a walk that comes after step `i`, or before it for a direction below 0.

    Beyond the end of the walk it is the outermost of those that count, and `i` where there is none.
    """
    if direction > 0:
        near, far = found[found > i][:1], counted[counted > i][-1:]
    else:
        near, far = found[found < i][-1:], counted[counted < i][:1]
    return int(next((one[0] for one in (near, far) if one.size), i))


def stepped(time: TimeAxis, i: int, length: str, direction: int, keep: Bools | None = None) -> int:
    """Return the step of the clock one length further on, within the data; see `walk`."""
    counted = np.arange(time.count) if keep is None else np.flatnonzero(keep)
    return onward(walk(time, length, i, keep), counted, i, direction)


def length_hours(time: TimeAxis, length: str) -> float:
    """Return how many hours a step has; those of a month on average."""
    if length == "month":
        return _MONTH_HOURS
    hours = _HOURS.get(length, 24 * _DAYS.get(length, 0))
    return max(hours, max(time.step, 1) / 3600)


def _month_on(local: datetime, months: int) -> datetime:
    """Return the same day some months later or earlier, or the last day of that month."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    for day in range(local.day, 27, -1):
        try:
            return local.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return local.replace(year=year, month=month + 1, day=min(local.day, 28))


def to_come(time: TimeAxis) -> int:
    """Return the first step that has not begun yet by the computer's clock; the count without."""
    now = datetime.now(UTC).timestamp()
    if time.static or now >= time.stop:
        return time.count
    return max(0, int(now - time.start) // time.step + 1)


def speed_of(text: str) -> float:
    """Return hours of the data for one second on the wall: ``6 h/s``, ``1 d/s``, ``30min/s``.

    Raises
    ------
    CommandError
        For what is no speed.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    found = _SPEED.fullmatch(plain)
    hours = 0.0
    if found:
        hours = float(found[1]) * UNITS.get(found[2] or "h", 0) / 3600
    if not SLOWEST <= hours <= FASTEST:
        raise CommandError(_("'{text}' is no speed such as 6 h/s, 1 d/s or 30min/s.", text=text))
    return hours


def speed_text(hours: float) -> str:
    """Return a speed as it stands on its button."""
    if hours >= 48 and hours % 24 == 0:
        return _("{days} d/s", days=f"{hours / 24:g}")
    return _("{hours} h/s", hours=f"{hours:g}")


def pace_text(time: TimeAxis, length: str, speed: float) -> str:
    """Return what a speed means, and for how long it shows a step of a length."""
    said = _("Speed: hours of data for one second; days that do not count take no time")
    if time.static:
        return said
    hours = length_hours(time, length)
    lasts = _(
        "At {speed}, a step of {length} is shown for {seconds} s",
        speed=speed_text(speed),
        length=length_text(time.step) if length == "data" else _(STEPS[length]),
        seconds=f"{hours / speed:.3g}",
    )
    return f"{said}\n{lasts}"
