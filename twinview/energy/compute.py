"""The whole pass: powers, stores, power flow, tracing, balance, run after run of steps."""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from twinview.energy import sited
from twinview.energy.ahead import Crew, Threads, Workers, ahead
from twinview.energy.arrays import Bools, Floats
from twinview.energy.balance import Balance, balance_of
from twinview.energy.district import District
from twinview.energy.fields import EMPTY, fields_of
from twinview.energy.following import (
    Follower,
    Stretch,
    device_gaps,
    given_powers,
    make_stretch,
    reservoirs,
)
from twinview.energy.gaps import blanked, lacking, spread
from twinview.energy.given import Assumptions, import_intensity
from twinview.energy.netting import Netted
from twinview.energy.powerflow import Flow, Injections, solve
from twinview.energy.run import Beside, Run
from twinview.energy.sited import net_sites
from twinview.energy.steering import Steering, Storing
from twinview.energy.tracing import Tracing, trace

__all__ = ["EMPTY", "Assumptions", "Beside", "Followed", "Run", "compute", "compute_run",
           "flow_of", "follow_steps", "injections_of", "paced", "run_length", "run_of", "trace_of",
           "traced_run"]  # fmt: skip

RUN_BYTES = 64 * 2**20
"""Room for the arrays of a run: a year of a town in tens of runs, a city in parts of a second."""
SMALL = 2_000
"""Nodes up to which longer runs spare what each of them costs."""
SHORTEST, MORE = 4, 8
"""Steps that even a city computes together, where that takes no more than so many times the room:
they share a factorisation."""


def compute(
    district: District, steps: range, assumptions: Assumptions, workers: Workers | None = None
) -> Iterator[Run]:
    """Compute a span, run after run, so that memory stays bounded and the caller can stop between.

    Where there are stores, runs before the span may come first: their contents are those of a
    computation from the district's first step (see `following`).

    Parameters
    ----------
    district
        The network.
    steps
        Steps of `district.time`.
    assumptions
        Choices.
    workers
        Who solves the power flow; threads of this process by default.

    Raises
    ------
    ValueError
        The network cannot be solved; the sentence names the element.
    """
    with closing(paced(district, steps, assumptions, workers)) as runs:
        yield from (run for run in runs if run is not None)


def paced(
    district: District, steps: range, assumptions: Assumptions, workers: Workers | None = None
) -> Generator[Run | None]:
    """Compute a span as `compute` does; None comes whenever a run has to be waited for.

    Parameters
    ----------
    district, steps, assumptions, workers
        As in `compute`.
    """
    length = run_length(district)
    follower = Follower(district, assumptions, length)
    first = yield from follower.beginning(steps.start)
    carbon = follower.energy(first) * assumptions.store_intensity
    runs = [*cut(range(first, steps.start), length), *cut(steps, length)]
    stretches = map(follower.stretch, runs)
    jobs = ((one, injections_of(district, one)) for one in stretches)
    engaged = (workers or Threads()).engage(district.grid, district.control, len(runs))
    with engaged as crew, closing(ahead(crew, jobs)) as flows:
        for found in flows:
            if found is None:
                yield None
                continue
            stretch, flow = found
            whole = spread(flow, stretch.known)
            run = traced_run(district, stretch, whole, assumptions, carbon)
            carbon = run.carbon
            yield run


def cut(steps: range, length: int) -> list[range]:
    """Return the runs, of at most `length` steps each, in which a span is computed."""
    return [
        range(start, min(start + length, steps.stop))
        for start in range(steps.start, steps.stop, length)
    ]


