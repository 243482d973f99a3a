"""From measured or computed flows to one direction for each branch, and the throughput of each bus.

A `Case` is the whole checked input of a tracing. A `Block` is a run of its steps, turned so that
time lies along the last axis, with every branch set into the direction of its power:

* power goes in at one end and comes out at the other: *sent*, *received*, and the difference lost;
* both ends draw (charging current and iron losses of an idle branch): no transfer, but a loss load
  at each end. Reading it as two flows would make a ring of two buses out of it.

Throughput of a bus is what it receives and what is injected there. A bus below a billionth of the
largest power of the step is dead: the last digits of a power flow are not a supply.
"""

from dataclasses import dataclass, replace
from functools import cached_property
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
    columns
        Where the powers at the from-ends and at the to-ends stand in `p_from` and `p_to` written
        side by side, if not in the order of the branches. Shape [k] each.
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
    columns: tuple[Ints, Ints] | None = None

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
    into_from, into_to
        Power that a branch brings to its from-bus (to-bus), 0 where it brings none. Shape [k, B].
    out_of_from, out_of_to
        Power that a branch takes from its from-bus (to-bus), whether it passes it on or draws it
        for itself. Shape [k, B].
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

    into_from: Floats
    into_to: Floats
    out_of_from: Floats
    out_of_to: Floats
    gen: Floats
    emitted: Floats
    load: Floats
    charge: Floats
    discharge: Floats
    floor: Floats
    power: Floats
    dead: Bools
    failed: Bools

    @cached_property
    def per_power(self) -> Floats:
        """One over the throughput, 0 at dead buses. Shape [n, B]."""
        if not self.dead.any():
            return np.asarray(1.0 / self.power)
        return np.divide(1.0, self.power, out=np.zeros_like(self.power), where=~self.dead)

    @property
    def sent(self) -> tuple[Floats, Floats]:
        """Power sent from the from-bus to the other end, and the other way. Shape [k, B] each."""
        return self.out_of_from * (self.into_to > 0), self.out_of_to * (self.into_from > 0)

    @property
    def idle(self) -> tuple[Floats, Floats]:
        """What branches draw at either end without passing it on. Shape [k, B] each."""
        return self.out_of_from * (self.into_to <= 0), self.out_of_to * (self.into_from <= 0)


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
    p_from, p_to = _branch_powers(case, rows)
    gen, load, store = (
        np.ascontiguousarray(table[rows].T)
        for table in (case.gen_power, case.load_power, case.store_power)
    )
    failed, scale = _look(p_from, p_to, gen, store, load)
    if failed.any():
        for table in (p_from, p_to, gen, store, load):
            table[:, failed] = 0.0
    _check_signs(p_from, p_to, gen, load, scale * SIGN_SHARE, start)
    floor = scale * DEAD_SHARE
    branches = _direct(case, p_from, p_to, floor)
    intensity = case.gen_intensity[rows].T
    emitted = gen * intensity
    if np.isnan(emitted.sum()):  # the intensity of what gives nothing need not be known
        emitted[gen <= 0] = 0.0
    discharge = np.maximum(-store, 0.0)
    power = at.starts @ branches[0] + at.ends @ branches[1]
    power += at.gens @ gen + at.stores @ discharge
    block = Block(
        *branches, gen, emitted, load, np.maximum(store, 0.0), discharge,
        floor, power, power <= floor, failed,
    )  # fmt: skip
    return _without_orphans(case, at, block) if block.dead.any() else block


def _branch_powers(case: Case, rows: slice) -> tuple[Floats, Floats]:
    """Return the powers at both ends of the branches of a case. [k, B] each."""
    if case.columns is None:
        return np.ascontiguousarray(case.p_from[rows].T), np.ascontiguousarray(case.p_to[rows].T)
    both = np.concatenate([case.p_from[rows], case.p_to[rows]], axis=1).T
    return both[case.columns[0]], both[case.columns[1]]


