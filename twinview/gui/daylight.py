"""When it is night in the district: for shading, good to a few minutes."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import Transformer
from pyproj.exceptions import ProjError

from twinview.model.twin import Twin

SUNSET = -0.83
"""Elevation of the sun's middle in degrees at sunset, with the air's refraction."""


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


def elevation(
    seconds: npt.NDArray[np.float64], longitude: float, latitude: float
) -> npt.NDArray[np.float64]:
    """Return the sun's elevation in degrees.

    Parameters
    ----------
    seconds
        Instants, seconds since 1970 in UTC.
    longitude, latitude
        Degrees.
    """
    day = seconds / 86400 - 10957.5  # days since noon of 2000-01-01
    anomaly = np.radians(357.529 + 0.98560028 * day)
    mean = 280.459 + 0.98564736 * day
    ecliptic = np.radians(mean + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439)
    right = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal = np.radians(280.46061837 + 360.98564736629 * day + longitude)
    north = np.radians(latitude)
    height = np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(
        sidereal - right
    )
    return np.asarray(np.degrees(np.arcsin(np.clip(height, -1, 1))))


def nights(twin: Twin, shown: range, samples: int = 288) -> list[tuple[float, float]]:
    """Return the nights within a stretch as pairs of shares of its length (0 to 1)."""
    place = place_of(twin)
    if place is None or twin.time.static or not shown:
        return []
    begin = twin.time.seconds(shown.start)
    share = np.linspace(0, 1, samples + 1)
    dark = elevation(begin + share * len(shown) * twin.time.step, *place) < SUNSET
    edges = np.flatnonzero(np.diff(np.concatenate([[False], dark, [False]]).astype(int)))
    return [(float(share[a]), float(share[min(b, samples)])) for a, b in edges.reshape(-1, 2)]
