"""Vehicles as stores that come and go; every figure is worked out by hand."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.energy.test_compute import HOURS, layer, series, village
from twinview.energy.balance import join
from twinview.energy.compute import Assumptions, Run, compute
from twinview.energy.district import make_district
from twinview.energy.reservoir import Stores, Visits
from twinview.energy.tracing import Tracing, trace
from twinview.model.twin import Layer, Twin

DARK = [[0.0]] * 4


def hour(k: int) -> str:
    """Return the start of a step of `HOURS` as text, half past one where k is 1.5."""
    return str(np.datetime64(HOURS.start + round(k * 3600), "s")) + "+00:00"


def stay(begin: float, end: float, energy: float, wanted: float, **more: object) -> dict:
    row = {"charger": "post", "vehicle": "ev", "arrive": hour(begin), "depart": hour(end)}
    return row | {"capacity_kwh": 60.0, "energy_kwh": energy, "wanted_kwh": wanted, **more}


def stays(*rows: dict) -> Layer:
    table = pa.Table.from_pylist([{"id": str(k), **row} for k, row in enumerate(rows)])
    return Layer("stay", "stay", "other", table)


def charged(twin: Twin, table: Layer, **charger: object) -> Twin:
    """Return a village with a charger in house A."""
    post = {"id": "post", "node": "street", "building": "A", "charging": "at_once",
            "power_w": 1e4, "eta_charge": 0.9, "eta_discharge": 0.8}  # fmt: skip
    own = twin.layers["storage"].attributes.to_pylist() if "storage" in twin.layers else []
    rows = [*own, {**post, **charger}]
    rows = [{key: row.get(key) for key in {**rows[0], **rows[-1]}} for row in rows]
    tables = {"storage": layer("storage", "storage", rows), "stay": table}
    grid = twin.networks["grid"]
    grid = replace(grid, tables={**grid.tables, "storage": "storage", "stay": "stay"})
    return replace(twin, layers={**twin.layers, **tables}, networks={"grid": grid})


def run_of(twin: Twin, steps: range = range(4), **choices: object) -> Run:
    """Compute, and check that the balances close: stores, and carbon but for the power flow's."""
    district = make_district(twin, twin.networks["grid"])
    (run,) = compute(district, steps, Assumptions(**choices))  # type: ignore[arg-type]
    terms = run.balance.energy
    assert np.abs(terms["storage_residual"]).max() < 1e-9
    carbon = run.balance.carbon
    turnover = carbon["import"] + carbon["generation"] + carbon["arrived"]
    assert (np.abs(carbon["residual"]) <= 1e-6 * np.maximum(turnover, 1)).all()
    return run


def dark(load: float = 100.0, intensity: float = 500.0) -> Twin:
    twin = village(load=[[load, 50.0]] * 4, sun=DARK)
    return twin.with_series(series("source", "carbon_intensity", [[intensity]] * 4, "g/kWh"))


