"""A scenario beside the base: totals of the same span, and what the scenario changes in them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from twinview.i18n import _
from twinview.model.twin import BASE, Twin
from twinview.session.project import Project
from twinview.session.results import Results, load

TABLES = ("energy_kwh", "carbon_kg")


@dataclass(frozen=True, eq=False)
class Comparison:
    """Totals of a scenario and of the base over one span, as ``compute --json`` has them.

    Parameters
    ----------
    scenario, base
        Span and sums of each.
    """

    scenario: dict[str, Any]
    base: dict[str, Any]

    @property
    def difference(self) -> dict[str, dict[str, float]]:
        """Scenario less base, for each term of each table; no vehicles in the base count 0."""
        return {
            table: {
                name: value - self.base[table].get(name, 0.0)
                for name, value in self.scenario[table].items()
                if self.base[table]
            }
            for table in TABLES
        }

    @property
    def same_start(self) -> bool:
        """Tell whether the stores of both were followed from the same instant."""
        return bool(self.scenario["computed_from"] == self.base["computed_from"])


def term(name: str) -> str:
    """Return what a reader sees for a term of the balance."""
    words = {
        "import": _("import"), "export": _("export"), "generation": _("generation"),
        "load": _("load"), "storage_in": _("into storage"), "storage_out": _("out of storage"),
        "storage_delta": _("added to storage"), "loss": _("loss"), "residual": _("residual"),
        "arrived": _("arrived with vehicles"), "left": _("left with vehicles"),
        "storage_loss": _("loss of storage"),
        "storage_residual": _("residual of storage"),
    }  # fmt: skip
    return words.get(name, name)


def beside_base(
    results: Results, base: Twin, project: Project, path: Path | None, rows: range | None = None
) -> Comparison | None:
    """Return a scenario's results beside the base's of the same span; None where it has none.

    Parameters
    ----------
    results
        Of the scenario.
    base, project, path
        Where the base's results are looked for.
    rows
        Steps of the results' axis that are added up; None for all.
    """
    if results.twin.scenario == BASE:
        return None
    axis = results.axis
    rows = range(axis.count) if rows is None else rows
    begin, end = axis.start + axis.step * rows.start, axis.start + axis.step * rows.stop
    found = load(base, project, path, base.time.window(begin, end))
    if found is None:
        return None
    return Comparison(results.as_dict(rows), found.as_dict(found.axis.window(begin, end)))


def kept_beside(twin: Twin, base: Twin, project: Project, path: Path | None) -> Comparison | None:
    """Return the longest results kept for a scenario beside the base's; None where one has none."""
    found = load(twin, project, path)
    return None if found is None else beside_base(found, base, project, path)
