"""What the palette makes of a line of text, without a window."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.gui.hamlet import TIME, opened
from twinview.gui.charts import Chart
from twinview.gui.entries import typed_in
from twinview.i18n import set_language
from twinview.session.store import Session, State


@pytest.fixture
def state() -> State:
    """Return the hamlet in ten days of autumn; in Berlin 2024-10-27 has 25 hours."""
    set_language("en")
    found = opened()
    start = int(datetime(2024, 10, 24, 22, tzinfo=UTC).timestamp())
    return replace(found, twin=replace(found.twin, time=replace(TIME, start=start)))


def test_an_hour_that_comes_twice_is_offered_twice(state):
    went = []
    found = list(typed_in("2024-10-27 02:30", Session(state), lambda *what: went.append(what)))
    assert [one.title for one in found] == [
        "Go to 2024-10-27 02:30+02:00, before the clocks go back",
        "Go to 2024-10-27 02:30+01:00, after the clocks went back",
    ]
    for one in found:
        one.act()
    assert went == [("time.go", "2024-10-27T02:30+02:00"), ("time.go", "2024-10-27T02:30+01:00")]


def test_an_hour_that_is_skipped_says_so(state):
    spring = replace(state, twin=replace(state.twin, time=TIME))
    (found,) = typed_in("2024-03-31 02:30", Session(spring), print)
    assert "does not exist in Europe/Berlin" in found.hindrance
    assert "03:30 follows" in found.hindrance


def test_a_curve_says_how_much_of_it_is_computed(qtbot):
    set_language("en")
    chart = Chart("line")
    qtbot.addWidget(chart)
    values = np.full(TIME.count, np.nan, dtype=np.float32)
    chart.show_values(values, TIME, waits=True)
    chart.show_time(3, range(24))
    assert chart.note == "Not computed yet"
    values[3:9] = 1.0
    chart.show_values(values, TIME, waits=True)
    assert chart.note == "6 of 24 steps computed"
    chart.show_values(values, TIME)  # gaps of the data are no computation's
    assert chart.note == ""
    chart.grab()
