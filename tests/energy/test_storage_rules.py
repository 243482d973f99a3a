"""Peak shaving, price, carbon, and given power: rules that never break a limit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.energy.support import case
from twinview.energy.reservoir import Stores, make_tanks
from twinview.energy.storage import (
    Limits,
    Thresholds,
    by_signal,
    day_thresholds,
    given_power,
    peak_shaving,
    self_consumption,
)


def test_peaks_by_hand() -> None:
    # 10 kWh hold 4; the limit is 5 kW, the efficiency each way 0.8.
    limits = Limits(10.0, 4.0, eta_c=0.8, eta_d=0.8, energy0=4.0)
    power, energy = peak_shaving([[7.0], [9.0], [2.0], [-6.0]], 5.0, limits)
    # 2 kW cost 2.5 kWh; the other 1.5 kWh give 1.2 of the 4 kW; then 3 kW of room; then 4 kW.
    assert power[:, 0] == pytest.approx([-2.0, -1.2, 3.0, 4.0])
    assert energy[:, 0] == pytest.approx([4.0, 1.5, 0.0, 2.4, 5.6])


def test_recharging_can_stay_below_the_limit() -> None:
    limits = Limits(10.0, 4.0)
    power, _ = peak_shaving([[4.0], [1.0], [6.0]], 5.0, limits, recharge_below=2.0)
    assert power[:, 0] == pytest.approx([0.0, 1.0, -1.0])
    with pytest.raises(ValueError, match="must not lie above the limit"):
        peak_shaving([[4.0]], 5.0, limits, recharge_below=6.0)


def test_arbitrage_of_the_public_case() -> None:
    wanted = case("p9_battery_by_price")
    data, expected = wanted["input"], wanted["expected"]
    price, carbon = np.array(data["price"]), np.array(data["ci_kg_per_MWh"])
    limits = Limits(data["E_MWh"], data["P_MW"], eta_c=data["eta_c"], eta_d=data["eta_d"])
    for signal in (price, carbon):
        power, _ = by_signal(signal, day_thresholds(signal, np.zeros(24)), limits)
        assert power.clip(0).sum() == pytest.approx(expected["bought_MWh"])
        assert -power.clip(max=0).sum() == pytest.approx(expected["sold_MWh"])
        assert -price @ power[:, 0] == pytest.approx(expected["profit"], abs=wanted["tolerance"])
        assert carbon @ power[:, 0] == pytest.approx(
            expected["emission_change_kg"], abs=wanted["tolerance"]
        )


def test_each_day_has_its_own_thresholds() -> None:
    signal = [1.0, 2.0, 3.0, 4.0, 5.0, 10.0, 10.0, 30.0]
    found = day_thresholds(signal, [0, 0, 0, 0, 0, 1, 1, 1])
    assert found.low == pytest.approx([2.0] * 5 + [10.0] * 3)
    assert found.high == pytest.approx([4.0] * 5 + [20.0] * 3)


def test_a_store_rests_where_a_cycle_does_not_pay() -> None:
    limits = Limits(10.0, 1.0, eta_c=0.9, eta_d=0.9, energy0=5.0)
    signal = [100.0, 120.0]
    idle, _ = by_signal(signal, (100.0, 120.0), limits)
    busy, _ = by_signal(signal, (100.0, 120.0), limits, only_worthwhile=False)
    assert idle[:, 0].tolist() == [0.0, 0.0]
    assert busy[:, 0].tolist() == [1.0, -1.0]


def test_discharge_serves_the_load_and_is_not_exported() -> None:
    limits = Limits(10.0, 5.0, energy0=10.0)
    power, _ = by_signal([9.0, 9.0], (1.0, 8.0), limits, net_power=[[2.0], [-3.0]])
    assert power[:, 0].tolist() == [-2.0, 0.0]


def test_a_plan_is_followed_as_far_as_it_goes() -> None:
    limits = Limits(4.0, 3.0, discharge_power=2.0, reserve=1.0)
    power, energy = given_power([[5.0], [5.0], [-5.0], [-5.0]], limits)
    assert power[:, 0].tolist() == [3.0, 1.0, -2.0, -1.0]
    assert energy[:, 0].tolist() == [0.0, 3.0, 4.0, 2.0, 1.0]


RULES = ("self", "peak", "signal", "plan")


def run(rule: str, rng: np.random.Generator, limits: Limits, hours: float) -> Any:
    net = rng.normal(0, 5, (48, 3))
    if rule == "self":
        return self_consumption(net, limits.capacity, limits.power, limits.eta_c, limits.eta_d,
                                limits.standing_loss, limits.energy0, hours)  # fmt: skip
    if rule == "peak":
        return peak_shaving(net, rng.uniform(-1, 4, 3), limits, step_hours=hours)
    if rule == "plan":
        return given_power(net, limits, hours)
    signal = rng.normal(50, 60, 48)
    levels = day_thresholds(signal, np.repeat([0, 1], 24))
    return by_signal(signal, levels, limits, only_worthwhile=False, step_hours=hours)


@given(
    rule=st.sampled_from(RULES),
    seed=st.integers(0, 2**31),
    hours=st.floats(0.05, 2),
    eta_c=st.floats(0.5, 1),
    eta_d=st.floats(0.5, 1),
    loss=st.floats(0, 0.2),
)
def test_no_rule_breaks_a_limit_or_loses_energy(rule, seed, hours, eta_c, eta_d, loss) -> None:
    rng = np.random.default_rng(seed)
    size, most, give = rng.uniform(0, 20, 3), rng.uniform(0, 6, 3), rng.uniform(0, 6, 3)
    if rule == "self":
        give = most
    limits = Limits(size, most, give, eta_c, eta_d, loss, size / 2)
    power, energy = run(rule, rng, limits, hours)
    assert (energy >= 0).all()
    assert (energy <= size).all()
    assert (power <= most + 1e-12).all()
    assert (-power <= give + 1e-12).all()
    moved = (np.maximum(power, 0) * eta_c - np.maximum(-power, 0) / eta_d) * hours
    np.testing.assert_allclose(energy[1:], energy[:-1] * (1 - loss) + moved, atol=1e-9)
    tanks = make_tanks(Stores(range(3), power, size / 2, 0, eta_c, eta_d, loss), power, hours)
    np.testing.assert_allclose(tanks.energy, energy, atol=1e-6)


@given(seed=st.integers(0, 2**31), limit=st.floats(0, 8))
def test_shaving_never_makes_a_new_peak(seed, limit) -> None:
    rng = np.random.default_rng(seed)
    net = rng.normal(2, 5, (40, 2))
    power, _ = peak_shaving(net, limit, Limits(rng.uniform(0, 9, 2), 3.0, eta_c=0.9))
    assert (net + power <= np.maximum(net, limit) + 1e-12).all()
    # What it takes off a peak ends at the limit.
    assert (net + power >= np.minimum(net, limit) - 1e-12).all()


def test_self_consumption_is_peak_shaving_at_zero() -> None:
    net = np.random.default_rng(3).normal(0, 5, (50, 2))
    own = self_consumption(net, 10.0, 3.0, 0.9, 0.9)
    shaved = peak_shaving(net, 0.0, Limits([10.0, 10.0], 3.0, eta_c=0.9, eta_d=0.9))
    np.testing.assert_array_equal(own[0], shaved[0])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: given_power([[np.nan]], Limits(1.0, 1.0)), "without gaps"),
        (lambda: given_power([[1.0]], Limits(1.0, 1.0, reserve=2.0)), "reserve must lie between"),
        (lambda: peak_shaving([[1.0]], np.nan, Limits(1.0, 1.0)), "limit must be finite"),
        (lambda: by_signal([np.nan], (0.0, 1.0), Limits(1.0, 1.0)), "without gaps"),
        (lambda: by_signal([1.0], (2.0, 1.0), Limits(1.0, 1.0)), "must not lie above the high"),
        (lambda: day_thresholds([1.0], [0, 0]), "the same length"),
        (lambda: day_thresholds([1.0], [0], 0.9, 0.1), "0 <= low <= high <= 1"),
    ],
)
def test_mistakes_are_told_in_a_sentence(call, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()


def test_thresholds_may_be_given_for_each_step() -> None:
    levels = Thresholds(np.array([5.0, 1.0]), np.array([9.0, 5.0]))
    power, _ = by_signal([5.0, 5.0], levels, Limits(10.0, 2.0))
    assert power[:, 0].tolist() == [2.0, -2.0]
