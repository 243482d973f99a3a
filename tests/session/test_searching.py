"""Files that moved: found by name and content, linked anew together, as one edit."""

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from tests.village import write_village
from twinview.model.collecting import Collected
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.progress import drain
from twinview.session import searching
from twinview.session.following import names_after, told_of_both, told_of_held
from twinview.session.project import Source, load
from twinview.session.searching import gone, search
from twinview.session.store import Session


@pytest.fixture
def project(tmp_path):
    """Return the saved project of a village, its files in a folder beside it."""
    place = tmp_path / "work" / "input" / "raw"
    place.mkdir(parents=True)
    session = Session()
    session.run("file.new", *write_village(place))
    path = tmp_path / "work" / "v.twin"
    session.run("file.save_as", path)
    return path


def opened(path) -> Session:
    session = Session()
    session.run("file.open", path)
    return session


def codes(session) -> list[str]:
    return [one.code for one in session.state.twin.problems if one.severity != "info"]


def test_a_project_knows_size_and_hash_of_its_files(project):
    (houses, *_others) = load(project)[0].sources
    file = project.parent / houses.path
    assert houses.size == file.stat().st_size
    assert len(houses.digest) == 64
    assert not opened(project).state.dirty


def test_files_that_moved_together_are_linked_anew_as_one_edit(project, tmp_path):
    before = opened(project).state
    shutil.move(project.parent / "input", tmp_path / "archive")
    session = opened(project)
    assert [one.id for one in gone(session.state)] == ["houses", "grid", "curves"]
    assert session.state.project.joins == before.project.joins
    (said, *_more) = [p for p in session.state.twin.problems if p.code == "source.missing"]
    assert "file.relink input/raw/" in said.fix
    session.run("file.relink", "houses.geojson", tmp_path / "archive" / "raw" / "houses.geojson")
    assert gone(session.state) == []
    assert session.state.project.sources[2].path == "../archive/raw/curves.csv"
    assert session.state.twin.digest == before.twin.digest
    assert session.undo_titles == ["Find a moved file..."]
    session.run("edit.undo")
    assert session.state.project.sources[0].path == "input/raw/houses.geojson"
    session.run("edit.redo")
    session.run("file.save")
    again = opened(project)
    assert "source.missing" not in codes(again)
    assert "source.outside" not in codes(again)
    assert again.state.twin.digest == before.twin.digest


def test_a_renamed_file_is_found_by_its_content_in_a_folder(project, tmp_path):
    raw = project.parent / "input" / "raw"
    target = tmp_path / "elsewhere" / "deep"
    target.mkdir(parents=True)
    (raw / "houses.geojson").rename(target / "buildings 2024.geojson")
    (target / "houses.geojson").write_text("{}", encoding="utf-8")
    session = opened(project)
    (source,) = gone(session.state)
    found = drain(search(session.state, source, [tmp_path / "elsewhere"])).found
    assert [(one.path.name, one.named, one.same) for one in found] == [
        ("buildings 2024.geojson", False, True),
        ("houses.geojson", True, False),
    ]
    session.run("file.relink", "houses", tmp_path / "elsewhere")
    assert session.state.project.sources[0].path.endswith("deep/buildings 2024.geojson")
    assert "source.changed" not in codes(session)


def test_the_values_of_a_renamed_table_and_layer_are_joined_again(project, tmp_path):
    before = opened(project).state
    raw = project.parent / "input" / "raw"
    for old, new in (("curves.csv", "curves 2024.csv"), ("houses.geojson", "buildings.geojson")):
        (raw / old).rename(raw / new)
    session = opened(project)
    assert len(session.state.twin.series) < len(before.twin.series)
    session.run("file.relink", "curves", raw / "curves 2024.csv")
    session.run("file.relink", "houses", raw / "buildings.geojson")
    assert gone(session.state) == []
    found = {quantity for _layer, quantity, _case in session.state.twin.series}
    assert found == {quantity for _layer, quantity, _case in before.twin.series}
    session.run("file.save")
    assert opened(project).state.twin.series.keys() == session.state.twin.series.keys()


def test_whatever_names_a_layer_follows_its_file_to_another_name(project):
    session = opened(project)
    for line in (
        "layer.filter houses height_m>6",
        "layer.opacity houses 40",
        "layer.labels houses kind",
        "layer.place houses 1",
        "overlay.attribute houses.height_m",
        "style.colours viridis",
        "scenario.new Taller",
        "scenario.set houses height_m 30 'house 0'",
        "layer.toggle houses",
        "file.save",
    ):
        session.do(line)
    before = session.state
    raw = project.parent / "input" / "raw"
    (raw / "houses.geojson").rename(raw / "buildings.geojson")
    session = opened(project)
    session.run("file.relink", "houses", raw / "buildings.geojson")
    after = session.state
    wish = before.project.layers["houses"]
    assert (wish.filter, wish.opacity, wish.labels) == ("height_m>6", 0.4, "kind")
    assert after.project.layers == {"buildings": wish}
    renamed = ["buildings" if one == "houses" else one for one in before.project.order]
    assert renamed == list(after.project.order) != list(before.project.order)
    assert list(after.project.styles) == ["attribute:buildings.height_m"]
    assert after.view.attribute == "buildings.height_m"
    assert after.view.hidden == {"buildings"}
    session.do("scenario.show taller")
    assert session.state.twin.layers["buildings"].numbers("height_m", 0.0)[0] == 30
    session.run("edit.undo")
    assert session.state.project.layers == {"houses": wish}


