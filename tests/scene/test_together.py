"""Curves together: sums with gaps, months, durations, the course of a day."""

from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Twin
from twinview.model.window import Window
from twinview.scene.private import veiled
from twinview.scene.together import Together, course, duration, months, singles, together

AXIS = TimeAxis(int(datetime.fromisoformat("2024-03-01T00:00+01:00").timestamp()), 3600,
                (31 + 30) * 24 - 1, "Europe/Berlin")  # fmt: skip
"""March and April, of which March has an hour less."""


def twin_of(values: np.ndarray, origin: str = "given") -> Twin:
    """Return a twin whose houses use what is given at each step."""
    ids = [f"h{k}" for k in range(values.shape[1])]
    layer = Layer("houses", "Houses", "building", pa.table({"id": ids}))
    series = Dense(Meaning("houses", "consumption", "kW", origin=origin), AXIS,
                   values.astype(np.float32))  # fmt: skip
    return Twin("T", "", (0, 0, 0), {"houses": layer}, time=AXIS).with_series(series)


def curve(values: np.ndarray, weights: np.ndarray | None = None) -> Together:
    """Return a curve as made of one element."""
    return Together(values, "sum", weights, 1, 0, 0)


def test_a_gap_of_one_is_a_gap_of_the_sum_and_who_has_no_data_is_counted():
    values = np.tile([1.0, 2.0, np.nan], (AXIS.count, 1))
    values[5, 1] = np.nan
    twin = twin_of(values)
    found = together(twin, twin.layers["houses"], "consumption", np.arange(3), "base")
    assert (found.known, found.missing, found.withheld) == (2, 1, 0)
    assert found.values[4] == 3.0
    assert np.isnan(found.values[5])


def test_single_curves_of_metered_dwellings_are_kept_back():
    twin = twin_of(np.ones((AXIS.count, 6)), "measured")
    kept = veiled(twin, None)
    layer, rows = twin.layers["houses"], np.arange(6)
    assert singles(kept, layer, "consumption", rows, "base") == {}
    assert list(singles(twin, layer, "consumption", rows, "base")) == list(range(6))
    assert together(kept, layer, "consumption", rows, "base").values[0] == 6.0
    few = together(kept, layer, "consumption", rows[:5], "base")
    assert (few.known, few.withheld) == (0, 5)
    assert np.isnan(few.values).all()


def test_a_month_of_summer_time_has_an_hour_less():
    names, bars, unit = months(curve(np.ones(AXIS.count)), AXIS, "kW")
    assert names == [(2024, 3), (2024, 4)]
    assert bars.tolist() == [31 * 24 - 1, 30 * 24]
    assert unit == "kWh"
    gap = np.ones(AXIS.count)
    gap[3] = np.nan
    assert np.isnan(months(curve(gap), AXIS, "kW")[1]).tolist() == [True, False]
    assert months(curve(np.full(AXIS.count, 7.0)), AXIS, "g/kWh")[1].tolist() == pytest.approx(
        [7, 7]
    )


def test_an_intensity_is_weighted_over_elements_and_over_the_month():
    used = np.tile([1.0, 3.0], (AXIS.count, 1))
    used[1::2] = 0.0
    twin = twin_of(used)
    values = np.tile([100.0, 200.0], (AXIS.count, 1)).astype(np.float32)
    carbon = Dense(Meaning("houses", "carbon_intensity", "g/kWh"), AXIS, values)
    twin = twin.with_series(carbon)
    found = together(twin, twin.layers["houses"], "carbon_intensity", np.arange(2), "base")
    assert found.how == "weighted"
    assert found.values[0] == 175.0  # (1 * 100 + 3 * 200) / 4
    assert np.isnan(found.values[1])
    assert months(found, AXIS, "g/kWh")[1].tolist() == [175.0, 175.0]


def test_months_and_courses_are_made_of_what_counts():
    # March 2024 has 21 days from Monday to Friday, April 22; Sundays alone have the value 5.
    keep = Window(days="workdays").mask(AXIS)
    sunday = np.array([AXIS.at(i).weekday() == 6 for i in range(AXIS.count)])
    values = np.where(sunday, 5.0, 1.0)
    assert months(curve(values), AXIS, "kW", keep)[1].tolist() == [21 * 24, 22 * 24]
    april = Window(begin=AXIS.seconds(31 * 24 - 1)).counted(AXIS)
    names, bars, _unit = months(curve(values), AXIS, "kW", april)
    assert (names, bars.tolist()) == ([(2024, 4)], [30 * 24 + 4 * 4 * 24])
    assert course(values, AXIS, sunday)[1][:, 12].tolist() == [5.0, 5.0, 5.0]
    assert course(values, AXIS, keep)[1].max() == 1.0
    gap = values.copy()
    gap[30] = np.nan  # a Saturday: no month lacks it that is made of workdays
    assert np.isfinite(months(curve(gap), AXIS, "kW", keep)[1]).all()


def test_durations_fall_and_leave_gaps_out():
    assert duration(np.array([1.0, np.nan, 3.0, 2.0])).tolist() == [3.0, 2.0, 1.0]


def test_the_course_of_a_day_is_one_of_the_local_clock():
    hours = np.array([AXIS.at(i).hour for i in range(AXIS.count)], dtype=float)
    slots, band = course(hours, AXIS)
    assert slots.tolist() == list(range(24))
    assert (band == np.arange(24.0)).all()
    day = np.repeat(np.arange(1.0, 62.0), 24)[: AXIS.count]
    # At 12 the 61 days give 1 to 61 (March's short day moves none of its noons by a day).
    assert np.round(course(day, AXIS)[1][:, 12]).tolist() == [7.0, 31.0, 55.0]
