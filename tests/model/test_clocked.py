"""Series on another clock: each step gets what is of its time."""

import numpy as np
import pytest

from twinview.model.clocked import STRIDE, OnClock
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis

HOUR = 3600
CLOCK = TimeAxis(10 * HOUR, HOUR, 6, "UTC")
MEANING = Meaning("houses", "power", "kW")


def laid(start: int, step: int, values: list[float]) -> OnClock:
    """Return a series of one element on the clock."""
    axis = TimeAxis(start, step, len(values), "UTC")
    return OnClock(Dense(MEANING, axis, np.array(values, np.float32)[:, None]), CLOCK)


@pytest.mark.parametrize(
    ("start", "step", "values", "expected"),
    [
        # Begins three hours before the clock: its fourth value is the clock's first.
        (7, 1, [0, 1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8]),
        # Begins one hour after the clock and ends before it.
        (11, 1, [1, 2, 3], [np.nan, 1, 2, 3, np.nan, np.nan]),
        # Two hours long: each holds for two steps of the clock.
        (10, 2, [1, 2, 3], [1, 1, 2, 2, 3, 3]),
        (9, 2, [1, 2, 3], [1, 2, 2, 3, 3, np.nan]),
        # Half hours: their means; the last hour is there by half, so it stays unknown.
        (10, 0.5, [1, 3, 5, 7, 9], [2, 6, np.nan, np.nan, np.nan, np.nan]),
        (9.5, 0.5, [9, 1, 3, 5, np.nan], [2, np.nan, np.nan, np.nan, np.nan, np.nan]),
        (30, 1, [1, 2], [np.nan] * 6),
        # What stands still holds for all.
        (0, 0, [4], [4] * 6),
    ],
)
def test_each_step_gets_what_is_of_its_time(start, step, values, expected):
    series = laid(int(start * HOUR), int(step * HOUR), values)
    np.testing.assert_array_equal(series.window(0, 6)[:, 0], expected)
    np.testing.assert_array_equal(series.window(2, 5)[:, 0], expected[2:5])
    np.testing.assert_array_equal(series.of(0), expected)
    np.testing.assert_array_equal([series.at(i)[0] for i in range(6)], expected)


def test_a_course_longer_than_a_stride_is_whole():
    """Every second hour of the clock begins a value of two hours."""
    count = STRIDE + 10
    source = Dense(MEANING, TimeAxis(0, 2 * HOUR, count // 2, "UTC"),
                   np.arange(count // 2, dtype=np.float32)[:, None])  # fmt: skip
    series = OnClock(source, TimeAxis(0, HOUR, count, "UTC"))
    np.testing.assert_array_equal(series.of(0), np.arange(count) // 2)
