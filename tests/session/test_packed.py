"""Intensities of buildings that share a node are kept once, and read as if they were not."""

from dataclasses import replace

import numpy as np
import pytest

from tests.energy.test_compute import layer, series, village
from twinview.energy import packing
from twinview.model.assemble import of_buildings
from twinview.model.indexed import Indexed
from twinview.model.series import Dense
from twinview.progress import drain
from twinview.session.computing import results_of
from twinview.session.project import Project


def intensity(twin):
    """Return the series of the buildings' intensity."""
    return twin.find("buildings", "carbon_intensity")


def street():
    """Return a village in which B, C and D only draw; A has the sun."""
    twin = village()
    rows = [{"id": f"load {b}", "node": "street", "building": b} for b in "ABCD"]
    layers = {
        **twin.layers,
        "buildings": layer("buildings", "building", [{"id": b} for b in (*"ABCD", "barn")]),
        "sym_load": layer("sym_load", "load", rows),
    }
    twin = replace(twin, layers=layers, digest="street")
    load = [[5000, 5000, 0, 100], [0, 10, 20, 30], [1, 2, 3, 4], [9, 8, 7, 6]]
    twin = twin.with_series(series("sym_load", "power", load))
    return twin.with_series(*of_buildings(twin))


def results(twin, folder):
    return drain(results_of(twin, Project(), folder / "street.twin"))


def test_packed_results_are_the_dense_ones(tmp_path, monkeypatch):
    twin = street()
    dense = intensity(results(twin, tmp_path / "dense").twin)
    monkeypatch.setattr(packing, "LEAST_BYTES", 0)
    first = intensity(results(twin, tmp_path / "packed").twin)
    again = intensity(results(twin, tmp_path / "packed").twin)
    assert isinstance(dense, Dense)
    for one in (first, again):
        assert isinstance(one, Indexed)
        # A has a column of its own, B to D share their node's, and the barn has none.
        assert one.index.tolist() == [1, 0, 0, 0, -1]
        np.testing.assert_allclose(one.window(0, 4), dense.window(0, 4), rtol=1e-6)
    assert np.isfinite(dense.at(0)[:4]).all()


def test_what_gives_is_not_packed(monkeypatch, tmp_path):
    monkeypatch.setattr(packing, "LEAST_BYTES", 0)
    giving = street().with_series(series("sym_load", "power", [[-5, 5, 5, 5]] * 4))
    assert isinstance(intensity(results(giving, tmp_path).twin), Dense)


@pytest.mark.parametrize("least", [0, 10**9])
def test_steps_show_while_others_are_computed(monkeypatch, tmp_path, least):
    monkeypatch.setattr(packing, "LEAST_BYTES", least)
    job = results_of(street(), Project(), tmp_path / "street.twin")
    partial = [one.partial for one in job if one.partial is not None][-1]
    found = intensity(partial)
    assert isinstance(found, Indexed) == (least == 0)
    assert found.ready(3)
