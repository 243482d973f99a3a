"""What stores hold does not depend on where a computation begins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.energy.test_compute import HOURS, village
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import District, make_district
from twinview.energy.following import Follower
from twinview.energy.reservoir import Stores, make_tanks, remaining
from twinview.energy.tracing import trace
from twinview.model.time import TimeAxis
from twinview.progress import drain

DAYS = TimeAxis(HOURS.start - 3600, 3600, 24 * 12, "Europe/Berlin")


def days(*, night: float, soc0: float = 0.5) -> District:
    """Return twelve days of a village whose battery is filled at noon and drawn on at night."""
    twin = village(battery_kwh=4000.0)
    hour = np.arange(DAYS.count) % 24
    noon = np.exp(-((hour - 12) ** 2) / 8)[:, None]
    rng = np.random.default_rng(3)
    load = np.column_stack([np.full(DAYS.count, night), rng.uniform(100, 900, DAYS.count)])
    signal = 400 + 200 * np.sin(np.arange(DAYS.count))[:, None]
    storage = twin.layers["storage"]
    column = storage.attributes.column_names.index("soc0")
    changed = storage.attributes.set_column(column, "soc0", [[soc0]])
    layers = {**twin.layers, "storage": replace(storage, attributes=changed)}
    twin = replace(twin, time=DAYS, layers=layers)
    made = {
        ("sym_load", "power"): load,
        ("sym_gen", "power"): 1800.0 * noon,
        ("source", "carbon_intensity"): signal,
    }
    kept = []
    for (layer, quantity), values in made.items():
        one = twin.find(layer, quantity)
        assert one is not None
        kept.append(replace(one, time=DAYS, values=values.astype(np.float32)))
    return make_district(twin.with_series(*kept), twin.networks["grid"])


def fields(district: District, steps: range, assumptions: Assumptions) -> dict:
    """Return the results of a span, joined."""
    runs = [one for one in compute(district, steps, assumptions) if one.stop > steps.start]
    assert runs[0].start == steps.start
    joined = {key: np.concatenate([one.fields[key] for one in runs]) for key in runs[0].fields}
    joined |= {
        name: np.concatenate([one.balance.carbon[name] for one in runs])
        for name in runs[0].balance.carbon
    }
    return joined


@pytest.mark.parametrize("rule", ["self_consumption", "carbon"])
@pytest.mark.parametrize("night", [150.0, 900.0])
@pytest.mark.parametrize("room", [2**20, 40_000])
def test_a_span_has_the_numbers_of_the_whole(monkeypatch, rule, night, room) -> None:
    monkeypatch.setattr("twinview.energy.compute.RUN_BYTES", room)
    district = days(night=night)
    assumptions = Assumptions(rule=rule, store_intensity=777.0)
    whole = fields(district, range(DAYS.count), assumptions)
    for span in (range(0, 5), range(130, 170), range(DAYS.count - 1, DAYS.count)):
        part = fields(district, span, assumptions)
        for key, values in part.items():
            np.testing.assert_allclose(
                values, whole[key][span.start : span.stop], rtol=1e-9, atol=1e-9, err_msg=str(key)
            )


def test_a_store_that_runs_empty_each_night_costs_a_day() -> None:
    follower = Follower(days(night=900.0), Assumptions(), 50)
    begun = drain(follower.beginning(200))
    assert 200 - 24 <= begun <= 200
    assert follower.energy(begun).max() < 1e-9


def test_a_store_that_keeps_its_content_is_followed_from_the_start() -> None:
    follower = Follower(days(night=1.0, soc0=1.0), Assumptions(), 50)
    assert drain(follower.beginning(200)) == 0


seeds = st.integers(0, 2**31)


@settings(max_examples=40, deadline=None)
@given(seeds, st.sampled_from(["pass_on", "owner", "zero"]))
def test_what_is_said_to_remain_is_what_two_starts_differ_by(seed: int, policy: str) -> None:
    # Two tracings that differ in nothing but the carbon at the start: the rest cancels out.
    rng = np.random.default_rng(seed)
    power = rng.uniform(-1, 1, (12, 2))
    stores = Stores([0, 0], power, 14.0, 0.0, 0.9, 0.85, 0.02, policy)
    flat = (1, [], [], np.zeros((12, 0)), np.zeros((12, 0)), [0], np.full((12, 1), 5.0))
    load = 5.0 - power.sum(axis=1, keepdims=True)
    left = remaining(make_tanks(stores, power, 1.0), power)
    before = 1000.0
    clean, dirty = (
        trace(*flat, np.zeros((12, 1)), [0], load, stores=replace(stores, carbon0=[carbon, 0.0]))
        for carbon in (0.0, before)
    )
    gone = dirty.store_carbon[-1, 0] - clean.store_carbon[-1, 0]
    # Charging takes back a little of what the other store gives, never less.
    assert gone >= before * left[0, 0] - 1e-6
    if not (power[:, 0] > 0).any() or policy == "zero":
        assert gone == pytest.approx(before * left[0, 0], abs=1e-6)
