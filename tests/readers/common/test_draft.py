"""Networks on their way in: loops of switches, branches that end at themselves, islands."""

import pytest

from tests.readers.grids import codes, column, compute
from twinview.readers.common import electric
from twinview.readers.common.draft import Draft, finish
from twinview.readers.registry import Options


@pytest.fixture
def draft():
    """Return a network of four nodes in a ring of switches, one line and a source."""
    draft = Draft("test")
    for name in "abcde":
        draft.add("node", name, u_rated=10e3)
    draft.joined += [("a", "b"), ("b", "c"), ("c", "a")]
    made = electric.line(0.5 + 0.4j, 1e-6j, 314.0, i_n=200.0)
    draft.add("line", "out", from_node="c", to_node="d", from_status=1, to_status=1, **made)
    draft.add("source", "grid", node="b", status=1, u_ref=1.0, sk=1e20)
    draft.add("sym_load", "load", node="d", status=1, type=0, p_specified=1e6, q_specified=2e5)
    return draft


def test_a_ring_of_closed_switches_is_one_node(draft):
    part = finish(draft, Options())
    assert column(part, "node", "id") == ["a", "d", "e"]
    assert column(part, "source", "node") == ["a"]
    assert column(part, "line", "from_node") == ["a"]
    flow = compute(part)
    assert flow.converged.all()
    (island,) = [p for p in part.problems if p.code == "network.island"]
    assert island.element_ids == ("e",)


def test_a_branch_between_fused_nodes_is_left_out(draft):
    made = electric.line(0.1 + 0.1j, 0j, 314.0)
    draft.add("line", "in", from_node="a", to_node="b", from_status=1, to_status=1, **made)
    part = finish(draft, Options())
    (problem,) = [p for p in part.problems if p.code == "network.circle"]
    assert problem.element_ids == ("in",)
    assert column(part, "line", "id") == ["out"]


def test_lines_without_impedance_are_switches(draft):
    made = electric.line(0j, 0j, 314.0)
    draft.add("line", "bare", from_node="d", to_node="e", from_status=1, to_status=1, **made)
    part = finish(draft, Options())
    assert column(part, "link", "id") == ["bare"]
    assert "network.zero_impedance" in codes(part)
    assert "network.island" not in codes(part)
    assert compute(part).voltage[0, 2] == pytest.approx(compute(part).voltage[0, 1], abs=1e-6)


def test_what_is_missing_is_said(draft):
    draft.rows["source"].clear()
    draft.joined.append(("a", "NOPE"))
    draft.lost["dcline"] = 2
    draft.ignored["notes"] = 3
    part = finish(draft, Options())
    assert {"network.no_source", "network.dangling"} <= set(codes(part))
    said = {p.severity: p.message for p in part.problems if p.code == "network.ignored"}
    assert "dcline (2)" in said["error"]
    assert "notes (3)" in said["info"]


def test_ids_are_unique_within_a_component():
    draft = Draft("test")
    assert [draft.add("node", "x", u_rated=1.0) for _k in range(3)] == ["x", "x-2", "x-3"]
    assert draft.add("line", "x", from_node="x", to_node="x-2") == "x"
