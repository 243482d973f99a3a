"""A look at one step that no computation has reached yet."""

from pathlib import Path

import numpy as np
import pytest

from tests.quarter import write_quarter
from tests.village import write_village
from twinview.model.ahead import Ahead, assumed
from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.scene.resolve import resolve
from twinview.session import glimpse as module
from twinview.session.computing import compute
from twinview.session.glimpse import glimpse
from twinview.session.opening import open_files
from twinview.session.results import inputs
from twinview.session.store import Session, State

STEP = 30


@pytest.fixture(autouse=True)
def nothing_seen():
    """Forget what was looked at of the same data."""
    module._held.clear()


def opened(folder: Path, *, store: bool) -> State:
    """Return the village, with no results."""
    folder.mkdir()
    return drain(open_files(write_village(folder, store=store), None, Options(tz="Europe/Berlin")))


def looked(state: State, step: int = STEP):
    """Return the twin with a look at a step."""
    return drain(glimpse(state.twin, state.project, [step])).over(state.twin)


def test_without_stores_a_look_is_the_computation(tmp_path):
    state = opened(tmp_path / "v", store=False)
    ahead, whole = looked(state), drain(compute(state.twin, state.project, None))
    made = {key for key, one in ahead.series.items() if isinstance(one, Ahead)}
    assert (DISTRICT, "emission", "base") in made
    for layer, quantity, _scenario in made:
        one, real = ahead.find(layer, quantity), whole.find(layer, quantity)
        np.testing.assert_allclose(one.at(STEP), real.at(STEP), rtol=1e-5, atol=1e-5)
        assert one.ready(STEP)
        assert not one.ready(STEP - 1)
        assert np.isnan(one.of(0)[STEP - 1])
        assert not assumed(one, STEP)


def test_with_stores_it_says_that_it_is_provisional(tmp_path):
    state = opened(tmp_path / "v", store=True)
    twin = looked(state)
    assert assumed(twin.find(DISTRICT, "emission"), STEP)
    assert "provisional" in twin.find(DISTRICT, "emission").meaning.source
    assert not assumed(twin.find(DISTRICT, "load"), STEP)
    session = Session(State(twin=twin, project=state.project))
    session.run("time.index", STEP)
    scene = resolve(twin, session.state.view)
    assert "Provisional" in scene.legend.note
    doubtful = {one.id for one in scene.readouts if "provisional" in one.label}
    assert doubtful == {"emission", "carbon_intensity", "local_share", "soc"}
    # Within the days that are followed the energy in the stores is exact.
    whole = drain(compute(state.twin, state.project, None))
    np.testing.assert_allclose(
        twin.find(DISTRICT, "soc").at(STEP), whole.find(DISTRICT, "soc").at(STEP), atol=1e-5
    )


def test_real_numbers_take_its_place(tmp_path):
    state = opened(tmp_path / "v", store=True)
    found = drain(glimpse(state.twin, state.project, [STEP]))
    whole = drain(compute(state.twin, state.project, None))
    assert found.over(whole) is whole
    assert "Provisional" not in resolve(whole, state.view).legend.note


def test_all_carriers_are_looked_at_together(tmp_path):
    """Within the days that are followed only the carbon of the stores is assumed."""
    state = drain(open_files(write_quarter(tmp_path), None, Options(tz="Europe/Berlin")))
    twin, whole = looked(state), drain(compute(state.twin, state.project, None))
    made = [key[:2] for key, one in twin.series.items() if isinstance(one, Ahead)]
    assert {key[:2] for key, one in whole.series.items() if one.meaning.origin == "computed"} == {
        *made
    }
    wanted = {"power", "energy", "soc", "load", "voltage", "heat_consumption", "loading",
              "supply_temperature"}  # fmt: skip
    powers = [key for key in made if key[1] in wanted]
    assert {key[0] for key in powers} >= {"heat_pipe", "gas_pipe", "line", "converter"}
    for layer, quantity in powers:
        one, real = twin.find(layer, quantity).at(STEP), whole.find(layer, quantity).at(STEP)
        np.testing.assert_allclose(one, real, rtol=1e-5, atol=1e-5, err_msg=f"{layer} {quantity}")
    assert assumed(twin.find(DISTRICT, "emission"), STEP)


