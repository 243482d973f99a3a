"""Values that networks of several carriers lack: see `gaps`."""

from twinview.energy.arrays import Bools
from twinview.energy.carriers import Carriers
from twinview.energy.following import device_gaps, given_powers
from twinview.energy.gaps import Gap, gaps_in
from twinview.energy.given import Assumptions, powers
from twinview.energy.piping import PipeNet, values_of
from twinview.i18n import _
from twinview.model.series import Series
from twinview.model.twin import Layer


def gaps_of(carriers: Carriers, rows: range, choices: Assumptions) -> tuple[Gap, ...]:
    """Return what is missing in a run of steps, in any of the networks.

    A load must have a value in each step. Sources and machines need none; where a series gives
    what one feeds in, it must give it always.

    Parameters
    ----------
    carriers
        The networks.
    rows
        Steps of `carriers.time`.
    choices
        What runs the electrical stores.
    """
    found = _electrical(carriers, rows, choices)
    for net in carriers.nets:
        found += _piped(carriers, net, rows)
    for layer in carriers.twin.of_kind("converter"):
        found += _patchy(carriers, layer, carriers.given_output(layer), rows)
    return found


def _electrical(carriers: Carriers, rows: range, choices: Assumptions) -> tuple[Gap, ...]:
    """Return what the devices of the electrical network lack, machines left aside."""
    if carriers.linked is None:
        return ()
    alone = carriers.linked.alone
    found = device_gaps(alone, *given_powers(alone, rows))
    if choices.rule == "given":
        found += gaps_in(alone.stores.layer, powers(alone.stores, rows, _("storage"), alone.fixed))
    return found


def _piped(carriers: Carriers, net: PipeNet, rows: range) -> tuple[Gap, ...]:
    """Return what loads, stores with a plan and given sources of a network lack."""
    on, stores = net.loads.on, net.stores
    drawn = values_of(net.loads.power, carriers.time, rows, len(net.loads))
    found = gaps_in(net.loads.layer, drawn[:, on], on.nonzero()[0])
    if stores.power is not None:
        plan = values_of(stores.power, carriers.time, rows, len(stores))
        found += gaps_in(stores.layer, plan)
    return found + _patchy(carriers, net.sources.layer, net.sources.power, rows, net.sources.on)


def _patchy(
    carriers: Carriers, layer: Layer | None, series: Series | None, rows: range,
    on: Bools | None = None,
) -> tuple[Gap, ...]:  # fmt: skip
    """Return what elements lack that a series gives a value at some steps and none at others."""
    if layer is None or series is None:
        return ()
    partly = carriers.partly[layer.id]
    some = (partly if on is None else partly & on).nonzero()[0]
    return gaps_in(layer, values_of(series, carriers.time, rows, len(layer))[:, some], some)