def compute_run(
    district: District,
    steps: range,
    assumptions: Assumptions,
    inside: tuple[Floats, Floats],
    steering: Steering,
    crew: Crew | None = None,
    known: Bools | None = None,
) -> tuple[Run, Floats, Floats]:
    """Compute one run of steps; return it with the content of the stores at its end.

    Parameters
    ----------
    district
        The network.
    steps
        Of `district.time`.
    assumptions
        Choices.
    inside
        Energy (kWh) and carbon (g) in the stores at the start. Shape [s] each.
    steering
        What runs the stores.
    crew
        Who solves the power flow; this thread where nobody is named.
    known
        Which steps can be computed as far as other networks go; None for all. Shape [T].

    Raises
    ------
    ValueError
        The network cannot be solved; the sentence names the element.
    """
    energy, carbon = inside
    stretch = make_stretch(district, steps, energy, steering, known)
    flow = flow_of(district, stretch, crew)
    run = traced_run(district, stretch, flow, assumptions, carbon)
    return run, stretch.storing.energy[-1], run.carbon


@dataclass(frozen=True, eq=False)
class Followed:
    """Flows of a run of steps and where their carbon goes; what `Run` is made from."""

    flow: Flow
    netted: Netted
    traced: Tracing


def follow_steps(
    district: District, steps: range, storing: Storing, assumptions: Assumptions, carbon: Floats
) -> Followed:
    """Compute a few steps again, to show what their results are made of.

    Parameters
    ----------
    district
        The network.
    steps
        Of `district.time`.
    storing
        What the stores did in them, and their content from start to end. Shapes [T, s], [T + 1, s].
    assumptions
        Choices of the computation.
    carbon
        In the stores at the start, g. Shape [s].
    """
    load, gen = given_powers(district, steps)
    gaps = device_gaps(district, load, gen)
    stretch = Stretch(steps, load, gen, storing, ~lacking(gaps, len(steps)), gaps)
    flow = flow_of(district, stretch)
    return Followed(flow, *trace_of(district, stretch, flow, assumptions, carbon))


