"""How far from the clock another instant lies, as people write it: -7d, +6h, last year."""

import re
import unicodedata
from collections.abc import Mapping

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.session.when import LONGEST, UNITS

YEAR = 364 * 24.0
"""Hours of a year of whole weeks: the same weekday is compared, a Monday never with a Sunday."""
NAMED: Mapping[str, float] = {
    "": 0.0, "0": 0.0, "now": 0.0, "same": 0.0, "此刻": 0.0, "同时": 0.0,
    "yesterday": -24.0, "last day": -24.0, "昨天": -24.0, "昨日": -24.0,
    "last week": -168.0, "上周": -168.0, "last year": -YEAR, "去年": -YEAR,
}  # fmt: skip
"""Hours of the names that are understood."""
_YEARS = frozenset({"y", "a", "year", "years", "年"})
_LENGTH = re.compile(r"([+-])\s*(\d+(?:\.\d+)?)\s*([a-z]+|[\u4e00-\u9fff]+)")


def hours_of(text: str) -> float:
    """Return the hours of an offset such as ``-7d``, ``+6h``, ``-1y`` or ``last week``.

    Days are days of the local clock, and a year is 52 weeks, so that the weekday stays.

    Raises
    ------
    CommandError
        For what is none.
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold().replace("\u2212", "-")
    if plain in NAMED:
        return NAMED[plain]
    found = _LENGTH.fullmatch(plain)
    unit = 0.0 if found is None else YEAR if found[3] in _YEARS else UNITS.get(found[3], 0) / 3600
    if found is None or not 0 < float(found[2]) * unit <= LONGEST / 3600:
        raise CommandError(
            _(
                "'{text}' is no offset: write -7d or -1y for earlier, +6h for later, or 0 for the "
                "same instant.",
                text=text,
            )
        )
    return float(f"{found[1]}1") * float(found[2]) * unit
