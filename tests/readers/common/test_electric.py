"""Branches per unit against the admittances that they stand for."""

import math

import numpy as np
import pytest

from tests.readers.grids import compute
from twinview.readers.common import electric
from twinview.readers.common.draft import Draft, finish
from twinview.readers.registry import Options

BASE = 25e6
LOAD = 10e6 + 3e6j


def by_hand(branch: electric.PerUnit) -> tuple[float, float]:
    """Return voltage at the load in p.u. and active power into the branch in kW."""
    tap = branch.ratio * np.exp(1j * math.radians(branch.shift))
    series = 1 / branch.z
    own = series + branch.y / 2
    voltage = 1 / tap
    for _step in range(300):
        voltage = (-np.conj(LOAD / BASE / voltage) + series / tap) / own
    power = np.conj(own / abs(tap) ** 2 - series / np.conj(tap) * voltage) * BASE
    return abs(voltage), power.real / 1e3


@pytest.mark.parametrize(
    ("component", "branch"),
    [
        ("transformer", electric.PerUnit(BASE, 0.01 + 0.08j, 0j, 25e6, 0.95)),
        ("transformer", electric.PerUnit(BASE, 0.01 + 0.08j, 0.002 - 0.01j, 40e6, 1.05, 150.0)),
        ("transformer", electric.PerUnit(BASE, 0.01 - 0.02j, 0j, 25e6)),
        ("transformer", electric.PerUnit(BASE, -0.01 + 0.08j, 0j, 25e6)),
        ("generic_branch", electric.PerUnit(BASE, 0.01 + 0.08j, 0.1j, 40e6, 0.97)),
        ("generic_branch", electric.PerUnit(BASE, 0.01 + 0.08j, 0.1j, math.nan, 0.97, 12.5)),
    ],
)
def test_per_unit_branches(component, branch):
    draft = Draft("test")
    draft.add("node", "a", u_rated=110e3)
    draft.add("node", "b", u_rated=20e3)
    found = electric.add_per_unit(draft, "t", ("a", "b"), branch, from_status=1, to_status=1)
    assert found == (component, "t")
    draft.add("source", "grid", node="a", status=1, u_ref=1.0, sk=1e25)
    powers = {"p_specified": LOAD.real, "q_specified": LOAD.imag}
    draft.add("sym_load", "load", node="b", status=1, type=0, **powers)
    flow = compute(finish(draft, Options()))
    voltage, power = by_hand(branch)
    assert flow.voltage[0, 1] == pytest.approx(voltage, abs=1e-7)
    assert flow.source_p[0, 0] == pytest.approx(power, abs=0.01)


def test_a_star_adds_up_to_its_pairs():
    a, b, c = electric.star([0.12j, 0.2j, 0.06j])
    assert (a + b, a + c, b + c) == pytest.approx((0.12j, 0.2j, 0.06j))
    assert b.imag < 0 or c.imag < 0 or a.imag > 0
