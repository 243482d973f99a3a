"""Going through time by command."""

import pytest

from tests.gui.hamlet import hamlet
from twinview.i18n import set_language
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
