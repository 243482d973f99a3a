"""Results: kept in the cache under a hash of what they depend on, mapped when a project opens."""

import contextlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.energy.balance import Balance
from twinview.i18n import N_
from twinview.model.indexed import Indexed
from twinview.model.lacking import Lacking
from twinview.model.problem import Problem, from_keep, worst_first
from twinview.model.quantities import quantities
from twinview.model.series import Meaning, Series
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import BASE, Twin
from twinview.session import cache, carrier_results, missing, stored
from twinview.session.carrier_results import Bought, CarrierResult
from twinview.session.project import Project

ENGINE = 11
"""Part of every key: raise it when the same input gives other numbers."""
FOUND = ("balance.", "computation.", "factor.", "fleet.", "heat.arrives_cold", "intensity.",
         "powerflow.", "storage.initial_content", "storage.rule", "supply.",
         "voltage.limit")  # fmt: skip
"""What the codes of findings begin with that a computation makes, and the next one makes anew."""
_SPAN = re.compile(r"\d+-\d+")
"""Names of whole results: the first step and how many there are."""
_AT_A_TIME = 256
"""Steps of two arrays that are compared at a time."""


@dataclass(frozen=True, eq=False)
class Results:
    """What one computation left behind.

    Parameters
    ----------
    twin
        The district with the results as series.
    axis
        Steps that were computed.
    balance
        Terms of each of them.
    converged
        Which of them have a solution. Shape (count,).
    node_residual
        Largest imbalance of power at any node in any step, kW.
    carriers
        Results of the networks beside electricity, by id.
    whole
        Carbon of all carriers together; None where there is only electricity.
    bought
        What machines bought outside of all networks, by carrier.
    followed_from
        Where the data begin, and with them what is assumed of the stores; seconds since 1970, UTC.
    lacking
        Steps that were not computed because an input has no value there; None for none.
    without_value
        The elements that lack values: layer, id, number of steps, first of them.
    """

    twin: Twin
    axis: TimeAxis
    balance: Balance
    converged: npt.NDArray[np.bool_]
    node_residual: float = 0.0
    carriers: Mapping[str, CarrierResult] = field(default_factory=dict)
    whole: Balance | None = None
    bought: Mapping[str, Bought] = field(default_factory=dict)
    followed_from: int = 0
    lacking: Lacking | None = None
    without_value: Sequence[Mapping[str, Any]] = ()

    def as_dict(self, window: range | None = None) -> dict[str, Any]:
        """Return span, balance and failed steps in the form of ``compute --json``.

        Parameters
        ----------
        window
            Steps of `axis` to add up; None for all.
        """
        rows = window or range(self.axis.count)
        part = slice(rows.start, rows.stop)
        cut = self.balance.rows(part)
        static = self.axis.static
        begin, step = self.axis.seconds(rows.start) if rows else self.axis.start, self.axis.step
        good = self.converged[part]
        open_ = ~good if self.lacking is None else ~good & ~self.lacking.steps[part]
        failed = [self.axis.seconds(rows.start + int(i)) for i in np.flatnonzero(open_)]
        return {
            "span": {
                "from": None if static else format_instant(begin, self.axis.tz),
                "to": None if static else format_instant(begin + step * len(rows), self.axis.tz),
                "steps": len(rows),
                "step_seconds": step,
            },
            # Stores are followed from the first step of the data, whatever span is computed.
            "computed_from": None if static else format_instant(self.followed_from, self.axis.tz),
            **cut.totals(),
            "relative_residual": cut.relative_residual(),
            "largest_node_residual_kw": self.node_residual,
            "converged_steps": int(good.sum()),
            "not_converged": [format_instant(one, self.axis.tz) for one in failed],
            **missing.as_dict(self.lacking, self.without_value, self.axis, part),
            **carrier_results.as_dict(self.carriers, self.whole, part),
        }


def place_of(twin: Twin, project: Project, path: Path | None) -> Path:
    """Return the folder of all results of a twin under a project's assumptions.

    The name says which scenario they belong to, so that each keeps results of its own.
    """
    changed = [twin.changes] if twin.changes else []
    name = cache.key(ENGINE, twin.digest, *inputs(project), *changed)
    return cache.folder(path) / "results" / f"{group_of(twin.scenario)}{name}"


def bring(twins: Iterable[Twin], project: Project, old: Path | None, new: Path) -> None:
    """Let a project find the results of its cases at another place, where it was saved."""
    for twin in twins:
        cache.link(place_of(twin, project, old), place_of(twin, project, new))


def group_of(scenario: str) -> str:
    """Return what the names of a scenario's results begin with; nothing for the base."""
    return "" if scenario == BASE else re.sub(r"[^\w.-]", "_", scenario) + "-"


