"""Marked instants: peaks, alarms of finished results, notes, and the way from one to the next."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.support import AXIS, hamlet
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning
from twinview.model.twin import DISTRICT
from twinview.scene.view import View
from twinview.session.marks import alarms, beside, marks
from twinview.session.notes import Note
from twinview.session.project import Project, load, save
from twinview.session.store import Session, State


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def dense(layer: str, quantity: str, values: np.ndarray, **more) -> Dense:
    return Dense(Meaning(layer, quantity, "x"), AXIS, values.astype(np.float32), **more)


@pytest.fixture
def state() -> State:
    """Return results with two spells of overload, one of low voltage, one step unsolved."""
    loading = np.full((AXIS.count, 1), 50.0)
    loading[[5, 6, 7, 20], 0] = [101, 140, 110, 103]
    voltage = np.full((AXIS.count, 1), 1.0)
    voltage[[30, 31], 0] = [0.89, 0.85]
    solved = np.ones(AXIS.count, dtype=bool)
    solved[40] = False
    load = np.ones((AXIS.count, 1))
    load[12] = 9
    dirt = np.ones((AXIS.count, 1))
    dirt[3] = 0
    twin = replace(hamlet(), series={}).with_series(
        dense("line", "loading", loading),
        dense("node", "voltage", voltage, solved=solved),
        dense(DISTRICT, "load", load),
        dense(DISTRICT, "carbon_intensity", dirt),
    )
    return State(twin, Project(marks=(Note(seconds=AXIS.seconds(25), title="Storm"),)), View())


def test_all_marks_in_the_order_of_time(state):
    assert [(one.step, one.kind) for one in marks(state)] == [
        (3, "cleanest"), (6, "overload"), (12, "peak"), (20, "overload"), (25, "note"),
        (31, "voltage"), (40, "failed"),
    ]  # fmt: skip


def test_an_alarm_names_element_and_worst_value(state):
    titles = [one.title for one in marks(state)]
    assert titles[1] == "Over the limit: Line l, 140\u00a0%"
    assert titles[5] == "Voltage outside of its band: Node n, 0.850\u00a0p.u."


def test_results_that_are_not_finished_give_no_alarms(state):
    done = np.ones(AXIS.count, dtype=bool)
    done[-1] = False
    open_ = state.twin.with_series(
        dense("line", "loading", np.full((AXIS.count, 1), 150.0), done=done)
    )
    assert [one.kind for one in alarms(open_)] == ["voltage", "failed"]


def test_from_mark_to_mark(state):
    session = Session(state)
    seen = []
    for _k in range(3):
        session.do("mark.next")
        seen.append(session.state.view.time)
    session.do("mark.previous")
    assert [*seen, session.state.view.time] == [3, 6, 12, 6]
    with pytest.raises(CommandError, match="no earlier mark"):
        beside(replace(state, view=View(time=0)), -1)
    with pytest.raises(CommandError, match="no later mark"):
        beside(replace(state, view=View(time=47)), 1)


def test_notes_are_edits_that_can_be_undone_and_are_kept(state, tmp_path):
    session = Session(state)
    session.do("time.index 33")
    session.do("mark.add 'Second storm'")
    session.do("mark.rename Storm 'First storm'")
    assert [one.title for one in session.state.project.marks] == ["First storm", "Second storm"]
    session.do("time.go second storm")
    assert session.state.view.time == 33
    save(tmp_path / "a.twin", session.state.project, session.state.view)
    project, _view, problems = load(tmp_path / "a.twin")
    assert project.marks == session.state.project.marks
    assert not problems
    session.do("mark.remove 'First storm'")
    session.undo()
    session.undo()
    session.undo()
    assert session.state.project == state.project


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("mark.add ' '", "some words"),
        ("mark.add Storm", "already"),
        ("mark.rename Storm ' '", "some words"),
        ("mark.rename Storm Storm", "already"),
        ("mark.rename Rain Snow", "no note 'Rain'; there are Storm"),
        ("mark.remove Rain", "no note 'Rain'"),
    ],
)
def test_what_cannot_be_done_is_said(state, line, said):
    with pytest.raises(CommandError, match=said):
        Session(state).do(line)
