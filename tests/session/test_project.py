"""Project files: readable, tolerant of what they do not know, loud about what is broken."""

import json
from pathlib import Path

import pytest

from twinview.model.join import Join
from twinview.model.problem import CommandError
from twinview.model.scenario import Scenario
from twinview.scene.view import Camera, View
from twinview.session.project import (
    UPGRADES,
    VERSION,
    Project,
    Settings,
    Source,
    load,
    relative,
    save,
    to_text,
)

CASES = Path(__file__).parents[1] / "cases" / "projects"


@pytest.fixture
def project() -> Project:
    """Return a project in which every field says something."""
    return Project(
        name="片区",
        crs="EPSG:25832",
        tz="Europe/Berlin",
        sources=(Source(id="h", path="h.gpkg", options={"crs": "EPSG:25832"}),),
        joins=(Join("columns", "t", "h", "consumption", pattern="load_{id}"),),
        settings=Settings(netting=False, storage_policy="owner", import_intensity=401.5),
        scenarios=(
            Scenario(id="pv", changes=({"kind": "switch", "ids": ("l",), "closed": False},)),
        ),
        notes="two\nlines",
    )


def test_what_is_saved_is_what_is_loaded(project, tmp_path):
    view = View(
        time=7,
        overlay="loading",
        hidden=frozenset({"b", "a"}),
        selection=(("h", "1"), ("h", "2")),
        camera=Camera((1.0, 2.0, 3.0), (4.0, 5.0, 6.0)),
        theme="dark",
    )
    file = tmp_path / "p.twin"
    save(file, project, view)
    assert load(file) == (project, view, [])
    save(tmp_path / "again.twin", *load(file)[:2])
    assert file.read_bytes() == (tmp_path / "again.twin").read_bytes()


def test_the_file_can_be_read_and_compared_by_people(project):
    text = to_text(project, View(hidden=frozenset({"b", "a"})))
    assert "片区" in text
    assert text.endswith("}\n")
    assert len(text.splitlines()) > 30
    assert list(json.loads(text))[:3] == ["version", "name", "crs"]
    assert json.loads(text)["view"]["hidden"] == ["a", "b"]


def test_unknown_keys_are_told_kept_and_written_back(project, tmp_path):
    file = tmp_path / "p.twin"
    data = json.loads(to_text(project, View()))
    data["weather"] = {"station": 3}
    data["settings"]["spice"] = "much"
    data["sources"][0]["mood"] = "good"
    file.write_text(json.dumps(data))
    found, view, problems = load(file)
    assert [problem.code for problem in problems] == ["project.unknown_key"]
    assert "'weather'" in problems[0].message
    save(file, found, view)
    again = json.loads(file.read_text())
    assert again["weather"] == {"station": 3}
    assert again["settings"]["spice"] == "much"
    assert again["sources"][0]["mood"] == "good"


def test_a_newer_file_opens_with_a_warning(project, tmp_path):
    file = tmp_path / "p.twin"
    data = json.loads(to_text(project, View())) | {"version": VERSION + 5}
    file.write_text(json.dumps(data))
    found, _view, problems = load(file)
    assert found.name == "片区"
    assert [problem.code for problem in problems] == ["project.newer"]


def test_a_file_of_version_1_is_brought_up_to_date(tmp_path):
    project, view, problems = load(CASES / "v1.twin")
    assert [(source.id, source.path) for source in project.sources] == [
        ("houses", "houses.geojson"),
        ("grid", "data/grid.json"),
    ]
    assert (project.name, project.version) == ("Old town", VERSION)
    assert project.notes == "written by the first version"
    assert (view.time, view.overlay) == (12, "power")
    assert problems == []


def test_there_is_one_upgrade_and_one_kept_file_per_old_version():
    assert sorted(UPGRADES) == list(range(1, VERSION))
    assert sorted(file.stem for file in CASES.glob("v*.twin")) == [f"v{k}" for k in UPGRADES]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not readable JSON"),
        ("{", "not readable JSON"),
        ("[1, 2]", "has no version"),
        ('{"name": "x"}', "has no version"),
        ('{"version": "2"}', "has no version"),
        ('{"version": 0}', "unknown version 0"),
        ('{"version": 2, "sources": 5}', "damaged at 'sources'"),
        ('{"version": 2, "settings": {"losses": "some"}}', "damaged at 'settings.losses'"),
        ('{"version": 2, "view": {"theme": "pink"}}', "damaged at 'view.theme'"),
        ("[" * 100_000, "not readable JSON"),
    ],
)
def test_what_is_no_project_is_one_sentence(tmp_path, content, says):
    file = tmp_path / "p.twin"
    file.write_text(content)
    with pytest.raises(CommandError, match=says) as caught:
        load(file)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path):
    with pytest.raises(CommandError, match="is not there"):
        load(tmp_path / "p.twin")
    with pytest.raises(CommandError, match="could not be read"):
        load(tmp_path)


def test_paths_are_relative_with_slashes(tmp_path):
    project = tmp_path / "a" / "p.twin"
    assert relative(tmp_path / "a" / "b" / "x.gpkg", project) == "b/x.gpkg"
    assert relative(tmp_path / "x.gpkg", project) == "../x.gpkg"
