"""Elements made of columns of a large table: the same numbers as if they had been copied out."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from twinview.model import assemble, join
from twinview.model.entries import Entries
from twinview.model.gathered import Gathered
from twinview.model.join import Join
from twinview.model.orders import Facts
from twinview.model.part import Table
from twinview.model.series import Dense, Meaning, Series, extremes, known_total, total
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer

MEANING = Meaning("houses", "power", "kW")


def layer(ids, **columns) -> Layer:
    return Layer("houses", "Houses", "building", pa.table({"id": ids, **columns}))


def table(columns, unit="kW") -> Table:
    """Return a table with both orders and its facts, as the store of large ones keeps it."""
    draw = np.random.default_rng(5)
    values = draw.normal(size=(24, len(columns))).astype(np.float32)
    values[3, 0] = np.nan
    facts = Facts(*extremes(values), np.nansum(values, axis=1))
    axis = TimeAxis(0, 3600, 24)
    units = (unit,) * len(columns)
    return Table(
        "t", "T", axis, tuple(columns), values, units, "power", across=values.T.copy(), facts=facts
    )


def same(a: Series, b: Series) -> None:
    """Hold two series against each other in every way of asking."""
    assert a.size == b.size
    for i in range(a.time.count):
        np.testing.assert_allclose(a.at(i), b.at(i), rtol=1e-6, atol=1e-6)
        assert (a.ready(i), a.failed(i)) == (b.ready(i), b.failed(i))
    for j in range(a.size):
        np.testing.assert_allclose(a.of(j), b.of(j), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(a.window(3, 9), b.window(3, 9), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(total(a), total(b), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("unit", ["kW", "W"])
@pytest.mark.parametrize("ids", [["a", "b", "c"], ["c", "x", "a"], ["b", "c", "a"], ["x", "y"]])
def test_a_large_table_joins_without_a_copy_as_a_small_one_does(monkeypatch, ids, unit):
    one, houses = table(["a", "b", "c"], unit), layer(ids)
    how = Join("columns", "t", "houses", "power")
    small, _said = join.apply(how, one, houses)
    monkeypatch.setattr(join, "WORTH", 0)
    large, _said = join.apply(how, one, houses)
    same(small, large)
    found = large if isinstance(large, Dense) else large.source
    assert np.shares_memory(found.values, one.values)
    assert isinstance(large, Dense) == (ids == ["a", "b", "c"] and unit == "kW")
    assert (known_total(large) is not None) == (set(ids) == {"a", "b", "c"})


def test_names_around_an_id_are_found(monkeypatch):
    monkeypatch.setattr(join, "WORTH", 0)
    one, houses = table(["load_b", "load_a"]), layer(["a", "b"])
    made, _said = join.apply(Join("columns", "t", "houses", "power", "load_{id}"), one, houses)
    np.testing.assert_array_equal(made.of(0), one.values[:, 1])
    none, _said = join.apply(Join("columns", "t", "houses", "power", "load"), one, houses)
    assert np.isnan(none.at(0)).all()


def test_devices_of_a_large_table_are_summed_when_asked_for(monkeypatch):
    devices = layer(["d0", "d1", "d2", "d3"], building=["a", "a", "c", None])
    houses = layer(["a", "b", "c"])
    values = np.array([[1, 2, 3, 4], [np.nan, 5, np.nan, 6]], dtype=np.float32)
    power = Dense(replace(MEANING, layer="devices"), TimeAxis(0, 3600, 2), values)
    by_hand = [[3, np.nan, 3], [5, np.nan, 0]]
    small = assemble.summed(power, devices, houses, "consumption")
    monkeypatch.setattr(assemble, "WORTH", 0)
    large = assemble.summed(power, devices, houses, "consumption")
    assert isinstance(small, Dense)
    assert isinstance(large, Gathered)
    np.testing.assert_array_equal(small.window(0, 2), by_hand)
    same(small, large)
    assert large.limits[0] <= 0
    assert large.limits[1] >= 5


def test_steps_that_are_not_computed_stay_so():
    values = np.ones((3, 2), dtype=np.float32)
    done, solved = np.array([True, True, False]), np.array([True, False, False])
    source = Dense(MEANING, TimeAxis(0, 3600, 3), values, done, solved)
    entries = Entries(
        np.array([1], np.int32), np.array([2], np.float32), np.array([0], np.int32), 2
    )
    made = Gathered(MEANING, source, entries, none_is_zero=True)
    np.testing.assert_array_equal(made.of(0), [2, 2, np.nan])
    assert not made.ready(2)
    assert made.failed(1)
    assert np.isnan(made.of(1)).all()
    assert made.limits == (0.0, 2.0)


def test_an_entry_of_an_element_that_is_not_there_is_refused():
    one = np.array([2], np.int32)
    with pytest.raises(ValueError, match="element 2 of 2"):
        Entries(one, one.astype(np.float32), one, 2)


def test_profiles_that_are_many_stay_where_they_are(monkeypatch):
    one = table(["p", "q", "r"])
    houses = layer(["a", "b", "c"], profile=["r", None, "p"], scale_kw=[2.0, 1.0, 3.0])
    how = Join("profiles", "t", "houses", "power", profile="profile", scale="scale_kw", unit="kW")
    held, _said = join.apply(how, one, houses)
    monkeypatch.setattr(join, "COPIED", 0)
    mapped, _said = join.apply(how, one, houses)
    assert isinstance(mapped, Gathered)
    for i in range(24):
        np.testing.assert_array_equal(held.at(i), mapped.at(i))
    np.testing.assert_allclose(held.of(2), mapped.of(2), rtol=1e-6)
