"""Following the present: which step, how old, in which words; changed files are read again."""

from dataclasses import replace

import numpy as np
import pytest

from tests.meters import QUARTERS, append, instant, metered, rows
from tests.scene.support import hamlet
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning
from twinview.model.time import STATIC, TimeAxis
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session import live, opening
from twinview.session.opening import files_of
from twinview.session.project import Project
from twinview.session.store import Session, State
from twinview.session.why import why

AXIS = TimeAxis(int(instant(0).timestamp()), 900, 8, "Europe/Berlin")


@pytest.mark.parametrize(
    ("quarter", "state", "step", "minutes", "ended"),
    [
        (3.5, "good", 3, 0, False),
        (7.9, "good", 7, 0, False),
        (9.0, "good", 7, 15, True),
        (10.0, "old", 7, 30, True),
        (104.0, "old", 7, 24 * 60, True),
        (-1.0, "none", 0, 0, False),
    ],
)
def test_the_step_of_the_last_value_is_shown_with_its_age(quarter, state, step, minutes, ended):
    found = live.standing(AXIS, instant(quarter), 7 if quarter > 7 else max(int(quarter), 0))
    assert (found.state, found.step, found.behind, found.ended) == (
        state, step, minutes * 60, ended
    )  # fmt: skip


def test_without_a_value_there_is_nothing_to_show():
    found = live.standing(AXIS, instant(6), 2)
    assert (found.state, found.step, found.behind, found.ended) == ("old", 2, 45 * 60, False)
    nothing = live.standing(AXIS, instant(6), None)
    assert (nothing.state, nothing.step, nothing.last) == ("none", 6, None)
    assert live.standing(STATIC, instant(6), 0).state == "none"


def meters(time: TimeAxis, values: list[float], origin: str = "measured") -> Dense:
    """Return a series of one meter."""
    rows = np.array(values, dtype=np.float32)[:, None]
    return Dense(Meaning("houses", f"{origin} {time.step}", "kW", origin=origin), time, rows)


def test_the_last_value_is_that_of_the_data_not_of_a_computation_nor_of_what_is_to_come():
    nan = float("nan")
    whole = meters(AXIS, [1.0] * 8, "computed")
    ahead = meters(AXIS, [1.0] * 8, "forecast")
    some = meters(AXIS, [1.0, 1.0, nan, 1.0, nan, nan, nan, 1.0])
    hourly = meters(TimeAxis(AXIS.start, 3600, 2, AXIS.tz), [1.0, 1.0])
    twin = replace(hamlet(), series={}, time=AXIS)
    assert live.last_value(twin, "base", 6) is None
    assert live.last_value(twin.with_series(whole), "base", 6) == 6
    assert live.last_value(twin.with_series(whole, some), "base", 6) == 3
    assert live.last_value(twin.with_series(ahead, some), "base", 6) == 3
    assert live.last_value(twin.with_series(whole, some), "base", 7) == 7
    assert live.last_value(twin.with_series(some, hourly), "base", 6) == 6


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(720, "12 min"), (7199, "119 min"), (7200, "2 h"), (172_799, "47 h"), (172_800, "2 d")],
)
def test_ages_are_in_the_unit_that_is_fine_enough(seconds, text):
    assert live.age(seconds) == text


def test_it_is_said_in_both_languages():
    old = live.standing(AXIS, instant(104), 7)
    assert live.behind_text(old) == "behind by 24 h"
    assert "2026-05-04T13:45+02:00, is shown as old (behind by 24 h)" in live.sentence(AXIS, old)
    try:
        set_language("zh_CN")
        assert live.behind_text(old) == "延迟 24 小时"
        assert "2026-05-04T13:45+02:00" in live.sentence(AXIS, old)
        assert "behind by" not in live.sentence(AXIS, old)
    finally:
        set_language("en")
    assert live.behind_text(live.standing(AXIS, instant(7.5), 7)) == ""


def test_the_command_says_how_the_data_stand_and_refuses_data_without_a_clock(tmp_path):
    session, told = Session(metered(tmp_path)), []
    session.teller = told.append
    session.do("time.live on")
    session.do("time.live off")
    assert [one.on for one in told] == [True, False]
    assert "2026-05-04T13:45+02:00" in told[0].as_text()
    still = State(replace(hamlet(), time=STATIC), Project())
    with pytest.raises(CommandError, match=r"one instant.*nothing to follow\.$"):
        Session(still).do("time.live")


# ------------------------------------------------------------------------------------ reading again
@pytest.fixture
def session(tmp_path) -> Session:
    """Return a session with the meters open, a house selected, something edited."""
    session = Session(metered(tmp_path))
    session.run("select.only", "houses", "house 1")
    session.run("time.index", 3)
    session.run("project.rename", "Row of houses")
    return session


def test_what_was_added_is_there_and_everything_else_stays(session, tmp_path):
    before = session.state
    append(tmp_path, QUARTERS)
    session.do("file.reread")
    after = session.state
    assert after.twin.time.count == QUARTERS + 1
    series = after.twin.find("houses", "consumption")
    np.testing.assert_allclose(series.at(QUARTERS), [8.0, 8.1, 8.2], rtol=1e-6)
    assert after.view == before.view
    assert after.project is before.project
    assert session.undo_title == "Rename the project..."
    session.run("edit.undo")
    assert not session.state.dirty
    assert session.state.twin.time.count == QUARTERS + 1


