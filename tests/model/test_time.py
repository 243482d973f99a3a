"""Time axes: days of 23 and 25 hours, times that come twice or never, spans."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.model.time import STATIC, TimeAxis, format_instant, parse_instant, zone

HOUR = 3600
BERLIN = "Europe/Berlin"
YEAR = TimeAxis(int(datetime(2023, 12, 31, 23, tzinfo=UTC).timestamp()), HOUR, 8784, BERLIN)
ZONES = sorted(set(available_timezones()) - {"localtime", "Factory"})


def days(axis: TimeAxis) -> list[range]:
    """Return the local days of an axis, one after another."""
    found, i = [], 0
    while i < axis.count:
        day = axis.day_of(i)
        found.append(day)
        i = day.stop
    return found


def test_a_year_has_one_day_of_23_and_one_of_25_hours():
    lengths = [len(day) for day in days(YEAR)]
    assert len(lengths) == 366
    assert sum(lengths) == 8784
    odd = {YEAR.at(day.start).date().isoformat(): len(day) for day in days(YEAR) if len(day) != 24}
    assert odd == {"2024-03-31": 23, "2024-10-27": 25}


def test_every_step_of_a_day_gives_the_same_day():
    for first in (
        YEAR.index_of(YEAR.parse("2024-03-31T00:00")),
        YEAR.index_of(YEAR.parse("2024-10-27T00:00")),
    ):
        day = YEAR.day_of(first)
        assert {YEAR.day_of(i) for i in day} == {day}


def test_the_hour_that_comes_twice_asks_for_an_offset():
    with pytest.raises(ValueError, match="comes twice in Europe/Berlin: add an offset, such as"):
        YEAR.parse("2024-10-27T02:30")
    first = YEAR.parse("2024-10-27T02:30+02:00")
    second = YEAR.parse("2024-10-27T02:30+01:00")
    assert YEAR.index_of(second) - YEAR.index_of(first) == 1
    assert YEAR.at(YEAR.index_of(second)).isoformat() == "2024-10-27T02:00:00+01:00"


def test_the_hour_that_is_skipped_is_refused():
    with pytest.raises(ValueError, match="does not exist in Europe/Berlin"):
        YEAR.parse("2024-03-31T02:30")
    assert (
        YEAR.index_of(YEAR.parse("2024-03-31T03:00"))
        == YEAR.index_of(YEAR.parse("2024-03-31T01:00")) + 1
    )


@pytest.mark.parametrize("text", ["", "noon", "2024-13-01", "2024-01-01T25:00", "01.02.2024"])
def test_text_that_is_no_time_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="2024-07-01T14:00"):
        parse_instant(text)


def test_the_same_clock_time_a_day_later_may_be_23_hours_later():
    noon = YEAR.index_of(YEAR.parse("2024-03-30T12:00"))
    later = YEAR.nearest(YEAR.same_clock(noon, 1))
    assert later - noon == 23
    assert YEAR.at(later).hour == 12


def test_windows_include_their_begin_and_exclude_their_end():
    axis = TimeAxis(0, HOUR, 10)
    assert axis.window(0, 10 * HOUR) == range(10)
    assert axis.window(2 * HOUR, 4 * HOUR) == range(2, 4)
    assert axis.window(2 * HOUR + 1, 4 * HOUR) == range(3, 4)
    assert axis.window(-5 * HOUR, 100 * HOUR) == range(10)
    assert len(axis.window(4 * HOUR, 2 * HOUR)) == 0
    assert len(axis.window(20 * HOUR, 30 * HOUR)) == 0
    assert STATIC.window(5, 6) == range(1)


def test_outside_of_the_axis_is_an_error_that_names_the_span():
    axis = TimeAxis(0, HOUR, 10, "UTC")
    with pytest.raises(ValueError, match=r"1970-01-01T00:00\+00:00 to 1970-01-01T10:00"):
        axis.index_of(-1)
    with pytest.raises(ValueError, match="outside"):
        axis.index_of(10 * HOUR)
    assert (axis.nearest(-1), axis.nearest(99 * HOUR)) == (0, 9)
    with pytest.raises(IndexError):
        axis.at(10)


@pytest.mark.parametrize("values", [(0, 0, 2), (0, HOUR, 0), (0, -1, 5)])
def test_axes_that_cannot_be_are_refused(values):
    with pytest.raises(ValueError, match="no time axis"):
        TimeAxis(*values)


def test_a_zone_that_is_none_is_named():
    with pytest.raises(ValueError, match="'Mars/Olympus' is not the name of a time zone"):
        zone("Mars/Olympus")
    with pytest.raises(ValueError, match="not the name"):
        zone("../../etc/passwd")


def test_steps_of_another_axis():
    quarter = TimeAxis(0, HOUR // 4, 40)
    hourly = TimeAxis(2 * HOUR, HOUR, 4)
    assert hourly.step_at(quarter, 7) is None
    assert hourly.step_at(quarter, 8) == 0
    assert hourly.step_at(quarter, 11) == 0
    assert hourly.step_at(quarter, 12) == 1
    assert hourly.step_at(quarter, 24) is None
    assert STATIC.step_at(quarter, 39) == 0


@given(
    st.integers(-(10**9), 2 * 10**9), st.sampled_from([60, 900, 3600, 86400]), st.integers(1, 500)
)
def test_index_of_is_the_inverse_of_at(start, step, count):
    axis = TimeAxis(start, step, count, BERLIN)
    for i in {0, count // 2, count - 1}:
        assert axis.index_of(axis.at(i)) == i
        assert axis.index_of(axis.seconds(i) + step - 1) == i
    assert axis.instants[-1] == np.datetime64(axis.seconds(count - 1), "s")


@given(st.sampled_from(ZONES), st.integers(0, 365 * 24))
def test_local_times_of_all_zones_come_back(name, hour):
    """Local text is read as the instant it came from, or refused because it is not clear."""
    seconds = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) + hour * HOUR
    local = datetime.fromtimestamp(seconds, ZoneInfo(name))
    text = local.replace(tzinfo=None).isoformat()
    try:
        found = parse_instant(text, name)
    except ValueError as error:
        found = None
        why = str(error)
    if found is None:
        assert "comes twice" in why
        return
    assert found.timestamp() == seconds
    assert int(datetime.fromisoformat(format_instant(seconds, name)).timestamp()) == seconds


@given(st.sampled_from(ZONES), st.integers(0, 300))
def test_days_of_all_zones_follow_each_other(name, day):
    start = int(datetime(2024, 1, 1, tzinfo=UTC).timestamp()) + day * 24 * HOUR
    axis = TimeAxis(start, HOUR // 2, 48 * 60, name)
    found = days(axis)
    assert [d.start for d in found[1:]] == [d.stop for d in found[:-1]]
    whole = [len(d) / 2 for d in found[1:-1]]
    assert all(20 <= hours <= 28 for hours in whole)
    assert timedelta(hours=sum(whole)) > timedelta(days=55)
