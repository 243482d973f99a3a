"""Sections and clip boxes by commands."""

from dataclasses import replace

import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.session.project import Project, view_of, view_text
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    """Return a session with a hamlet open, looked at from the south."""
    project = Project(name="Hamlet")
    made = Session(State(hamlet(), project, saved=project))
    made.do("view.camera 30 -100 100 30 5 0")
    return made


def test_a_section_stands_across_the_view_and_goes_again(session):
    session.do("cut.section")
    cut = session.state.view.cut
    assert (cut.middle, cut.bearing) == ((30, 5), pytest.approx(0, abs=1e-9))
    assert cut.along[0] == 0
    assert cut.along[1] > 100
    assert cut.height[0] < 0
    assert cut.height[1] > 8
    assert view_of(view_text(session.state.view)) == session.state.view
    session.do("cut.section")
    assert session.state.view.cut is None


def test_sides_are_moved_outwards_and_never_through_each_other(session):
    session.do("select.only houses high")
    session.do("cut.box")
    before = session.state.view.cut
    # The house from 40 to 50 east, with the room of 25 m around that a look at it shows.
    assert before.middle == (45, 5)
    assert before.across == (-25, 25)
    session.do("cut.move right 3")
    session.do("cut.move left -5")
    session.do("cut.move top -4")
    session.do("cut.turn 370")
    after = session.state.view.cut
    assert (after.across, after.bearing) == ((-20, 28), 10)
    assert after.height[1] == before.height[1] - 4
    session.do("cut.move near -1000")
    assert after.along[0] < session.state.view.cut.along[0] < after.along[1]
    session.do("cut.clear")
    assert session.state.view.cut is None


def test_lines_through_buildings_and_the_sun_are_switched(session):
    session.do("view.through")
    assert session.state.view.through
    session.do("view.through")
    assert not session.state.view.through
    state = session.state
    session.state = replace(state, twin=replace(state.twin, crs="EPSG:25832"))
    session.do("view.sun")
    assert session.state.view.sun
    session.do("view.sun")
    session.state = replace(state, twin=replace(state.twin, crs=""))
    with pytest.raises(CommandError, match="known place on Earth"):
        session.do("view.sun")


def test_what_cannot_be_cut_is_refused(session):
    with pytest.raises(CommandError, match="Nothing is cut"):
        session.do("cut.move left 1")
    session.do("cut.section")
    with pytest.raises(CommandError, match="no side 'front'; there are left"):
        session.do("cut.move front 1")
