"""Values over windows against sums done by hand and against adding everything up anew."""

import numpy as np
import pytest

from twinview.model import windowsums
from twinview.model.clocked import OnClock
from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.window import Window
from twinview.model.windowed import Windowed

NAN = float("nan")
AXIS = TimeAxis(1_704_063_600, 1800, 4, "Europe/Berlin")
POWER = [[1.0, 0], [2, 0], [3, NAN], [4, 0]]
INTENSITY = [[100.0, 7], [200, 7], [300, 7], [0, 7]]


def dense(values, quantity="consumption", axis=AXIS, **more) -> Dense:
    return Dense(Meaning("h", quantity, "kW"), axis, np.array(values, dtype=np.float32), **more)


def seen(raw, rule, window, weight=None) -> Windowed:
    return Windowed(raw.meaning, raw, rule, window, weight)


def test_sums_are_values_times_hours():
    # Half hours: (1 + 2 + 3) kW x 0.5 h.
    one = seen(dense(POWER), "sum", Window("cumulative"))
    np.testing.assert_allclose(one.at(2), [3.0, 0.0])
    assert one.partial(2) == 1
    assert one.partial(1) == 0


def test_intensities_are_carbon_over_energy_never_means_of_ratios():
    weight = dense(POWER)
    one = seen(dense(INTENSITY, "carbon_intensity"), "weighted", Window("cumulative"), weight)
    # (100 x 1 + 200 x 2) / 3, where the mean of both would be 150; no energy has no intensity.
    np.testing.assert_allclose(one.at(1), [500 / 3, NAN], rtol=1e-6)
    np.testing.assert_allclose(one.at(3), [(100 + 400 + 900) / 10, NAN], rtol=1e-6)
    np.testing.assert_allclose(one.of(0), [100, 500 / 3, 1400 / 6, 140], rtol=1e-6)


def test_means_and_extremes():
    rows = [[1.0, 0.97], [-5, 1.02], [3, NAN], [2, 0.99]]
    np.testing.assert_allclose(seen(dense(rows), "mean", Window("range")).at(0), [0.25, 2.98 / 3])
    np.testing.assert_allclose(seen(dense(rows), "max", Window("range")).at(0), [-5, 1.02])
    far = seen(dense(rows), "farthest", Window("cumulative"))
    np.testing.assert_allclose(far.at(0)[1], 0.97)
    np.testing.assert_allclose(far.at(3)[1], 0.97)
    np.testing.assert_allclose(far.of(1), [0.97] * 4)


def test_windows_that_are_not_computed_yet_are_not_ready():
    done = np.array([True, True, False, True])
    one = seen(dense(POWER, done=done), "sum", Window("rolling", 3600))
    assert [one.ready(i) for i in range(4)] == [True, True, False, False]
    np.testing.assert_array_equal(one.done, [True, True, False, False])
    np.testing.assert_allclose(one.of(0), [0.5, 1.5, NAN, NAN])


def test_steps_without_a_solution_are_left_out():
    solved = np.array([True, False, True, True])
    one = seen(dense(POWER, solved=solved), "sum", Window("cumulative"))
    assert one.at(2)[0] == pytest.approx(2.0)
    assert not one.failed(2)
    assert seen(dense(POWER, solved=solved), "sum", Window("rolling", 1800)).failed(1)


