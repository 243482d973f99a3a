"""A town of which only footprints are known, and a year of weather without clouds or seasons."""

import numpy as np
import pyarrow as pa

from tests.scene.support import squares
from twinview.model.series import Dense, Meaning, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.readers.epw import QUANTITIES

AREA = 100.0
"""m2 of each footprint."""
YEAR = TimeAxis(1_672_527_600, 3600, 8760, "Etc/GMT-1")
"""2023 in standard time of central Europe."""


def buildings(**columns: list) -> Layer:
    """Return squares of 10 m with columns."""
    n = len(next(iter(columns.values())))
    table = pa.table({"id": [f"b{k}" for k in range(n)], **columns})
    return Layer("houses", "Houses", "building", table, squares(n))


def town(*series: Series, **columns: list) -> Twin:
    """Return a twin of buildings without a crs, with series if any."""
    layer = buildings(**columns)
    time = series[0].time if series else TimeAxis(0, 0, 1)
    return Twin("Town", "", (0.0, 0.0, 0.0), {layer.id: layer}, time=time).with_series(*series)


def with_weather(twin: Twin, axis: TimeAxis = YEAR, **values: float) -> Twin:
    """Return a twin with a station at 47 N, 8 E that always reports the same; night does not come.

    Parameters
    ----------
    twin
        The town.
    axis
        Steps of the weather.
    values
        By quantity; 0 where not given.
    """
    table = pa.table({"id": ["s"], "name": ["Station"], "latitude": [47.0], "longitude": [8.0],
                      "elevation_m": [400.0], "utc_offset_h": [1.0]})  # fmt: skip
    station = Layer("weather", "Weather", "weather", table)
    made = [
        Dense(
            Meaning(DISTRICT, name, unit), axis,
            np.full((axis.count, 1), values.get(name, 0.0), dtype=np.float32),
        )
        for name, unit in QUANTITIES.values()
    ]  # fmt: skip
    layers = {**twin.layers, "weather": station}
    grown = Twin(twin.name, twin.crs, twin.origin, layers, {}, twin.series, axis)
    return grown.with_series(*made)


def codes(problems) -> list[str]:
    """Return the codes of findings."""
    return [one.code for one in problems]
