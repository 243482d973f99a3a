"""Joins: guessed from names, applied with units, honest about what did not fit."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from twinview.model.join import Join, apply, guess
from twinview.model.part import Table
from twinview.model.series import Dense, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer

AXIS = TimeAxis(0, 3600, 3)


def layer(kind: str = "building", id_: str = "houses", **columns: list) -> Layer:
    """Return a layer with columns."""
    return Layer(id_, id_, kind, pa.table(columns))


def table(*columns: str, unit: str = "", values: list | None = None, quantity: str = "") -> Table:
    """Return a table of series; column k holds k + 1 unless said."""
    numbers = np.tile(np.arange(1.0, len(columns) + 1), (3, 1)) if values is None else values
    array = np.array(numbers, dtype=np.float32)
    return Table("curves", "curves", AXIS, columns, array, (unit,) * len(columns), quantity)


def test_columns_named_like_elements_are_joined():
    houses = layer(id=["a", "b", "c"])
    (join,) = guess(table("a", "b", unit="kW"), [houses])
    assert (join.kind, join.quantity, join.pattern) == ("columns", "consumption", "{id}")
    series, problems = apply(join, table("a", "b", unit="MW"), houses)
    assert isinstance(series, Dense)
    np.testing.assert_array_equal(series.at(0), [1000, 2000, np.nan])
    assert problems[0].code == "join.partial"
    assert problems[0].element_ids == ("c",)


def test_columns_with_a_common_text_around_a_number_are_joined():
    houses = layer(id=["1", "2", "30"])
    (join,) = guess(table("load_1", "load_2", "load_30"), [houses])
    assert join.pattern == "load_{id}"
    series, problems = apply(join, table("load_30", "load_1", "load_2", unit="kW"), houses)
    np.testing.assert_array_equal(series.at(0), [2, 3, 1])
    assert not problems


def test_a_unit_that_nobody_names_is_not_taken_without_a_word():
    houses = layer(id=["a", "b"])
    join = Join("columns", "curves", "houses", "consumption")
    bare = table("a", "b")
    (said,) = apply(join, bare, houses)[1]
    assert (said.severity, said.code, said.layer) == ("warning", "join.unit_unsaid", "houses")
    assert said.message.endswith("its numbers are taken as kW.")
    (said,) = apply(join, replace(bare, units=("kW", "")), houses)[1]
    assert said.code == "join.unit_unsaid"
    for told, units in ((join, ("kW", "MW")), (replace(join, unit="W"), ("", ""))):
        assert not apply(told, replace(bare, units=units), houses)[1]
    share = replace(join, quantity="soc")
    assert not apply(share, bare, houses)[1]


def test_a_layer_that_names_profiles_is_joined_with_its_factors():
    columns = {"profile": ["b", "a", None], "scale_w": [2000.0, 500.0, 1.0]}
    loads = layer("load", "loads", id=["x", "y", "z"], **columns)
    (join,) = guess(table("a", "b"), [loads])
    assert (join.kind, join.profile, join.scale, join.unit) == (
        "profiles",
        "profile",
        "scale_w",
        "W",
    )
    series, problems = apply(join, table("a", "b"), loads)
    assert isinstance(series, Profiled)
    np.testing.assert_allclose(series.at(1), [4.0, 0.5, np.nan])
    assert problems[0].element_ids == ("z",)
    assert series.meaning.unit == "kW"


def test_intensities_of_sources_are_joined_in_their_unit():
    sources = layer("source", "sources", id=["s"], intensity_profile=["mix"])
    (join,) = guess(table("mix", unit="kg/kWh", values=[[0.3]] * 3), [sources])
    series, _problems = apply(join, table("mix", unit="kg/kWh", values=[[0.3]] * 3), sources)
    assert join.quantity == "carbon_intensity"
    np.testing.assert_allclose(series.at(0), [300])


@pytest.mark.parametrize("kind", ["road", "tree", "place", "node"])
def test_layers_that_use_nothing_are_not_guessed(kind):
    assert guess(table("a", "b"), [layer(kind, id=["a", "b"])]) == []


def test_nothing_in_common_is_left_to_the_user():
    assert guess(table("temperature", "wind"), [layer(id=["a", "b"])]) == []
    assert guess(table("a"), [layer(id=[])]) == []


def test_a_unit_of_another_dimension_is_refused():
    join = Join("columns", "curves", "houses", "consumption", unit="kWh")
    with pytest.raises(ValueError, match="cannot be turned"):
        apply(join, table("a"), layer(id=["a"]))


def test_missing_values_stay_missing():
    join = Join("columns", "curves", "houses", "consumption")
    series, _problems = apply(
        join, table("a", "b", values=[[0.0, np.nan]] * 3), layer(id=["a", "b"])
    )
    assert series.at(0)[0] == 0
    assert np.isnan(series.at(0)[1])
