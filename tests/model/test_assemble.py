"""From parts to a twin: one plane, one clock, consumption of buildings from their devices."""

import numpy as np
import pyarrow as pa
import pytest

from twinview.model.assemble import assemble, clock
from twinview.model.geometry import points
from twinview.model.join import Join
from twinview.model.part import Part, Table
from twinview.model.series import Dense, Meaning
from twinview.model.time import STATIC, TimeAxis
from twinview.model.twin import Layer, Network, Twin, consumers

AXIS = TimeAxis(0, 3600, 2)


def shifted(coords, source, target):
    """Stand in for a change of coordinate system: each letter lies 1000 m further east."""
    return coords + np.array([1000.0 * (ord(source[0]) - ord(target[0])), 0, 0])


def kept(coords, _source, _target):
    """Leave coordinates as they are."""
    return coords


def layer(id_: str, kind: str, where: list, **columns: list) -> Layer:
    """Return a layer of points."""
    ids = columns.pop("id", [f"{id_}{k}" for k in range(len(where))])
    return Layer(id_, id_, kind, pa.table({"id": ids, **columns}), points(np.array(where, float)))


def test_layers_come_into_one_plane_around_their_middle():
    parts = {
        "one": Part("a", layers=(layer("houses", "building", [[0, 0, 12.5], [100, 200, 20]]),)),
        "two": Part("b", layers=(layer("trees", "tree", [[0, 0, 0]]),)),
    }
    twin = assemble("x", parts, None, "a", shifted).twin
    assert twin.origin == (50, 100, 12)
    np.testing.assert_allclose(
        twin.layers["houses"].geometry.coords, [[-50, -100, 0.5], [50, 100, 8]]
    )
    np.testing.assert_allclose(twin.layers["trees"].geometry.coords, [[950, -100, -12]])
    assert twin.layers["trees"].source == "two"


def test_far_coordinates_keep_their_precision_in_float32():
    far = [[4_426_000.1, 5_400_000.2, 0], [4_426_000.2, 5_400_000.3, 0]]
    twin = assemble(
        "x", {"s": Part("a", layers=(layer("h", "building", far),))}, None, "a", kept
    ).twin
    local = twin.layers["h"].geometry.coords.astype(np.float32)
    np.testing.assert_allclose(local[1] - local[0], [0.1, 0.1, 0], atol=1e-4)


def test_a_layer_without_a_known_system_is_not_moved_silently():
    part = Part("", layers=(layer("h", "building", [[5, 6, 0]]),))
    twin = assemble("x", {"s": part}, None, "", shifted).twin
    assert np.isfinite(twin.layers["h"].geometry.coords).all()


def test_the_same_name_in_two_files_becomes_two_layers():
    part = Part("a", layers=(layer("h", "building", [[0, 0, 0]]),))
    twin = assemble("x", {"s": part, "t": part}, None, "a", kept).twin
    assert list(twin.layers) == ["h", "t.h"]


def grid_part(building: list) -> Part:
    """Return a network of two loads and a generator, each of which may name a building."""
    loads = layer("sym_load", "load", [[0, 0, 0]] * 2, id=["l1", "l2"], node=["n", "n"],
                  building=building[:2], profile=["p", "p"], scale_w=[1000.0, 3000.0])  # fmt: skip
    sun = layer("sym_gen", "generator", [[0, 0, 0]], id=["g"], node=["n"], building=building[2:],
                p_specified=[500.0])  # fmt: skip
    tables = {"sym_load": "sym_load", "sym_gen": "sym_gen"}
    curve = Table("c", "c", AXIS, ("p",), np.array([[1.0], [2.0]], np.float32), ("",))
    network = Network("net", "Net", "electricity", tables)
    return Part("a", layers=(loads, sun), networks=(network,), tables=(curve,))


def test_buildings_use_and_make_what_their_devices_do():
    houses = layer("houses", "building", [[0, 0, 0]] * 3, id=["A", "B", "C"])
    parts = {"h": Part("a", layers=(houses,)), "g": grid_part(["A", "A", "B"])}
    twin = assemble("x", parts, None, "a", kept).twin
    used = twin.find("houses", "consumption")
    made = twin.find("houses", "generation")
    np.testing.assert_allclose(used.at(1), [8.0, np.nan, np.nan])
    np.testing.assert_allclose(made.at(0), [np.nan, 0.5, np.nan])
    assert twin.time == AXIS
    assert [one.id for one in consumers(twin)] == ["houses"]


def test_a_grid_alone_shows_its_loads():
    twin = assemble("x", {"g": grid_part([None] * 3)}, None, "a", kept).twin
    np.testing.assert_allclose(twin.find("sym_load", "consumption").at(0), [1.0, 3.0])
    assert [one.id for one in consumers(twin)] == ["sym_load"]


def test_guessed_joins_are_told_and_can_be_given_back():
    parts = {"g": grid_part([None] * 3)}
    first = assemble("x", parts, None, "a", kept)
    assert any(problem.code == "join.guessed" for problem in first.twin.problems)
    second = assemble("x", parts, first.joins, "a", kept)
    assert second.joins == first.joins
    assert not any(problem.code == "join.guessed" for problem in second.twin.problems)
    np.testing.assert_array_equal(
        first.twin.find("sym_load", "power").at(1), second.twin.find("sym_load", "power").at(1)
    )


@pytest.mark.parametrize(
    ("join", "code"),
    [
        (Join("columns", "nosuch", "sym_load", "power"), "join.dangling"),
        (Join("columns", "c", "nosuch", "power"), "join.dangling"),
        (Join("columns", "c", "sym_load", "power", unit="kWh"), "join.unit"),
    ],
)
def test_joins_that_cannot_be_are_errors_and_the_rest_is_there(join, code):
    twin = assemble("x", {"g": grid_part([None] * 3)}, [join], "a", kept).twin
    assert code in {problem.code for problem in twin.problems if problem.severity == "error"}
    assert set(twin.layers) == {"sym_load", "sym_gen"}


def test_the_clock_follows_the_longest_and_then_the_finest_axis():
    day, quarters = TimeAxis(0, 3600, 24), TimeAxis(0, 900, 24)
    assert clock([STATIC, day, quarters]) == quarters
    assert clock([day, TimeAxis(0, 86400, 365)]).count == 365
    assert clock([STATIC]) == STATIC


def test_series_are_found_in_the_base_case_when_a_scenario_has_none():
    base = Dense(Meaning("h", "power", "kW"), STATIC, np.ones((1, 1), np.float32))
    other = Dense(Meaning("h", "power", "kW", "pv"), STATIC, np.zeros((1, 1), np.float32))
    twin = Twin("x", "", (0, 0, 0)).with_series(base)
    assert twin.find("h", "power", "pv") is base
    assert twin.with_series(other).find("h", "power", "pv") is other
    assert twin.find("h", "power") is base
