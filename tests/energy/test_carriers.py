"""Several carriers in one district, against hand calculations."""

import numpy as np
import pytest

from tests.energy.neighbourhood import (
    computed,
    district,
    gas,
    heat,
    network,
    power,
    series,
)
from twinview.energy.carriers import make_carriers
from twinview.model.assemble import static_power
from twinview.model.twin import Twin
from twinview.progress import drain
from twinview.readers.registry import Options, choose

LOAD = [{"id": "flat", "node": "house", "building": "A", "p_specified": 100e3, "return_c": 50.0}]
SOURCE = [{"id": "outside", "node": "plant", "supply_c": 80.0, "intensity_g_per_kwh": 250.0}]


def at(run, layer: str, quantity: str, row: int = 0) -> float:
    return float(run.fields[layer, quantity][0, row])


def test_a_heat_network_alone_brings_the_carbon_of_its_source() -> None:
    # 100 kW at 250 g/kWh without losses: 25 kg/h at the house.
    run = computed(district([heat(LOAD, source=SOURCE)]))
    assert at(run, "heat_pipe", "power") == pytest.approx(100.0)
    assert at(run, "buildings", "heat_intensity") == pytest.approx(250.0)
    assert at(run, "buildings", "heat_emission") == pytest.approx(25.0)
    assert at(run, "buildings", "emission") == pytest.approx(25.0)
    assert np.isnan(run.fields["buildings", "emission"][0, 1])
    assert run.balance.energy == {}


def test_two_pipes_lose_what_the_exponential_law_says() -> None:
    # m cp = 100 kW / 30 K = 3.3333 kW/K. Trunk: U L = 1 W/mK x 100 m = 0.1 kW/K, so the supply
    # keeps k1 = exp(-0.03) of its 70 K above the ground, the branch k2 = exp(-0.015); the house
    # cools the water by 30 K, and it comes back the same way.
    network_, layers = heat(LOAD, source=SOURCE)
    pipes = layers[1].attributes
    pipes = pipes.set_column(pipes.column_names.index("u_w_per_mk"), "u_w_per_mk", [[1.0, 1.0]])
    layers[1] = type(layers[1])(layers[1].id, "", "pipe", pipes)
    run = computed(district([(network_, layers)]))
    flow = 100.0 / 30.0
    k1, k2 = np.exp(-0.1 / flow), np.exp(-0.05 / flow)
    supply = (1 - k1) * 70.0 + (1 - k2) * 70.0 * k1
    cold = 70.0 * k1 * k2 - 30.0
    back = (1 - k2) * cold + (1 - k1) * cold * k2
    lost = flow * (supply + back)
    energy = run.beside.balances["heat"].energy
    assert energy["loss"][0] == pytest.approx(lost)
    assert energy["import"][0] == pytest.approx(100.0 + lost)
    temperature = run.fields["heat_node", "supply_temperature"][0]
    np.testing.assert_allclose(temperature, [80.0, 10 + 70 * k1, 10 + 70 * k1 * k2])
    # Losses are the network's: the house still has the intensity of the source.
    assert at(run, "buildings", "heat_intensity") == pytest.approx(250.0)


def test_a_heat_pump_hands_on_the_carbon_of_its_electricity() -> None:
    # COP 4, no losses: 25 kW of electricity at 400 g/kWh make 100 kW of heat at 100 g/kWh.
    pump = {
        "id": "pump",
        "kind": "heat_pump",
        "from_node": "street",
        "to_node": "plant",
        "cop": 4.0,
    }
    electricity = power([{"id": "l", "node": "street", "building": "B", "p_specified": 50e3}])
    run = computed(district([electricity, heat(LOAD)], [pump]))
    assert at(run, "converter", "power") == pytest.approx(100.0)
    assert at(run, "buildings", "heat_intensity") == pytest.approx(100.0, rel=1e-6)
    assert run.balance.energy["load"][0] == pytest.approx(75.0)
    whole = {name: value[0] for name, value in run.beside.whole.carbon.items()}
    # House 10 kg/h by its heat, neighbour 20 kg/h by its electricity, all of it imported power.
    assert whole["load"] == pytest.approx(30.0, rel=1e-6)
    assert whole["import"] == pytest.approx(30.0, rel=1e-4)
    assert whole["generation"] == pytest.approx(0.0, abs=1e-9)
    assert at(run, "buildings", "emission", 1) == pytest.approx(20.0, rel=1e-6)


