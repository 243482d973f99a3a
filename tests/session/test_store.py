"""One store, one signal: who listens hears (old, new); edits can be taken back."""

import itertools
from dataclasses import replace

import pytest

from tests.scene.support import AXIS, hamlet
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Progress
from twinview.session import command as table
from twinview.session.command import Command
from twinview.session.project import Project
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    """Return a session with a hamlet open."""
    project = Project(name="Hamlet")
    return Session(State(hamlet(), project, saved=project))


@pytest.fixture
def heard(session) -> list[tuple[State, State]]:
    """Return what listeners are told."""
    found: list[tuple[State, State]] = []
    session.listen(lambda old, new: found.append((old, new)))
    return found


def test_listeners_hear_old_and_new(session, heard):
    before = session.state
    session.run("time.index", 5)
    (pair,) = heard
    assert pair == (before, session.state)
    assert (pair[0].view.time, pair[1].view.time) == (0, 5)
    assert pair[1].twin is before.twin


def test_listening_ends(session):
    found = []
    stop = session.listen(lambda *pair: found.append(pair))
    stop()
    session.run("time.end")
    assert not found


def test_the_look_is_not_undone_and_edits_are(session, heard):
    session.run("time.index", 5)
    assert session.undo_title == ""
    session.run("project.rename", "New")
    assert session.state.dirty
    session.run("project.rename", "Newer")
    assert session.undo_title != ""
    session.run("edit.undo")
    assert (session.state.project.name, session.state.view.time) == ("New", 5)
    session.run("edit.undo")
    assert session.state.project.name == "Hamlet"
    assert not session.state.dirty
    session.run("edit.redo")
    session.run("edit.redo")
    assert session.state.project.name == "Newer"
    assert session.redo_title == ""
    assert len(heard) == 7


def test_a_new_edit_forgets_what_was_undone(session):
    session.run("project.rename", "A")
    session.run("edit.undo")
    session.run("project.rename", "B")
    with pytest.raises(CommandError, match="nothing to undo or redo"):
        session.run("edit.redo")


def test_an_edit_that_changes_nothing_is_no_step(session, heard):
    session.run("project.rename", "Hamlet")
    assert session.undo_title == ""
    assert not heard


def test_undo_keeps_results_that_came_after_the_edit(session):
    session.run("project.rename", "A")
    richer = replace(session.state.twin, about="with results")
    session._take(table.find("compute.run"), richer)
    session.run("edit.undo")
    assert session.state.twin.about == "with results"
    session.run("edit.redo")
    assert session.state.twin.about == "with results"


def test_undo_brings_the_old_twin_back_where_the_edit_changed_it(session):
    old = session.state.twin
    new = replace(old, name="bigger")
    session.edit("Add files", Project(name="x"), new)
    session.undo()
    assert session.state.twin is old
    session.redo()
    assert session.state.twin is new


def test_other_settings_take_away_results_that_no_longer_hold(session):
    old = session.state.twin
    given = old.series["houses", "carbon_intensity", "base"]
    made = replace(given, meaning=replace(given.meaning, origin="computed"))
    session._take(table.find("compute.run"), old.with_series(made))
    session.run("project.netting", not session.state.project.settings.netting)
    assert session.state.twin.find("houses", "carbon_intensity") is given
    assert session.state.twin.find("houses", "consumption") is not None
    session.run("edit.undo")
    assert session.state.twin.find("houses", "carbon_intensity") is made


def test_opening_something_else_forgets_the_edits(session):
    session.run("project.rename", "A")
    session._take(table.find("file.open"), State())
    assert session.undo_title == ""


def test_what_a_job_returns_is_taken_when_it_ends(session, heard):
    def job():
        yield Progress(0.5)
        return replace(session.state.view, time=9)

    session._take(table.find("time.go"), job())
    assert session.state.view.time == 9
    assert len(heard) == 1


def test_a_driver_decides_when_a_job_runs(session):
    waiting = []
    session.driver = lambda command, job, done: waiting.append((command, job, done))
    session._take(table.find("compute.run"), (Progress(k) for k in range(2)))
    ((command, job, done),) = waiting
    assert command.name == "compute.run"
    assert len(list(job)) == 2
    done(Twin("late", "", (0, 0, 0)))
    assert session.state.twin.name == "late"


def test_a_command_that_returns_something_else_is_a_mistake(session):
    with pytest.raises(TypeError, match=r"x\.y returned int"):
        session._take(Command("x.y", "X", lambda _s: 3), 3)


def test_the_log_can_be_replayed(session):
    for line in ("time.go 2024-03-31T12:00", "layer.toggle houses", "project.rename 'Neu Dorf'"):
        session.do(line)
    again = Session(State(hamlet(), Project(name="Hamlet")))
    for line in session.log:
        again.do(line)
    assert again.state.view == session.state.view
    assert again.state.project == session.state.project


def test_commands_stay_within_the_data(session):
    for line, expected in itertools.zip_longest(
        ["time.step -3", "time.end", "time.step 5", "time.start", "time.day", "time.day -1"],
        [0, 47, 47, 0, 23, 0],
    ):
        session.do(line)
        assert session.state.view.time == expected, line


def test_another_clock_shows_the_same_instant_or_its_nearest_end(session):
    session.run("time.index", 30)
    state = session.state
    later = replace(AXIS, start=AXIS.start + 10 * AXIS.step, count=15)
    named = state.project.model_copy(update={"name": "Other"})
    session.edit("another clock", named, replace(state.twin, time=replace(later, count=24)))
    assert session.state.view.time == 20
    session.undo()
    assert session.state.view.time == 30
    session.edit("a shorter clock", named, replace(state.twin, time=later))
    assert session.state.view.time == 14


def test_several_edits_are_taken_back_at_once_by_their_list():
    project = Project(name="One")
    session = Session(State(hamlet(), project, saved=project))
    for name in ("Two", "Three", "Four"):
        session.run("project.rename", name)
    assert len(session.undo_titles) == 3
    told = []
    session.teller = told.append
    session.run("edit.undo", 2)
    assert session.state.project.name == "Two"
    session.run("edit.history")
    assert [row[:2] for row in told[0].rows] == [("2", "redo"), ("1", "redo"), ("1", "undo")]
    with pytest.raises(CommandError, match="nothing to undo"):
        session.run("edit.undo", 2)
    with pytest.raises(CommandError, match="nothing to undo"):
        session.run("edit.undo", 0)
    session.run("edit.redo", 2)
    assert session.state.project.name == "Four"
