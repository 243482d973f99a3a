"""The table of a layer: columns, order and texts."""

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import hamlet
from twinview.i18n import set_language
from twinview.model.twin import Layer
from twinview.scene.shown import shown
from twinview.scene.tabling import as_tsv, cell, columns_of, order_by, plain
from twinview.scene.view import View


@pytest.fixture(autouse=True)
def english():
    """Speak English."""
    set_language("en")


def made(overlay: str = "carbon"):
    """Return the houses of the hamlet, what is shown of them, and the columns."""
    twin = hamlet()
    layer = twin.layers["houses"]
    now = shown(twin, View(overlay=overlay), layer)
    return layer, now, columns_of(layer, now)


def test_the_shown_quantity_stands_beside_the_id_with_its_unit():
    _layer, _now, columns = made()
    assert [one.head for one in columns][:3] == ["Id", "Carbon intensity [g/kWh]", "Name"]
    assert columns[3].head == "Height [m]"


def test_what_is_missing_is_said_and_zero_is_zero():
    layer, now, columns = made()
    texts = [cell(layer, columns[1], now, row) for row in range(4)]
    assert texts == ["0", "100", "480", "no data"]


@pytest.mark.parametrize(("falling", "wanted"), [(True, [2, 1, 0, 3]), (False, [0, 1, 2, 3])])
def test_what_is_missing_comes_last_either_way(falling, wanted):
    layer, now, columns = made()
    assert order_by(layer, columns[1], now, falling).tolist() == wanted


def test_numbers_at_the_end_of_ids_count_as_numbers():
    ids = ["House 10", "house 9", "house 100", "b", None]
    layer = Layer("x", "X", "building", pa.table({"id": ["1", "2", "3", "4", "5"], "tag": ids}))
    nothing = shown(hamlet(), View(), layer)
    column = next(one for one in columns_of(layer, nothing) if one.name == "tag")
    order = order_by(layer, column, nothing, falling=False)
    assert [ids[row] for row in order] == ["b", "house 9", "House 10", "house 100", None]


def test_copied_rows_have_plain_numbers_and_a_row_of_units():
    layer, now, columns = made()
    lines = as_tsv(layer, columns, now, [2, 3]).splitlines()
    assert lines[0].split("\t") == ["Id", "Carbon intensity [g/kWh]", "Name", "Height [m]"]
    assert lines[1].split("\t") == ["high", "480", "no data", "7"]
    assert lines[2].split("\t") == ["unknown", "no data", "no data", "8"]


def test_a_share_is_copied_in_the_unit_of_its_title():
    twin = hamlet()
    store = twin.layers["storage"]
    now = shown(twin, View(overlay="attribute"), store)
    assert now.quantity == ""
    assert np.isnan(now.values).all()
    assert plain(store, columns_of(store, now)[0], now, 0) == "s"
