"""Sources of a selection: bands add up to what is drawn, and to its carbon, over any window."""

from dataclasses import replace

import numpy as np
import pytest

from tests.village import HOURS, write_village
from twinview.energy.shares import Origin
from twinview.model.problem import CommandError
from twinview.model.window import Window
from twinview.progress import drain
from twinview.scene.aggregation import seen
from twinview.scene.private import veiled
from twinview.session import supply
from twinview.session.apart import apart
from twinview.session.bands import bands, steps_in, users_of
from twinview.session.origins import Tracer, words
from twinview.session.store import Session

WINDOWS = {
    "the last ten hours": Window("rolling", 10 * 3600),
    "all so far": Window("cumulative"),
    "all": Window("range"),
    "workdays": Window("range", days="workdays"),
    "a typical day": Window("typical"),
}


def computed(folder, *settings):
    """Return the village, computed: houses 0 and 1 draw, house 1 has cells on its roof."""
    session = Session()
    session.run("file.new", *write_village(folder))
    for line in settings:
        session.do(line)
    session.run("compute.run")
    return session.state


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """Return the village with the usual settings."""
    return computed(tmp_path_factory.mktemp("village"))


@pytest.fixture(scope="module")
def gross(tmp_path_factory):
    """Return the village whose consumers bear the losses."""
    return computed(tmp_path_factory.mktemp("gross"), "settings.set losses gross")


def houses(state):
    """Return the layer of buildings."""
    return next(one for one in state.twin.layers.values() if one.kind == "building")


def users(state, *rows):
    """Return some houses as they are asked about."""
    return users_of(state.twin, state.project, houses(state), np.array(rows))


def of_window(state, window, step, *rows):
    """Return the bands of houses over a window."""
    steps, how = steps_in(state.twin, replace(state.view, window=window, time=step))
    return bands(users(state, *rows), steps, how)


def on_the_map(state, window, step):
    """Return what the map tells of both houses over a window: kWh (or kW) and g/kWh of each."""
    twin = seen(state.twin, replace(state.view, window=window))
    layer = houses(state).id
    return (twin.find(layer, name).at(step)[:2] for name in ("consumption", "carbon_intensity"))


@pytest.fixture(autouse=True)
def nothing_known():
    """Forget what was traced for other tests."""
    supply._ledgers.clear()


# --------------------------------------------------------------------------------------- an instant
def test_bands_of_two_houses_are_the_sum_of_each(village):
    layer, tracer = houses(village), Tracer(village.twin, village.project)
    for step in (3, 12):
        found = bands(users(village, 0, 1), [step], "rate")
        each = [tracer.at(layer.id, row, step) for row in (0, 1)]
        assert found.energy == pytest.approx(sum(one.total for one in each))
        carbon = sum(item.carbon for one in each if one.total > 0 for item in one.items)
        assert found.carbon == pytest.approx(carbon)


def test_the_carbon_of_a_house_is_its_use_at_its_intensity(village):
    found = bands(users(village, 0), [3], "rate")
    used = village.twin.find(houses(village).id, "consumption").at(3)[0]
    intensity = village.twin.find(houses(village).id, "carbon_intensity").at(3)[0]
    assert found.energy == pytest.approx(used, rel=1e-6)
    assert found.carbon == pytest.approx(used * intensity / 1000, rel=1e-4)


# ----------------------------------------------------------------------------------------- a window
@pytest.mark.parametrize(
    ("name", "step", "energy"),
    [  # each house draws 1 kW in odd steps and 0.5 kW in even ones
        ("the last ten hours", 40, 2 * (5 * 1.0 + 5 * 0.5)),
        ("all so far", 8, 2 * (4 * 1.0 + 5 * 0.5)),
        ("all", 0, 2 * (24 * 1.0 + 24 * 0.5)),
        ("workdays", 0, 2 * (12 * 1.0 + 11 * 0.5)),  # from step 25 on, Monday in UTC
        ("a typical day", 35, 2 * 1.0),  # steps 11 and 35
    ],
)
def test_bands_of_a_window_are_what_was_drawn_in_it(village, name, step, energy):
    found = of_window(village, WINDOWS[name], step, 0, 1)
    assert found.energy == pytest.approx(energy, rel=1e-6)
    used, intensity = on_the_map(village, WINDOWS[name], step)
    assert found.energy == pytest.approx(float(used.sum()), rel=1e-6)
    assert found.carbon == pytest.approx(float((used * intensity).sum()) / 1000, rel=1e-5)
    assert found.span is (name != "a typical day")
    assert found.without == 0


