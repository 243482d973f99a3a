"""Quantities and units: one table each, and conversions that cannot mix dimensions."""

import pytest

from twinview.model.quantities import factor, quantities


def test_every_quantity_has_a_unit_that_is_known():
    for one in quantities().values():
        assert one.title
        assert one.description
        if one.unit and one.id not in {"temperature", "wind_direction", "attribute"}:
            assert factor(one.unit, one.unit) == 1.0


@pytest.mark.parametrize(
    ("unit", "into", "expected"),
    [
        ("W", "kW", 0.001),
        ("MW", "kW", 1000),
        ("MWh", "kWh", 1000),
        ("MJ", "kWh", 1 / 3.6),
        ("kBtu", "kWh", 0.29307107),
        ("lb/MWh", "g/kWh", 0.45359237),
        ("t/MWh", "kg/kWh", 1.0),
        ("kg/MWh", "g/kWh", 1.0),
        ("%", "1", 0.01),
        ("ft", "m", 0.3048),
        ("sqft", "m2", 0.09290304),
    ],
)
def test_factors(unit, into, expected):
    assert factor(unit, into) == pytest.approx(expected)
    assert factor(into, unit) == pytest.approx(1 / expected)


def test_units_of_other_dimensions_are_refused():
    with pytest.raises(ValueError, match=r"kW \(power\) cannot be turned into kWh \(energy\)"):
        factor("kW", "kWh")


def test_an_unknown_unit_names_the_known_ones():
    with pytest.raises(ValueError, match=r"'hp' is not known.*kW"):
        factor("hp", "kW")


def test_the_same_unit_needs_no_table():
    assert factor("anything", "anything") == 1.0
