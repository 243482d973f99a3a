"""Which devices are shown together: by the building they name, and where that has gaps."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import AXIS, squares
from tests.scene.test_private import dense, shown
from twinview.model.twin import DISTRICT, Layer, Network, Twin
from twinview.scene.grouping import dwellings
from twinview.scene.private import group_words, groups_for, veiled

EIGHT = [4.5] * 8
"""Loads of 1 to 8 kW as one group: five, and three more that would be too few."""


def houses(count: int, **columns: list) -> Layer:
    """Return houses h0, h1 and so on, of one dwelling each."""
    table = {"id": [f"h{k}" for k in range(count)], "use": ["dwelling"] * count, **columns}
    return Layer("houses", "Houses", "building", pa.table(table), squares(count))


def meters(count: int, **columns: list) -> Layer:
    """Return meters m0, m1 and so on."""
    table = pa.table({"id": [f"m{k}" for k in range(count)], **columns})
    return Layer("loads", "Loads", "load", table, squares(count))


def metered(*layers: Layer) -> Twin:
    """Return a district in which meter k tells k + 1 kW, and whose total is known."""
    twin = Twin("T", "", (0, 0, 0), {one.id: one for one in layers}, time=AXIS)
    power = np.arange(1.0, len(layers[-1]) + 1)
    return twin.with_series(
        dense("loads", "power", "kW", power, "measured"),
        dense(DISTRICT, "load", "kW", [power.sum()]),
    )


@pytest.mark.parametrize("there", [True, False])
def test_meters_whose_buildings_are_all_unknown_are_grouped(there):
    loads = meters(8, building=[f"x{k}" for k in range(8)])
    twin = metered(houses(8), loads) if there else metered(loads)
    assert shown(veiled(twin, None), "power", "loads") == EIGHT


@pytest.mark.parametrize("column", ["type", "kind", "building"])
def test_how_a_load_is_connected_and_where_is_not_its_use(column):
    assert dwellings(meters(2, **{column: ["wye", "delta"]})).tolist() == [1.0, 1.0]
    assert dwellings(meters(2, use=["office", "flat"])).tolist() == [0.0, 1.0]
    assert (
        shown(veiled(metered(meters(8, **{column: ["wye"] * 8})), None), "power", "loads") == EIGHT
    )


def test_a_building_of_which_openstreetmap_says_no_more_than_yes_may_be_a_dwelling():
    table = pa.table({"id": ["a", "b", "c"], "building": ["yes", "", "retail"]})
    layer = Layer("houses", "Houses", "building", table, squares(3))
    assert dwellings(layer).tolist() == [1.0, 1.0, 0.0]


def test_a_meter_of_no_known_house_cannot_be_told_from_the_total():
    """Ten houses that are known by name, and an eleventh meter of 11 kW."""
    loads = meters(11, building=[*[f"h{k}" for k in range(10)], "hosue"])
    made = veiled(metered(houses(10), loads), None)
    # 1 to 5, and 6 to 11 with the one that is left.
    assert shown(made, "power", "loads") == [3.0] * 5 + [8.5] * 6
    assert shown(made, "load", DISTRICT) == [66.0]


def test_houses_of_which_few_have_meters_join_those_beside_them():
    """Of the second five houses, only two have a meter."""
    loads = meters(7, building=[f"h{k}" for k in range(7)])
    made = veiled(metered(houses(10), loads), None)
    assert shown(made, "power", "loads") == [4.0] * 7


def test_few_meters_take_in_what_is_beside_them():
    """Two houses and six offices with meters: were all offices open, the rest would be two."""
    layer = houses(8, use=["dwelling"] * 2 + ["office"] * 6)
    made = veiled(metered(layer, meters(8, building=[f"h{k}" for k in range(8)])), None)
    assert shown(made, "power", "loads") == [3.0] * 5 + [6.0, 7.0, 8.0]


def test_fewer_meters_than_a_group_show_nothing_of_them_or_of_the_whole():
    made = veiled(metered(houses(10), meters(3, building=["h0", "h1", "h2"])), None)
    assert np.isnan(shown(made, "power", "loads")).all()
    assert np.isnan(shown(made, "load", DISTRICT)).all()


def test_meters_of_flats_are_a_group_for_each_house():
    """A house of six flats and one of eight are open, a meter of one flat is not."""
    layer = houses(3, use=["apartments"] * 3, dwellings=[6, 8, 9])
    names = ["h0"] * 6 + ["h1"] * 8 + ["h2"]
    made = veiled(metered(layer, meters(15, building=names)), None)
    # 1 to 6 and 7 to 14; the last house has one meter for all.
    assert shown(made, "power", "loads") == [3.5] * 6 + [10.5] * 8 + [15.0]
    assert groups_for(made, "houses", "power") is None
    assert groups_for(made, "loads", "power").counts.tolist() == [6, 8]


def test_flats_are_counted_exactly():
    """Added up in floating point, nine times five ninths are less than five."""
    assert sum([5 / 9] * 9) < 5
    layer = houses(1, use=["apartments"], dwellings=[5])
    made = veiled(metered(layer, meters(9, building=["h0"] * 9)), None)
    assert shown(made, "power", "loads") == [5.0] * 9


def test_meters_of_an_office_are_open():
    layer = houses(6, use=["dwelling"] * 5 + ["office"])
    made = veiled(
        metered(layer, meters(7, building=[*[f"h{k}" for k in range(5)], *["h5"] * 2])), 5
    )
    assert shown(made, "power", "loads") == [3.0] * 5 + [6.0, 7.0]


def test_the_cable_of_too_few_dwellings_is_kept_back():
    """One house alone on a grid: its cable and the one before it tell what it uses."""
    nodes = Layer("node", "N", "node", pa.table({"id": ["s", "a", "b", "u", "v"]}))
    ends = {"from_node": ["s", "a", "u"], "to_node": ["a", "b", "v"]}
    lines = Layer("line", "L", "line", pa.table({"id": ["l0", "l1", "l2"], **ends}))
    twin = metered(houses(1), nodes, lines, meters(1, building=["h0"], node=["b"]))
    tables = {"node": "node", "line": "line", "sym_load": "loads"}
    twin = replace(twin, networks={"n": Network("n", "N", "electricity", tables)})
    twin = twin.with_series(dense("line", "power", "kW", [1.0, 1.0, 7.0]))
    # Nobody lives where the last cable leads.
    power = shown(veiled(twin, None), "power", "line")
    np.testing.assert_array_equal(power, [np.nan, np.nan, 7.0])


def with_use(twin: Twin, used: list[float]) -> Twin:
    """Return a district whose houses use what their meters tell."""
    return twin.with_series(dense("houses", "consumption", "kW", used))


def test_houses_and_their_meters_do_not_differ_by_a_meter_of_no_known_house():
    loads = meters(11, building=[*[f"h{k}" for k in range(10)], "hosue"])
    made = veiled(with_use(metered(houses(10), loads), [*range(1, 11)]), None)
    # The meters of the second five houses and the strange one are a group, of 51 kW: less 40 kW of
    # the houses, that would be 11 kW.
    np.testing.assert_array_equal(shown(made, "consumption"), [3.0] * 5 + [np.nan] * 5)
    assert shown(made, "load", DISTRICT) == [66.0]
    said = group_words(made, "houses", "consumption", 9, np.nan)
    assert said == "Withheld: it would tell what single dwellings use."


def test_houses_and_their_meters_do_not_differ_by_the_houses_with_few_meters():
    loads = meters(7, building=[f"h{k}" for k in range(7)])
    made = veiled(with_use(metered(houses(10), loads), [*range(1, 8), *[np.nan] * 3]), None)
    # Were the first five shown, 28 - 15 kW would be those of two.
    np.testing.assert_array_equal(shown(made, "consumption"), [4.0] * 7 + [np.nan] * 3)


def test_what_meters_take_in_is_not_shown_of_the_house_either():
    layer = houses(8, use=["dwelling"] * 5 + ["office"] * 3)
    loads = meters(6, building=["h0", "h1", "h2", "h5", "h6", "h7"])
    used = [1.0, 2.0, 3.0, np.nan, np.nan, 4.0, 5.0, 6.0]
    made = veiled(with_use(metered(layer, loads), used), None)
    # Three dwellings with meters take in two offices: (1 + ... + 5) / 5.
    assert shown(made, "power", "loads") == [3.0] * 5 + [6.0]
    known = [3.0] * 3 + [np.nan] * 2 + [3.0] * 2 + [6.0]
    np.testing.assert_array_equal(shown(made, "consumption"), known)


def test_layers_of_houses_do_not_differ_by_few_meters_either():
    """Three meters in one layer of houses, and five in another, are one group."""
    other = replace(houses(5), id="more", attributes=houses(5).attributes.set_column(
        0, "id", pa.array([f"k{k}" for k in range(5)])))  # fmt: skip
    loads = meters(8, building=["h0", "h1", "h2", *[f"k{k}" for k in range(5)]])
    twin = with_use(metered(houses(5), other, loads), [1.0, 2.0, 3.0, np.nan, np.nan])
    made = veiled(twin.with_series(dense("more", "consumption", "kW", [4.0, 5, 6, 7, 8])), None)
    assert shown(made, "power", "loads") == EIGHT
    assert np.isnan(shown(made, "consumption", "more")).all()
