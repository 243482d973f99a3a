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
