"""Power flow of many steps at once, by power-grid-model.

Two traps are closed here: NaN in an update silently means "as before", so it is refused; and the
default source is not stiff (see `grid`).
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from power_grid_model import ComponentType, PowerGridModel

from twinview.energy.arrays import Floats, as_series
from twinview.energy.batch import BRANCH_OUTPUT, Flow, Powers, joined, solve_run
from twinview.energy.grid import BRANCHES, Finding, Grid, check, with_ideal_sources
from twinview.energy.holding import held_run
from twinview.energy.voltage import Control
from twinview.progress import Progress

__all__ = ["BRANCHES", "Chunk", "Finding", "Flow", "Grid", "Injections", "Ready", "check", "solve",
           "solve_chunks"]  # fmt: skip

BATCH_BYTES = 256 * 2**20


@dataclass(frozen=True, eq=False)
class Injections:
    """Power of loads and generators in kW and kvar, in the row order of the grid's tables.

    Parameters
    ----------
    load_p, load_q
        Consumption of each sym_load. Shape [T, l].
    gen_p, gen_q
        Feed-in of each sym_gen. Shape [T, g].
    """

    load_p: ArrayLike
    load_q: ArrayLike
    gen_p: ArrayLike
    gen_q: ArrayLike

    def rows(self, steps: slice) -> "Injections":
        """Return the powers of some steps.

        Parameters
        ----------
        steps
            Which.
        """
        tables = (self.load_p, self.load_q, self.gen_p, self.gen_q)
        return Injections(*(np.asarray(table)[steps] for table in tables))


class Chunk(NamedTuple):
    """A run of solved steps: the first, the flows, and the share of all steps done by now."""

    start: int
    flow: Flow
    done: float


def solve(
    network: Grid,
    injections: Injections,
    *,
    control: Control | None = None,
    progress: Callable[[Progress], None] | None = None,
    threads: int = 1,
) -> Flow:
    """Solve all steps; see `solve_chunks` for years of large grids.

    Parameters
    ----------
    network
        The grid.
    injections
        Power of loads and generators.
    control
        As in `solve_chunks`.
    progress
        Told after each chunk.
    threads
        As in `solve_chunks`.

    Raises
    ------
    ValueError
        As in `solve_chunks`.
    """
    parts = []
    for _, flow, done in solve_chunks(network, injections, control=control, threads=threads):
        parts.append(flow)
        if progress is not None:
            progress(Progress(done))
    return joined(parts)


def solve_chunks(
    network: Grid,
    injections: Injections,
    *,
    control: Control | None = None,
    threads: int = 1,
    max_bytes: int = BATCH_BYTES,
) -> Iterator[Chunk]:
    """Solve run after run of steps, so that memory stays bounded and the caller can stop between.

    Parameters
    ----------
    network
        The grid.
    injections
        Power of loads and generators.
    control
        Generators that hold a voltage; their reactive power in `injections` is where the search
        begins. A step in which they do not settle does not converge.
    threads
        Threads of the solver; 0 for one on each processor.
    max_bytes
        Room for input and output of one run.

    Raises
    ------
    ValueError
        The grid has a fatal finding, a shape does not fit, or a power is not a number. Raised at
        the first step of the iteration.
    """
    yield from Ready(network, control).chunks(injections, threads, max_bytes)


class Ready:
    """A grid that was checked once, to be solved many times and by many threads.

    Parameters
    ----------
    network
        The grid.
    control
        As in `solve_chunks`.

    Raises
    ------
    ValueError
        The grid has a fatal finding.
    """

    def __init__(self, network: Grid, control: Control | None = None) -> None:
        fatal = [finding.message for finding in check(network) if finding.fatal]
        if fatal:
            raise ValueError("; ".join(fatal))
        self._grid = with_ideal_sources(network)
        self._control = control
        self._own = threading.local()

    def __getstate__(self) -> tuple[Grid, Control | None]:
        """Return what another process needs: a model is made there."""
        return self._grid, self._control

    def __setstate__(self, state: tuple[Grid, Control | None]) -> None:
        """Take what another process sent; it was checked there."""
        self._grid, self._control = state
        self._own = threading.local()

    def solve(self, injections: Injections, threads: int = 1) -> Flow:
        """Solve all steps.

        Parameters
        ----------
        injections
            Power of loads and generators.
        threads
            As in `solve_chunks`.

        Raises
        ------
        ValueError
            A shape does not fit, or a power is not a number.
        """
        return joined([flow for _, flow, _ in self.chunks(injections, threads)])

    def chunks(
        self, injections: Injections, threads: int = 1, max_bytes: int = BATCH_BYTES
    ) -> Iterator[Chunk]:
        """Solve run after run of steps; see `solve_chunks`.

        Parameters
        ----------
        injections, threads, max_bytes
            As there.
        """
        tables = _check_injections(self._grid, injections)
        steps = tables["load_p"].shape[0]
        length = max(1, max_bytes // _bytes_of_step(self._grid))
        for start in range(0, max(steps, 1), length):
            stop = min(start + length, steps)
            part = {name: table[start:stop] for name, table in tables.items()}
            yield Chunk(start, self._solved(part, threads), stop / max(steps, 1))

    def _solved(self, part: Powers, threads: int) -> Flow:
        control = self._control
        if control is None or not control.gen.size or not len(part["load_p"]):
            return solve_run(self._model(), self._grid, part, threads)
        return held_run(self._model(), self._grid, part, threads, control)

    def _model(self) -> PowerGridModel:
        """Return this thread's own model: the library does not say that one serves several."""
        if not hasattr(self._own, "model"):
            tables = self._grid.tables.items()
            self._own.model = PowerGridModel(
                {ComponentType(name): table for name, table in tables if table.size}
            )
        model: PowerGridModel = self._own.model
        return model


def _check_injections(grid: Grid, injections: Injections) -> Powers:
    tables: Powers = {}
    steps = None
    for name in ("load_p", "load_q", "gen_p", "gen_q"):
        ids = grid.ids("sym_load" if name.startswith("load") else "sym_gen")
        given = np.asarray(getattr(injections, name), dtype=np.float64)
        if given.size or ids.size:
            table = as_series(given, name, ids.size, steps)
            steps = table.shape[0]
            _refuse_holes(table, name, ids)
            tables[name] = table
    return {name: tables.get(name, np.zeros((steps or 0, 0))) for name in
            ("load_p", "load_q", "gen_p", "gen_q")}  # fmt: skip


def _refuse_holes(table: Floats, name: str, ids: NDArray[Any]) -> None:
    holes = np.argwhere(~np.isfinite(table))
    if holes.size:
        step, row = (int(i) for i in holes[0])
        raise ValueError(
            f"{name} of element {int(ids[row])} is not a number in step {step} "
            f"({len(holes)} such values): fill the gaps first, a missing value is not zero"
        )


def _bytes_of_step(grid: Grid) -> int:
    """Return what one step takes: the library's records in, its columns out, and ours."""
    branches = grid.branch_ids.size * len(BRANCH_OUTPUT) * 8
    devices = (grid.ids("sym_load").size + grid.ids("sym_gen").size) * (24 + 8)
    return 2 * (branches + grid.ids("node").size * 8) + devices + 64
