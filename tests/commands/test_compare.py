"""Comparisons by commands."""

import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.scene.view import Swipe
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
