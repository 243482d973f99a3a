"""Heat, cooling and gas in pipes: by hand, and what must hold in any network."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.pipes import PipeFlow, linear_flow, pipe_loss, trace_pipes
from twinview.energy.reservoir import Stores


def random_flow(seed: int, n: int, extra: int, steps: int = 3, loss: float = 0.3) -> PipeFlow:
    rng = np.random.default_rng(seed)
    heads, tails = rng.integers(0, np.arange(1, n)), np.arange(1, n)
    ring = rng.integers(0, n, (2, extra))
    heads, tails = np.append(heads, ring[0]), np.append(tails, ring[1])
    pipes = (heads, tails, rng.uniform(1, 100, heads.size))
    loads = (np.arange(n), rng.uniform(0, 9, (steps, n)))
    given = rng.uniform(0, 9, (steps, 3))
    given[:, 0] = np.nan
    sources = (rng.integers(0, n, 3), given)
    lost = loss * rng.random((steps, heads.size))
    return linear_flow(n, pipes, sources, loads, slack=[0], loss=lost)


def test_a_ring_splits_by_resistance() -> None:
    # 0 to 2 directly (1), or by way of 1 (1 + 1): two thirds go straight.
    flow = linear_flow(
        3, ([0, 0, 1], [2, 1, 2], [1, 1, 1]), ([0], [[0.0]]), ([2], [[9.0]]), slack=0
    )
    assert flow.p_from[0] == pytest.approx([6, 3, 3])
    assert flow.p_to[0] == pytest.approx([-6, -3, -3])
    assert flow.source_power[0] == pytest.approx([9])


def test_a_street_with_losses_by_hand() -> None:
    pipes = ([0, 1], [1, 2], [1, 1])
    flow = linear_flow(
        3, pipes, ([0], [[0.0]]), ([1, 2], [[5.0, 3.0]]), slack=[0], loss=[[2.0, 1.0]]
    )
    # The far pipe takes 4 and gives 3, the near one gives 5 + 4 and takes 11.
    assert flow.p_from[0] == pytest.approx([11, 4])
    assert flow.p_to[0] == pytest.approx([-9, -3])
    assert flow.loss[0] == pytest.approx([2, 1])
    traced = trace_pipes(flow, [[200.0]])
    assert traced.load_carbon[0] == pytest.approx([1000, 600, 0])
    assert traced.loss_carbon[0] == pytest.approx([400, 200])


def test_a_summer_pipe_only_keeps_warm() -> None:
    flow = linear_flow(2, ([0], [1], [1]), ([0], [[0.0]]), ([1], [[0.0]]), slack=[0], loss=2.0)
    assert flow.p_from[0, 0] == pytest.approx(2)
    assert flow.p_to[0, 0] == pytest.approx(0)


@given(st.integers(0, 2**31), st.integers(1, 12), st.integers(0, 6))
def test_any_network_balances_and_keeps_its_carbon(seed, n, extra) -> None:
    flow = random_flow(seed, n, extra)
    np.testing.assert_allclose(flow.residual(), 0, atol=1e-8)
    assert (flow.loss >= -1e-9).all()
    rate = np.random.default_rng(seed).uniform(0, 300, flow.source_power.shape)
    traced = trace_pipes(flow, rate)
    np.testing.assert_allclose(traced.residual, 0, atol=1e-6)
    booked = np.nansum(traced.load_carbon, axis=1) + traced.loss_carbon.sum(axis=1)
    brought = (np.maximum(flow.source_power, 0) * rate).sum(axis=1)
    np.testing.assert_allclose(booked, brought, atol=1e-6)


@given(st.integers(0, 2**31), st.integers(2, 10))
def test_on_a_tree_resistance_plays_no_part(seed, n) -> None:
    rng = np.random.default_rng(seed)
    heads, tails = rng.integers(0, np.arange(1, n)), np.arange(1, n)
    loads = (np.arange(n), rng.uniform(0, 9, (2, n)))
    flows = [
        linear_flow(
            n, (heads, tails, rng.uniform(0.1, 9, n - 1)), ([0], [[0], [0]]), loads, slack=0
        )
        for _ in range(2)
    ]
    np.testing.assert_allclose(flows[0].p_from, flows[1].p_from, atol=1e-8)


def test_a_heat_store_carries_its_carbon() -> None:
    # Charged with 4 kWh at 250 g/kWh, discharged without loss when the boiler is off.
    flow = linear_flow(
        2, ([0], [1], [1]), ([0], [[0.0], [0.0]]), ([1], [[1.0], [4.0]]), slack=[0],
        stores=([1], [[4.0], [-4.0]]),
    )  # fmt: skip
    assert flow.source_power[:, 0] == pytest.approx([5, 0])
    traced = trace_pipes(flow, [[250.0], [999.0]], stores=Stores([], []))
    assert traced.load_carbon[:, 0] == pytest.approx([250, 1000])
    with pytest.raises(ValueError, match="say what they hold"):
        trace_pipes(flow, [[250.0], [999.0]])


def test_two_islands_have_two_balancing_sources() -> None:
    pipes, loads = ([0, 2], [1, 3], [1, 1]), ([1, 3], [[2.0, 3.0]])
    flow = linear_flow(4, pipes, ([0, 2], [[0, 0]]), loads, slack=[0, 1])
    assert flow.source_power[0] == pytest.approx([2, 3])
    with pytest.raises(ValueError, match=r"No balancing source reaches node [23]"):
        linear_flow(4, pipes, ([0], [[0]]), loads, slack=[0])
    with pytest.raises(ValueError, match="two balancing sources"):
        linear_flow(4, pipes, ([0, 1], [[0, 0]]), loads, slack=[0, 1])


def test_loss_of_a_metre() -> None:
    # 500 m at 0.4 W/(m K) and 60 K: 12 kW.
    assert pipe_loss(500.0, 0.4, 70.0, 10.0) == pytest.approx(12.0)
    with pytest.raises(ValueError, match="colder than the ground"):
        pipe_loss(500.0, 0.4, 6.0, 10.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"resistance": [0.0]}, "resistance must be above 0"),
        ({"load": [[np.nan]]}, "must be numbers"),
        ({"loss": -1.0}, "losses must not be negative"),
    ],
)
def test_mistakes_are_told_in_a_sentence(change, sentence) -> None:
    given = {"resistance": [1.0], "load": [[1.0]], "loss": 0.0, **change}
    with pytest.raises(ValueError, match=sentence):
        linear_flow(2, ([0], [1], given["resistance"]), ([0], [[0.0]]), ([1], given["load"]),
                    slack=[0], loss=given["loss"])  # fmt: skip
