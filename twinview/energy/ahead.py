"""Power flows of runs of steps, side by side and a few ahead of whoever uses them.

What the stores do follows by rule, so the power flow of a run depends on no other run: arrays in,
arrays out, solved by threads here or by a cluster. Tracing takes the flows in their order. A step
is solved by itself, so the numbers are the same to the last bit whoever solves it, in whatever
company.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from threading import Event
from typing import Protocol, TypeVar

import numpy as np

from twinview.energy.batch import Flow, joined
from twinview.energy.grid import Grid
from twinview.energy.powerflow import Injections, Ready
from twinview.energy.voltage import Control
from twinview.priority import step_back

BEAT = 0.1
"""Seconds after which waiting is interrupted, so that it can be given up."""
MOST = 8
"""Threads that solve: each has a run in memory."""

PARTS = 8
"""Parts of a run of steps that is solved by itself."""

SLICE = 0.2
"""Seconds of solving after which a thread looks whether its work is still wanted."""
FIRST = 20_000
"""Nodes times steps that are solved at once before the pace is known."""

T = TypeVar("T")


class GivenUpError(Exception):
    """Nobody waits for this flow any more."""


class Pace:
    """How many steps of a grid are solved in a `SLICE`, by what the last ones took.

    Parameters
    ----------
    nodes
        Of the grid.
    """

    def __init__(self, nodes: int) -> None:
        self.steps = max(1, FIRST // max(nodes, 1))

    def took(self, steps: int, seconds: float) -> None:
        """Note what some steps took.

        Parameters
        ----------
        steps, seconds
            How many, and how long.
        """
        fitting = int(steps * SLICE / max(seconds, 1e-6))
        self.steps = max(1, min(fitting, 4 * self.steps))


class Solver(Protocol):
    """A grid that is ready to be solved (`powerflow.Ready`)."""

    def solve(self, injections: Injections, threads: int = 1) -> Flow:
        """Solve all steps."""


def in_slices(ready: Solver, injections: Injections, threads: int, pace: Pace, over: Event) -> Flow:
    """Solve a run of steps a slice at a time: a step is solved by itself, so nothing changes.

    Parameters
    ----------
    ready, injections, threads
        As `Ready.solve` takes them.
    pace
        Of this grid.
    over
        Set when nobody waits any more.

    Raises
    ------
    GivenUpError
        Nobody waits any more; within a slice.
    """
    steps, at, parts = len(np.asarray(injections.load_p)), 0, list[Flow]()
    while at < steps or not parts:
        if over.is_set():
            raise GivenUpError
        stop = min(at + pace.steps, steps)
        begun = time.perf_counter()
        parts.append(ready.solve(injections.rows(slice(at, stop)), threads))
        pace.took(stop - at, time.perf_counter() - begun)
        at = stop
    return joined(parts)


class Pending(Protocol):
    """A flow that is being solved."""

    def result(self, timeout: float | None = None) -> Flow:
        """Return the flow; raise TimeoutError when it is not there in time."""

    def cancel(self) -> object:
        """Give it up if it has not begun."""


@dataclass(frozen=True)
class Crew:
    """Whoever solves the flows of one grid.

    Parameters
    ----------
    submit
        Takes the powers of a run of steps.
    width
        How many runs are worth having under way.
    """

    submit: Callable[[Injections], Pending]
    width: int

    def solve(self, injections: Injections) -> Flow:
        """Solve one run of steps in parts, always the same ones whoever solves them.

        Parameters
        ----------
        injections
            Power of loads and generators.
        """
        steps = len(np.asarray(injections.load_p))
        edges = np.linspace(0, steps, min(PARTS, max(steps, 1)) + 1).astype(int)
        parts = [injections.rows(slice(a, b)) for a, b in pairwise(edges)]
        waiting = [self.submit(part) for part in parts]
        return joined([one.result() for one in waiting])


class Workers(Protocol):
    """Threads here, or a cluster."""

    def engage(
        self, grid: Grid, control: Control | None, runs: int
    ) -> AbstractContextManager[Crew]:
        """Make ready for a grid.

        Parameters
        ----------
        grid, control
            The grid, and generators that hold a voltage.
        runs
            How many runs of steps there will be.
        """


@dataclass(frozen=True)
class Threads:
    """Threads of this process; the solver works outside the interpreter's lock.

    Parameters
    ----------
    count
        How many; 0 for one on each processor, up to `MOST`.
    """

    count: int = 0

    @contextmanager
    def engage(self, grid: Grid, control: Control | None, runs: int) -> Iterator[Crew]:
        """Make ready for a grid; see `Workers`."""
        ready = Ready(grid, control)
        processors = os.cpu_count() or 1
        width = max(1, min(self.count or min(processors, MOST), runs))
        each = 1 if self.count else max(1, processors // width)
        pool = ThreadPoolExecutor(width, "power flow", initializer=step_back)
        pace, over = Pace(grid.ids("node").size), Event()

        def solve(injections: Injections) -> Flow:
            if control is not None and control.gen.size:  # voltages are sought for a run together
                return ready.solve(injections, each)
            return in_slices(ready, injections, each, pace, over)

        try:
            yield Crew(lambda injections: pool.submit(solve, injections), width)
            pool.shutdown()
        finally:
            # Whoever gives up does not wait for the slices under way, which cannot be stopped.
            over.set()
            pool.shutdown(wait=False, cancel_futures=True)


def ahead(crew: Crew, jobs: Iterable[tuple[T, Injections]]) -> Generator[tuple[T, Flow] | None]:
    """Give each job with its flow, in their order; None where one has to be waited for.

    Parameters
    ----------
    crew
        Whoever solves.
    jobs
        Anything, and the powers that belong to it. Taken as they are needed: beside the one that is
        waited for, as many as the crew is wide.

    Raises
    ------
    ValueError
        A flow cannot be solved.
    """
    waiting: deque[tuple[T, Pending]] = deque()
    try:
        for job, injections in jobs:
            waiting.append((job, crew.submit(injections)))
            if len(waiting) > crew.width:
                yield from _next(waiting)
        while waiting:
            yield from _next(waiting)
    finally:
        for _job, pending in waiting:
            pending.cancel()


def _next(waiting: deque[tuple[T, Pending]]) -> Iterator[tuple[T, Flow] | None]:
    job, pending = waiting[0]
    while True:
        try:
            flow = pending.result(timeout=BEAT)
        except TimeoutError:
            yield None
        else:
            break
    waiting.popleft()
    yield job, flow
