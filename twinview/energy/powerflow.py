"""Power flow of many steps at once, by power-grid-model.

Iterative current, because on city grids it is the fastest exact method of the library and agrees
with Newton-Raphson to 6e-10 p.u.; on high-voltage grids it may fail where Newton-Raphson does not,
so failed steps are tried once more that way. Three traps are closed here: NaN in an update silently
means "as before", so it is refused; a failed step leaves uninitialised memory, so it becomes NaN;
and the default source is not stiff (see `grid`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from power_grid_model import (
    CalculationMethod,
    ComponentType,
    PowerGridModel,
)

from twinview.energy.arrays import Bools, Floats, as_series
from twinview.energy.grid import (
    BRANCHES,
    Finding,
    Grid,
    check,
    kilowatts,
    with_ideal_sources,
)
from twinview.progress import Progress

__all__ = ["BRANCHES", "Chunk", "Finding", "Flow", "Grid", "Injections", "check", "solve",
           "solve_chunks"]  # fmt: skip

# 1e-10 no longer converges on medium-voltage grids; 1e-9 leaves a node about a milliwatt open.
TOLERANCE = 1e-9
ITERATIONS = 100
BATCH_BYTES = 256 * 2**20
BRANCH_OUTPUT = ("p_from", "p_to", "q_from", "q_to", "loading")


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


@dataclass(frozen=True, eq=False)
class Flow:
    """What flows. NaN throughout in a step that did not converge.

    Parameters
    ----------
    voltage
        Magnitude in p.u.; 0 at nodes without supply. Shape [T, n].
    p_from, p_to, q_from, q_to
        Power into each branch at its ends, in kW and kvar; branches in the order of `BRANCHES`.
        Shape [T, k].
    loading
        Share of the rating: current over rated current for lines (the larger end), apparent power
        over rated power for transformers and generic branches; NaN for links. Shape [T, k].
    loss
        Sum of the branches' losses in kW. Shape [T].
    source_p, source_q
        Delivered by each source (negative: taken back), in kW and kvar. Shape [T, sources].
    load_p, gen_p
        What loads take and generators give in fact, in kW: 0 where switched off or without supply.
        Shapes [T, l] and [T, g].
    converged
        Shape [T].
    energized
        Whether a node has supply; the same in all steps. Shape [n].
    """

    voltage: Floats
    p_from: Floats
    p_to: Floats
    q_from: Floats
    q_to: Floats
    loading: Floats
    loss: Floats
    source_p: Floats
    source_q: Floats
    load_p: Floats
    gen_p: Floats
    converged: Bools
    energized: Bools


class Chunk(NamedTuple):
    """A run of solved steps: the first, the flows, and the share of all steps done by now."""

    start: int
    flow: Flow
    done: float


def solve(
    network: Grid,
    injections: Injections,
    *,
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
    for _, flow, done in solve_chunks(network, injections, threads=threads):
        parts.append(flow)
        if progress is not None:
            progress(Progress(done))
    if len(parts) == 1:
        return parts[0]
    series = [field.name for field in fields(Flow) if field.name != "energized"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in series}
    return Flow(**joined, energized=parts[0].energized)


def solve_chunks(
    network: Grid,
    injections: Injections,
    *,
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
    fatal = [finding.message for finding in check(network) if finding.fatal]
    if fatal:
        raise ValueError("; ".join(fatal))
    tables = _check_injections(network, injections)
    grid = with_ideal_sources(network)
    filled = {ComponentType(name): table for name, table in grid.tables.items() if table.size}
    model = PowerGridModel(filled)
    steps = tables["load_p"].shape[0]
    length = max(1, max_bytes // _bytes_of_step(grid))
    for start in range(0, max(steps, 1), length):
        stop = min(start + length, steps)
        part = {name: table[start:stop] for name, table in tables.items()}
        yield Chunk(start, _solve_run(model, grid, part, threads), stop / max(steps, 1))


def _check_injections(grid: Grid, injections: Injections) -> dict[str, Floats]:
    tables: dict[str, Floats] = {}
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


def _solve_run(model: PowerGridModel, grid: Grid, part: dict[str, Floats], threads: int) -> Flow:
    """Solve a run of steps; those that fail once more by Newton-Raphson, which starts nearer."""
    flow = _batch(model, grid, part, threads, CalculationMethod.iterative_current)
    failed = np.flatnonzero(~flow.converged)
    if failed.size:
        again = {name: table[failed] for name, table in part.items()}
        other = _batch(model, grid, again, threads, CalculationMethod.newton_raphson)
        for one in fields(Flow):
            if one.name != "energized":
                getattr(flow, one.name)[failed] = getattr(other, one.name)
    return flow


def _batch(
    model: PowerGridModel,
    grid: Grid,
    part: dict[str, Floats],
    threads: int,
    method: CalculationMethod,
) -> Flow:
    steps = part["load_p"].shape[0]
    update: dict[Any, Any] = {}
    if part["load_p"].shape[1]:
        update[ComponentType.sym_load] = _update(part["load_p"], part["load_q"])
    if part["gen_p"].shape[1]:
        update[ComponentType.sym_gen] = _update(part["gen_p"], part["gen_q"])
    columns: dict[Any, Any] = {}
    converged = np.ones(steps, dtype=np.bool_)
    if steps:
        columns = model.calculate_power_flow(
            error_tolerance=TOLERANCE,
            max_iterations=ITERATIONS,
            calculation_method=method,
            update_data=update,
            threading=-1 if threads == 1 else threads,
            output_component_types=_wanted_output(grid),
            continue_on_batch_error=True,
        )
        if model.batch_error is not None:
            converged[np.asarray(model.batch_error.failed_scenarios, dtype=np.int64)] = False
    return _read(grid, part, columns, converged)


def _update(p: Floats, q: Floats) -> dict[str, Floats]:
    """Return columns in watts; without ids they count for all rows in their order."""
    return {"p_specified": p * 1e3, "q_specified": q * 1e3}


def _wanted_output(grid: Grid) -> dict[ComponentType, Any]:
    wanted = {"node": ("u_pu",), "source": ("p", "q")} | dict.fromkeys(BRANCHES, BRANCH_OUTPUT)
    wanted |= dict.fromkeys(("sym_load", "sym_gen"), ("p",))
    return {
        ComponentType(name): list(attributes)
        for name, attributes in wanted.items()
        if grid.ids(name).size
    }


def _read(grid: Grid, part: dict[str, Floats], columns: dict[Any, Any], converged: Bools) -> Flow:
    """Turn the library's columns into a `Flow`, with NaN in failed steps."""

    def column(component: str, attribute: str) -> Floats:
        size = grid.ids(component).size
        if ComponentType(component) not in columns:
            return np.zeros((converged.size, size))
        values = columns[ComponentType(component)][attribute]
        found = np.array(values, dtype=np.float64).reshape(converged.size, size)
        found[~converged] = np.nan
        return found

    def branches(attribute: str) -> Floats:
        return np.concatenate([column(name, attribute) for name in BRANCHES], axis=1)

    p_from, p_to = kilowatts(branches("p_from")), kilowatts(branches("p_to"))
    loading = branches("loading")
    # The library says 0; a link has no rating, which is another thing.
    loading[:, grid.is_link] = np.nan
    return Flow(
        voltage=column("node", "u_pu"),
        p_from=p_from,
        p_to=p_to,
        q_from=kilowatts(branches("q_from")),
        q_to=kilowatts(branches("q_to")),
        loading=loading,
        loss=(p_from + p_to).sum(axis=1),
        source_p=kilowatts(column("source", "p")),
        source_q=kilowatts(column("source", "q")),
        load_p=kilowatts(column("sym_load", "p")),
        gen_p=kilowatts(column("sym_gen", "p")),
        converged=converged,
        energized=grid.energized,
    )
