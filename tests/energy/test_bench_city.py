"""The made-up city: every house is fed, whatever the number of substations."""

import numpy as np
import pytest

from twinview.energy import bench_city
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import make_district


@pytest.mark.parametrize(("most", "substations"), [(10_000, 1), (200, 3)])
def test_each_substation_feeds_a_part_of_the_city(monkeypatch, most, substations):
    monkeypatch.setattr(bench_city, "MOST_NODES", most)
    monkeypatch.setattr(bench_city, "STATIONS", 20)
    twin = bench_city.city(500, 4)
    assert len(twin.layers["node"]) == 500
    assert len(twin.layers["source"]) == substations
    # A tree for each substation, and five cables that are open between the ends of its ten feeders.
    branches = len(twin.layers["line"]) + len(twin.layers["transformer"])
    assert branches == 500 - substations + 5 * substations
    district = make_district(twin, twin.networks["grid"])
    assert district.grid.energized.all()
    (run,) = compute(district, range(4), Assumptions(store_intensity=300.0))
    assert run.converged.all()
    terms = run.balance.energy
    np.testing.assert_allclose(terms["residual"], 0, atol=1e-6)
    assert (terms["load"] > 0).all()
