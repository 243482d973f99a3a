"""What stores of heat, cooling and gas are run by: the rules of electrical stores, their signals.

Price and intensity are those of the network's own sources; where these have no series, as where
heat pumps alone supply it, those of the electrical import. A peak is what is drawn of the island
beyond what is there anyway. Where stores have a series of power, they follow that, whatever the
rule; without one `given` is as `self_consumption`.
"""

from collections.abc import Mapping

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.carriers import Carriers
from twinview.energy.given import SURVEY_STEPS, Assumptions, signal_for
from twinview.energy.piping import PipeNet, values_of
from twinview.energy.rules import by_day, gaps_refused, percentile_limits
from twinview.energy.serving import by_island, island_share
from twinview.energy.steering import Steering
from twinview.i18n import _


def steerings(carriers: Carriers, assumptions: Assumptions) -> Mapping[str, Steering]:
    """Return what runs the stores of each network of pipes, by its id, over the whole axis.

    Parameters
    ----------
    carriers
        The networks.
    assumptions
        The rule, and what belongs to it.

    Raises
    ------
    ValueError
        The series that the rule follows is not there, or has gaps.
    """
    return {net.network.id: _steering(carriers, net, assumptions) for net in carriers.nets}


def _steering(carriers: Carriers, net: PipeNet, assumptions: Assumptions) -> Steering:
    rule, time = assumptions.rule, carriers.time
    if not len(net.stores) or net.stores.power is not None or time.static or rule == "given":
        return Steering()
    if rule in ("price", "carbon"):
        return by_day(rule, _signal(carriers, net, assumptions), time)
    if rule == "peak_shaving":
        return Steering(rule, limit=_limits(carriers, net, assumptions))
    return Steering(rule)


def _signal(carriers: Carriers, net: PipeNet, assumptions: Assumptions) -> Floats:
    """Return what the stores of a network look at: the mean over its sources. [T]."""
    average = assumptions.rule == "carbon" and assumptions.signal == "average"
    marginal = "price" if assumptions.rule == "price" else "marginal_intensity"
    quantity = "carbon_intensity" if average else marginal
    layer = net.sources.layer
    series = None if layer is None else carriers.twin.find(layer.id, quantity)
    if series is not None and series.meaning.origin != "computed":
        steps = range(carriers.time.count)
        own = values_of(series, carriers.time, steps, len(net.sources))[:, net.sources.on]
        return gaps_refused(np.asarray(own.mean(axis=1)), quantity)
    if carriers.linked is not None:
        return signal_for(carriers.linked.alone, assumptions)
    if average:  # one intensity for all time is never low nor high
        return np.zeros(carriers.time.count)
    raise ValueError(
        _(
            "the rule of the storage follows the series '{quantity}' of the source, which is not "
            "there; add it, or choose another rule",
            quantity=quantity,
        )
    )


def _limits(carriers: Carriers, net: PipeNet, assumptions: Assumptions) -> Floats:
    """Return the limit around each store in kW; stores of an island share one. [s]."""
    if assumptions.peak_limit is not None:
        islands = int(net.island.max(initial=-1)) + 1
        shared: Floats = island_share(net, np.full((1, islands), assumptions.peak_limit))[0]
        return shared
    parts = []
    for start in range(0, carriers.time.count, SURVEY_STEPS):
        steps = range(start, min(start + SURVEY_STEPS, carriers.time.count))
        loads = values_of(net.loads.power, carriers.time, steps, len(net.loads))[:, net.loads.on]
        drawn = by_island(net, net.loads.node[net.loads.on], np.nan_to_num(loads))
        parts.append(island_share(net, drawn).astype(np.float32))
    return percentile_limits(np.concatenate(parts), assumptions.peak_percentile)