@pytest.mark.parametrize(
    ("policy", "carbon", "lost"),
    [("pass_on", 11.0, 0.0), ("owner", 10.5, 0.5), ("zero", 0.0, 11.0)],
)
def test_a_vehicle_leaves_with_what_it_brought_and_took(policy, carbon, lost) -> None:
    # 20 kWh at 300 g are 6 kg. 10 kWh at 500 g are 5 kg, of which 9 kWh get inside: 29 kWh leave.
    # With the policy zero nothing is carried: what came and what was charged is the owner's.
    twin = charged(dark(), stays(stay(1, 3, 20, 29)))
    before = run_of(dark_with_nobody(), policy=policy).balance.carbon["loss"]
    run = run_of(twin, policy=policy, vehicle_intensity=300.0)
    np.testing.assert_allclose(run.fields["storage", "power"][:, 0], [0, 10, 0, 0], atol=1e-9)
    np.testing.assert_allclose(run.fields["storage", "energy"][:, 0], [np.nan, 29, 29, np.nan])
    np.testing.assert_allclose(run.fields["storage", "soc"][1:3, 0], 29 / 60)
    left = run.fields["storage", "left_energy"], run.fields["storage", "left_carbon"]
    np.testing.assert_allclose(left[0][:, 0], [np.nan, np.nan, 29, np.nan])
    np.testing.assert_allclose(left[1][2, 0], carbon, rtol=1e-6)
    np.testing.assert_allclose(run.balance.carbon["arrived"], [0, 6, 0, 0])
    np.testing.assert_allclose(run.balance.carbon["left"], [0, 0, carbon, 0], rtol=1e-6)
    np.testing.assert_allclose(run.balance.energy["arrived"], [0, 20, 0, 0])
    np.testing.assert_allclose(run.balance.energy["left"], [0, 0, 29, 0])
    np.testing.assert_allclose(run.balance.energy["storage_loss"], [0, 1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(run.balance.energy["storage_delta"], [0, 29, -29, 0])
    np.testing.assert_allclose((run.balance.carbon["loss"] - before).sum(), lost, atol=1e-5)


def dark_with_nobody() -> Twin:
    return charged(dark(), stays(stay(90, 93, 20, 29)))


def test_while_nobody_is_there_nothing_is_told_and_the_charger_rests() -> None:
    run = run_of(dark_with_nobody())
    for name in ("energy", "soc", "carbon_intensity", "left_energy", "left_carbon"):
        assert np.isnan(run.fields["storage", name]).all(), name
    assert not run.fields["storage", "power"].any()


def test_two_stays_do_not_leak_into_each_other() -> None:
    # ev 1 brings 10 kWh at 900 g and takes 9 kWh: 9 + 10 x 0.5 = 14 kg. ev 2 comes the moment it
    # has left, with 2 kWh at 900 g, and takes 9 kWh twice: 1.8 + 10 = 11.8 kg in 20 kWh.
    twin = charged(dark(), stays(stay(0, 1, 10, 60), stay(1, 3, 2, 60)))
    run = run_of(twin, vehicle_intensity=900.0)
    np.testing.assert_allclose(run.fields["storage", "energy"][:, 0], [19, 11, 20, np.nan])
    left = run.fields["storage", "left_carbon"][:, 0]
    np.testing.assert_allclose(left, [14, np.nan, 11.8, np.nan], rtol=1e-6)


def test_the_charger_may_name_what_vehicles_bring() -> None:
    twin = charged(dark(), stays(stay(0, 1, 10, 10)), start_intensity_g_per_kwh=120.0)
    run = run_of(twin, vehicle_intensity=900.0)
    assert run.fields["storage", "carbon_intensity"][0, 0] == pytest.approx(120)


def test_a_vehicle_feeds_a_neighbour() -> None:
    # A draws nothing. The vehicle brings 50 kWh at 240 g and gives 8 kW: 10 kWh leave the battery,
    # and at the terminals they carry 240 / 0.8 = 300 g. B draws 8 kW of the 50 from it and 42 from
    # the grid at 500: (8 x 300 + 42 x 500) / 50 = 468 g.
    table = stays(stay(1, 3, 50, 50, plan_kw="-8 0"))
    twin = charged(dark(load=0.0), table, discharge_power_w=1e4)
    run = run_of(twin, vehicle_intensity=240.0)
    np.testing.assert_allclose(run.fields["storage", "power"][:, 0], [0, -8, 0, 0])
    intensity = run.fields["buildings", "carbon_intensity"][:, 1]
    np.testing.assert_allclose(intensity, [500, 468, 500, 500], rtol=1e-6)
    np.testing.assert_allclose(run.fields["storage", "left_energy"][2, 0], 40)
    np.testing.assert_allclose(run.fields["storage", "left_carbon"][2, 0], 40 * 0.24)


def test_without_discharge_power_a_plan_gives_nothing() -> None:
    twin = charged(dark(), stays(stay(1, 3, 50, 50, plan_kw="-8 5")))
    np.testing.assert_allclose(run_of(twin).fields["storage", "power"][:, 0], [0, 0, 5, 0])


def test_a_plan_in_other_steps_keeps_its_energy() -> None:
    # Four halves of an hour: 2, 4, 0 and 6 kW make 3 and 3 kW.
    twin = charged(dark(), stays(stay(1, 3, 20, 50, plan_kw="2 4 0 6")))
    np.testing.assert_allclose(run_of(twin).fields["storage", "power"][:, 0], [0, 3, 3, 0])


def test_a_stay_counts_in_whole_steps_and_one_from_before_arrives_with_the_data() -> None:
    twin = charged(dark(), stays(stay(-5, 1.5, 20, 60), stay(1.5, 9, 10, 60)))
    run = run_of(twin)
    np.testing.assert_allclose(run.fields["storage", "energy"][:, 0], [29, np.nan, 19, 28])
    assert run.balance.energy["left"].sum() == pytest.approx(29)


def test_standing_losses_of_a_vehicle_are_told_and_made_up_for() -> None:
    # A tenth is lost in each hour: 20 -> 18 + 9 -> 24.3 + 2.7 -> 27, since 27 is what it wants.
    twin = charged(dark(), stays(stay(0, 2, 20, 27)), standing_loss_per_hour=0.1)
    run = run_of(twin)
    np.testing.assert_allclose(run.fields["storage", "power"][:2, 0], [10, 3])
    np.testing.assert_allclose(run.balance.energy["storage_loss"][:2], [2 + 1, 2.7 + 0.3])


def test_evenly_ends_with_what_is_wanted_whatever_is_lost() -> None:
    twin = charged(dark(), stays(stay(0, 3, 20, 27)), standing_loss_per_hour=0.1, charging="evenly")
    power = run_of(twin).fields["storage", "power"][:3, 0]
    assert power == pytest.approx([power[0]] * 3)
    assert run_of(twin).fields["storage", "left_energy"][2, 0] == pytest.approx(27)


def test_the_home_battery_serves_the_vehicle() -> None:
    # The house has 30 kW of sun to spare in the first hour and none later; the vehicle needs 10.
    twin = village(battery_kwh=100, load=[[0.0, 0.0]] * 4, sun=[[30.0], [0], [0], [0]])
    twin = charged(twin, stays(stay(1, 2, 20, 60)))
    fields = run_of(twin).fields
    np.testing.assert_allclose(fields["storage", "power"], [[30, 0], [-10, 10], [0, 0], [0, 0]])
    assert fields["storage", "left_carbon"][1, 1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("rows", [1, 40])
def test_runs_and_spans_pass_vehicles_on(monkeypatch, rows) -> None:
    table = stays(stay(0, 2, 10, 60), stay(2, 4, 30, 60, plan_kw="-3 7"))
    twin = charged(dark(), table, discharge_power_w=5e3, standing_loss_per_hour=0.02)
    whole = run_of(twin, vehicle_intensity=700.0)
    district = make_district(twin, twin.networks["grid"])
    monkeypatch.setattr("twinview.energy.compute.RUN_BYTES", rows)
    chosen = Assumptions(vehicle_intensity=700.0)
    for span in (range(4), range(1, 4), range(3, 4)):
        pieces = [one for one in compute(district, span, chosen) if one.stop > span.start]
        for key, values in whole.fields.items():
            joined = np.concatenate([piece.fields[key] for piece in pieces])
            np.testing.assert_allclose(joined, values[span.start :], rtol=1e-7, atol=1e-7)
        carbon = join([piece.balance for piece in pieces]).carbon
        np.testing.assert_allclose(carbon["left"], whole.balance.carbon["left"][span.start :])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((stay(0, 2, 10, 60), stay(1, 3, 10, 60)), "two vehicles are at charger 'post'"),
        ((stay(0, 2, 70, 60),), "stay 1 at charger 'post' makes no sense"),
        ((stay(2, 2, 10, 60),), "stay 1 at charger 'post' makes no sense"),
        ((stay(0, 2, 10, 60, charger="gone"),), "stay 1 at charger '' makes no sense"),
    ],
)
def test_stays_that_make_no_sense_are_refused(rows, words) -> None:
    twin = charged(dark(), stays(*rows))
    with pytest.raises(ValueError, match=words):
        make_district(twin, twin.networks["grid"])


def test_an_unknown_way_of_charging_is_refused() -> None:
    twin = charged(dark(), stays(stay(0, 1, 1, 2)), charging="now")
    with pytest.raises(ValueError, match="Vehicles charge at_once, evenly, not 'now'"):
        make_district(twin, twin.networks["grid"])


def random_visits(rng: np.random.Generator, policy: str) -> tuple[Tracing, Stores, np.ndarray]:
    """Trace three stores at two buses, to which vehicles come and from which they go."""
    steps, many = 12, 3
    into, out, lost = rng.uniform(0.6, 1, (2, many)).tolist(), 0.8, rng.uniform(0, 0.1, many)
    energy = np.zeros((steps, many))
    leaving = rng.random((steps, many)) < 0.3
    leaving[:, 0] = False  # a store that stays
    arrives = np.vstack([np.ones((1, many), dtype=bool), leaving[:-1]])
    energy[arrives] = rng.uniform(0, 50, arrives.sum())
    power = rng.uniform(-3, 5, (steps, many))
    held = np.zeros(many)
    for t in range(steps):
        held = (held + energy[t]) * (1 - lost)
        power[t] = np.maximum(power[t], -0.9 * held * out)
        held = held + np.maximum(power[t], 0) * into[0] - np.maximum(-power[t], 0) / out
        held[leaving[t]] = 0.0
    carbon = energy * rng.uniform(0, 900, energy.shape)
    visits = Visits(energy, carbon, leaving)
    stores = Stores([0, 1, 1], power, 0.0, 0.0, into[0], out, lost, policy, visits)  # type: ignore[arg-type]
    load = rng.uniform(40, 60, (steps, 2))
    at_one = load[:, 1] + power[:, 1:].sum(axis=1)
    gen = load.sum(axis=1) + power.sum(axis=1)
    flow = at_one[:, None]
    traced = trace(
        2, [0], [1], flow, -flow, [0], gen[:, None], rng.uniform(0, 900, (steps, 1)),
        [0, 1], load, stores=stores,
    )  # fmt: skip
    return traced, stores, power


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(["pass_on", "owner", "zero"]))
def test_carbon_in_is_carbon_out_and_stored_and_lost(seed: int, policy: str) -> None:
    traced, stores, power = random_visits(np.random.default_rng(seed), policy)
    assert stores.visits is not None
    came = traced.gen_carbon.sum() + stores.visits.carbon.sum()
    went = traced.load_carbon.sum() + traced.owner_carbon.sum() + traced.left_carbon.sum()
    kept = traced.store_carbon[-1].sum() - traced.store_carbon[0].sum()
    assert came == pytest.approx(went + kept, rel=1e-9)
    assert np.abs(traced.residual).max() <= 1e-9 * came
    brought = stores.visits.energy.sum() + power.sum()
    inside = traced.store_energy[-1].sum() - traced.store_energy[0].sum()
    assert brought == pytest.approx(
        traced.left_energy.sum() + traced.store_loss.sum() + inside, rel=1e-9, abs=1e-9
    )
    assert (traced.left_energy[~stores.visits.leaving] == 0).all()
    assert traced.left_carbon.min() >= 0
    if policy != "owner":
        assert (traced.owner_carbon >= -1e-9).all()
