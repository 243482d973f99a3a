"""A project reads its own folder and what its user chose, nothing else."""

import json

import pytest

from twinview import paths
from twinview.session.trust import allow, resolved


@pytest.fixture
def project(tmp_path):
    """Return a project file in a folder of its own, with a file beside it and one outside."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "data" / "a.gpkg").touch()
    (tmp_path / "outside.gpkg").touch()
    return home / "p.twin"


def test_hostile_sources_of_the_corpus_are_never_read(shared, project):
    lines = (shared / "corpus" / "source_paths.txt").read_text().splitlines()
    assert lines
    read = [line for line in lines if (found := resolved(project, line)) and found.exists()]
    assert read == []
    inside = [resolved(project, line) for line in lines]
    assert all(one is None or one.is_relative_to(project.parent) for one in inside)


def test_own_files_are_read_without_a_question(project):
    assert resolved(project, "data/a.gpkg") == project.parent / "data" / "a.gpkg"
    assert resolved(project, "data/../data/a.gpkg") == project.parent / "data" / "a.gpkg"
    assert resolved(project, str(project.parent / "data" / "a.gpkg")) is not None


def test_others_only_after_they_were_chosen_for_this_project(project, tmp_path):
    outside = tmp_path / "outside.gpkg"
    for source in ("../outside.gpkg", str(outside)):
        assert resolved(project, source) is None
    allow(project, [outside])
    assert resolved(project, "../outside.gpkg") == outside
    assert resolved(project, str(outside)) == outside
    assert resolved(project.with_name("other.twin"), "../outside.gpkg") is None


def test_a_link_out_of_the_folder_is_outside(project, tmp_path):
    (project.parent / "link.gpkg").symlink_to(tmp_path / "outside.gpkg")
    assert resolved(project, "link.gpkg") is None
    (project.parent / "up").symlink_to(tmp_path, target_is_directory=True)
    assert resolved(project, "up/outside.gpkg") is None


@pytest.mark.parametrize(
    "source",
    [
        "/dev/stdin",
        "/proc/self/environ",
        "//server/share/a.gpkg",
        "\\\\server\\share\\a.gpkg",
        "/vsimem/a.gpkg",
        "/VSICURL/http://x",
        "http://example.org/a.geojson",
        "PG:dbname=x",
        "a.gpkg\0.csv",
    ],
)
def test_addresses_and_devices_never_pass_even_when_chosen(project, source):
    assert resolved(project, source) is None


def test_a_damaged_list_of_chosen_files_allows_nothing(project, tmp_path):
    outside = tmp_path / "outside.gpkg"
    file = paths.user_state() / "allowed.json"
    file.parent.mkdir(parents=True)
    for content in ("{", "[]", json.dumps({str(project): "all"}), '{"x": 5}'):
        file.write_text(content)
        assert resolved(project, "../outside.gpkg") is None
    allow(project, [outside])
    assert resolved(project, "../outside.gpkg") == outside
