"""Scenarios beside the base: results of their own, shared where nothing changed."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.village import HOURS, write_village
from twinview.model.problem import CommandError
from twinview.model.scenario import Scenario
from twinview.model.twin import BASE
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session import cache
from twinview.session.cases import check_scenario
from twinview.session.comparing import beside_base, kept_beside
from twinview.session.computing import results_of
from twinview.session.glimpse import glimpse
from twinview.session.opening import open_files, open_project
from twinview.session.project import save
from twinview.session.results import Results, load, place_of
from twinview.session.store import Session, State
from twinview.session.stored import file_name

SCENARIOS = (
    Scenario(id="half", title="Half", changes=({"kind": "factor", "by": 0.5},)),
    Scenario(id="more", title="More", changes=({"kind": "scale", "layer": "sym_load", "by": 1.2},)),
    Scenario(id="same", changes=({"kind": "scale", "layer": "sym_load", "by": 1.0},)),
    Scenario(
        id="roof",
        changes=({"kind": "add_pv", "at": ["house 0"], "kwp": 3.0, "profile": "cells"},),
    ),
    Scenario(
        id="store",
        changes=({"kind": "add_storage", "at": ["house 0"], "kwh": 4.0, "kw": 2.0},),
    ),
    Scenario(id="cut", changes=({"kind": "switch", "ids": ["line 2"], "closed": False},)),
    Scenario(id="both", parent="more", changes=({"kind": "factor", "by": 0.5},)),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a village with scenarios, its sun at most 1 kW for each kW installed."""
    folder = tmp_path_factory.mktemp("village")
    files = write_village(folder)
    head, *rows = files[2].read_text().splitlines()
    dimmed = [row.split(",") for row in rows]
    lines = [",".join([a, b, f"{float(sun) / 2:.4f}", c]) for a, b, sun, c in dimmed]
    files[2].write_text("\n".join([head, *lines]) + "\n")
    path = folder / "v.twin"
    state = drain(open_files(files, path, Options()))
    save(path, state.project.model_copy(update={"scenarios": SCENARIOS}), state.view)
    return path


@pytest.fixture(scope="module")
def state(project: Path) -> State:
    """Return the village, opened."""
    return drain(open_project(project))


@pytest.fixture(scope="module")
def results(state: State) -> dict[str, Results]:
    """Return the results of all cases, the base's first."""
    return {
        name: drain(results_of(state.cases.twins[name], state.project, state.path))
        for name in (BASE, *(one.id for one in SCENARIOS))
    }


def totals(results: Results) -> tuple[dict[str, float], dict[str, float]]:
    """Return the sums of energy and carbon."""
    found = results.as_dict()
    return found["energy_kwh"], found["carbon_kg"]


def test_every_balance_closes(results):
    for name, one in results.items():
        for residual in one.as_dict()["relative_residual"].values():
            assert residual <= 1e-9, name


def test_imports_of_half_the_intensity_bring_half_the_carbon(results):
    (energy, carbon), (base, base_carbon) = totals(results["half"]), totals(results[BASE])
    assert energy == base
    for name in ("import", "load", "loss", "storage_delta"):
        assert carbon[name] == pytest.approx(base_carbon[name] / 2, rel=1e-12), name


def test_a_factor_of_one_gives_the_same(results):
    assert totals(results["same"]) == totals(results[BASE])


def test_loads_and_roofs_add_what_they_say(results, state):
    (more, _), (base, _), (roof, _) = (totals(results[n]) for n in ("more", BASE, "roof"))
    assert more["load"] == pytest.approx(1.2 * base["load"], rel=1e-6)
    # By hand: the sun is 0 to 1 and back in eight hours of each day, 4 kWh for each kW, two days.
    assert HOURS == 48
    assert roof["generation"] - base["generation"] == pytest.approx(3 * 4 * 2, rel=1e-6)
    assert roof["load"] == base["load"]
    both = totals(results["both"])
    assert both[0] == more
    assert both[1]["import"] == pytest.approx(totals(results["more"])[1]["import"] / 2, rel=1e-12)


def test_a_store_joins_the_others(results):
    twin = results["store"].twin
    assert twin.find("storage", "energy").size == 2
    assert results[BASE].twin.find("storage", "energy").size == 1
    assert not np.isnan(twin.find("storage", "energy").at(10)).any()


def test_a_part_that_is_cut_off_is_dark(results):
    assert np.isnan(results["cut"].twin.find("node", "voltage").at(5)[3])
    assert np.isfinite(results[BASE].twin.find("node", "voltage").at(5)).all()


def test_results_say_whose_they_are(results):
    series = results["half"].twin.find("houses", "carbon_intensity")
    assert series.meaning.scenario == "half"
    assert ("houses", "carbon_intensity", BASE) not in results["half"].twin.series


def test_what_is_the_same_is_one_file_and_one_array(results, state):
    places = {
        name: next(place_of(one.twin, state.project, state.path).glob("*-*"))
        for name, one in results.items()
    }
    power, carbon = file_name(("line", "power")), file_name(("houses", "carbon_intensity"))
    for name, other in (("half", BASE), ("same", BASE), ("both", "more")):
        assert (places[name] / power).samefile(places[other] / power), name
        shared = results[name].twin.find("line", "power").values
        assert shared is results[other].twin.find("line", "power").values
    assert (places["same"] / carbon).samefile(places[BASE] / carbon)
    assert not (places["half"] / carbon).samefile(places[BASE] / carbon)
    assert not (places["more"] / power).samefile(places[BASE] / power)


