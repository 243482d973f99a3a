"""Weather laid on other calendars."""

import numpy as np
import pytest

from tests.town import YEAR, codes, town, with_weather
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT
from twinview.session.weather import calendar_rows, on_clock, station

LEAP = TimeAxis(1_704_063_600, 900, 35136, "Europe/Berlin")
"""2024 in Berlin, in quarter hours."""


def test_the_station_is_known():
    here = station(with_weather(town(use=["office"])))
    assert here is not None
    assert (here.latitude, here.longitude, here.utc_offset) == (47.0, 8.0, 1.0)
    assert station(town(use=["office"])) is None


def test_hours_are_matched_by_the_calendar_in_standard_time():
    rows = calendar_rows(YEAR, LEAP, 1.0)
    assert rows[:5].tolist() == [0, 0, 0, 0, 1]
    # 1 July, 14:00 summer time is 13:00 standard time: day 181 of a common year, hour 13.
    at = LEAP.index_of(LEAP.parse("2024-07-01T14:00"))
    assert rows[at] == 181 * 24 + 13
    assert rows[-1] == 8759


def test_the_29_february_takes_the_28th():
    rows = calendar_rows(YEAR, LEAP, 1.0)
    leap = LEAP.index_of(LEAP.parse("2024-02-29T12:00"))
    assert rows[leap] == (31 + 27) * 24 + 12
    march = LEAP.index_of(LEAP.parse("2024-03-01T12:00"))
    assert rows[march] == (31 + 28) * 24 + 12


def test_weather_alone_keeps_its_own_year():
    twin, problems = on_clock(with_weather(town(use=["office"]), temperature=5.0))
    assert twin.time == YEAR
    assert not problems


def test_weather_follows_a_clock_that_other_series_make():
    power = Dense(Meaning("houses", "power", "kW"), LEAP, np.ones((LEAP.count, 1), np.float32))
    twin = with_weather(town(use=["office"]), temperature=5.0).with_series(power)
    laid, problems = on_clock(twin)
    series = laid.find(DISTRICT, "temperature")
    assert series is not None
    assert (series.time.start, series.time.step, series.time.count) == (
        LEAP.start, LEAP.step, LEAP.count,
    )  # fmt: skip
    assert (series.of(0) == 5.0).all()
    assert codes(problems) == ["weather.laid"]
    assert "2023 was laid on 2024" in problems[0].message


def test_what_the_weather_does_not_cover_stays_empty():
    day = TimeAxis(YEAR.start, 3600, 24, YEAR.tz)
    laid, (problem,) = on_clock(with_weather(town(use=["office"]), day), LEAP)
    series = laid.find(DISTRICT, "temperature")
    assert series is not None
    assert np.isfinite(series.of(0)).sum() == 96
    assert problem.severity == "warning"
    assert "35040 steps lie outside" in problem.message


@pytest.mark.parametrize("step", [86400])
def test_weather_is_not_laid_on_longer_steps(step):
    days = TimeAxis(YEAR.start, step, 365, YEAR.tz)
    twin, problems = on_clock(with_weather(town(use=["office"])), days)
    series = twin.find(DISTRICT, "temperature")
    assert series is not None
    assert series.time == YEAR
    assert not problems
