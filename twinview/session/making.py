"""Making results: a span computed into a folder, step by step visible."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinview.energy.ahead import Workers
from twinview.energy.balance import Balance, join
from twinview.energy.compute import Run
from twinview.energy.packing import Packing
from twinview.i18n import _
from twinview.model.indexed import Indexed
from twinview.model.problem import CommandError, Problem, to_keep
from twinview.model.series import Dense, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import Job, Progress, part_of
from twinview.session import findings, stored
from twinview.session.carrier_results import Gathered
from twinview.session.missing import Missing
from twinview.session.project import Project
from twinview.session.results import ENGINE, meaning
from twinview.session.tasks import Task, make_task


def make(
    twin: Twin, project: Project, steps: range, folder: Path, workers: Workers | None = None
) -> Job[None]:
    """Compute a span into a folder; what progress carries are the series so far.

    Parameters
    ----------
    twin, project
        The district and its settings.
    steps
        Of the clock.
    folder
        An empty one.
    workers
        Who solves the power flow; threads of this process by default.

    Raises
    ------
    CommandError
        When it cannot be computed; the sentence says why.
    """
    yield Progress(0.0, _("Preparing the grid"))
    task = make_task(twin, project, workers)
    yield from _computed(twin, task, steps, folder)


def _computed(twin: Twin, task: Task, steps: range, working: Path) -> Job[None]:
    """Compute a span into a folder."""
    axis = _span(task.time, steps)
    store = _Store(working, axis, task.capacity, twin, task.packing(len(steps)))
    balances: list[Balance] = []
    try:
        said = Progress(0.02, _("Power flow and carbon"))
        for run in task.runs(steps):
            if run is None:
                yield said
                continue
            if run.stop <= steps.start:
                said = Progress(0.02, _("What the storage holds at the start of the span"))
                yield said
                continue
            store.take(run, steps.start)
            balances.append(run.balance)
            done = (run.stop - steps.start) / len(steps)
            said = Progress(0.02 + 0.93 * done, _at(axis, run.stop - steps.start))
            yield replace(said, partial=store.series())
    except ValueError as error:
        raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error
    gaps = store.missing.problems(twin, axis, task.stands_for)
    if store.missing.lacking.steps.all():
        raise CommandError(" ".join(_joined(one) for one in gaps[:1]))
    problems = [
        *task.problems,
        *gaps,
        *findings.open_balance(join(balances), axis),
        *_open_nodes(task, store),
        *_of_flow(task, store, steps),
        *store.beside.problems(twin, axis),
    ]
    yield from part_of(store.finish(join(balances), problems), 0.95, 1.0)


def _of_flow(task: Task, store: "_Store", steps: range) -> list[Problem]:
    """Say where the power flow has no solution, and which generators are at their limits."""
    solved = store.converged | store.missing.lacking.steps
    found = findings.unsolved(solved, store.axis)
    if task.grid is None:
        return found
    found += findings.at_limits(task.grid, store.arrays)
    alone = not task.piped  # machines of other carriers would be missing
    return found + (
        findings.out_of_reach(task.grid, store.arrays, ~solved, steps.start) if alone else []
    )


def _joined(problem: Problem) -> str:
    return f"{problem.message} {problem.fix}"


def _open_nodes(task: Task, store: "_Store") -> list[Problem]:
    return [] if task.nodes is None else findings.open_nodes(task.nodes, store.imbalance)


def _at(axis: TimeAxis, i: int) -> str:
    if axis.static:
        return _("Power flow and carbon")
    return _(
        "Power flow and carbon up to {instant}", instant=axis.at(max(i - 1, 0)).date().isoformat()
    )


def _span(axis: TimeAxis, steps: range) -> TimeAxis:
    return axis if axis.static else replace(axis, start=axis.seconds(steps.start), count=len(steps))


class _Store:
    """Result arrays that grow in files while a computation runs."""

    def __init__(
        self,
        folder: Path,
        axis: TimeAxis,
        capacity: npt.NDArray[np.float64],
        twin: Twin,
        packing: Packing | None,
    ) -> None:
        self.packing = packing
        self.folder, self.axis, self.capacity = folder, axis, capacity
        self.layers, self.scenario = {*twin.layers, DISTRICT}, twin.scenario
        self.arrays: dict[tuple[str, str], npt.NDArray[np.float32]] = {}
        self.done = np.zeros(axis.count, dtype=bool)
        self.converged = np.zeros(axis.count, dtype=bool)
        self.imbalance = np.zeros(1)
        self.beside = Gathered()
        self.missing = Missing(axis.count)

    def take(self, run: Run, first: int) -> None:
        """Write a run of steps behind those that are there."""
        rows = slice(run.start - first, run.stop - first)
        for key, values in {
            **run.fields,
            **district_fields(run, self.axis, self.capacity),
        }.items():
            if key[0] not in self.layers:  # made for the computation alone
                continue
            packing = self._packing(key)
            kept = values if packing is None else packing.packed(values)
            if key not in self.arrays:
                self.arrays[key] = self._new(key, kept.shape[1])
            self.arrays[key][rows] = kept
        self.done[rows] = True
        self.converged[rows] = run.converged
        if run.imbalance.size:
            self.imbalance = np.maximum(self.imbalance, run.imbalance)
        self.beside.take(run.beside)
        self.missing.take(run.gaps, rows.start)

    def _new(self, key: tuple[str, str], size: int) -> npt.NDArray[np.float32]:
        path = self.folder / stored.file_name(key)
        return np.lib.format.open_memmap(path, "w+", np.float32, (self.axis.count, size))

    def _packing(self, key: tuple[str, str]) -> Packing | None:
        fits = self.packing is not None and key == (self.packing.layer, "carbon_intensity")
        return self.packing if fits else None

    def series(self) -> list[Series]:
        """Return the arrays as series that know which steps are done."""
        return [self._one(key, values) for key, values in self.arrays.items()]

    def _one(self, key: tuple[str, str], values: npt.NDArray[np.float32]) -> Series:
        said, packing = meaning(key, self.scenario), self._packing(key)
        lacking = self.missing.lacking
        found = Dense(said, self.axis, values, self.done, self.converged, lacking=lacking)
        return found if packing is None else Indexed(said, found, packing.index)

    def finish(self, balance: Balance, problems: Sequence[Problem]) -> Job[None]:
        """Write large arrays in their other order and what is not an array; the manifest last."""
        for array in self.arrays.values():
            assert isinstance(array, np.memmap)
            array.flush()
        series = yield from stored.written(self.folder, self.arrays)
        for said in series:
            packing = self._packing(stored.key_of(said))
            said["packed"] = packing is not None
            if packing is not None:
                np.save(self.folder / stored.index_name(stored.key_of(said)), packing.index)
        terms = {f"energy.{k}": v for k, v in balance.energy.items()}
        terms |= {f"carbon.{k}": v for k, v in balance.carbon.items()}
        terms |= self.beside.terms()
        lacking = self.missing.terms()
        np.savez(self.folder / "balance.npz", converged=self.converged, **lacking, **terms)  # type: ignore[arg-type]
        manifest = {
            "engine": ENGINE,
            "axis": asdict(self.axis),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "series": series,
            "problems": [to_keep(problem) for problem in problems],
            "largest_node_residual_kw": float(self.imbalance.max()),
            "carriers": self.beside.manifest(),
            "without_value": self.missing.manifest(self.axis),
        }
        (self.folder / "results.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def district_fields(
    run: Run, axis: TimeAxis, capacity: npt.NDArray[np.float64]
) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
    """Return the numbers of the whole district at each step, each [T, 1].

    Parameters
    ----------
    run
        Results of the steps.
    axis
        Steps of the computation.
    capacity
        Of each electrical store in kWh; 0 for chargers. Shape [s].
    """
    fields = _grid_fields(run, axis, capacity) if run.balance.energy else {}
    fields |= {} if run.beside is None else run.beside.district
    return {(DISTRICT, name): values[:, None] for name, values in fields.items()}


def _grid_fields(
    run: Run, axis: TimeAxis, capacity: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    hours = axis.step / 3600 if not axis.static else 1.0
    energy = {name: values / hours for name, values in run.balance.energy.items()}
    carbon = {name: values / hours for name, values in run.balance.carbon.items()}
    used = energy["load"] + energy["storage_in"] + energy["loss"]
    with np.errstate(divide="ignore", invalid="ignore"):
        local = 1 - energy["import"] / used
        fields = {
            "load": energy["load"],
            "generation": energy["generation"],
            "import": energy["import"],
            "export": energy["export"],
            "loss": energy["loss"],
            "residual": energy["residual"],
            "emission": carbon["load"],
            "carbon_residual": carbon["residual"],
            "carbon_intensity": np.where(
                energy["load"] > 0, carbon["load"] / energy["load"] * 1000, np.nan
            ),
            "local_share": np.where(used > 0, np.clip(local, 0, 1).round(6), np.nan),
        }
    stored = [values for (_layer, quantity), values in run.fields.items() if quantity == "energy"]
    if stored and capacity.sum() > 0:
        fields["soc"] = stored[0][:, capacity > 0].sum(axis=1) / capacity.sum()
    return fields
