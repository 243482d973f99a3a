"""What comes out of a run of steps."""

from collections.abc import Mapping
from dataclasses import dataclass

from twinview.energy.arrays import Bools, Floats
from twinview.energy.balance import Balance
from twinview.energy.gaps import Gap


@dataclass(frozen=True, eq=False)
class Beside:
    """Results of the other carriers in a run of steps.

    Parameters
    ----------
    balances
        Of each network, by its id.
    imbalance
        Largest imbalance of power at each node of a network in any of the steps, kW. Shape [n].
    whole
        Carbon of all carriers together.
    bought
        kWh and kg that machines bought outside of all networks, by carrier. Shape [T] each.
    district
        Numbers of the whole district by quantity. Shape [T].
    beyond
        Steps in which suppliers gave more than their rating, by (network, name).
    unfed
        Ids of loads that no supplier reaches, by the id of the network.
    tepid
        Ids of loads at which water arrives that is no better than what they return.
    """

    balances: Mapping[str, Balance]
    imbalance: Mapping[str, Floats]
    whole: Balance
    bought: Mapping[str, tuple[Floats, Floats]]
    district: Mapping[str, Floats]
    beyond: Mapping[tuple[str, str], int]
    unfed: Mapping[str, tuple[str, ...]]
    tepid: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, eq=False)
class Run:
    """Results of a run of steps.

    Parameters
    ----------
    start, stop
        Steps of the district's axis.
    fields
        Arrays [T, n] by (layer id, quantity), in the quantities' own units.
    balance
        Terms of each step.
    converged
        Shape [T].
    imbalance
        Largest imbalance of power at each node in any of the steps, kW. Shape [n].
    load_carbon
        kg that each load drew. Shape [T, l].
    carbon
        g in the stores at the end. Shape [s].
    beside
        Results of the carriers beside electricity, where there are any.
    gaps
        Values that are missing; steps that lack one were not computed.
    """

    start: int
    stop: int
    fields: Mapping[tuple[str, str], Floats]
    balance: Balance
    converged: Bools
    imbalance: Floats
    load_carbon: Floats
    carbon: Floats
    beside: Beside | None = None
    gaps: tuple[Gap, ...] = ()