def test_steps_traced_together_are_those_traced_one_by_one(village):
    """The battery carries carbon from one step to the next."""
    tracer, layer = Tracer(village.twin, village.project), houses(village).id
    one_by_one = [drain(tracer.over(layer, row, range(HOURS))) for row in (0, 1)]
    found = of_window(village, Window("range"), 0, 0, 1)
    for kind in {one.kind for each in one_by_one for one in each.items}:
        energy = sum(one.power for each in one_by_one for one in each.items if one.kind == kind)
        carbon = sum(one.carbon for each in one_by_one for one in each.items if one.kind == kind)
        mine = [one for one in found.items if one.source == kind]
        assert sum(one.energy for one in mine) == pytest.approx(energy, rel=1e-6)
        assert sum(one.carbon for one in mine) == pytest.approx(carbon, rel=1e-5, abs=1e-9)


def test_losses_that_users_bear_are_a_band_of_their_own(gross):
    found = of_window(gross, Window("range"), 0, 0, 1)
    lost = [one for one in found.items if one.use == "Losses on the way"]
    assert 0 < sum(one.energy for one in lost) < 0.1 * found.energy
    assert sum(one.carbon for one in lost) == 0
    used, intensity = on_the_map(gross, Window("range"), 0)
    assert found.energy - sum(one.energy for one in lost) == pytest.approx(72.0, rel=1e-6)
    assert found.carbon == pytest.approx(float((used * intensity).sum()) / 1000, rel=1e-5)


def test_a_window_that_moves_costs_what_is_new(village):
    some = users(village, 1)
    bands(some, range(24), "sum")
    assert some.missing(range(24)) == 0
    assert users(village, 1).missing(range(1, 26)) == 2
    assert users(village, 0, 1).missing(range(24)) == 24  # others are another question


def test_another_process_traces_the_same_and_what_it_did_stays_when_it_is_ended(
    village, gross, monkeypatch
):
    here = of_window(village, Window("range"), 0, 1)
    supply._ledgers.clear()
    asked = []
    monkeypatch.setattr(supply, "apart", lambda *task: asked.append(task) or apart(*task))
    some = users(village, 1)
    bands(some, range(24), "sum")
    assert asked == []
    drain(some.trace(range(HOURS), away=True))
    assert [list(task[-1]) for task in asked] == [list(range(24, HOURS))]
    there = some.bands(range(HOURS), "sum")
    assert there.energy == pytest.approx(36.0, rel=1e-6)
    assert there.carbon == pytest.approx(here.carbon, rel=1e-6)
    assert [(one.source, one.use) for one in there.items] == [
        (one.source, one.use) for one in here.items
    ]
    job = users(gross, 0).trace(range(HOURS))
    next(job)
    job.close()
    assert users(gross, 0).missing(range(HOURS)) == HOURS - 24


def test_what_cannot_be_asked_is_refused(village):
    with pytest.raises(CommandError, match="meanwhile"):
        bands(users(village, 0, 2), [3], "rate", lambda: False)
    with pytest.raises(CommandError, match="private"):
        users_of(veiled(village.twin, 5), village.project, houses(village), np.array([0]))
    lines = next(one for one in village.twin.layers.values() if one.kind == "line")
    with pytest.raises(CommandError, match="not by 'line'"):
        bands(users_of(village.twin, village.project, lines, np.array([0])), [3], "rate")


def test_steps_without_a_value_enter_nothing_and_are_counted(tmp_path):
    import json

    from tests.village import metered

    files = write_village(tmp_path, kind="office")
    network, curves = metered(HOURS, range(10, 14))
    files[1].write_text(json.dumps(network), encoding="utf-8")
    files[2].write_text(curves, encoding="utf-8")
    session = Session()
    session.run("file.new", *files)
    session.do("compute.run")
    state = session.state
    found = bands(users_of(state.twin, state.project, houses(state), np.array([0])),
                  range(HOURS), "sum")  # fmt: skip
    assert found.without == 4
    assert found.energy == pytest.approx((HOURS - 4) * 1.5, rel=1e-6)


def test_sources_are_named_as_at_the_beginning_of_a_line():
    kinds = ("pv_roof", "wind", "import")
    assert words([Origin(kind, 1.0, 0.0) for kind in kinds]) == [
        "Rooftop PV",
        "Wind",
        "Grid import",
    ]