def test_a_boiler_divides_by_its_efficiency() -> None:
    # 200 g/kWh gas, efficiency 0.8: 250 g/kWh heat, 125 kW gas.
    boiler = {"id": "b", "kind": "boiler", "from_node": "plant", "to_node": "plant",
              "efficiency": 0.8}  # fmt: skip
    run = computed(district([gas(), heat(LOAD)], [boiler]))
    assert at(run, "gas_pipe", "power") == pytest.approx(125.0)
    assert at(run, "buildings", "heat_intensity") == pytest.approx(250.0)
    assert run.beside.whole.carbon["import"][0] == pytest.approx(25.0)


@pytest.mark.parametrize(
    ("rule", "of_heat", "of_power"),
    [
        # 200 kW gas at 200 g/kWh = 40 kg/h for 100 kW heat and 80 kW power.
        # energy: 40000 / 180 g/kWh for both.
        ("energy", 40000 / 180, 40000 / 180),
        # efficiency (references 0.35 and 0.80): weights 100/0.8 = 125 and 80/0.35 = 228.571.
        ("efficiency", 40000 / 353.5714 / 0.8, 40000 / 353.5714 / 0.35),
        # exergy: heat counts 1 - 283.15 K / T_mean; T_mean = 30 / ln(353.15/323.15) = 337.9282 K,
        # so 0.162100: weights 16.2100 and 80.
        ("exergy", 40000 / 96.2100 * 0.162100, 40000 / 96.2100),
    ],
)
def test_a_combined_plant_shares_its_carbon_by_rule(rule, of_heat, of_power) -> None:
    plant = {"id": "chp", "kind": "chp", "from_node": "plant", "to_node": "plant",
             "power_node": "street", "heat_efficiency": 0.5, "power_efficiency": 0.4,
             "allocation": rule}  # fmt: skip
    electricity = power([{"id": "l", "node": "street", "building": "B", "p_specified": 80e3}])
    run = computed(district([gas(), electricity, heat(LOAD)], [plant]))
    assert at(run, "gas_pipe", "power") == pytest.approx(200.0)
    assert at(run, "buildings", "heat_intensity") == pytest.approx(of_heat, rel=2e-5)
    # The plant's power serves the neighbour; nothing is imported but a rest for the cable.
    assert at(run, "buildings", "carbon_intensity", 1) == pytest.approx(of_power, rel=1e-4)
    assert run.beside.whole.carbon["import"][0] == pytest.approx(40.0, rel=1e-4)
    assert run.beside.whole.carbon["load"][0] == pytest.approx(40.0, rel=1e-4)


def test_waste_heat_is_free_unless_a_rule_gives_it_a_part() -> None:
    # A data centre of 300 kW at 400 g/kWh gives off 100 kW of heat.
    servers = [{"id": "servers", "node": "street", "building": "B", "p_specified": 300e3}]
    waste = {"id": "w", "kind": "waste_heat", "load": "servers", "to_node": "plant", "share": 0.5}
    free = computed(district([power(servers), heat(LOAD)], [waste]))
    assert at(free, "buildings", "heat_intensity") == 0.0
    assert at(free, "buildings", "emission", 1) == pytest.approx(120.0, rel=1e-6)
    # By energy, 100 of 400 kWh: a quarter of 120 kg/h goes with the heat and leaves the servers.
    shared = computed(district([power(servers), heat(LOAD)], [{**waste, "allocation": "energy"}]))
    assert at(shared, "buildings", "heat_emission") == pytest.approx(30.0, rel=1e-6)
    assert at(shared, "buildings", "emission", 1) == pytest.approx(90.0, rel=1e-6)
    assert shared.beside.whole.carbon["load"][0] == pytest.approx(120.0, rel=1e-6)


