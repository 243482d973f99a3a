"""Computing: results of a span, from the cache or made now, step by step visible."""

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinview.energy.balance import Balance, join
from twinview.energy.components import problems_of
from twinview.energy.compute import Run
from twinview.energy.compute import compute as runs_of
from twinview.energy.district import District, make_district
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.series import Dense, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import Job, Progress
from twinview.session import cache, findings
from twinview.session.assumptions import assume
from twinview.session.plate import Plate, plate_of
from twinview.session.project import Project
from twinview.session.results import ENGINE, Results, file_name, load, mapped, meaning, place_of

KEPT = 3
"""How many computations of a project stay in its cache: so many undos cost nothing."""


def electrical(twin: Twin) -> Plate:
    """Return the grid to compute; where there is none, one node for all buildings.

    Raises
    ------
    CommandError
        When there is neither a grid nor a building with a consumption.
    """
    for network in twin.networks.values():
        if network.carrier == "electricity" and "node" in network.tables:
            return Plate(twin, network, ())
    return plate_of(twin)


def compute(
    twin: Twin, project: Project, path: Path | None, window: range | None = None
) -> Job[Twin]:
    """Compute a span (the whole axis by default) and return the twin with its results.

    Steps appear in the twin that the first progress carries, as they are done; the last one is
    whole and mapped from the cache.
    """
    results = yield from results_of(twin, project, path, window)
    return results.twin


def results_of(
    twin: Twin, project: Project, path: Path | None, window: range | None = None
) -> Job[Results]:
    """Return the results of a span, from the cache or computed now.

    Raises
    ------
    CommandError
        When there is no grid, or it cannot be computed; the sentence says why.
    """
    grid = electrical(twin)
    known = load(twin, project, path, window or range(twin.time.count))
    if known is not None:
        return known
    yield Progress(0.0, _("Preparing the grid"))
    district = make_district(grid.twin, grid.network)
    found = problems_of(grid.twin, grid.network, district.grid)
    fatal = [p.message for p in found if p.severity == "error"]
    if fatal:
        raise CommandError(_("The grid cannot be computed: {why}.", why="; ".join(fatal)))
    steps = range(district.time.count) if window is None else window
    place = place_of(twin, project, path) / f"{steps.start}-{len(steps)}"
    working = cache.fresh(place)
    try:
        yield from _computed(twin, project, grid, district, steps, working)
        cache.publish(working, place)
    finally:
        cache.discard(working)
    cache.prune(place.parent.parent, KEPT)
    return mapped(twin, place)


def _computed(
    twin: Twin, project: Project, grid: Plate, district: District, steps: range, working: Path
) -> Job[None]:
    """Compute a span into a folder."""
    axis = _span(district.time, steps)
    assumptions, assumed = assume(twin, project, district)
    kept = {*twin.layers, DISTRICT}
    store = _Store(working, axis, float(district.store_table.energy.sum()), kept)
    balances: list[Balance] = []
    try:
        for run in runs_of(district, steps, assumptions):
            store.take(run, steps.start)
            balances.append(run.balance)
            done = (run.stop - steps.start) / len(steps)
            partial = twin.with_series(*store.series())
            yield Progress(0.02 + 0.97 * done, _at(axis, run.stop - steps.start), partial)
    except ValueError as error:
        raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error
    problems = [
        *problems_of(grid.twin, grid.network, district.grid),
        *grid.problems,
        *assumed,
        *findings.open_balance(join(balances), axis),
        *findings.open_nodes(grid.twin.layers[district.network.tables["node"]], store.imbalance),
        *findings.unsolved(store.converged, axis),
        *findings.at_limits(district, store.arrays),
    ]
    store.finish(join(balances), problems)


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
        self, folder: Path, axis: TimeAxis, capacity: float, layers: Collection[str]
    ) -> None:
        self.folder, self.axis, self.capacity, self.layers = folder, axis, capacity, layers
        self.arrays: dict[tuple[str, str], npt.NDArray[np.float32]] = {}
        self.done = np.zeros(axis.count, dtype=bool)
        self.converged = np.zeros(axis.count, dtype=bool)
        self.imbalance = np.zeros(1)

    def take(self, run: Run, first: int) -> None:
        """Write a run of steps behind those that are there."""
        rows = slice(run.start - first, run.stop - first)
        for key, values in {
            **run.fields,
            **_district_fields(run, self.axis, self.capacity),
        }.items():
            if key[0] not in self.layers:  # made for the computation alone
                continue
            if key not in self.arrays:
                self.arrays[key] = self._new(key, values.shape[1])
            self.arrays[key][rows] = values
        self.done[rows] = True
        self.converged[rows] = run.converged
        self.imbalance = np.maximum(self.imbalance, run.imbalance)

    def _new(self, key: tuple[str, str], size: int) -> npt.NDArray[np.float32]:
        path = self.folder / file_name(key)
        return np.lib.format.open_memmap(path, "w+", np.float32, (self.axis.count, size))

    def series(self) -> list[Series]:
        """Return the arrays as series that know which steps are done."""
        return [
            Dense(meaning(key), self.axis, values, self.done, self.converged)
            for key, values in self.arrays.items()
        ]

    def finish(self, balance: Balance, problems: Sequence[Problem]) -> None:
        """Write what is not an array; the manifest comes last."""
        for array in self.arrays.values():
            assert isinstance(array, np.memmap)
            array.flush()
        terms = {f"energy.{k}": v for k, v in balance.energy.items()}
        terms |= {f"carbon.{k}": v for k, v in balance.carbon.items()}
        np.savez(self.folder / "balance.npz", converged=self.converged, **terms)  # type: ignore[arg-type]
        manifest = {
            "engine": ENGINE,
            "axis": asdict(self.axis),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "series": [list(key) for key in self.arrays],
            "problems": [problem.as_dict() for problem in problems],
            "largest_node_residual_kw": float(self.imbalance.max()),
        }
        (self.folder / "results.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _district_fields(
    run: Run, axis: TimeAxis, capacity: float
) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
    """Return the numbers of the whole district at each step, each [T, 1]."""
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
    if stored and capacity > 0:
        fields["soc"] = stored[0].sum(axis=1) / capacity
    return {(DISTRICT, name): values[:, None] for name, values in fields.items()}
