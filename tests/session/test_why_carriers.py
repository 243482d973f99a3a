"""Why numbers of heat, cooling, gas, reactive power and models are what they are, by hand."""

import json
import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.quarter import write_quarter
from tests.town import buildings, with_weather
from tests.village import START
from twinview.i18n import set_language
from twinview.model.scenario import AddCharger
from twinview.model.stays import Stay
from twinview.model.twin import DISTRICT, Twin
from twinview.paths import demo_file
from twinview.progress import drain
from twinview.session.computing import results_of
from twinview.session.manual import anchors
from twinview.session.modelling import modelled
from twinview.session.models import DemandModel, SolarModel
from twinview.session.opening import open_project
from twinview.session.project import Project, Settings, Source
from twinview.session.store import Session, State
from twinview.session.why import Derivation, why
from twinview.session.why.explainers import EXPLAINERS

STEPS = (0, 12)
DATA = {"given", "measured", "generated"}
"""Origins of series that stand in a file."""


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def cooling() -> dict:
    """Return a chiller's network with one hall, whose water comes back at 12 °C."""
    places = [(8.0002, 48.0001), (8.0006, 48.0001)]
    nodes = [{"id": k, "name": f"cold {k}", "x": x, "y": y} for k, (x, y) in enumerate(places)]
    pipe = {"id": 5, "name": "cold pipe", "from_node": 0, "to_node": 1, "length_m": 100.0,
            "u_w_per_mk": 1.0, "ground_c": 10.0, "diameter_m": 0.1}  # fmt: skip
    load = {"id": 6, "name": "hall", "node": 1, "building": "house 2", "p_specified": 4000.0,
            "return_c": 12.0}  # fmt: skip
    return {"id": "cooling", "carrier": "cooling", "title": "Cooling", "node": nodes,
            "pipe": [pipe], "load": [load]}  # fmt: skip


CHILLER = {"id": 3, "name": "chiller", "kind": "chiller", "from_node": "node 1", "eer": 4.0,
           "to_network": "cooling", "to_node": "cold 0", "supply_c": 6.0}  # fmt: skip


