"""Single dwellings stay private: groups, what is shown of them, sums, and differences of sums."""

import gc
import weakref
from dataclasses import replace
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import AXIS, squares
from twinview.model.series import Dense, Meaning
from twinview.model.twin import DISTRICT, Layer, Network, Twin
from twinview.model.window import Window
from twinview.overlays.power import net_power
from twinview.scene.aggregation import seen
from twinview.scene.grouping import dwellings, groups_of
from twinview.scene.paint import State
from twinview.scene.private import (
    LEAST,
    group_words,
    grouped,
    groups_for,
    lost,
    veiled,
    whole,
)
from twinview.scene.resolve import resolve
from twinview.scene.shown import shown as of_view
from twinview.scene.spans import block
from twinview.scene.tabling import shown_text
from twinview.scene.view import Against, View

EVERY = np.arange(12)
USED = np.arange(1.0, 13.0)
"""House k uses k + 1 kW."""
MEANS = [3.0] * 5 + [8.5] * 6 + [12.0]
"""(1 + ... + 5) / 5 and (6 + ... + 11) / 6; the last is an office and keeps its own."""


def street(**columns: list) -> Layer:
    """Return twelve houses in a row; the last is an office."""
    table = {"id": [f"h{k}" for k in range(12)], "use": ["dwelling"] * 11 + ["office"], **columns}
    return Layer("houses", "Houses", "building", pa.table(table), squares(12))


def dense(layer: str, quantity: str, unit: str, row, origin: str = "computed") -> Dense:
    """Return a series with the same row at all steps."""
    values = np.tile(np.asarray(row, dtype=np.float32), (AXIS.count, 1))
    return Dense(Meaning(layer, quantity, unit, origin=origin), AXIS, values)


def twin_of(layer: Layer, origin: str = "measured") -> Twin:
    """Return a twin in which house k uses k + 1 kW, emits half of that, at 500 g/kWh."""
    twin = Twin("T", "", (0, 0, 0), {layer.id: layer}, time=AXIS)
    n = len(layer)
    return twin.with_series(
        dense(layer.id, "consumption", "kW", USED[:n], origin),
        dense(layer.id, "emission", "kg/h", USED[:n] / 2),
        dense(layer.id, "carbon_intensity", "g/kWh", [500.0] * n),
        dense(DISTRICT, "load", "kW", [USED[:n].sum()]),
    )


def shown(twin: Twin, quantity: str = "consumption", layer: str = "houses") -> list[float]:
    """Return what is shown of a quantity at the first step."""
    return twin.find(layer, quantity).at(0).tolist()


@pytest.mark.parametrize(
    ("origin", "least", "kept"),
    [("measured", None, True), ("given", None, False), ("modelled", None, False),
     ("given", 5, True), ("measured", 0, False), ("measured", 1, False)],
)  # fmt: skip
def test_only_metered_values_are_private_where_the_project_says_nothing(origin, least, kept):
    twin = twin_of(street(), origin)
    made = veiled(twin, least)
    assert shown(made) == (MEANS if kept else USED.tolist())
    assert (made is twin) != kept
    assert made.exact is twin
    assert veiled(made, least) is made


def test_what_is_computed_of_metered_values_is_private_and_an_intensity_is_not():
    made = veiled(twin_of(street()), None)
    assert shown(made, "emission") == [one / 2 for one in MEANS]
    assert shown(made, "carbon_intensity") == [500.0] * 12
    assert shown(made, "load", DISTRICT) == [78.0]


def test_curves_windows_and_limits_hold_no_value_of_a_single_dwelling():
    series = veiled(twin_of(street()), None).find("houses", "consumption")
    assert series.of(0).tolist() == [3.0] * AXIS.count
    assert series.of(11).tolist() == [12.0] * AXIS.count
    assert series.window(3, 5).tolist() == [MEANS, MEANS]
    assert series.limits == (3.0, 12.0)


def test_columns_of_use_are_those_of_groups_and_floor_areas_are_not():
    layer = street(annual_kwh=USED.tolist(), area_m2=USED.tolist())
    made = veiled(twin_of(layer), None).layers["houses"]
    assert made.numbers("annual_kwh").tolist() == MEANS
    assert made.numbers("area_m2").tolist() == USED.tolist()


