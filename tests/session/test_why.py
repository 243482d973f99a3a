"""Why a number is what it is: hand-made figures, and every derivation gives the number shown."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from tests.village import write_village
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT
from twinview.model.variant import without_results
from twinview.session.store import Session, State
from twinview.session.why import Derivation, why

EVENING, MORNING, NOON = 20, 9, 12
"""Hours of the first day; the import has 300 + 10 x hour g/kWh."""


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def read(folder, *, store: bool = True, mend=None) -> State:
    """Return the village as it is opened."""
    files = write_village(folder, store=store)
    if mend is not None:
        content = json.loads(files[1].read_text(encoding="utf-8"))
        mend(content["data"])
        files[1].write_text(json.dumps(content), encoding="utf-8")
    session = Session()
    session.run("file.new", *files)
    return session.state


def computed(state: State, **settings) -> State:
    """Return a village computed under some settings."""
    session = Session(state)
    kept = state.project.settings.model_copy(update=settings)
    session.edit("test", state.project.model_copy(update={"settings": kept}))
    session.run("compute.run")
    return session.state


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return the village with its store, not computed."""
    return read(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="module")
def storeless(tmp_path_factory) -> State:
    """Return the village without its store, in which everything comes from border or roof."""
    return read(tmp_path_factory.mktemp("storeless"), store=False)


@pytest.fixture
def village(opened) -> State:
    """Return the village, computed."""
    return computed(opened)


@pytest.fixture
def bare(storeless) -> State:
    """Return the village without its store, computed."""
    return computed(storeless)


def inputs(found: Derivation) -> dict[str, float]:
    """Return the inputs by name."""
    return {one.name: one.value for one in found.parts.inputs}


def ids_of(state: State, kind: str) -> tuple[str, list[str]]:
    """Return a layer of a kind, and the ids of its elements."""
    (layer,) = state.twin.of_kind(kind)
    return layer.id, [str(one) for one in layer.ids]


# ------------------------------------------------------------------------------------ made by hand
def test_power_that_comes_from_the_border_has_its_intensity(bare):
    found = why(bare, "houses", "house 0", "carbon_intensity", EVENING)
    assert found.value == pytest.approx(500)
    assert found.parts.result == pytest.approx(500)
    assert found.text == "500\u00a0g/kWh"
    assert found.parts.place == "method#tracing"
    assert "grid import 100" in " ".join(found.parts.lines)


def test_own_power_serves_the_house_first(bare):
    """At 9 h the roof gives 0.5 kW of the 1 kW used; the rest comes at 390 g/kWh: 195."""
    found = why(bare, "houses", "house 1", "carbon_intensity", MORNING)
    assert found.value == pytest.approx(195, rel=1e-4)
    own, rest = found.parts.inputs
    assert (own.value, own.note) == (pytest.approx(0.5), "× 0\u00a0g/kWh")
    assert (rest.value, rest.note) == (pytest.approx(0.5, rel=1e-4), "× 390\u00a0g/kWh")
    assert found.parts.worked.endswith("= 195\u00a0g/kWh")
    assert "own generation serves the building first" in dict(found.parts.settings).values()
    assert "own generation 50" in " ".join(found.parts.lines)


def test_without_netting_the_house_has_the_intensity_of_its_node(storeless):
    state = computed(storeless, netting=False)
    nodes, _ids = ids_of(state, "node")
    house = why(state, "houses", "house 1", "carbon_intensity", MORNING)
    node = why(state, nodes, "node 2", "carbon_intensity", MORNING)
    assert house.value == pytest.approx(node.value)
    assert house.parts.result == pytest.approx(node.value, rel=1e-4)
    assert len(house.parts.inputs) == len(node.parts.inputs) == 2


def test_emission_is_use_times_intensity(bare):
    """0.5 kW at 500 g/kWh: 0.25 kg/h."""
    found = why(bare, "houses", "house 0", "emission", EVENING)
    assert found.value == pytest.approx(0.25)
    assert found.text == "0.250\u00a0kg/h"
    assert found.parts.worked == "0.5 · 500 / 1000 = 0.25\u00a0kg/h"


def test_net_power_is_use_less_generation(bare):
    found = why(bare, "houses", "house 1", "power", NOON)
    assert found.value == pytest.approx(0.5 - 2.0)
    assert found.parts.worked == "0.5 − 2 = −1.5\u00a0kW"


