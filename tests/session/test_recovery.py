"""Unsaved work: kept whole, told from running programs' work, and brought back still unsaved."""

import json
import os

import psutil
import pytest

from tests.village import write_village
from twinview.model.problem import CommandError
from twinview.progress import drain
from twinview.session import recovery
from twinview.session.store import Session


@pytest.fixture
def village(tmp_path, monkeypatch):
    """Return a session with a village open that was never saved, and an edit."""
    monkeypatch.chdir(tmp_path)
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.run("project.rename", "Weiler")
    return session


@pytest.fixture
def keeper():
    """Return what keeps the work of one window."""
    return recovery.Keeper()


def killed(keeper) -> None:
    """Have a recovery file look as if its program had ended."""
    data = json.loads(keeper.file.read_text())
    keeper.file.write_text(json.dumps(data | {"began": 1.0}))


def test_work_of_a_running_program_is_not_lost(village, keeper):
    keeper.keep(village.state)
    assert recovery.lost() == []
    with pytest.raises(CommandError, match="no unsaved work"):
        recovery.find()


def test_a_number_that_another_program_has_now_does_not_hide_it(village, keeper):
    keeper.keep(village.state)
    data = json.loads(keeper.file.read_text())
    assert data["pid"] == os.getpid()
    assert data["began"] == psutil.Process().create_time()
    killed(keeper)
    assert [one.key for one in recovery.lost()] == [keeper.key]


def test_it_comes_back_as_it_was_and_unsaved_from_another_folder(
    village, keeper, tmp_path, monkeypatch
):
    keeper.keep(village.state)
    killed(keeper)
    other = tmp_path / "elsewhere"
    other.mkdir()
    monkeypatch.chdir(other)
    session = Session()
    session.do("file.recover")
    state = session.state
    assert state.project.name == "Weiler"
    assert set(state.twin.layers) == set(village.state.twin.layers)
    assert state.dirty
    assert state.path is None
    session.run("file.save_as", tmp_path / "weiler.twin")
    again = Session()
    again.run("file.open", tmp_path / "weiler.twin")
    assert set(again.state.twin.layers) == set(village.state.twin.layers)


def test_of_a_saved_project_the_edits_come_back_and_the_file_is_left_alone(
    village, keeper, tmp_path
):
    file = tmp_path / "weiler.twin"
    village.run("file.save_as", file)
    before = file.read_bytes()
    village.run("project.rename", "Dorf")
    keeper.keep(village.state)
    killed(keeper)
    (work,) = recovery.lost()
    assert (work.name, work.home) == ("Dorf", file)
    state = drain(recovery.recover(work))
    assert state.project.name == "Dorf"
    assert state.path == file
    assert state.dirty
    assert state.saved.name == "Weiler"
    assert file.read_bytes() == before


def test_a_source_that_could_not_be_read_is_not_read_now(village, keeper, tmp_path):
    """Recovering gives a project no rights it did not have."""
    from dataclasses import replace

    understood = dict(village.state.understood)
    gone = next(iter(understood))
    del understood[gone]
    keeper.keep(replace(village.state, understood=understood))
    killed(keeper)
    state = drain(recovery.recover(recovery.find()))
    assert gone not in state.understood
    assert {one.code for one in state.twin.problems} >= {"source.outside"}


def test_a_damaged_file_gives_way_to_the_one_before(village, keeper):
    keeper.keep(village.state)
    killed(keeper)
    village.run("project.rename", "Second")
    keeper.keep(village.state)
    keeper.file.write_text('{"name": "Sec')
    assert [one.name for one in recovery.lost()] == ["Weiler"]


def test_nothing_to_read_is_passed_over(keeper):
    recovery.folder().mkdir(parents=True)
    keeper.file.write_text("[]")
    (recovery.folder() / "7-1.json").write_text('{"project": 3}')
    assert recovery.lost() == []


def test_it_is_listed_and_forgotten_by_commands(village, keeper):
    keeper.keep(village.state)
    keeper.picture.write_bytes(b"picture")
    killed(keeper)
    told = []
    session = Session()
    session.teller = told.append
    session.do("file.unsaved")
    assert told[0].rows[0][:2] == (keeper.key, "Weiler")
    with pytest.raises(CommandError, match=f"there is {keeper.key}"):
        session.do("file.recover 1-1")
    session.do(f"file.forget {keeper.key}")
    assert list(recovery.folder().iterdir()) == []
