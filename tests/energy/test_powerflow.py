"""Power flow against published cases, and what happens when things go wrong."""

import numpy as np
import pytest

from tests.energy.support import baran_wu, case, table
from twinview.energy.powerflow import Flow, Grid, Injections, solve, solve_chunks
from twinview.energy.tracing import trace
from twinview.progress import Progress


def loads_only(p: np.ndarray, q: np.ndarray) -> Injections:
    return Injections(p, q, np.zeros((len(p), 0)), np.zeros((len(p), 0)))


def feeder(steps: int = 1) -> tuple[Grid, np.ndarray, np.ndarray, dict]:
    grid, p, q, wanted = baran_wu()
    return grid, np.tile(p, (steps, 1)), np.tile(q, (steps, 1)), wanted


def test_p4_baran_and_wu() -> None:
    grid, p, q, wanted = feeder()
    flow = solve(grid, loads_only(p, q))
    expected, tolerance = wanted["expected"], wanted["tolerance"]
    assert flow.loss[0] == pytest.approx(expected["loss_kw"], abs=1e-4)
    assert flow.loss[0] == pytest.approx(202.677, abs=tolerance["loss_kw"])
    assert (flow.q_from + flow.q_to).sum() == pytest.approx(expected["loss_kvar"], abs=1e-4)
    np.testing.assert_allclose(flow.voltage[0], expected["vm_pu"], atol=1e-6)
    assert flow.voltage[0].argmin() == expected["vmin_bus"] - 1
    assert flow.voltage[0].min() == pytest.approx(0.91309, abs=tolerance["vm_pu"])
    assert flow.source_p[0, 0] == pytest.approx(p.sum() + flow.loss[0], abs=1e-4)
    assert flow.loading[0, 0] == pytest.approx(0.5259, abs=1e-4)
    assert flow.energized.all()


def test_p5_ieee_14_bus() -> None:
    wanted = case("p5_ieee14_ac")
    given = wanted["input"]
    rows = {name: np.array(given[name]["rows"]) for name in ("branches", "loads", "generators")}
    volts = 1e5
    ohms = volts**2 / (wanted["base_mva"] * 1e6)
    heads, tails, r, x, b, ratio = rows["branches"].T
    loads, gens = rows["loads"], rows["generators"]
    grid = Grid(
        {
            "node": table("node", id=np.arange(1, 15), u_rated=[volts] * 14),
            "generic_branch": table(
                "generic_branch", id=100 + np.arange(heads.size), from_node=heads, to_node=tails,
                r1=r * ohms, x1=x * ohms, g1=0, b1=b / ohms, k=ratio, theta=0, sn=1e8,
            ),
            "sym_load": table("sym_load", id=200 + np.arange(len(loads)), node=loads[:, 0], type=0),
            "sym_gen": table("sym_gen", id=300 + np.arange(len(gens)), node=gens[:, 0], type=0),
            "shunt": table("shunt", id=[400], node=9, g1=0, b1=given["shunt"]["b_pu"] / ohms),
            "source": table("source", id=[500], node=1, u_ref=given["slack"]["u_pu"]),
        }
    )  # fmt: skip
    power = Injections(*(values[None] * 1e3 for part in (loads, gens) for values in part.T[1:]))
    flow = solve(grid, power)
    expected, tolerance = wanted["expected"], wanted["tolerance"]
    np.testing.assert_allclose(flow.voltage[0], expected["vm_pu"], atol=tolerance["vm_pu"])
    assert flow.source_p[0, 0] / 1e3 == pytest.approx(expected["slack_p_mw"], abs=1e-4)
    assert flow.loss[0] / 1e3 == pytest.approx(expected["loss_mw"], abs=1e-4)


def test_a_step_that_cannot_be_solved_is_not_a_number() -> None:
    grid, p, q, _ = feeder(5)
    p[2] *= 50
    flow = solve(grid, loads_only(p, q))
    assert flow.converged.tolist() == [True, True, False, True, True]
    for name in ("voltage", "p_from", "q_to", "loading", "loss", "source_p", "load_p"):
        values = getattr(flow, name)
        assert np.isnan(values[2]).all(), name
        np.testing.assert_array_equal(values[[0, 1, 3]], values[[4, 4, 4]])


