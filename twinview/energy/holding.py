"""Runs of steps in which generators hold voltages (see `voltage`)."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from power_grid_model import (
    CalculationMethod,
    ComponentType,
    PowerGridModel,
    initialize_array,
)

from twinview.energy.arrays import Floats, Ints
from twinview.energy.batch import WIDER, Flow, Powers, batch, rows_of, updates
from twinview.energy.grid import IDEAL_SK, Grid
from twinview.energy.voltage import Answer, Control, hold


def held_run(
    model: PowerGridModel, grid: Grid, part: Powers, threads: int, control: Control
) -> Flow:
    """Solve a run of steps with the voltages held; a step in which that fails does not converge.

    Parameters
    ----------
    model, grid
        The grid.
    part
        Powers of the steps; the reactive power of generators that hold a voltage does not matter.
    threads
        As in `batch`.
    control
        Which generators hold what.
    """
    extended = _with_sources(grid, control)
    filled = {ComponentType(name): one for name, one in extended.tables.items() if one.size}
    stiff = _Stiff(PowerGridModel(filled), extended, part, threads, control)
    scale = float(max(np.abs(part[name]).sum(axis=1).max() for name in ("load_p", "gen_p")))
    held = hold(control, _angles(model, part, threads)[:, control.node], stiff.probe, scale or 1.0)
    flow = stiff.flow(np.arange(len(held.done)), held.angle, held.limit)
    flow = _without_sources(flow, grid.ids("source").size, control)
    flow.converged[~held.done] = False
    for one in fields(Flow):
        if one.name not in {"energized", "converged"}:
            getattr(flow, one.name)[~flow.converged] = np.nan
    return flow


@dataclass(frozen=True, eq=False)
class _Stiff:
    """The grid with a source at each held place."""

    model: PowerGridModel
    grid: Grid
    part: Powers
    threads: int
    control: Control

    def flow(self, steps: Ints, angle: Floats, limit: Floats) -> Flow:
        """Solve some steps with the places' sources at angles, off where there is a limit."""
        part = rows_of(self.part, steps)
        part["gen_q"][:, self.control.gen] = self.control.of_generators(np.nan_to_num(limit))
        free = np.isnan(limit)
        part["gen_q"][:, self.control.gen] *= ~free[:, self.control.place]
        first = self.grid.rows("source")[: -self.control.node.size]
        given, on = (np.tile(first[name], (len(steps), 1)) for name in ("u_ref_angle", "status"))
        more: dict[str, Any] = {
            "u_ref_angle": np.concatenate([np.nan_to_num(given), angle], axis=1),
            "status": np.concatenate([on, free], axis=1).astype(np.int8),
        }
        newton = CalculationMethod.newton_raphson
        return batch(
            self.model, self.grid, part, self.threads, newton, sources=more, tolerance=WIDER[0]
        )

    def probe(self, steps: Ints, angle: Floats, limit: Floats) -> Answer:
        """Return what the places say in some steps."""
        flow, own = self.flow(steps, angle, limit), slice(-self.control.node.size, None)
        voltage = flow.voltage[:, self.control.node]
        return Answer(flow.source_p[:, own], flow.source_q[:, own], voltage, flow.converged)


def _with_sources(grid: Grid, control: Control) -> Grid:
    more = initialize_array("input", "source", control.node.size)
    begin = 1 + max(int(table["id"].max()) for table in grid.tables.values() if table.size)
    more["id"] = begin + np.arange(more.size)
    more["node"] = grid.ids("node")[control.node]
    more["status"], more["u_ref"], more["sk"] = 1, control.u_ref, IDEAL_SK
    return Grid({**grid.tables, "source": np.concatenate([grid.rows("source"), more])})


def _without_sources(flow: Flow, count: int, control: Control) -> Flow:
    """Return the flow with the reactive power of the places' sources as their generators' own."""
    gen_q = flow.gen_q.copy()
    given = control.at_places(gen_q[:, control.gen])
    gen_q[:, control.gen] = control.of_generators(given + flow.source_q[:, count:])
    return replace(
        flow,
        gen_q=gen_q,
        source_p=flow.source_p[:, :count],
        source_q=flow.source_q[:, :count],
    )


def _angles(model: PowerGridModel, part: Powers, threads: int) -> Floats:
    """Return the angles of all nodes by a linear solution, which always is one. [T, n]."""
    found = model.calculate_power_flow(
        calculation_method=CalculationMethod.linear,
        update_data=updates(part),
        threading=-1 if threads == 1 else threads,
        output_component_types={ComponentType.node: ["u_angle"]},
    )
    angles: Floats = np.asarray(found[ComponentType.node]["u_angle"], dtype=np.float64)
    return angles
