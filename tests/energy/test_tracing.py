"""Tracing against published and hand-made cases, and against its own laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.energy.support import (
    Net,
    case,
    make_net,
    meshed_nets,
    nets,
    radial_nets,
    seeds,
    store_nets,
)
from twinview.energy import tracing
from twinview.energy.reservoir import Stores
from twinview.energy.tracing import Tracing, trace

CLOSE = {"rtol": 1e-9, "atol": 1e-9}
quick = settings(max_examples=40, deadline=None)


def same(a: Tracing, b: Tracing, **tolerance: float) -> None:
    for name in ("intensity", "load_carbon", "loss_carbon", "gen_carbon", "store_carbon"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), **(tolerance or CLOSE))


# --------------------------------------------------------------------------------- published cases
def test_p1_a_node_shares_its_outflow_in_proportion() -> None:
    wanted = case("p1_sharing_node")
    inflow, outflow = wanted["input"]["inflow"], wanted["input"]["outflow"]
    flows = [inflow["j"], inflow["k"], outflow["m"], outflow["l"]]
    traced = trace(
        5, [0, 1, 2, 2], [2, 2, 3, 4], [flows], [[-f for f in flows]],
        [0, 1], [flows[:2]], [[1, 0]], [3, 4], [flows[2:]],
    )  # fmt: skip
    for bus, name in ((3, "m"), (4, "l")):
        amounts = traced.source_share(bus)[0] * outflow[name]
        expected = [wanted["expected"][name][source] for source in "jk"]
        np.testing.assert_allclose(amounts, expected, atol=wanted["tolerance"])


def four_node(losses: str) -> tuple[Tracing, dict]:
    wanted = case("p2_four_node")
    given, branches = wanted["input"], wanted["input"]["branches"]
    traced = trace(
        4, [b["f"] - 1 for b in branches], [b["t"] - 1 for b in branches],
        [[b["sent"] for b in branches]], [[-b["recv"] for b in branches]],
        [0, 1], [list(given["gen"].values())], [list(given["e"].values())],
        [2, 3], [list(given["load"].values())], losses=losses,
    )  # fmt: skip
    return traced, wanted["expected"]


def test_p2_losses_at_the_branches() -> None:
    traced, expected = four_node("branch")
    np.testing.assert_allclose(traced.intensity[0], expected["E_kang"], atol=1e-6)
    np.testing.assert_allclose(traced.load_carbon[0], expected["kang_load_kg_h"], atol=1e-6)
    np.testing.assert_allclose(traced.loss_carbon[0], expected["kang_loss_kg_h"], atol=1e-6)
    assert traced.gen_carbon.sum() == pytest.approx(expected["total_kg_h"])


def test_p2_losses_at_the_consumers() -> None:
    traced, expected = four_node("gross")
    np.testing.assert_allclose(traced.intensity[0], expected["E_gross"], atol=1e-6)
    np.testing.assert_allclose(traced.load_carbon[0], expected["gross_load_kg_h"], atol=1e-6)
    assert traced.load_carbon.sum() == pytest.approx(expected["total_kg_h"])
    for bus, name, load in ((2, "L3", 300), (3, "L4", 200)):
        gross = traced.source_share(bus)[0] * load
        np.testing.assert_allclose(gross, expected["gross_gen_to_load"][name], atol=1e-6)
    sent = case("p2_four_node")["input"]["branches"][4]["sent"]
    line = traced.source_share(3)[0] * sent
    np.testing.assert_allclose(line, expected["gross_flow_line_4_3"], atol=1e-6)


def ieee14() -> Net:
    wanted = case("p3_ieee14_dc")["input"]
    heads = np.array([b["f"] - 1 for b in wanted["branches"]])
    tails = np.array([b["t"] - 1 for b in wanted["branches"]])
    tap = np.array([b["ratio"] or 1.0 for b in wanted["branches"]])
    strength = 1 / (np.array([b["x"] for b in wanted["branches"]]) * tap)
    gen_bus = np.array([int(bus) - 1 for bus in wanted["gen"]])
    gen = np.array(list(wanted["gen"].values()), dtype=float)
    injected = -np.array(wanted["Pd"])
    injected[gen_bus] += gen
    ends = np.zeros((heads.size, 14))
    ends[np.arange(heads.size), heads], ends[np.arange(heads.size), tails] = 1, -1
    angle = np.zeros(14)
    laplacian = ends.T @ (strength[:, None] * ends)
    angle[1:] = np.linalg.solve(laplacian[1:, 1:], injected[1:])
    flow = (strength * (ends @ angle))[None]
    intensity = np.array(list(wanted["e"].values()), dtype=float)[None]
    places, load = np.arange(14), np.array([wanted["Pd"]])
    return Net(14, heads, tails, flow, -flow, gen_bus, gen[None], intensity, places, load)


@pytest.mark.parametrize("method", ["sweep", "lu"])
def test_p3_ieee_14_bus(method: str) -> None:
    wanted = case("p3_ieee14_dc")
    net = ieee14()
    np.testing.assert_allclose(net.p_from[0], wanted["expected"]["flow_MW"], atol=1e-3)
    traced = net.trace(method=method)
    tolerance = {"atol": wanted["tolerance"], "rtol": 0}
    np.testing.assert_allclose(traced.intensity[0], wanted["expected"]["E_g_per_kWh"], **tolerance)
    np.testing.assert_allclose(traced.intensity[0], wanted["published_table2"], **tolerance)
    assert traced.gen_carbon.sum() / 1e3 == pytest.approx(wanted["expected"]["gen_t_h_total"])


def test_p6_a_store_as_a_reservoir() -> None:
    wanted = case("p6_reservoir")
    given, expected = wanted["input"], wanted["expected"]
    charge, discharge = np.array(given["charge_MW"]), np.array(given["discharge_MW"])
    load = np.array(given["load_MW"], dtype=float)
    stores = Stores(
        [0], (charge - discharge)[:, None],
        given["S0"], given["C0"], given["eta_c"], given["eta_d"],
    )  # fmt: skip
    grid = (load + charge - discharge)[:, None]
    traced = trace(
        1, [], [], np.zeros((4, 0)), np.zeros((4, 0)), [0], grid,
        np.array(given["ci_grid"])[:, None], [0], load[:, None],
        stores=stores, step_hours=given["dt_h"],
    )  # fmt: skip
    exactly = {"rtol": 0, "atol": wanted["tolerance"]}
    np.testing.assert_allclose(traced.intensity[:, 0], expected["E_bus"], **exactly)
    np.testing.assert_allclose(traced.store_energy[1:, 0], expected["S"], **exactly)
    np.testing.assert_allclose(traced.store_carbon[1:, 0], expected["C"], **exactly)
    assert traced.gen_carbon.sum() == pytest.approx(expected["total_import_kg"])
    assert traced.load_carbon.sum() == pytest.approx(expected["load_kg"])
    assert traced.owner_carbon == pytest.approx(np.zeros((4, 1)), abs=1e-9)


@pytest.mark.parametrize("method", ["sweep", "lu"])
def test_p7_a_ring_of_imports(method: str) -> None:
    wanted = case("p7_import_cycle")
    given, expected = wanted["input"], wanted["expected"]
    flows = list(given["flows"].values())
    traced = trace(
        3, [0, 1, 2], [1, 2, 0], [flows], [[-f for f in flows]],
        [0, 1, 2], [list(given["production"].values())], [list(given["intensity"].values())],
        [0, 1, 2], [list(expected["consumption"].values())], method=method,
    )  # fmt: skip
    np.testing.assert_allclose(traced.intensity[0], [expected[z] for z in "ABC"], atol=1e-9)
    assert traced.load_carbon.sum() == pytest.approx(wanted["check"])


# ------------------------------------------------------------------------------------------- laws
@quick
@given(nets | store_nets, st.sampled_from(["branch", "gross"]))
@example(make_net(6, 2, 6, 1), "gross")
def test_carbon_is_conserved_in_every_step(net: Net, losses: str) -> None:
    traced = net.trace(losses=losses)
    brought = traced.gen_carbon.sum(axis=1)
    # Where losses eat all the power, "gross" has no consumer to bear the carbon: it stays open.
    nobody = np.isnan(traced.intensity[:, net.gen_bus]) & (losses == "gross")
    unborne = np.where(nobody, traced.gen_carbon, 0.0).sum(axis=1)
    np.testing.assert_allclose(traced.residual, unborne, atol=1e-9 * max(brought.max(), 1))
    np.testing.assert_allclose(traced.node_residual, 0, atol=1e-7)


@quick
@given(nets)
def test_intensity_stays_between_those_of_the_sources(net: Net) -> None:
    intensity = net.trace().intensity
    feeding = np.where(net.gen_power > 0, net.gen_intensity, np.nan)
    if np.isfinite(feeding).any(axis=1).all():
        low, high = np.nanmin(feeding, axis=1), np.nanmax(feeding, axis=1)
        live = np.isfinite(intensity)
        assert (np.where(live, intensity, low[:, None]) >= low[:, None] - 1e-6).all()
        assert (np.where(live, intensity, high[:, None]) <= high[:, None] + 1e-6).all()


@quick
@given(nets | store_nets, st.sampled_from(["branch", "gross"]))
def test_sweeps_and_factorisation_agree(net: Net, losses: str) -> None:
    same(net.trace(losses=losses, method="sweep"), net.trace(losses=losses, method="lu"))


@quick
@given(store_nets, st.sampled_from(["branch", "gross"]), st.sampled_from(["pass_on", "owner"]))
def test_many_stores_are_traced_like_few(net: Net, losses: str, policy: str) -> None:
    net = replace(net, stores=replace(net.stores, policy=policy))
    with pytest.MonkeyPatch.context() as patch:
        dense = net.trace(losses=losses, method="sweep")
        patch.setattr(tracing, "FEW_STORES", 0)
        same(net.trace(losses=losses, method="sweep"), dense, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("extra", [0, 9])
def test_hundreds_of_stores_give_what_a_factorisation_gives(extra: int) -> None:
    net = make_net(5, 400, extra, 12, stores=tracing.FEW_STORES * 4, loss=0.02)
    same(net.trace(method="sweep"), net.trace(method="lu"), rtol=1e-10, atol=1e-9)


@quick
@given(nets | store_nets, seeds)
def test_numbering_does_not_matter(net: Net, seed: int) -> None:
    rng = np.random.default_rng(seed)
    bus, branch = rng.permutation(net.n_bus), rng.permutation(net.from_bus.size)
    moved = replace(
        net,
        from_bus=bus[net.from_bus[branch]],
        to_bus=bus[net.to_bus[branch]],
        p_from=net.p_from[:, branch],
        p_to=net.p_to[:, branch],
        gen_bus=bus[net.gen_bus],
        load_bus=bus[net.load_bus],
        stores=net.stores and replace(net.stores, bus=bus[net.stores.bus]),
    )
    before, after = net.trace(), moved.trace()
    np.testing.assert_allclose(after.intensity[:, bus], before.intensity, **CLOSE)
    np.testing.assert_allclose(after.loss_carbon, before.loss_carbon[:, branch], **CLOSE)


@quick
@given(nets | store_nets, seeds)
def test_the_direction_in_which_a_branch_is_written_does_not_matter(net: Net, seed: int) -> None:
    turn = np.random.default_rng(seed).random(net.from_bus.size) < 0.5
    turned = replace(
        net,
        from_bus=np.where(turn, net.to_bus, net.from_bus),
        to_bus=np.where(turn, net.from_bus, net.to_bus),
        p_from=np.where(turn, net.p_to, net.p_from),
        p_to=np.where(turn, net.p_from, net.p_to),
    )
    same(net.trace(), turned.trace())


@quick
@given(nets, seeds)
def test_a_lossless_branch_may_be_split_in_two(net: Net, seed: int) -> None:
    if not net.from_bus.size:
        return
    cut = seed % net.from_bus.size
    busy = np.minimum(net.p_from[:, [cut]], net.p_to[:, [cut]]) < 0
    head = np.where(busy, net.p_from[:, [cut]], 0)
    net = replace(net, p_from=np.where(np.arange(net.from_bus.size) == cut, head, net.p_from))
    net = replace(net, p_to=np.where(np.arange(net.from_bus.size) == cut, -head, net.p_to))
    middle = net.n_bus
    split = replace(
        net,
        n_bus=net.n_bus + 1,
        from_bus=np.append(net.from_bus, middle),
        to_bus=np.append(np.where(np.arange(net.to_bus.size) == cut, middle, net.to_bus),
                         net.to_bus[cut]),
        p_from=np.append(net.p_from, head, axis=1),
        p_to=np.append(net.p_to, -head, axis=1),
    )  # fmt: skip
    np.testing.assert_allclose(split.trace().intensity[:, :-1], net.trace().intensity, **CLOSE)


@quick
@given(nets, seeds)
def test_a_load_may_move_behind_a_lossless_link(net: Net, seed: int) -> None:
    moved = seed % net.n_bus
    drawn = net.load_power[:, [moved]]
    behind = replace(
        net,
        n_bus=net.n_bus + 1,
        from_bus=np.append(net.from_bus, moved),
        to_bus=np.append(net.to_bus, net.n_bus),
        p_from=np.append(net.p_from, drawn, axis=1),
        p_to=np.append(net.p_to, -drawn, axis=1),
        load_bus=np.where(net.load_bus == moved, net.n_bus, net.load_bus),
    )
    before, after = net.trace(), behind.trace()
    np.testing.assert_allclose(after.intensity[:, :-1], before.intensity, **CLOSE)
    np.testing.assert_allclose(after.load_carbon, before.load_carbon, **CLOSE)


@quick
@given(nets, st.floats(1e-6, 1e6))
def test_the_unit_of_power_does_not_matter(net: Net, factor: float) -> None:
    tables = ("p_from", "p_to", "gen_power", "load_power")
    scaled = replace(net, **{name: getattr(net, name) * factor for name in tables})
    np.testing.assert_allclose(scaled.trace().intensity, net.trace().intensity, **CLOSE)


@quick
@given(store_nets, st.sampled_from(["pass_on", "owner", "zero"]))
def test_halving_the_step_of_constant_data_changes_nothing(net: Net, policy: str) -> None:
    tables = ("p_from", "p_to", "gen_power", "gen_intensity", "load_power")
    halves = {name: np.repeat(getattr(net, name), 2, axis=0) for name in tables}
    stores = replace(net.stores, standing_loss=0.0, policy=policy)
    fine = replace(net, **halves, stores=replace(stores, power=np.repeat(stores.power, 2, axis=0)))
    whole, twice = replace(net, stores=stores).trace(), fine.trace(step_hours=0.5)
    np.testing.assert_allclose(twice.intensity[::2], whole.intensity, **CLOSE)
    np.testing.assert_allclose(twice.store_carbon[::2], whole.store_carbon, **CLOSE)
    both = twice.load_carbon[::2] + twice.load_carbon[1::2]
    np.testing.assert_allclose(both, whole.load_carbon, **CLOSE)


@quick
@given(nets | store_nets, seeds, st.sampled_from(["branch", "gross"]))
def test_shares_of_the_sources_make_the_intensity(net: Net, seed: int, losses: str) -> None:
    traced, bus = net.trace(losses=losses), seed % net.n_bus
    shares = traced.source_share(bus)
    mixed = (shares * net.gen_intensity).sum(axis=1)
    stored = traced.store_share(bus)
    mixed += (stored * traced.store_intensity).sum(axis=1)
    np.testing.assert_allclose(mixed, traced.intensity[:, bus], **CLOSE)
    if losses == "branch":
        total = shares.sum(axis=1) + stored.sum(axis=1)
        np.testing.assert_allclose(total[np.isfinite(total)], 1, **CLOSE)


@pytest.mark.parametrize("extra", [0, 6])
@pytest.mark.parametrize("policy", ["pass_on", "owner", "zero"])
def test_one_run_after_the_other_is_the_same_as_all_at_once(extra: int, policy: str) -> None:
    net = make_net(7, 30, extra, 50, stores=5)
    net = replace(net, stores=replace(net.stores, policy=policy))
    whole = net.trace()
    energy, carbon = net.stores.energy0, net.stores.carbon0
    for start in range(0, 50, 13):
        rows = slice(start, start + 13)
        stores = replace(net.stores, power=net.stores.power[rows], energy0=energy, carbon0=carbon)
        part = net.steps(start, start + 13, stores).trace()
        np.testing.assert_allclose(part.intensity, whole.intensity[rows], **CLOSE)
        energy, carbon = part.store_energy[-1], part.store_carbon[-1]
    np.testing.assert_allclose(carbon, whole.store_carbon[-1], **CLOSE)


# ------------------------------------------------------------------------------ the edge of sense
def test_a_dead_bus_is_not_a_number_and_poisons_nothing() -> None:
    traced = trace(
        4, [0, 1, 2], [1, 2, 3], [[5, 0, 0]], [[-5, 0, 0]],
        [0], [[5]], [[600]], [1, 2, 3], [[5, 0, 1]],
    )  # fmt: skip
    np.testing.assert_array_equal(traced.intensity, [[600, 600, np.nan, np.nan]])
    np.testing.assert_array_equal(traced.load_carbon, [[3000, 0, np.nan]])
    assert traced.residual == pytest.approx(0)
    assert (traced.node_residual[0], traced.worst_bus[0]) == (1, 3)


@pytest.mark.parametrize("method", ["sweep", "lu"])
def test_a_ring_that_no_source_feeds_is_dead(method: str) -> None:
    ring = [[3.0, 3.0, 3.0, 2.0]]
    traced = trace(
        5, [0, 1, 2, 3], [1, 2, 0, 4], ring, [[-3.0, -3.0, -3.0, -2.0]],
        [3], [[2.0]], [[100.0]], [4], [[2.0]], method=method,
    )  # fmt: skip
    np.testing.assert_array_equal(traced.intensity, [[np.nan] * 3 + [100.0, 100.0]])


def test_a_ring_that_loses_all_has_nobody_to_bear_its_carbon() -> None:
    ring = ([0, 1], [1, 0], [[3.0, 2.0]], [[-2.0, -1.0]], [0], [[2.0]], [[100.0]], [], [[]])
    lost = trace(2, *ring, losses="gross")
    assert np.isnan(lost.intensity).all()
    assert lost.residual == pytest.approx([200])
    np.testing.assert_allclose(trace(2, *ring).loss_carbon, [[100, 100]])


def test_what_runs_into_a_dead_end_is_booked_to_its_branch() -> None:
    # A cable without load at its end draws 0.001, of which a rounding arrives (by hand: 0.5 g).
    traced = trace(
        3, [0, 1], [1, 2], [[5.001, 0.001]], [[-5.001, -1e-12]],
        [0], [[5.001]], [[500]], [1], [[5.0]], losses="gross",
    )  # fmt: skip
    assert np.isnan(traced.intensity[0, 2])
    np.testing.assert_allclose(traced.loss_carbon, [[0, 0.5]])
    assert traced.residual == pytest.approx([0], abs=1e-9)


def test_what_an_unknown_supply_feeds_is_unknown() -> None:
    traced = trace(
        4, [0, 1, 2], [1, 2, 3], [[0, 5, 5]], [[0, -5, -5]],
        [0, 3], [[1, 5]], [[600, 100]], [0, 3], [[1, 10]],
    )  # fmt: skip
    assert np.isnan(traced.intensity[0, 1:]).all()
    assert traced.node_residual[0] == 5


def test_an_idle_branch_draws_at_both_ends() -> None:
    traced = trace(
        2, [0], [1], [[0.2]], [[0.1]], [0, 1], [[1.2, 1.1]], [[500, 0]], [0, 1], [[1, 1]]
    )
    np.testing.assert_allclose(traced.intensity, [[500, 0]])
    np.testing.assert_allclose(traced.loss_carbon, [[100]])
    assert traced.residual == pytest.approx(0, abs=1e-9)


def test_a_branch_from_a_bus_to_itself_only_loses() -> None:
    traced = trace(1, [0], [0], [[3.0]], [[-2.5]], [0], [[1.5]], [[400]], [0], [[1.0]])
    np.testing.assert_allclose(traced.intensity, [[400]])
    np.testing.assert_allclose(traced.loss_carbon, [[200]])


def test_an_island_on_its_battery_has_what_the_battery_holds() -> None:
    stores = Stores([1], [[-2.0], [-2.0]], 10.0, 3000.0, eta_discharge=0.8)
    traced = trace(
        3, [1], [2], [[2.0], [2.0]], [[-2.0], [-2.0]],
        [0], [[1.0], [1.0]], [[50.0], [50.0]], [0, 2], [[1.0, 2.0], [1.0, 2.0]], stores=stores,
    )  # fmt: skip
    np.testing.assert_allclose(traced.intensity, [[50, 375, 375]] * 2)


def test_a_failed_step_is_not_a_number_and_the_stores_go_on() -> None:
    net = make_net(3, 12, 3, 9, stores=3)
    holes = net.p_from.copy()
    holes[4, 2] = np.nan
    traced, whole = replace(net, p_from=holes).trace(), net.trace()
    for name in ("intensity", "load_carbon", "loss_carbon", "gen_carbon", "residual"):
        values = getattr(traced, name)
        assert np.isnan(values[4]).all(), name
        assert np.isfinite(np.delete(values, 4, axis=0)).all(), name
    np.testing.assert_allclose(traced.intensity[:4], whole.intensity[:4], **CLOSE)
    assert np.isfinite(traced.store_carbon).all()
    np.testing.assert_allclose(traced.store_energy, whole.store_energy)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"p_from": [[-1.0]], "p_to": [[-1.0]]}, "both ends of branch 0 in step 0"),
        ({"p_from": [[1.0]], "p_to": [[-2.0]]}, "Branch 0 gives more power than it takes"),
        ({"gen_power": [[-3.0]]}, "Injection 0 is negative in step 0"),
        ({"load_power": [[-3.0]]}, "Load 0 is negative in step 0"),
        ({"gen_intensity": [[np.nan]]}, "gen_intensity of injection 0 is not a number"),
        ({"to_bus": [2]}, "buses go from 0 to 1"),
        ({"p_to": [[-1.0, 0.0]]}, "p_to must have the shape"),
    ],
)
def test_mistakes_are_told_in_a_sentence(change: dict, sentence: str) -> None:
    net = Net(2, [0], [1], [[1.0]], [[-1.0]], [0], [[1.0]], [[500.0]], [1], [[1.0]])
    with pytest.raises(ValueError, match=sentence):
        replace(net, **change).trace()


@quick
@given(radial_nets)
def test_a_tree_gets_by_without_rings(net: Net) -> None:
    same(net.trace(method="auto"), net.trace(method="lu"))


def test_a_large_mesh_goes_to_the_factorisation() -> None:
    net = make_net(11, 60, 150, 3, stores=2)
    same(net.trace(), net.trace(method="sweep"), rtol=1e-8, atol=1e-8)


@quick
@given(meshed_nets)
def test_parallel_branches_are_one(net: Net) -> None:
    doubled = replace(
        net,
        from_bus=np.append(net.from_bus, net.from_bus),
        to_bus=np.append(net.to_bus, net.to_bus),
        p_from=np.tile(net.p_from / 2, 2),
        p_to=np.tile(net.p_to / 2, 2),
    )
    np.testing.assert_allclose(doubled.trace().intensity, net.trace().intensity, **CLOSE)
