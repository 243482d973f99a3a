"""Coordinate systems: guesses, the district's own, and numbers that keep their distances."""

import numpy as np
import pytest

from twinview.model.problem import CommandError
from twinview.readers import crs

CITIES = {
    "Beijing": (116.4, 39.9),
    "Berlin": (13.4, 52.5),
    "Quito": (-78.5, -0.2),
    "Sydney": (151.2, -33.9),
    "Suva": (178.44, -18.14),
    "Tromso": (18.96, 69.65),
    "New York": (-74.0, 40.7),
}


def box(lon: float, lat: float, size: float = 0.005) -> tuple[float, float, float, float]:
    return lon - size, lon + size, lat - size, lat + size


@pytest.mark.parametrize(
    ("system", "bounds", "expected"),
    [
        ("EPSG:28992", (90000, 91000, 436000, 437000), "EPSG:28992"),
        ("EPSG:7415", (90000, 91000, 436000, 437000), "EPSG:28992"),
        ("EPSG:25832", (450000, 451000, 5400000, 5401000), "EPSG:25832"),
        ("EPSG:31256", (1000, 2000, 340000, 341000), "EPSG:31256"),
        ("EPSG:3857", (1602940, 1603670, 6463760, 6464510), "EPSG:32633"),
        ("EPSG:2263", (980000, 981000, 200000, 201000), "EPSG:32618"),
        ("EPSG:4326", (-179.9995, 179.9999, -17, -16.9), "EPSG:32760"),
        ("EPSG:4326", box(10, 85.5), "EPSG:32661"),
    ],
)
def test_the_district_gets_true_metres(system, bounds, expected):
    assert crs.district_crs(system, bounds) == expected


@pytest.mark.parametrize("city", CITIES)
def test_distances_are_kept(city):
    lon, lat = CITIES[city]
    target = crs.district_crs("EPSG:4326", box(lon, lat))
    there = crs.reproject(np.array([[lon, lat, 5.0], [lon, lat + 0.01, 5.0]]), "EPSG:4326", target)
    geod = crs.pyproj.Geod(ellps="WGS84")
    true = geod.inv(lon, lat, lon, lat + 0.01)[2]
    assert np.hypot(*(there[1] - there[0])[:2]) == pytest.approx(true, rel=1e-3)
    assert there[:, 2].tolist() == [5, 5]
    mercator = crs.reproject(there, target, "EPSG:3857")
    back = crs.reproject(mercator, "EPSG:3857", target)
    np.testing.assert_allclose(back, there, atol=0.01)


def test_houses_on_both_sides_of_the_date_line_are_neighbours():
    coords = np.array([[179.9995, -17.0], [-179.9995, -17.0]])
    target = crs.district_crs("EPSG:4326", (-179.9995, 179.9995, -17.0, -17.0))
    moved = crs.reproject(coords, "EPSG:4326", target)
    assert np.hypot(*(moved[1] - moved[0])[:2]) == pytest.approx(106.5, abs=1)


def test_feet_become_metres_and_so_do_heights():
    coords = np.array([[980000.0, 200000.0, 100.0], [981000.0, 200000.0, 0.0]])
    moved = crs.reproject(coords, "EPSG:2263+6360", "EPSG:32618")
    assert np.hypot(*(moved[1] - moved[0])[:2]) == pytest.approx(304.8, rel=1e-3)
    assert moved[0, 2] == pytest.approx(30.48, abs=0.001)


def test_geocentric_points_are_placed_on_the_map():
    xyz = np.array([[3784000.0, 899000.0, 5038000.0]])
    moved = crs.reproject(xyz, "EPSG:4978", "EPSG:32633")
    assert np.isfinite(moved).all()
    assert crs.district_crs("EPSG:4978", (3784000, 3784100, 899000, 899100, 5038000, 5038100))


def test_numbers_outside_of_their_system_are_refused():
    with pytest.raises(CommandError, match="do not belong"):
        crs.reproject(np.array([[1e9, 1e9]]), "EPSG:25832", "EPSG:4326")
    with pytest.raises(CommandError, match="no coordinate system"):
        crs.parse("EPSG:nonsense")


@pytest.mark.parametrize(
    ("bounds", "first"),
    [
        ((13, 14, 52, 53), "EPSG:4326"),
        ((52, 53, 100, 101), "EPSG:4326:yx"),
        ((1000, 1500, 340000, 341000), "EPSG:31256"),
        ((90000, 91000, 436000, 437000), "EPSG:28992"),
    ],
)
def test_likely_systems(bounds, first):
    assert crs.likely(bounds)[0] == first


def test_a_given_system_must_fit():
    with pytest.raises(CommandError, match="do not fit"):
        crs.check_given("a.gpkg", "EPSG:4326", (500000, 500100, 5400000, 5400100), False)
    crs.check_given("a.gpkg", "EPSG:4326", (39.9, 39.9, 116.4, 116.4), True)


def test_a_system_is_near_where_it_is_used():
    # Schutterwald lies at 7.9 E, 48.5 N: in Gauss-Krueger zone 3 3.42 million east, 5.37 north.
    assert crs.near("EPSG:31467", (3416652, 3418917, 5368414, 5370130))
    assert not crs.near("EPSG:31467", (7.87, 7.89, 48.4, 48.5))
    assert crs.near("EPSG:4326", (7.87, 7.89, 48.4, 48.5))
    # New Zealand's grid reaches across the date line.
    assert crs.near("EPSG:2193", (1700000, 1800000, 5400000, 5500000))
