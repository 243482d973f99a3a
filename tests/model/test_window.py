"""Windows of time: which steps they hold, across changes of the clocks and at the data's ends."""

from datetime import date

import pytest

from twinview.model.time import TimeAxis
from twinview.model.window import DAY, Window, days_mask, edges, hours_of_day

AXIS = TimeAxis(1_711_753_200, 3600, 72, "Europe/Berlin")
"""From Saturday 2024-03-30T00:00; the Sunday has 23 hours, Monday begins with step 47."""

YEAR = TimeAxis(1_704_063_600, 3600, 8784, "Europe/Berlin")
"""2024, a leap year that begins on a Monday."""
HOLIDAYS = (date(2024, 1, 1), date(2024, 12, 25), date(2024, 12, 26))


@pytest.mark.parametrize(
    ("window", "i", "steps"),
    [
        (Window(), 5, range(5, 6)),
        (Window("rolling", DAY), 30, range(7, 31)),
        (Window("rolling", DAY), 3, range(0, 4)),
        (Window("rolling", 1800), 3, range(3, 4)),
        (Window("cumulative"), 30, range(0, 31)),
        (Window("cumulative", begin=AXIS.seconds(10)), 30, range(10, 31)),
        (Window("cumulative", begin=AXIS.seconds(40)), 30, range(40, 40)),
        (Window("range"), 30, range(0, 72)),
        (Window("range", begin=AXIS.seconds(4), end=AXIS.seconds(9)), 30, range(4, 9)),
        (Window("range", begin=0, end=10**10), 30, range(0, 72)),
    ],
)
def test_steps_of_windows(window, i, steps):
    assert window.steps(AXIS, i) == steps


@pytest.mark.parametrize("kind", ["instant", "rolling", "cumulative", "range", "typical"])
def test_all_windows_at_once_are_those_one_by_one(kind):
    window = Window(kind, 5 * 3600, begin=AXIS.seconds(10), end=AXIS.seconds(40))
    first, last = edges(window, AXIS)
    assert [range(a, b) for a, b in zip(first, last, strict=True)] == [
        window.steps(AXIS, i) for i in range(AXIS.count)
    ]


def test_a_typical_day_takes_one_hour_of_each_day():
    # 01:00 of three days; the clocks skip 02:00 on the Sunday.
    assert list(Window("typical").chosen(AXIS, 1)) == [1, 25, 48]
    assert list(Window("typical").chosen(AXIS, 2)) == [2, 49]


def test_days_are_those_of_the_local_calendar():
    workdays = days_mask(AXIS, "workdays")
    assert not workdays[:47].any()
    assert workdays[47:71].all()
    assert list(Window("rolling", DAY, days="workdays").chosen(AXIS, 50)) == [47, 48, 49, 50]
    assert (days_mask(AXIS, "weekends") == ~workdays).all()


def test_seasons_are_whole_months():
    year = YEAR
    # 2024: March to May has 92 days less the hour that the clocks skip.
    assert days_mask(year, "all", "spring").sum() == 92 * 24 - 1
    assert days_mask(year, "all", "autumn").sum() == 91 * 24 + 1
    assert days_mask(year, "all", "winter").sum() == (31 + 31 + 29) * 24


def test_workdays_of_winter_without_holidays():
    # January has 23 days from Monday to Friday, February 21, December 22; New Year's Day is a
    # Monday, 25 and 26 December are a Wednesday and a Thursday.
    plain = Window(days="workdays", season="winter")
    assert plain.mask(YEAR).sum() == (23 + 21 + 22) * 24
    keep = Window(days="workdays", season="winter", holidays=HOLIDAYS).mask(YEAR)
    assert keep.sum() == (22 + 21 + 20) * 24
    step = {day: YEAR.index_of(YEAR.parse(f"2024-{day}T12:00")) for day in
            ("01-01", "01-02", "01-06", "04-01", "12-24", "12-25", "12-26", "12-27")}  # fmt: skip
    assert {day for day, i in step.items() if keep[i]} == {"01-02", "12-24", "12-27"}
    free = Window(days="weekends", season="winter", holidays=HOLIDAYS).mask(YEAR)
    assert free.sum() == (31 + 29 + 31) * 24 - keep.sum()
    assert free[step["12-25"]]
    # Ten days of week-ends in March, of which the last one has 23 hours.
    assert Window(days="weekends", season="spring", begin=YEAR.seconds(0),
                  end=YEAR.seconds(step["04-01"] - 12)).counted(YEAR).sum() == 239  # fmt: skip


def test_what_counts_within_a_range():
    begin, end = (YEAR.index_of(YEAR.parse(text)) for text in ("2024-02-02T06:00", "2024-02-06"))
    held = Window(begin=YEAR.seconds(begin), end=YEAR.seconds(end), days="workdays")
    assert held.counted(YEAR).sum() == 18 + 24  # Friday from 6, Monday
    assert Window().counted(YEAR) is None


def test_a_season_among_the_days_is_what_files_held_before():
    assert Window(days="winter") == Window(season="winter")
    assert Window(days="winter").only.picky


def test_hours_of_the_day_on_which_the_clocks_change():
    assert list(hours_of_day(AXIS)[22:28]) == [22, 23, 0, 1, 3, 4]


def test_ends_are_held_one_by_one():
    assert Window(locked="begin").holds("begin")
    assert not Window(locked="begin").holds("end")
    assert Window(locked="both").holds("end")
