"""Solar power of whole roofs: a gable house by hand, and a year against pvlib."""

import importlib
import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.energy.test_roofs import FLOOR, FRONT, GROUND, NORTH, ROOF, SOUTH, WALL, body
from twinview.energy.roofs import roof_faces
from twinview.energy.rooftop import Sunlight, as_said, per_kilowatt, rooftops
from twinview.energy.solar import Module
from twinview.model.time import TimeAxis
from twinview.readers.common.epwtext import read_epw

NOON = TimeAxis(1_687_345_200, 3600, 1)
HOUSE = body([SOUTH, NORTH, FRONT, FLOOR], [ROOF, ROOF, WALL, GROUND])
HAS_PVLIB = importlib.util.find_spec("pvlib") is not None
ZUG = "data/cea-zug-2020/baseline/inputs/weather/weather.epw"


def overcast(light: float, air: float) -> Sunlight:
    """Return an hour with light from the sky alone."""
    one = np.full(1, light)
    return Sunlight(NOON, 47.0, 8.0, one, np.zeros(1), one, np.full(1, air))


def test_a_gable_house_by_hand():
    found = rooftops(roof_faces(HOUSE), 1, overcast(500.0, 12.0))
    # South: 50 m2 x 70 % x 0.2 kW/m2; the other side looks north and gets none.
    assert found.peak.tolist() == pytest.approx([7.0])
    assert (found.index.tolist(), found.element.tolist()) == ([0], [0])
    # The tilt of 36.87 degrees counts as 35: half the sky's view and a fifth of the ground's light.
    falling = 500.0 * (1 + np.cos(np.radians(35))) / 2
    falling += 500.0 * 0.2 * (1 - np.cos(np.radians(35))) / 2
    cell = 12.0 + 26.0 / 800.0 * falling
    power = falling / 1000 * (1 - 0.0037 * (cell - 25)) * 0.86 * 0.96
    assert found.profiles[0] == pytest.approx([power])


def test_faces_of_one_plane_share_a_profile():
    two = rooftops(roof_faces(body([SOUTH, SOUTH], [ROOF, ROOF])), 1, overcast(500.0, 12.0))
    assert two.profiles.shape == (1, 1)
    assert two.scale.tolist() == pytest.approx([14.0])


def test_known_plants_are_spread_over_their_roof():
    found = rooftops(roof_faces(HOUSE), 1, overcast(500.0, 12.0))
    assert as_said(found, np.array([3.5])).scale.tolist() == pytest.approx([3.5])
    assert as_said(found, np.array([3.5])).peak.tolist() == pytest.approx([3.5])
    assert as_said(found, np.array([np.nan])).scale.size == 0


def test_beam_and_diffuse_are_made_of_the_global_light_where_they_are_missing():
    light = overcast(300.0, 12.0)
    empty = np.full(1, np.nan)
    bare = replace(light, dni=empty, dhi=empty)
    made = per_kilowatt(bare, np.array([0.0]), np.array([180.0]), None, "isotropic")
    flat = per_kilowatt(light, np.array([0.0]), np.array([180.0]), None, "isotropic")
    assert made == pytest.approx(flat, rel=1e-6)  # a flat plane gets what the ground gets


@pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofyear")  # pvlib's own
@pytest.mark.skipif(not HAS_PVLIB, reason="pvlib is not installed")
def test_a_year_on_roofs_agrees_with_pvlib(shared: Path):
    weather = read_epw((shared / ZUG).read_text(encoding="latin-1"))
    starts = weather.instants(2023)
    axis = TimeAxis(int(starts[0].astype(np.int64)), 3600, starts.size)
    values = (weather.values[name] for name in ("ghi", "dni", "dhi", "temperature"))
    light = Sunlight(axis, weather.latitude, weather.longitude, *values)
    planes = [(10.0, 180.0), (35.0, 180.0), (35.0, 90.0), (35.0, 270.0)]
    tilt, azimuth = (np.array(column) for column in zip(*planes, strict=True))
    own = per_kilowatt(light, tilt, azimuth, Module(), "perez").sum(axis=0)
    theirs = [_by_pvlib(light, *plane) for plane in planes]
    # They take the sun with refraction and its own distance; the rest is the same formula.
    assert own == pytest.approx(theirs, rel=0.01)
    # Roof plants in Switzerland yield some 950 to 1,100 kWh/kWp towards the south.
    assert 900 < own[1] < 1150


def _by_pvlib(light: Sunlight, tilt: float, azimuth: float) -> float:
    """Return kWh a year for 1 kW by pvlib's own sun, sky and modules."""
    pd = importlib.import_module("pandas")
    solarposition, irradiance, pvsystem, temperature = (
        importlib.import_module(f"pvlib.{name}")
        for name in ("solarposition", "irradiance", "pvsystem", "temperature")
    )
    times = pd.DatetimeIndex(light.axis.instants, tz="UTC") + pd.Timedelta(minutes=30)
    sun = solarposition.get_solarposition(times, light.latitude, light.longitude)
    falling = irradiance.get_total_irradiance(
        tilt, azimuth, sun["apparent_zenith"], sun["azimuth"], light.dni, light.ghi, light.dhi,
        dni_extra=irradiance.get_extra_radiation(times), albedo=0.2, model="perez",
    )["poa_global"].fillna(0)  # fmt: skip
    cell = temperature.ross(falling, light.temperature, noct=46.0)
    return float((pvsystem.pvwatts_dc(falling, cell, 1.0, -0.0037) * 0.86 * 0.96).sum())
