"""Lengths of steps, speeds, playing over days that count, the cells of the carpet, the range."""

from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor

from tests.gui.hamlet import TIME, hamlet
from twinview.gui.carpet import cells_of, dimmed, picture
from twinview.gui.lane import part_at, pull_of
from twinview.gui.player import Player
from twinview.gui.stepping import pace_text, speed_of, speed_text
from twinview.gui.style import look_now
from twinview.gui.trackink import Span, runs
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.time import STATIC, TimeAxis
from twinview.model.window import Window
from twinview.overlays.carbon import LIMITS
from twinview.scene.curves import mix
from twinview.scene.totals import Total, total_of
from twinview.session.walking import stepped, walk

YEAR = TimeAxis(
    int(datetime(2023, 12, 31, 23, tzinfo=UTC).timestamp()), 3600, 8784, "Europe/Berlin"
)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


@pytest.mark.parametrize(
    ("step", "direction", "begin", "end"),
    [
        ("data", 1, "2024-07-01T14:00", "2024-07-01T15:00"),
        ("6h", -1, "2024-07-01T14:00", "2024-07-01T08:00"),
        ("day", 1, "2024-03-30T14:00", "2024-03-31T14:00"),
        ("week", 1, "2024-10-26T14:00", "2024-11-02T14:00"),
        ("month", 1, "2024-01-31T14:00", "2024-02-29T14:00"),
        ("month", -1, "2024-03-31T14:00", "2024-02-29T14:00"),
        ("month", 1, "2024-11-05T14:00", "2024-12-05T14:00"),
        ("month", 1, "2024-12-05T14:00", "2024-12-31T23:00"),
    ],
)
def test_steps_keep_the_time_of_the_day(step, direction, begin, end):
    i = YEAR.index_of(YEAR.parse(begin))
    assert YEAR.at(stepped(YEAR, i, step, direction)).strftime("%Y-%m-%dT%H:%M") == end


def test_a_static_clock_has_no_steps():
    assert stepped(STATIC, 0, "month", 1) == 0


def at(text):
    return YEAR.index_of(YEAR.parse(text))


def days_of(steps):
    return [YEAR.at(int(i)).strftime("%m-%d %H:%M") for i in steps]


def test_months_from_the_last_day_of_january_end_on_last_days():
    found = walk(YEAR, "month", at("2024-01-31T14:00"))
    assert days_of(found) == [
        f"{day} 14:00"
        for day in ("01-31", "02-29", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31",
                    "09-30", "10-31", "11-30", "12-31")
    ]  # fmt: skip


def test_days_keep_their_time_over_a_day_of_23_and_one_of_25_hours():
    # 02:00 does not exist on 31 March and comes twice on 27 October: the clock shows 03:00 once,
    # and the first of both.
    found = walk(YEAR, "day", at("2024-03-30T02:00"))
    assert len(found) == 366
    k = int(np.flatnonzero(found == at("2024-03-30T02:00"))[0])
    assert days_of(found[k : k + 3]) == ["03-30 02:00", "03-31 03:00", "04-01 02:00"]
    assert np.diff(found[k : k + 3]).tolist() == [24, 23]
    k = int(np.flatnonzero(found == at("2024-10-26T02:00"))[0])
    assert np.diff(found[k : k + 3]).tolist() == [24, 25]
    assert at("2024-10-27T02:00+02:00") in found
    again = walk(YEAR, "day", at("2024-10-27T02:00+01:00"))
    assert at("2024-10-27T02:00+01:00") in again
    assert at("2024-10-27T02:00+02:00") not in again


def test_weeks_and_months_go_on_to_a_day_that_counts():
    keep = Window(days="workdays").mask(YEAR)
    # 2024: the 6th of January, April and July is a Saturday, that of October a Sunday.
    assert days_of(walk(YEAR, "month", at("2024-02-06T09:00"), keep))[:4] == [
        "01-08 09:00", "02-06 09:00", "03-06 09:00", "04-08 09:00",
    ]  # fmt: skip
    found = days_of(walk(YEAR, "day", at("2024-01-05T09:00"), keep))
    assert found[:6] == [f"01-0{day} 09:00" for day in (1, 2, 3, 4, 5, 8)]
    friday, monday = at("2024-01-05T09:00"), at("2024-01-08T09:00")
    assert stepped(YEAR, friday, "day", 1, keep) == monday
    assert stepped(YEAR, monday, "day", -1, keep) == friday
    # Beyond the last one: the last hour of the last workday, 31 December.
    assert stepped(YEAR, at("2024-12-31T09:00"), "day", 1, keep) == YEAR.count - 1


def test_what_a_speed_means_for_a_step():
    assert pace_text(YEAR, "day", 4.0).endswith("At 4 h/s, a step of 1 day is shown for 6 s")
    assert pace_text(YEAR, "data", 4.0).endswith("a step of 1 h is shown for 0.25 s")
    assert "is shown" not in pace_text(STATIC, "data", 4.0)


