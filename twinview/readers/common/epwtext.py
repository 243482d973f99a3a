"""EnergyPlus weather files (EPW): text in, arrays out.

Format: EnergyPlus Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary". Eight header
lines, then one line for each step. Times are local standard time all year; hour 1 is the hour that
*ends* at 1:00. Months of a typical year come from different years, so the year in the rows means
nothing and the reader of the result says which year it shall stand for.
"""

import csv
from calendar import isleap
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HEADER_LINES = 8
ALL_DAY = 24

# Name: (column, value from which on it is missing, limits of sense), after the data dictionary.
FIELDS: dict[str, tuple[int, float, tuple[float, float]]] = {
    "temperature": (6, 99.9, (-90.0, 70.0)),
    "dew_point": (7, 99.9, (-90.0, 70.0)),
    "humidity": (8, 999.0, (0.0, 110.0)),
    "pressure": (9, 999999.0, (31000.0, 120000.0)),
    "infrared": (12, 9999.0, (0.0, 9998.0)),
    "ghi": (13, 9999.0, (0.0, 9998.0)),
    "dni": (14, 9999.0, (0.0, 9998.0)),
    "dhi": (15, 9999.0, (0.0, 9998.0)),
    "wind_direction": (20, 999.0, (0.0, 360.0)),
    "wind_speed": (21, 999.0, (0.0, 60.0)),
    "sky_cover": (22, 99.0, (0.0, 10.0)),
    "snow_depth": (30, 999.0, (0.0, 998.0)),
}
"""Temperatures in °C, humidity in %, pressure in Pa, radiation in W/m2 (means over the step), wind
in degrees and m/s, sky cover in tenths, snow depth in cm."""


@dataclass(frozen=True, eq=False)
class Weather:
    """The content of a weather file.

    Parameters
    ----------
    place, country, source
        As the file says.
    latitude, longitude, elevation
        In degrees, north and east positive, and m.
    utc_offset
        Of its local standard time, in hours.
    step_hours
        Length of a step.
    year
        Of each row, as written. Shape [T].
    month, day
        Of each step, 1-based. Shape [T].
    minute
        Start of each step in minutes after midnight, local standard time. Shape [T].
    values
        By the names of `FIELDS`; NaN where missing or out of sense. Shape [T] each.
    """

    place: str
    country: str
    source: str
    latitude: float
    longitude: float
    elevation: float
    utc_offset: float
    step_hours: float
    year: Ints
    month: Ints
    day: Ints
    minute: Ints
    values: Mapping[str, Floats]

    @property
    def leap_day(self) -> bool:
        """Whether there is a 29 February."""
        return bool(((self.month == 2) & (self.day == 29)).any())

    @property
    def typical(self) -> bool:
        """Whether the rows come from several years: a typical year, put together of months."""
        return bool(np.ptp(self.year) > 0)

    def instants(self, year: int) -> NDArray[np.datetime64]:
        """Return the starts of the steps in UTC, as if all were of one year.

        Parameters
        ----------
        year
            Calendar year. A leap year simply has no 29 February if the file has none.

        Raises
        ------
        ValueError
            The file has a 29 February, and the year has none.
        """
        if self.leap_day and not isleap(year):
            raise ValueError(f"the weather file has a 29 February, but {year} has none")
        months = np.datetime64(f"{year}-01", "M") + (self.month - 1)
        days = months.astype("datetime64[D]") + (self.day - 1)
        offset = np.timedelta64(round(self.utc_offset * 3600), "s")
        begin = days.astype("datetime64[s]") + self.minute * np.timedelta64(60, "s")
        return np.asarray(begin - offset, dtype="datetime64[s]")


def read_epw(text: str) -> Weather:
    """Read the text of a weather file.

    Parameters
    ----------
    text
        Its content; files are usually Latin-1.

    Raises
    ------
    ValueError
        It is no weather file; the message names the line.
    """
    lines = text.splitlines()
    if not lines or not lines[0].upper().startswith("LOCATION"):
        raise ValueError("line 1: a weather file begins with LOCATION")
    if len(lines) <= HEADER_LINES:
        raise ValueError("the weather file has no data")
    place = _split(lines[0])
    each = _records_per_hour(lines)
    rows = [_row(line, number) for number, line in enumerate(lines, 1)
            if number > HEADER_LINES and line.strip()]  # fmt: skip
    table = np.array(rows, dtype=np.float64)
    clock = table[:, 1:5].astype(np.int64)
    years = table[:, 0].astype(np.int64)
    _check_clock(clock, each)
    values = {}
    for name, (column, missing, (low, high)) in FIELDS.items():
        series = table[:, column]
        bad = (series >= missing) | (series < low) | (series > high)
        values[name] = np.where(bad, np.nan, series)
    numbers = _numbers(place)
    return Weather(
        place[1], place[3], place[4], numbers[0], numbers[1], numbers[3], numbers[2], 1.0 / each,
        years, clock[:, 0], clock[:, 1], _starts(clock, each), values,
    )  # fmt: skip


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line]))]


def _numbers(place: list[str]) -> list[float]:
    try:
        latitude, longitude, offset, elevation = (float(cell) for cell in place[6:10])
    except ValueError as error:
        raise ValueError(f"line 1: {error}") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and -12 <= offset <= 14):
        raise ValueError("line 1: latitude, longitude or time zone is out of range")
    return [latitude, longitude, offset, elevation]


def _records_per_hour(lines: list[str]) -> int:
    cells = _split(lines[HEADER_LINES - 1])
    try:
        each = int(cells[2]) if cells[0].upper() == "DATA PERIODS" else 0
    except (IndexError, ValueError):
        each = 0
    if each < 1 or 60 % each:
        raise ValueError("line 8: DATA PERIODS must say how many records an hour has")
    return each


def _row(line: str, number: int) -> list[float]:
    cells = _split(line)
    if len(cells) <= max(column for column, *_ in FIELDS.values()):
        raise ValueError(f"line {number}: {len(cells)} values are too few")
    cells[5] = "0"  # flags of how each value came about
    try:
        return [float(cell) if cell else np.inf for cell in cells[:31]]
    except ValueError as error:
        raise ValueError(f"line {number}: {error}") from error


def _check_clock(clock: Ints, each: int) -> None:
    month, day, hour = clock[:, 0], clock[:, 1], clock[:, 2]
    wrong = (month < 1) | (month > 12) | (day < 1) | (day > 31) | (hour < 1) | (hour > ALL_DAY)
    if wrong.any():
        line = int(np.flatnonzero(wrong)[0]) + HEADER_LINES + 1
        raise ValueError(f"line {line}: no such month, day or hour (hours go from 1 to 24)")
    if clock.shape[0] % (ALL_DAY * each):
        raise ValueError(f"{clock.shape[0]} rows are no whole number of days")


def _starts(clock: Ints, each: int) -> Ints:
    """Minutes after midnight at which each step begins, by its place in the hour."""
    within = np.arange(clock.shape[0]) % each
    return np.asarray((clock[:, 2] - 1) * 60 + within * (60 // each), dtype=np.int64)
