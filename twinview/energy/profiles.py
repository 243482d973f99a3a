"""Standard load profiles: how a year's energy is spread over its quarter hours.

The profiles are those of the German association of the electricity industry (VDEW/BDEW 1999): three
seasons, three kinds of day, quarter hours, for eleven kinds of customer. They describe the sum of
many customers in Germany; anywhere else, and for one building, they are an assumption and should be
shown as one. Air conditioning is not in them.
"""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.model.time import TimeAxis

TABLE = Path(__file__).with_name("data") / "standard_profiles.csv"
SOURCE = "VDEW/BDEW standard load profiles (1999)"
SEASONS, DAYS = ("winter", "transition", "summer"), ("workday", "saturday", "sunday")
QUARTER = 900
FLAT = "flat"
DYNAMIC = "h0_dyn"

# First day of each season (month, day), in the order of the year.
SEASON_STARTS = (((1, 1), 0), ((3, 21), 1), ((5, 15), 2), ((9, 15), 1), ((11, 1), 0))
SATURDAYS = {(12, 24), (12, 31)}  # when they fall on a working day

# Daily factor of the household profile: polynomial in the day of the year (VDEW 1999, H0).
SMOOTHING = (-3.92e-10, 3.2e-7, -7.02e-5, 2.1e-3, 1.24)

BY_USE = {
    "residential": DYNAMIC, "apartments": DYNAMIC, "house": DYNAMIC, "terrace": DYNAMIC,
    "office": "g1", "office_commercial": "g1", "school": "g1", "kindergarten": "g1",
    "university": "g1", "public": "g1", "workshop": "g1",
    "restaurant": "g2", "culture": "g2", "sports": "g2", "swimming_pool": "g2",
    "hospital": "g3", "hotel": "g3", "industrial": "g3", "supermarket": "g3",
    "retail": "g4", "shop": "g4", "commercial": "g0", "warehouse": "g0",
    "church": "g6", "farm": "l0", "agricultural": "l0", "data centre": FLAT,
}  # fmt: skip
"""Profile for each use: g1 working days 8 to 18 h, g2 evenings, g3 all day, g4 shops, g6 weekends,
l0 farms, g0 any business, h0_dyn households with the smoothing over the year."""

OTHERWISE = "g0"


@dataclass(frozen=True, eq=False)
class Assignment:
    """Which profile each element follows.

    Parameters
    ----------
    names
        Profiles in use.
    index
        Place of each element's profile in `names`. Shape [n].
    assumed
        Where the use was not known and the profile of any business was taken. Shape [n].
    """

    names: tuple[str, ...]
    index: Ints
    assumed: Bools


def assign(uses: Sequence[str]) -> Assignment:
    """Choose a profile for each use.

    Parameters
    ----------
    uses
        Use of each building.
    """
    wanted = [BY_USE.get(use, OTHERWISE) for use in uses]
    names = tuple(dict.fromkeys(wanted))
    index = np.array([names.index(name) for name in wanted], dtype=np.int64)
    return Assignment(names, index, np.array([use not in BY_USE for use in uses], dtype=np.bool_))


def profiles(axis: TimeAxis, names: Sequence[str], holidays: Collection[date] = ()) -> Floats:
    """Return the power of customers that use 1 kWh in the calendar year.

    Each local calendar year sums to 1 kWh; the hours that clocks are put forward or back are left
    aside in that sum (0.01 %).

    Parameters
    ----------
    axis
        Steps; steps longer than a quarter hour are means of its quarters.
    names
        Columns of the table, `h0_dyn` for households smoothed over the year, or `flat`.
    holidays
        Days that count as Sundays.

    Returns
    -------
    Floats
        In kW. Shape [T, K].

    Raises
    ------
    ValueError
        A name is not known, or steps are no multiple or fraction of a quarter hour.
    """
    known = (*_table()[0], DYNAMIC, FLAT)
    for name in names:
        if name not in known:
            raise ValueError(f"there is no profile {name!r}; known are {', '.join(known)}")
    pieces = max(1, axis.step // QUARTER)
    if axis.step > QUARTER and axis.step % QUARTER:
        raise ValueError("steps must be whole quarter hours, or shorter than one")
    quarters = axis.instants[:, None] + np.arange(pieces) * np.timedelta64(QUARTER, "s")
    import pandas as pd

    local = pd.DatetimeIndex(quarters.ravel()).tz_localize(UTC).tz_convert(axis.tz)
    values = np.empty((local.size, len(names)))
    for year in np.unique(local.year):
        rows = np.flatnonzero(local.year == year)
        day = local[rows].day_of_year.to_numpy() - 1
        quarter = (local[rows].hour * 4 + local[rows].minute // 15).to_numpy()
        values[rows] = _of_year(int(year), names, frozenset(holidays), day, quarter)
    return np.asarray(values.reshape(axis.count, pieces, len(names)).mean(axis=1))


def _of_year(
    year: int, names: Sequence[str], holidays: frozenset[date], day: Ints, quarter: Ints
) -> Floats:
    """Return kW for 1 kWh a year at some quarter hours of some days of a year."""
    columns, table = _table()
    season, kind = _calendar(year, holidays)
    result = np.empty((day.size, len(names)))
    for k, name in enumerate(names):
        if name == FLAT:
            result[:, k] = 1.0 / (24.0 * season.size)
            continue
        shape = table[..., columns.index("h0" if name == DYNAMIC else name)]
        weight = _smoothing(season.size) if name == DYNAMIC else np.ones(season.size)
        total = (shape.sum(axis=2)[season, kind] * weight).sum() / 4.0
        result[:, k] = shape[season[day], kind[day], quarter] * weight[day] / total
    return result


def _calendar(year: int, holidays: frozenset[date]) -> tuple[Ints, Ints]:
    """Return season and kind of each day of a year."""
    first = date(year, 1, 1)
    days = [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]
    season = [
        next(s for start, s in reversed(SEASON_STARTS) if start <= (day.month, day.day))
        for day in days
    ]
    kind = [_kind(day, holidays) for day in days]
    return np.array(season, dtype=np.int64), np.array(kind, dtype=np.int64)


def _kind(day: date, holidays: frozenset[date]) -> int:
    if day in holidays or day.isoweekday() == 7:
        return 2
    if day.isoweekday() == 6 or (day.month, day.day) in SATURDAYS:
        return 1
    return 0


def _smoothing(days: int) -> Floats:
    return np.asarray(np.polyval(SMOOTHING, np.arange(1, days + 1)), dtype=np.float64)


@cache
def _table() -> tuple[tuple[str, ...], Floats]:
    """Return names, and kW for 1,000 kWh by season, day, quarter hour and name. [3, 3, 96, K]."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        names = tuple(next(rows)[3:])
        table = np.full((3, 3, 96, len(names)), np.nan)
        for season, day, minute, *values in rows:
            table[SEASONS.index(season), DAYS.index(day), int(minute) // 15] = np.array(
                values, dtype=np.float64
            )
    return names, table


def year_axis(year: int, tz: str, step: int = QUARTER) -> TimeAxis:
    """Return the steps of a local calendar year.

    Parameters
    ----------
    year, tz
        Which year where.
    step
        In seconds.
    """
    zone = ZoneInfo(tz)
    begin, end = (datetime(y, 1, 1, tzinfo=zone).timestamp() for y in (year, year + 1))
    return TimeAxis(int(begin), step, int(end - begin) // step, tz)
