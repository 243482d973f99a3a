"""How a network of pipes is fed: suppliers in order of merit, stores, losses, flows.

Suppliers whose power is given run as they are. The others serve what is left, each up to its
rating, in the order of their priority; the last of each island balances it, whatever its rating.
A surplus of given power leaves the network at the one that balances.

Pipes of heat and cold lose what their water loses on the way, T_out = T_ground + (T_in - T_ground)
exp(-U L / (m cp)) (Frederiksen & Werner 2013, District Heating and Cooling). Consumers draw the
mass flow of their design temperatures and cool it by what they take, so water that arrives less
warm goes back colder. So nothing has to be iterated, idle pipes are cold, and every node balances
exactly.
"""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.heat import WATER
from twinview.energy.mixing import NO_FLOW, mix
from twinview.energy.pipes import PipeFlow, Split, linear_flow
from twinview.energy.piping import PipeNet
from twinview.energy.steering import Steering
from twinview.energy.storage import Limits, loss_per_step

DENSITY = 980.0
"""kg/m³ of water at 65 °C; 1.5 % less than when cold."""
LEAST_SPREAD = 1.0
"""K between supply and return below which no sensible mass flow follows."""
OVER = 1 + 1e-6
"""Share of a rating from which a supplier counts as beyond it."""


@dataclass(frozen=True, eq=False)
class Demand:
    """What is drawn.

    Parameters
    ----------
    node
        Node of each consumer: loads, then machines that draw on the network. Shape [l].
    power
        kW. Shape [T, l].
    back
        °C of what each returns. Shape [l].
    """

    node: Ints
    power: Floats
    back: Floats


@dataclass(frozen=True, eq=False)
class Offers:
    """What can be fed in.

    Parameters
    ----------
    node
        Of each supplier: sources, then machines. Shape [g].
    most
        Rating in kW, infinite where unknown. Shape [T, g].
    given
        Whether `most` is what it gives, wanted or not. Shape [g].
    free
        Whether it is there anyway, so that stores may take what nobody else wants. Shape [g].
    priority
        Lower ones go first. Shape [g].
    supply
        °C. Shape [g].
    """

    node: Ints
    most: Floats
    given: Bools
    free: Bools
    priority: Floats
    supply: Floats


@dataclass(frozen=True, eq=False)
class Served:
    """A network of pipes in balance.

    Parameters
    ----------
    flow
        Powers, sources in the order of the offers.
    energy
        Content of the stores from start to end, kWh. Shape [T + 1, s].
    temperature
        °C of the supply at each node, NaN where nothing flows; None for gas. Shape [T, n].
    velocity
        m/s in each pipe, None for gas. Shape [T, k].
    unfed
        Consumers that no supplier reaches; they get nothing. Shape [l].
    beyond
        Steps in which each supplier had to give more than its rating. Shape [g].
    tepid
        Consumers at which water arrives that is no better than what they should return. Shape [l].
    mass, sent
        kg/s along each pipe, and out of each supplier; None for gas. Shapes [T, k], [T, g].
    """

    flow: PipeFlow
    energy: Floats
    temperature: Floats | None
    velocity: Floats | None
    unfed: Bools
    beyond: Ints
    tepid: Bools
    mass: Floats | None = None
    sent: Floats | None = None


@dataclass(frozen=True, eq=False)
class Storing:
    """How stores start and what runs them.

    Parameters
    ----------
    energy
        Content at the start in kWh. Shape [s].
    steering
        The rule, as of electrical stores, of these steps; a plan goes before any rule.
    hours
        Length of a step.
    still
        Whether one instant stands for all time, so that nothing is ever stored.
    known
        Which steps are computed; stores rest in the others. Shape [T].
    """

    energy: Floats
    steering: Steering
    hours: float
    still: bool
    known: Bools


