"""Styles by commands: kept in the project, taken back, taken over."""

import pytest

from tests.gui.hamlet import opened as with_uses
from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.scene.resolve import resolve
from twinview.session import project
from twinview.session.project import Project
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    kept = Project(name="Hamlet")
    return Session(State(hamlet(), kept, saved=kept))


def legend(session: Session):
    state = session.state
    return resolve(state.twin, state.view, state.beside).legend


def test_a_style_is_kept_in_the_file_and_undone_step_by_step(session, tmp_path):
    session.do("style.colours cividis yes")
    session.do("style.limits 100 300")
    assert legend(session).limits == (100, 300)
    assert session.state.dirty
    project.save(tmp_path / "h.twin", session.state.project, session.state.view)
    kept, _view, problems = project.load(tmp_path / "h.twin")
    assert (kept, problems) == (session.state.project, [])
    session.do("edit.undo")
    assert legend(session).limits == (0, 500)
    session.do("edit.undo")
    assert session.state.project.styles == {}
    assert not session.state.dirty


def test_breaks_come_from_the_values_and_stay_where_they_are(session):
    # Houses have 0, 100 and 480, the store has 250 g/kWh: half of them lie below 175.
    session.do("style.classes quantiles 2")
    assert legend(session).classes == ("below 175", "175 and more")
    session.do("style.breaks 300 60")
    assert legend(session).classes == ("below 60", "60 to 300", "300 and more")
    session.do("style.classes none")
    assert legend(session).classes == ()
    session.do("style.classes equal 2")
    assert legend(session).classes == ("below 250", "250 and more")
    session.do("style.reset")
    assert session.state.project.styles == {}


def test_a_style_is_taken_over_by_another_overlay_without_limits_of_another_unit(session):
    session.do("style.colours grey")
    session.do("style.limits 0 100")
    session.do("overlay.show emission")
    before = legend(session).limits
    session.do("style.take carbon")
    assert legend(session).colours[0] == "#f2f2f2"
    assert legend(session).limits == before
    session.do("""style.take '{"ramp": "viridis"}'""")
    assert session.state.project.styles["emission"].ramp == "viridis"


def test_a_difference_is_shown_and_keeps_its_centre(session):
    session.do("overlay.difference power hours=-24")
    session.do("style.limits -2 7")
    assert legend(session).limits == (-7, 7)
    assert list(session.state.project.styles) == ["difference:power"]
    assert project.view_of(project.view_text(session.state.view)) == session.state.view


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("style.colours rainbow", "no colours 'rainbow'; there are carbon"),
        ("style.limits 5 5", "lower limit is not below"),
        ("style.classes jenks", "no method 'jenks'; there are none, equal"),
        ("style.classes equal 40", "2 to 9 classes, not 40"),
        ("style.breaks", "Write the numbers"),
        ("style.take nonsense", "'nonsense' is no style"),
        ("overlay.difference attribute", "no difference of 'attribute'; there are emission"),
        ("overlay.difference power nowhere", "no scenario 'nowhere'"),
    ],
)
def test_what_cannot_be_is_said(session, line, said):
    with pytest.raises(CommandError, match=said):
        session.do(line)
    assert session.state.project.styles == {}


def test_names_have_no_style():
    session = Session(with_uses())
    session.do("overlay.attribute houses.use")
    with pytest.raises(CommandError, match="stand for names"):
        session.do("style.colours grey")


def test_the_same_class_is_that_of_the_style(session):
    # Houses have 0, 100 and 480 g/kWh.
    session.do("select.only houses zero")
    session.do("style.breaks 200")
    session.do("select.same")
    assert session.state.view.selection == (("houses", "zero"), ("houses", "low"))
