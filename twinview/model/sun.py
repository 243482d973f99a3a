"""Where the sun stands: for solar power, for nights on the time bar, and for shadows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SOLAR_CONSTANT = 1367.0
"""W/m2; Duffie & Beckman, Solar Engineering of Thermal Processes, sec. 1.2."""


@dataclass(frozen=True, eq=False)
class Sun:
    """Where the sun stands, without refraction.

    Parameters
    ----------
    elevation, azimuth
        Shape [T].
    extraterrestrial
        Normal irradiance outside the atmosphere. Shape [T].
    """

    elevation: Floats
    azimuth: Floats
    extraterrestrial: Floats


def sun_position(instants: NDArray[np.datetime64], latitude: float, longitude: float) -> Sun:
    """Return where the sun stands, to 0.01 degrees between 1950 and 2050.

    Michalsky 1988, "The Astronomical Almanac's algorithm for approximate solar position
    (1950-2050)", Solar Energy 40 (3), 227-235; extraterrestrial irradiance by Duffie & Beckman,
    eq. 1.4.1a.

    Parameters
    ----------
    instants
        UTC; the middles of the steps. Shape [T].
    latitude, longitude
        North and east positive.
    """
    seconds = np.asarray(instants, dtype="datetime64[s]").astype(np.int64).astype(np.float64)
    days = seconds / 86400.0 + 2440587.5 - 2451545.0
    hour = (seconds % 86400.0) / 3600.0
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = np.radians(mean_longitude + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 0.0000004 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal = 6.697375 + 0.0657098242 * days + hour
    angle = np.radians(sidereal * 15.0 + longitude) - ascension
    place = np.radians(latitude)
    sine = np.sin(declination) * np.sin(place) + np.cos(declination) * np.cos(place) * np.cos(angle)
    azimuth = np.arctan2(
        -np.sin(angle),
        np.tan(declination) * np.cos(place) - np.sin(place) * np.cos(angle),
    )
    day = instants.astype("datetime64[D]")
    of_year = (day - instants.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) + 1
    outside = SOLAR_CONSTANT * (1.0 + 0.033 * np.cos(2 * np.pi * of_year / 365.0))
    elevation = np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
    return Sun(elevation, np.degrees(azimuth) % 360.0, outside)