def test_a_heat_pump_lifts_waste_heat_as_far_as_there_is_any() -> None:
    # 40 kW of servers, all recoverable; COP 5 turns them into at most 50 kW of heat. The rest of
    # the 100 kW comes from outside at 250 g/kWh.
    servers = [{"id": "servers", "node": "street", "p_specified": 40e3}]
    pump = {"id": "p", "kind": "heat_pump", "from_node": "street", "to_node": "plant", "cop": 5.0,
            "load": "servers"}  # fmt: skip
    run = computed(district([power(servers), heat(LOAD, source=SOURCE)], [pump]))
    assert at(run, "converter", "power") == pytest.approx(50.0)
    # Mixed at the plant: half at 400/5 = 80 g/kWh, half at 250 g/kWh.
    assert at(run, "buildings", "heat_intensity") == pytest.approx(165.0, rel=1e-6)


def test_suppliers_serve_in_their_order_up_to_their_rating() -> None:
    first = {"id": "small", "kind": "boiler", "to_node": "plant", "efficiency": 1.0,
             "power_w": 30e3, "priority": 1, "input_intensity_g_per_kwh": 0.0}  # fmt: skip
    second = {**first, "id": "large", "power_w": 50e3, "priority": 2,
              "input_intensity_g_per_kwh": 100.0}  # fmt: skip
    run = computed(district([heat(LOAD, source=SOURCE)], [second, first]))
    np.testing.assert_allclose(run.fields["converter", "power"][0], [50.0, 30.0])
    assert run.beside.balances["heat"].energy["import"][0] == pytest.approx(20.0)
    # 0.3 x 0 + 0.5 x 100 + 0.2 x 250 = 100 g/kWh.
    assert at(run, "buildings", "heat_intensity") == pytest.approx(100.0)
    assert run.beside.beyond == {}


def test_the_last_supplier_balances_and_a_rating_broken_is_counted() -> None:
    source = [{**SOURCE[0], "power_w": 40e3}]
    run = computed(district([heat(LOAD, source=source)]))
    assert run.beside.balances["heat"].energy["import"][0] == pytest.approx(100.0)
    assert run.beside.beyond == {("heat", "outside"): 1}


def test_a_heat_store_takes_the_surplus_and_its_carbon() -> None:
    # The plant runs at 150 kW for two hours and rests for two; the house draws 100 kW. The store
    # takes 50 kWh twice, gives 100 kWh in the third hour; the fourth is served from outside.
    loads = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
    store = [{"id": "tank", "node": "plant", "energy_wh": 500e3, "power_w": 200e3, "soc0": 0.0}]
    plant = {"id": "boiler", "kind": "boiler", "to_node": "plant", "efficiency": 0.5,
             "input_intensity_g_per_kwh": 100.0}  # fmt: skip
    moving = (
        series("heat_load", "power", [[100.0]] * 4),
        series("converter", "power", [[150.0], [150.0], [0.0], [0.0]]),
    )
    twin = district([heat(loads, source=SOURCE, storage=store)], [plant], moving)
    run = computed(twin)
    np.testing.assert_allclose(
        run.fields["heat_storage", "energy"][:, 0], [50, 100, 0, 0], atol=1e-9
    )
    np.testing.assert_allclose(
        run.fields["buildings", "heat_intensity"][:, 0], [200.0, 200.0, 200.0, 250.0]
    )
    delta = run.beside.whole.carbon["storage_delta"]
    np.testing.assert_allclose(delta, [10.0, 10.0, -20.0, 0.0], atol=1e-12)


