"""Overlays: what each shows of a hamlet, and how it says what it means."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import AXIS, hamlet, spy, squares
from twinview.model.twin import Layer, Network, Twin
from twinview.overlays.attribute import target
from twinview.scene.attributes import choices
from twinview.scene.overlay import overlays
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.view import View


@pytest.fixture
def twin() -> Twin:
    """Return four houses, a line and a store with results."""
    return hamlet()


def painted(twin: Twin, overlay: str, **view) -> tuple[dict[str, Paint], Legend]:
    """Return the paints by layer, and the legend."""
    paints, legend = overlays()[overlay].paint(twin, View(overlay=overlay, **view))
    return {paint.layer: paint for paint in paints}, legend


def with_houses(**columns: list) -> Twin:
    """Return a twin of houses with columns."""
    n = len(next(iter(columns.values())))
    table = pa.table({"id": [str(k) for k in range(n)], **columns})
    return Twin("x", "", (0, 0, 0), {"h": Layer("h", "H", "building", table, squares(n))})


@pytest.mark.parametrize("overlay", list(overlays()))
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_states_and_values_fit_their_layers(twin, overlay, theme):
    paints, legend = painted(twin, overlay, theme=theme)
    assert legend.title
    for layer, paint in paints.items():
        n = len(twin.layers[layer])
        assert paint.colour.shape == (n, 3)
        assert paint.colour.dtype == np.uint8
        assert paint.state.shape == paint.values.shape == (n,)
        assert set(paint.state) <= {int(state) for state in State}


@pytest.mark.parametrize("overlay", [one for one in overlays() if one != "attribute"])
def test_nothing_is_available_without_series(twin, overlay):
    assert overlays()[overlay].available(twin)
    assert not overlays()[overlay].available(replace(twin, series={}))


def test_emission_is_intensity_times_use(twin):
    paints, legend = painted(twin, "emission")
    np.testing.assert_allclose(paints["houses"].values, [0, 0.2, 4.32, np.nan], rtol=1e-6)
    assert legend.unit == "kg/h"


def test_loading_counts_what_is_over_its_limit(twin):
    paints, legend = painted(twin, "loading")
    assert paints["line"].state.tolist() == [State.OVER]
    assert dict(legend.states) == {State.OVER: 1}
    calm = twin.with_series(spy("line", "loading", "%", [100.0]))
    assert painted(calm, "loading")[0]["line"].state.tolist() == [State.VALUE]


def feeder(volts: list[float]) -> Twin:
    """Return three houses at the nodes of a feeder: the first at two of them, the last at none."""
    tables = {
        "node": {"id": ["a", "b", "c"]},
        "line": {"id": ["ab", "bc"], "from_node": ["a", "b"], "to_node": ["b", "c"]},
        "sym_load": {"id": ["1", "2", "3"], "node": ["a", "c", "b"], "building": ["0", "0", "1"]},
        "sym_gen": {"id": ["4"], "node": ["gone"], "building": ["2"]},
    }
    kinds = {"node": "node", "line": "line", "sym_load": "load", "sym_gen": "generator"}
    layers = {k: Layer(k, k, kinds[k], pa.table(own)) for k, own in tables.items()}
    network = Network("net", "Net", "electricity", {key: key for key in tables})
    houses = with_houses(height_m=[3.0, 3.0, 3.0]).layers
    twin = Twin("x", "", (0, 0, 0), houses | layers, {"net": network}, time=AXIS)
    return twin.with_series(spy("node", "voltage", "p.u.", volts))


def test_voltage_is_that_of_the_node_farthest_from_the_rated_one(twin):
    paints, legend = painted(feeder([1.02, 0.97, 0.89]), "voltage")
    np.testing.assert_allclose(paints["line"].values, [0.97, 0.89])
    np.testing.assert_allclose(paints["h"].values, [0.89, 0.97, np.nan])
    assert paints["h"].state.tolist() == [State.OVER, State.VALUE, State.MISSING]
    assert dict(legend.states) == {State.OVER: 2, State.MISSING: 1}
    assert painted(feeder([1.0, 1.0, np.nan]), "voltage")[0]["line"].values.tolist() == [1, 1]


def test_power_is_around_zero_only_where_something_feeds_in(twin):
    low, high = painted(twin, "power")[1].limits
    assert low == -high
    series = {key: one for key, one in twin.series.items() if key[1] != "generation"}
    assert painted(replace(twin, series=series), "power")[1].limits[0] == 0


def test_limits_of_carbon_are_the_same_for_every_district(twin):
    dirty = twin.with_series(spy("houses", "carbon_intensity", "g/kWh", [900.0] * 4))
    assert painted(dirty, "carbon")[1].limits == painted(twin, "carbon")[1].limits


def test_texts_become_classes_the_frequent_first_and_the_rest_others():
    uses = ["flat"] * 5 + ["shop"] * 3 + [f"rare {k}" for k in range(9)] + [None]
    paints, legend = painted(with_houses(use=uses), "attribute", attribute="h.use")
    assert len(legend.classes) == 8
    assert legend.shown == 17
    assert legend.missing == 1
    colours = paints["h"].colour
    assert (colours[0] == colours[4]).all()
    assert (colours[0] != colours[5]).any()
    assert (colours[13] == colours[16]).all()
    assert paints["h"].state[-1] == State.MISSING


def test_numbers_become_a_ramp_and_zero_is_not_missing():
    paints, legend = painted(with_houses(area=[0.0, 50.0, None]), "attribute", attribute="h.area")
    assert legend.classes == ()
    assert paints["h"].state.tolist() == [State.VALUE, State.VALUE, State.MISSING]
    assert (paints["h"].colour[0] != paints["h"].colour[2]).any()


def test_a_wish_that_cannot_be_shown_takes_the_likeliest_column():
    twin = with_houses(note=["a", "b"], height_m=[3.0, 4.0])
    found = target(twin, "h.nosuch")
    assert found is not None
    assert found[1] == "height_m"
    assert choices(twin.layers["h"])[0] == "height_m"
    assert target(replace(twin, layers={}), "") is None


def test_modelled_use_looks_and_reads_estimated(twin):
    used = twin.series["houses", "consumption", "base"]
    meaning = replace(used.meaning, origin="modelled", spread=0.5)
    carbon = twin.series["houses", "carbon_intensity", "base"]
    computed = replace(carbon, meaning=replace(carbon.meaning, origin="computed"))
    modelled = replace(twin, networks={}).with_series(replace(used, meaning=meaning), computed)
    guess, none = State.ESTIMATED, State.MISSING
    for overlay in ("power", "emission", "carbon"):
        paints, legend = painted(modelled, overlay)
        assert paints["houses"].state.tolist() == [guess, guess, guess, none]
        assert "modelled, ±50 % each" in legend.note
        assert dict(legend.states)[guess] == 3


def test_modelled_use_without_results_waits_for_them(twin):
    used = twin.series["houses", "consumption", "base"]
    meaning = replace(used.meaning, origin="modelled")
    done = np.zeros(used.time.count, dtype=bool)
    carbon = replace(twin.series["houses", "carbon_intensity", "base"], done=done)
    modelled = twin.with_series(replace(used, meaning=meaning), carbon)
    paints, legend = painted(modelled, "carbon")
    assert set(paints["houses"].state[:3]) == {State.PENDING}
    assert legend.note.startswith("use modelled")


def test_solar_potential_is_blue_and_says_what_is_left_out(twin):
    paints, legend = painted(twin, "solar")
    assert paints["houses"].values[2] == 12.0
    assert legend.note == "no shadows of neighbours"