def serve(net: PipeNet, demand: Demand, offers: Offers, storing: Storing) -> Served:
    """Balance a network of pipes in a run of steps.

    Parameters
    ----------
    net
        The network.
    demand
        What is drawn.
    offers
        What can be fed in.
    storing
        Its stores.
    """
    slack = _balancing(net, offers)
    fed = np.isin(net.island, net.island[offers.node[slack]])
    unfed = ~fed[demand.node]
    used = np.where(unfed, 0.0, demand.power)
    water = _losses(net, demand, used, offers, slack)
    loss = water.loss
    net_draw = by_island(net, demand.node, used) + by_island(net, net.pipes.heads, loss)
    power, energy = _stored(net, offers, net_draw, storing)
    net_draw += by_island(net, net.stores.node, power)
    given = _merit(net, offers, net_draw)
    flow = linear_flow(
        len(net.nodes),
        (net.pipes.heads, net.pipes.tails, net.pipes.resistance),
        (offers.node, given),
        (demand.node, used),
        slack=slack,
        loss=loss,
        stores=(net.stores.node, power),
    )
    beyond = (flow.source_power > offers.most * OVER)[storing.known].sum(axis=0)
    return Served(
        flow,
        energy,
        water.temperature,
        water.velocity,
        unfed,
        beyond.astype(np.int64),
        water.tepid,
        water.mass,
        water.sent,
    )


def _order(offers: Offers) -> Ints:
    """Return the suppliers in the order in which they serve; given power first."""
    rank = np.lexsort((np.arange(offers.node.size), offers.priority, ~offers.given))
    return np.asarray(rank, dtype=np.int64)


def _balancing(net: PipeNet, offers: Offers) -> Ints:
    """Return the supplier that balances each island: the last in order. [islands with any]."""
    last: dict[int, int] = {}
    for one in _order(offers).tolist():
        last[int(net.island[offers.node[one]])] = one
    return np.array(sorted(last.values()), dtype=np.int64)


def by_island(net: PipeNet, node: Ints, power: Floats) -> Floats:
    """Add up powers by island. [T, islands].

    Parameters
    ----------
    net
        The network.
    node
        Where each is. Shape [d].
    power
        In kW. Shape [T, d].
    """
    sums = np.zeros((int(net.island.max(initial=-1)) + 1, power.shape[0]))
    np.add.at(sums, net.island[node], power.T)
    return sums.T


def _merit(net: PipeNet, offers: Offers, draw: Floats) -> Floats:
    """Return what each supplier gives of what its island draws; the last column of none counts."""
    powers = np.zeros(offers.most.shape)
    left = draw.copy()
    for one in _order(offers).tolist():
        island = net.island[offers.node[one]]
        most = offers.most[:, one]
        took = most if offers.given[one] else np.clip(left[:, island], 0.0, most)
        powers[:, one] = np.where(np.isfinite(took), took, 0.0)
        left[:, island] -= powers[:, one]
    return powers


def _stored(net: PipeNet, offers: Offers, draw: Floats, storing: Storing) -> tuple[Floats, Floats]:
    """Run the stores by their rule, around which the island draws what is not there anyway.

    What is there anyway is given power and waste heat. Stores of an island share it by their power.
    """
    steps, many = draw.shape[0], len(net.stores)
    if not many or storing.still:
        return np.zeros((steps, many)), np.tile(storing.energy, (steps + 1, 1))
    table = net.store_table
    limits = Limits(
        capacity=table.energy,
        power=table.power * net.stores.on,
        eta_c=table.eta_charge,
        eta_d=table.eta_discharge,
        standing_loss=loss_per_step(table.standing_loss, storing.hours),
        energy0=storing.energy,
        resting=None if storing.known.all() else ~storing.known,
    )
    net_draw = island_share(net, draw - _there(net, offers))
    everyone = np.ones(many, dtype=np.bool_)
    return storing.steering.follow(everyone, net_draw, limits, storing.hours)


def _there(net: PipeNet, offers: Offers) -> Floats:
    """Return what each island has anyway. [T, islands]."""
    there = (offers.given | offers.free) & np.isfinite(offers.most).all(axis=0)
    return by_island(net, offers.node[there], offers.most[:, there])


