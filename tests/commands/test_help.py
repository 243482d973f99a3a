"""Commands that give something to read tell it, and change nothing."""

import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT
from twinview.session.manual import Page
from twinview.session.project import Project
from twinview.session.store import Session, State
from twinview.session.why import Derivation


@pytest.fixture
def told() -> list:
    """Return what was told."""
    return []


@pytest.fixture
def session(told) -> Session:
    """Return a session that tells into the list."""
    project = Project(name="Hamlet")
    session = Session(State(hamlet(), project, saved=project))
    session.teller = told.append
    return session


def test_help_opens_a_place(session, told):
    before = session.state
    session.do("help.open method#storage")
    session.do("help.open")
    assert told == [Page("method", "storage"), Page("start")]
    assert session.state is before
    with pytest.raises(CommandError, match="no page"):
        session.do("help.open nowhere")


def test_why_tells_a_derivation(session, told):
    before = session.state
    layer, quantity, _scenario = next(
        key for key in session.state.twin.series if key[0] != DISTRICT
    )
    element = str(session.state.twin.layers[layer].ids[0])
    session.do(f"why {layer} '{element}' {quantity}")
    (found,) = told
    assert isinstance(found, Derivation)
    assert (found.key.layer, found.key.element, found.key.quantity) == (layer, element, quantity)
    assert session.state is before


def test_nobody_has_to_listen():
    project = Project(name="Hamlet")
    Session(State(hamlet(), project)).do("help.open time")


def test_a_problem_report_names_the_machine_what_is_open_and_what_was_done(
    session, told, tmp_path, monkeypatch
):
    from twinview.session import problem_report
    from twinview.session.doctor import Finding

    monkeypatch.setattr(problem_report, "examine", lambda: [Finding("x", "thing", True, "there")])
    session.do("help.open start")
    session.do(f"help.problem {tmp_path / 'report.txt'}")
    text = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "twinview" in text.splitlines()[0]
    for part in ("ok  thing: there", "layer building: ", "help.open start", "processor: "):
        assert part in text
    assert "read it before you send it" in told[-1].as_text()
    session.do("help.problem")
    (file,) = told[-1].files
    assert file.parent.name == "reports"
    assert file.exists()
