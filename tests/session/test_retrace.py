"""A step computed again is the step that was computed: with machines, in scenarios, without a grid.

The kept numbers come from the whole computation; what is compared is that the way back agrees.
Shares of sources are worked out by hand.
"""

import numpy as np
import pytest

from tests.quarter import write_quarter
from tests.session.test_plate import three
from tests.village import write_village
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.scenario import Scenario
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.computing import compute, results_of
from twinview.session.opening import open_files
from twinview.session.origins import Tracer
from twinview.session.project import Project, Settings
from twinview.session.retrace import prepared, retrace
from twinview.session.store import Session, State
from twinview.session.why import why

STEPS = (0, 9, 12, 20)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.fixture(scope="module")
def quarter(tmp_path_factory) -> State:
    """Return the village with heat, gas and machines, computed."""
    folder = tmp_path_factory.mktemp("quarter")
    session = Session(drain(open_files(write_quarter(folder), None, Options())))
    session.run("compute.run")
    return session.state


@pytest.fixture(scope="module")
def village(tmp_path_factory) -> Session:
    """Return the village with a scenario that has twice the load."""
    folder = tmp_path_factory.mktemp("village")
    session = Session(drain(open_files(write_village(folder), None, Options())))
    more = Scenario(id="more", changes=({"kind": "scale", "layer": "sym_load", "by": 2.0},))
    session.edit("test", session.state.project.model_copy(update={"scenarios": (more,)}))
    session.run("compute.run")
    return session


def same_as_kept(state: State, step: int) -> None:
    """Compare intensities of nodes and powers of lines with those that are kept."""
    found = retrace(prepared(state.twin, state.project), state.twin, step)
    nodes, lines = (found.district.network.tables[name] for name in ("node", "line"))
    kept = state.twin.find(nodes, "carbon_intensity").at(step)
    again = found.followed.traced.intensity[0, found.district.place]
    np.testing.assert_allclose(again, kept, rtol=2e-4, atol=1e-3)
    power = state.twin.find(lines, "power").at(step)
    again = found.followed.flow.p_from[0, : power.size]
    np.testing.assert_allclose(again, power, rtol=2e-4, atol=1e-3)


@pytest.mark.parametrize("step", STEPS)
def test_with_machines_it_is_the_step_that_was_computed(quarter, step):
    same_as_kept(quarter, step)


def test_power_of_a_combined_plant_is_a_source_of_its_own(quarter):
    found = Tracer(quarter.twin, quarter.project).at("houses", 0, 1)
    kinds = {one.kind: one for one in found.items}
    # A kWh of gas makes 0.35 of power and 0.5 of heat, and the GHG Protocol counts what each would
    # take by itself: power at 0.35, heat at 0.8, so power has e / 0.35 / (0.35/0.35 + 0.5/0.8).
    gas = quarter.twin.find("gas_node", "gas_intensity").at(1)[1]
    power = gas / 0.35 / (1 + 0.5 / 0.8)
    assert kinds["chp"].carbon / kinds["chp"].power * 1000 == pytest.approx(power, rel=1e-4)


def test_a_derivation_works_out_an_intensity_with_machines(quarter):
    for step in STEPS:
        found = why(quarter, "houses", "house 0", "carbon_intensity", step)
        assert found.parts.result == pytest.approx(found.value, rel=3e-4)
    names = [one.name for one in why(quarter, "node", "node 1", "carbon_intensity", 1).parts.inputs]
    assert any("chp" in one for one in names)


@pytest.mark.parametrize("step", STEPS)
def test_a_scenario_is_asked_by_its_own_results(village, step):
    village.run("scenario.show", "more")
    village.run("compute.run")
    state = village.state
    assert state.twin.scenario == "more"
    same_as_kept(state, step)
    found = why(state, "houses", "house 1", "carbon_intensity", step)
    assert found.parts.result == pytest.approx(found.value, rel=3e-4)
    village.run("scenario.show", "base")
    before = Tracer(village.state.twin, village.state.project).at("houses", 0, step).total
    assert Tracer(state.twin, state.project).at("houses", 0, step).total == pytest.approx(
        2 * before
    )


def test_without_a_grid_the_one_node_is_named(tmp_path):
    project = Project(settings=Settings(import_intensity=400.0))
    twin = drain(compute(three(), project, tmp_path / "p.twin"))
    state = State(twin=twin, project=project)
    # The first house uses 10, makes 4; of the 6 that it takes 4 come from the second house.
    found = Tracer(twin, project).at("houses", 0, 0)
    parts = {one.kind: one.power for one in found.items}
    assert parts == pytest.approx({"generation": 8.0, "import": 2.0}, rel=1e-4)
    told = why(state, "houses", str(twin.layers["houses"].ids[0]), "carbon_intensity", 0)
    assert told.parts.result == pytest.approx(80.0, rel=1e-4)
    assert any("one node" in one.name for one in told.parts.inputs)


def test_the_first_step_of_a_later_span_does_not_know_what_the_stores_held(tmp_path):
    state = drain(open_files(write_village(tmp_path), None, Options()))
    twin = drain(results_of(state.twin, state.project, None, range(10, 14))).twin
    tracer = Tracer(twin, state.project)
    with pytest.raises(CommandError, match="begins earlier"):
        tracer.at("houses", 0, 10)
    assert tracer.at("houses", 0, 11).total > 0
    with pytest.raises(CommandError, match="not been computed"):
        tracer.at("houses", 0, 20)
