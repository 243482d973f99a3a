"""What stores look at when they are run by price, carbon or peaks: signals, levels and limits."""

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.district import District, summing
from twinview.energy.steering import (
    Steering,
    StorageRule,
    net_power,
    visiting_of,
    zone_shares,
)
from twinview.energy.storage import day_thresholds
from twinview.i18n import _
from twinview.model.time import TimeAxis


def by_day(rule: StorageRule, signal: Floats, time: TimeAxis) -> Steering:
    """Return the steering of a rule that compares each step with its own local day.

    Parameters
    ----------
    rule
        ``price`` or ``carbon``.
    signal
        What it looks at, over the whole axis. Shape [T].
    time
        The axis.
    """
    days = np.array([time.at(i).toordinal() for i in range(time.count)], dtype=np.int64)
    return Steering(rule, signal=signal, levels=day_thresholds(signal, days))


def signal_of(district: District, quantity: str) -> Floats:
    """Return a signal of the sources over the whole axis, their mean. [T].

    Parameters
    ----------
    district
        The network.
    quantity
        ``price`` or ``marginal_intensity``.

    Raises
    ------
    ValueError
        No source has such a series, or it has gaps: a missing price is not a low one.
    """
    series = district.signals.get(quantity)
    if series is None:
        raise ValueError(
            _(
                "the rule of the storage follows the series '{quantity}' of the source, which is "
                "not there; add it, or choose another rule",
                quantity=quantity,
            )
        )
    steps = district.time.count
    values = np.tile(series.at(0), (steps, 1)) if series.time.static else series.window(0, steps)
    return gaps_refused(values.astype(np.float64).mean(axis=1), quantity)


def gaps_refused(signal: Floats, quantity: str) -> Floats:
    """Return a signal that has no gaps. [T].

    Parameters
    ----------
    signal
        What stores follow. Shape [T].
    quantity
        What to call it.

    Raises
    ------
    ValueError
        It has gaps: a missing price is not a low one.
    """
    holes = np.flatnonzero(np.isnan(signal))
    if holes.size:
        raise ValueError(
            _(
                "the series '{quantity}' that the storage follows is missing at step {step} "
                "({count} such steps)",
                quantity=quantity,
                step=int(holes[0]),
                count=holes.size,
            )
        )
    return np.asarray(signal, dtype=np.float64)


def surroundings(district: District, load: Floats, gen: Floats, steps: range) -> Floats:
    """Return what is drawn around each store, vehicles included, without any other store. [T, s].

    Stores of a building look at the building; others at their part of the voltage zone: see
    `steering.by_rule`.

    Parameters
    ----------
    district
        The network.
    load, gen
        Power of loads and generators in kW. Shapes [T, l], [T, g].
    steps
        Of the network's axis.
    """
    stores = district.stores
    own = stores.site >= 0
    zones = int(district.zone.max()) + 1 if district.zone.size else 0
    sites = net_power(district.loads.site, district.gens.site, district.sites.size, load, gen)
    zone = district.zone
    around = net_power(zone[district.loads.bus], zone[district.gens.bus], zones, load, gen)
    visiting = visiting_of(district, steps)
    if visiting is not None:
        sites += visiting.power @ summing(stores.site, district.sites.size).T
        around += visiting.power @ summing(zone[stores.bus], zones).T
    net = around[:, zone[stores.bus]] * zone_shares(district, district.fixed & ~own)
    net[:, own] = sites[:, stores.site[own]]
    return net


def absolute_limits(district: District, limit: float) -> Floats:
    """Return a limit of each store's surroundings in kW; stores of a zone share one. [s].

    Parameters
    ----------
    district
        The network.
    limit
        In kW, of a building or of a zone.
    """
    own = district.stores.site >= 0
    return np.where(own, limit, limit * zone_shares(district, district.fixed & ~own))


def percentile_limits(net: np.ndarray, percentile: float) -> Floats:
    """Return a percentile of what is drawn around each store, at least 0. [s].

    Parameters
    ----------
    net
        In kW. Shape [T, s].
    percentile
        0 to 100; linear between two values.
    """
    return np.asarray(np.maximum(np.percentile(net, percentile, axis=0), 0.0), dtype=np.float64)