def test_a_day_is_looked_at_step_by_step_and_once(tmp_path, monkeypatch):
    state = opened(tmp_path / "v", store=True)
    day = [30, 31, 29, 28]
    told = [step.partial for step in glimpse(state.twin, state.project, day) if step.partial]
    assert [list(one.looks) for one in told] == [day[: k + 1] for k in range(4)]
    twin, whole = told[-1].over(state.twin), drain(compute(state.twin, state.project, None))
    series, real = twin.find(DISTRICT, "load"), whole.find(DISTRICT, "load")
    for step in day:
        np.testing.assert_allclose(series.at(step), real.at(step), rtol=1e-5)
    np.testing.assert_allclose(series.window(27, 32)[1:], real.window(28, 32), rtol=1e-5)
    assert np.flatnonzero(series.done).tolist() == sorted(day)
    assert np.isnan(series.of(0)[27])
    assert told[-1].over(whole) is whole
    # What is known is not computed again, whichever step of it is asked for first.
    monkeypatch.setattr(module, "_look", None)
    again = drain(glimpse(state.twin, state.project, day[::-1]))
    assert sorted(again.looks) == sorted(day)


def test_what_the_computation_has_reached_is_left_to_it(tmp_path):
    state = opened(tmp_path / "v", store=True)
    found = drain(glimpse(state.twin, state.project, [30, 31, 32], lambda step: step == 31))
    assert list(found.looks) == [30, 32]


@pytest.mark.parametrize(("name", "value"), [("SLOW", -1.0), ("ROOM", 0)])
def test_where_a_step_takes_long_or_much_only_the_instant_is_looked_at(
    tmp_path, monkeypatch, name, value
):
    monkeypatch.setattr(module, name, value)
    state = opened(tmp_path / "v", store=True)
    assert list(drain(glimpse(state.twin, state.project, [30, 31, 32])).looks) == [30]


def test_at_the_very_start_nothing_has_to_be_assumed(tmp_path):
    state = drain(open_files(write_quarter(tmp_path), None, Options(tz="Europe/Berlin")))
    twin, whole = looked(state, 0), drain(compute(state.twin, state.project, None))
    for layer, quantity, _scenario in (k for k, one in twin.series.items() if type(one) is Ahead):
        one, real = twin.find(layer, quantity).at(0), whole.find(layer, quantity).at(0)
        np.testing.assert_allclose(one, real, rtol=1e-5, atol=1e-5, err_msg=f"{layer} {quantity}")
    assert not assumed(twin.find(DISTRICT, "emission"), 0)


def test_an_answer_for_another_district_is_dropped(tmp_path):
    one = opened(tmp_path / "a", store=True)
    other = opened(tmp_path / "b", store=False)
    assert drain(glimpse(one.twin, one.project, [STEP])).over(other.twin) is other.twin


def test_the_command_fills_the_first_view(tmp_path):
    session = Session(opened(tmp_path / "v", store=True))
    session.run("time.index", STEP)
    session.run("compute.instant")
    assert session.state.twin.find(DISTRICT, "emission").ready(STEP)
    session.run("time.index", STEP + 1)
    session.run("compute.instant", True)
    emission = session.state.twin.find(DISTRICT, "emission")
    assert all(emission.ready(step) for step in session.state.twin.time.day_of(STEP + 1))


def test_a_district_without_grid_says_so(tmp_path):
    houses = write_village(tmp_path)[0]
    state = drain(open_files([houses], None, Options()))
    with pytest.raises(CommandError, match="no electrical grid"):
        drain(glimpse(state.twin, state.project, [0]))


def test_results_belong_to_a_time_zone(tmp_path):
    """When a day begins decides what stores do by rules that look at the days."""
    state = opened(tmp_path / "v", store=True)
    project = state.project.model_copy(update={"tz": "Asia/Shanghai"})
    assert inputs(project) != inputs(state.project)
