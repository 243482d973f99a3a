"""Numbers as a reader sees them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.scene.numbers import (
    GROUP,
    MINUS,
    NOTHING,
    SPACE,
    change,
    cleared,
    fixed,
    number,
    percent,
    round_down,
    round_steps,
    round_up,
    ticks,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0, "0"),
        (5, "5"),
        (1498, f"1{GROUP}498"),
        (np.int64(1_234_567), f"1{GROUP}234{GROUP}567"),
        (2.8374, "2.84"),
        (391.4, "391"),
        (9.996, "10.0"),
        (99.96, "100"),
        (12345.6, f"12{GROUP}346"),
        (-0.2551, f"{MINUS}0.255"),
        (np.float32(1.012), "1.01"),
        (0.0000123, f"1.23{GROUP}×{GROUP}10⁻⁵"),
        (-3e18, f"{MINUS}3.00{GROUP}×{GROUP}10¹⁸"),
        (math.nan, NOTHING),
        (math.inf, NOTHING),
    ],
)
def test_number(value, text):
    assert number(value) == text


def test_a_unit_stands_behind_a_space_and_not_behind_nothing():
    assert number(138.2, unit="g/kWh") == f"138{SPACE}g/kWh"
    assert number(math.nan, unit="g/kWh") == NOTHING


def test_percent():
    assert percent(0.62) == f"62{SPACE}%"
    assert percent(0.07) == f"7.0{SPACE}%"
    assert percent(1.0) == f"100{SPACE}%"
    assert percent(math.nan) == NOTHING


def test_fixed_never_shows_a_negative_zero():
    assert fixed(-0.04, 1) == "0.0"
    assert fixed(-0.06, 1) == f"{MINUS}0.1"


def test_ticks_share_their_decimals():
    assert ticks((0, 125, 250)) == ["0", "125", "250"]
    assert ticks((0.9, 0.95, 1.0)) == ["0.90", "0.95", "1.00"]
    assert ticks((-1000.0, 0.0)) == [f"{MINUS}1{GROUP}000", "0"]
    assert ticks(()) == []


@given(st.floats(1e-9, 1e9))
def test_round_values_enclose(value):
    assert round_down(value) <= value * (1 + 1e-8)
    assert round_up(value) >= value * (1 - 1e-8)
    assert round_up(value) / round_down(value) <= 2.5 * (1 + 1e-9)


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 8))
def test_steps_lie_within_and_are_few(low, span, count):
    marks = round_steps(low, low + span, count)
    assert len(marks) <= count + 1
    assert all(low - 1e-6 * span <= mark <= low + span * (1 + 1e-6) for mark in marks)


@given(st.floats(-1e300, 1e300), st.integers(1, 6))
def test_any_number_can_be_read_back(value, digits):
    text = number(value, digits).replace(GROUP, "").replace(MINUS, "-")
    mantissa, _, power = text.partition("×10")
    back = float(mantissa) * 10.0 ** int(
        power.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0
    )
    assert back == pytest.approx(value, rel=10.0 ** (1 - digits), abs=1e-300)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (-3.2e-12, "kW", "0 kW"),
        (9e-10, "kWh", "0 kWh"),
        (2e-9, "kW", "2.00 × 10⁻⁹ kW"),
        (2e-9, "MW", "2.00 × 10⁻⁹ MW"),  # 2 milliwatts
        (5e-13, "MW", "0 MW"),
        (5e-7, "W", "0 W"),
        (4e-10, "kg/h", "0 kg/h"),
        (3e-7, "g/kWh", "0 g/kWh"),
        (1e-12, "%", "0 %"),
        (1e-12, "m", "1.00 × 10⁻¹² m"),
    ],
)
def test_what_a_solver_leaves_of_nothing_reads_as_nothing(value, unit, text):
    assert number(value, 3, unit).replace(SPACE, " ").replace(GROUP, " ") == text
    assert number(value, 3, of=unit) == number(value, 3, unit).split(SPACE)[0]
    assert cleared(value, unit) in {0.0, value}


def test_a_difference_has_a_plus_only_where_it_reads_above_zero():
    assert change(2.5, 3, "kW") == "+2.50" + SPACE + "kW"
    assert change(-2.5, of="kW") == MINUS + "2.50"
    assert change(1e-13, 3, "kW") == "0" + SPACE + "kW"
    assert change(math.nan, of="kW") == NOTHING