def island_share(net: PipeNet, draw: Floats) -> Floats:
    """Return each store's part of what its island draws, by its power. [T, s].

    Parameters
    ----------
    net
        The network.
    draw
        By island, in kW. Shape [T, islands].
    """
    island, power = net.island[net.stores.node], net.store_table.power
    together = np.bincount(island, power, draw.shape[1])[island]
    share = np.divide(power, together, out=np.zeros_like(together), where=together > 0)
    return np.asarray(draw[:, island] * share, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Water:
    """What is known of the water: see `Served`."""

    loss: Floats
    temperature: Floats | None
    velocity: Floats | None
    tepid: Bools
    mass: Floats | None = None
    sent: Floats | None = None


def _losses(net: PipeNet, demand: Demand, used: Floats, offers: Offers, slack: Ints) -> _Water:
    """Return the loss of each pipe, and temperatures and velocities where water flows."""
    steps, pipes = used.shape[0], net.pipes
    if not net.warm or not offers.node.size:
        none = np.zeros(demand.node.size, dtype=np.bool_)
        return _Water(np.zeros((steps, pipes.heads.size)), None, None, none)
    spread = _spread(net, demand, offers)
    drawn = used / (WATER * spread)
    fed = _fed(net, demand, offers, used, drawn)
    fed[:, slack] = 0.0
    injected = np.zeros((len(net.nodes), steps))
    np.add.at(injected, offers.node, fed.T)
    np.subtract.at(injected, demand.node, drawn.T)
    split = Split(len(net.nodes), pipes.heads, pipes.tails, pipes.resistance, offers.node[slack])
    mass, rest = split.flows(injected.T)
    fed[:, slack] = rest
    return _cooled(net, mass, (offers, np.maximum(fed, 0.0)), (demand, drawn, spread))


def _spread(net: PipeNet, demand: Demand, offers: Offers) -> Floats:
    """Return the design difference of supply and return in K at each consumer. [l]."""
    sign = _sign(net)
    best = sign * float((sign * offers.supply).max())
    return np.maximum(sign * (best - demand.back), LEAST_SPREAD)


def _sign(net: PipeNet) -> float:
    return 1.0 if net.carrier == "heat" else -1.0


def _fed(net: PipeNet, demand: Demand, offers: Offers, used: Floats, drawn: Floats) -> Floats:
    """Return the water that each supplier sends out, by its part in what the island draws."""
    power, mass = (by_island(net, demand.node, one) for one in (used, drawn))
    share = np.divide(mass, power, out=np.zeros_like(mass), where=power > 0)
    given = _merit(net, offers, power)
    return np.asarray(given * share[:, net.island[offers.node]])


def _cooled(
    net: PipeNet,
    mass: Floats,
    fed: tuple[Offers, Floats],
    consumers: tuple[Demand, Floats, Floats],
) -> _Water:
    """Follow the water out and back."""
    n, amount, sign = len(net.nodes), np.abs(mass), _sign(net)
    demand, drawn, spread = consumers
    along = mass >= 0
    first = np.where(along, net.pipes.heads, net.pipes.tails)
    last = np.where(along, net.pipes.tails, net.pipes.heads)
    ratio = np.full_like(amount, np.inf)
    np.divide(net.pipes.leak / WATER, amount, out=ratio, where=amount > NO_FLOW)
    ratio[:, net.pipes.leak == 0] = 0.0
    kept = amount * np.exp(-ratio)
    hot = fed[0].supply - net.ground
    supply = mix(n, (first, last), amount, kept, (fed[0].node, fed[1], fed[1] * hot))
    arriving = np.nan_to_num(supply)[:, demand.node]
    back = mix(
        n, (last, first), amount, kept, (demand.node, drawn, drawn * (arriving - sign * spread))
    )
    row = np.arange(mass.shape[0])[:, None]
    warmth = np.nan_to_num(supply)[row, first] + np.nan_to_num(back)[row, last]
    loss = np.maximum(sign * (amount - kept) * WATER * warmth, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        velocity = amount / (DENSITY * net.pipes.area)
    late = sign * (arriving + net.ground - demand.back) <= 0
    tepid = np.asarray((late & (drawn > NO_FLOW)).any(axis=0))
    return _Water(loss, supply + net.ground, velocity, tepid, mass, fed[1])
