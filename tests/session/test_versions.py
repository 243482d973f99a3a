"""Saving keeps the version before; a damaged project can go back to it."""

import pytest

from tests.village import write_village
from twinview.model.problem import CommandError
from twinview.session import versions
from twinview.session.store import Session


@pytest.fixture
def saved(tmp_path):
    """Return a session with a village that was saved under five names, and its file."""
    session, file = Session(), tmp_path / "village.twin"
    session.run("file.new", *write_village(tmp_path))
    for name in ("one", "two", "three", "four", "five"):
        session.run("project.rename", name)
        session.run("file.save_as", file)
    return session, file


def test_the_last_three_are_kept_and_listed(saved):
    session, file = saved
    names = [versions.load(one.file)[0].name for one in versions.kept(file)]
    assert names == ["four", "three", "two"]
    told = []
    session.teller = told.append
    session.run("file.versions")
    assert [row[0] for row in told[0].rows] == ["1", "2", "3"]


def test_saving_the_same_again_pushes_nothing_out(saved):
    session, file = saved
    session.run("file.save")
    session.run("file.save")
    names = [versions.load(one.file)[0].name for one in versions.kept(file)]
    assert names[1:] == ["four", "three"]


def test_a_version_comes_back_unsaved_and_whole(saved):
    session, file = saved
    before = file.read_bytes()
    session.run("file.restore", 2)
    state = session.state
    assert state.project.name == "three"
    assert state.dirty
    assert "houses" in state.twin.layers
    assert file.read_bytes() == before
    session.run("file.save")
    assert versions.load(file)[0].name == "three"


def test_a_damaged_project_says_so_and_goes_back(saved):
    _session, file = saved
    file.write_text('{"version": 2, "na', encoding="utf-8")
    session = Session()
    with pytest.raises(CommandError, match="An earlier version is kept"):
        session.run("file.open", file)
    session.do(f"file.restore 1 path={file}")
    assert session.state.project.name == "four"
    assert session.state.dirty


def test_without_one_there_is_a_sentence(tmp_path):
    session = Session()
    with pytest.raises(CommandError, match="no file yet"):
        session.run("file.versions")
    with pytest.raises(CommandError, match=r"no version 1 of x\.twin; kept are: none"):
        session.do(f"file.restore 1 {tmp_path / 'x.twin'}")
