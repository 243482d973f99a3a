"""District heating with temperatures: closed forms, and conservation of heat and carbon."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.heat import WATER, HeatPipes, Temperatures, solve_heat
from twinview.energy.pipes import trace_pipes


def test_one_pipe_in_closed_form() -> None:
    # 1 kg/s through 1 km at 0.3 W/(m K): each pipe keeps exp(-0.3 / 4.19) of its warmth.
    kept = np.exp(-0.3 / WATER)
    arrives, returns = 10 + 70 * kept, 10 + 30 * kept
    demand = WATER * (arrives - 40)
    found = solve_heat(
        HeatPipes(2, [0], [1], [1000.0], 0.3),
        ([0], [[0.0]]),
        ([1], [[demand]]),
        Temperatures(80.0, 40.0, 10.0),
    )
    assert found.solved.all()
    assert found.mass[0] == pytest.approx([1.0])
    assert found.supply[0] == pytest.approx([80, arrives])
    assert found.back[0] == pytest.approx([returns, 40])
    assert found.flow.source_power[0, 0] == pytest.approx(WATER * (80 - returns))
    # What is lost: the supply cools by 70 (1 - kept), the return by 30 (1 - kept).
    assert found.flow.loss[0, 0] == pytest.approx(WATER * 100 * (1 - kept))
    assert found.flow.p_to[0, 0] == pytest.approx(-demand)


def test_two_sources_mix() -> None:
    # No losses: 1 kg/s at 80 °C arrives where 1 kg/s at 60 °C is fed in; 2 kg/s leave at 70 °C.
    found = solve_heat(
        HeatPipes(2, [0], [1], [100.0], 0.0),
        ([0, 1], [[0.0, WATER * 20]]),
        ([1], [[2 * WATER * 30]]),
        Temperatures([[80.0, 60.0]], 40.0, 10.0),
    )
    assert found.supply[0, 1] == pytest.approx(70)
    assert found.mass[0, 0] == pytest.approx(1)
    assert found.flow.source_power[0] == pytest.approx([WATER * 40, WATER * 20])


def test_a_street_that_forks_step_by_step() -> None:
    """Choose what each consumer draws, follow the water by hand, and ask for it back."""
    lengths, flows = [400.0, 150.0, 250.0, 300.0], [1.25, 0.6, 0.65, 0.25]
    kept = [np.exp(-0.3 * m / 1000 / (WATER * q)) for m, q in zip(lengths, flows, strict=True)]
    fork = 10 + 70 * kept[0]
    left, right = 10 + (fork - 10) * kept[1], 10 + (fork - 10) * kept[2]
    end = 10 + (right - 10) * kept[3]
    demand = [WATER * m * (t - 45) for m, t in ((0.6, left), (0.4, right), (0.25, end))]
    # Back: 0.25 kg/s from the end meets 0.4 kg/s, then both meet 0.6 kg/s at the fork.
    back_right = (0.25 * (10 + 35 * kept[3]) + 0.4 * 45) / 0.65
    back_fork = (0.65 * (10 + (back_right - 10) * kept[2]) + 0.6 * (10 + 35 * kept[1])) / 1.25
    back_start = 10 + (back_fork - 10) * kept[0]
    found = solve_heat(
        HeatPipes(5, [0, 1, 1, 3], [1, 2, 3, 4], lengths, 0.3),
        ([0], [[0.0]]),
        ([2, 3, 4], [demand]),
        Temperatures(80.0, 45.0, 10.0),
    )
    assert found.mass[0] == pytest.approx(flows)
    assert found.supply[0] == pytest.approx([80, fork, left, right, end])
    assert found.back[0] == pytest.approx([back_start, back_fork, 45, back_right, 45])
    assert found.flow.source_power[0, 0] == pytest.approx(1.25 * WATER * (80 - back_start))


def make_street(seed: int, n: int, extra: int, steps: int = 4):
    rng = np.random.default_rng(seed)
    heads, tails = rng.integers(0, np.arange(1, n)), np.arange(1, n)
    ring = rng.integers(0, n, (2, extra))
    heads, tails = np.append(heads, ring[0]), np.append(tails, ring[1])
    flip = rng.random(heads.size) < 0.5
    heads, tails = np.where(flip, tails, heads), np.where(flip, heads, tails)
    pipes = HeatPipes(n, heads, tails, rng.uniform(20, 200, heads.size), 0.25)
    loads = (np.arange(1, n), rng.uniform(20, 200, (steps, n - 1)))
    sources = ([0, n - 1], np.column_stack([np.zeros(steps), rng.uniform(0, 15, steps)]))
    return pipes, sources, loads, Temperatures(rng.uniform(75, 95, steps), 45.0, 8.0)


@given(st.integers(0, 2**31), st.integers(2, 9), st.integers(0, 4))
def test_heat_and_carbon_are_conserved_at_every_node(seed, n, extra) -> None:
    pipes, sources, loads, temperatures = make_street(seed, n, extra)
    found = solve_heat(pipes, sources, loads, temperatures)
    assert found.solved.all()
    np.testing.assert_allclose(found.flow.residual(), 0, atol=1e-5)
    assert (found.flow.loss >= -1e-9).all()
    hot = np.asarray(temperatures.supply)[:, None]
    assert (np.nan_to_num(found.supply, nan=60) <= hot + 1e-9).all()
    assert (np.nan_to_num(found.back, nan=40) <= 45 + 1e-9).all()
    traced = trace_pipes(found.flow, np.tile([210.0, 0.0], (len(hot), 1)))
    brought = found.flow.source_power[:, 0] * 210
    booked = traced.load_carbon.sum(axis=1) + traced.loss_carbon.sum(axis=1)
    np.testing.assert_allclose(booked, brought, rtol=1e-6)


def test_temperatures_do_not_depend_on_how_pipes_are_drawn() -> None:
    pipes, sources, loads, temperatures = make_street(5, 8, 2)
    turned = HeatPipes(8, pipes.to_node, pipes.from_node, pipes.length, pipes.conductance)
    one, other = (solve_heat(p, sources, loads, temperatures) for p in (pipes, turned))
    np.testing.assert_allclose(one.supply, other.supply, atol=1e-7)
    np.testing.assert_allclose(one.flow.p_from, other.flow.p_to, atol=1e-6)


def test_too_cold_or_too_much_is_no_solution() -> None:
    # 5 km of bad pipe for a trickle; then a source that gives more than is used.
    pipes = HeatPipes(2, [0], [1], [5000.0], 1.0)
    found = solve_heat(pipes, ([0, 1], [[0, 0], [0, 900.0]]), ([1], [[1.0], [500.0]]),
                       Temperatures(80.0, 50.0, 10.0))  # fmt: skip
    assert found.solved.tolist() == [False, False]
    assert np.isnan(found.flow.p_from).all()
    assert np.isnan(found.supply).all()


def test_an_idle_branch_has_no_temperature() -> None:
    found = solve_heat(HeatPipes(3, [0, 1], [1, 2], [9.0, 9.0], 0.2), ([0], [[0.0]]),
                       ([1, 2], [[50.0, 0.0]]), Temperatures(80.0, 50.0, 10.0))  # fmt: skip
    assert np.isnan(found.supply[0, 2])
    assert found.flow.loss[0, 1] == 0
    assert found.solved.all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"temperatures": Temperatures(40.0, 50.0, 10.0)}, "warmer than the return"),
        ({"loads": ([1], [[-1.0]])}, "must not be negative"),
        ({"pipes": HeatPipes(2, [0], [1], [0.0], 0.2)}, "length must be above 0"),
        ({"slack": 3}, "slack"),
    ],
)
def test_mistakes_are_told_in_a_sentence(change, sentence) -> None:
    given = {"pipes": HeatPipes(2, [0], [1], [9.0], 0.2), "sources": ([0], [[0.0]]),
             "loads": ([1], [[1.0]]), "temperatures": Temperatures(80.0, 50.0, 10.0)}  # fmt: skip
    with pytest.raises(ValueError, match=sentence):
        solve_heat(**{**given, **change})