def test_chunks_are_the_whole() -> None:
    grid, p, q, _ = feeder(30)
    p *= np.linspace(0.1, 1.5, 30)[:, None]
    whole = solve(grid, loads_only(p, q))
    chunks = list(solve_chunks(grid, loads_only(p, q), max_bytes=40_000))
    assert len(chunks) > 2
    assert chunks[-1].done == 1
    for start, flow, _ in chunks:
        rows = slice(start, start + flow.loss.size)
        np.testing.assert_allclose(flow.p_from, whole.p_from[rows], rtol=1e-9)
    heard = []
    solve(grid, loads_only(p, q), progress=heard.append)
    assert heard[-1] == Progress(1.0)


def test_gaps_are_refused_before_they_become_nominal_loads() -> None:
    grid, p, q, _ = feeder(3)
    p[1, 4] = np.nan
    with pytest.raises(ValueError, match="load_p of element 204 is not a number in step 1"):
        solve(grid, loads_only(p, q))
    with pytest.raises(ValueError, match=r"load_q must have the shape \[3, 32\]"):
        solve(grid, loads_only(np.ones((3, 32)), q[:, :5]))


def test_an_island_without_source_is_dark_and_its_intensity_unknown() -> None:
    grid, p, q, _ = feeder()
    line = grid.tables["line"].copy()
    line["from_status"][16] = 0  # bus 17 to 18, whose tie to 33 is open
    flow = solve(Grid({**grid.tables, "line": line}), loads_only(p, q))
    assert np.flatnonzero(~flow.energized).tolist() == [17]
    assert flow.voltage[0, 17] == 0
    assert flow.load_p[0, 16] == 0
    traced = trace_import(grid, flow)
    assert np.flatnonzero(np.isnan(traced.intensity[0])).tolist() == [17]
    assert traced.intensity[0, 16] == pytest.approx(500)


def trace_import(grid: Grid, flow: Flow):
    return trace(
        grid.ids("node").size, grid.from_bus, grid.to_bus, flow.p_from, flow.p_to,
        grid.bus_of("source"), flow.source_p, np.full_like(flow.source_p, 500),
        grid.bus_of("sym_load"), flow.load_p,
    )  # fmt: skip


def test_flows_go_into_the_tracing_as_they_are() -> None:
    grid, p, q, _ = feeder(4)
    p[3] *= 50
    traced = trace_import(grid, solve(grid, loads_only(p, q)))
    np.testing.assert_allclose(traced.node_residual[:3], 0, atol=1e-4)
    np.testing.assert_allclose(traced.residual[:3], 0, atol=0.05)
    np.testing.assert_allclose(traced.intensity[:3], 500, atol=1e-6)
    assert np.isnan(traced.intensity[3]).all()


def small(**source: float) -> Grid:
    """Return a transformer and a link behind a source."""
    return Grid(
        {
            "node": table("node", id=[1, 2, 3], u_rated=[10e3, 400.0, 400.0]),
            "transformer": table(
                "transformer", id=[10], from_node=1, to_node=2, u1=10e3, u2=400.0, sn=400e3,
                uk=0.04, pk=4e3, i0=0.01, p0=500.0, winding_from=2, winding_to=1, clock=5,
                tap_side=0, tap_pos=0, tap_min=0, tap_max=0, tap_size=0,
            ),
            "link": table("link", id=[11], from_node=2, to_node=3),
            "sym_load": table("sym_load", id=[20], node=3, type=0),
            "source": table("source", id=[30], node=1, u_ref=1.0, **source),
        }
    )  # fmt: skip


def test_loading_and_source() -> None:
    power = loads_only(np.array([[200.0]]), np.array([[0.0]]))
    flow = solve(small(), power)
    apparent = np.hypot(flow.p_from[0, 0], flow.q_from[0, 0])
    assert flow.loading[0, 0] == pytest.approx(apparent / 400)
    assert np.isnan(flow.loading[0, 1])
    assert flow.voltage[0, 0] == pytest.approx(1, abs=1e-9)
    assert flow.p_from[0, 1] == pytest.approx(200, abs=1e-4)
    soft = solve(small(sk=1e7), power)
    assert soft.voltage[0, 0] < 0.9999


def test_nothing_to_solve() -> None:
    flow = solve(small(), loads_only(np.zeros((0, 1)), np.zeros((0, 1))))
    assert flow.voltage.shape == (0, 3)
    assert flow.converged.size == 0
