"""Heat stores by the rules of electrical ones; every figure is worked out by hand."""

import numpy as np
import pytest

from tests.energy.neighbourhood import computed, district, heat, power, series
from twinview.energy.compute import Assumptions, Run
from twinview.model.series import Dense

PRICE = [[1.0], [1.0], [5.0], [5.0]]
CARBON = [[100.0], [100.0], [500.0], [500.0]]
STEADY = [[100.0]] * 4
PEAK = [[100.0], [100.0], [200.0], [100.0]]


def run_of(
    demand: object = STEADY, *more: Dense, tanks: int = 1, **assumed: object
) -> tuple[np.ndarray, np.ndarray, Run]:
    """Return contents, import and the run of a house with a tank of 500 kWh and 200 kW."""
    loads = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
    source = [{"id": "outside", "node": "plant", "supply_c": 80.0, "intensity_g_per_kwh": 250.0}]
    store = [
        {"id": f"tank {k}", "node": "plant", "energy_wh": 500e3, "power_w": 200e3, "soc0": 0.0}
        for k in range(tanks)
    ]
    moving = (series("heat_load", "power", demand), *more)
    twin = district([heat(loads, source=source, storage=store)], (), moving)
    run = computed(twin, grid=Assumptions(**assumed))  # type: ignore[arg-type]
    assert run.beside is not None
    bought = run.beside.balances["heat"].energy["import"]
    return run.fields["heat_storage", "energy"], bought, run


def test_by_price() -> None:
    # The quarters of the day are 1 and 5: 200 kW twice, then the 100 kW of the house from the tank.
    prices = series("heat_source", "price", PRICE, "¤/kWh")
    inside, bought, _run = run_of(STEADY, prices, rule="price")
    np.testing.assert_allclose(inside[:, 0], [200, 400, 300, 200])
    np.testing.assert_allclose(bought, [300, 300, 0, 0], atol=1e-9)


def test_by_carbon_the_dirty_hours_are_served_with_clean_heat() -> None:
    mix = series("heat_source", "carbon_intensity", CARBON, "g/kWh")
    inside, bought, run = run_of(STEADY, mix, rule="carbon")
    np.testing.assert_allclose(inside[:, 0], [200, 400, 300, 200])
    np.testing.assert_allclose(bought, [300, 300, 0, 0], atol=1e-9)
    np.testing.assert_allclose(run.fields["buildings", "heat_intensity"][:, 0], 100.0)


def test_by_one_intensity_for_all_time_tanks_rest() -> None:
    inside, bought, _run = run_of(STEADY, rule="carbon")
    np.testing.assert_allclose(inside, 0.0)
    np.testing.assert_allclose(bought, 100.0)


def test_peaks_are_shaved_to_a_limit() -> None:
    # Below 120 kW the tank takes 20; of the 80 beyond it has 40.
    inside, bought, _run = run_of(PEAK, rule="peak_shaving", peak_limit=120.0)
    np.testing.assert_allclose(inside[:, 0], [20, 40, 0, 20], atol=1e-9)
    np.testing.assert_allclose(bought, [120, 120, 160, 120])


def test_peaks_are_shaved_to_a_percentile_of_the_span_which_two_tanks_share() -> None:
    # Percentile 80 of 100, 100, 200, 100 is 100 + 0.4 x 100 = 140 kW.
    inside, bought, _run = run_of(PEAK, tanks=2, rule="peak_shaving", peak_percentile=80.0)
    np.testing.assert_allclose(inside, np.outer([40, 80, 20, 60], [0.5, 0.5]), rtol=1e-6)
    np.testing.assert_allclose(bought, [140, 140, 140, 140], rtol=1e-6)


@pytest.mark.parametrize("rule", ["price", "given", "peak_shaving"])
def test_a_plan_goes_before_any_rule(rule: str) -> None:
    plan = series("heat_storage", "power", [[50.0], [-20.0], [0.0], [-90.0]])
    inside, _bought, _run = run_of(STEADY, plan, rule=rule)
    np.testing.assert_allclose(inside[:, 0], [50, 30, 30, 0], atol=1e-9)


def test_own_use_is_left_as_it_was_and_given_without_a_plan_is_the_same() -> None:
    for rule in ("self_consumption", "given"):
        inside, _bought, _run = run_of(STEADY, rule=rule)
        np.testing.assert_allclose(inside, 0.0)


def test_without_a_price_the_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="follows the series 'price' of the source"):
        run_of(STEADY, rule="price")


def test_a_price_with_gaps_is_refused() -> None:
    holes = series("heat_source", "price", [[1.0], [np.nan], [5.0], [5.0]], "¤/kWh")
    with pytest.raises(ValueError, match="missing at step 1"):
        run_of(STEADY, holes, rule="price")


def test_where_heat_pumps_alone_supply_the_tank_follows_the_import_of_electricity() -> None:
    # COP 4 at 100 and 500 g/kWh: 25 and 125 g/kWh of heat; the tank turns the dear into the cheap.
    loads = [{"id": "flat", "node": "house", "building": "A", "return_c": 50.0}]
    store = [{"id": "tank", "node": "plant", "energy_wh": 500e3, "power_w": 200e3, "soc0": 0.0}]
    pump = {"id": "p", "kind": "heat_pump", "from_node": "street", "to_node": "plant", "cop": 4.0}
    own = [{"id": "l", "node": "street", "building": "B", "p_specified": 50e3}]
    moving = (
        series("heat_load", "power", STEADY),
        series("electricity_source", "carbon_intensity", CARBON, "g/kWh"),
    )
    twin = district([power(own), heat(loads, storage=store)], [pump], moving)
    run = computed(twin, grid=Assumptions(rule="carbon"))
    np.testing.assert_allclose(run.fields["heat_storage", "energy"][:, 0], [200, 400, 300, 200])
    intensity = run.fields["buildings", "heat_intensity"][:, 0]
    np.testing.assert_allclose(intensity, 25.0, rtol=1e-6)
