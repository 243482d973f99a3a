"""The sun over a district at a step of its clock."""

from functools import lru_cache

import numpy as np
from pyproj import Transformer
from pyproj.exceptions import ProjError

from twinview.model.sun import sun_position
from twinview.model.twin import Twin


@lru_cache(maxsize=8)
def _place(crs: str, x: float, y: float) -> tuple[float, float] | None:
    try:
        to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        longitude, latitude = to_degrees.transform(x, y)
    except ProjError:
        return None
    return (longitude, latitude) if np.isfinite([longitude, latitude]).all() else None


def place_of(twin: Twin) -> tuple[float, float] | None:
    """Return longitude and latitude of a district in degrees; None where they are not known."""
    return _place(twin.crs, twin.origin[0], twin.origin[1]) if twin.crs else None


def sun_at(twin: Twin, step: int) -> tuple[float, float] | None:
    """Return the sun's elevation and azimuth (clockwise from north) in degrees at a step.

    None where the district has no clock or its place on Earth is not known.
    """
    place = place_of(twin)
    if place is None or twin.time.static:
        return None
    seconds = twin.time.seconds(min(max(step, 0), twin.time.count - 1))
    instant = np.array([round(seconds)]).astype("datetime64[s]")
    sun = sun_position(instant, latitude=place[1], longitude=place[0])
    return float(sun.elevation[0]), float(sun.azimuth[0])