def test_a_consumption_names_its_loads_with_profile_scale_and_file(bare):
    found = why(bare, "houses", "house 0", "consumption", EVENING)
    assert found.value == pytest.approx(0.5)
    (load,) = found.parts.inputs
    assert (load.name, load.value) == ("load 0", pytest.approx(0.5))
    assert found.parts.sources[0] == "curves.csv: column 'use', row 2024-03-31T19:00+00:00"
    assert load.about is not None
    more = why(bare, load.about.layer, load.about.element, load.about.quantity, EVENING)
    assert inputs(more) == {"Profile 'use' at this step": 0.5, "Scale": 1.0}
    assert more.parts.worked == "0.5·1 = 0.5\u00a0kW"


def test_the_district_adds_up(bare):
    found = why(bare, DISTRICT, "whatever", "load", EVENING)
    assert found.value == pytest.approx(1.0)
    assert found.parts.result == pytest.approx(1.0)
    share = why(bare, DISTRICT, DISTRICT, "local_share", EVENING)
    assert share.value == pytest.approx(0.0, abs=1e-6)
    assert share.text == "0\u00a0%"
    carbon = why(bare, DISTRICT, DISTRICT, "carbon_intensity", EVENING)
    assert carbon.value == pytest.approx(500, rel=1e-4)
    assert carbon.parts.place == "method#aggregation"


def test_the_time_step_is_named_with_its_zone(bare):
    found = why(bare, DISTRICT, DISTRICT, "load", EVENING)
    assert found.when == "2024-03-31T19:00+00:00, 60 min, UTC"
    assert why(bare, "houses", "house 0", "height_m").when == ""


def test_an_attribute_names_file_layer_and_column(bare):
    found = why(bare, "houses", "house 1", "height_m")
    assert found.value == 7.0
    assert found.parts.sources == (
        "houses.geojson: layer 'houses', column 'height_m' of 'house 1'",
    )
    assert found.parts.place == "data#attributes"


def test_a_factor_taken_for_the_import_is_named_with_validity_and_flag(tmp_path):
    def nameless(data):
        del data["source"][0]["intensity_profile"]

    state = computed(read(tmp_path, store=False, mend=nameless))
    found = why(state, "houses", "house 0", "carbon_intensity", EVENING)
    assert found.value == pytest.approx(363)
    (factor,) = (line for line in found.parts.sources if line.startswith("Factor"))
    assert "0.3630" in factor
    assert "DE, grid_average, valid 2024-01-01 to 2024-12-31" in factor
    assert "Umweltbundesamt" in factor
    assert factor.endswith("read in a text that quotes it.")
    assert ("Intensity of imports", "factor DE:grid_average:2024") in found.parts.settings


# --------------------------------------------------------------------------- worked out from inputs
def test_a_loading_follows_from_power_voltage_and_rating(village):
    lines, ids = ids_of(village, "line")
    found = why(village, lines, ids[0], "loading", EVENING)
    given = inputs(found)
    apparent = math.hypot(given["Active power"], given["Reactive power"]) * 1000
    current = apparent / (math.sqrt(3) * given["Voltage between phases"])
    assert current == pytest.approx(given["Current"])
    assert given["Rated current"] == 100.0
    assert found.value == pytest.approx(current, rel=1e-5)


def test_the_voltage_of_a_house_is_that_of_its_node(village):
    found = why(village, "houses", "house 0", "voltage", NOON)
    assert found.key.layer == "node"
    assert found.value == why(village, "node", found.key.element, "voltage", NOON).value
    assert math.isfinite(found.value)
    with pytest.raises(CommandError, match="has no 'voltage'"):
        why(village, "houses", "house 2", "voltage", NOON)  # it has no load


def test_both_ends_of_a_line_differ_by_its_loss(village):
    lines, ids = ids_of(village, "line")
    given = inputs(why(village, lines, ids[0], "power", EVENING))
    sent, back = (given[f"Into the branch at its {end}-end"] for end in ("from", "to"))
    assert sent + back == pytest.approx(given["Lost in the branch"])
    assert given["Lost in the branch"] > 0


