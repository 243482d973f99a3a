"""Comparisons by commands."""

from dataclasses import replace

import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.model.time import STATIC
from twinview.scene.view import Pane, Swipe
from twinview.session.command import find
from twinview.session.project import Project, view_of, view_text
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    kept = Project(name="Hamlet")
    return Session(State(hamlet(), kept, saved=kept))


def test_a_comparison_begins_moves_and_ends(session):
    # The data are two days long: the usual comparison is with the day before.
    session.do("compare.swipe")
    assert session.state.view.swipe == Swipe(hours=-24)
    session.do("compare.divide 1.4")
    assert session.state.view.swipe.share == 1
    session.do("compare.swipe hours=-3")
    assert session.state.view.swipe == Swipe(hours=-3, share=1)
    assert view_of(view_text(session.state.view)) == session.state.view
    session.do("compare.swipe")
    assert session.state.view.swipe is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("compare.divide 0.4", "Nothing is compared"),
        ("compare.swipe base", "That is what is shown"),
        ("compare.swipe nowhere", "no scenario 'nowhere'"),
    ],
)
def test_what_cannot_be_is_said(session, line, said):
    with pytest.raises(CommandError, match=said):
        session.do(line)


def test_panes_begin_change_and_end(session):
    session.do("compare.swipe")
    session.do("compare.panes 3")
    assert session.state.view.swipe is None
    assert session.state.view.panes == (Pane(hours=-24), Pane(), Pane(difference=True))
    session.do("compare.pane_offset 1 -2h")
    session.do("compare.panes 4")
    assert session.state.view.panes[0] == Pane(hours=-2)
    assert session.state.view.panes[3] == Pane(hours=-24)
    assert view_of(view_text(session.state.view)) == session.state.view
    session.do("compare.pane_scenario 3 base")
    assert session.state.view.panes[2] == Pane("base")
    session.do("compare.pane_difference 3")
    session.do("compare.pane_close 4")
    session.do("compare.pane_close 1")
    assert session.state.view.panes == (Pane(), Pane(difference=True))
    session.do("compare.pane_close 2")
    assert session.state.view.panes == ()
    session.do("compare.panes")
    assert len(session.state.view.panes) == 2
    session.do("compare.swipe")
    assert session.state.view.panes == ()
    session.do("compare.panes 2")
    session.do("compare.off")
    assert session.state.view.panes == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("compare.panes 5", "Two to four"),
        ("compare.pane_scenario 1 nowhere", "no scenario 'nowhere'"),
        ("compare.pane_offset 3 -1d", "no pane 3"),
        ("compare.pane_offset 1 soon", "write -7d"),
        ("compare.pane_difference 1", "never the first"),
        ("compare.pane_difference 2", "needs two other panes"),
    ],
)
def test_what_panes_cannot_be_is_said(session, line, said):
    session.do("compare.panes 2")
    with pytest.raises(CommandError, match=said):
        session.do(line)


def test_with_nothing_to_compare_a_sentence_says_what_to_do(session):
    alone = replace(session.state.twin, time=STATIC, series={})
    static = Session(replace(session.state, twin=alone))
    for line, said in (("compare.panes", "New scenario"), ("overlay.difference power", "none yet")):
        with pytest.raises(CommandError, match=said):
            static.do(line)
    (need,) = find("overlay.difference").needs
    with pytest.raises(CommandError, match="nothing to subtract yet"):
        need.check(static)
    with pytest.raises(CommandError, match="Nothing stands side by side"):
        static.do("compare.pane_close 1")
