"""Weather on the district's clock: a year of one calendar serves the same hours of another."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.assemble import clock
from twinview.model.problem import Problem
from twinview.model.series import Dense, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Twin

QUANTITIES = (
    "temperature", "humidity", "global_irradiance", "beam_irradiance", "diffuse_irradiance",
    "wind_speed", "wind_direction",
)  # fmt: skip
_DAY = 86400


@dataclass(frozen=True)
class Station:
    """Where weather was observed.

    Parameters
    ----------
    name
        For a reader.
    latitude, longitude
        Degrees, north and east positive.
    utc_offset
        Of its standard time, in hours.
    """

    name: str
    latitude: float
    longitude: float
    utc_offset: float


def station(twin: Twin) -> Station | None:
    """Return the station whose weather the twin holds; None where there is none."""
    layers = twin.of_kind("weather")
    if not layers:
        return None
    layer = layers[-1]  # as for the series: the last file counts
    place = (_first(layer, name) for name in ("latitude", "longitude", "utc_offset_h"))
    return Station(str(layer.column("name")[0]), *place)


def _first(layer: Layer, name: str) -> float:
    return float(layer.numbers(name)[0])


def weather_series(twin: Twin) -> list[Series]:
    """Return the weather series of the district."""
    found = (twin.find(DISTRICT, quantity) for quantity in QUANTITIES)
    return [one for one in found if one is not None]


def on_clock(twin: Twin, axis: TimeAxis | None = None) -> tuple[Twin, list[Problem]]:
    """Return the twin with its weather laid on a clock, hour by hour of the calendar.

    Parameters
    ----------
    twin
        The district.
    axis
        The clock; None for that of the other series, which weather does not change. Where nothing
        else moves, the weather's own years stay.
    """
    here, series = station(twin), weather_series(twin)
    if here is None or not series:
        return twin, []
    own = series[0].time
    if axis is None:
        others = clock([s.time for s in twin.series.values() if s not in series])
        axis = replace(own if others.static else others, tz=twin.time.tz)
    if replace(axis, tz=own.tz) == own:
        shown = (_moved(one, np.arange(own.count), axis) for one in series)
        return replace(twin.with_series(*shown), time=axis), []
    if axis.step > own.step:
        return replace(twin, time=axis), []
    rows = calendar_rows(own, axis, here.utc_offset)
    laid = twin.with_series(*(_moved(one, rows, axis) for one in series))
    return replace(laid, time=axis), _said(own, axis, rows)


def _moved(series: Series, rows: npt.NDArray[np.int64], axis: TimeAxis) -> Series:
    values = series.window(0, series.time.count)[np.maximum(rows, 0)]
    return Dense(series.meaning, axis, np.where(rows[:, None] < 0, np.float32(np.nan), values))


def calendar_rows(own: TimeAxis, axis: TimeAxis, utc_offset: float) -> npt.NDArray[np.int64]:
    """Return the step of a year of weather for each step of another axis, -1 where there is none.

    Steps are matched by month, day and time of day in the station's standard time, so summer time
    changes nothing. A 29 February that the weather lacks takes the values of the 28th.

    Parameters
    ----------
    own
        Steps of the weather, a year at most.
    axis
        Steps wanted, no longer than those of the weather.
    utc_offset
        Of the station's standard time, in hours.
    """
    per_day = _DAY // own.step
    table = np.full((12, 31, per_day), -1, dtype=np.int64)
    table[_place(own, own.step, utc_offset)] = np.arange(own.count)
    if (table[1, 28] < 0).all():
        table[1, 28] = table[1, 27]
    return np.asarray(table[_place(axis, own.step, utc_offset)], dtype=np.int64)


def _place(
    axis: TimeAxis, step: int, utc_offset: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return month and day (from 0) and place within the day of each step."""
    local = axis.instants + np.timedelta64(round(utc_offset * 3600), "s")
    day = local.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    within = (local - day).astype(np.int64) // step
    return month.astype(np.int64) % 12, (day - month).astype(np.int64), within


def _said(own: TimeAxis, axis: TimeAxis, rows: npt.NDArray[np.int64]) -> list[Problem]:
    bare = int((rows < 0).sum())
    message = _(
        "The weather of {own} was laid on {clock}, hour by hour of the calendar.",
        own=_years(own),
        clock=_years(axis),
    )
    if bare:
        message += " " + _("{count} steps lie outside of it and have no weather.", count=bare)
    fix = _("What sun and demand did on single days does not belong together; sums over weeks do.")
    return [Problem("warning" if bare else "info", "weather.laid", message, fix)]


def _years(axis: TimeAxis) -> str:
    first, last = axis.at(0).year, axis.at(axis.count - 1).year
    return str(first) if first == last else f"{first}-{last}"
