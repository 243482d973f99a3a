"""Coverage of a join before it is made: every cell of the map counted by hand."""

import numpy as np
import pytest

from tests.model.test_join import layer, table
from twinview.model.coverage import OUTSIDE, coverage
from twinview.model.join import Join, apply
from twinview.model.pairing import keys_of, pairs
from twinview.model.time import TimeAxis

NONE = np.nan
CLOCK = TimeAxis(0, 3600, 6)


def columns(**more: str) -> Join:
    """Return a join of columns."""
    return Join("columns", "curves", "houses", "consumption", **more)


def test_the_map_tells_present_missing_and_outside():
    """Three hours of a table on a clock of six: a is whole, b has one hole, c has no column."""
    curves = table("b", "a", "x", values=[[1, 1, 1], [NONE, 1, 1], [1, 1, 1]])
    found = coverage(columns(), curves, layer(id=["a", "b", "c"]), CLOCK)
    assert (found.elements, found.matched) == (3, 2)
    assert (found.without, found.unused) == (("c",), ("x",))
    assert found.present == pytest.approx(5 / 6)
    assert (found.begin, found.end) == (0, 6 * 3600)
    out = [OUTSIDE] * 3
    np.testing.assert_array_equal(found.shares, [[1, 1, 1, *out], [1, 0, 1, *out], [0, 0, 0, *out]])
    assert found.each


def test_many_elements_and_steps_share_cells_of_the_map():
    """400 elements on 160 rows, 1000 steps on 320 columns: half of them have no column."""
    names = [f"h{k}" for k in range(400)]
    curves = table(*names[:200], values=np.ones((1000, 200)))
    axis = TimeAxis(0, 900, 1000)
    curves = type(curves)(**{**curves.__dict__, "time": axis})
    found = coverage(columns(), curves, layer(id=names), axis)
    assert found.shares.shape == (160, 320)
    assert (found.shares[:80] == 1).all()
    assert (found.shares[80:] == 0).all()
    assert found.present == 1


def test_keys_that_differ_only_in_writing_are_named_but_not_joined():
    found = coverage(columns(), table("7", "b 2"), layer(id=["007", "B-2", "c"]), CLOCK)
    assert found.matched == 0
    assert found.alike == (("007", "7"), ("B-2", "b 2"))


def test_elements_that_share_a_column_are_counted():
    houses = layer(id=["a", "b", "c"], meter=["m", "m", "n"])
    found = coverage(columns(column="meter"), table("m", "n"), houses, CLOCK)
    assert (found.matched, found.shared, found.several) == (3, 2, 0)


@pytest.mark.parametrize(
    ("pattern", "keys", "named", "wanted"),
    [
        ("{id}", ["a", None, "b"], ["b", "a"], [(0, 1), (2, 0)]),
        ("load_{id}_kw", ["1", "2"], ["load_2_kw", "load_1_kw", "load_1"], [(0, 1), (1, 0)]),
        ("{id}_*", ["a", "a_1"], ["a_x", "a_1_x", "b_x"], [(0, 0), (1, 1)]),
        ("*/{id}", ["a"], ["hall/a", "roof/a", "a"], [(0, 0), (0, 1)]),
        ("{id}", ["m1;m2", "m3"], ["m3", "m2", "m1"], [(0, 2), (0, 1), (1, 0)]),
        ("{id}", [7.0, np.nan], ["7"], [(0, 0)]),
        ("{id}", [7, 8], ["8"], [(1, 0)]),
    ],
)
def test_keys_find_columns(pattern, keys, named, wanted):
    rows, places = pairs(pattern, named, keys_of(layer(id=["x"] * len(keys), key=keys), "key"))
    assert list(zip(rows.tolist(), places.tolist(), strict=True)) == wanted


@pytest.mark.parametrize(
    ("how", "first", "second"),
    [("sum", 4.0, NONE), ("mean", 2.0, 3.0), ("max", 3.0, 3.0), ("min", 1.0, 3.0), ("", 1.0, NONE)],
)
def test_several_meters_of_a_house_become_one_value(how, first, second):
    """Meters of 1 and 3 kW; in the second hour the first one has no value."""
    curves = table("a_1", "a_2", "b_1", values=[[1, 3, 5], [NONE, 3, 5], [1, 3, 5]])
    series, _problems = apply(columns(pattern="{id}_*", several=how), curves, layer(id=["a", "b"]))
    np.testing.assert_array_equal(series.at(0), [first, 5])
    np.testing.assert_array_equal(series.at(1), [second, 5])


def test_each_column_is_converted_from_its_own_unit():
    curves = table("a", "b", values=[[1, 2]] * 3)
    mixed = type(curves)(**{**curves.__dict__, "units": ("MW", "kW")})
    for how in ("", "sum"):
        series, _problems = apply(columns(several=how), mixed, layer(id=["a", "b"]))
        np.testing.assert_array_equal(series.at(0), [1000, 2])


@pytest.mark.parametrize(
    ("unit", "step", "wanted"),
    [("kWh/step", 3600, 6), ("kWh/step", 900, 24), ("MWh/step", 1800, 12_000), ("kW", 900, 6)],
)
def test_energy_of_each_step_becomes_its_mean_power(unit, step, wanted):
    """6 kWh in a quarter of an hour are 24 kW."""
    curves = table("a", values=[[6]] * 3)
    curves = type(curves)(**{**curves.__dict__, "time": TimeAxis(0, step, 3)})
    series, _problems = apply(columns(unit=unit), curves, layer(id=["a"]))
    assert series.at(0)[0] == pytest.approx(wanted)


@pytest.mark.parametrize("unit", ["kW/step", "g/h/step"])
def test_only_energy_is_counted_over_steps(unit):
    with pytest.raises(ValueError, match="cannot be turned"):
        apply(columns(unit=unit), table("a"), layer(id=["a"]))
