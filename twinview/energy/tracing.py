"""Trace carbon through a grid: who uses whose power, and what it emits.

`trace` is the only entry. What happens in it, for each run of steps (a block):

1. `flows`      directs every branch and adds up the throughput of each bus;
2. `sweep`/`lu` solve the mixing equations for the known sources;
3. `course`     carries the carbon of the stores from step to step, knowing from 2 what their
                discharge does to each other's bus;
4. the equations are solved again with the stores as sources, and the result is booked to loads,
   losses, exports and stores.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrange import Arranged, arrange, between
from twinview.energy.arrays import Floats, Ints, as_places, as_series
from twinview.energy.booking import Ledger, book
from twinview.energy.course import coupled, run_reservoirs
from twinview.energy.flows import (
    Block,
    Case,
    Incidence,
    Losses,
    incidence,
    make_block,
    only_connected,
)
from twinview.energy.lu import Factors, make_pattern
from twinview.energy.reservoir import Stores, Tanks, Visits, make_tanks
from twinview.energy.sweep import Hearing, LoneRingError, Sweeps, Weights, weigh

__all__ = ["Stores", "Tracing", "trace"]

Method = Literal["auto", "sweep", "lu"]

# Beyond, the dense system of the ring-closing branches costs more than a sparse factorisation.
MOST_CHORDS = 96
# Numbers in one array of a block: small enough to stay near the processor.
BLOCK_CELLS = 65_000
LU_STEPS = 32
# Stores whose answers to each other cost less, all steps at once, than a sweep in each step.
FEW_STORES = 48

NO_STORES = Stores([], [])


class Equations(Protocol):
    """The mixing equations of one block."""

    def solve(self, x: Floats) -> Floats:
        """Return the intensity of each bus for injected carbon over throughput. [n, B]."""

    def hearing(self, unit: Floats, steps: Ints) -> Hearing:
        """Return what tells how stores feel each other in some steps."""


class Solver(Protocol):
    """Sets up the equations of a block from its weights."""

    def __call__(self, weights: Weights) -> Equations:
        """Set up."""


@dataclass(frozen=True, eq=False)
class Tracing:
    """Carbon in every corner of the grid. Units follow the input: kW, g/kWh and h give g.

    Parameters
    ----------
    intensity
        Of the power at each bus, NaN where dead. Shape [T, n].
    load_carbon
        Of each load in each step; NaN where a load is asked of a dead bus. Shape [T, l].
    loss_carbon
        Of each branch: of its loss, or with `losses="gross"` only of what idle branches draw.
        Shape [T, k].
    gen_carbon
        Brought in by each injection. Shape [T, g].
    store_energy, store_carbon
        What stays inside, from the start to the end. Pass the last row on to trace the next run of
        steps. Shape [T + 1, s].
    left_energy, left_carbon
        What left with vehicles at the end of each step. Shape [T, s].
    store_loss
        Energy lost in each store by standing, charging and discharging. Shape [T, s].
    store_intensity
        At the terminals; 0 for an empty store. Shape [T, s].
    owner_carbon
        Booked to the owners of the stores. Shape [T, s].
    residual
        Carbon brought in less carbon booked anywhere: 0 but for imbalance of the flows given, and
        with `losses="gross"` for what reaches no consumer, because losses take all of it.
        Shape [T].
    node_residual
        Largest imbalance of power at a bus. Shape [T].
    worst_bus
        Where that is. Shape [T].
    bus_residual
        Largest imbalance of power at each bus in any step. Shape [n].
    case, method, visits
        What was traced and how, kept for the questions about shares.
    """

    intensity: Floats
    load_carbon: Floats
    loss_carbon: Floats
    gen_carbon: Floats
    store_energy: Floats
    store_carbon: Floats
    left_energy: Floats
    left_carbon: Floats
    store_loss: Floats
    store_intensity: Floats
    owner_carbon: Floats
    residual: Floats
    node_residual: Floats
    worst_bus: Ints
    bus_residual: Floats
    case: Case
    method: Method
    visits: Visits | None = None

    def source_share(self, bus: int) -> Floats:
        """Return how much of the power at a bus comes from each injection.

        Parameters
        ----------
        bus
            Its number.

        Returns
        -------
        Floats
            Shares; with those of the stores (`store_share`) they sum to 1 in each step, or with
            `losses="gross"` to 1 and the losses on the way. NaN where dead. Shape [T, g].
        """
        return self.shares(np.array([bus]), np.ones(1))[0]

    def store_share(self, bus: int) -> Floats:
        """Return how much of the power at a bus comes from each store; see `source_share`.

        Parameters
        ----------
        bus
            Its number.
        """
        return self.shares(np.array([bus]), np.ones(1))[1]

    def shares(self, bus: Ints, power: Floats) -> tuple[Floats, Floats]:
        """Return how much of the power taken at some buses comes from each source.

        The transposed equations are asked once for all of them: shares add up.

        Parameters
        ----------
        bus, power
            Numbers of buses, and what is taken at each. Shapes [b].

        Returns
        -------
        tuple[Floats, Floats]
            From each injection and from each store; NaN where one of the buses that give something
            is dead. Shapes [T, g] and [T, s].
        """
        arranged = arrange(self.case)
        case, at = arranged.case, incidence(arranged.case)
        places = arranged.row_of_bus[as_places(bus, "bus", case.n_bus)]
        solver, length = _choose_solver(arranged, self.method)
        gens, stores = np.empty_like(case.gen_power), np.empty_like(case.store_power)
        for start, stop in _runs(case.steps, length):
            block, equations = _set_up(case, at, solver, start, stop, transposed=True)
            asked = np.zeros_like(block.power)
            np.add.at(asked, places, power[:, None])
            weight = equations.solve(asked) * block.per_power
            dead = np.where(block.dead[places[power > 0]].any(axis=0), np.nan, 0.0)
            gens[start:stop] = (weight[case.gen_bus] * block.gen + dead).T
            stores[start:stop] = (weight[case.store_bus] * block.discharge + dead).T
        return gens, stores


def trace(  # noqa: PLR0913, PLR0917 - the published contract takes flat arrays
    n_bus: int,
    from_bus: ArrayLike,
    to_bus: ArrayLike,
    p_from: ArrayLike,
    p_to: ArrayLike,
    gen_bus: ArrayLike,
    gen_power: ArrayLike,
    gen_intensity: ArrayLike,
    load_bus: ArrayLike,
    load_power: ArrayLike,
    *,
    stores: Stores | None = None,
    losses: Losses = "branch",
    step_hours: float = 1.0,
    method: Method = "auto",
) -> Tracing:
    """Trace carbon by proportional sharing (Bialek 1996; Kang et al. 2015), step by step.

    Any consistent units: kW, g/kWh and hours, say. A step with NaN in its powers (a power flow that
    failed) is NaN in every result; stores go through it with the mean intensity of its injections.

    Parameters
    ----------
    n_bus
        Number of buses, after fusing closed bus-bus switches.
    from_bus, to_bus, p_from, p_to
        Branches, and active power into them at each end. Shapes [k], [T, k].
    gen_bus, gen_power, gen_intensity
        Import and every injection but the discharge of stores, not negative. Shapes [g], [T, g].
    load_bus, load_power
        Loads and exports, not negative, without the charging of stores. Shapes [l], [T, l].
    stores, step_hours
        Storage, whose carbon couples the steps, and the length of a step.
    losses
        "branch" (carbon emission flow): each branch bears the carbon of its loss. "gross" (Bialek):
        consumers bear it, and intensities can exceed that of every source.
    method
        "sweep" and "lu" agree to rounding; "auto" takes the faster one.

    Raises
    ------
    ValueError
        Shapes do not fit, a bus does not exist, or signs contradict the convention.
    """
    flat = (from_bus, to_bus, p_from, p_to, gen_bus, gen_power, gen_intensity, load_bus, load_power)
    if not step_hours > 0 or n_bus < 1:
        raise ValueError("step_hours must be above 0, and n_bus at least 1")
    case = _check(n_bus, flat, stores, losses)
    return _trace(case, make_tanks(stores or NO_STORES, case.store_power, step_hours), method)


def _trace(case: Case, tanks: Tanks, method: Method) -> Tracing:
    arranged, ledger = arrange(case), Ledger.empty(case, tanks)
    at = incidence(arranged.case)
    solver, length = _choose_solver(arranged, method)
    for start, stop in _runs(case.steps, length):
        block, equations = _set_up(arranged.case, at, solver, start, stop)
        carried = at.gens @ block.emitted
        if case.store_bus.size:
            alone = equations.solve(carried * block.per_power)[arranged.case.store_bus]
            _carry_stores(arranged.case, tanks, ledger, block, equations, alone.T, start)
            carried += at.stores @ (block.discharge * ledger.store_intensity[start:stop].T)
        book(arranged, at, ledger, block, equations.solve(carried * block.per_power), start)
    return Tracing(**ledger.results(case, tanks.visits), case=case, method=method)


def _check(n_bus: int, flat: tuple[ArrayLike, ...], stores: Stores | None, losses: Losses) -> Case:
    from_bus, to_bus, p_from, p_to, gen_bus, gen_power, gen_intensity, load_bus, load_power = flat
    if losses not in ("branch", "gross"):
        raise ValueError(f"losses must be branch or gross, not {losses!r}")
    heads, tails = as_places(from_bus, "from_bus", n_bus), as_places(to_bus, "to_bus", n_bus)
    if heads.size != tails.size:
        raise ValueError("from_bus and to_bus must have the same length")
    given = [np.asarray(table) for table in (p_from, gen_power, load_power)]
    steps = next((table.shape[0] for table in given if table.ndim == 2), 1)
    gens, loads = as_places(gen_bus, "gen_bus", n_bus), as_places(load_bus, "load_bus", n_bus)
    store = stores or NO_STORES
    held = as_places(store.bus, "stores.bus", n_bus)
    case = Case(
        n_bus, heads, tails,
        as_series(p_from, "p_from", heads.size, steps),
        as_series(p_to, "p_to", heads.size, steps),
        gens,
        as_series(gen_power, "gen_power", gens.size, steps),
        as_series(gen_intensity, "gen_intensity", gens.size, steps),
        loads,
        as_series(load_power, "load_power", loads.size, steps),
        held,
        as_series(store.power, "stores.power", held.size, steps),
        losses,
    )  # fmt: skip
    unknown = (case.gen_power > 0) & ~np.isfinite(case.gen_intensity)
    if unknown.any():
        step, gen = (int(i) for i in np.argwhere(unknown)[0])
        raise ValueError(f"gen_intensity of injection {gen} is not a number in step {step}")
    return case


def _runs(steps: int, length: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + length, steps)) for start in range(0, steps, length))


def _choose_solver(arranged: Arranged, method: Method) -> tuple[Solver, int]:
    """Return how to set up the equations of a block, and how many steps a block takes."""
    case, chords = arranged.case, arranged.chords
    if method == "lu" or (method == "auto" and chords.size > MOST_CHORDS):
        return partial(Factors, case, make_pattern(case)), LU_STEPS
    ends = np.concatenate([case.from_bus[chords], case.to_bus[chords]])
    places = np.concatenate([case.store_bus, ends])
    few = case.store_bus.size <= FEW_STORES
    core = between(arranged, places if few else ends).core
    tree = None if few else between(arranged, places)
    answers = core.nodes.size * (chords.size + case.store_bus.size * few)
    widest = max(case.n_bus, case.from_bus.size, case.load_bus.size, answers, 1)
    return partial(Sweeps, arranged, core, tree), max(1, min(BLOCK_CELLS // widest, 4096))


def _set_up(
    case: Case, at: Incidence, solver: Solver, start: int, stop: int, *, transposed: bool = False
) -> tuple[Block, Equations]:
    """Direct the flows of a block and set up its equations, without rings that stand alone."""

    def equations(block: Block) -> Equations:
        weights = weigh(case, block)
        return solver(weights.transposed() if transposed else weights)

    block = make_block(case, at, start, stop)
    try:
        return block, equations(block)
    except LoneRingError:
        block = only_connected(case, at, block)
        return block, equations(block)


def _carry_stores(
    case: Case, tanks: Tanks, ledger: Ledger,
    block: Block, equations: Equations, base: Floats, start: int,
) -> None:  # fmt: skip
    """Carry the stores through a block, knowing what their buses get without them, [B, s]."""
    rows = slice(start, start + block.failed.size)
    if block.failed.any():
        mean = _mean_injection(case, rows.start, rows.stop)
        base = np.where(block.failed[:, None], mean[:, None], base)
    felt = coupled(block.charge, block.discharge)
    unit = block.discharge * block.per_power[case.store_bus]
    feeling = (felt, equations.hearing(unit, felt))
    power = np.nan_to_num(case.store_power[rows])
    course = run_reservoirs(tanks, start, ledger.store_carbon[start], power, base, feeling)
    ledger.store_carbon[start : rows.stop + 1] = course.carbon
    ledger.left_carbon[rows] = course.left
    ledger.store_intensity[rows] = course.intensity
    ledger.owner_carbon[rows] = course.owner


def _mean_injection(case: Case, start: int, stop: int) -> Floats:
    """Return the mean intensity of what is injected, for steps whose flows are not known. [B]."""
    power = np.nan_to_num(case.gen_power[start:stop])
    carbon = (power * np.nan_to_num(case.gen_intensity[start:stop])).sum(axis=1)
    total = power.sum(axis=1)
    mean: Floats = np.divide(carbon, total, out=np.zeros_like(total), where=total > 0)
    return mean
