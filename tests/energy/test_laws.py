"""Laws of the tracing on random networks: rings, loop flows, idle branches, dead buses, stores."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.energy.support import Net, make_net, seeds
from twinview.energy.reservoir import Stores

CLOSE = {"rtol": 1e-9, "atol": 1e-9}
quick = settings(max_examples=40, deadline=None)


def with_dead(net: Net, seed: int) -> Net:
    """Return a network in which an island has neither power nor source."""
    rng = np.random.default_rng(seed)
    steps, first = net.p_from.shape[0], net.n_bus
    zero = np.zeros((steps, 2))
    return replace(
        net,
        n_bus=first + 3,
        from_bus=np.append(net.from_bus, [first, first + 1]),
        to_bus=np.append(net.to_bus, [first + 1, first + 2]),
        p_from=np.append(net.p_from, zero, axis=1),
        p_to=np.append(net.p_to, zero, axis=1),
        load_bus=np.append(net.load_bus, first + rng.integers(0, 3)),
        load_power=np.append(net.load_power, zero[:, :1], axis=1),
    )


sizes = st.integers(2, 12)
radial = st.builds(make_net, seeds, sizes, st.just(0), st.integers(1, 5))
meshed = st.builds(make_net, seeds, sizes, st.integers(1, 8), st.integers(1, 5))
stored = st.builds(make_net, seeds, sizes, st.integers(0, 5), st.integers(2, 8), st.integers(1, 4))
nets = st.builds(with_dead, radial | meshed | stored, seeds)


@quick
@given(nets, st.sampled_from(["branch", "gross"]), st.sampled_from(["sweep", "lu"]))
def test_dead_buses_are_not_numbers_and_nothing_is_negative(net, losses, method) -> None:
    traced = net.trace(losses=losses, method=method)
    assert np.isnan(traced.intensity[:, -3:]).all()
    for name in ("intensity", "load_carbon", "loss_carbon", "store_carbon", "store_intensity"):
        values = getattr(traced, name)
        assert np.nanmin(values, initial=0.0) >= -1e-9 * np.nanmax(values, initial=1.0), name
    # A load that asks a dead bus for nothing gets nothing, and poisons no sum.
    np.testing.assert_array_equal(traced.load_carbon[:, -1], 0.0)


@quick
@given(nets, seeds)
def test_buses_joined_without_loss_are_one(net: Net, seed: int) -> None:
    """Join the ends of a new lossless link that carries all that the second bus needs."""
    rng = np.random.default_rng(seed)
    at = int(rng.integers(0, net.n_bus - 3))
    steps, apart = net.p_from.shape[0], net.n_bus
    load = rng.uniform(0, 3, (steps, 1))
    link = replace(
        net,
        n_bus=apart + 1,
        from_bus=np.append(net.from_bus, at),
        to_bus=np.append(net.to_bus, apart),
        p_from=np.append(net.p_from, load, axis=1),
        p_to=np.append(net.p_to, -load, axis=1),
        load_bus=np.append(net.load_bus, apart),
        load_power=np.append(net.load_power, load, axis=1),
        gen_power=net.gen_power + load * (net.gen_bus == at),
    )
    keep = np.arange(link.from_bus.size) < net.from_bus.size
    fused = replace(
        link,
        n_bus=apart,
        from_bus=link.from_bus[keep],
        to_bus=link.to_bus[keep],
        p_from=link.p_from[:, keep],
        p_to=link.p_to[:, keep],
        load_bus=np.where(link.load_bus == apart, at, link.load_bus),
    )
    two, one = link.trace(), fused.trace()
    np.testing.assert_allclose(two.intensity[:, :-1], one.intensity, **CLOSE)
    fed = load[:, 0] > 1e-6
    np.testing.assert_allclose(two.intensity[fed, -1], one.intensity[fed, at], **CLOSE)
    np.testing.assert_allclose(two.load_carbon, one.load_carbon, **CLOSE)
    np.testing.assert_allclose(two.store_carbon, one.store_carbon, **CLOSE)


@quick
@given(stored, st.floats(1e-3, 1e6))
def test_all_powers_and_stores_scaled_change_no_intensity(net: Net, factor: float) -> None:
    tables = ("p_from", "p_to", "gen_power", "load_power")
    scaled = {name: getattr(net, name) * factor for name in tables}
    sizes = ("power", "energy0", "carbon0")
    stores = replace(
        net.stores, **{name: np.asarray(getattr(net.stores, name)) * factor for name in sizes}
    )
    before, after = net.trace(), replace(net, **scaled, stores=stores).trace()
    np.testing.assert_allclose(after.intensity, before.intensity, **CLOSE)
    np.testing.assert_allclose(after.store_carbon, before.store_carbon * factor, **CLOSE)


@quick
@given(meshed, seeds)
def test_an_ideal_store_in_a_network_gives_back_what_it_took(net: Net, seed: int) -> None:
    """Its bus gets what the store draws, or uses what it gives, in the same step."""
    rng = np.random.default_rng(seed)
    half = rng.uniform(0.1, 2.0, (3, 1))
    power = np.concatenate([half, -half[::-1]])
    at = int(rng.integers(0, net.n_bus))
    tables = ("p_from", "p_to", "gen_power", "gen_intensity", "load_power")
    long = {name: np.resize(getattr(net, name), (6, getattr(net, name).shape[1]))
            for name in tables}  # fmt: skip
    here_gen, here_load = (bus == at for bus in (net.gen_bus, net.load_bus))
    long["gen_power"] = long["gen_power"] + np.maximum(power, 0) * here_gen
    long["load_power"] = long["load_power"] + np.maximum(-power, 0) * here_load
    traced = replace(net, **long, stores=Stores([at], power)).trace()
    taken = (np.nan_to_num(traced.intensity[:, at]) * np.maximum(power[:, 0], 0)).sum()
    given_back = (traced.store_intensity[:, 0] * np.maximum(-power[:, 0], 0)).sum()
    np.testing.assert_allclose(given_back, taken, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(traced.store_carbon[-1], 0, atol=1e-6 * max(taken, 1))
