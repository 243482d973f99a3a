"""Computing all carriers in a session: results are kept, read again, and can be seen."""

import json

import numpy as np
import pytest

from tests.quarter import write_quarter
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.scene.overlay import overlays
from twinview.scene.resolve import resolve
from twinview.scene.view import View
from twinview.session.computing import results_of
from twinview.session.indicators import indicators_of
from twinview.session.opening import add_files, open_files


@pytest.fixture
def state(tmp_path):
    """Return the opened village with heat, gas and machines."""
    files = write_quarter(tmp_path, hours=6)
    return drain(open_files(files, tmp_path / "q.twin", Options(tz="Europe/Berlin")))


def computed(state):
    """Return the results of all steps."""
    return drain(results_of(state.twin, state.project, state.path))


def test_results_are_the_same_when_read_again(state):
    first, again = computed(state), computed(state)
    assert again.as_dict() == first.as_dict()
    assert set(first.carriers) == {"heat", "gas"}
    assert first.carriers["heat"].title == "District heating"


def test_fuel_is_scope_1_and_bought_heat_is_scope_2(tmp_path):
    files = write_quarter(tmp_path, hours=48)
    state = drain(open_files(files, tmp_path / "q.twin", Options(tz="Europe/Berlin")))
    results = computed(state)
    found = indicators_of(results, state.project)
    # The plant runs at its 3 kW of heat and burns 6 kW of gas, the stove 0.5 kW: 312 kWh in 48
    # hours. IPCC 2006 has 56.1 kg/GJ for natural gas on its net calorific value: 201.96 g/kWh.
    assert found["scope1"].value == pytest.approx(312 * 0.20196, rel=1e-4)
    # Heat from outside has 250 g/kWh in both accounts, power that of the border in its hour.
    heat = results.carriers["heat"].balance.energy["import"].sum() * 0.25
    mix = 0.3 + 0.01 * (np.arange(48) % 24)
    power = (results.balance.energy["import"] * mix).sum()
    assert found["scope2_location"].value == pytest.approx(heat + power, rel=1e-6)
    assert "heat and cooling" in found["scope2_market"].why
    # Nothing counts twice: what came in over the borders of all networks is what was emitted.
    came = results.whole.carbon["import"].sum() + results.whole.carbon["generation"].sum()
    assert found["emitted_location"].value == pytest.approx(came)
    assert [one.code for one in found.problems] == [
        "scope2.no_residual_mix", "indicators.electrical",
    ]  # fmt: skip


def test_fuel_that_a_machine_buys_outside_counts_like_that_of_a_network(tmp_path):
    files = write_quarter(tmp_path, hours=6)
    content = json.loads(files[1].read_text(encoding="utf-8"))
    plant = content["twinview"]["converter"][1]
    plant.pop("from_node")
    plant["input_intensity_g_per_kwh"] = 300.0
    files[1].write_text(json.dumps(content), encoding="utf-8")
    state = drain(open_files(files, tmp_path / "q.twin", Options(tz="Europe/Berlin")))
    found = indicators_of(computed(state), state.project)
    # 6 kW of fuel at 300 g/kWh and the stove's 0.5 kW of gas, for 6 hours.
    assert found["scope1"].value == pytest.approx(36 * 0.3 + 3 * 0.20196, rel=1e-4)


def test_houses_show_what_they_emit_by_each_carrier(state):
    twin = computed(state).twin
    parts = [
        np.nan_to_num(twin.find("houses", f"{one}_emission").at(1))
        for one in ("electricity", "heat")
    ]
    whole = twin.find("houses", "emission").at(1)
    np.testing.assert_allclose(np.nan_to_num(whole), sum(parts), rtol=1e-5)
    assert np.isnan(whole[2])
    assert twin.find("houses", "heat_consumption").at(1)[0] == pytest.approx(4.0)


def test_pipes_have_power_loading_and_velocity_and_nodes_a_temperature(state):
    twin = computed(state).twin
    power = twin.find("heat_pipe", "power").at(1)
    np.testing.assert_allclose(
        twin.find("heat_pipe", "loading").at(1), power / 20.0 * 100, rtol=1e-5
    )
    assert (twin.find("heat_pipe", "velocity").at(1) > 0).all()
    temperature = twin.find("heat_node", "supply_temperature").at(1)
    assert (np.diff(temperature) < 0).all()


@pytest.mark.parametrize("overlay", ["power", "carbon", "emission", "loading"])
def test_every_overlay_speaks_about_pipes(state, overlay):
    twin = computed(state).twin
    assert overlays()[overlay].available(twin)
    scene = resolve(twin, View(time=1, overlay=overlay))
    assert scene.paints["heat_pipe"].direction.tolist() == [1, 1]
    assert {"heat_consumption", "gas_consumption"} <= {one.id for one in scene.readouts}


def test_heat_alone_has_power_carbon_and_emission(tmp_path):
    files = write_quarter(tmp_path, hours=6, electricity=False)
    state = drain(open_files(files, tmp_path / "q.twin", Options(tz="Europe/Berlin")))
    twin = computed(state).twin
    scene = resolve(twin, View(time=1, overlay="power"))
    np.testing.assert_allclose(scene.paints["houses"].values[:2], 4.0)
    assert resolve(twin, View(time=1, overlay="carbon")).legend.shown == 2


def test_answers_hold_for_the_files_that_are_added(state, tmp_path):
    square = [[500000.0, 5e6], [500010.0, 5e6], [500010.0, 5000010.0], [500000.0, 5e6]]
    house = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon",
             "coordinates": [square]}}  # fmt: skip
    file = tmp_path / "more.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [house]}), "utf-8")
    added = drain(add_files(state, [file], Options(crs="EPSG:25832")))
    assert added.project.sources[-1].options["crs"] == "EPSG:25832"
    assert "crs" not in added.project.sources[0].options
    assert "more" in added.twin.layers
