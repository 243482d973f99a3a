"""Stores by peak, price and carbon in the whole pass; every figure is worked out by hand."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from tests.energy.test_compute import HOURS, computed, layer, series, village
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import make_district
from twinview.energy.steering import StorageRule
from twinview.model.twin import Twin

PEAK = [[100.0, 10.0], [100.0, 10.0], [300.0, 10.0], [100.0, 10.0]]
DARK = [[0.0]] * 4


def lossy(twin: Twin) -> Twin:
    """Return the twin with a battery that is half full, loses on the way in and out, and stands."""
    store = {"id": "battery", "node": "street", "building": "A", "energy_wh": 4e6, "power_w": 1e6}
    store |= {"eta_charge": 0.9, "eta_discharge": 0.9, "standing_loss_per_hour": 0.01, "soc0": 0.5}
    layers = {**twin.layers, "storage": layer("storage", "storage", [store])}
    return Twin(
        twin.name, twin.crs, twin.origin, layers, twin.networks, twin.series, twin.time
    )  # fmt: skip


def test_peaks_are_shaved_to_a_limit():
    # Below 150 kW the battery recharges 50 kW; the peak of 300 finds 100 kWh and passes in part.
    fields = computed(
        village(battery_kwh=4000, load=PEAK, sun=DARK), rule="peak_shaving", peak_limit=150.0
    )
    np.testing.assert_allclose(fields["storage", "power"][:, 0], [50, 50, -100, 50])


def test_peaks_are_shaved_to_a_percentile_of_the_span():
    # Percentile 80 of 100, 100, 100, 300 is 100 + 0.4 x 200 = 180 kW.
    fields = computed(
        village(battery_kwh=4000, load=PEAK, sun=DARK), rule="peak_shaving", peak_percentile=80.0
    )
    np.testing.assert_allclose(fields["storage", "power"][:, 0], [80, 80, -120, 80], rtol=1e-6)


def test_a_community_battery_shaves_its_zone():
    twin = village(battery_kwh=4000, load=PEAK, sun=DARK)
    store = {"id": "battery", "node": "street", "building": None, "energy_wh": 4e6, "power_w": 1e7}
    twin = Twin(
        twin.name, twin.crs, twin.origin,
        {**twin.layers, "storage": layer("storage", "storage", [{**store, "soc0": 0.0}])},
        twin.networks, twin.series, twin.time,
    )  # fmt: skip
    # The zone draws 110, 110, 310, 110 kW.
    fields = computed(twin, rule="peak_shaving", peak_limit=160.0)
    np.testing.assert_allclose(fields["storage", "power"][:, 0], [50, 50, -100, 50])


def test_prices_are_followed():
    twin = village(battery_kwh=4000, load=[[1000.0, 100.0]] * 4, sun=DARK)
    twin = twin.with_series(series("source", "price", [[0.1], [0.1], [0.5], [0.5]], "¤/kWh"))
    fields = computed(twin, rule="price")
    np.testing.assert_allclose(fields["storage", "energy"][:, 0], [4000, 4000, 3000, 2000])


def test_the_marginal_signal_steers_and_the_average_accounts():
    twin = village(battery_kwh=4000, load=[[1000.0, 100.0]] * 4, sun=DARK)
    twin = twin.with_series(
        series("source", "carbon_intensity", [[800], [800], [100], [100]], "g/kWh"),
        series("source", "marginal_intensity", [[100], [100], [900], [900]], "g/kWh"),
    )
    by_average = computed(twin, rule="carbon")
    np.testing.assert_allclose(by_average["storage", "energy"][:, 0], [0, 0, 4000, 4000])
    fields = computed(twin, rule="carbon", signal="marginal")
    np.testing.assert_allclose(fields["storage", "energy"][:, 0], [4000, 4000, 3000, 2000])
    # What was charged in the hours of low marginal intensity is booked at their average: 800.
    np.testing.assert_allclose(fields["storage", "carbon_intensity"][:, 0], 800, rtol=1e-6)
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][2:, 0], 800, rtol=1e-6)
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][2:, 1], 100, rtol=1e-6)


@pytest.mark.parametrize(
    ("rule", "words"), [("price", "'price' of the source"), ("carbon", "'marginal_intensity'")]
)
def test_a_signal_that_is_not_there_is_refused(rule, words):
    with pytest.raises(ValueError, match=words):
        computed(village(battery_kwh=4000), rule=rule, signal="marginal")


def test_a_signal_with_gaps_is_refused():
    twin = village(battery_kwh=4000).with_series(
        series("source", "price", [[1], [np.nan], [1], [1]], "¤/kWh")
    )
    with pytest.raises(ValueError, match="missing at step 1"):
        computed(twin, rule="price")


@pytest.mark.parametrize("rule", ["price", "peak_shaving", "carbon"])
def test_runs_do_not_cut_a_day(rule: StorageRule, monkeypatch: pytest.MonkeyPatch):
    twin = village(battery_kwh=4000, load=PEAK, sun=DARK).with_series(
        series("source", "price", [[1], [2], [3], [4]], "¤/kWh"),
        series("source", "carbon_intensity", [[100], [200], [700], [800]], "g/kWh"),
    )
    district = make_district(twin, twin.networks["grid"])
    (whole,) = compute(district, range(4), Assumptions(rule=rule))
    monkeypatch.setattr("twinview.energy.compute.RUN_BYTES", 1)
    pieces = list(compute(district, range(4), Assumptions(rule=rule)))
    joined = np.concatenate([piece.fields["storage", "power"] for piece in pieces])
    np.testing.assert_allclose(joined, whole.fields["storage", "power"], atol=1e-9)


@pytest.mark.parametrize(
    ("rule", "policy"),
    list(
        itertools.product(
            ["self_consumption", "peak_shaving", "price", "carbon", "given"],
            ["pass_on", "owner", "zero"],
        )
    ),
)
def test_every_rule_closes_under_every_policy(rule: StorageRule, policy: str):
    load = [[1000.0, 100.0], [200.0, 50.0], [1500.0, 100.0], [300.0, 100.0]]
    twin = lossy(village(battery_kwh=4000, load=load, sun=[[0.0], [900.0], [0.0], [400.0]]))
    twin = twin.with_series(
        series("source", "price", [[4], [1], [5], [2]], "¤/kWh"),
        series("source", "carbon_intensity", [[500], [200], [700], [300]], "g/kWh"),
        series("storage", "power", [[200], [-300], [900], [-100]]),
    )
    fields = computed(twin, rule=rule, policy=policy, store_intensity=450.0)
    assert np.abs(fields["storage", "power"]).max() > 0
    assert fields["storage", "energy"].shape[0] == HOURS.count


@pytest.mark.parametrize(("policy", "expected"), [("pass_on", 500), ("owner", 450), ("zero", 0)])
def test_what_stands_in_the_store_at_first_is_paid_by_policy(policy, expected):
    # A draws 900 kW from the store: w = 450 g/kWh inside, 450 / 0.9 = 500 at the terminals.
    twin = lossy(village(battery_kwh=4000, load=[[900.0, 0.0]] * 4, sun=DARK))
    fields = computed(twin, policy=policy, store_intensity=450.0)
    assert fields["storage", "power"][0, 0] == pytest.approx(-900)
    assert fields["buildings", "carbon_intensity"][0, 0] == pytest.approx(expected, rel=1e-6)


def two_in_a_house(twin: Twin, first_kw: float, second_kwh: float = 1e4) -> Twin:
    """Return the twin with two stores without losses in house A, the first of little power."""
    rows = [
        {"id": name, "node": "street", "building": "A", "energy_wh": kwh * 1e3,
         "power_w": kw * 1e3, "soc0": 0.0}
        for name, kwh, kw in (("first", 1e4, first_kw), ("second", second_kwh, 1e4))
    ]  # fmt: skip
    layers = {**twin.layers, "storage": layer("storage", "storage", rows)}
    grid = twin.networks["grid"]
    networks = {"grid": replace(grid, tables={**grid.tables, "storage": "storage"})}
    return replace(twin, layers=layers, networks=networks)


def test_two_stores_of_a_house_share_its_surplus_in_the_order_of_the_table():
    # 500 kW to spare twice, then 500 and 300 kW of need. The first takes and gives 200 kW at most,
    # the second what is left of the house: nothing is charged or given twice.
    load = [[0.0, 50.0], [0.0, 50.0], [500.0, 50.0], [300.0, 50.0]]
    twin = village(load=load, sun=[[500.0], [500.0], [0.0], [0.0]])
    fields = computed(two_in_a_house(twin, first_kw=200.0))
    expected = [[200, 300], [200, 300], [-200, -300], [-200, -100]]
    np.testing.assert_allclose(fields["storage", "power"], expected, atol=1e-9)


def test_a_full_second_store_leaves_the_rest_to_the_grid():
    load, sun = [[0.0, 50.0]] * 4, [[500.0]] * 4
    fields = computed(two_in_a_house(village(load=load, sun=sun), 200.0, second_kwh=450.0))
    expected = [[200, 300], [200, 150], [200, 0], [200, 0]]
    np.testing.assert_allclose(fields["storage", "power"], expected, atol=1e-9)


def test_two_stores_of_a_house_shave_one_peak():
    # 300 kW with a limit of 150: the first gives its 100, the second the 50 that are left.
    load = [[50.0, 10.0], [50.0, 10.0], [300.0, 10.0], [150.0, 10.0]]
    twin = two_in_a_house(village(load=load, sun=DARK), first_kw=100.0)
    fields = computed(twin, rule="peak_shaving", peak_limit=150.0)
    expected = [[100, 0], [100, 0], [-100, 0], [0, 0]]
    np.testing.assert_allclose(fields["storage", "power"], expected, atol=1e-9)
