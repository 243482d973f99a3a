"""Generators that hold a voltage: the IEEE systems as published and as pandapower computes them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.readers.grids import layer
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import District, make_district
from twinview.energy.powerflow import Flow, Injections, solve
from twinview.model.assemble import assemble
from twinview.model.part import Part
from twinview.readers import matpower
from twinview.readers.registry import Options

CASES = Path(__file__).parents[1] / "cases" / "matpower"


def read(name: str) -> Part:
    job = matpower.read(CASES / f"{name}.m", Options())
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value


def district_of(part: Part) -> District:
    twin = assemble("case", {"case": part}, None, "", lambda c, _a, _b: c).twin
    (network,) = twin.networks.values()
    return make_district(twin, network)


def flow_of(part: Part, factors: list[float] | None = None) -> Flow:
    """Solve with the file's powers times factors; reactive power of generators begins at 0."""
    times = np.array([factors or [1.0]]).T

    def powers(name: str, column: str) -> np.ndarray:
        return layer(part, name).numbers(column)[None] / 1e3 * times

    loads = [powers("sym_load", f"{k}_specified") for k in "pq"]
    gens = powers("sym_gen", "p_specified")
    district = district_of(part)
    given = Injections(*loads, gens, np.zeros_like(gens))
    return solve(district.grid, given, control=district.control)


def test_ieee_14_with_its_generators_at_their_voltages() -> None:
    # Public case P5: the published solution of the IEEE 14-bus system.
    case = json.loads((CASES.parent / "energy" / "p5_ieee14_ac" / "case.json").read_text("utf-8"))
    part = read("case14")
    flow = flow_of(part)
    assert flow.converged.all()
    assert flow.source_p[0, 0] / 1e3 == pytest.approx(232.393, abs=1e-3)
    assert flow.loss[0] / 1e3 == pytest.approx(13.393, abs=1e-3)
    reactive = [43.5571, 25.0753, 12.7309, 17.6235]
    np.testing.assert_allclose(flow.gen_q[0] / 1e3, reactive, atol=1e-3)
    assert flow.voltage[0, 13] == pytest.approx(1.03553, abs=1e-4)
    assert case["id"] == "P5"


@pytest.mark.parametrize("name", ["case39", "case118"])
def test_large_systems_within_limits_as_pandapower_has_them(name: str) -> None:
    wanted = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    part = read(name)
    flow = flow_of(part)
    nodes, gens = layer(part, "node").row_of, layer(part, "sym_gen").row_of
    rows = [nodes[one] for one in wanted["buses"]]
    np.testing.assert_allclose(flow.voltage[0, rows], wanted["vm_pu"], atol=1e-6)
    assert flow.source_p[0].sum() / 1e3 == pytest.approx(wanted["slack_mw"], abs=1e-4)
    reactive = [flow.gen_q[0, gens[one]] / 1e3 for one in wanted["gens"]]
    np.testing.assert_allclose(reactive, wanted["q_mvar"], atol=1e-3)
    held = layer(part, "sym_gen").numbers("u_ref")
    off = np.abs(flow.voltage[0, district_of(part).control.node] - held) > 1e-6
    assert off.sum() == wanted["limited"] > 0


def test_each_step_is_held_by_itself_and_what_cannot_be_carried_fails() -> None:
    part = read("case39")
    flow = flow_of(part, [0.9, 1.0, 9.0, 0.95])
    assert flow.converged.tolist() == [True, True, False, True]
    assert np.isnan(flow.voltage[2]).all()
    alone = flow_of(part, [0.95])
    np.testing.assert_allclose(flow.voltage[3], alone.voltage[0], atol=1e-8)
    np.testing.assert_allclose(flow.gen_q[3], alone.gen_q[0], atol=0.5)


def test_two_generators_at_one_node_share_by_their_ranges() -> None:
    part = read("case14")
    table = layer(part, "sym_gen").attributes
    twice = table.take([0, 0, 1, 2, 3]).to_pandas()
    twice["id"] = ["a", "b", *twice["id"][2:]]
    twice.loc[:1, "q_min_var"] = [-40e6, 0.0]
    twice.loc[:1, "q_max_var"] = [50e6, 30e6]
    twice.loc[:1, "p_specified"] = [30e6, 10e6]
    fresh = type(table).from_pandas(twice, preserve_index=False)
    layers = [replace(one, attributes=fresh) if one.id == "sym_gen" else one for one in part.layers]
    flow = flow_of(replace(part, layers=tuple(layers)))
    a, b = flow.gen_q[0, :2]
    assert a + b == pytest.approx(43557.1, abs=1.0)
    assert (a + 40e3) / 90e3 == pytest.approx(b / 30e3)


def test_the_whole_pass_closes_and_shows_reactive_power() -> None:
    district = district_of(read("case118"))
    (run,) = compute(district, range(1), Assumptions())
    assert all(share < 1e-6 for share in run.balance.relative_residual().values())
    assert np.isfinite(run.fields["sym_gen", "reactive_power"]).all()
    assert run.imbalance.max() < 0.1  # kW, of 4 GW