def test_a_grid_that_stands_still_follows_a_demand_that_moves() -> None:
    # COP 4 at 400 g/kWh; the demand changes from hour to hour, the grid's own load does not.
    loads = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
    pump = {"id": "p", "kind": "heat_pump", "from_node": "street", "to_node": "plant", "cop": 4.0}
    electricity = power([{"id": "l", "node": "street", "building": "B", "p_specified": 50e3}])
    demand = [[40.0], [80.0], [120.0], [0.0]]
    run = computed(
        district([electricity, heat(loads)], [pump], (series("heat_load", "power", demand),))
    )
    np.testing.assert_allclose(run.balance.energy["load"], [60.0, 70.0, 80.0, 50.0])
    np.testing.assert_allclose(run.fields["converter", "power"][:, 0], [40.0, 80.0, 120.0, 0.0])
    heat_rate = run.fields["buildings", "heat_intensity"][:3, 0]
    np.testing.assert_allclose(heat_rate, 100.0, rtol=1e-6)


def test_machines_stand_behind_loads_with_reactive_power_of_their_own() -> None:
    loads = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
    pump = {"id": "p", "kind": "heat_pump", "from_node": "street", "to_node": "plant", "cop": 4.0}
    own = [{"id": "l", "node": "street", "building": "B", "p_specified": 50e3}]
    moving = (
        series("heat_load", "power", [[40.0]] * 4),
        series("electricity_sym_load", "reactive_power", [[5.0]] * 4, "kvar"),
    )
    run = computed(district([power(own), heat(loads)], [pump], moving))
    np.testing.assert_allclose(run.balance.energy["load"], 60.0)


def test_a_surplus_that_nobody_takes_leaves_at_the_balancing_source() -> None:
    loads = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
    plant = {"id": "boiler", "kind": "boiler", "to_node": "plant", "efficiency": 1.0,
             "input_intensity_g_per_kwh": 100.0}  # fmt: skip
    moving = (series("heat_load", "power", [[100.0]] * 4),
              series("converter", "power", [[130.0]] * 4))  # fmt: skip
    run = computed(district([heat(loads, source=SOURCE)], [plant], moving))
    np.testing.assert_allclose(run.beside.balances["heat"].energy["export"], 30.0)
    np.testing.assert_allclose(run.beside.whole.carbon["export"], 3.0)


def test_a_chiller_feeds_a_cooling_network_that_gains_warmth() -> None:
    tables = {
        "node": [{"id": "machine"}, {"id": "hall"}],
        "pipe": [{"id": "p", "from_node": "machine", "to_node": "hall", "length_m": 100.0,
                  "u_w_per_mk": 1.0, "ground_c": 10.0}],
        "load": [{"id": "c", "node": "hall", "building": "A", "p_specified": 60e3,
                  "return_c": 12.0}],
    }  # fmt: skip
    chiller = {"id": "k", "kind": "chiller", "from_node": "street", "to_node": "machine",
               "eer": 4.0, "supply_c": 6.0}  # fmt: skip
    electricity = power([{"id": "l", "node": "street", "p_specified": 1e3}])
    run = computed(district([electricity, network("cooling", tables)], [chiller]))
    # 6 K over 60 kW: 10 kW/K; 0.1 kW/K of pipe. The supply is 4 K colder than the ground and
    # arrives at 4 k; the return is 6 K warmer than that, so warmer than the ground, which makes
    # good a part of the gain.
    k = np.exp(-0.01)
    lost = 10.0 * (1 - k) * (4.0 - (6.0 - 4.0 * k))
    assert run.beside.balances["cooling"].energy["loss"][0] == pytest.approx(lost)
    assert at(run, "buildings", "cooling_intensity") == pytest.approx(100.0, rel=1e-6)


