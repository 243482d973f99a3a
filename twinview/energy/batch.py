"""Runs of steps by power-grid-model: its columns in, a `Flow` out.

Iterative current, because on city grids it is the fastest exact method of the library and agrees
with Newton-Raphson to 6e-10 p.u.; on high-voltage grids it may fail where Newton-Raphson does not,
or find a solution of voltages that no grid could bear (1.7 p.u. on the New England system), so
steps that fail or lie beyond `PLAUSIBLE` are solved anew by Newton-Raphson, at last with wider
tolerances. A failed step leaves
uninitialised memory, which becomes NaN here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from power_grid_model import CalculationMethod, ComponentType, PowerGridModel

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.grid import BRANCHES, Grid, kilowatts

# Largest change of a voltage in p.u. between the last two iterations. 1e-10 leaves a medium-voltage
# node a tenth of a milliwatt open, and the balances of grids closed to 1e-10 of their turnover.
# Newton-Raphson does not always get there; 1e-8 is what other programs ask for.
TOLERANCE = 1e-10
WIDER = (1e-9, 1e-8)
ITERATIONS = 100
PLAUSIBLE = (0.8, 1.2)
"""p.u. between which a solution is taken as it is found."""
BRANCH_OUTPUT = ("p_from", "p_to", "q_from", "q_to", "loading")

Powers = dict[str, Floats]
"""load_p, load_q, gen_p, gen_q in kW and kvar, each [T, devices]."""


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
    load_p, gen_p, gen_q
        What loads take and generators give in fact, in kW and kvar: 0 where switched off or without
        supply. Shapes [T, l], [T, g] and [T, g].
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
    gen_q: Floats
    converged: Bools
    energized: Bools


def rows_of(part: Powers, steps: Ints) -> Powers:
    """Return the powers of some steps."""
    return {name: table[steps] for name, table in part.items()}


def joined(parts: Sequence[Flow]) -> Flow:
    """Return the flows of runs of steps as that of all their steps.

    Parameters
    ----------
    parts
        Of one grid, in their order, at least one.
    """
    if len(parts) == 1:
        return parts[0]
    series = [one.name for one in fields(Flow) if one.name != "energized"]
    tables = {name: np.concatenate([getattr(part, name) for part in parts]) for name in series}
    return Flow(**tables, energized=parts[0].energized)


def solve_run(model: PowerGridModel, grid: Grid, part: Powers, threads: int) -> Flow:
    """Solve a run of steps; doubtful ones once more by Newton-Raphson, which starts nearer.

    Parameters
    ----------
    model, grid, part, threads
        As in `batch`.
    """
    flow = batch(model, grid, part, threads, CalculationMethod.iterative_current)
    live = np.where(grid.energized, flow.voltage, 1.0)
    plausible = ((live > PLAUSIBLE[0]) & (live < PLAUSIBLE[1])).all(axis=1)
    doubtful = ~(flow.converged & plausible)
    for tolerance in (TOLERANCE, *WIDER):
        again = np.flatnonzero(doubtful)
        if again.size:
            method, chosen = CalculationMethod.newton_raphson, rows_of(part, again)
            other = batch(model, grid, chosen, threads, method, tolerance=tolerance)
            for one in fields(Flow):
                if one.name != "energized":
                    getattr(flow, one.name)[again] = getattr(other, one.name)
            doubtful = ~flow.converged
    return flow


def batch(
    model: PowerGridModel,
    grid: Grid,
    part: Powers,
    threads: int,
    method: CalculationMethod,
    *,
    sources: dict[str, Any] | None = None,
    tolerance: float = TOLERANCE,
) -> Flow:
    """Solve a run of steps by one method.

    Parameters
    ----------
    model, grid
        The grid, as the library holds it and as tables.
    part
        Powers of the steps.
    threads
        Threads of the solver; 0 for one on each processor.
    method
        The method.
    sources
        Columns of the sources that differ between the steps.
    tolerance
        Largest change of a voltage in the last iteration, p.u.
    """
    steps = part["load_p"].shape[0]
    columns: dict[Any, Any] = {}
    converged = np.ones(steps, dtype=np.bool_)
    if steps:
        columns = model.calculate_power_flow(
            error_tolerance=tolerance,
            max_iterations=ITERATIONS,
            calculation_method=method,
            update_data=updates(part) | ({ComponentType.source: sources} if sources else {}),
            threading=-1 if threads == 1 else threads,
            output_component_types=_wanted_output(grid),
            continue_on_batch_error=True,
        )
        if model.batch_error is not None:
            converged[np.asarray(model.batch_error.failed_scenarios, dtype=np.int64)] = False
    return _read(grid, columns, converged)


def updates(part: Powers) -> dict[Any, Any]:
    """Return powers as the library takes them.

    Parameters
    ----------
    part
        Powers of some steps.
    """
    named = ((ComponentType.sym_load, "load"), (ComponentType.sym_gen, "gen"))
    return {
        component: _update(part[f"{name}_p"], part[f"{name}_q"])
        for component, name in named
        if part[f"{name}_p"].shape[1]
    }


def _update(p: Floats, q: Floats) -> dict[str, Floats]:
    """Return columns in watts; without ids they count for all rows in their order."""
    return {"p_specified": p * 1e3, "q_specified": q * 1e3}


def _wanted_output(grid: Grid) -> dict[ComponentType, Any]:
    wanted = {"node": ("u_pu",), "source": ("p", "q")} | dict.fromkeys(BRANCHES, BRANCH_OUTPUT)
    wanted |= {"sym_load": ("p",), "sym_gen": ("p", "q")}
    return {
        ComponentType(name): list(attributes)
        for name, attributes in wanted.items()
        if grid.ids(name).size
    }


def _read(grid: Grid, columns: dict[Any, Any], converged: Bools) -> Flow:
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
        gen_q=kilowatts(column("sym_gen", "q")),
        converged=converged,
        energized=grid.energized,
    )
