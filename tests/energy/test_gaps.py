"""A value that is missing masks its step in all results; the other steps are computed as ever."""

from dataclasses import replace

import numpy as np
import pytest

from tests.energy.neighbourhood import district, gas, heat, power, series
from tests.energy.test_compute import village
from twinview.energy.carrier_fields import compute_carriers
from twinview.energy.carriers import Choices, make_carriers
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import make_district
from twinview.energy.storage import Limits, peak_shaving

HOUSE = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
PLANT = [{"id": "outside", "node": "plant", "supply_c": 80.0, "intensity_g_per_kwh": 250.0}]
NAN = np.nan


def holed(twin, layer: str, step: int, row: int = 0):
    """Return a twin with one power missing."""
    one = twin.find(layer, "power")
    values = one.values.copy()
    values[step, row] = np.nan
    return twin.with_series(replace(one, values=values))


def runs(twin, **choices: object) -> list:
    found = make_district(twin, twin.networks["grid"])
    return list(compute(found, range(found.time.count), Assumptions(**choices)))  # type: ignore[arg-type]


@pytest.mark.parametrize("layer", ["sym_load", "sym_gen"])
def test_only_the_step_without_the_value_is_not_computed(layer):
    (whole,), (one,) = runs(village()), runs(holed(village(), layer, 2))
    steps = one.stop - one.start
    others = np.arange(steps) != 2
    assert one.converged.tolist() == others.tolist()
    for key, values in one.fields.items():
        assert np.isnan(values[2]).all(), key
        np.testing.assert_array_equal(values[others], whole.fields[key][others])
    assert one.balance.known.tolist() == others.tolist()
    (gap,) = one.gaps
    assert (gap.layer, gap.rows.tolist(), gap.holes[:, 0].tolist()) == (
        layer, [0], (~others).tolist(),
    )  # fmt: skip


def test_a_store_rests_in_such_a_step_and_loses_what_it_loses_by_standing():
    # A rule that would charge 3 kW in each step: 10 kWh + 3 - 10 % ..., by hand.
    limits = Limits(
        100.0, 3.0, standing_loss=0.1, energy0=10.0, resting=np.array([False, True, False])
    )
    flow, held = peak_shaving([[0.0], [0.0], [0.0]], 5.0, limits)
    np.testing.assert_allclose(flow[:, 0], [3.0, 0.0, 3.0])
    np.testing.assert_allclose(held[:, 0], [10.0, 12.0, 10.8, 12.72])


@pytest.mark.parametrize("rule", ["self_consumption", "peak_shaving", "carbon"])
def test_stores_with_a_rule_go_through_such_a_step(rule):
    (run,) = runs(holed(village(battery_kwh=4000.0), "sym_load", 2), rule=rule, peak_limit=700.0)
    energy = run.fields["storage", "energy"][:, 0]
    power = run.fields["storage", "power"][:, 0]
    assert np.isnan(energy[2])
    assert np.isnan(power[2])
    # No losses: what it holds after the next step is what it held before, and that step's power.
    assert energy[3] == pytest.approx(energy[1] + power[3], abs=1e-6)
    left = run.balance.carbon["residual"][run.balance.known]
    np.testing.assert_allclose(left, 0.0, atol=1e-4)


def carried(twin):
    """Compute all carriers of a twin."""
    electrical = next((n for n in twin.networks.values() if n.carrier == "electricity"), None)
    made = make_carriers(twin, electrical)
    chosen = Choices(grid=Assumptions(import_intensity=400.0))
    (run,) = compute_carriers(made, range(made.time.count), chosen)
    return run