def write_all(folder: Path) -> list[Path]:
    """Write the quarter with a cooling network, and a generator that holds its voltage."""
    files = write_quarter(folder, hours=24)
    content = json.loads(files[1].read_text(encoding="utf-8"))
    content["twinview"]["networks"].append(cooling())
    content["twinview"]["converter"].append(CHILLER)
    content["data"]["sym_gen"][0]["u_ref"] = 0.999
    files[1].write_text(json.dumps(content), encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def quarter(tmp_path_factory) -> State:
    """Return the quarter with all carriers, computed."""
    session = Session()
    session.run("file.new", *write_all(tmp_path_factory.mktemp("carriers")))
    session.run("compute.run")
    return session.state


@pytest.fixture(scope="module")
def town() -> State:
    """Return a house of two homes and an office under an even sky, modelled."""
    houses = buildings(use=["apartments", "office"], storeys=[2, 3])
    bare = Twin("Town", "", (0.0, 0.0, 0.0), {houses.id: houses})
    sunny = with_weather(bare, global_irradiance=400.0, diffuse_irradiance=400.0, temperature=12.0)
    settings = Settings(
        demand=DemandModel(climate="GB", tz="Etc/GMT-1", year=2023), solar=SolarModel(plants="all")
    )
    project = Project(
        name="Town", settings=settings, sources=(Source(id="houses", path="town.csv"),)
    )
    return State(modelled(sunny, settings, strict=True), project)


@pytest.fixture(scope="module")
def charging(tmp_path_factory) -> State:
    """Return the quarter with a car that comes at 2 h with 10 kWh, wants 16 and leaves at 5 h."""
    session = Session()
    session.run("file.new", *write_quarter(tmp_path_factory.mktemp("charging"), hours=24))
    session.run("scenario.new", "Cars")
    come, go = (START + timedelta(hours=hour) for hour in (2, 5))
    stay = Stay("car", come, go, 40.0, 10.0, 16.0, ()).text()
    change = AddCharger(at=("house 0",), kw=3.0, stays=(stay,), eta_charge=1.0)
    project = session.state.project
    (made,) = project.scenarios
    cars = made.model_copy(update={"changes": (change,)})
    session.edit("test", project.model_copy(update={"scenarios": (cars,)}))
    session.run("compute.run")
    return session.state


def inputs(found: Derivation) -> dict[str, float]:
    """Return the inputs by name."""
    return {one.name: one.value for one in found.parts.inputs}


def notes(found: Derivation) -> dict[str, str]:
    """Return what stands beside the inputs, by name."""
    return {one.name: one.note for one in found.parts.inputs}


# -------------------------------------------------------------------------------- carriers, by hand
def test_gas_has_its_factor_with_source_and_validity(quarter):
    """IPCC 2006: 56.1 kg/GJ by the lower heating value, 201.96 g/kWh."""
    found = why(quarter, "gas_node", "plant", "gas_intensity", 9)
    assert found.value == pytest.approx(56.1 * 3.6, rel=1e-5)
    (factor,) = found.parts.sources
    assert "56.10" in factor
    assert "kgCO2/GJ" in factor
    assert "valid always to today" in factor
    assert "IPCC 2006" in factor
    stove = why(quarter, "gas_load", "stove", "emission", 9)
    assert stove.value == pytest.approx(0.5 * 0.20196, rel=1e-5)
    assert inputs(stove) == pytest.approx({"Consumption": 0.5, "Carbon intensity": 201.96})


def test_what_meets_at_the_plant_mixes(quarter):
    """The plant gives 3 kW; outside has 250 g/kWh: the mean by power is what is shown."""
    found = why(quarter, "heat_node", "well 0", "heat_intensity", 9)
    given = inputs(found)
    assert given["chp"] == pytest.approx(3.0, rel=1e-6)
    assert notes(found)["outside"] == "× 250\u00a0g/kWh"
    rates = {name: float(note.split()[1].split("\u00a0")[0]) for name, note in notes(found).items()}
    mean = sum(given[name] * rates[name] for name in given) / sum(given.values())
    assert found.value == pytest.approx(mean, rel=1e-4)
    assert found.parts.sources == (
        "networks.json: layer 'Heat sources', column 'intensity_g_per_kwh'",
    )
    assert found.when.endswith("60 min, UTC")


def test_a_combined_plant_shares_its_fuel_by_efficiency(quarter):
    """Per kWh of gas: 0.5 heat over 0.8 and 0.35 power over 0.35 of reference fuel.

    0.5 / 0.8 = 0.625 and 1: heat bears 0.625 / 1.625 of 201.96 g, on half a kWh.
    """
    found = why(quarter, "converter", "chp", "heat_intensity", 9)
    assert found.value == pytest.approx(201.96 * 0.625 / 1.625 / 0.5, rel=1e-5)
    assert found.parts.result == pytest.approx(found.value, rel=1e-5)
    assert found.parts.place == "method#converters"
    sharing = dict(found.parts.settings)["Carbon is shared"]
    assert sharing == "each counts by the fuel that separate generation would need"


def test_a_heat_pump_hands_on_the_carbon_of_a_quarter_kilowatt_hour(quarter):
    found = why(quarter, "converter", "pump", "heat_intensity", 9)
    given = inputs(found)
    assert given["Taken: electricity"] == pytest.approx(given["Given"] / 4)
    at_node = why(quarter, "node", "node 1", "carbon_intensity", 9).value
    assert found.value == pytest.approx(at_node / 4, rel=1e-4)


def test_a_machine_gives_what_the_others_do_not(quarter):
    found = why(quarter, "converter", "chiller", "power", 9)
    given = inputs(found)
    assert given["Used in the network"] == pytest.approx(4.0)
    assert found.value == pytest.approx(4.0 + given["Lost in the pipes"], rel=1e-6)


def test_water_cools_by_the_exponential_law(quarter):
    """Down the first pipe: 40 m of 0.3 W/(m K), ground at 10 °C, 4.19 kJ/(kg K)."""
    found = why(quarter, "heat_node", "well 1", "supply_temperature", 9)
    mass = inputs(found)["through pipe 0"]
    arriving = 10 + (80 - 10) * math.exp(-0.3 * 40 / 1000 / (mass * 4.19))
    assert found.value == pytest.approx(arriving, rel=1e-5)
    speed = why(quarter, "heat_pipe", "pipe 0", "velocity", 9)
    assert inputs(speed)["Water"] == pytest.approx(mass)
    bore = inputs(speed)["Bore"]
    assert speed.value == pytest.approx(mass / (980 * math.pi * bore**2 / 4), rel=1e-5)


def test_a_pipe_carries_what_comes_out_and_what_is_lost(quarter):
    """The last pipe serves one station, of 4 kW at hours of odd number."""
    found = why(quarter, "heat_pipe", "pipe 1", "power", 9)
    given = inputs(found)
    assert given["Into the pipe at its to-end"] == pytest.approx(-4.0)
    assert found.value == pytest.approx(4.0 + given["Lost in the pipe"])
    load = why(quarter, "heat_pipe", "pipe 1", "loading", 9)
    assert load.value == pytest.approx(found.value / 20 * 100, rel=1e-5)


def test_the_emission_of_a_house_adds_up_its_carriers(quarter):
    found = why(quarter, "houses", "house 1", "emission", 9)
    parts = inputs(found)
    assert set(parts) == {"Emission of electricity", "Emission of heat"}
    assert found.value == pytest.approx(sum(parts.values()), rel=1e-6)
    heat = why(quarter, "houses", "house 1", "heat_emission", 9)
    rate = why(quarter, "houses", "house 1", "heat_intensity", 9).value
    assert heat.value == pytest.approx(4.0 * rate / 1000, rel=1e-5)
    assert why(quarter, "houses", "house 2", "cooling_consumption", 9).value == pytest.approx(4.0)


def test_what_machines_take_is_named_in_the_sum_of_all_loads(quarter):
    """Two loads of 1 kW, the heat pump's and the chiller's electricity."""
    found = why(quarter, DISTRICT, DISTRICT, "load", 9)
    taken = sum(
        inputs(why(quarter, "converter", one, rate, 9))["Taken: electricity"]
        for one, rate in (("pump", "heat_intensity"), ("chiller", "cooling_intensity"))
    )
    assert inputs(found)["Taken by machines"] == pytest.approx(taken, rel=1e-5)
    assert found.value == pytest.approx(2.0 + taken, rel=1e-5)


def test_a_generator_that_holds_its_voltage_gives_what_its_node_takes(quarter):
    found = why(quarter, "sym_gen", "cells", "reactive_power", 12)
    assert found.text.endswith("kvar")
    into = sum(value for name, value in inputs(found).items() if name.startswith("Into line"))
    assert found.value == pytest.approx(into, rel=1e-4)
    assert inputs(found)["Voltage at node 2"] == pytest.approx(0.999, abs=1e-6)


def test_a_store_of_a_house_follows_its_net_power(tmp_path):
    """At noon the roof gives 2 kW of which 0.5 are used; 2.5 of 5 kWh are inside before."""
    files = write_quarter(tmp_path, hours=24)
    content = json.loads(files[1].read_text(encoding="utf-8"))
    content["twinview"]["storage"][0] |= {"building": "house 1", "node": 2}
    files[1].write_text(json.dumps(content), encoding="utf-8")
    session = Session()
    session.run("file.new", *files)
    session.run("compute.run")
    worked = 0
    for step in range(24):
        found = why(session.state, "storage", "battery", "power", step)
        given = inputs(found)
        net = given["Net power of Building house 1"]
        most = given["Most that there is room for" if net < 0 else "Most that its content gives"]
        cut = min(abs(net), given["Power limit"], most)
        assert found.value == pytest.approx(cut if net < 0 else -cut, abs=1e-5)
        worked += found.parts.result is not None
    assert worked == 24


def test_a_car_leaves_with_what_stands_in_it(charging):
    """Two hours of 3 kW make 16 kWh of 10; it leaves at the end of its third hour."""
    layer = charging.twin.of_kind("storage")[0].id
    (post,) = [one for one in charging.twin.layers[layer].ids if "charger" in str(one)]
    found = why(charging, layer, str(post), "left_energy", 4)
    assert found.value == pytest.approx(16.0)
    assert inputs(found)["Stored energy"] == pytest.approx(16.0)
    carbon = why(charging, layer, str(post), "left_carbon", 4)
    rate = why(charging, layer, str(post), "carbon_intensity", 4).value
    assert carbon.value == pytest.approx(16.0 * rate / 1000, rel=1e-5)


# ---------------------------------------------------------------------------------- models, by hand
def test_a_modelled_demand_is_area_times_archetype_times_profile(town):
    """An office of 3 x 100 m2 at 95 kWh/m2 (CIBSE TM46)."""
    found = why(town, "houses", "b1", "consumption", 10)
    size, year, shape = (one.value for one in found.parts.inputs)
    assert (size, year) == (300.0, 95.0)
    assert found.value == pytest.approx(300 * 95 * shape, rel=1e-5)
    assert "CIBSE TM46" in " ".join(found.parts.sources)
    assert "read in a text that quotes it" in " ".join(found.parts.sources)
    assert "50 %" in " ".join(found.parts.lines)
    assert found.parts.place == "method#profiles"


def test_modelled_solar_power_follows_from_weather_and_roof(town):
    """10 kW of modules at 10 degrees on half of 100 m2; the sky alone is bright."""
    found = why(town, "houses", "b0", "pv_potential", 12)
    cosine = math.cos(math.radians(10.0))
    light = 400 * (1 + cosine) / 2 + 400 * 0.2 * (1 - cosine) / 2
    cell = 12.0 + 26.0 / 800.0 * light
    assert found.value == pytest.approx(
        10 * light / 1000 * (1 - 0.0037 * (cell - 25)) * 0.86 * 0.96, rel=1e-5
    )
    assert inputs(found)["Modules at 10°, facing 180°"] == pytest.approx(10.0)
    assert found.parts.inputs[0].note.startswith(f"{light:.2f}")
    assert found.parts.place == "method#solar"
    fed = why(town, "houses", "b0", "generation", 12)
    assert fed.parts.result == pytest.approx(found.value, rel=1e-5)


def test_weather_names_its_station(town):
    found = why(town, DISTRICT, DISTRICT, "temperature", 12)
    assert found.value == 12.0
    assert "Weather" in " ".join(found.parts.sources)


# ---------------------------------------------------------------------------------- nothing missed
@pytest.fixture(scope="module")
def shipped() -> State:
    """Return the demo district, with a day computed."""
    state = drain(open_project(demo_file()))
    found = drain(results_of(state.twin, state.project, None, range(24)))
    return replace(state, twin=found.twin)


@pytest.mark.parametrize("which", ["shipped", "quarter", "town", "charging"])
def test_every_number_has_an_explainer_or_a_place_in_a_file(which, request):
    state = request.getfixturevalue(which)
    pages = {*anchors("method"), *anchors("data"), *anchors("overlays")}
    for layer, quantity, _scenario in state.twin.series:
        kind = DISTRICT if layer == DISTRICT else state.twin.layers[layer].kind
        element = DISTRICT if layer == DISTRICT else str(state.twin.layers[layer].ids[0])
        found = why(state, layer, element, quantity, 12)
        explained = (kind, quantity) in EXPLAINERS and bool(found.parts.formula)
        given = state.twin.find(layer, quantity).meaning.origin in DATA
        assert explained or (given and found.parts.sources), (which, kind, quantity)
        assert found.parts.place.partition("#")[2] in pages, (which, kind, quantity)


def test_every_derivation_of_all_carriers_gives_the_number_shown(quarter):
    worked = 0
    silent = {("storage", "power")}  # what a store would like to do is not worked out
    for layer, quantity, _scenario in quarter.twin.series:
        whole = layer == DISTRICT
        elements = [DISTRICT] if whole else quarter.twin.layers[layer].ids
        kind = DISTRICT if whole else quarter.twin.layers[layer].kind
        for element in elements:
            for step in STEPS:
                found = why(quarter, layer, str(element), quantity, step)
                if not math.isfinite(found.value) or (kind, quantity) in silent:
                    continue
                place = (layer, element, quantity, step)
                assert found.parts.result is not None, place
                assert found.parts.result == pytest.approx(found.value, rel=3e-4, abs=2e-4), place
                worked += 1
    assert worked > 150


def test_without_a_grid_heat_is_explained_as_well(tmp_path):
    session = Session()
    session.run("file.new", *write_quarter(tmp_path, hours=6, electricity=False))
    session.run("compute.run")
    found = why(session.state, "heat_node", "well 1", "heat_intensity", 3)
    assert np.isfinite(found.value)
    assert found.parts.result == pytest.approx(found.value, rel=1e-4)
    whole = why(session.state, DISTRICT, DISTRICT, "emission", 3)
    assert whole.parts.result == pytest.approx(whole.value, rel=1e-4)
