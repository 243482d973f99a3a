"""Machines between carriers: by hand, and carbon that goes through a chain of them whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.converters import (
    boiler,
    carnot_cop,
    carnot_eer,
    chiller,
    chp,
    heat_pump,
    heat_quality,
    measured_cop,
    share_carbon,
    waste_heat,
)
from twinview.energy.heat import HeatPipes, Temperatures, solve_heat
from twinview.energy.pipes import trace_pipes
from twinview.energy.tracing import trace


def test_machines_by_hand() -> None:
    assert carnot_cop(0.0, 35.0, 0.5) == pytest.approx(0.5 * 308.15 / 35)
    assert carnot_cop(34.9, 35.0, 0.5) == 10.0
    assert carnot_eer(7.0, 35.0, 0.4) == pytest.approx(0.4 * 280.15 / 28)
    assert heat_pump(500.0, 4.0) == pytest.approx(125)
    # A quarter electricity at 500, three quarters waste heat at 40.
    assert heat_pump(500.0, 4.0, 40.0) == pytest.approx(155)
    assert chiller(500.0, 5.0) == pytest.approx(100)
    assert boiler(202.0, 0.9) == pytest.approx(224.444, abs=1e-3)


def test_heat_pumps_on_sale() -> None:
    # Staffell et al.: at a lift of 40 K, 6.81 - 4.84 + 1.008 and 8.77 - 6 + 1.1744.
    assert measured_cop("air", [40.0]) == pytest.approx([2.978])
    assert measured_cop("ground", [40.0]) == pytest.approx([3.9444])
    assert measured_cop("air", [0.0]) == measured_cop("air", [15.0])


def test_splits_of_a_combined_plant_by_hand() -> None:
    # 100 kWh of gas at 200 g/kWh give 40 kWh of power and 45 kWh of heat: 20,000 g.
    power, heat = chp(200.0, 0.4, 0.45, "energy")
    assert (power[0], heat[0]) == pytest.approx((20000 / 85, 20000 / 85))
    power, heat = chp(200.0, 0.4, 0.45, "efficiency")
    # Separate generation would take 40 / 0.35 and 45 / 0.8 of fuel: 114.286 and 56.25.
    fuels = 40 / 0.35 + 45 / 0.8
    assert power[0] == pytest.approx(20000 * (40 / 0.35) / fuels / 40)
    assert heat[0] == pytest.approx(20000 * (45 / 0.8) / fuels / 45)
    power, heat = chp(200.0, 0.4, 0.45, "exergy", supply=90.0, back=90.0, ambient=10.0)
    quality = 1 - 283.15 / 363.15
    assert power[0] == pytest.approx(20000 / (40 + 45 * quality))
    assert heat[0] == pytest.approx(quality * power[0])


def test_quality_of_heat_uses_the_logarithmic_mean() -> None:
    mean = 40 / np.log(363.15 / 323.15)
    assert heat_quality(90.0, 50.0, 10.0) == pytest.approx(1 - 283.15 / mean)


@given(
    st.sampled_from(["energy", "exergy", "efficiency"]),
    st.floats(0.05, 0.6),
    st.floats(0.05, 0.5),
    st.floats(0, 900),
)
def test_a_combined_plant_keeps_all_carbon(rule, power, heat, fuel) -> None:
    e_power, e_heat = chp(fuel, power, heat, rule)
    assert power * e_power[0] + heat * e_heat[0] == pytest.approx(fuel)
    assert e_heat[0] <= e_power[0] + 1e-9


def test_a_data_centre_warms_the_district() -> None:
    free = waste_heat([400.0], [1300.0], [650.0], "free")
    assert free.intensity[0] == pytest.approx([400, 0])
    shared = waste_heat([400.0], [1300.0], [650.0], "energy")
    assert shared.intensity[0] == pytest.approx([400 / 1.5, 400 / 1.5])
    for rule in ("free", "energy", "exergy"):
        found = waste_heat([400.0], [1300.0], [650.0], rule).intensity[0]
        assert found @ [1300.0, 650.0] == pytest.approx(400 * 1300)


def test_stand_by_carbon_is_not_lost() -> None:
    found = share_carbon([100.0, 100.0], [[0.0, 0.0], [2.0, 0.0]], [1.0, 1.0])
    assert found.unbooked.tolist() == [100.0, 0.0]
    assert found.intensity[1, 0] == pytest.approx(50)
    assert np.isnan(found.intensity[1, 1])


@given(st.integers(0, 2**31))
def test_carbon_goes_from_gas_and_grid_to_the_radiator(seed) -> None:
    """From gas and imports by CHP, grid, heat pump and data centre into the heat network."""
    rng = np.random.default_rng(seed)
    steps = 3
    gas, import_rate = 202.0, rng.uniform(100, 700, steps)
    fuel = rng.uniform(100, 300, steps)
    e_power, e_heat = chp(np.full(steps, gas), 0.38, 0.45, "exergy")
    chp_power, chp_heat = 0.38 * fuel, 0.45 * fuel
    # Heat network first: the heat pump balances it, and says what electricity it needs.
    dc_heat, demand = rng.uniform(5, 40, steps), rng.uniform(150, 400, (steps, 2))
    pipes = HeatPipes(4, [0, 1, 1], [1, 2, 3], [300.0, 200.0, 100.0], 0.3)
    given = np.column_stack([np.zeros(steps), chp_heat, dc_heat])
    found = solve_heat(pipes, ([0, 1, 3], given), ([2, 3], demand), Temperatures(85.0, 50.0, 9.0))
    assert found.solved.all()
    cop = carnot_cop(rng.uniform(-5, 12, steps), 85.0, 0.5)
    heat_pump_power = found.flow.source_power[:, 0] / cop
    dc_power = 1.3 * dc_heat
    # Grid: import and CHP at bus 0, a line with 3 % loss to the heat pump, data centre and homes.
    homes = rng.uniform(20, 60, steps)
    drawn = heat_pump_power + dc_power + homes
    sent = drawn / 0.97
    imported = np.maximum(sent - chp_power, 0)
    export = np.maximum(chp_power - sent, 0)
    grid = trace(
        2, [0], [1], sent[:, None], -drawn[:, None], [0, 0],
        np.column_stack([imported, chp_power]), np.column_stack([import_rate, e_power]),
        [1, 1, 1, 0], np.column_stack([heat_pump_power, dc_power, homes, export]),
    )  # fmt: skip
    at_machines = grid.intensity[:, 1]
    centre = waste_heat(at_machines, dc_power, dc_heat, "exergy")
    rates = np.column_stack([heat_pump(at_machines, cop), e_heat, centre.intensity[:, 1]])
    heat = trace_pipes(found.flow, rates)
    booked = heat.load_carbon.sum(axis=1) + heat.loss_carbon.sum(axis=1)
    booked += grid.load_carbon[:, 2:].sum(axis=1) + grid.loss_carbon.sum(axis=1)
    booked += centre.intensity[:, 0] * dc_power
    np.testing.assert_allclose(booked, imported * import_rate + fuel * gas, rtol=1e-7)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: carnot_cop(0.0, 35.0, 1.5), "share of the ideal"),
        (lambda: heat_pump(1.0, 0.5), "cop >= 1"),
        (lambda: chiller(1.0, 0.0), "above 0"),
        (lambda: boiler(1.0, 1.5), "up to 1.12"),
        (lambda: chp(1.0, 0.7, 0.6, "energy"), "together at most"),
        (lambda: chp(1.0, 0.4, 0.4, "guess"), "rule must be"),
        (lambda: waste_heat([1.0], [1.0], [2.0], "free"), "no more heat"),
        (lambda: waste_heat([1.0], [1.0], [1.0], "guess"), "rule must be"),
        (lambda: heat_quality(50.0, 90.0, 10.0), "must fall"),
        (lambda: share_carbon([1.0], [[-1.0]], [1.0]), "not be negative"),
    ],
)
def test_mistakes_are_told_in_a_sentence(call, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