def test_a_heat_meter_without_a_value_masks_the_step_of_its_network():
    moving = series("heat_load", "power", [[100.0], [NAN], [50.0], [100.0]])
    run = carried(district([heat(HOUSE, source=PLANT)], moving=(moving,)))
    assert run.converged.tolist() == [True, False, True, True]
    # 100 + 50 + 100 kWh at 250 g/kWh, without losses.
    totals = run.beside.balances["heat"].totals()
    assert totals["energy_kwh"]["load"] == pytest.approx(250.0)
    assert totals["carbon_kg"]["load"] == pytest.approx(62.5)
    for key, values in run.fields.items():
        assert np.isnan(values[1]).all(), key
    assert run.fields["buildings", "heat_emission"][:, 0] == pytest.approx(
        [25.0, NAN, 12.5, 25.0], nan_ok=True
    )
    (gap,) = run.gaps
    assert (gap.layer, gap.ids) == ("heat_load", ("flat",))


def test_what_a_source_is_said_to_feed_in_must_be_said_always():
    # The waste heat gives 30 kW; in the third step nobody says what it gives.
    sources = [*PLANT, {"id": "waste", "node": "street", "supply_c": 80.0,
                        "intensity_g_per_kwh": 0.0}]  # fmt: skip
    given = series("heat_source", "power", [[NAN, 30.0], [NAN, 30.0], [NAN, NAN], [NAN, 30.0]])
    loads = series("heat_load", "power", np.full((4, 1), 100.0))
    run = carried(district([heat(HOUSE, source=sources)], moving=(loads, given)))
    assert run.converged.tolist() == [True, True, False, True]
    # 70 of 100 kW come from the plant: 175 g/kWh.
    assert run.fields["buildings", "heat_intensity"][:, 0] == pytest.approx(
        [175.0, 175.0, NAN, 175.0], nan_ok=True
    )
    assert run.gaps[0].ids == ("waste",)


def test_a_machine_ties_the_networks_so_that_the_step_is_unknown_in_both():
    boiler = {"id": "boiler", "kind": "boiler", "from": "gas", "from_node": "plant", "to": "heat",
              "to_node": "plant", "efficiency": 0.8, "building": "A"}  # fmt: skip
    moving = series("heat_load", "power", [[80.0], [NAN], [40.0], [80.0]])
    run = carried(district([heat(HOUSE), gas()], [boiler], moving=(moving,)))
    # 200 kWh of heat from 250 kWh of gas at 200 g/kWh: 50 kg.
    assert run.beside.balances["gas"].totals()["energy_kwh"]["import"] == pytest.approx(250.0)
    assert np.nansum(run.beside.whole.carbon["import"]) == pytest.approx(50.0)
    assert np.isnan(run.beside.whole.carbon["import"]).tolist() == [False, True, False, False]


def test_a_store_of_heat_rests_as_well():
    # 10 % are lost in an hour; 100 kWh at the start, no plan reaches beyond the gap.
    store = [{"id": "tank", "node": "street", "energy_wh": 200e3, "power_w": 50e3, "soc0": 0.5,
              "standing_loss_per_hour": 0.1}]  # fmt: skip
    loads = series("heat_load", "power", [[100.0], [NAN], [100.0], [100.0]])
    plan = series("heat_storage", "power", [[0.0], [20.0], [0.0], [-10.0]])
    made = [heat(HOUSE, source=PLANT, storage=store)]
    run = carried(district(made, moving=(loads, plan)))
    # 90, 81 (rest), 72.9, 65.61 - 10.
    assert run.fields["heat_storage", "energy"][:, 0] == pytest.approx(
        [90.0, NAN, 72.9, 55.61], nan_ok=True
    )


def test_electricity_is_unknown_too_where_heat_is_and_loads_that_are_there_are_kept():
    loads = [{"id": "shop", "node": "street", "building": "B"}]
    moving = (
        series("heat_load", "power", [[100.0], [NAN], [100.0], [100.0]]),
        series("electricity_sym_load", "power", [[10.0], [10.0], [NAN], [10.0]]),
    )
    run = carried(district([heat(HOUSE, source=PLANT), power(loads)], moving=moving))
    assert run.converged.tolist() == [True, False, False, True]
    assert run.balance.totals()["energy_kwh"]["load"] == pytest.approx(20.0)
    assert {gap.ids for gap in run.gaps} == {("flat",), ("shop",)}
