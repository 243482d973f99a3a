"""Stretches of time that time bar and charts show: a local day, week, month or year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from twinview.i18n import N_, _
from twinview.model.time import TimeAxis
from twinview.scene.manner import hour_text, manner
from twinview.scene.resolve import weekday

SPANS: dict[str, str] = {
    "day": N_("Day"),
    "week": N_("Week"),
    "month": N_("Month"),
    "year": N_("Year"),
}
"""Ids and titles of stretches, short to long."""
TITLES: dict[str, str] = {**SPANS, "free": N_("As shown")}
"""The same, with the stretch that was zoomed to."""
_LONG = 400
"""Days from which a tick for each month is too much."""


@dataclass(frozen=True)
class Tick:
    """A mark on a time axis.

    Parameters
    ----------
    index
        Step at which it stands.
    text
        What is written; empty for a minor mark.
    """

    index: int
    text: str


def stretch(time: TimeAxis, i: int, span: str) -> range:
    """Return the steps of the local day, week, month or year that holds step `i`."""
    if time.static:
        return range(1)
    midnight = _midnight(time.at(i))
    if span == "day":
        first, days = midnight, 1
    elif span == "week":
        first, days = _later(midnight, -midnight.weekday()), 7
    elif span == "month":
        first = midnight.replace(day=1)
        days = (_later(first, 32).replace(day=1).date() - first.date()).days
    else:
        first = midnight.replace(month=1, day=1)
        days = (first.replace(year=first.year + 1).date() - first.date()).days
    return time.window(first, _later(first, days))


def ticks(time: TimeAxis, shown: range, room: float) -> list[Tick]:
    """Return the marks of a stretch, as many as fit into `room` logical pixels."""
    if time.static or not shown:
        return []
    days = len(shown) * time.step / 86400
    if days <= 2:
        return _hours(time, shown, max(1.0, room / (64 if manner().twelve else 46)))
    if days <= 45:
        return _days(time, shown, days, max(1.0, room / 64))
    return _months(time, shown, days, max(1.0, room / 36))


def _hours(time: TimeAxis, shown: range, most: float) -> list[Tick]:
    hours = len(shown) * time.step / 3600
    apart = next((k for k in (1, 2, 3, 6, 12, 24) if hours / k <= most), 24)
    marks = []
    for i in shown:
        local = time.at(i)
        if local.minute == 0:
            marks.append(Tick(i, hour_text(local) if local.hour % apart == 0 else ""))
    return marks


def _days(time: TimeAxis, shown: range, days: float, most: float) -> list[Tick]:
    apart = next((k for k in (1, 2, 5, 7) if days / k <= most), 7)
    marks = []
    for k, midnight in enumerate(_midnights(time, shown)):
        text = f"{weekday(midnight.weekday())} {midnight.day}" if k % apart == 0 else ""
        marks.append(Tick(time.nearest(midnight), text))
    return marks


def _months(time: TimeAxis, shown: range, days: float, most: float) -> list[Tick]:
    apart = next((k for k in (1, 2, 3, 6) if days / 30.4 / k <= most), 12)
    marks = []
    day = time.at(shown.start).replace(day=1)
    for _k in range(_LONG):
        if day.timestamp() >= time.seconds(shown.start):
            if day.timestamp() >= time.seconds(shown.stop - 1):
                break
            named = (day.month - 1) % apart == 0
            marks.append(Tick(time.nearest(day), month(day.month) if named else ""))
        day = _midnight(_later(day, 32)).replace(day=1)
    return marks


def _midnights(time: TimeAxis, shown: range) -> Iterator[datetime]:
    day, last = _midnight(time.at(shown.start)), time.seconds(shown.stop - 1)
    while day.timestamp() <= last:
        if day.timestamp() >= time.seconds(shown.start):
            yield day
        day = _later(day, 1)


def _midnight(local: datetime) -> datetime:
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def followed(free: range, time: TimeAxis, index: int) -> range:
    """Return a stretch that was zoomed to, moved on by whole lengths to hold a step."""
    free = range(max(0, free.start), min(free.stop, time.count))
    if index not in free and free:
        first = free.start + (index - free.start) // len(free) * len(free)
        first = min(max(first, 0), time.count - len(free))
        free = range(first, first + len(free))
    return free or range(time.count)


def _later(local: datetime, days: int) -> datetime:
    """Return the same clock time some days later, summer time or not."""
    return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=local.tzinfo)


def month(number: int) -> str:
    """Return the short name of a month, January 1."""
    return (
        _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"),
        _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"),
    )[number - 1]  # fmt: skip
