"""Sources of a selection: bands add up to what is drawn, and to its carbon."""

import numpy as np
import pytest

from tests.village import write_village
from twinview.energy.shares import Origin
from twinview.model.problem import CommandError
from twinview.scene.private import veiled
from twinview.session.bands import LONGEST, bands
from twinview.session.origins import Tracer, words
from twinview.session.store import Session


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """Return a computed village: houses 0 and 1 draw, house 1 has cells on its roof."""
    session = Session()
    session.run("file.new", *write_village(tmp_path_factory.mktemp("village")))
    session.run("compute.run")
    return session.state


def houses(state):
    """Return the layer of buildings."""
    return next(one for one in state.twin.layers.values() if one.kind == "building")


def test_bands_of_two_houses_are_the_sum_of_each(village):
    layer, tracer = houses(village), Tracer(village.twin, village.project)
    for step in (3, 12):
        found = bands(village.twin, village.project, layer, np.array([0, 1]), [step], span=False)
        each = [tracer.at(layer.id, row, step) for row in (0, 1)]
        assert found.energy == pytest.approx(sum(one.total for one in each))
        carbon = sum(item.carbon for one in each if one.total > 0 for item in one.items)
        assert found.carbon == pytest.approx(carbon)


def test_the_carbon_of_a_house_is_its_use_at_its_intensity(village):
    layer = houses(village)
    found = bands(village.twin, village.project, layer, np.array([0]), [3], span=False)
    used = village.twin.find(layer.id, "consumption").at(3)[0]
    intensity = village.twin.find(layer.id, "carbon_intensity").at(3)[0]
    assert found.energy == pytest.approx(used, rel=1e-6)
    assert found.carbon == pytest.approx(used * intensity / 1000, rel=1e-4)


def test_a_span_is_energy(village):
    layer = houses(village)
    found = bands(village.twin, village.project, layer, np.array([0]), range(2, 6), span=True)
    used = village.twin.find(layer.id, "consumption").window(2, 6)[:, 0].sum()
    assert found.energy == pytest.approx(used, rel=1e-6)


def test_what_cannot_be_asked_is_refused(village):
    layer = houses(village)
    ask = (village.twin, village.project, layer, np.array([0]))
    with pytest.raises(CommandError, match="a day or a week"):
        bands(*ask, range(LONGEST + 1), span=True)
    with pytest.raises(CommandError, match="meanwhile"):
        bands(*ask, [3], False, lambda: False)
    with pytest.raises(CommandError, match="private"):
        bands(veiled(village.twin, 5), village.project, layer, np.array([0]), [3], span=False)
    lines = next(one for one in village.twin.layers.values() if one.kind == "line")
    with pytest.raises(CommandError, match="not by 'line'"):
        bands(village.twin, village.project, lines, np.array([0]), [3], span=False)


def test_sources_are_named_as_at_the_beginning_of_a_line():
    kinds = ("pv_roof", "wind", "import")
    assert words([Origin(kind, 1.0, 0.0) for kind in kinds]) == ["PV roof", "Wind", "Grid import"]
