"""Instants from texts and numbers: formats, zones, clock changes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import NeedsAnswer, Problem
from twinview.model.time import zone
from twinview.readers.registry import Options, ReadError

Seconds = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

MISSING = np.iinfo(np.int64).min
_CLOCK = r"(?:[T\s]+(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?)?"
_OFFSET = r"\s*(?P<z>Z|UTC|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})[-/.年](?P<mo>\d{1,2})[-/.月](?P<d>\d{1,2})日?" + _CLOCK + _OFFSET
)
_YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4})" + _CLOCK + _OFFSET
)
_NAME = re.compile(
    r"time|date|datum|zeit|stamp|instant|period|^from$|^hour$|^ts$|^t$|时间|日期|时刻",
    re.IGNORECASE,
)
_HOUR = 3600
_EPOCHS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3), (1e8, 1.0))  # ns, us, ms, s since 1970
_EPOCH_LEAST = 3e8  # 1979: smaller numbers are no seconds since 1970


@dataclass(frozen=True, eq=False)
class Stamps:
    """Times as they stand in a file.

    Parameters
    ----------
    seconds
        Seconds since 1970, shape (n,): UTC where `fixed`, else of the local clock; MISSING where
        there is no time.
    fixed
        True where the text has an offset.
    """

    seconds: Seconds
    fixed: bool


def named_like_time(name: str) -> bool:
    """Tell whether a column's name says that it holds times."""
    return bool(_NAME.search(name))


def parse(texts: Sequence[str | None]) -> Stamps | None:
    """Return texts as times, None where they are none.

    Parameters
    ----------
    texts
        Texts of one column.
    """
    unique, back = np.unique(np.array([text or "" for text in texts]), return_inverse=True)
    day_first = _day_first(unique)
    read = [_instant(str(text).strip(), day_first) for text in unique]
    missing = sum(one is None for one, text in zip(read, unique, strict=True) if str(text).strip())
    offsets = {one[1] is not None for one in read if one is not None}
    if not offsets or missing > 0.1 * len(unique) or len(offsets) > 1:
        return None
    fixed = offsets == {True}
    table = np.array(
        [MISSING if one is None else one[0] - (one[1] or 0) for one in read], dtype=np.int64
    )
    return Stamps(table[back], fixed)


def from_numbers(values: npt.NDArray[np.float64]) -> Stamps | None:
    """Return numbers as (milli-, micro-, nano-)seconds since 1970, None where they are none.

    Parameters
    ----------
    values
        Numbers of one column.
    """
    good = values[np.isfinite(values)]
    if not len(good) or good.min() < _EPOCH_LEAST or (good != np.floor(good)).any():
        return None
    size = next(size for least, size in _EPOCHS if good.max() >= least)
    seconds = np.where(np.isfinite(values), np.round(values * size), MISSING).astype(np.int64)
    return Stamps(seconds, fixed=True)


def _day_first(texts: npt.NDArray[np.str_]) -> bool:
    """Tell whether 01/02/2024 is the first of February: dots say so, else a number over 12."""
    for text in texts:
        found = _YEAR_LAST.match(str(text).strip())
        if found and (found["sep"] == "." or int(found["a"]) > 12):
            return True
        if found and int(found["b"]) > 12:
            return False
    return True


