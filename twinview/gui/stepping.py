"""How long steps are, with the arrow keys and when playing, and how fast time runs, in words."""

import re
import unicodedata
from datetime import UTC, datetime

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.scene.aggregation import length_text
from twinview.session.walking import DAYS, HOURS
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
_MONTH_HOURS = 8766 / 12
_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[\u4e00-\u9fff]+)?\s*(?:/\s*(?:s|秒))?")
SLOWEST, FASTEST = 0.01, 8784.0
"""Hours of the data for one second on the wall."""


def length_hours(time: TimeAxis, length: str) -> float:
    """Return how many hours a step has; those of a month on average."""
    if length == "month":
        return _MONTH_HOURS
    hours = HOURS.get(length, 24 * DAYS.get(length, 0))
    return max(hours, max(time.step, 1) / 3600)


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
