"""What must hold for any networks of heat and gas: nothing is lost, nothing is made."""

from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.energy.neighbourhood import (
    HOURS,
    closed,
    computed,
    district,
    gas,
    network,
    power,
    series,
)
from twinview.energy import carrier_fields
from twinview.energy.carrier_fields import compute_carriers
from twinview.energy.carriers import Choices, make_carriers
from twinview.energy.given import Assumptions

STEPS = HOURS.count


@st.composite
def heat_networks(draw):
    """Return a tree with some rings, its loads over time, and a store."""
    n = draw(st.integers(2, 7))
    edges = [(draw(st.integers(0, k - 1)), k) for k in range(1, n)]
    edges += draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=3))
    number = st.floats(0.0, 1.0, allow_subnormal=False)
    pipes = [
        {"id": f"p{k}", "from_node": f"n{a}", "to_node": f"n{b}",
         "length_m": 1 + 300 * draw(number), "u_w_per_mk": draw(number), "ground_c": 8.0,
         "diameter_m": 0.05 + 0.1 * draw(number)}
        for k, (a, b) in enumerate(edges)
        if a != b
    ]  # fmt: skip
    loads = [{"id": f"l{k}", "node": f"n{k}", "return_c": 45.0, "building": "AB"[k % 2]}
             for k in range(n)]  # fmt: skip
    powers = [[round(80 * draw(number), 3) for _load in loads] for _step in range(STEPS)]
    tables = {
        "node": [{"id": f"n{k}"} for k in range(n)],
        "pipe": pipes,
        "load": loads,
        "source": [{"id": "outside", "node": f"n{draw(st.integers(0, n - 1))}",
                    "supply_c": 75.0, "intensity_g_per_kwh": 300.0}],
        "storage": [{"id": "tank", "node": "n0", "energy_wh": 200e3, "power_w": 60e3,
                     "eta_charge": 0.95, "eta_discharge": 0.9, "standing_loss_per_hour": 0.01,
                     "soc0": draw(number), "start_intensity_g_per_kwh": 150.0}],
    }  # fmt: skip
    return tables, powers, draw


@settings(max_examples=30, deadline=None)
@given(heat_networks())
def test_every_balance_closes_in_trees_and_rings(made):
    tables, powers, draw = made
    last = tables["node"][-1]["id"]
    shared = draw(st.sampled_from(["energy", "exergy", "efficiency"]))
    plant = {"id": "chp", "kind": "chp", "from_node": "plant", "to_node": "n0",
             "power_node": "street", "heat_efficiency": 0.5, "power_efficiency": 0.3,
             "power_w": 40e3, "allocation": shared}  # fmt: skip
    pump = {"id": "pump", "kind": "heat_pump", "from_node": "street", "to_node": last, "cop": 3.0,
            "power_w": 30e3, "priority": 2, "load": "servers", "share": 0.8,
            "allocation": draw(st.sampled_from(["free", "energy", "exergy"]))}  # fmt: skip
    waste = {"id": "waste", "kind": "waste_heat", "to_node": last, "priority": 0, "share": 0.2,
             "load": "servers", "allocation": "energy"}  # fmt: skip
    servers = power([{"id": "servers", "node": "street", "building": "B", "p_specified": 50e3}])
    parts = [servers, gas(), network("heat", tables)]
    twin = district(parts, [plant, pump, waste], (series("heat_load", "power", powers),))
    run = computed(twin)
    energy = run.beside.balances["heat"].energy
    assert (energy["loss"] >= 0).all()
    rates = run.fields["heat_node", "heat_intensity"]
    assert np.nanmin(rates, initial=0.0) >= 0.0


@settings(max_examples=10, deadline=None)
@given(heat_networks())
def test_runs_hand_the_stores_on(made):
    tables, powers, _draw = made
    twin = district([network("heat", tables)], (), (series("heat_load", "power", powers),))
    whole = computed(twin)
    carriers = make_carriers(twin, None)
    choices = Choices(grid=Assumptions())
    with mock.patch.object(carrier_fields, "RUN_STEPS", 1):
        pieces = list(compute_carriers(carriers, range(STEPS), choices))
    for piece in pieces:
        closed(piece)
    for key, values in whole.fields.items():
        joined = np.concatenate([piece.fields[key] for piece in pieces])
        np.testing.assert_allclose(joined, values, rtol=1e-6, atol=1e-6, equal_nan=True)