def long(rule: str, days: str = "all") -> tuple[Windowed, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    axis = TimeAxis(AXIS.start, 3600, 500, "Europe/Berlin")
    values, energy = rng.random((2, 500, 5)).astype(np.float32)
    values[::7, 2] = NAN
    weight = dense(energy, axis=axis) if rule == "weighted" else None
    window = Window("rolling", 200 * 3600, days=days)
    return seen(dense(values, axis=axis), rule, window, weight), values, energy


def anew(rule: str, values: np.ndarray, energy: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    if rule == "sum":
        return np.nansum(values, axis=0)
    if rule == "max":
        return np.nanmax(values, axis=0)
    weight = energy if rule == "weighted" else np.ones_like(energy)
    return np.nansum(values * weight, axis=0) / np.sum(weight * known, axis=0)


@pytest.mark.parametrize("rule", ["sum", "mean", "weighted", "max"])
@pytest.mark.parametrize("days", ["all", "workdays"])
def test_moving_and_jumping_say_what_adding_up_anew_says(rule, days):
    one, values, energy = long(rule, days)
    for i in (499, 498, 470, 471, 230, 499, 210, 211, 260):
        chosen = one.seen.chosen(one.time, i)
        wanted = anew(rule, values[chosen], energy[chosen])
        np.testing.assert_allclose(one.at(i), wanted, rtol=1e-5)
    chosen = one.seen.chosen(one.time, 300)
    wanted = anew(rule, values[chosen], energy[chosen])
    np.testing.assert_allclose([one.of(j)[300] for j in range(5)], wanted, rtol=1e-5)


def test_a_step_of_a_long_window_reads_few_rows(monkeypatch):
    one, _values, _energy = long("sum")
    one.at(400)
    read = []
    rows_of = windowsums.rows_of
    monkeypatch.setattr(
        windowsums, "rows_of", lambda s, steps: (read.append(len(steps)), rows_of(s, steps))[1]
    )
    one.at(401)
    assert sum(read) == 2


def test_a_range_that_is_pulled_reads_what_came_and_went(monkeypatch):
    one, values, _energy = long("sum")
    read = []
    rows_of = windowsums.rows_of
    monkeypatch.setattr(
        windowsums, "rows_of", lambda s, steps: (read.append(len(steps)), rows_of(s, steps))[1]
    )
    for last, most in ((400, 300), (403, 3), (400, 3)):
        read.clear()
        held = Window("range", begin=one.time.seconds(100), end=one.time.seconds(last))
        found = Windowed(one.meaning, one.raw, "sum", held).at(0)
        np.testing.assert_allclose(found, np.nansum(values[100:last], axis=0), rtol=1e-5)
        assert sum(read) <= most


@pytest.mark.parametrize("kind", ["rolling", "typical"])
@pytest.mark.parametrize("rule", ["sum", "mean"])
def test_profiles_say_what_rows_say(kind, rule):
    rng = np.random.default_rng(5)
    axis = TimeAxis(AXIS.start, 3600, 240, "Europe/Berlin")
    made = Profiled(
        Meaning("h", "consumption", "kW"), axis, rng.random((240, 3)).astype(np.float32),
        np.array([0, 1, 2], dtype=np.int32), np.array([2, 3, 4], dtype=np.float32),
        np.array([0, 0, 2], dtype=np.int32), 3,
    )  # fmt: skip
    rows = dense(made.window(0, 240), axis=axis)
    for days in ("all", "weekends"):
        window = Window(kind, 48 * 3600, days=days)
        quick, slow = seen(made, rule, window), seen(rows, rule, window)
        for i in (100, 101, 150, 20):
            np.testing.assert_allclose(quick.at(i), slow.at(i), rtol=1e-5)
        np.testing.assert_allclose(quick.of(0), slow.of(0), rtol=1e-5)


def test_a_sample_finds_how_large_sums_get():
    axis = TimeAxis(AXIS.start, 3600, 1000, "Europe/Berlin")
    flat = dense(np.full((1000, 4), 2.0), axis=axis)
    assert seen(flat, "sum", Window("rolling", 86400)).sample(1).max() == pytest.approx(48)
    assert seen(flat, "sum", Window("cumulative")).sample(2).tolist() == [2000.0, 2000.0]


def test_another_clock_is_followed():
    slow = TimeAxis(AXIS.start, 3600, 2, AXIS.tz)
    source = dense([[1.0], [5.0]], axis=slow)
    brought = OnClock(source, AXIS)
    np.testing.assert_array_equal(brought.of(0), [1, 1, 5, 5])
    one = seen(brought, "sum", Window("cumulative"))
    assert one.at(3)[0] == pytest.approx(6.0)
