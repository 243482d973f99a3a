"""Stretches, ticks, nights, curves, playing: what the time bar is made of, without a window."""

from datetime import UTC, datetime

import numpy as np
import pytest

from tests.gui.hamlet import TIME, hamlet
from twinview.gui.daylight import elevation, nights
from twinview.gui.overview import daily
from twinview.gui.player import Player
from twinview.gui.stretch import stretch, ticks
from twinview.i18n import set_language
from twinview.model.time import STATIC, TimeAxis
from twinview.scene.curves import curves, on_clock

YEAR = TimeAxis(
    int(datetime(2023, 12, 31, 23, tzinfo=UTC).timestamp()), 3600, 8784, "Europe/Berlin"
)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.mark.parametrize(
    ("span", "when", "first", "hours"),
    [
        ("day", "2024-07-01T14:00", "2024-07-01T00:00", 24),
        ("day", "2024-03-31T14:00", "2024-03-31T00:00", 23),
        ("day", "2024-10-27T14:00", "2024-10-27T00:00", 25),
        ("week", "2024-07-04T14:00", "2024-07-01T00:00", 168),
        ("month", "2024-02-11T14:00", "2024-02-01T00:00", 29 * 24),
        ("year", "2024-02-11T14:00", "2024-01-01T00:00", 8784),
    ],
)
def test_stretches_are_local(span, when, first, hours):
    shown = stretch(YEAR, YEAR.index_of(YEAR.parse(when)), span)
    assert YEAR.at(shown.start).strftime("%Y-%m-%dT%H:%M") == first
    assert len(shown) == hours


def test_a_static_axis_has_one_stretch():
    assert stretch(STATIC, 0, "day") == range(1)
    assert ticks(STATIC, range(1), 500) == []


def test_ticks_of_a_day_keep_their_distance():
    shown = stretch(YEAR, 24 * 180, "day")
    for room in (120, 300, 900, 2000):
        texts = [tick.text for tick in ticks(YEAR, shown, room) if tick.text]
        assert texts[0] == "00:00"
        assert len(texts) * 40 <= max(room, 80)


def test_ticks_of_weeks_and_of_the_year():
    week = [tick.text for tick in ticks(YEAR, stretch(YEAR, 4400, "week"), 900)]
    assert week == ["Mon 1", "Tue 2", "Wed 3", "Thu 4", "Fri 5", "Sat 6", "Sun 7"]
    year = [tick.text for tick in ticks(YEAR, range(YEAR.count), 900)]
    assert year[:3] == ["Jan", "Feb", "Mar"]
    assert len(year) == 12
    narrow = [tick.text for tick in ticks(YEAR, range(YEAR.count), 240) if tick.text]
    assert narrow == ["Jan", "Mar", "May", "Jul", "Sep", "Nov"]


def test_the_sun_over_berlin():
    noon = datetime(2024, 6, 21, 11, 8, tzinfo=UTC).timestamp()
    high = elevation(np.array([noon, noon + 12 * 3600]), 13.4, 52.5)
    assert high[0] == pytest.approx(90 - 52.5 + 23.44, abs=0.2)
    assert high[1] < -13


def test_nights_of_a_day_in_march():
    found = nights(hamlet(), stretch(TIME, 36, "day"))
    assert len(found) == 2
    assert found[0][0] == 0
    assert found[1][1] == 1
    # Equinox and summer time has not begun: about 6 to 18:45 in the west of the zone.
    assert found[0][1] * 24 == pytest.approx(6.2, abs=0.4)


def test_curves_of_the_district():
    made = curves(hamlet(), "base")
    assert made.load.shape == (TIME.count,)
    assert made.top > 100
    assert np.isfinite(made.generation).all()


def test_a_series_on_another_clock_is_brought_to_ours():
    twin = hamlet()
    consumption = twin.find("houses", "consumption")
    assert on_clock(twin, consumption, consumption.of(0)) is not None
    late = TimeAxis(TIME.start + 7200, 3600, 3, TIME.tz)
    other = type("S", (), {"time": late})()
    values = on_clock(twin, other, np.array([1, 2, 3], dtype=np.float32))
    np.testing.assert_array_equal(values[:6], [np.nan, np.nan, 1, 2, 3, np.nan])


def test_daily_means_leave_gaps_out():
    values = np.array([1, 3, np.nan, np.nan, 5], dtype=np.float32)
    np.testing.assert_array_equal(daily(values, 2), [2, np.nan, 5])


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_playing_follows_the_wall_and_drops_what_is_late(qapp):
    clock, seen = Clock(), []
    player = Player(clock=clock)
    player.chosen.connect(seen.append)
    player.bounds, player.speed = range(100), 4.0
    player.at(10)
    player.play()
    clock.now += 0.25
    player.tick()
    clock.now += 3.0  # the window was busy
    player.tick()
    assert seen == [11, 23]
    player.pause()


def test_playing_ends_at_the_end_or_repeats(qapp):
    clock, seen = Clock(), []
    player = Player(clock=clock)
    player.chosen.connect(seen.append)
    player.bounds, player.speed = range(20, 24), 1.0
    player.at(22)
    player.play()
    clock.now += 5
    player.tick()
    assert (seen, player.playing) == ([23], False)
    player.loop = True
    player.play()  # begins at the start again
    clock.now += 5
    player.tick()
    assert seen[-1] == 21
    player.pause()