def test_what_comes_in_of_dwellings_is_withheld_where_nobody_says_what_it_is(tmp_path):
    """Three dwellings are no group: their newest values are followed and not shown."""
    session = Session(metered(tmp_path, kind="house"))
    for quarter in range(QUARTERS, QUARTERS + 4):
        append(tmp_path, quarter, "house")
    session.do("file.reread")
    session.run("time.index", QUARTERS + 3)
    state = session.state
    assert live.present(state, instant(QUARTERS + 4)).step == QUARTERS + 3
    held = state.twin.exact.find("houses", "consumption").at(QUARTERS + 3)
    np.testing.assert_allclose(held, [6.0, 7.1, 1.2], rtol=1e-6)  # of 33, 55 and 77
    assert np.isnan(state.twin.find("houses", "consumption").at(QUARTERS + 3)).all()
    found = why(state, "houses", "house 1", "consumption")
    assert found.text == "Withheld"
    assert "7.1" not in found.as_text()
    session.do("file.answer meter origin=given")
    assert why(session.state, "houses", "house 1", "consumption").text == "7.10\u00a0kW"


def test_only_what_changed_is_parsed_and_nothing_new_changes_nothing(
    session, tmp_path, monkeypatch
):
    parsed = []
    real = opening.read_file
    monkeypatch.setattr(
        opening, "read_file", lambda file, *rest: parsed.append(file.name) or real(file, *rest)
    )
    before = session.state
    session.do("file.reread")
    assert session.state is before
    append(tmp_path, QUARTERS)
    session.do("file.reread")
    assert parsed == ["meter.csv"]


@pytest.mark.parametrize("damage", ["broken", "gone"])
def test_a_file_that_cannot_be_read_leaves_what_was_read_before(session, tmp_path, damage):
    before, file = session.state, tmp_path / "meter.csv"
    if damage == "broken":
        file.write_bytes(b"\x00\x01\xff" * 30)
    else:
        file.unlink()
    with pytest.raises(CommandError, match=r"^meter\.csv has changed and could not be read; what"):
        session.do("file.reread")
    assert session.state is before


def test_an_edit_of_the_data_is_taken_back_with_the_files_as_they_are_now(session, tmp_path):
    (tmp_path / "more.csv").write_text("time,id,consumption_kw\n" + rows(0), encoding="utf-8")
    session.run("file.add", tmp_path / "more.csv")
    append(tmp_path, QUARTERS)
    session.do("file.reread")
    session.run("edit.undo")
    assert [one.id for one in session.state.project.sources] == ["houses", "meter"]
    assert session.state.twin.time.count == QUARTERS + 1
    session.run("edit.redo")
    assert "more" in session.state.understood
    assert len(session.state.project.sources) == 3


def test_an_edit_made_while_files_are_read_is_kept(tmp_path):
    waiting = []
    session = Session(metered(tmp_path))
    session.driver = lambda _command, job, done: waiting.append((job, done))
    append(tmp_path, QUARTERS)
    session.begin("file.reread")
    job, done = waiting.pop()
    found = drain(job)
    session.run("project.rename", "Other name")
    done(found)
    assert session.state.twin.time.count == QUARTERS
    job, done = waiting.pop()
    done(drain(job))
    assert session.state.twin.time.count == QUARTERS + 1
    assert session.state.project.name == "Other name"


def alike(folder) -> None:
    """Write as many quarters more as make the courses of all houses nearly the same."""
    with (folder / "meter.csv").open("a", encoding="utf-8") as file:
        for quarter in range(QUARTERS, 40 * QUARTERS):
            stamp = f"{instant(quarter):%Y-%m-%dT%H:%M:%SZ}"
            used = 18 if quarter % 2 else 10
            file.write("".join(f"{stamp},house {k},{used}\n" for k in range(3)))


def private(state: State) -> bool:
    """Tell whether what house 1 uses is kept back."""
    assert np.isfinite(state.twin.exact.find("houses", "consumption").at(1)[1])
    return bool(np.isnan(state.twin.find("houses", "consumption").at(1)[1]))


def test_curves_that_come_to_look_alike_stay_private_until_somebody_says_what_they_are(tmp_path):
    session = Session(metered(tmp_path, kind="house"))
    alike(tmp_path)
    session.do("file.reread")
    assert private(session.state)
    session.do("project.rename Other")
    session.do("edit.undo")
    alike(tmp_path)
    session.do("file.reread")
    assert private(session.state)
    said = [one.message for one in session.state.base.problems if one.code == "private.guessed"]
    assert len(said) == 1
    session.do("file.answer meter origin=modelled")
    assert not private(session.state)
    session.do("edit.undo")
    assert private(session.state)


def test_a_project_that_was_kept_remembers_it_where_its_file_grew_meanwhile(tmp_path):
    metered(tmp_path, kind="house")
    alike(tmp_path)
    assert private(drain(opening.open_project(tmp_path / "meters.twin")))
    files = [tmp_path / "houses.geojson", tmp_path / "meter.csv"]
    # Whoever has never seen the earlier state cannot know.
    assert not private(drain(opening.open_files(files, None, Options(tz="Europe/Berlin"))))


def test_what_turns_out_metered_while_a_file_grows_is_kept_with_the_project(tmp_path):
    state = metered(tmp_path, kind="house")
    (tmp_path / "meter.csv").write_text("time,id,consumption_kw\n" + rows(0), encoding="utf-8")
    state = drain(opening.open_files(files_of(state), None, Options(tz="Europe/Berlin")))
    session = Session(state)
    assert not session.state.project.taken_metered
    for quarter in range(1, QUARTERS):
        append(tmp_path, quarter, "house")
    session.do("file.reread")
    assert private(session.state)
    assert session.state.project.taken_metered == (("houses", "consumption"),)
