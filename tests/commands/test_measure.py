"""Measuring by commands: what the window does by the mouse."""

import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.session.project import Project, view_of, view_text
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    """Return a session with a hamlet open."""
    project = Project(name="Hamlet")
    return Session(State(hamlet(), project, saved=project))


def test_measures_are_kept_in_the_view_listed_and_removed(session):
    told = []
    session.teller = told.append
    session.do("measure.distance 0,0,0 3,4,12")
    session.do("measure.area 0,0,0 10,0,0 10,10,0,0.5")
    session.do("measure.height houses high")
    session.do("measure.list")
    rows = {what: text.replace("\u00a0", " ") for _k, what, text, _remark in told[0].rows}
    assert rows == {
        "Distance": "13.00 m", "Horizontal": "5.00 m", "Vertical": "+12.00 m",
        "Area in plan": "50.0 m²", "Perimeter": "34 m", "Height": "7.0 m",
    }  # fmt: skip
    assert view_of(view_text(session.state.view)) == session.state.view
    session.do("measure.drop")
    assert [one.kind for one in session.state.view.measures] == ["distance", "area"]
    session.do("measure.clear")
    assert session.state.view.measures == ()


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("measure.distance 0,0,0", "2 places"),
        ("measure.area 0,0,0 1,0,0", "3 places"),
        ("measure.distance 0,0 1,1,1", "'0,0' is no place"),
        ("measure.distance 0,0,x 1,1,1", "'0,0,x' is no place"),
        ("measure.distance 0,0,nan 1,1,1", "is no place"),
        ("measure.height houses gone", "has no height"),
        ("measure.height line l", "has no height"),
    ],
)
def test_what_cannot_be_measured_is_refused(session, line, why):
    with pytest.raises(CommandError, match=why):
        session.do(line)
    assert session.state.view.measures == ()
