"""Networks that are not well made: what is wrong is named, the rest is computed."""

from dataclasses import replace

import numpy as np
import pytest

from tests.energy.test_compute import HOURS, layer, series, village
from twinview.energy.components import problems_of
from twinview.energy.compute import Assumptions, Run, compute
from twinview.energy.district import make_district
from twinview.model.twin import Network, Twin

TRANSFORMER = {
    "id": "t", "from_node": "street", "to_node": "x", "from_status": 1, "to_status": 1, "u1": 20e3,
    "u2": 20e3, "sn": 1e7, "uk": 0.06, "pk": 1e4, "i0": 0.001, "p0": 100.0, "winding_from": 1,
    "winding_to": 1, "clock": 0, "tap_side": 0, "tap_min": -2, "tap_max": 2, "tap_nom": 0,
    "tap_size": 500.0,
}  # fmt: skip


def grid(**tables: list[dict[str, object]]) -> Twin:
    """Return the village's source and cable with nodes x and y, two loads, a park and more."""
    old = village()
    nodes = [{"id": i, "u_rated": 20e3} for i in ("grid", "street", "x", "y")]
    own: dict[str, list[dict[str, object]]] = {
        "node": nodes,
        "sym_load": [{"id": "a", "node": "x"}, {"id": "b", "node": "y"}],
        "sym_gen": [{"id": "sun", "node": "y"}],
        **tables,
    }
    kinds = {"node": "node", "sym_load": "load", "sym_gen": "generator"}
    made = {name: layer(name, kinds.get(name, "line"), rows) for name, rows in own.items()}
    layers = {k: v for k, v in old.layers.items() if k != "buildings"} | made
    network = Network("grid", "grid", "electricity", {name: name for name in layers})
    twin = Twin("robust", "", (0, 0, 0), layers, {"grid": network}, time=HOURS)
    return twin.with_series(
        series("sym_load", "power", [[500, 300], [0, 0], [500, 0], [100, 900]]),
        series("sym_gen", "power", [[200], [0], [900], [0]]),
        series("source", "carbon_intensity", [[600]] * 4, "g/kWh"),
    )


def computed(twin: Twin) -> Run:
    district = make_district(twin, twin.networks["grid"])
    (run,) = compute(district, range(4), Assumptions())
    return run


def found(twin: Twin) -> dict[str, str]:
    district = make_district(twin, twin.networks["grid"])
    problems = problems_of(twin, twin.networks["grid"], district.grid)
    return {problem.code: problem.severity for problem in problems}


def links(*ends: str) -> list[dict[str, object]]:
    return [
        {"id": f"l{k}", "from_node": a, "to_node": b, "from_status": 1, "to_status": 1}
        for k, (a, b) in enumerate(one.split("-") for one in ends)
    ]


@pytest.mark.parametrize(
    "ends",
    [
        ("street-x", "x-y"),
        ("street-x", "x-y", "y-street"),
        ("street-x", "street-x", "x-y", "y-x"),
    ],
)
def test_nodes_joined_by_links_mix_as_one_and_balance(ends: tuple[str, ...]) -> None:
    # By hand: 600 kW of 600 g/kWh and 200 kW of sun make 450 g/kWh for all that they join.
    run = computed(grid(link=links(*ends)))
    intensity = run.fields["node", "carbon_intensity"]
    np.testing.assert_allclose(intensity[0], [600, 450, 450, 450], rtol=1e-5)
    np.testing.assert_allclose(intensity[2, 1:], 0.0, atol=1e-9)
    np.testing.assert_allclose(intensity[3], 600, rtol=1e-5)
    assert all(share < 1e-6 for share in run.balance.relative_residual().values())
    assert run.imbalance.max() < 1e-3
    assert run.converged.all()


def test_an_island_without_source_stays_dark_and_is_named() -> None:
    twin = grid(link=links("street-x"))
    assert found(twin) == {"grid.island_without_source": "warning"}
    run = computed(twin)
    assert np.isnan(run.fields["node", "voltage"][:, 3]).all()
    assert np.isfinite(run.fields["node", "voltage"][:, :3]).all()


def test_a_dangling_line_only_charges() -> None:
    cable = {"id": "end", "from_node": "street", "to_node": "y", "from_status": 1, "to_status": 0}
    cable |= {"r1": 0.1, "x1": 0.1, "c1": 1e-6, "tan1": 0.001, "i_n": np.nan}
    old = village().layers["line"].attributes.to_pylist()
    twin = grid(line=[*old, cable], link=links("street-x"))
    run = computed(twin)
    power = run.fields["line", "power"][:, 1]
    assert (power > 0).all()
    assert power.max() < 1.0
    assert np.isnan(run.fields["line", "loading"][:, 1]).all()  # no rating is no loading
    assert all(share < 1e-6 for share in run.balance.relative_residual().values())


def test_lines_without_impedance_are_named_as_fatal() -> None:
    old = village().layers["line"].attributes.to_pylist()
    short = {**old[0], "id": "short", "from_node": "street", "to_node": "x", "r1": 0.0, "x1": 0.0}
    twin = grid(line=[*old, short], link=links("x-y"))
    assert found(twin)["grid.zero_impedance"] == "error"
    with pytest.raises(ValueError, match="without impedance"):
        computed(twin)


@pytest.mark.parametrize(("tap", "said"), [(2, False), (3, True), (-9, True)])
def test_a_tap_beyond_its_range_is_named_and_stands_at_the_end(tap: int, said: bool) -> None:
    twin = grid(transformer=[{**TRANSFORMER, "tap_pos": tap}], link=links("x-y"))
    assert ("grid.tap_range" in found(twin)) is said
    at_end = grid(transformer=[{**TRANSFORMER, "tap_pos": max(-2, min(2, tap))}], link=links("x-y"))
    ours, wanted = (computed(one).fields["node", "voltage"] for one in (twin, at_end))
    np.testing.assert_allclose(ours, wanted)


def test_a_missing_impedance_is_named_and_not_computed() -> None:
    old = village().layers["line"].attributes.to_pylist()
    hole = {**old[0], "id": "hole", "from_node": "street", "to_node": "x", "r1": np.nan}
    twin = grid(line=[*old, hole], link=links("x-y"))
    assert found(twin)["grid.not_a_number"] == "error"


def test_an_end_that_is_nowhere_is_named() -> None:
    twin = grid(link=links("street-x", "x-nowhere"))
    assert found(twin)["grid.unknown_node"] == "error"


def test_a_branch_that_ends_where_it_begins_is_named() -> None:
    twin = grid(link=links("street-x", "x-y", "y-y"))
    assert found(twin)["grid.same_ends"] == "error"
    with pytest.raises(ValueError, match="same node"):
        computed(twin)


def test_a_network_without_a_source_that_is_on_is_named() -> None:
    twin = grid(link=links("street-x", "x-y"))
    source = layer("source", "source", [{"id": "s", "node": "grid", "u_ref": 1.0, "status": 0}])
    off = replace(twin, layers={**twin.layers, "source": source})
    assert found(off)["grid.no_source"] == "error"