def test_speeds_in_words():
    said = {
        "6 h/s": 6,
        "6": 6,
        "1 d/s": 24,
        "30min/s": 0.5,
        "2天/秒": 48,
        "6 小时/秒": 6,
        "1w": 168,
    }
    assert {text: speed_of(text) for text in said} == said
    assert (speed_text(6), speed_text(0.5), speed_text(72)) == ("6 h/s", "0.5 h/s", "3 d/s")
    for wrong in ("", "fast", "0 h/s", "6 parsecs/s", "-3 h/s"):
        with pytest.raises(CommandError, match="no speed"):
            speed_of(wrong)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_playing_skips_days_that_do_not_count(qapp):
    clock, seen = Clock(), []
    player = Player(clock=clock)
    player.chosen.connect(seen.append)
    player.bounds, player.speed = range(10), 1.0
    player.keep = np.array([1, 1, 0, 0, 0, 1, 1, 0, 0, 0], dtype=bool)
    player.at(0)
    player.play()
    for _k in range(4):
        clock.now += 1
        player.tick()
    assert seen == [1, 5, 6, 6]
    assert not player.playing
    seen.clear()
    player.loop = True
    player.play()  # begins at the start again
    for _k in range(4):
        clock.now += 1
        player.tick()
    assert seen == [1, 5, 6, 0]
    player.pause()


def played_by(length, begin, bounds=None, days="all"):
    """Return a player of the year that shows steps of a length, its clock, and what it showed."""
    clock, seen = Clock(), []
    player = Player(clock=clock)
    player.chosen.connect(lambda i: seen.append(YEAR.at(i).strftime("%m-%d %H:%M")))
    player.bounds, player.speed = bounds or range(YEAR.count), 24.0
    player.at(at(begin))
    keep = Window(days=days).mask(YEAR)
    player.show(lambda anchor: walk(YEAR, length, anchor, keep), keep)
    player.play()
    return player, clock, seen


def ticked(player, clock, *waits):
    for wait in waits:
        clock.now += wait
        player.tick()


def test_days_are_played_at_the_speed_of_their_hours(qapp):
    # 24 hours of data a second: the day that ends with the change of the clocks has 23 of them.
    player, clock, seen = played_by("day", "2024-03-29T12:00")
    ticked(player, clock, 0.95, 0.1)
    assert seen == ["03-30 12:00"]
    ticked(player, clock, 23.5 / 24 - 0.05)  # 47.5 h: 23 h after the second day the third is there
    assert seen == ["03-30 12:00", "03-31 12:00"]
    ticked(player, clock, 10.0)  # the window was busy: nine days are dropped
    assert seen[2:] == ["04-10 12:00"]
    player.pause()


def test_months_are_played_at_the_speed_of_their_hours(qapp):
    player, clock, seen = played_by("month", "2024-01-31T00:00")
    ticked(player, clock, 28.9, 0.2, 30.8, 0.2)  # 29 days to 29 February, 31 to 31 March
    assert seen == ["02-29 00:00", "03-31 00:00"]
    player.pause()


def test_days_that_do_not_count_take_no_time_and_keep_the_time_of_day(qapp):
    player, clock, seen = played_by("day", "2024-01-05T12:00", days="workdays")
    ticked(player, clock, 0.9, 0.2)  # Friday noon to Monday noon: 12 and 12 hours that count
    assert seen == ["01-08 12:00"]
    player.pause()


def test_days_are_repeated_within_the_bounds_and_end_there(qapp):
    week = range(at("2024-01-08T00:00"), at("2024-01-11T00:00"))
    player, clock, seen = played_by("day", "2024-01-09T12:00", week)
    player.loop = True
    ticked(player, clock, 1.01, 1.0, 1.0, 1.0)
    assert seen == ["01-10 12:00", "01-08 12:00", "01-09 12:00", "01-10 12:00"]
    player.loop = False
    ticked(player, clock, 5.0)
    assert (seen[-1], player.playing) == ("01-10 12:00", False)
    player.play()  # begins at the start again, and shows that
    ticked(player, clock, 0.1)
    assert seen[-1] == "01-08 12:00"
    player.pause()


def test_a_stretch_of_one_step_is_not_played_but_said(qapp):
    said = []
    player, _clock, seen = played_by("day", "2024-01-09T12:00")
    player.pause()
    player.short.connect(lambda: said.append(True))
    player.bounds = range(at("2024-01-09T00:00"), at("2024-01-10T00:00"))
    player.play()
    assert (player.playing, said, seen) == (False, [True], [])


def test_smooth_playing_shows_what_lies_between(qapp):
    clock, seen = Clock(), []
    player = Player(clock=clock)
    player.chosen.connect(lambda i: seen.append((i, 0.0)))
    player.between.connect(lambda i, share: seen.append((i, round(share, 2))))
    player.bounds, player.speed, player.smooth = range(6), 1.0, True
    player.keep = np.array([1, 1, 1, 0, 1, 1], dtype=bool)
    player.at(0)
    player.play()
    for wait in (0.25, 0.5, 0.5, 1.0, 0.75):
        clock.now += wait
        player.tick()
    # After step 2 comes step 4: nothing is shown between those.
    assert seen == [(0, 0.25), (0, 0.75), (1, 0.25), (2, 0.0), (4, 0.0)]
    player.pause()


