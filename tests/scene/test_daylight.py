"""The sun over a district against what an almanac's rule gives."""

from dataclasses import replace

import pytest

from tests.scene.support import hamlet
from twinview.model.time import TimeAxis
from twinview.scene.daylight import place_of, sun_at
from twinview.scene.resolve import resolve
from twinview.scene.view import View

NOON = 1_718_969_400
"""2024-06-21T11:30Z: solar noon at 7.9 degrees east, with the two minutes of that day."""


def test_the_sun_at_noon_of_midsummer_stands_in_the_south_as_high_as_it_can():
    twin = replace(
        hamlet(),
        crs="EPSG:25832",
        origin=(418_000.0, 5_370_000.0, 0.0),
        time=TimeAxis(NOON, 3600, 24, "Europe/Berlin"),
    )
    longitude, latitude = place_of(twin)
    assert (longitude, latitude) == pytest.approx((7.89, 48.48), abs=0.02)
    elevation, azimuth = sun_at(twin, 0)
    # 90 degrees less the latitude, and the tilt of the axis.
    assert elevation == pytest.approx(90 - latitude + 23.44, abs=0.05)
    assert azimuth == pytest.approx(180, abs=1)
    # Half a day later it is as far below the horizon in the north.
    elevation, azimuth = sun_at(twin, 12)
    assert elevation == pytest.approx(latitude + 23.44 - 90, abs=0.05)
    assert min(azimuth, 360 - azimuth) < 1
    assert resolve(twin, View(sun=True)).sun == sun_at(twin, 0)
    assert resolve(twin, View()).sun is None


def test_without_a_place_there_is_no_sun():
    assert sun_at(replace(hamlet(), crs=""), 0) is None