def inputs(project: Project) -> tuple[Any, ...]:
    """Return what results depend on besides the data: settings, own factors, and the time zone.

    The zone says when a day begins, which some rules of stores follow.
    """
    return project.settings.model_dump(mode="json"), project.tz, list(project.factors)


def attach(twin: Twin, project: Project, path: Path | None) -> Twin:
    """Return the twin with the longest results that the cache holds for it, if any."""
    found = load(twin, project, path)
    return twin if found is None else found.twin


def of_data(twin: Twin) -> tuple[Problem, ...]:
    """Return the problems of the data, without those that a computation found."""
    return tuple(one for one in twin.problems if not one.code.startswith(FOUND))


def load(
    twin: Twin, project: Project, path: Path | None, window: range | None = None
) -> Results | None:
    """Return the longest results in the cache that cover a window of the clock, if any."""
    twin = twin.exact
    place = place_of(twin, project, path)
    # A folder that is being written has more to its name, and may hold a manifest already.
    whole = [one for one in place.glob("*-*/results.json") if _SPAN.fullmatch(one.parent.name)]
    for manifest in sorted(whole, key=lambda one: -int(one.parent.name.split("-")[1])):
        first, count = (int(word) for word in manifest.parent.name.split("-"))
        if window is None or (first <= window.start and window.stop <= first + count):
            try:
                return mapped(twin, manifest.parent)
            except (OSError, EOFError, ValueError, KeyError, TypeError):  # damaged: made again
                cache.discard(manifest.parent)
    return None


def meaning(key: tuple[str, str], scenario: str = BASE) -> Meaning:
    """Return what a computed series means."""
    layer, quantity = key
    return Meaning(
        layer,
        quantity,
        quantities()[quantity].unit,
        scenario,
        "computed",
        N_("power flow and carbon tracing"),
    )


def _series(
    folder: Path,
    scenario: str,
    axis: TimeAxis,
    said: Mapping[str, Any],
    solved: npt.NDArray[np.bool_] | None,
    lacking: Lacking | None,
) -> Series:
    """Return one series mapped from its files."""
    key = stored.key_of(said)
    one = meaning(key, scenario)
    found = replace(stored.dense(folder, said, one, axis), solved=solved, lacking=lacking)
    if not said["packed"]:
        return found
    index = np.load(folder / stored.index_name(key), mmap_mode="r", allow_pickle=False)
    return Indexed(one, found, index)


def mapped(twin: Twin, folder: Path) -> Results:
    """Return results mapped from their folder."""
    manifest = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    axis = TimeAxis(**manifest["axis"])
    with np.load(folder / "balance.npz") as table:
        terms = {name: table[name] for name in table.files}
    converged = terms.pop("converged")
    solved = None if converged.all() else converged
    lacking = missing.read(terms, manifest["without_value"])
    series = [
        _series(folder, twin.scenario, axis, said, solved, lacking) for said in manifest["series"]
    ]
    problems = [from_keep(row) for row in manifest["problems"]]
    twin = twin.with_series(*series)
    return Results(
        replace(twin, problems=worst_first([*of_data(twin), *problems])),
        axis,
        Balance(_terms(terms, "energy."), _terms(terms, "carbon.")),
        converged,
        manifest["largest_node_residual_kw"],
        *carrier_results.read(twin, terms, manifest["carriers"]),
        carrier_results.bought_of(terms),
        followed_from=twin.time.start,
        lacking=lacking,
        without_value=manifest["without_value"],
    )


def share(working: Path, others: Sequence[Path]) -> None:
    """Have files of results that are the same as those of another case be the same on disk.

    Parameters
    ----------
    working
        Folder of results.
    others
        Folders of the same span in other cases, the likeliest first; missing ones are passed over.
    """
    for file in working.glob("*.npy"):
        for twin in (folder / file.name for folder in others):
            if twin.is_file() and _same(file, twin):
                link = file.with_suffix(".link")
                # Where the file system has no links, or the file is held open, the copy stays.
                with contextlib.suppress(OSError):
                    link.hardlink_to(twin)
                    link.replace(file)
                break


def _same(one: Path, other: Path) -> bool:
    """Tell whether two arrays have the same bits."""
    if one.stat().st_size != other.stat().st_size:
        return False
    a, b = (np.load(file, mmap_mode="r") for file in (one, other))
    return a.shape == b.shape and all(
        np.array_equal(a[k : k + _AT_A_TIME].view(np.uint32), b[k : k + _AT_A_TIME].view(np.uint32))
        for k in range(0, len(a), _AT_A_TIME)
    )


def _terms(
    terms: Mapping[str, npt.NDArray[np.float64]], prefix: str
) -> dict[str, npt.NDArray[np.float64]]:
    return {name.removeprefix(prefix): v for name, v in terms.items() if name.startswith(prefix)}
