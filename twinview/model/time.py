"""Time: UTC inside, a named zone outside, every interval named by its start."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt

from twinview.i18n import _


@dataclass(frozen=True)
class TimeAxis:
    """Equal steps of time.

    Parameters
    ----------
    start
        Start of the first interval, seconds since 1970 in UTC.
    step
        Length of each interval in seconds; 0 with `count` 1 is a static axis (one instant that
        stands for all time).
    count
        Number of intervals.
    tz
        IANA name of the zone in which the times are shown.
    """

    start: int
    step: int
    count: int
    tz: str = "UTC"

    def __post_init__(self) -> None:
        """Refuse axes that cannot be."""
        if self.count < 1 or self.step < 0 or (self.step == 0 and self.count > 1):
            raise ValueError(
                _("no time axis has {count} steps of {step} s", count=self.count, step=self.step)
            )
        zone(self.tz)

    @property
    def static(self) -> bool:
        """True where one instant stands for all time."""
        return self.step == 0

    @property
    def stop(self) -> int:
        """End of the last interval, seconds since 1970 in UTC."""
        return self.start + self.step * self.count

    @cached_property
    def instants(self) -> npt.NDArray[np.datetime64]:
        """Starts of all intervals, UTC, datetime64[s], shape (count,)."""
        seconds = self.start + self.step * np.arange(self.count, dtype=np.int64)
        return seconds.astype("datetime64[s]")

    def seconds(self, i: int) -> int:
        """Return the start of interval `i` in seconds since 1970, UTC."""
        if not 0 <= i < self.count:
            raise IndexError(f"step {i} is not within 0 and {self.count - 1}")
        return self.start + self.step * i

    def at(self, i: int) -> datetime:
        """Return the start of interval `i` in the named zone."""
        return datetime.fromtimestamp(self.seconds(i), tz=zone(self.tz))

    def index_of(self, instant: datetime | int) -> int:
        """Return the interval that holds an instant.

        Parameters
        ----------
        instant
            A time with an offset, or seconds since 1970 in UTC.

        Raises
        ------
        ValueError
            When the instant lies outside the axis.
        """
        seconds = instant if isinstance(instant, int) else int(np.floor(instant.timestamp()))
        if self.static:
            return 0
        i = (seconds - self.start) // self.step
        if not 0 <= i < self.count:
            raise ValueError(
                _(
                    "{instant} lies outside the data ({begin} to {end})",
                    instant=format_instant(seconds, self.tz),
                    begin=format_instant(self.start, self.tz),
                    end=format_instant(self.stop, self.tz),
                )
            )
        return int(i)

    def nearest(self, instant: datetime | int) -> int:
        """Return the interval that holds an instant, or the nearest end."""
        seconds = instant if isinstance(instant, int) else int(np.floor(instant.timestamp()))
        if self.static:
            return 0
        return int(np.clip((seconds - self.start) // self.step, 0, self.count - 1))

    def step_at(self, clock: "TimeAxis", i: int) -> int | None:
        """Return this axis's step that holds step `i` of another axis; None outside."""
        if self.static:
            return 0
        if self == clock:
            return i
        step = (clock.seconds(i) - self.start) // self.step
        return int(step) if 0 <= step < self.count else None

    def window(self, begin: datetime | int, end: datetime | int) -> range:
        """Return the intervals from `begin` (included) to `end` (excluded), cut to the axis."""
        if self.static:
            return range(1)
        a, b = (int(x if isinstance(x, int) else x.timestamp()) for x in (begin, end))
        first = -((self.start - a) // self.step)
        last = -((self.start - b) // self.step)
        low, high = max(0, first), min(self.count, last)
        return range(low, max(low, high))

    def parse(self, text: str) -> datetime:
        """Read an ISO 8601 instant; without an offset it is local to the axis's zone."""
        return parse_instant(text, self.tz)

    def same_clock(self, i: int, days: int) -> datetime:
        """Return the local clock time of interval `i` some days later, summer time or not."""
        local = self.at(i)
        return (local.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=local.tzinfo)

    def day_of(self, i: int) -> range:
        """Return the intervals of the local calendar day of interval `i` (23 to 25 hours)."""
        local = self.at(i)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        tomorrow = (midnight.replace(tzinfo=None) + timedelta(days=1)).replace(
            tzinfo=midnight.tzinfo
        )
        return self.window(midnight, tomorrow)


def zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name, or raise ValueError with a plain sentence."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(
            _("'{name}' is not the name of a time zone, such as Europe/Berlin", name=name)
        ) from error


def parse_instant(text: str, tz: str = "UTC") -> datetime:
    """Read an ISO 8601 instant; without an offset it is local to the zone `tz`.

    Raises
    ------
    ValueError
        For text that is no instant, a local time that the clocks skip, and one that comes twice.
    """
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(
            _(
                "'{text}' is not a time such as 2024-07-01T14:00 or 2024-07-01T14:00+02:00",
                text=text,
            )
        ) from error
    if instant.tzinfo is not None:
        return instant
    here = zone(tz)
    first, second = instant.replace(tzinfo=here), instant.replace(tzinfo=here, fold=1)
    if first.astimezone(UTC).astimezone(here).replace(tzinfo=None) != instant:
        raise ValueError(
            _(
                "{text} does not exist in {tz}: the clocks skip it; add an offset, such as +01:00",
                text=text,
                tz=tz,
            )
        )
    if first.utcoffset() != second.utcoffset():
        raise ValueError(
            _(
                "{text} comes twice in {tz}: add an offset, such as {offset}",
                text=text,
                tz=tz,
                offset=first.isoformat()[-6:],
            )
        )
    return first


def format_instant(seconds: int, tz: str) -> str:
    """Return an instant as ISO text with offset, in the zone `tz`."""
    return datetime.fromtimestamp(seconds, tz=zone(tz)).isoformat(timespec="minutes")


STATIC = TimeAxis(0, 0, 1)
