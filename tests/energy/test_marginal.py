"""The merit order by hand; average and marginal do not mix."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.marginal import Average, Marginal, incremental_loss, merit_order

# Sun at no cost, then gas, then coal.
COST, RATE = [0.0, 60.0, 40.0], [0.0, 400.0, 900.0]


def test_a_few_hours_by_hand() -> None:
    order = merit_order([[3, 5, 5], [0, 5, 5], [3, 5, 5], [1, 1, 1]], COST, RATE, [2, 6, 3, 4])
    assert order.power.tolist() == [[2, 0, 0], [0, 1, 5], [3, 0, 0], [1, 1, 1]]
    assert order.unit.tolist() == [0, 1, 2, -1]
    assert order.short.tolist() == [0, 0, 0, 1]
    assert order.average.values[:3] == pytest.approx([0, (5 * 900 + 400) / 6, 0])
    assert np.isnan(order.average.values[3])
    # In the third hour the sun is just used up: less saves nothing, more burns coal.
    assert order.marginal.more[:3].tolist() == [0, 400, 900]
    assert order.marginal.less[:3].tolist() == [0, 400, 0]
    assert np.isnan(order.marginal.more[3])
    assert order.degenerate.tolist() == [False, False, True, True]


def test_losses_are_in_both() -> None:
    order = merit_order([10, 10], [1, 2], [500, 300], [9], loss=[0.5], incremental_loss=0.1)
    assert order.average.values[0] == pytest.approx(9.5 * 500 / 9)
    assert order.marginal.more[0] == pytest.approx(550)


def test_each_answers_its_own_question() -> None:
    average, marginal = Average(np.array([400.0])), Marginal(np.array([900.0]), np.array([0.0]))
    assert average.attributed([2.0]).tolist() == [800.0]
    assert marginal.consequence([2.0]).tolist() == [1800.0]
    assert marginal.consequence([-2.0]).tolist() == [0.0]
    assert (average.kind, marginal.kind) == ("average", "marginal")
    assert not hasattr(average, "consequence")
    assert not hasattr(marginal, "attributed")


def test_incremental_loss_of_a_line() -> None:
    # Loss is 0.001 P^2: twice 0.001 P for one more.
    assert incremental_loss([0.1], [0.001 * 10.01**2], 0.01)[0] == pytest.approx(0.02, rel=1e-3)


@given(st.integers(0, 2**31))
def test_the_demand_is_met_by_the_cheapest(seed) -> None:
    rng = np.random.default_rng(seed)
    offer, cost, rate = rng.uniform(0, 5, (6, 4)), rng.random(4), rng.uniform(0, 900, 4)
    demand = rng.uniform(0, 15, 6)
    order = merit_order(offer, cost, rate, demand)
    np.testing.assert_allclose(order.power.sum(axis=1) + order.short, demand, atol=1e-9)
    assert (order.power <= offer + 1e-12).all()
    # A unit runs only where every cheaper one runs full.
    for power, cap in zip(order.power, offer, strict=True):
        by_cost = np.argsort(cost)
        full = np.isclose(power, cap)[by_cost]
        assert not (np.diff((power[by_cost] > 1e-9).astype(int)) > 0).any()
        assert full[: max(int((power > 1e-9).sum()) - 1, 0)].all()
    # The slope of emissions is the marginal intensity.
    more = merit_order(offer, cost, rate, demand + 1e-6)
    slope = ((more.power - order.power) @ rate) / 1e-6
    sure = (order.short == 0) & (more.short == 0) & (order.unit == more.unit)
    np.testing.assert_allclose(slope[sure], order.marginal.more[sure], rtol=1e-3, atol=1e-2)


def test_mistakes_are_told_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="not negative"):
        merit_order([-1.0], [1.0], [1.0], [1.0])
