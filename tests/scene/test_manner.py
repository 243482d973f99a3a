"""Times and quantities are written as the reader likes them."""

from datetime import datetime

import pytest

from twinview.scene import manner
from twinview.scene.manner import Manner, hour_text, set_manner
from twinview.scene.numbers import number


@pytest.fixture(autouse=True)
def put_back():
    """Leave the next test the usual manner."""
    yield
    set_manner(Manner())


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "12:05 am"), (1, "1:05 am"), (11, "11:05 am"), (12, "12:05 pm"), (13, "1:05 pm"),
     (23, "11:05 pm")],
)  # fmt: skip
def test_twelve_hours(hour, said):
    """The convention of most English speaking countries: midnight is 12 am, noon 12 pm."""
    instant = datetime(2024, 1, 1, hour, 5)
    assert hour_text(instant) == f"{hour:02}:05"
    set_manner(Manner(twelve=True))
    assert hour_text(instant) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(999.0, "kWh", "999 kWh"), (1234.0, "kWh", "1.23 MWh"), (-2_500_000.0, "kWh", "−2.50 GWh"),
     (15_000, "kg", "15.0 t"), (1500.0, "kW", "1.50 MW"), (4200.0, "m", "4\u202f200 m"),
     (1800.0, "g/kWh", "1\u202f800 g/kWh")],
)  # fmt: skip
def test_larger_units_for_large_numbers(value, unit, said):
    set_manner(Manner(larger=True))
    assert number(value, 3, unit).replace("\u00a0", " ") == said


def test_as_in_the_data_unless_asked():
    assert number(1234.0, 4, "kWh").replace("\u00a0", " ") == "1\u202f234 kWh"
    assert manner.manner() == Manner()
