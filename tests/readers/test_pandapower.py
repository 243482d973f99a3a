"""pandapower's elements of each kind, and its own power flow of the same grids."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.energy.test_voltage import district_of
from tests.readers.grids import codes, layer, powers
from twinview.energy.powerflow import Flow, Injections, solve
from twinview.model.part import Part

CASES = Path(__file__).parents[1] / "cases" / "pandapower"
SHARED = Path(__file__).parents[3] / "shared" / "data" / "grid-mv-oberrhein"


def flow_of(part: Part) -> Flow:
    district = district_of(part)
    given = Injections(*powers(part, "sym_load"), *powers(part, "sym_gen"))
    return solve(district.grid, given, control=district.control)


def check(part: Part, flow: Flow, wanted: dict, tolerance: float) -> int:
    nodes = layer(part, "node").row_of
    known = [
        (nodes[name], volts)
        for name, volts in zip(wanted["buses"], wanted["vm_pu"], strict=True)
        if name in nodes and volts is not None
    ]
    rows, volts = zip(*known, strict=True)
    np.testing.assert_allclose(flow.voltage[0, list(rows)], volts, atol=tolerance)
    return len(rows)


def test_one_of_each_element_as_pandapower_computes_it(read):
    wanted = json.loads((CASES / "one_of_each.reference.json").read_text("utf-8"))
    part = read(CASES / "one_of_each.json")
    flow = flow_of(part)
    assert check(part, flow, wanted, 1e-6) == 7
    np.testing.assert_allclose(flow.source_p[0] / 1e3, wanted["slack_mw"], atol=1e-4)
    gens = layer(part, "sym_gen").row_of
    assert flow.gen_q[0, gens["held"]] / 1e3 == pytest.approx(wanted["gen_mvar"][0], abs=1e-4)
    assert not [p for p in part.problems if p.severity == "error"]
    assert {"network.balanced", "network.voltage_control"} <= set(codes(part))


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
@pytest.mark.parametrize("name", ["mv_oberrhein", "mv_oberrhein_substations"])
def test_oberrhein_as_pandapower_computes_it(read, name):
    wanted = json.loads((CASES / f"{name}.reference.json").read_text("utf-8"))
    part = read(SHARED / f"{name}.json")
    flow = flow_of(part)
    assert check(part, flow, wanted, 1e-5) > 150
    np.testing.assert_allclose(flow.source_p[0] / 1e3, wanted["slack_mw"], atol=1e-3)
