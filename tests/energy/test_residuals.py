"""The residual of each node, by hand and against the tracing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.energy.support import make_net, nets, store_nets
from twinview.energy.pipes import linear_flow
from twinview.energy.residuals import check_nodes, node_residual, worst_nodes


@given(nets | store_nets)
def test_balanced_flows_leave_nothing(net) -> None:
    traced = net.trace()
    np.testing.assert_allclose(node_residual(traced), 0, atol=1e-9)
    assert check_nodes(traced.case) == ()


@given(st.integers(0, 2**31), st.integers(0, 8), st.floats(0.5, 5))
def test_an_error_is_found_where_it_was_made(seed, node, size) -> None:
    net = make_net(seed, 9, 3, 4, stores=2)
    wrong = net.load_power.copy()
    wrong[2, node] += size
    traced = replace(net, load_power=wrong).trace()
    residual = node_residual(traced)
    assert residual[2, node] == pytest.approx(-size)
    np.testing.assert_allclose(np.delete(residual, node, axis=1), 0, atol=1e-9)
    # The tracing's own summary is the size of the worst.
    np.testing.assert_allclose(np.abs(residual).max(axis=1), traced.node_residual, atol=1e-9)
    (worst, *_others) = worst_nodes(residual, names=list("abcdefghi"), step_hours=0.5)
    assert (worst.node, worst.name, worst.step) == (node, "abcdefghi"[node], 2)
    assert worst.residual == pytest.approx(-size)
    assert worst.energy == pytest.approx(size / 2)
    (problem,) = check_nodes(traced.case, names=list("abcdefghi"), layer="nodes")
    assert problem.element_ids == ("abcdefghi"[node],)
    assert f"the worst is {'abcdefghi'[node]} with -" in problem.message


def test_a_failed_step_has_no_residual() -> None:
    net = make_net(5, 9, 2, 4)
    holes = net.p_from.copy()
    holes[1] = np.nan
    traced = replace(net, p_from=holes).trace()
    residual = node_residual(traced)
    assert np.isnan(residual[1]).all()
    assert np.isfinite(residual[[0, 2, 3]]).all()
    assert check_nodes(traced.case) == ()


def test_pipes_too() -> None:
    flow = linear_flow(2, ([0], [1], [1]), ([0], [[0.0]]), ([1], [[4.0]]), slack=0, loss=1.0)
    assert node_residual(flow)[0] == pytest.approx([0, 0])
    assert worst_nodes(np.zeros((3, 2))) == ()
    assert worst_nodes(np.zeros((0, 2))) == ()
