"""A twin under a scenario: what changes is what it says, and everything else is the same object."""

from dataclasses import replace

import numpy as np
import pytest

from tests.model.street import MIX, SUN, USE, street
from twinview.model.changing import Imports
from twinview.model.problem import CommandError
from twinview.model.scenario import Scenario
from twinview.model.series import Dense, Meaning
from twinview.model.twin import Twin
from twinview.model.variant import apply


def _book(name: str) -> tuple[float, tuple]:
    if name != "XX:grid_average:2024":
        raise CommandError(f"The factor book has no '{name}'.")
    return 123.0, ()


IMPORTS = Imports(lambda: 350.0, _book)


def made(twin: Twin, *changes: dict) -> Twin:
    """Return a twin under a scenario of these changes."""
    return apply(twin, [Scenario(id="plan", title="Plan", changes=changes)], IMPORTS)


def whole(twin: Twin, layer: str, quantity: str) -> np.ndarray:
    """Return all values of a series of the case that a twin shows."""
    series = twin.find(layer, quantity)
    return series.window(0, series.time.count)


def codes(twin: Twin) -> list[str]:
    """Return the codes of a twin's problems."""
    return [problem.code for problem in twin.problems]


def test_without_changes_everything_is_shared():
    twin = street()
    case = made(twin)
    assert case.layers is twin.layers
    assert case.networks is twin.networks
    assert (case.scenario, case.problems) == ("plan", ())
    assert all(case.series[key] is one for key, one in twin.series.items())


def test_a_factor_of_one_changes_nothing():
    twin = street()
    case = made(twin, {"kind": "scale", "layer": "sym_load", "by": 1.0})
    assert dict(case.series) == dict(twin.series)


@pytest.mark.parametrize("dense", [False, True])
def test_loads_are_scaled_and_with_them_the_houses(dense):
    twin = street(dense)
    case = made(twin, {"kind": "scale", "layer": "sym_load", "by": 1.5})
    np.testing.assert_allclose(whole(case, "loads", "power")[:, 1], np.array(USE) * 3.0)
    np.testing.assert_allclose(whole(case, "houses", "consumption")[:, 0], np.array(USE) * 1.5)
    assert case.layers is twin.layers
    assert case.find("cells", "power") is twin.find("cells", "power")
    assert case.find("houses", "generation") is twin.find("houses", "generation")
    assert case.series["loads", "power", "base"] is twin.series["loads", "power", "base"]
    assert case.find("loads", "power").meaning.scenario == "plan"
    if not dense:
        assert case.find("loads", "power").profiles is twin.find("loads", "power").profiles


@pytest.mark.parametrize("name", ["l2", "h2", "n2"])
def test_a_load_is_named_by_itself_its_house_or_its_node(name):
    case = made(street(), {"kind": "scale", "layer": "loads", "ids": [name], "by": 2})
    values = whole(case, "loads", "power")
    np.testing.assert_allclose(values, np.outer(USE, [1.0, 4.0]))


def test_what_houses_use_is_scaled_at_their_loads():
    change = {"kind": "scale", "layer": "houses", "quantity": "consumption", "ids": ["h1"], "by": 3}
    case = made(street(), change)
    np.testing.assert_allclose(whole(case, "loads", "power"), np.outer(USE, [3.0, 2.0]))


@pytest.mark.parametrize("dense", [False, True])
def test_cells_have_the_yield_of_the_districts_cells(dense):
    twin = street(dense)
    case = made(twin, {"kind": "add_pv", "at": ["h1", "n2"], "kwp": 5})
    cells = case.layers["cells"]
    assert len(cells) == len(cells.geometry) == 4
    added = cells.attributes.slice(2).to_pylist()
    assert [row["node"] for row in added] == ["n1", "n2"]
    assert [row["building"] for row in added] == ["h1", None]
    assert [row["intensity_g_per_kwh"] for row in added] == [30.0, 30.0]
    # By hand: 5 kW installed give 5 times the curve, as the roof of h2 gives 2 times it with 2 kW.
    power = whole(case, "cells", "power")
    np.testing.assert_allclose(power[:, 2], 5 * np.array(SUN), rtol=1e-6)
    np.testing.assert_array_equal(power[:, :2], whole(twin, "cells", "power"))
    np.testing.assert_allclose(
        whole(case, "houses", "generation")[:, 0], 5 * np.array(SUN), rtol=1e-6
    )
    (problem,) = case.problems
    assert (problem.severity, problem.code) == ("info", "scenario.yield_of")
    assert "1 photovoltaic generators" in problem.message
    assert "1 kWh for each kW" in problem.message  # 0.4 + 0.8 + 0.2 = 1.4
    if not dense:
        assert case.find("cells", "power").profiles is twin.find("cells", "power").profiles