def test_loads_without_supply_get_nothing_and_are_named() -> None:
    loads = [*LOAD, {"id": "far", "node": "alone", "building": "B", "p_specified": 5e3,
                     "return_c": 50.0}]  # fmt: skip
    network_, layers = heat(loads, source=SOURCE)
    nodes = [*layers[0].attributes.to_pylist(), {"id": "alone"}]
    layers[0] = type(layers[0])(
        layers[0].id, "", "node", type(layers[0].attributes).from_pylist(nodes)
    )
    run = computed(district([(network_, layers)]))
    assert run.beside.unfed == {"heat": ("far",)}
    assert np.isnan(run.fields["buildings", "heat_intensity"][0, 1])


def test_networks_that_feed_each_other_are_refused() -> None:
    there = {"id": "there", "kind": "exchanger", "from_network": "heat", "from_node": "house",
             "to_network": "low", "to_node": "a"}  # fmt: skip
    back = {"id": "back", "kind": "exchanger", "from_network": "low", "from_node": "a",
            "to_network": "heat", "to_node": "plant"}  # fmt: skip
    low = network("heat", {"node": [{"id": "a"}]}, "low")
    twin = district([heat(LOAD), low], [there, back])
    with pytest.raises(ValueError, match="feed each other"):
        make_carriers(twin, None)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"to_node": "nowhere"}, "no network 'heat' has the node 'nowhere'"),
        ({"efficiency": 2.0}, "'efficiency' must lie above 0"),
        ({"kind": "waste_heat"}, "names no electrical load"),
        ({"kind": "chp", "allocation": "free"}, "'allocation' must be one of"),
        ({"kind": "heat_pump", "cop": 0.5}, "'cop' of 0.5 is too small"),
        ({"share": 2.0}, "'share' must lie"),
        ({"load": "nobody"}, "no electrical load 'nobody'"),
    ],
)
def test_a_machine_that_cannot_be_is_left_out_with_its_reason(wrong, why) -> None:
    machine = {"id": "m", "kind": "boiler", "to_node": "plant", "efficiency": 0.9, **wrong}
    carriers = make_carriers(district([heat(LOAD, source=SOURCE)], [machine]), None)
    (problem,) = [one for one in carriers.problems if one.code == "converter.unusable"]
    assert why in problem.message
    assert problem.element_ids == ("m",)
    assert not carriers.machines


def test_figures_that_are_missing_are_assumed_and_said() -> None:
    machine = {"id": "m", "kind": "boiler", "to_node": "plant"}
    carriers = make_carriers(district([heat(LOAD, source=SOURCE)], [machine]), None)
    (problem,) = [one for one in carriers.problems if one.code == "converter.assumed"]
    assert "efficiency = 0.9" in problem.message


def test_a_real_circuit_takes_in_the_heat_that_another_program_finds(shared):
    # pandapipes 0.16.0, pipeflow(mode="bidirectional"): the pump of sw_heat.json adds 2459.225 kW
    # with a heat capacity that follows the temperature; here it is constant.
    path = shared / "data" / "grid-schutterwald" / "sw_heat.json"
    part = drain(choose(path).read(path, Options(crs="EPSG:31467")))
    layers = {one.id: one for one in part.layers}
    twin = Twin("s", "", (0, 0, 0), layers, {one.id: one for one in part.networks})
    run = computed(twin.with_series(*static_power(twin)))
    energy = run.beside.balances["heat"].energy
    assert energy["import"][0] == pytest.approx(2459.225, rel=2e-3)
    # The first consumer gets its water at 342.331 K, the second at 335.887 K.
    nodes = {name: row for row, name in enumerate(layers["heat_node"].ids)}
    places = [nodes[one] for one in layers["heat_load"].column("node")[:2]]
    warm = run.fields["heat_node", "supply_temperature"][0, places] + 273.15
    np.testing.assert_allclose(warm, [342.330853, 335.887179], atol=0.05)