@pytest.mark.parametrize(
    ("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("2024-07-01", 24)]
)
def test_a_day_of_the_carpet_has_the_hours_it_has(day, hours):
    cells = cells_of(YEAR)
    assert cells.steps.shape == (48, 366)
    begin = YEAR.index_of(YEAR.parse(f"{day}T00:00"))
    column, _row, _count = cells.place(begin)
    found = cells.steps[:, column]
    steps = list(dict.fromkeys(found[found >= 0].tolist()))
    assert steps == list(range(begin, begin + hours))


def test_the_hour_that_comes_twice_is_two_halves_and_the_skipped_one_a_hole():
    cells = cells_of(YEAR)
    once = YEAR.index_of(YEAR.parse("2024-10-27T02:00+02:00"))
    column, row, count = cells.place(once)
    assert (row, count) == (4, 1)
    assert cells.place(once + 1) == (column, 5, 1)
    spring = YEAR.index_of(YEAR.parse("2024-03-31T01:00"))
    column, row, count = cells.place(spring)
    assert (row, count) == (2, 2)
    assert list(cells.steps[4:6, column]) == [-1, -1]


def test_every_step_has_one_place_in_the_carpet():
    for time in (YEAR, TimeAxis(YEAR.start, 900, 96 * 300, YEAR.tz)):
        steps = cells_of(time).steps
        assert set(np.unique(steps)) == {-1, *range(time.count)}


def test_steps_that_are_no_part_of_a_day_have_no_carpet():
    assert cells_of(STATIC) is None
    assert cells_of(TimeAxis(0, 86400, 30)) is None
    assert cells_of(TimeAxis(0, 7 * 3600, 30)) is None


def test_the_picture_is_clear_where_nothing_is_known():
    values = np.full(YEAR.count, 3.0, dtype=np.float32)
    values[5] = np.nan
    image = picture(cells_of(YEAR), Total("load", values, (0.0, 5.0), "power"), "light")
    assert (image.width(), image.height()) == (366, 48)
    assert image.pixelColor(0, 8).alpha() == 255
    assert image.pixelColor(0, 10).alpha() == 0


def test_cells_of_days_that_do_not_count_are_faded(qapp):
    cells, look = cells_of(YEAR), look_now()
    total = Total("load", np.full(YEAR.count, 3.0, dtype=np.float32), (0.0, 5.0), "power")
    plain = picture(cells, total, "light").pixelColor(0, 10)
    made = dimmed(picture(cells, total, "light"), cells, ~Window(days="workdays").mask(YEAR), look)
    assert made.pixelColor(4, 10) == plain  # Friday, 5 January 2024
    faded = made.pixelColor(5, 10)
    panel = QColor(look.panel)
    assert faded.red() == pytest.approx(plain.red() + 0.72 * (panel.red() - plain.red()), abs=3)
    assert dimmed(picture(cells, total, "light"), cells, None, look).pixelColor(5, 10) == plain


def test_what_stands_for_an_overlay():
    twin = hamlet()
    assert total_of(twin, "power", "base").quantity == "load"
    carbon = total_of(twin, "carbon", "base")
    assert (carbon.quantity, carbon.ramp, carbon.limits) == ("carbon_intensity", "carbon", LIMITS)
    assert total_of(twin, "storage", "base").quantity == "load"  # no number of the district


def test_the_mix_needs_a_computation():
    assert mix(hamlet(), "base") is None


def test_runs_of_flags():
    assert runs(np.array([1, 1, 0, 0, 1], dtype=bool)) == [(0, 2), (4, 5)]


SPAN = Span(QRectF(0, 10, 240, 50), range(0, 240))
HELD = Window(begin=TIME.seconds(50), end=TIME.seconds(100))


@pytest.mark.parametrize(
    ("x", "part", "to", "steps"),
    [
        (50, "begin", 30, range(30, 100)),
        (50, "begin", 200, range(99, 100)),
        (100, "end", 119, range(50, 120)),
        (75, "middle", 95, range(70, 120)),
        (75, "middle", 239, range(190, 240)),
        (150, "", 170, range(150, 171)),
        (150, "", 140, range(140, 151)),
    ],
)
def test_pulling_at_the_range(x, part, to, steps):
    assert part_at(SPAN, HELD, TIME, x) == part
    assert pull_of(part, x, HELD, TIME).to(to, TIME.count) == steps


def test_locked_ends_do_not_move():
    held = Window(begin=HELD.begin, end=HELD.end, locked="begin")
    assert [pull_of(part, 60, held, TIME) is None for part in ("begin", "middle", "", "end")] == [
        True, True, True, False,
    ]  # fmt: skip