def test_cells_stand_at_their_house_or_node():
    case = made(street(), {"kind": "add_pv", "at": ["h1", "n2"], "kwp": 5})
    np.testing.assert_array_equal(
        case.layers["cells"].geometry.centres[2:], [[10.0, 5.0, 0.0], [20.0, 0.0, 0.0]]
    )


@pytest.mark.parametrize(("profile", "each"), [("wind", 1.0), ("south", 0.8), ("pv2", 0.8)])
def test_another_yield_is_named_by_a_generator_or_its_profile(profile, each):
    case = made(street(), {"kind": "add_pv", "at": ["h1"], "kwp": 3, "profile": profile})
    assert whole(case, "cells", "power")[2, 2] == pytest.approx(3 * each)


def test_no_yield_is_made_up():
    twin = street()
    layer = twin.layers["cells"]
    plain = layer.attributes.drop_columns(["scale_w"])
    bare = replace(twin, layers={**twin.layers, "cells": replace(layer, attributes=plain)})
    for case in (
        made(bare, {"kind": "add_pv", "at": ["h1"], "kwp": 5}),
        made(twin, {"kind": "add_pv", "at": ["h1"], "kwp": 5, "profile": "nosuch"}),
    ):
        assert codes(case) == ["scenario.yield"]
        assert len(case.layers["cells"]) == 2


def test_the_first_store_makes_the_table_of_stores():
    twin = street()
    change = {"kind": "add_storage", "at": ["h2"], "kwh": 10, "kw": 5, "eta_charge": 0.9}
    case = made(twin, change)
    stores = case.layers[case.networks["grid"].tables["storage"]]
    (row,) = stores.attributes.to_pylist()
    assert (row["node"], row["building"]) == ("n2", "h2")
    assert (row["energy_wh"], row["power_w"], row["eta_charge"]) == (10_000.0, 5_000.0, 0.9)
    np.testing.assert_array_equal(stores.geometry.centres, [[20.0, 5.0, 0.0]])
    assert row["eta_discharge"] == 1.0
    assert codes(case) == ["scenario.efficiency"]
    assert "storage" not in twin.networks["grid"].tables
    assert case.layers["cells"] is twin.layers["cells"]


def test_further_stores_are_like_those_that_are_there():
    one = {"kind": "add_storage", "at": ["h2"], "kwh": 10, "kw": 5, "eta_charge": 0.9,
           "eta_discharge": 0.8}  # fmt: skip
    two = {"kind": "add_storage", "at": ["h1", "n0"], "kwh": 4, "kw": 2}
    case = made(street(), one, two)
    stores = case.layers[case.networks["grid"].tables["storage"]]
    np.testing.assert_allclose(stores.numbers("eta_charge"), 0.9)
    np.testing.assert_allclose(stores.numbers("eta_discharge"), 0.8)
    assert len(set(stores.ids)) == 3
    assert case.problems == ()


def test_ids_of_what_is_added_never_collide():
    pv = {"kind": "add_pv", "at": ["h1"], "kwp": 1}
    steps = [Scenario(id="a", changes=(pv, pv)), Scenario(id="b", parent="a", changes=(pv,))]
    ids = apply(street(), steps, IMPORTS).layers["cells"].ids
    assert len(set(ids)) == len(ids) == 5


