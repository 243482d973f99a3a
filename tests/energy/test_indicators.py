"""Indicators by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from twinview.energy.indicators import (
    carbon_free_match,
    curtailment,
    equivalents,
    own_use,
    peak,
    per,
    period_intensity,
)

powers = arrays(np.float64, 24, elements=st.floats(0, 1000))


def test_intensity_of_a_period_is_no_mean_of_intensities() -> None:
    carbon, energy = [9.0, 0.05], [10.0, 0.5]
    assert period_intensity(carbon, energy) == pytest.approx(9050 / 10.5)
    assert np.mean(np.divide(carbon, energy)) * 1000 == pytest.approx(500)


def test_unknown_steps_and_idle_elements() -> None:
    carbon = [[1.0, 0.0], [np.nan, 0.0], [3.0, 0.0]]
    energy = [[2.0, 0.0], [9.0, 0.0], [2.0, 0.0]]
    found = period_intensity(carbon, energy, kg_to_g=1.0)
    assert found[0] == pytest.approx(1.0)
    assert np.isnan(found[1])
    with pytest.raises(ValueError, match="same shape"):
        period_intensity([1.0], [[1.0]])


@given(powers, st.floats(0, 900), st.floats(0, 900))
def test_intensity_lies_between_those_of_the_steps(energy, low, high) -> None:
    rates = np.linspace(low, high, 24)
    found = float(period_intensity(rates * energy / 1000, energy))
    if energy.sum() > 1e-6:
        assert min(low, high) - 1e-6 <= found <= max(low, high) + 1e-6


def test_shares_by_size() -> None:
    found = per([500.0, 500.0, 500.0], [100.0, 0.0, np.nan])
    assert found[0] == pytest.approx(5.0)
    assert np.isnan(found[1:]).all()


def test_own_use_by_hand() -> None:
    # 3 of 4 kW are used, then the store takes 2 of 5, then it gives 2 and the sun 1 to a load of 6.
    day = own_use([4.0, 5.0, 1.0], [3.0, 2.0, 6.0], [0.0, 2.0, -2.0])
    assert day.matched == pytest.approx(3 + 2 + 3)
    assert day.self_consumption == pytest.approx(0.8)
    assert day.self_sufficiency == pytest.approx(8 / 11)
    assert np.isnan(own_use([0.0], [1.0]).self_consumption)
    with pytest.raises(ValueError, match="no value"):
        own_use([np.nan], [1.0])


@given(powers, powers)
def test_own_use_is_no_more_than_either(generation, load) -> None:
    day = own_use(generation, load)
    assert day.matched <= min(day.generation, day.load) + 1e-9


def test_curtailment() -> None:
    assert curtailment([4.0, 6.0], [4.0, 3.0]) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="more generation was used"):
        curtailment([1.0], [2.0])


def test_match_by_hour_and_by_year() -> None:
    match = carbon_free_match([1.0, 1.0, 2.0], [0.0, 4.0, 1.0])
    assert match.hourly == pytest.approx(0.5)
    assert match.annual == 1.0


@given(powers, powers)
def test_hourly_match_never_exceeds_the_annual(load, supply) -> None:
    match = carbon_free_match(load, supply)
    assert np.isnan(match.hourly) or 0 <= match.hourly <= match.annual + 1e-12


def test_peak_load_factor_and_full_load_hours() -> None:
    found = peak([1.0, 4.0, np.nan, 1.0], 0.5)
    assert (found.power, found.step) == (4.0, 1)
    assert found.load_factor == pytest.approx(0.5)
    assert found.full_load_hours == pytest.approx(0.75)
    assert peak([1.0, 3.0], rating=2.0).full_load_hours == pytest.approx(2.0)


def test_equivalents_carry_their_factor() -> None:
    found = {one.id: one for one in equivalents(88.87)}
    # EPA: 8.887 kg a gallon, so ten gallons, 37.854 litres.
    assert found["gasoline_litre"].value == pytest.approx(37.854, rel=1e-4)
    assert all(one.source and one.factor > 0 and one.verified for one in found.values())