def test_offices_and_large_houses_are_open():
    assert dwellings(street()).tolist() == [1.0] * 11 + [0.0]
    counted = street(households=[1, 2, 6, None, 1, 1, 1, 1, 1, 1, 1, 0])
    assert dwellings(counted).tolist() == [1, 2, 6, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    kept = grouped(veiled(twin_of(counted), None), counted, "consumption")
    assert kept.tolist() == [True, True, False, *[True] * 8, False]


def test_a_layer_that_says_nothing_of_use_is_taken_for_dwellings():
    bare = Layer("houses", "Houses", "building", pa.table({"id": [f"{k}" for k in range(6)]}))
    assert dwellings(bare).tolist() == [1.0] * 6


def test_groups_are_neighbours_and_large_enough():
    # Eleven dwellings: five, and six, for one left over would be alone.
    assert groups_of(street(), 5).of.tolist() == [0] * 5 + [1] * 6 + [-1]


def test_groups_stay_within_a_part_of_the_grid_that_has_enough():
    zone = np.array([0, 1] * 6)
    of = groups_of(street(), 5, zone).of
    assert len(set(of[0:11:2])) == len(set(of[1:11:2])) == 1
    assert of[0] != of[1]
    assert of[11] == -1


def test_too_few_dwellings_take_in_what_is_beside_them():
    """Were the offices open, the sum of all less the offices would be that of two dwellings."""
    uses = ["office"] * 5 + ["dwelling"] * 2 + ["office"] * 5
    made = veiled(twin_of(street(use=uses)), None)
    # Of both sides the nearest: 5, 6, 7 and 8 kW and one neighbour more.
    inside = made.groups["houses"].inside
    assert inside.sum() == 5
    assert inside[4:8].all()
    mean = USED[inside].mean()
    assert np.array(shown(made))[inside].tolist() == [mean] * 5


def test_where_there_are_fewer_dwellings_than_a_group_nothing_is_told_of_them_or_of_the_whole():
    three = Layer("houses", "H", "building", pa.table({"id": ["a", "b", "c"]}), squares(3))
    made = veiled(twin_of(three), None)
    assert np.isnan(shown(made)).all()
    assert np.isnan(shown(made, "load", DISTRICT)).all()
    assert "fewer than 5" in group_words(made, "houses", "consumption", 0, np.nan)


def test_a_group_enters_whole_or_not_at_all():
    groups, four, five = groups_of(street(), 5), np.arange(4), np.arange(5)
    assert not whole(groups, four, USED[four]).any()
    assert whole(groups, five, USED[five]).all()
    nine = np.arange(9)
    assert whole(groups, nine, USED[nine]).tolist() == [True] * 5 + [False] * 4
    assert whole(groups, np.array([11, 0]), USED[[11, 0]]).tolist() == [True, False]
    assert whole(None, four, USED[four]).all()


def test_gaps_do_not_make_a_group_smaller_than_it_may_be():
    values = USED.copy()
    values[:4] = np.nan
    assert whole(groups_of(street(), 5), EVERY, values).tolist() == [False] * 5 + [True] * 7
    twin = twin_of(street()).with_series(dense("houses", "consumption", "kW", values, "measured"))
    assert np.isnan(shown(veiled(twin, None))[:5]).all()


@pytest.mark.parametrize("most", [3])
def test_no_difference_of_two_sums_tells_of_fewer_dwellings_than_a_group(most):
    """All selections that leave out at most three houses: differences are of whole groups."""
    groups, told = groups_of(street(), 5), set()
    for k in range(most + 1):
        for gone in combinations(range(11), k):
            rows = np.setdiff1d(EVERY, gone)
            kept = rows[whole(groups, rows, USED[rows])]
            told.add(frozenset(kept.tolist()) - {11})
    assert len(told) == 4  # nothing, each of the two groups, and both
    for one, other in combinations(told, 2):
        assert len(one ^ other) >= 5


def test_a_scenario_has_the_groups_of_the_base():
    base = twin_of(street())
    layer = street(use=["office", *["dwelling"] * 10, "office"])
    case = replace(twin_of(layer), scenario="s")
    assert shown(veiled(case, None, base)) == MEANS
    assert veiled(case, None).groups["houses"].of.tolist() != [*[0] * 5, *[1] * 6, -1]


def test_a_reader_is_told_whose_mean_a_number_is():
    made = veiled(twin_of(street()), None)
    said = group_words(made, "houses", "consumption", 7, 8.5)
    assert said == "Mean of a group of 6 dwellings, for privacy"
    assert group_words(made, "houses", "consumption", 11, 12.0) == ""
    assert groups_for(made, "houses", "carbon_intensity") is None
    assert LEAST == 5


def test_net_power_is_withheld_where_the_generation_of_a_group_is():
    """Two of the first five houses have a roof: too few to tell, and use alone is no net power."""
    roofs = [np.nan, 1.0, np.nan, 2.0, *[np.nan] * 7, 5.0]
    made = twin_of(street()).with_series(dense("houses", "generation", "kW", roofs, "measured"))
    made = veiled(made, None)
    wanted = [3.0, np.nan, 3.0, np.nan, 3.0, *[8.5] * 6, 12.0 - 5.0]
    houses = made.layers["houses"]
    values, states = net_power(made, houses, View(time=0))
    np.testing.assert_array_equal(values, np.float32(wanted))
    assert states[[1, 3]].tolist() == [State.MISSING] * 2
    np.testing.assert_array_equal(block(made, houses, "power", range(2), ""), [wanted] * 2)
    said = group_words(made, "houses", "power", 1, np.nan)
    assert said == "Withheld: fewer than 5 dwellings have values."
    scene = resolve(made, View(time=0, overlay="power"))
    assert scene.legend.states == ((State.MISSING, 2),)
    assert scene.legend.withheld == 2
    now = of_view(made, scene.view, houses)
    assert [shown_text(houses, now, row) for row in (0, 1)] == ["3.00", "withheld"]


# ------------------------------------------------------------------------------------------- grid
def feeder() -> Twin:
    """Return the street on two cables: houses 0-4 on the first one, 5-11 on the second."""
    ids = ["s", *[f"n{k}" for k in range(12)]]
    ends = [("s", "n0"), *[(f"n{k}", f"n{k + 1}") for k in range(4)],
            ("s", "n5"), *[(f"n{k}", f"n{k + 1}") for k in range(5, 11)]]  # fmt: skip
    node = Layer("node", "Nodes", "node", pa.table({"id": ids}))
    line = Layer("line", "Lines", "line", pa.table({
        "id": [f"l{k}" for k in range(12)], "from_node": [a for a, _b in ends],
        "to_node": [b for _a, b in ends]}))  # fmt: skip
    load = Layer("load", "Loads", "load", pa.table({
        "id": [f"d{k}" for k in range(12)], "node": [f"n{k}" for k in range(12)],
        "building": [f"h{k}" for k in range(12)]}))  # fmt: skip
    network = Network("net", "Net", "electricity",
                      {"node": "node", "line": "line", "sym_load": "load"})  # fmt: skip
    twin = twin_of(street())
    layers = {**twin.layers, "node": node, "line": line, "load": load}
    behind = [USED[k:5].sum() for k in range(5)] + [USED[k:12].sum() for k in range(5, 12)]
    return replace(twin, layers=layers, networks={"net": network}).with_series(
        dense("load", "power", "kW", USED, "measured"), dense("line", "power", "kW", behind),
        dense("line", "loading", "%", behind),
        dense("line", "velocity", "m/s", behind), dense("node", "voltage", "p.u.", [1.0] * 13),
    )  # fmt: skip


def test_no_difference_of_two_cables_tells_of_a_single_dwelling():
    made = veiled(feeder(), None)
    assert shown(made, "power", "load") == MEANS
    power = np.array(shown(made, "power", "line"))
    # What stays are both cables at the substation, each with a whole group, and the last one,
    # which feeds the office alone.
    assert np.flatnonzero(np.isfinite(power)).tolist() == [0, 5, 11]
    assert power[[0, 5, 11]].tolist() == [15.0, 63.0, 12.0]
    assert np.isnan(shown(made, "loading", "line")).sum() == 9
    assert np.isnan(shown(made, "velocity", "line")).sum() == 9
    assert shown(made, "voltage", "node") == [1.0] * 13


def test_a_cable_that_cuts_through_a_group_is_kept_back():
    twin = feeder()
    line = twin.layers["line"]
    table = line.attributes.set_column(1, "from_node", pa.array(
        ["s", "n0", "n1", "s", "n3", "s", *[f"n{k}" for k in range(5, 11)]]))  # fmt: skip
    moved = replace(twin, layers={**twin.layers, "line": replace(line, attributes=table)})
    power = np.array(shown(veiled(moved, None), "power", "line"))
    # Houses 3 and 4 hang on a cable of their own now, and are a group with 0 to 2.
    assert np.isnan(power[[0, 3]]).all()
    assert power[5] == 63.0


# ------------------------------------------------------------------------------------- devices
def two_streets(loads: list[str | None]) -> Twin:
    """Return two layers of ten dwellings each, and loads that name the houses they supply."""
    layers = {}
    for name in ("b", "c"):
        table = pa.table({"id": [f"{name}{k}" for k in range(10)], "use": ["dwelling"] * 10})
        layers[name] = Layer(name, name, "building", table, squares(10))
    named = pa.table({
        "id": [f"l{k}" for k in range(len(loads))], "building": pa.array(loads, pa.string()),
        "demand_kwh": np.arange(1.0, len(loads) + 1),
    })  # fmt: skip
    layers["loads"] = Layer("loads", "Loads", "load", named)
    twin = Twin("T", "", (0, 0, 0), layers, time=AXIS)
    return twin.with_series(
        dense("loads", "power", "kW", np.arange(1.0, len(loads) + 1), "measured")
    )


def test_devices_of_several_layers_of_buildings_and_of_none_are_grouped_too():
    wrong = ["zz", None, "z2", "z3", "z4"]
    loads = [f"b{k}" for k in range(5)] + wrong + [f"c{k}" for k in range(5, 10)]
    twin = veiled(two_streets(loads), 5)
    groups = groups_for(twin, "loads", "power")
    parts = [set(groups.of[first : first + 5].tolist()) for first in (0, 5, 10)]
    assert [len(one) for one in parts] == [1, 1, 1]
    assert len(set.union(*parts)) == 3
    assert min(set.union(*parts)) >= 0
    # 1 to 5, 6 to 10 and 11 to 15.
    expected = [3.0] * 5 + [8.0] * 5 + [13.0] * 5
    assert shown(twin, "power", "loads") == expected
    assert twin.layers["loads"].numbers("demand_kwh").tolist() == expected


def test_devices_of_some_houses_only_have_groups_without_gaps():
    twin = veiled(two_streets([f"c{k}" for k in range(5, 10)]), 5)
    groups = groups_for(twin, "loads", "power")
    assert groups.of.tolist() == [0] * 5
    assert whole(groups, np.arange(5), np.arange(1.0, 6.0)).all()
    assert not whole(groups, np.arange(4), np.arange(1.0, 5.0)).any()
    assert group_words(twin, "loads", "power", 4, 3.0).startswith("Mean of a group of 5")


def test_values_of_other_elements_than_the_layer_has_are_not_shown():
    twin = two_streets([f"b{k}" for k in range(5)])
    odd = dense("loads", "power", "kW", [1.0, 2.0], "measured")
    made = veiled(replace(twin, series={("loads", "power", "base"): odd}), 5)
    assert np.isnan(made.find("loads", "power").at(0)).all()


def test_a_district_that_is_closed_is_given_back():
    twin = twin_of(street())
    veiled(twin, 5)
    gone = weakref.ref(twin)
    del twin
    gc.collect()
    assert gone() is None


# ---------------------------------------------------------------------------- missing or withheld
def test_what_was_never_measured_is_missing_and_not_withheld():
    """Of the second six dwellings, one was metered: five have nothing to withhold."""
    used = np.full(12, np.nan)
    used[[0, 1, 2, 3, 4, 5, 11]] = 1.0
    bare = twin_of(street()).with_series(dense("houses", "consumption", "kW", used, "measured"))
    made = veiled(bare, None)
    houses = made.layers["houses"]
    for window in (Window(), Window("rolling", length=2)):
        scene = resolve(made, View(overlay="power", window=window))
        assert scene.legend.states == ((State.MISSING, 6),)
        assert scene.legend.withheld == 1
        now = of_view(made, scene.view, houses)
        assert [shown_text(houses, now, row) for row in (5, 6)] == ["withheld", "no data"]
        seen_so = seen(made, scene.view)
        assert [lost(seen_so, ("houses", "consumption", ""), row, 0) for row in (0, 5, 6)] == [
            False, True, False]  # fmt: skip
    assert group_words(made, "houses", "consumption", 6, np.nan, kept=False) == ""


def test_a_difference_is_withheld_only_where_both_values_are_there():
    used = np.full(12, np.nan)
    used[[0, 1, 2, 3, 4, 5, 11]] = 1.0
    bare = twin_of(street()).with_series(dense("houses", "consumption", "kW", used, "measured"))
    against = Against("power", "", -1.0)
    scene = resolve(veiled(bare, None), View(overlay="difference", time=2, against=against))
    assert np.flatnonzero(scene.paints["houses"].withheld).tolist() == [5]


@pytest.mark.parametrize(
    ("name", "open_"),
    [("area_m2", True), ("year_built", True), ("building:levels", True), ("pv_kwp", True),
     ("battery_kwh", True), ("gebaeudehoehe", True), ("plz", True), ("households", True),
     ("scale_w", False), ("p_max", False), ("gas_volume", False), ("eui_area", False),
     ("kwh_per_m2_area", False), ("cost_per_year", False), ("usage", False), ("x17", False)],
)  # fmt: skip
def test_columns_are_kept_back_unless_they_say_what_was_built(name, open_):
    made = veiled(twin_of(street(**{name: USED.tolist()})), None).layers["houses"]
    assert (made.numbers(name).tolist() == USED.tolist()) == open_


def test_numbers_written_as_texts_are_kept_back_too():
    written = [f"{one:.0f} kWh" for one in USED]
    made = veiled(twin_of(street(note=written, profile=[f"{k}" for k in range(12)])), None)
    assert made.layers["houses"].column("note").tolist() == [None] * 11 + ["12 kWh"]
    assert made.layers["houses"].column("profile")[3] == "3"
