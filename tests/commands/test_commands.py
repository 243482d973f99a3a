"""Commands: each does what it says, and refuses what is not there with one sentence."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.scene.support import hamlet
from tests.village import write_village
from twinview.i18n import language, set_language
from twinview.model.problem import CommandError
from twinview.paths import demo_folder
from twinview.progress import Progress, drain
from twinview.session.project import Project, load
from twinview.session.store import Session, State
from twinview.session.told import Written


@pytest.fixture
def session() -> Session:
    """Return a session with a hamlet open."""
    project = Project(name="Hamlet")
    return Session(State(hamlet(), project, saved=project))


@pytest.fixture
def village(tmp_path) -> Session:
    """Return a session with a village open that was never saved."""
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    return session


def test_time_moves(session):
    session.do("time.go 2024-03-31T12:00")
    assert (
        session.state.twin.time.at(session.state.view.time).isoformat()
        == "2024-03-31T12:00:00+02:00"
    )
    session.do("time.day 1")
    assert (
        session.state.twin.time.at(session.state.view.time).isoformat()
        == "2024-04-01T12:00:00+02:00"
    )
    with pytest.raises(CommandError, match="outside the data"):
        session.do("time.go 2030-01-01")


def test_overlays_are_shown_when_there_is_something_to_show(session):
    session.do("overlay.show loading")
    assert session.state.view.overlay == "loading"
    with pytest.raises(CommandError, match="no overlay 'nosuch'"):
        session.do("overlay.show nosuch")
    bare = Session(replace(session.state, twin=replace(session.state.twin, series={})))
    with pytest.raises(CommandError, match="compute first"):
        bare.do("overlay.show loading")


def test_attributes_are_named_with_their_layer(session):
    session.do("overlay.attribute houses.height_m")
    assert (session.state.view.overlay, session.state.view.attribute) == (
        "attribute",
        "houses.height_m",
    )
    for wrong in ("height_m", "houses.nosuch", "nosuch.height_m"):
        with pytest.raises(CommandError, match=r"LAYER\.COLUMN"):
            session.do(f"overlay.attribute {wrong}")


def test_layers_are_hidden_and_shown(session):
    session.do("layer.toggle houses")
    assert session.state.view.hidden == {"houses"}
    session.do("layer.toggle houses")
    assert session.state.view.hidden == frozenset()
    session.do("layer.only line")
    assert "houses" in session.state.view.hidden
    session.do("layer.only line")
    assert session.state.view.hidden == frozenset()


def test_elements_are_selected(session):
    session.do("select.only houses high")
    session.do("select.add houses low")
    session.do("select.add line l")
    session.do("select.add houses high")
    assert session.state.view.selection == (("houses", "low"), ("line", "l"))
    session.do("select.clear")
    assert session.state.view.selection == ()
    with pytest.raises(CommandError, match="no element 'gone'"):
        session.do("select.only houses gone")


def test_the_camera_is_placed(session):
    session.do("view.camera 1 2 3 0 0 0")
    assert session.state.view.camera.position == (1, 2, 3)
    for name in ("top", "north", "iso"):
        session.do(f"view.standard {name}")
    with pytest.raises(CommandError, match="no standard view"):
        session.do("view.standard below")
    session.do("view.fit")
    assert session.state.view.camera is None


def test_theme_and_language(session):
    before = language()
    try:
        session.do("view.theme dark")
        session.do("view.language zh_CN")
        assert (session.state.view.theme, language()) == ("dark", "zh_CN")
        set_language("en")
        with pytest.raises(CommandError, match="no language 'fr'"):
            session.do("view.language fr")
        with pytest.raises(CommandError, match="light or dark"):
            session.do("view.theme pink")
    finally:
        set_language(before)


def test_a_project_is_made_computed_saved_and_opened_again(village, tmp_path):
    with pytest.raises(CommandError, match="no file yet"):
        village.do("file.save")
    village.run("compute.run")
    assert village.state.twin.find("houses", "carbon_intensity") is not None
    village.run("file.save_as", tmp_path / "new" / "dorf")
    path = tmp_path / "new" / "dorf.twin"
    project, _view, _problems = load(path)
    assert [source.path for source in project.sources] == [
        "../houses.geojson", "../grid.json", "../curves.csv",
    ]  # fmt: skip
    assert not village.state.dirty
    again = Session()
    again.run("file.open", path)
    assert not [p for p in again.state.twin.problems if p.severity == "error"]
    assert set(again.state.twin.layers) == set(village.state.twin.layers)


def test_files_are_added_as_one_step_of_undo(tmp_path):
    houses, *others = write_village(tmp_path)
    session = Session()
    session.run("file.new", houses)
    session.run("file.add", *others)
    assert "sym_load" in session.state.twin.layers
    session.run("edit.undo")
    assert list(session.state.twin.layers) == ["houses"]


def test_the_demo_is_not_written_over(village):
    with pytest.raises(CommandError, match="part of the program"):
        village.run("file.save_as", demo_folder() / "demo.twin")


def test_numbers_under_the_picture_are_written(session, tmp_path):
    session.do("time.index 3")
    session.run("export.table", tmp_path / "a.csv")
    assert "2024-03-31T04:00:00+02:00" in (tmp_path / "a.csv").read_text()


@pytest.mark.parametrize("suffix", ["csv", "parquet", "xlsx"])
def test_what_a_window_writes_is_what_a_script_writes(session, tmp_path, suffix):
    told = []
    session.teller = told.append
    written = {}
    for seen, who in ((False, "script"), (True, "window")):
        session.seen = seen
        written[who] = [tmp_path / f"{who}-{what}.{suffix}" for what in ("table", "elements")]
        session.run("export.table", written[who][0])
        session.run("export.elements", written[who][1], "houses")
    for script, window in zip(*written.values(), strict=True):
        assert _cells(script) == _cells(window)
    assert told == [Written(one) for one in written["window"]]


def _cells(file):
    """Return what a file of a table holds, as bytes or as the values of its first sheet."""
    if file.suffix != ".xlsx":
        return file.read_bytes()
    return [
        row for sheet in openpyxl.load_workbook(file) for row in sheet.iter_rows(values_only=True)
    ]


def test_changes_are_made_to_the_selection_of_the_scenario_shown(village):
    with pytest.raises(CommandError, match="base case is shown"):
        village.do("scenario.scale 1.2")
    village.do("scenario.new 'More stores'")
    assert village.state.view.scenario == "more-stores"
    with pytest.raises(CommandError, match="Select buildings first"):
        village.do("scenario.add_storage 10 5")
    for line in ("scenario.add_storage 10 5 'line 1'", "scenario.add_pv 5 'house 0' 'line 1'"):
        with pytest.raises(CommandError, match="'line 1' is in 'line'; only to buildings and n"):
            village.do(line)
    with pytest.raises(CommandError, match="no building or node 'nosuch'"):
        village.do("scenario.add_storage 10 5 nosuch")
    assert village.state.project.scenarios[0].changes == ()
    village.do("select.only houses 'house 0'")
    village.do("scenario.add_storage 10 5")
    village.do("scenario.switch no 'line 2'")
    village.do("scenario.set_factor x0.5")
    village.do("scenario.set_factor 120")
    village.do("scenario.set_factor CN:grid_average:2022")
    village.do("scenario.set line i_n 80 'line 1'")
    found = village.state.project.scenarios[0].changes
    assert [one.kind for one in found] == [
        "add_storage", "switch", "factor", "factor", "factor", "set",
    ]  # fmt: skip
    assert found[0].at == ("house 0",)
    assert (found[2].by, found[3].g_per_kwh, found[4].book) == (0.5, 120.0, "CN:grid_average:2022")
    assert found[5].value == 80
    village.do("scenario.drop_change 2")
    assert len(village.state.project.scenarios[0].changes) == 5
    with pytest.raises(CommandError, match="no number 9"):
        village.do("scenario.drop_change 9")


def test_scenarios_are_copied_renamed_shown_and_removed(village):
    village.do("scenario.new Plan")
    village.do("scenario.scale 1.2")
    village.do("scenario.copy 'Plan B'")
    village.do("scenario.rename 'Plan C'")
    first, second = village.state.project.scenarios
    assert (second.id, second.title, second.changes) == ("plan-b", "Plan C", first.changes)
    village.do("scenario.show plan")
    village.do("scenario.remove")
    assert village.state.view.scenario == "base"
    assert [one.id for one in village.state.project.scenarios] == ["plan-b"]
    with pytest.raises(CommandError, match="there are 'base', 'plan-b'"):
        village.do("scenario.show plan")


@pytest.mark.parametrize("line", ["scenario.scale -1", "scenario.set_factor much"])
def test_changes_that_cannot_be_are_one_sentence(village, line):
    village.do("scenario.new Plan")
    with pytest.raises(CommandError, match="does not fit"):
        village.do(line)


def test_films_show_the_day_in_view_of_what_is_open(village, tmp_path, monkeypatch):
    from twinview.commands import export
    from twinview.session.handover import taken

    asked: list[list[str]] = []
    shown = []

    def errand(arguments):
        asked.append(arguments)
        shown.append(drain(taken(Path(arguments[1]))))
        yield Progress(1.0)

    monkeypatch.setattr(export, "errand", errand)
    told = []
    village.teller = told.append
    village.run("project.rename", "Not saved")
    village.run("time.index", 5)
    village.run("export.film", tmp_path / "a.mp4")
    village.do(f"export.film {tmp_path / 'b.mp4'} 2024-03-31 2024-04-01 2h 25 640x400")
    first, second = asked
    assert (first[0], *first[2:4]) == ("animate", "-o", str(tmp_path / "a.mp4"))
    assert not Path(first[1]).exists()
    assert shown[0].project.name == "Not saved"
    assert shown[0].view.time == 5
    assert first[first.index("--from") + 1] == "2024-03-31T00:00+00:00"
    assert first[first.index("--to") + 1] == "2024-04-01T00:00+00:00"
    assert second[second.index("--step") + 1] == "2h"
    assert [one.path for one in told] == [tmp_path / "a.mp4", tmp_path / "b.mp4"]