def _instant(text: str, day_first: bool) -> tuple[int, int | None] | None:
    """Return local seconds since 1970 and the offset (None where there is none)."""
    found = _YEAR_FIRST.fullmatch(text)
    if found:
        month, day = found["mo"], found["d"]
    else:
        found = _YEAR_LAST.fullmatch(text)
        if not found:
            return None
        day, month = (found["a"], found["b"]) if day_first else (found["b"], found["a"])
    hour, minute, second = (int(found[key] or 0) for key in ("h", "m", "s"))
    try:
        base = datetime(int(found["y"]), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
    if hour > 24 or minute > 59 or second > 60:
        return None
    local = int(base.timestamp()) + hour * _HOUR + minute * 60 + second  # 24:00 is the next day
    return local, _offset(found["z"])


def _offset(text: str | None) -> int | None:
    if text is None:
        return None
    if text in {"Z", "UTC"}:
        return 0
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return sign * (int(digits[:2]) * _HOUR + int(digits[2:]) * 60)


def to_utc(
    stamps: Stamps, groups: Objects | None, options: Options, file: str
) -> tuple[Seconds, str, list[Problem]]:
    """Return seconds in UTC, the zone to show them in, and what was assumed.

    Parameters
    ----------
    stamps
        Times as they stand in the file, in the file's order.
    groups
        Id that each row belongs to; None where each time stands once.
    options
        What the user says.
    file
        Name of the file.

    Raises
    ------
    NeedsAnswer
        Where a time comes twice as it does when clocks go back, and no zone is known.
    """
    if stamps.fixed:
        return stamps.seconds, _zone_name(options.tz) or "UTC", []
    if options.tz:
        name = _zone_name(options.tz)
        seconds, problems = _local_to_utc(stamps.seconds, groups, name, file)
        return seconds, name, problems
    if _clocks_go_back(stamps.seconds, groups):
        raise NeedsAnswer(
            _(
                "{file}: some times come twice, as when clocks go back, and have no offset. "
                "Name their time zone with --tz, such as --tz=Europe/Berlin.",
                file=file,
            ),
            "--tz",
            ("Europe/Berlin", "Europe/London", "America/New_York"),
        )
    problem = Problem(
        "warning",
        "time.zone_assumed",
        _("The times in {file} have no offset and no zone; they are taken for UTC.", file=file),
        _("Name their time zone with --tz, such as --tz=Europe/Berlin."),
        file,
    )
    return stamps.seconds, "UTC", [problem]


def _zone_name(name: str | None) -> str:
    if name:
        try:
            zone(name)
        except ValueError as error:
            raise ReadError(
                _("{name} is not the name of a time zone, such as Europe/Berlin.", name=name)
            ) from error
    return name or ""


def _clocks_go_back(local: Seconds, groups: Objects | None) -> bool:
    """Tell whether times step back by an hour at most and come twice, in spring or autumn."""
    for rows in _by_group(local, groups):
        own = local[rows]
        back = np.flatnonzero((np.diff(own) < 0) & (np.diff(own) >= -_HOUR))
        for place in back:
            moment = datetime.fromtimestamp(int(own[place + 1]), tz=UTC)
            twice = int((own == own[place + 1]).sum()) > 1
            if twice and moment.month in {3, 4, 9, 10, 11} and moment.hour <= 3:
                return True
    return False


def _by_group(local: Seconds, groups: Objects | None) -> list[Seconds]:
    if groups is None:
        return [np.arange(len(local))]
    _names, back = np.unique(groups.astype(str), return_inverse=True)
    order = np.argsort(back, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(back[order])) + 1)


def _local_to_utc(
    local: Seconds, groups: Objects | None, name: str, file: str
) -> tuple[Seconds, list[Problem]]:
    """Turn local times into UTC; of a time that comes twice the first is the earlier one."""
    there = zone(name)
    known = local != MISSING
    unique, back = np.unique(local[known], return_inverse=True)
    pairs = np.array([_both(int(one), there) for one in unique], dtype=np.int64).reshape(-1, 3)
    utc = local.copy()
    utc[known] = pairs[back, 0]
    second = np.full(len(local), MISSING)
    second[known] = pairs[back, 1]
    for rows in _by_group(local, groups):
        seen: set[int] = set()
        for row in rows[known[rows] & (utc[rows] != second[rows])]:
            if int(local[row]) in seen:
                utc[row] = second[row]
            seen.add(int(local[row]))
    skipped = int(pairs[back, 2].sum())
    return utc, _say_skipped(skipped, name, file)


def _both(local: int, there: ZoneInfo) -> tuple[int, int, int]:
    """Return the two instants of a local time (mostly one), and 1 where the clocks skip it."""
    naive = datetime.fromtimestamp(local, tz=UTC).replace(tzinfo=None)
    first, later = naive.replace(tzinfo=there), naive.replace(tzinfo=there, fold=1)
    one, two = int(first.timestamp()), int(later.timestamp())
    if two < one:  # skipped: fold 0 counts on with the old offset, which keeps the step
        return one, one, 1
    return one, two, 0


def _say_skipped(count: int, name: str, file: str) -> list[Problem]:
    if not count:
        return []
    return [
        Problem(
            "warning",
            "time.skipped",
            _(
                "{count} times in {file} do not exist in {tz}, where the clocks skip them; "
                "they were read as an hour later.",
                count=count,
                file=file,
                tz=name,
            ),
            _("If the file keeps winter time all year, name it so, such as --tz=Etc/GMT-1."),
            file,
        )
    ]


def start_of(text: str, tz: str | None) -> tuple[int, str]:
    """Return the seconds of a start that the user gave, and the zone to show it in.

    Parameters
    ----------
    text
        ISO 8601 instant.
    tz
        Zone of an instant without an offset.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ReadError(
            _("{text} is no time such as 2024-01-01T00:00+01:00.", text=text)
        ) from error
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone(tz or "UTC"))
    return int((instant - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)), tz or "UTC"