def test_imports_are_half_as_heavy():
    twin = street()
    case = made(twin, {"kind": "factor", "by": 0.5})
    np.testing.assert_array_equal(
        whole(case, "border", "carbon_intensity")[:, 0], np.array(MIX) / 2
    )
    assert case.layers is twin.layers
    assert case.find("loads", "power") is twin.find("loads", "power")


@pytest.mark.parametrize(
    ("change", "value"),
    [({"g_per_kwh": 50.0}, 50.0), ({"book": "XX:grid_average:2024"}, 123.0)],
)
def test_imports_have_one_intensity(change, value):
    case = made(street(), {"kind": "factor", **change})
    assert case.find("border", "carbon_intensity").at(0)[0] == value
    assert case.find("border", "carbon_intensity").meaning.origin == "given"


def test_what_is_assumed_of_imports_can_be_scaled():
    twin = street()
    series = {key: one for key, one in twin.series.items() if key[0] != "border"}
    case = made(replace(twin, series=series), {"kind": "factor", "by": 0.5})
    assert case.find("border", "carbon_intensity").at(0)[0] == 175.0


def test_a_factor_that_the_book_has_not_is_said():
    case = made(street(), {"kind": "factor", "book": "YY:z:1"})
    assert codes(case) == ["scenario.factor"]
    assert "has no 'YY:z:1'" in case.problems[0].message


def test_generators_have_another_intensity():
    case = made(street(), {"kind": "factor", "of": "generation", "ids": ["pv2"], "by": 0.5})
    np.testing.assert_array_equal(case.layers["cells"].numbers("intensity_g_per_kwh"), [15, 10])


def test_a_line_is_opened_at_both_ends():
    twin = street()
    case = made(twin, {"kind": "switch", "ids": ["c2", "nosuch"], "closed": False})
    for end in ("from_status", "to_status"):
        np.testing.assert_array_equal(case.layers["cables"].numbers(end), [1, 0])
    assert codes(case) == ["scenario.element"]
    assert case.problems[0].element_ids == ("nosuch",)
    assert case.layers["cables"].geometry is twin.layers["cables"].geometry


def test_an_attribute_is_set_in_its_own_type():
    change = {"kind": "set", "layer": "line", "column": "i_n", "ids": ["c1"], "value": 50}
    case = made(street(), change)
    np.testing.assert_array_equal(case.layers["cables"].numbers("i_n"), [50.0, 100.0])


@pytest.mark.parametrize(
    "change",
    [
        {"layer": "line", "column": "nosuch", "value": 1},
        {"layer": "nosuch", "column": "i_n", "value": 1},
        {"layer": "line", "column": "i_n", "value": "wide"},
        {"layer": "sym_load", "column": "scale_w", "value": 1},
        {"layer": "sym_load", "column": "node", "value": "n0"},
    ],
)
def test_what_cannot_be_set_is_said_and_left(change):
    twin = street()
    case = made(twin, {"kind": "set", **change})
    assert codes(case) == ["scenario.column"]
    assert case.layers is twin.layers


def test_what_is_not_there_is_said_and_the_rest_is_done():
    case = made(
        street(),
        {"kind": "add_pv", "at": ["h1", "nowhere"], "kwp": 5},
        {"kind": "scale", "layer": "nosuch", "by": 2},
        {"kind": "weather"},
        {"kind": "scale", "layer": "sym_load", "by": 2},
    )
    assert sorted(codes(case)) == [
        "scenario.element", "scenario.series", "scenario.unread", "scenario.yield_of",
    ]  # fmt: skip
    assert all("Scenario 'Plan'" in problem.message for problem in case.problems)
    assert len(case.layers["cells"]) == 3
    np.testing.assert_allclose(whole(case, "loads", "power")[:, 0], np.array(USE) * 2)


def test_results_of_the_base_are_not_those_of_a_scenario():
    twin = street()
    meaning = Meaning("nodes", "voltage", "p.u.", origin="computed")
    twin = twin.with_series(Dense(meaning, twin.time, np.ones((4, 3), dtype=np.float32)))
    assert made(twin).find("nodes", "voltage") is None