def _look(*tables: Floats) -> tuple[Bools, Floats]:
    """Say which steps have no flows, and how large the largest power of the others is. [B] each.

    The last table, of loads, does not count for the size: what nobody delivers is not a power.
    """
    failed, scale = np.zeros((2, tables[0].shape[1]))
    for table in tables:
        if table.shape[0]:
            top = np.maximum(table.max(axis=0), -table.min(axis=0))  # not a number if any is not
            failed += ~np.isfinite(top)
            if table is not tables[-1]:
                np.maximum(scale, top, out=scale)
    scale[failed > 0] = 0.0
    return failed > 0, scale


def _direct(
    case: Case, p_from: Floats, p_to: Floats, floor: Floats
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return what branches bring to, and take from, their from-buses and to-buses. [k, B] each."""
    into_from = np.where(p_to > floor, np.maximum(-p_from, 0.0), 0.0)
    into_to = np.where(p_from > floor, np.maximum(-p_to, 0.0), 0.0)
    rings = np.flatnonzero(case.from_bus == case.to_bus)
    if rings.size:
        into_from[rings] = into_to[rings] = 0.0
        p_from[rings] += p_to[rings]
        p_to[rings] = 0.0
    return into_from, into_to, np.maximum(p_from, 0.0), np.maximum(p_to, 0.0)


def _check_signs(
    p_from: Floats, p_to: Floats, gen: Floats, load: Floats, slack: Floats, start: int
) -> None:
    lost = p_from + p_to
    if (lost.min(axis=0, initial=0.0) < -slack).any():
        _refuse(
            np.maximum(p_from, p_to) < -slack,
            start,
            "Power comes out of both ends of branch {i} in step {t}: p_from and p_to are the power "
            "into the branch at each end, so at least one must be positive",
        )
        _refuse(
            lost < -slack,
            start,
            "Branch {i} gives more power than it takes in step {t}: p_from + p_to is its loss and "
            "must not be negative",
        )
    _refuse_negative(
        gen,
        slack,
        start,
        "Injection {i} is negative in step {t}: give what it consumes as a load (an import that "
        "turns round is an export)",
    )
    _refuse_negative(
        load,
        slack,
        start,
        "Load {i} is negative in step {t}: give what it feeds in as an injection",
    )


def _refuse_negative(table: Floats, slack: Floats, start: int, sentence: str) -> None:
    """Refuse what is clearly negative, and make what is so by rounding zero."""
    low = table.min(axis=0, initial=0.0)
    if (low < 0).any():
        _refuse(table < -slack, start, sentence)
        np.maximum(table, 0.0, out=table)


def _refuse(wrong: Bools, start: int, sentence: str) -> None:
    if wrong.any():
        step, element = (int(i) for i in np.argwhere(wrong.T)[0])
        raise ValueError(sentence.format(i=element, t=start + step))


def _without_orphans(case: Case, at: Incidence, block: Block) -> Block:
    """Mark as dead what is fed by dead buses: power of unknown origin has no known carbon.

    This happens only where the input does not balance, so the loop hardly ever runs twice.
    """
    dead = block.dead
    while True:
        lost = at.ends @ (block.into_to * dead[case.from_bus])
        lost += at.starts @ (block.into_from * dead[case.to_bus])
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
        The steps to look at.
    """
    dead = block.dead.copy()
    fed = at.gens @ block.gen + at.stores @ block.discharge
    ways = ((at.ends, block.into_to, case.from_bus), (at.starts, block.into_from, case.to_bus))
    dead[~_spread(fed > block.floor, ways, block, dead)] = True
    if case.losses == "gross":
        used = at.loads @ block.load + at.stores @ block.charge
        idle_from, idle_to = block.idle
        used += at.starts @ idle_from + at.ends @ idle_to
        ways = ((at.starts, block.into_to, case.to_bus), (at.ends, block.into_from, case.from_bus))
        dead[~_spread(used > block.floor, ways, block, dead)] = True
    return replace(block, dead=dead)


def _spread(
    found: Bools, ways: tuple[tuple[csr_array, Floats, Ints], ...], block: Block, dead: Bools
) -> Bools:
    """Follow the flows from the buses found to all that they lead to, in each step. [n, B]."""
    found = found & ~dead
    while True:
        led = sum(onto @ (brought * found[out]) for onto, brought, out in ways)
        more = (led > block.floor) & ~found & ~dead
        if not more.any():
            return found
        found |= more
