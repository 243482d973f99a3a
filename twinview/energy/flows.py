"""From measured or computed flows to one direction for each branch, and the throughput of each bus.

A `Case` is the whole checked input of a tracing. A `Block` is a run of its steps, turned so that
time lies along the last axis, with every branch set into the direction of its power:

* power goes in at one end and comes out at the other: *sent*, *received*, and the difference lost;
* both ends draw (charging current and iron losses of an idle branch): no transfer, but a loss load
  at each end. Reading it as two flows would make a ring of two buses out of it.

Throughput of a bus is what it receives and what is injected there. A bus below a billionth of the
largest power of the step is dead: the last digits of a power flow are not a supply.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import coo_array, csr_array

from twinview.energy.arrays import Bools, Floats, Ints

Losses = Literal["branch", "gross"]

DEAD_SHARE = 1e-9
# Input that breaks the sign convention by less than this share of the step's largest power is the
# remainder of an iteration; by more, it is a mistake of whoever made the arrays.
SIGN_SHARE = 1e-6
# A dead bus that still feeds a live one this share of its power leaves it without known origin.
FEED_SHARE = 1e-6


@dataclass(frozen=True, eq=False)
class Case:
    """Checked input of a tracing.

    Parameters
    ----------
    n_bus
        Number of buses.
    from_bus, to_bus
        Ends of each branch. Shape [k].
    p_from, p_to
        Power into each branch at either end. Shape [T, k].
    gen_bus, gen_power, gen_intensity
        Injections. Shapes [g], [T, g], [T, g].
    load_bus, load_power
        Loads. Shapes [l], [T, l].
    store_bus, store_power
        Stores, positive when charging. Shapes [s], [T, s].
    losses
        Who bears branch losses.
    """

    n_bus: int
    from_bus: Ints
    to_bus: Ints
    p_from: Floats
    p_to: Floats
    gen_bus: Ints
    gen_power: Floats
    gen_intensity: Floats
    load_bus: Ints
    load_power: Floats
    store_bus: Ints
    store_power: Floats
    losses: Losses

    @property
    def steps(self) -> int:
        """Number of time steps."""
        return int(self.p_from.shape[0])


@dataclass(frozen=True, eq=False)
class Incidence:
    """Sparse tables that add up elements at their bus; all of shape [n_bus, elements]."""

    starts: csr_array
    ends: csr_array
    gens: csr_array
    loads: csr_array
    stores: csr_array


@dataclass(frozen=True, eq=False)
class Block:
    """Some steps, time last.

    Parameters
    ----------
    forward, backward
        Whether a branch transfers from -> to, or to -> from. Shape [k, B].
    sent, received
        Power into the branch where it is sent, and out of it where it arrives. Shape [k, B].
    idle_from, idle_to
        What the branch draws at either end without passing it on. Shape [k, B].
    gen, emitted
        Power and carbon rate of each injection. Shape [g, B].
    load
        Shape [l, B].
    charge, discharge
        Shape [s, B].
    floor
        Power below which something is nothing. Shape [B].
    power
        Throughput of each bus. Shape [n, B].
    dead
        Whether nothing of known origin reaches the bus. Shape [n, B].
    failed
        Whether the step has no flows (NaN). Shape [B].
    """

    forward: Bools
    backward: Bools
    sent: Floats
    received: Floats
    idle_from: Floats
    idle_to: Floats
    gen: Floats
    emitted: Floats
    load: Floats
    charge: Floats
    discharge: Floats
    floor: Floats
    power: Floats
    dead: Bools
    failed: Bools

    @property
    def per_power(self) -> Floats:
        """One over the throughput, 0 at dead buses. Shape [n, B]."""
        return np.divide(1.0, self.power, out=np.zeros_like(self.power), where=~self.dead)


def incidence(case: Case) -> Incidence:
    """Build the tables that add up the elements of a case at their buses.

    Parameters
    ----------
    case
        The input.
    """

    def table(bus: Ints) -> csr_array:
        cells = (np.ones(bus.size), (bus, np.arange(bus.size)))
        return csr_array(coo_array(cells, shape=(case.n_bus, bus.size)))

    places = (case.from_bus, case.to_bus, case.gen_bus, case.load_bus, case.store_bus)
    return Incidence(*(table(bus) for bus in places))


def make_block(case: Case, at: Incidence, start: int, stop: int) -> Block:
    """Turn the steps `start` to `stop` of a case into directed flows.

    Parameters
    ----------
    case
        The input.
    at
        Its incidence tables.
    start, stop
        First step and the one after the last.

    Raises
    ------
    ValueError
        Power comes out of both ends of a branch, or out of one more than goes into the other; or
        an injection or load is negative.
    """
    rows = slice(start, stop)
    p_from, p_to, gen, load = (
        np.ascontiguousarray(table[rows].T)
        for table in (case.p_from, case.p_to, case.gen_power, case.load_power)
    )
    store = np.ascontiguousarray(case.store_power[rows].T)
    failed = _clear_failed(p_from, p_to, gen, load, store)
    scale = _largest(p_from, p_to, gen, store)
    _check_signs(p_from, p_to, gen, load, scale * SIGN_SHARE, start)
    floor = scale * DEAD_SHARE
    forward = (p_from > floor) & (p_to < 0)
    backward = (p_to > floor) & (p_from < 0) & (case.from_bus != case.to_bus)[:, None]
    forward &= (case.from_bus != case.to_bus)[:, None]
    sent = np.where(forward, p_from, np.where(backward, p_to, 0.0))
    received = -np.where(forward, p_to, np.where(backward, p_from, 0.0))
    gen, load = np.maximum(gen, 0.0), np.maximum(load, 0.0)
    intensity = case.gen_intensity[rows].T
    emitted = np.where(gen > 0, gen * intensity, 0.0)
    discharge = np.maximum(-store, 0.0)
    power = at.ends @ (received * forward) + at.starts @ (received * backward)
    power += at.gens @ gen + at.stores @ discharge
    block = Block(
        forward, backward, sent, received,
        *_idle(case, p_from, p_to, forward | backward),
        gen, emitted, load, np.maximum(store, 0.0), discharge,
        floor, power, power <= floor, failed,
    )  # fmt: skip
    return _without_orphans(case, at, block)


def _clear_failed(p_from: Floats, p_to: Floats, *others: Floats) -> Bools:
    """Set failed steps to zero, which makes every bus dead in them, and say which they are."""
    tables = (p_from, p_to, *others)
    failed: Bools = ~np.logical_and.reduce([np.isfinite(table).all(axis=0) for table in tables])
    if failed.any():
        for table in tables:
            table[:, failed] = 0.0
    return failed


def _largest(*tables: Floats) -> Floats:
    tops = [np.abs(table).max(axis=0) for table in tables if table.shape[0]]
    return np.maximum.reduce(tops) if tops else np.zeros(tables[0].shape[1])


def _check_signs(
    p_from: Floats, p_to: Floats, gen: Floats, load: Floats, slack: Floats, start: int
) -> None:
    _refuse(
        np.maximum(p_from, p_to) < -slack,
        start,
        "Power comes out of both ends of branch {i} in step {t}: p_from and p_to are the power "
        "into the branch at each end, so at least one must be positive",
    )
    _refuse(
        p_from + p_to < -slack,
        start,
        "Branch {i} gives more power than it takes in step {t}: p_from + p_to is its loss and "
        "must not be negative",
    )
    _refuse(
        gen < -slack,
        start,
        "Injection {i} is negative in step {t}: give what it consumes as a load (an import that "
        "turns round is an export)",
    )
    _refuse(
        load < -slack,
        start,
        "Load {i} is negative in step {t}: give what it feeds in as an injection",
    )


def _refuse(wrong: Bools, start: int, sentence: str) -> None:
    if wrong.any():
        step, element = (int(i) for i in np.argwhere(wrong.T)[0])
        raise ValueError(sentence.format(i=element, t=start + step))


def _idle(case: Case, p_from: Floats, p_to: Floats, busy: Bools) -> tuple[Floats, Floats]:
    """Return what branches without transfer draw at each end."""
    idle_from = np.where(busy, 0.0, np.maximum(p_from, 0.0))
    idle_to = np.where(busy, 0.0, np.maximum(p_to, 0.0))
    rings = np.flatnonzero(case.from_bus == case.to_bus)
    if rings.size:
        idle_from[rings] = np.maximum(p_from[rings] + p_to[rings], 0.0)
        idle_to[rings] = 0.0
    return idle_from, idle_to


def _without_orphans(case: Case, at: Incidence, block: Block) -> Block:
    """Mark as dead what is fed by dead buses: power of unknown origin has no known carbon.

    This happens only where the input does not balance, so the loop hardly ever runs.
    """
    dead = block.dead
    while True:
        lost_forward = block.forward & dead[case.from_bus] & ~dead[case.to_bus]
        lost_backward = block.backward & dead[case.to_bus] & ~dead[case.from_bus]
        if not (lost_forward.any() or lost_backward.any()):
            break
        lost = at.ends @ (block.received * lost_forward)
        lost += at.starts @ (block.received * lost_backward)
        more = (lost > FEED_SHARE * block.power) & ~dead
        if not more.any():
            break
        dead |= more
    return block


def only_connected(case: Case, at: Incidence, block: Block) -> Block:
    """Mark as dead the buses that no source reaches: power that only runs round in a ring.

    Where consumers bear the losses, also those from which no consumer is reached: a ring that uses
    up in losses all that is fed into it has nobody to book its carbon to.

    Parameters
    ----------
    case, at
        The input and its incidence tables.
    block
        The steps to look at; changed in place and returned.
    """
    fed = at.gens @ block.gen + at.stores @ block.discharge
    ways = ((at.ends, block.forward, case.from_bus), (at.starts, block.backward, case.to_bus))
    block.dead[~_spread(fed > block.floor, ways, block)] = True
    if case.losses == "gross":
        used = at.loads @ block.load + at.stores @ block.charge
        used += at.starts @ block.idle_from + at.ends @ block.idle_to
        ways = ((at.starts, block.forward, case.to_bus), (at.ends, block.backward, case.from_bus))
        block.dead[~_spread(used > block.floor, ways, block)] = True
    return block


def _spread(found: Bools, ways: tuple[tuple[csr_array, Bools, Ints], ...], block: Block) -> Bools:
    """Follow the flows from the buses found to all that they lead to, in each step. [n, B]."""
    found = found & ~block.dead
    while True:
        led = sum(onto @ (block.received * (busy & found[out])) for onto, busy, out in ways)
        more = (led > block.floor) & ~found & ~block.dead
        if not more.any():
            return found
        found |= more
