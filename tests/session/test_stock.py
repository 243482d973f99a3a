"""Size and use of buildings, as far as a layer says them."""

import numpy as np
import pyarrow as pa
import pytest

from tests.town import buildings, codes
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.session.models import DemandModel
from twinview.session.stock import stock_of

ANY = DemandModel(climate="GB")


def test_footprint_times_storeys():
    found = stock_of(buildings(use=["office", "apartments"], storeys=[3, None]), ANY, ["office"])
    assert found.area[0] == 300.0
    assert np.isnan(found.area[1])
    assert found.uses == ("office", "residential")


def test_a_measured_height_counts_3_m_for_each_storey_but_a_drawn_one_does_not():
    layer = buildings(
        use=["office"] * 3, height_m=[12.0, 6.0, 1.0],
        height_source=["measured", "default", "measured"],
    )  # fmt: skip
    found = stock_of(layer, ANY, ["office"])
    np.testing.assert_array_equal(found.area, [400.0, np.nan, 100.0])
    assert codes(found.problems) == ["demand.storeys_height"]


def test_storeys_are_assumed_only_where_the_user_says_so():
    layer = buildings(use=["office"] * 2, storeys=[2, None])
    found = stock_of(layer, DemandModel(climate="GB", storeys=5), ["office"])
    assert found.area.tolist() == [200.0, 500.0]
    assert codes(found.problems) == ["demand.storeys_assumed"]


def test_an_attribute_of_floor_area_goes_first_in_its_unit():
    layer = buildings(use=["office"] * 2, storeys=[2, 2], gfa=[1000.0, None])
    field = layer.attributes.schema.field("gfa").with_metadata({"unit": "sqft"})
    table = layer.attributes.set_column(3, field, layer.attributes["gfa"])
    found = stock_of(Layer("h", "H", "building", table, layer.geometry), ANY, ["office"])
    assert found.area.tolist() == pytest.approx([92.90304, 200.0])
    assert codes(found.problems) == ["demand.area_given"]


def test_an_unknown_use_is_said_and_gets_nothing():
    found = stock_of(buildings(use=["palace", "office", "garage"], storeys=[1] * 3), ANY, [])
    assert found.uses == ("", "office", "none")
    assert codes(found.problems) == ["demand.use_unknown", "demand.none"]
    assert found.problems[0].element_ids == ("b0",)


def test_other_columns_are_looked_at_until_one_says_a_use():
    layer = buildings(type=["Building"] * 2, function=["31001_2020", "31001_1010"], storeys=[1, 1])
    found = stock_of(layer, ANY, [])
    assert found.uses == ("office", "residential")
    assert codes(found.problems) == ["demand.code_unverified"]


def test_the_user_names_column_and_list():
    layer = buildings(kind_code=["1120", "9999"], storeys=[1, 1])
    model = DemandModel(climate="GB", use_column="kind_code", codes="citygml", otherwise="hotel")
    assert stock_of(layer, model, []).uses == ("office", "hotel")
    with pytest.raises(CommandError, match=r"has no column 'nosuch'; it has id, kind_code"):
        stock_of(layer, DemandModel(climate="GB", use_column="nosuch"), [])


def test_households_are_read():
    layer = buildings(use=["apartments"], **{"building:flats": ["12"]})
    assert stock_of(layer, ANY, []).households.tolist() == [12.0]


def test_a_table_without_shapes_has_the_areas_that_it_says():
    table = pa.table({"id": ["a"], "use": ["office"], "floor_area": [50.0]})
    assert stock_of(Layer("t", "T", "building", table), ANY, []).area.tolist() == [50.0]
