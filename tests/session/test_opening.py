"""Opening: what cannot be read is a problem, the rest opens; nothing is read twice."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from tests.village import write_village
from twinview.model.problem import CommandError, NeedsAnswer
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session import cache, opening
from twinview.session.answers import from_text
from twinview.session.opening import add_files, moved, open_files, open_project
from twinview.session.project import load, save
from twinview.session.results import place_of
from twinview.session.store import Session


@pytest.fixture
def files(tmp_path) -> list[Path]:
    """Return the files of a village."""
    return write_village(tmp_path)


@pytest.fixture
def project(tmp_path, files) -> Path:
    """Return a saved project of a village."""
    path = tmp_path / "v.twin"
    state = drain(open_files(files, path, Options(tz="Europe/Berlin")))
    save(path, state.project, state.view)
    return path


def codes(state) -> set[str]:
    """Return the codes of the errors."""
    return {problem.code for problem in state.twin.problems if problem.severity == "error"}


def test_a_project_opens_as_it_was_made(project, files):
    made = drain(open_files(files, project, Options(tz="Europe/Berlin")))
    state = drain(open_project(project))
    assert list(state.twin.layers) == list(made.twin.layers)
    assert state.twin.time == made.twin.time
    assert state.twin.digest == made.twin.digest
    assert not state.dirty
    assert state.understood["houses"].crs_reason == "file"
    np.testing.assert_allclose(state.twin.find("houses", "consumption").at(1)[:2], [1.0, 1.0])


def test_a_zone_that_is_none_is_one_sentence(files):
    with pytest.raises(CommandError, match=r"^'Mars/Phobos' is not the name of a time zone.*\.$"):
        drain(open_files(files, None, Options(tz="Mars/Phobos")))


def test_a_new_project_is_named_after_its_first_file(files):
    city = files[0].rename(files[0].with_name("houses.city.geojson"))
    assert drain(open_files([city], None, Options())).project.name == "houses"


def test_the_second_opening_reads_nothing_anew(project, monkeypatch):
    def never(*_arguments, **_options):
        raise AssertionError("a file was read again")

    monkeypatch.setattr(opening, "read_file", never)
    assert len(drain(open_project(project)).twin.layers) == 7


def test_a_changed_file_is_read_anew(project, files):
    before = drain(open_project(project))
    houses = json.loads(files[0].read_text())
    houses["features"].pop()
    files[0].write_text(json.dumps(houses))
    after = drain(open_project(project))
    assert len(after.twin.layers["houses"]) == 2
    assert after.twin.digest != before.twin.digest


def test_a_damaged_cache_is_made_again(project):
    for file in project.with_name("v.twin.cache").rglob("*.json"):
        file.write_text("{")
    assert len(drain(open_project(project)).twin.layers) == 7


def test_a_missing_source_is_a_problem_and_the_rest_opens(project, files):
    files[2].unlink()
    state = drain(open_project(project))
    assert "source.missing" in codes(state)
    assert "houses" in state.twin.layers
    assert state.twin.time.static


def test_a_source_outside_is_not_read_until_it_was_chosen(project, files, tmp_path):
    far = tmp_path / "far" / "p.twin"
    far.parent.mkdir()
    found, view, _problems = load(project)
    sources = tuple(s.model_copy(update={"path": f"../{s.path}"}) for s in found.sources)
    save(far, found.model_copy(update={"sources": sources}), view)
    assert codes(drain(open_project(far))) >= {"source.outside"}
    state = drain(open_project(project))
    save(far, moved(state, far), view)
    assert not codes(drain(open_project(far)))


def test_an_unreadable_source_is_a_problem(project, files):
    files[0].write_text("this is no map")
    state = drain(open_project(project))
    assert "source.unreadable" in codes(state)
    assert "sym_load" in state.twin.layers


def test_nothing_readable_is_an_error(tmp_path):
    file = tmp_path / "x.geojson"
    file.write_text("this is no map")
    with pytest.raises(CommandError, match=r"x\.geojson"):
        drain(open_files([file], None, Options()))
    with pytest.raises(CommandError, match="is not there"):
        drain(open_files([tmp_path / "nosuch.gpkg"], None, Options()))


def test_a_question_is_asked_and_its_answer_kept(shared, tmp_path):
    file = shared / "data" / "cityjson-vienna-seq" / "vienna.jsonl"
    with pytest.raises(NeedsAnswer) as caught:
        drain(open_files([file], None, Options()))
    assert caught.value.option == "--crs"
    path = tmp_path / "v.twin"
    state = drain(open_files([file], path, Options(crs=caught.value.choices[0])))
    save(path, state.project, state.view)
    assert drain(open_project(path)).twin.crs == caught.value.choices[0]


def test_files_are_added_to_what_is_open(project, files):
    state = drain(open_files(files[:1], project, Options()))
    more = drain(add_files(state, files[1:]))
    assert set(more.twin.layers) > {"houses", "sym_load"}
    assert [source.id for source in more.project.sources] == ["houses", "grid", "curves"]
    again = drain(add_files(more, files[:1]))
    assert len({source.id for source in again.project.sources}) == 4


def test_two_files_of_one_name_get_two_ids(files, tmp_path):
    (tmp_path / "b").mkdir()
    twin = tmp_path / "b" / "houses.geojson"
    twin.write_text(files[0].read_text())
    state = drain(open_files([files[0], twin], None, Options()))
    assert len({source.id for source in state.project.sources}) == 2
    assert len(state.twin.layers) == 2


def test_cancelling_leaves_no_half_read_file(project, files):
    files[0].write_text(json.dumps(json.loads(files[0].read_text()) | {"name": "changed"}))
    job = open_project(project)
    for step in job:
        if step.fraction > 0.05:
            break
    job.close()
    place = project.with_name("v.twin.cache")
    assert not [one for one in place.rglob("*") if one.name.endswith(".part")]


def test_results_lie_under_a_key_of_all_they_depend_on(project, files):
    state = drain(open_project(project))
    place = place_of(state.twin, state.project, project)
    assert place.is_relative_to(project.with_name("v.twin.cache"))
    settings = state.project.settings.model_copy(update={"netting": False})
    other = state.project.model_copy(update={"settings": settings})
    assert place_of(state.twin, other, project) != place
    renamed = state.project.model_copy(update={"name": "x", "notes": "y"})
    assert place_of(state.twin, renamed, project) == place
    files[2].write_text(files[2].read_text().replace("300", "301"))
    changed = drain(open_project(project))
    assert place_of(changed.twin, changed.project, project) != place


def test_the_cache_lies_beside_the_project_or_with_the_user(tmp_path, user_folders):
    assert cache.folder(tmp_path / "p.twin") == tmp_path / "p.twin.cache"
    assert cache.folder(None).is_relative_to(user_folders)
    from twinview.paths import demo_file

    assert cache.folder(demo_file()).is_relative_to(user_folders)


def test_a_key_names_its_content(tmp_path):
    assert cache.key({"a": 1, "b": 2}) == cache.key({"b": 2, "a": 1})
    assert cache.key("a", "b") != cache.key("ab")
    assert cache.key(tmp_path) == cache.key(str(tmp_path))


def test_how_a_file_is_read_is_said_later_and_taken_back(tmp_path):
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    before = session.state
    session.do("file.answer houses.geojson kind=site;crs=EPSG:4326")
    assert session.state.twin.layers["houses"].kind == "site"
    assert session.state.project.sources[0].options == {"kind": "site", "crs": "EPSG:4326"}
    assert session.state.project.joins == before.project.joins
    session.run("edit.undo")
    assert session.state.twin.layers["houses"].kind == "building"
    for line, says in (
        ("file.answer nosuch kind=site", "no source 'nosuch'"),
        ("file.answer houses colour=red", "no choice 'colour'; there are crs, tz"),
        ("file.answer houses kind=parks=site", "no layer 'parks'"),
        ("file.answer houses crs=EPSG:1", "EPSG:1"),
    ):
        with pytest.raises(CommandError, match=says):
            session.do(line)
    assert session.state.project == before.project


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("kind==", "'=' tells no kind; write KIND, or LAYER=KIND such as houses=building"),
        ("kind=building=", "'building=' tells no kind"),
        ("kind==building", "'=building' tells no kind"),
        ("kind=houses=building,houses=annex", "layer 'houses', building and annex; tell one"),
        ("kind=building,annex", "of all layers, building and annex"),
        ("unit=nonsense", "There is no unit 'nonsense'; there are W, kW, MW,"),
        ("start=nonsense", "nonsense is no time such as 2024-01-01T00:00"),
        ("start=2024-13-01", "2024-13-01 is no time"),
        ("tz=Mars", "'Mars' is not the name of a time zone"),
        ("crs=foo", "foo is no coordinate system"),
        ("encoding=foo", "'foo' is no encoding"),
        ("lod=foo", "'foo' is no level of detail; it is a number such as 1.2"),
        ("layer=foo", "houses.geojson holds no layer 'foo'; there are houses."),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_whatever_the_file_is(village, said, says):
    before = village.state.project
    with pytest.raises(CommandError, match=re.escape(says)) as refused:
        village.do(f"file.answer houses {said}")
    assert "\n" not in str(refused.value)
    assert village.state.project == before
    if not said.startswith("layer"):
        with pytest.raises(CommandError, match=re.escape(says)):
            drain(open_files([Path(__file__)], None, Options.from_dict(from_text(said))))


@pytest.fixture(scope="module")
def village(tmp_path_factory) -> Session:
    """Return an open village, which nobody changes."""
    session = Session()
    session.run("file.new", *write_village(tmp_path_factory.mktemp("village"), 2))
    return session