def test_a_content_follows_from_the_step_before(village):
    """2.5 kWh at the start; at midnight 1 kW is drawn and the store gives 1.0 kW / 0.95."""
    stores, (battery,) = ids_of(village, "storage")
    first = why(village, stores, battery, "energy", 0)
    given = inputs(first)
    assert given["Energy inside before"] == 2.5
    power = given["Power, charging positive"]
    assert first.value == pytest.approx(2.5 + power / 0.95)
    assert "assumption" in " ".join(first.parts.lines)
    second = why(village, stores, battery, "energy", 1)
    assert inputs(second)["Energy inside before"] == pytest.approx(first.value)


@pytest.mark.parametrize("policy", ["pass_on", "owner", "zero"])
def test_the_carbon_of_a_store_by_each_policy(opened, policy):
    state = computed(opened, storage_policy=policy)
    stores, (battery,) = ids_of(state, "storage")
    for step in range(15):
        found = why(state, stores, battery, "carbon_intensity", step)
        if not math.isfinite(found.value):
            continue
        assert found.parts.result == pytest.approx(found.value, rel=1e-5, abs=1e-4)
        given = inputs(found)
        power = given["Power, charging positive"]
        inside = given["Carbon inside before"]
        if policy == "pass_on" and power > 0:
            bought = given["Intensity where it charges"] * power / 1000
            assert given["Carbon inside after"] == pytest.approx(inside + bought, abs=1e-6)
        if policy == "zero":
            assert found.value == 0


@pytest.mark.parametrize(
    "settings",
    [{}, {"losses": "gross"}, {"netting": False}, {"storage_policy": "owner"}],
    ids=["as_it_is", "gross", "mixed", "owner"],
)
def test_every_derivation_gives_the_number_shown(opened, settings):
    """Of all series, all elements, in steps by day and by night."""
    state = computed(opened, **settings)
    worked = 0
    for layer, quantity, _scenario in state.twin.series:
        elements = [DISTRICT] if layer == DISTRICT else state.twin.layers[layer].ids
        for element in elements:
            for step in (0, MORNING, NOON, EVENING):
                found = why(state, layer, str(element), quantity, step)
                if found.parts.result is None or not math.isfinite(found.value):
                    continue
                worked += 1
                assert found.parts.result == pytest.approx(found.value, rel=3e-4, abs=2e-4), (
                    layer, element, quantity, step,
                )  # fmt: skip
    assert worked > 120


# ------------------------------------------------------------------------------------- what is not
def test_what_is_not_computed_is_said_and_no_number_is_made_up(opened):
    bare = replace(opened, twin=without_results(opened.twin))
    with pytest.raises(CommandError, match=r"compute first, or ask for one of consumption"):
        why(bare, "houses", "house 0", "carbon_intensity")


def test_a_house_without_load_has_no_consumption(village):
    found = why(village, "houses", "house 2", "consumption", EVENING)
    assert found.text == "No data"
    assert found.parts.worked == ""
    assert found.parts.inputs == ()


def test_elements_and_quantities_that_are_not_there(village):
    with pytest.raises(CommandError, match="no element 'house 9'"):
        why(village, "houses", "house 9", "height_m")
    with pytest.raises(CommandError, match="has no 'nonsense'"):
        why(village, "houses", "house 0", "nonsense")


def test_results_of_another_computation_are_not_explained_by_this_one(village):
    """Where the kept number is not what the step gives again, only the method is shown."""
    series = village.twin.find("houses", "carbon_intensity")
    other = replace(series, values=np.asarray(series.values) * 2 + 1)
    state = replace(village, twin=village.twin.with_series(other))
    found = why(state, "houses", "house 0", "carbon_intensity", EVENING)
    assert found.parts.result is None
    assert "could not be worked out again" in " ".join(found.parts.lines)


# --------------------------------------------------------------------------------------- as a text
def test_a_derivation_as_text(bare):
    text = why(bare, "houses", "house 1", "carbon_intensity", MORNING).as_text()
    for part in (
        "Building house 1: Carbon intensity = 195\u00a0g/kWh",
        "Time step: 2024-03-31T08:00+00:00, 60 min, UTC",
        "Origin: computed",
        "e = (Σ G·e_own + Σ D·w + I·E_node) / (Σ G + Σ D + I)",
        "cells: 0.5\u00a0kW  × 0\u00a0g/kWh",
        "curves.csv: column 'mix'",
        "Method: method#tracing",
    ):
        assert part in text
