"""Going through time by command, and the holidays that a project names."""

from datetime import date

import pytest

from tests.gui.hamlet import hamlet
from tests.village import write_village
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.scene.resolve import resolve
from twinview.session.project import Project
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    """Return a session with ten days from Friday 2024-03-29, with the short day of summer time."""
    set_language("en")
    return Session(State(hamlet(), Project()))


@pytest.mark.parametrize(
    ("days", "lines", "instant"),
    [
        ("all", ["time.day 2"], "2024-03-31T12:00"),
        ("workdays", ["time.day"], "2024-04-01T12:00"),
        ("workdays", ["time.day 3"], "2024-04-03T12:00"),
        ("workdays", ["time.day 3", "time.day -2"], "2024-04-01T12:00"),
        ("workdays", ["time.day 20"], "2024-04-08T00:00"),
        ("workdays", ["time.day -1"], "2024-03-29T00:00"),
        ("workdays", ["time.step 13"], "2024-04-01T01:00"),
        ("workdays", ["time.step 12", "time.step -1"], "2024-03-29T23:00"),
        ("weekends", ["time.step"], "2024-03-30T00:00"),
        ("weekends", ["time.step 48"], "2024-04-06T00:00"),
        ("weekends", ["time.step 0", "time.day 0"], "2024-03-29T12:00"),
    ],
)
def test_steps_and_days_go_over_days_that_do_not_count(session, days, lines, instant):
    session.do("time.go 2024-03-29T12:00")
    session.do(f"time.days {days}")
    for line in lines:
        session.do(line)
    now = session.state.twin.time.at(session.state.view.time)
    assert f"{now:%Y-%m-%dT%H:%M}" == instant


def where(session: Session) -> str:
    return f"{session.state.twin.time.at(session.state.view.time):%Y-%m-%dT%H:%M}"


def test_named_holidays_are_no_workdays_and_can_be_taken_back(session):
    # Good Friday and Easter Monday of 2024.
    session.do("time.holidays 2024-04-01, 2024-03-29 2024-04-01")
    assert session.state.project.holidays == (date(2024, 3, 29), date(2024, 4, 1))
    session.do("time.days workdays")
    session.do("time.go 2024-03-29T12:00")
    session.do("time.day")
    assert where(session) == "2024-04-02T12:00"
    session.do("time.window cumulative")
    assert "without holidays" in resolve(session.state.twin, session.state.view).legend.window
    session.do("time.holidays 2024-04-02")
    session.do("edit.undo")
    assert session.state.twin.holidays == (date(2024, 3, 29), date(2024, 4, 1))
    session.do("time.holidays none")
    assert (session.state.project.holidays, session.state.twin.holidays) == ((), ())
    session.do("time.go 2024-03-29T12:00")
    session.do("time.day")
    assert where(session) == "2024-04-01T12:00"
    with pytest.raises(CommandError, match="'Easter' is no day"):
        session.do("time.holidays Easter")


def test_holidays_are_kept_in_the_project_and_in_all_cases(tmp_path):
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.do("scenario.new Sun")
    session.do("time.holidays 2024-04-01")
    assert session.state.twin.holidays == (date(2024, 4, 1),)
    session.do("scenario.show base")
    assert session.state.twin.holidays == (date(2024, 4, 1),)
    session.run("file.save_as", tmp_path / "village.twin")
    again = Session()
    again.run("file.open", tmp_path / "village.twin")
    assert again.state.twin.holidays == (date(2024, 4, 1),)
    assert not again.state.dirty
