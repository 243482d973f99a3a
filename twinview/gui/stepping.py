"""How far an arrow key goes, and how fast playing is, as people say it."""

import re
import unicodedata
from datetime import UTC, datetime

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
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
"""Ids and titles of the lengths of one press of an arrow key; the first is one of the data's."""
_HOURS = {"hour": 1, "3h": 3, "6h": 6}
_DAYS = {"day": 1, "week": 7}
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[\u4e00-\u9fff]+)?\s*(?:/\s*(?:s|秒))?")
SLOWEST, FASTEST = 0.01, 8784.0
"""Hours of the data for one second on the wall."""


def stepped(time: TimeAxis, i: int, step: str, direction: int) -> int:
    """Return the step of the clock one length further on; days and months keep the time of day.

    It lies within the data.
    """
    if time.static:
        return 0
    if step in _DAYS:
        return time.nearest(time.same_clock(i, direction * _DAYS[step]))
    if step == "month":
        return time.nearest(_month_on(time.at(i), direction))
    hours = _HOURS.get(step, 0) * 3600 / max(time.step, 1)
    return min(max(i + direction * max(1, round(hours)), 0), time.count - 1)


def _month_on(local: datetime, direction: int) -> datetime:
    """Return the same day of the next month or of the one before, or its last day."""
    months = local.year * 12 + local.month - 1 + direction
    year, month = divmod(months, 12)
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
