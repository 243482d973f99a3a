"""The sun against the NREL and pvlib, planes against pvlib, and a year in Zurich."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.energy.support import case
from twinview.energy.solar import (
    Irradiance,
    Module,
    best_sky,
    check_yield,
    incidence,
    on_planes,
    pv_power,
    split_global,
)
from twinview.model.sun import Sun, sun_position
from twinview.readers.common.epwtext import read_epw

WANTED = case("pvlib_sun")
HAS_PVLIB = importlib.util.find_spec("pvlib") is not None
EPW = "data/weather-epw/Zuerich-ETHZ_1990-2010_TMY.epw"


def sun_of(row) -> Sun:
    return Sun(*(np.array([row[name]]) for name in ("elevation", "azimuth", "extra")))


def test_the_example_of_the_solar_position_algorithm() -> None:
    # Reda & Andreas 2004 (NREL/TP-560-34302), table A5.1: 17 October 2003, 12:30:30 at UTC-7;
    # elevation 39.872046 before refraction, azimuth 194.340241.
    at = np.array(["2003-10-17T19:30:30"], dtype="datetime64[s]")
    sun = sun_position(at, 39.742476, -105.1786)
    assert sun.elevation[0] == pytest.approx(39.872046, abs=0.01)
    assert sun.azimuth[0] == pytest.approx(194.340241, abs=0.01)


@pytest.mark.parametrize("row", WANTED["expected"], ids=lambda row: f"{row['site']} {row['at']}")
def test_sun_and_planes_agree_with_pvlib(row) -> None:
    at = np.array([row["at"]], dtype="datetime64[s]")
    sun = sun_position(at, *WANTED["sites"][row["site"]])
    assert sun.elevation[0] == pytest.approx(row["elevation"], abs=0.01)
    turned = (sun.azimuth[0] - row["azimuth"] + 180) % 360 - 180
    assert turned * np.cos(np.radians(row["elevation"])) == pytest.approx(0, abs=0.01)
    assert sun.extraterrestrial[0] == pytest.approx(row["extra"], rel=1e-9)
    light = Irradiance(*(np.array([value]) for value in row["light"]))
    tilt, azimuth = ([plane[name] for plane in row["planes"]] for name in ("tilt", "azimuth"))
    exact = sun_of(row)
    for sky, theirs in (("isotropic", "isotropic"), ("hay_davies", "haydavies")):
        if row["elevation"] < 0:
            continue  # there is no beam at night; pvlib leaves that to its caller
        found = on_planes(light, exact, tilt, azimuth, sky=sky)
        wanted = [plane[theirs] for plane in row["planes"]]
        np.testing.assert_allclose(found.values[0], wanted, rtol=1e-6)
        assert found.sky == sky


@pytest.mark.parametrize("row", [row for row in WANTED["expected"] if row["elevation"] > 1])
def test_diffuse_share_agrees_with_pvlib(row) -> None:
    beam, diffuse = split_global([row["light"][0]], sun_of(row))
    # pvlib takes 1366.1 W/m2 and another series for what arrives outside the atmosphere.
    assert diffuse[0] == pytest.approx(row["erbs_dhi"], rel=6e-3)
    closed = beam[0] * np.sin(np.radians(row["elevation"])) + diffuse[0]
    assert closed == pytest.approx(row["light"][0])


@pytest.mark.skipif(not HAS_PVLIB, reason="pvlib is not installed")
def test_perez_is_that_of_pvlib() -> None:
    assert best_sky() == "perez"
    for row in WANTED["expected"]:
        if row["elevation"] < 1:
            continue
        light = Irradiance(*(np.array([value]) for value in row["light"]))
        tilt, azimuth = ([plane[name] for plane in row["planes"]] for name in ("tilt", "azimuth"))
        found = on_planes(light, sun_of(row), tilt, azimuth, sky="perez")
        wanted = [plane["perez"] for plane in row["planes"]]
        np.testing.assert_allclose(found.values[0], wanted, rtol=1e-6)


@pytest.mark.skipif(HAS_PVLIB, reason="pvlib is installed")
def test_perez_asks_for_pvlib() -> None:
    light = Irradiance(*(np.ones(1) for _ in range(3)))
    with pytest.raises(ValueError, match=r"install twinview\[solar\]"):
        on_planes(light, sun_of(WANTED["expected"][0]), 30.0, 180.0, sky="perez")
    assert best_sky() == "isotropic"


@given(st.integers(0, 2**31), st.floats(-89, 89), st.sampled_from(["isotropic", "hay_davies"]))
def test_a_flat_plane_gets_what_the_ground_gets(seed, latitude, sky) -> None:
    rng = np.random.default_rng(seed)
    at = np.array("2024-01-01", "datetime64[s]") + rng.integers(0, 366 * 86400, 50)
    sun = sun_position(at, latitude, 10.0)
    sine = np.sin(np.radians(sun.elevation))
    dni = np.where(sine > 0.02, rng.uniform(0, 900, 50), 0)
    dhi = rng.uniform(0, 300, 50) * (sine > 0.02)
    light = Irradiance(dni * sine.clip(0) + dhi, dni, dhi)
    found = on_planes(light, sun, [0.0, 90.0], [0.0, 77.0], sky=sky).values
    np.testing.assert_allclose(found[:, 0], light.ghi, atol=1e-6)
    assert (found >= 0).all()
    # The azimuth of a flat plane plays no part; planes back to back cannot both see the sun.
    both = incidence(sun, [90.0, 90.0], [77.0, 257.0])
    np.testing.assert_allclose(both.sum(axis=1), 0, atol=1e-9)


def test_missing_weather_stays_missing() -> None:
    light = Irradiance(*(np.array([np.nan]) for _ in range(3)))
    assert np.isnan(on_planes(light, sun_of(WANTED["expected"][0]), 30.0, 180.0).values).all()


def test_modules_by_hand() -> None:
    # 800 W/m2 at 20 °C: the cell has 46 °C, so 21 K x 0.37 % are lost, then 14 % and 4 %.
    power = pv_power([[800.0, 0.0]], [20.0], [5.0, 5.0])
    assert power[0] == pytest.approx([0.8 * 5 * (1 - 0.0037 * 21) * 0.86 * 0.96, 0.0])
    clipped = pv_power([[1000.0]], [-20.0], [5.0], Module(ac_share=0.6))
    assert clipped[0] == pytest.approx([3.0])


def test_a_year_in_zurich_is_plausible(shared: Path) -> None:
    weather = read_epw((shared / EPW).read_text(encoding="latin-1"))
    middles = weather.instants(2023) + np.timedelta64(1800, "s")
    sun = sun_position(middles, weather.latitude, weather.longitude)
    light = Irradiance(*(weather.values[name] for name in ("ghi", "dni", "dhi")))
    # The file's own three columns belong together if the sun stands where it should.
    closed = light.dni * np.sin(np.radians(sun.elevation)).clip(0) + light.dhi
    assert np.corrcoef(closed, light.ghi)[0, 1] > 0.995
    falling = on_planes(light, sun, [30.0, 30.0, 90.0], [180.0, 0.0, 180.0], sky="hay_davies")
    made = pv_power(falling.values, weather.values["temperature"], np.ones(3)).sum(axis=0)
    # Roof installations around Zurich yield some 950 to 1,100 kWh/kWp.
    assert 900 < made[0] < 1150
    assert made[1] < 0.75 * made[0]
    assert made[2] < made[0]
    assert check_yield(made, np.ones(3)) == ()


def test_an_impossible_yield_is_a_finding() -> None:
    (problem,) = check_yield([1000.0, 3000.0, 0.0], [1.0, 1.0, 0.0])
    assert problem.message.startswith("1 solar plants yield less than 300 or more than 2300")


def test_mistakes_are_told_in_a_sentence() -> None:
    light = Irradiance(*(np.ones(1) for _ in range(3)))
    with pytest.raises(ValueError, match="sky must be"):
        on_planes(light, sun_of(WANTED["expected"][0]), 30.0, 180.0, sky="blue")  # type: ignore[arg-type]
