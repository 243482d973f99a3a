"""Own power first, or everything mixed at the bus."""

from dataclasses import replace

import numpy as np
import pytest

from tests.energy.support import case
from twinview.energy.netting import Devices, Rule, net_buildings
from twinview.energy.reservoir import Stores
from twinview.energy.tracing import trace


def two_houses() -> tuple[Devices, Devices, dict]:
    wanted = case("p12_prosumer")
    given = wanted["input"]
    a, b = given["houses"]["A"], given["houses"]["B"]
    gens = Devices([0, 0, 0], [[given["bus"]["grid_MW"], a["pv"], b["pv"]]], [-1, 0, 1])
    loads = Devices([0, 0], [[a["load"], b["load"]]], [0, 1])
    return gens, loads, wanted


@pytest.mark.parametrize("rule", ["mixed", "netted"])
def test_p12_whose_solar_power_is_it(rule: Rule) -> None:
    gens, loads, wanted = two_houses()
    nothing = np.zeros((1, 0))
    net = net_buildings(1, ([], [], nothing, nothing), [0, 0], gens, loads, rule=rule)
    traced = trace(
        net.n_bus, net.from_bus, net.to_bus, net.p_from, net.p_to,
        net.gen_bus, gens.power, [[wanted["input"]["bus"]["grid_ci"], 0, 0]],
        net.load_bus, loads.power,
    )  # fmt: skip
    expected = wanted["expected"][rule]
    exactly = wanted["tolerance"]
    assert traced.intensity[0, 0] == pytest.approx(expected["E_bus"], abs=exactly)
    assert traced.load_carbon[0] == pytest.approx([expected["A"], expected["B"]], abs=exactly)
    assert traced.node_residual[0] == 0


def test_a_building_with_a_battery_feeds_its_neighbour_with_the_rest() -> None:
    steps = np.ones((2, 1))
    gens = Devices([0, 1], [[0.0, 9.0], [1.0, 0.0]], [-1, 0])
    loads = Devices([1, 1], [[2.0, 3.0], [2.0, 3.0]], [0, 1])
    stores = Devices([1], [[4.0], [-4.0]], [0])
    branch = ([0], [1], 0.0 * steps, 0.0 * steps)
    branch[2][1], branch[3][1] = 1.0, -1.0
    net = net_buildings(2, branch, [1, 1], gens, loads, stores)
    assert net.building_bus.tolist() == [2, 3]
    assert net.p_from[:, 1:].tolist() == [[-3.0, 3.0], [-2.0, 3.0]]
    held = Stores(net.store_bus, stores.power)
    traced = trace(
        net.n_bus, net.from_bus, net.to_bus, net.p_from, net.p_to,
        net.gen_bus, gens.power, [[600.0, 30.0], [600.0, 30.0]], net.load_bus, loads.power,
        stores=held,
    )  # fmt: skip
    np.testing.assert_allclose(traced.node_residual, 0, atol=1e-12)
    np.testing.assert_allclose(traced.load_carbon, [[60, 90], [60, 2 * 30 + 600]])


def test_mistakes_are_told_in_a_sentence() -> None:
    gens, loads, _ = two_houses()
    nothing = np.zeros((1, 0))
    branches = ([], [], nothing, nothing)
    with pytest.raises(ValueError, match=r"gens\[1\] hangs at bus 0, but its building 0 at bus 1"):
        net_buildings(2, branches, [1, 0], gens, loads)
    with pytest.raises(ValueError, match="a building's number or -1"):
        net_buildings(1, branches, [0, 0], replace(gens, building=[-1, 0, 2]), loads)
    with pytest.raises(ValueError, match="netted or mixed"):
        net_buildings(1, branches, [0, 0], gens, loads, rule="own")