def run_length(district: District) -> int:
    """Return how many steps are computed at a time, so that their arrays fit into `RUN_BYTES`.

    Parameters
    ----------
    district
        The network.
    """
    grid = district.grid
    devices = len(district.loads) + len(district.gens) + len(district.stores)
    sites = district.sites.size
    sites = int(district.active.sum()) if sites > sited.MANY_SITES else sites
    branches, nodes = grid.branch_ids.size + sites, grid.ids("node").size + sites
    # A large grid gains nothing by longer runs, and whoever gives up waits for one.
    room = RUN_BYTES if nodes <= SMALL else RUN_BYTES // 2
    # Numbers of 8 bytes that a step needs at once, in the power flow, its columns and the tracing.
    numbers = 16 * branches + 6 * nodes + 12 * devices
    step = 8 * max(numbers, 1)
    length = max(room // step, min(SHORTEST, MORE * RUN_BYTES // step), 1)
    return min(length, district.time.count)


def run_of(district: District, stretch: Stretch, assumptions: Assumptions, carbon: Floats) -> Run:
    """Compute a stretch: power flow, tracing, balance.

    Parameters
    ----------
    district
        The network.
    stretch
        Powers, and what the stores do.
    assumptions
        Choices.
    carbon
        What the stores hold at its start. Shape [s].

    Raises
    ------
    ValueError
        The network cannot be solved.
    """
    return traced_run(district, stretch, flow_of(district, stretch), assumptions, carbon)


def traced_run(
    district: District, stretch: Stretch, flow: Flow, assumptions: Assumptions, carbon: Floats
) -> Run:
    """Return the results of a stretch whose power flow is known: tracing and balance.

    Parameters
    ----------
    district, stretch, assumptions, carbon
        As in `run_of`.
    flow
        Its power flow.
    """
    netted, traced = trace_of(district, stretch, flow, assumptions, carbon)
    return Run(
        stretch.steps.start,
        stretch.steps.stop,
        {key: blanked(values, stretch.known)
         for key, values in fields_of(
             district, flow, netted, traced, stretch.storing.visiting).items()},
        _closed(district, traced),
        flow.converged,
        _imbalance(district, netted, traced),
        traced.load_carbon[:, : len(district.loads)] * 1e-3,
        traced.store_carbon[-1],
        gaps=stretch.gaps,
    )  # fmt: skip


def flow_of(district: District, stretch: Stretch, crew: Crew | None = None) -> Flow:
    """Return the power flow of a stretch, without flows where a power is missing.

    Parameters
    ----------
    district
        The network.
    stretch
        Its powers.
    crew
        Who solves it; this thread where nobody is named.
    """
    injections = injections_of(district, stretch)
    if crew is not None:
        return spread(crew.solve(injections), stretch.known)
    flow = solve(district.grid, injections, control=district.control, threads=0)
    return spread(flow, stretch.known)


def injections_of(district: District, stretch: Stretch) -> Injections:
    """Return the powers of the known steps as the grid takes them: stores stand behind the loads.

    Parameters
    ----------
    district
        The network.
    stretch
        Its powers.
    """
    load, gen, storing = stretch.load, stretch.gen, stretch.storing
    consumers = np.concatenate([load, storing.power], axis=1)
    drawn = district.loads.reactive(load, stretch.steps)
    reactive = np.concatenate([drawn, np.zeros_like(storing.power)], axis=1)
    tables = (consumers, reactive, gen, district.gens.reactive(gen, stretch.steps))
    if stretch.known.all():
        return Injections(*tables)
    return Injections(*(table[stretch.known] for table in tables))


def trace_of(
    district: District, stretch: Stretch, flow: Flow, assumptions: Assumptions, carbon: Floats
) -> tuple[Netted, Tracing]:
    """Return the carbon of a stretch; a load that gives counts as an injection free of carbon.

    Parameters
    ----------
    district
        The network.
    stretch, flow
        Its powers and their flow.
    assumptions
        Choices.
    carbon
        What the stores hold at the start. Shape [s].
    """
    storing, sources = stretch.storing, district.place[district.sources.bus]
    netted = net_sites(district, stretch, flow, assumptions.netting)
    load, gen = flow.load_p[:, : len(district.loads)], flow.gen_p
    # Few loads ever give and few generators ever take, so only those stand on the other side too.
    giving, taking = (np.flatnonzero((table < 0).any(axis=0)) for table in (load, gen))
    given = [import_intensity(district, stretch.steps, assumptions)]
    given += [np.broadcast_to(district.gen_intensity, gen.shape)]
    given += [np.zeros((len(stretch.steps), giving.size))]
    injected = np.concatenate([flow.source_p, gen, -load[:, giving]], axis=1)
    drawn = np.concatenate([load, -gen[:, taking], -flow.source_p], axis=1)
    traced = trace(
        netted.n_bus,
        netted.from_bus,
        netted.to_bus,
        netted.p_from,
        netted.p_to,
        np.concatenate([sources, netted.gen_bus, netted.load_bus[giving]]),
        np.maximum(injected, 0.0, out=injected),
        np.concatenate(given, axis=1),
        np.concatenate([netted.load_bus, netted.gen_bus[taking], sources]),
        np.maximum(drawn, 0.0, out=drawn),
        stores=reservoirs(district, netted.store_bus, storing, carbon, assumptions),
        losses=assumptions.losses,
        step_hours=district.hours,
    )
    return netted, traced


def _closed(district: District, traced: Tracing) -> Balance:
    gens = traced.case.gen_bus.size
    loads = traced.case.load_bus.size
    sources = len(district.sources)
    return balance_of(
        traced, np.arange(gens) < sources, np.arange(loads) >= loads - sources, district.hours
    )


def _imbalance(district: District, netted: Netted, traced: Tracing) -> Floats:
    """Return the largest imbalance at each node; that of a site counts at its node. [n]."""
    largest = traced.bus_residual
    real: Floats = largest[district.place]
    if district.sites.size:
        np.maximum.at(real, district.sites, largest[netted.building_bus])
    return real
