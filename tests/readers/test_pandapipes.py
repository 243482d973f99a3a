"""Networks of pipes: pandapipes' JSON and the stored form become the same tables in SI units."""

import json
import math

import numpy as np
import pytest

from tests.readers.pipes import gas_net, heat_net, pipe_file, stored_file
from twinview.model.problem import CommandError, NeedsAnswer


@pytest.fixture
def save(tmp_path):
    def write(content, name: str = "net.json"):
        path = tmp_path / name
        path.write_text(json.dumps(content), "utf-8")
        return path

    return write


def rows(part, layer_id: str) -> list[dict]:
    return next(one for one in part.layers if one.id == layer_id).attributes.to_pylist()


def codes(part) -> set[str]:
    return {problem.code for problem in part.problems}


def test_a_gas_network_becomes_powers_by_its_heating_value(parse, save):
    part = parse(save(pipe_file(gas_net(), "hgas")), crs="EPSG:31467")
    (network,) = part.networks
    assert (network.carrier, set(network.tables)) == ("gas", {"node", "pipe", "source", "load"})
    # 0.001 kg/s x 13.20179 kWh/kg x 3600 s/h = 47.526 kW, half of it by the scaling.
    first, off = rows(part, "gas_load")
    assert first["p_specified"] == pytest.approx(0.5 * 0.001 * 13.20179 * 3.6e6)
    assert first["demand_m3_per_a"] == 2000.0
    assert (first["status"], off["status"]) == (1, 0)
    pipe = rows(part, "gas_pipe")[0]
    assert (pipe["length_m"], pipe["diameter_m"], pipe["carrier"]) == (100.0, 0.1, "gas")
    assert "u_w_per_mk" not in pipe
    assert "gas.heating_value" in codes(part)


def test_an_unknown_gas_gives_no_power_and_says_so(parse, save):
    part = parse(save(pipe_file(gas_net(), "moonshine")), crs="EPSG:31467")
    assert rows(part, "gas_load")[0]["p_specified"] is None
    (said,) = [one for one in part.problems if one.code == "gas.heating_value"]
    assert said.severity == "error"
    assert "moonshine" in said.message


def test_a_heat_circuit_becomes_one_side_with_sources_and_loads(parse, save):
    part = parse(save(pipe_file(heat_net(), "water")), crs="EPSG:31467")
    (network,) = part.networks
    assert network.carrier == "heat"
    (source,) = rows(part, "heat_source")
    assert (source["node"], source["supply_c"]) == ("flow", pytest.approx(70.0))
    load = {one["id"]: one for one in rows(part, "heat_load")}
    # Two of heat, mass flow, cooling and return are given; the others follow.
    assert load["by heat and flow"]["return_c"] == pytest.approx(70 - 8380 / (0.1 * 4190))
    assert load["by flow and return"]["p_specified"] == pytest.approx(0.1 * 4190 * 20)
    assert load["by cooling and heat"]["return_c"] == pytest.approx(40.0)
    assert load["nothing"]["p_specified"] is None
    assert {"heat.demand", "heat.return_side", "pipes.openings"} <= codes(part)
    pipe = rows(part, "heat_pipe")[0]
    assert pipe["u_w_per_mk"] == pytest.approx(10.0 * math.pi * 0.2)
    assert pipe["ground_c"] == pytest.approx(19.85)
    assert [one["id"] for one in rows(part, "heat_return_pipe")] == ["back"]


def test_the_table_of_places_goes_before_the_column_of_places(parse, save):
    part = parse(save(pipe_file(heat_net(), "water")), crs="EPSG:31467")
    nodes = next(one for one in part.layers if one.id == "heat_node")
    np.testing.assert_allclose(nodes.geometry.centres[0][:2], [3417000.0, 5370000.0])
    assert "pipes.places" in codes(part)