def test_undo_of_a_new_link_gives_the_view_its_names_back(project):
    session = opened(project)
    raw = project.parent / "input" / "raw"
    for line in ("select.only houses 'house 1'", "measure.height houses 'house 2'",
                 "overlay.attribute houses.height_m", "layer.toggle houses"):  # fmt: skip
        session.do(line)

    def named() -> list[str]:
        view = session.state.view
        (one,) = view.measures
        return [*view.hidden, view.attribute, view.selection[0][0], one.element[0]]

    before, after = ([one, f"{one}.height_m", one, one] for one in ("houses", "homes"))
    assert named() == before
    (raw / "houses.geojson").rename(raw / "homes.geojson")
    session.run("file.relink", "houses", raw / "homes.geojson")
    assert named() == after
    session.run("edit.undo")
    assert named() == before
    session.run("edit.redo")
    assert named() == after
    session.do("layer.toggle homes")
    session.run("edit.undo")
    assert session.state.view.hidden == frozenset()


def test_a_kind_told_of_a_layer_follows_its_file_to_another_name(project):
    session = opened(project)
    raw = project.parent / "input" / "raw"
    session.do("file.answer houses kind=houses=annex,tree")
    (raw / "houses.geojson").rename(raw / "homes.geojson")
    session.run("file.relink", "houses", raw / "homes.geojson")
    (source, *_others) = session.state.project.sources
    assert source.options == {"kind": "homes=annex,tree"}
    assert {key: one.kind for key, one in session.state.twin.layers.items()}["homes"] == "annex"
    session.run("file.save")
    assert opened(project).state.twin.layers["homes"].kind == "annex"
    session.run("edit.undo")
    assert session.state.project.sources[0].options == {"kind": "houses=annex,tree"}


def test_kinds_are_told_by_the_names_that_a_new_file_holds():
    source = Source(
        id="a",
        path="a/old.gpkg",
        options={"kind": "old=site,old-points=tree,roads=road,water", "crs": "x"},
    )
    file = Path("a/new.gpkg")
    (both, new) = ("new=site,new-points=tree,old=site,old-points=tree,roads=road,water",
                   "new=site,new-points=tree,roads=road,water")  # fmt: skip
    assert told_of_both(source, file).options == {"kind": both, "crs": "x"}
    assert told_of_held(source, file, {"new", "new-points"}).options == {"kind": new, "crs": "x"}
    # A file that names its layers itself keeps them.
    assert told_of_held(source, file, {"old", "roads"}) == source
    bare = Source(id="a", path="a/old.gpkg")
    assert told_of_both(bare, file) == told_of_held(bare, file, {"new"}) == bare


def test_names_follow_under_the_prefix_of_a_source_and_not_to_a_layer_that_has_the_name():
    layers = [_layer("new", "a"), _layer("new-trees", "a"), _layer("b.new", "b"), _layer("c", "c")]
    sources = [Source(id=one, path=f"{one}/old.gpkg") for one in "ab"]
    moved = {"a": Path("a/new.gpkg"), "b": Path("b/new.gpkg")}
    found = Collected(tuple(layers), (), {}, (), {})
    names = names_after(found, sources, moved)
    assert names["old"] == "new"
    assert names["old-trees"] == "new-trees"
    assert names["b.old"] == "b.new"
    assert "c" not in names
    kept = Collected((*layers, _layer("old", "c")), (), {}, (), {})
    assert "old" not in names_after(kept, sources, moved)


def _layer(id_: str, source: str) -> Layer:
    return Layer(id=id_, kind="tree", title=id_, attributes=pa.table({"id": ["1"]}), source=source)


def test_a_file_of_the_name_with_other_content_is_taken_and_named(project, tmp_path):
    raw = project.parent / "input" / "raw"
    houses = json.loads((raw / "houses.geojson").read_text(encoding="utf-8"))
    (raw / "houses.geojson").unlink()
    houses["features"].pop()
    other = project.parent / "houses.geojson"
    other.write_text(json.dumps(houses), encoding="utf-8")
    session = opened(project)
    session.run("file.relink", "houses", other)
    assert len(session.state.twin.layers["houses"]) == 2
    assert "source.changed" in codes(session)


def test_hidden_folders_and_caches_are_left_out_and_a_search_ends(project, tmp_path, monkeypatch):
    raw = project.parent / "input" / "raw"
    for name in (".trash", "old.cache", "backup"):
        (project.parent / name).mkdir()
        shutil.copy(raw / "houses.geojson", project.parent / name)
    (raw / "houses.geojson").unlink()
    session = opened(project)
    (source,) = gone(session.state)
    found = drain(search(session.state, source, []))
    assert [one.path.parent.name for one in found.found] == ["backup"]
    assert found.whole
    monkeypatch.setattr(searching, "MOST", 1)
    assert not drain(search(session.state, source, [])).whole


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("nosuch", "", "no source 'nosuch'; it has input/raw/houses.geojson"),
        ("houses", "nowhere.geojson", "is not there"),
        ("houses", "empty", "was not found below"),
    ],
)
def test_what_cannot_be_found_is_one_sentence(project, tmp_path, old, new, says):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match=says):
        opened(project).run("file.relink", old, tmp_path / new)
