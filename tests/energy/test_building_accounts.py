"""Indicators of buildings; every figure is worked out by hand."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.energy.test_compute import HOURS, series, village
from twinview.energy.building_accounts import building_accounts, window_of
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis


def accounts(twin, **others):
    return building_accounts(twin, twin.layers["buildings"], range(4), **others)


@pytest.fixture
def twin():
    """House A uses 2, 2, 4, 0 kW and makes 3, 0, 3, 3 kW; B uses 1 kW; both at 400 g/kWh."""
    load = [[2.0, 1.0], [2.0, 1.0], [4.0, 1.0], [0.0, 1.0]]
    base = village(load=load, sun=[[3.0], [0.0], [3.0], [3.0]])
    return base.with_series(series("buildings", "carbon_intensity", [[400, 400, 400]] * 4, "g/kWh"))


def test_a_building_by_hand(twin):
    found = accounts(twin).columns
    # A: 8 kWh used, 9 made; matched 2 + 0 + 3 + 0 = 5; 8 x 0.4 = 3.2 kg; mean 2 of peak 4 kW.
    assert found["energy_used"][0] == 8
    assert found["energy_generated"][0] == 9
    assert found["carbon"][0] == pytest.approx(3.2)
    assert found["carbon_intensity"][0] == pytest.approx(400)
    assert found["self_consumption"][0] == pytest.approx(5 / 9)
    assert found["self_sufficiency"][0] == pytest.approx(5 / 8)
    assert (found["peak"][0], found["load_factor"][0]) == (4, 0.5)
    assert found["full_load_hours"][0] == 2


def test_a_building_without_use_is_not_zero(twin):
    found = accounts(twin)
    assert np.isnan(found.columns["energy_used"][2])
    assert np.isnan(found.columns["carbon"][2])
    assert found.steps.tolist() == [4, 4, 0]


def test_carbon_is_divided_by_what_the_building_says(twin):
    buildings = twin.layers["buildings"]
    table = buildings.attributes.append_column("floor_area_m2", pa.array([32.0, None, 10.0]))
    layers = {**twin.layers, "buildings": replace(buildings, attributes=table)}
    found = accounts(replace(twin, layers=layers))
    assert found.columns["carbon_per_area"][0] == pytest.approx(0.1)
    assert np.isnan(found.columns["carbon_per_area"][1:]).all()
    assert found.units["carbon_per_area"] == "kg/m²"


def test_a_store_brings_own_power_into_the_evening(twin):
    # A's store takes 1 kW in the first hour and gives 1 kW in the second: matched 2 + 1 + 3 + 0.
    store = {"id": "battery", "node": "street", "building": "A", "energy_wh": 1e3}
    from tests.energy.test_compute import layer

    layers = {**twin.layers, "storage": layer("storage", "storage", [store])}
    with_store = replace(twin, layers=layers)
    with_store = with_store.with_series(series("storage", "power", [[1.0], [-1.0], [0.0], [0.0]]))
    assert accounts(with_store).columns["self_consumption"][0] == pytest.approx(6 / 9)


def test_steps_without_intensity_do_not_count(twin):
    holes = [[400, 400, 400]] * 3 + [[np.nan] * 3]
    found = accounts(twin.with_series(series("buildings", "carbon_intensity", holes, "g/kWh")))
    assert found.steps[:2].tolist() == [3, 3]
    assert found.columns["energy_generated"][0] == 6


def test_without_results_there_is_nothing():
    assert accounts(village()) is None


def test_a_series_is_laid_on_the_clock():
    axis = TimeAxis(HOURS.start + 3600, 3600, 2, "UTC")
    short = Dense(Meaning("a", "power", "kW"), axis, np.array([[1.0], [2.0]], dtype=np.float32))
    values = window_of(short, HOURS, range(4))[:, 0]
    np.testing.assert_array_equal(values, [np.nan, 1, 2, np.nan])
    np.testing.assert_array_equal(window_of(short, HOURS, range(2, 3))[:, 0], [2])
