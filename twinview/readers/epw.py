"""EnergyPlus weather files: a station's year as series of the whole district."""

from calendar import isleap
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import N_, _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer
from twinview.progress import Job, Progress
from twinview.readers.common import times
from twinview.readers.common.epwtext import Weather, read_epw
from twinview.readers.registry import Options, ReadError, reader

QUANTITIES = {
    "temperature": ("temperature", "°C"),
    "humidity": ("humidity", "%"),
    "ghi": ("global_irradiance", "W/m²"),
    "dni": ("beam_irradiance", "W/m²"),
    "dhi": ("diffuse_irradiance", "W/m²"),
    "wind_speed": ("wind_speed", "m/s"),
    "wind_direction": ("wind_direction", "°"),
}
"""Quantity and unit of each column that is taken over."""

_FRACTIONS = {
    3.5: "Asia/Tehran", 4.5: "Asia/Kabul", 5.5: "Asia/Kolkata", 5.75: "Asia/Kathmandu",
    6.5: "Asia/Yangon", 9.5: "Australia/Darwin",
}  # fmt: skip
"""Zones without summer time whose offset is no whole hour; `Etc` has none."""


def sniff(_path: Path, head: bytes) -> int:
    """Score a file: its first line begins with LOCATION."""
    return 70 if head[:8].upper() == b"LOCATION" else 0


@reader("EnergyPlus weather", patterns=["*.epw"], score=70, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read the weather of a station."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    text = path.read_text(encoding=options.encoding or "latin-1")
    try:
        weather = read_epw(text)
        year = _year(weather, options)
        instants = weather.instants(year)
    except ValueError as error:
        raise ReadError(
            _("{file} cannot be read as a weather file: {why}.", file=path.name, why=error)
        ) from error
    yield Progress(0.7, _("Finding times and values"))
    axis, row = _axis(weather, instants, options, path)
    values = np.full((axis.count, len(QUANTITIES)), np.nan, dtype=np.float32)
    for k, name in enumerate(QUANTITIES):
        values[row, k] = weather.values[name]
    columns, units = zip(*QUANTITIES.values(), strict=True)
    # The typical year is made of measurements, but of none that was taken in the year it stands in.
    origin = "generated" if weather.typical else "given"
    table = Table("weather", _title(weather), axis, columns, values, units, "", origin, DISTRICT)
    return Part(
        layers=(_station(weather, year),),
        tables=(table,),
        problems=(_understood(weather, year, axis, path), *_holes(table, path)),
        rows={"weather": (len(row), len(row))},
    )


def _year(weather: Weather, options: Options) -> int:
    """Return the year that the rows stand for: the one asked for, else that of the first row."""
    if options.start:
        times.start_of(options.start, options.tz)
        return datetime.fromisoformat(options.start).year
    first = int(weather.year[0])
    return first - first % 4 if weather.leap_day and not isleap(first) else first


def _axis(
    weather: Weather, instants: npt.NDArray[np.datetime64], options: Options, path: Path
) -> tuple[TimeAxis, times.Seconds]:
    """Return the steps from the first to the last row, and the step of each row."""
    seconds = instants.astype(np.int64)
    step = round(weather.step_hours * 3600)
    if (np.diff(seconds) <= 0).any():
        raise ReadError(
            _(
                "The rows of {file} are not in order of time; sort them from January to December.",
                file=path.name,
            )
        )
    row = (seconds - seconds[0]) // step
    tz = options.tz or fixed_zone(weather.utc_offset)
    return TimeAxis(int(seconds[0]), step, int(row[-1]) + 1, tz), row


def fixed_zone(offset: float) -> str:
    """Return the name of a zone that keeps an offset in hours all year; UTC where there is none."""
    if offset != round(offset):
        return _FRACTIONS.get(offset, "UTC")
    return f"Etc/GMT{-round(offset):+d}" if offset else "UTC"  # the sign is the other way round


def _title(weather: Weather) -> str:
    parts = (weather.place, weather.country, weather.source)
    return ", ".join(part for part in parts if part and part != "-")


def _station(weather: Weather, year: int) -> Layer:
    """Return the station as a layer without a place: it may be far from the district."""
    fields = {
        "latitude": (weather.latitude, "°"),
        "longitude": (weather.longitude, "°"),
        "elevation_m": (weather.elevation, "m"),
        "utc_offset_h": (weather.utc_offset, "h"),
    }
    schema = [pa.field("id", pa.string()), pa.field("name", pa.string())]
    schema += [pa.field(n, pa.float64(), metadata={"unit": u}) for n, (_v, u) in fields.items()]
    schema += [pa.field("year", pa.int64()), pa.field("typical", pa.bool_())]
    name = _title(weather) or "weather"
    row = {"id": weather.place or "weather", "name": name, "year": year, "typical": weather.typical}
    row |= {n: value for n, (value, _u) in fields.items()}
    return Layer(
        "weather", N_("Weather"), "weather", pa.Table.from_pylist([row], pa.schema(schema))
    )


def _understood(weather: Weather, year: int, axis: TimeAxis, path: Path) -> Problem:
    """Say what was understood of the times."""
    years = (
        _("a typical year of months from {first} to {last}, shown as {year}",
          first=int(weather.year.min()), last=int(weather.year.max()), year=year)
        if weather.typical
        else _("the year {year}", year=year)
    )  # fmt: skip
    message = _(
        "{file}: weather of {place} ({latitude:.3f}, {longitude:.3f}, {elevation:.0f} m), {years}; "
        "the hour that a row names ends its interval, times are UTC{offset:+g} all year ({zone}).",
        file=path.name,
        place=_title(weather) or "?",
        latitude=weather.latitude,
        longitude=weather.longitude,
        elevation=weather.elevation,
        years=years,
        offset=weather.utc_offset,
        zone=axis.tz,
    )
    fix = _("Name another year with --start, such as --start=2023-01-01.")
    return Problem("info", "weather.read", message, fix, path.name)


def _holes(table: Table, path: Path) -> list[Problem]:
    missing = np.isnan(table.values)
    if not missing.any():
        return []
    named = ", ".join(
        f"{name} {int(n)}" for name, n in zip(table.columns, missing.sum(axis=0), strict=True) if n
    )
    message = _(
        "{file} has steps without values, which stay empty: {named}.", file=path.name, named=named
    )
    fix = _("Fill them in the file: nothing is computed from missing weather.")
    return [Problem("warning", "weather.missing", message, fix, path.name)]
