"""Instants as people write them, in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.scene.support import AXIS, hamlet
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning
from twinview.model.twin import DISTRICT
from twinview.scene.view import View
from twinview.session.notes import Note
from twinview.session.project import Project
from twinview.session.store import State
from twinview.session.when import at_change, seconds_of, step_of, ways

HOUR = np.arange(AXIS.count, dtype=np.float32)[:, None]


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.fixture
def state() -> State:
    """Return two days from 2024-03-31 (23 h), load highest at step 30, cleanest at step 7."""
    twin = hamlet().with_series(
        *(
            Dense(Meaning(DISTRICT, quantity, "kW"), AXIS, values.astype(np.float32))
            for quantity, values in (
                ("load", 100 - np.abs(HOUR - 30)),
                ("generation", 50 - np.abs(HOUR - 12)),
                ("carbon_intensity", 10 + np.abs(HOUR - 7)),
            )
        )
    )
    notes = (Note(seconds=AXIS.seconds(20), title="Storm 风暴"),)
    return State(twin, Project(marks=notes), View(time=10))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("2024-03-31T12:00", 11),  # the clocks have skipped an hour
        ("2024-03-31 12:00", 11),
        ("2024-03-31T12:00+02:00", 11),
        ("2024-04-01", 23),
        ("2024年4月1日", 23),
        ("14:00", 13),
        ("14：00", 13),
        ("14点", 13),
        ("+6h", 16),
        ("-90min", 8),
        ("+1d", 34),
        ("+6小时", 16),
        ("＋1天", 34),
        ("peak load", 30),
        ("Peak Load", 30),
        ("峰值负荷", 30),
        ("peak load -2h", 28),
        ("lowest load", 0),
        ("peak generation", 12),
        ("cleanest hour", 7),
        ("最清洁时段", 7),
        ("dirtiest hour", 47),
        ("start", 0),
        ("end-1h", 46),
        ("结束", 47),
        ("storm 风暴", 20),
    ],
)
def test_texts_name_steps(state, text, step):
    assert step_of(state, text) == step


def test_now_is_the_clock_or_the_nearest_end_of_the_data(state):
    noon = datetime(2024, 3, 31, 10, 20, tzinfo=UTC)
    assert step_of(state, "now", noon) == 11
    assert step_of(state, "now-2h", noon) == 9
    assert step_of(state, "现在-2小时", noon) == 9
    assert step_of(state, "now", datetime(2030, 1, 1, tzinfo=UTC)) == 47
    assert step_of(state, "now", datetime(2000, 1, 1, tzinfo=UTC)) == 0


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_offered_is_understood(state, language):
    set_language(language)
    later = replace(state, view=View(time=30))
    assert "Storm 风暴" in ways(later)
    for way in ways(later):
        assert 0 <= step_of(later, way, datetime(2024, 4, 1, 9, tzinfo=UTC)) < AXIS.count


def test_a_day_later_keeps_the_clock(state):
    # 11:00 on the day with 23 hours; a day before it there are no data.
    assert state.twin.time.at(step_of(state, "+1d")).hour == 11
    with pytest.raises(CommandError, match="outside the data"):
        step_of(state, "-1d")


@pytest.mark.parametrize("text", ["", "nonsense", "25:00", "+6", "+6 parsecs", "2024-13-01"])
def test_others_are_refused_with_what_is_understood(state, text):
    with pytest.raises(CommandError) as refused:
        step_of(state, text)
    said = str(refused.value)
    assert "\n" not in said
    assert any(word in said for word in ("peak load", "90min"))


def test_a_time_that_the_clocks_skip_is_told(state):
    with pytest.raises(CommandError, match="the clocks skip it"):
        step_of(state, "2024-03-31T02:30")


@pytest.mark.parametrize("text", ["2024-03-31 02:30", "2024/3/31 02:30", "02:30", "2点30"])
def test_a_skipped_hour_says_what_follows_it(state, text):
    here = replace(state, view=View(time=5))  # on that day
    twice, skipped = at_change(here, text)
    assert twice == ()
    assert skipped.endswith("the clocks are put forward, and 03:30 follows.")


def test_a_doubled_hour_is_both(state):
    """In Berlin the clocks went back at 03:00 on 2024-10-27: 02:30 came at 00:30 and 01:30 UTC."""
    autumn = replace(AXIS, start=int(datetime(2024, 10, 26, 22, tzinfo=UTC).timestamp()))
    state = replace(state, twin=replace(state.twin, time=autumn))
    twice, skipped = at_change(state, "2024-10-27 02:30")
    assert twice == ("2024-10-27T02:30+02:00", "2024-10-27T02:30+01:00")
    assert [step_of(state, one) for one in twice] == [4 - 2, 4 - 1]
    assert skipped == ""
    for plain in ("2024-10-27 03:30", "2024-10-27T02:30+01:00", "peak load", "14:00"):
        assert at_change(state, plain) == ((), "")


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31T23:00", "+99999999d"])
def test_what_is_far_away_is_refused(state, text):
    with pytest.raises(CommandError):
        step_of(state, text)


def test_names_need_their_data(state):
    bare = replace(state, twin=replace(state.twin, series={}))
    with pytest.raises(CommandError, match="compute first"):
        step_of(bare, "cleanest hour")


def test_lengths():
    assert [seconds_of(one) for one in ("90min", "24h", "7d", "1w", "1.5 h", "2小时", "3天")] == [
        5400, 86400, 604800, 604800, 5400, 7200, 259200,
    ]  # fmt: skip
    for wrong in ("", "0h", "7", "h", "-3h", "1000000d", "9" * 400 + "h"):
        with pytest.raises(CommandError, match="length of time"):
            seconds_of(wrong)