def test_opening_attaches_the_results_of_all_cases(results, project):
    again = drain(open_project(project))
    for name, one in results.items():
        found = again.cases.twins[name].find("district", "load")
        assert found.meaning.scenario == name
        np.testing.assert_array_equal(found.values, one.twin.find("district", "load").values)


def test_a_scenario_stands_beside_the_base(results, state):
    base = state.base
    assert beside_base(results[BASE], base, state.project, state.path) is None
    found = beside_base(results["half"], base, state.project, state.path, range(10, 20))
    assert found.same_start
    assert found.scenario["span"]["steps"] == found.base["span"]["steps"] == 10
    assert found.difference["energy_kwh"]["import"] == 0
    carbon = found.difference["carbon_kg"]["import"]
    assert carbon == pytest.approx(-found.base["carbon_kg"]["import"] / 2)
    kept = kept_beside(state.cases.of("more"), base, state.project, state.path)
    assert kept.difference["energy_kwh"]["load"] == pytest.approx(0.2 * 48 * 0.75 * 2, rel=1e-6)


def test_titles_do_not_part_a_scenario_from_its_results(results, state):
    session = Session(state.showing("half"))
    session.run("scenario.rename", "Cleaner")
    assert load(session.state.twin, session.state.project, state.path) is not None


def test_an_edit_leaves_other_cases_and_is_undone(results, project):
    session = Session(drain(open_project(project)))
    session.run("scenario.show", "half")
    before = session.state
    assert before.twin.find("district", "load") is not None
    session.run("scenario.scale", 2.0)
    after = session.state
    assert after.twin.find("district", "load") is None
    assert after.cases.of("more") is before.cases.of("more")
    assert after.base is before.base
    session.run("edit.undo")
    assert session.state.twin.find("district", "load") is not None
    session.run("edit.redo")
    session.run("compute.run")
    assert session.state.twin.find("district", "load").meaning.scenario == "half"


def test_results_of_changes_that_are_gone_are_not_shown(state):
    session = Session(state.showing("half"))
    job = session.state.twin
    session.run("scenario.set_factor", "x0.1")
    session._set(replace(session.state, cases=session.state.cases.taken(job)))
    assert session.state.cases.of("half") is not job


def test_results_of_a_case_that_is_not_shown_wait_for_it(results, state):
    session = Session(state.showing(BASE))
    cases = session.state.cases.taken(results["more"].twin)
    session._set(replace(session.state, cases=cases))
    assert session.state.twin.scenario == BASE
    session.run("scenario.show", "more")
    assert session.state.twin is results["more"].twin


def test_removing_what_is_shown_shows_what_it_stood_on(state):
    session = Session(state.showing("more"))
    session.run("scenario.remove")
    assert session.state.view.scenario == BASE
    both = next(one for one in session.state.project.scenarios if one.id == "both")
    assert both.parent == BASE
    session.run("edit.undo")
    assert [one.id for one in session.state.project.scenarios][1] == "more"


def test_unknown_scenarios_are_refused_with_those_that_are_there(state):
    with pytest.raises(CommandError, match=r"there are 'base', 'half', 'more'"):
        check_scenario(state.project, "nosuch")
    empty = state.project.model_copy(update={"scenarios": ()})
    with pytest.raises(CommandError, match="only 'base'"):
        check_scenario(empty, "nosuch")


def test_a_stale_id_in_the_view_shows_the_base(project):
    state = drain(open_project(project))
    gone = replace(state, view=replace(state.view, scenario="gone"))
    session = Session(gone)
    session.run("time.index", 3)
    assert session.state.view.scenario == BASE


def test_problems_of_scenarios_are_told_with_the_rest(tmp_path):
    files = write_village(tmp_path)
    path = tmp_path / "v.twin"
    made = drain(open_files(files, path, Options()))
    scenarios = (
        Scenario(id="a", parent="nowhere", changes=({"kind": "weather"},)),
        Scenario(id="a"),
    )
    save(path, made.project.model_copy(update={"scenarios": scenarios}), made.view)
    state = drain(open_project(path))
    assert "scenario.id" in {one.code for one in state.base.problems}
    found = {one.code for one in state.cases.of("a").problems}
    assert {"scenario.parent", "scenario.unread"} <= found


def test_each_case_keeps_its_newest_results(tmp_path):
    for k, name in enumerate(("base1", "base2", "base3", "x-one", "old-1", "old-2")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (k, k))
    cache.prune(tmp_path, 1, lambda name: name[:2] if name[:2] in {"ba", "x-"} else None)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["base3", "old-2", "x-one"]


def test_an_instant_by_itself_is_that_of_its_case(project):
    session = Session(drain(open_project(project)).showing("half"))
    session.run("scenario.scale", 0.9)  # a case without results
    job = drain(glimpse(session.state.twin, session.state.project, [12]))
    assert job.over(session.state.base) is session.state.base
    series = job.over(session.state.twin).find("houses", "carbon_intensity")
    assert series.meaning.scenario == "half"
    session.run("compute.instant")
    assert session.state.twin.find("houses", "carbon_intensity") is not None
