"""When it is night in the district: for shading, good to a few minutes."""

import numpy as np
import numpy.typing as npt

from twinview.model.sun import sun_position
from twinview.model.twin import Twin
from twinview.scene.daylight import place_of

SUNSET = -0.83
"""Elevation of the sun's middle in degrees at sunset, with the air's refraction."""


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
    instants = np.rint(seconds).astype(np.int64).astype("datetime64[s]")
    return sun_position(instants, latitude=latitude, longitude=longitude).elevation


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