def test_places_without_a_system_are_asked_for(parse, save):
    with pytest.raises(NeedsAnswer, match="--crs"):
        parse(save(pipe_file(gas_net(), "hgas")))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.update(junction={"_module": "os", "_class": "function", "_object": "x"}),
        lambda body: body.update(fluid={"_module": "builtins", "_class": "eval", "_object": "1"}),
        lambda body: body.pop("junction"),
        lambda body: body["junction"].update(_object="{"),
    ],
)
def test_what_is_no_network_is_refused_in_one_sentence(parse, save, spoil):
    content = pipe_file(gas_net(), "hgas")
    spoil(content["_object"])
    with pytest.raises(CommandError) as told:
        parse(save(content), crs="EPSG:31467")
    assert str(told.value).count("\n") == 0


@pytest.mark.parametrize("fluid", [None, 7, "{", '"x"', '{"name": 3, "is_gas": true}', "[]"])
def test_a_strange_fluid_is_no_reason_to_fail(parse, save, fluid):
    content = pipe_file(gas_net(), "hgas")
    content["_object"]["fluid"] = {
        "_module": "pandapipes.properties.fluids", "_class": "Fluid", "_object": fluid,
    }  # fmt: skip
    assert parse(save(content), crs="EPSG:31467").layers


def test_strange_cells_are_no_reason_to_fail(parse, save):
    net = gas_net()
    net["pipe"]["data"][0] = ["p", None, "x", None, None, None, None]
    net["sink"]["data"][0] = [None, 99, math.nan, None, None, None]
    net["junction_geodata"]["data"][0] = ["a", None]
    part = parse(save(pipe_file(net, "hgas")), crs="EPSG:31467")
    assert "network.dangling" in codes(part)
    assert len(rows(part, "gas_node")) == 3


def test_the_stored_form_holds_networks_and_converters(parse, save):
    part = parse(save(stored_file()))
    by_id = {network.id: network for network in part.networks}
    assert {k: one.carrier for k, one in by_id.items()} == {
        "electricity": "electricity", "low": "heat", "gas": "gas",
    }  # fmt: skip
    assert by_id["low"].title == "Quarter"
    pipe = rows(part, "low_pipe")[0]
    assert (pipe["from_node"], pipe["carrier"]) == ("a", "heat")
    (machine,) = rows(part, "converter")
    assert (machine["id"], machine["kind"], machine["to_node"]) == ("pump", "heat_pump", "a")
    layer = next(one for one in part.layers if one.id == "converter")
    np.testing.assert_allclose(layer.geometry.centres[0][:2], [500.0, 0.0])
    assert {"converter.kind", "network.carrier"} <= codes(part)


def test_the_stored_form_may_hold_heat_alone(parse, save):
    content = stored_file()
    content["data"] = {}
    part = parse(save(content))
    assert [network.id for network in part.networks] == ["low", "gas"]


@pytest.mark.parametrize("wrong", [None, 3, "x", [3, None], [{"carrier": "heat", "node": 5}]])
def test_nonsense_among_stored_networks_is_passed_over(parse, save, wrong):
    content = stored_file()
    content["twinview"]["networks"] = wrong
    content["twinview"]["converter"] = wrong
    assert parse(save(content)).networks


def test_schutterwald(shared, read):
    folder = shared / "data" / "grid-schutterwald"
    gas = read(folder / "gas_net_schutterwald_1bar.json", crs="EPSG:31467")
    assert {layer.id: len(layer) for layer in gas.layers} == {
        "gas_node": 2559, "gas_pipe": 2559, "gas_source": 1, "gas_load": 1506,
    }  # fmt: skip
    loads = next(layer for layer in gas.layers if layer.id == "gas_load")
    # The file's mass flows add up to 0.098956 kg/s.
    assert loads.numbers("p_specified").sum() == pytest.approx(0.098956 * 13.20179 * 3.6e6, 1e-5)
    heat = read(folder / "sw_heat.json", crs="EPSG:31467")
    assert {layer.id: len(layer) for layer in heat.layers} == {
        "heat_node": 488, "heat_pipe": 241, "heat_return_pipe": 241, "heat_valve": 4,
        "heat_source": 1, "heat_load": 44,
    }  # fmt: skip
