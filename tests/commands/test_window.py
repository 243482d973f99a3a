"""Windows by command: kinds, ranges with locked ends, days; all of it is part of the view."""

import pytest

from tests.scene.support import AXIS, hamlet
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.window import Window
from twinview.scene.view import View
from twinview.session.project import Project, load, save, view_of, view_text
from twinview.session.store import Session, State


@pytest.fixture
def session() -> Session:
    set_language("en")
    return Session(State(hamlet(), Project()))


def window(session: Session) -> Window:
    return session.state.view.window


def test_kinds_of_windows(session):
    session.do("time.window rolling 7d")
    assert window(session) == Window("rolling", 7 * 86400)
    session.do("time.window cumulative")
    assert window(session).kind == "cumulative"
    session.do("time.window instant")
    assert window(session).kind == "instant"
    with pytest.raises(CommandError, match="rolling"):
        session.do("time.window sideways")
    with pytest.raises(CommandError, match="length of time"):
        session.do("time.window rolling soon")


def test_a_range_by_in_and_out_holds_both_steps(session):
    session.do("time.index 5")
    session.do("time.in")
    session.do("time.index 9")
    session.do("time.out")
    assert window(session).span(AXIS) == range(5, 10)
    session.do("time.index 20")
    session.do("time.in")  # behind the end: that is forgotten
    assert window(session).span(AXIS) == range(20, 48)
    session.do("time.range 2024-03-31T12:00 2024-04-01")
    assert window(session).span(AXIS) == range(11, 23)
    session.do("time.range_steps 3 4")
    assert window(session).span(AXIS) == range(3, 7)
    session.do("time.window range")
    session.do("time.range_clear")
    assert window(session) == Window()
    with pytest.raises(CommandError, match="before it begins"):
        session.do("time.range 2024-04-01 2024-03-31T12:00")


def test_locked_ends_stay(session):
    session.do("time.range_steps 10 5")
    session.do("time.lock begin")
    session.do("time.range_steps 12 8")
    assert window(session).span(AXIS) == range(10, 20)
    for line in ("time.index 3", "time.in"):
        if line == "time.in":
            with pytest.raises(CommandError, match="locked"):
                session.do(line)
        else:
            session.do(line)
    with pytest.raises(CommandError, match="in the way"):
        session.do("time.out")
    session.do("time.lock end")
    assert window(session).locked == "both"
    session.do("time.lock begin")
    assert window(session).locked == "end"
    session.do("time.lock none")
    assert window(session).locked == ""
    with pytest.raises(CommandError, match="both or none"):
        session.do("time.lock middle")


def test_days_that_count(session):
    session.do("time.days workdays")
    assert window(session).days == "workdays"
    with pytest.raises(CommandError, match="weekends"):
        session.do("time.days mondays")


def test_days_and_seasons_combine_and_old_words_mean_what_they_meant(session):
    def kept() -> tuple[str, str]:
        return window(session).days, window(session).season

    session.do("time.days workdays")
    session.do("time.season winter")
    assert kept() == ("workdays", "winter")
    session.do("time.days weekends summer")
    assert kept() == ("weekends", "summer")
    session.do("time.season all")
    assert kept() == ("weekends", "all")
    session.do("time.days winter")  # one choice of seven, as it was
    assert kept() == ("all", "winter")
    session.do("time.days workdays")
    assert kept() == ("workdays", "all")
    session.do("time.days all")
    assert kept() == ("all", "all")
    for line in ("time.season monsoon", "time.days workdays monsoon"):
        with pytest.raises(CommandError, match="autumn"):
            session.do(line)


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ("winter", Window(season="winter")),
        ("workdays", Window(days="workdays")),
        ("all", Window()),
    ],
)
def test_files_of_before_seasons_were_a_choice_of_their_own(session, tmp_path, held, wanted):
    save(tmp_path / "a.twin", session.state.project, View())
    text = (tmp_path / "a.twin").read_text()
    old = text.replace('   "days": "all",\n   "season": "all"\n', f'   "days": "{held}"\n')
    assert old != text
    (tmp_path / "a.twin").write_text(old)
    _project, view, problems = load(tmp_path / "a.twin")
    assert (view.window, problems) == (wanted, [])


def test_the_window_is_kept_with_the_view(session, tmp_path):
    session.do("time.window rolling 12h")
    session.do("time.range_steps 10 5")
    view = session.state.view
    assert view_of(view_text(view)) == view
    save(tmp_path / "a.twin", session.state.project, view)
    assert load(tmp_path / "a.twin")[1] == view
    assert view_of('{"time": 3}') == View(time=3)


def test_between_two_steps_until_time_is_moved(session):
    session.do("time.between 5 0.5")
    assert (session.state.view.time, session.state.view.between) == (5, 0.5)
    session.do("time.step 1")
    assert (session.state.view.time, session.state.view.between) == (6, 0.0)
    with pytest.raises(CommandError, match="0 to 1"):
        session.do("time.between 5 1.5")
