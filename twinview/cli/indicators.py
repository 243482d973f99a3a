"""Indicators on the command line: a table of the district, a file of the buildings."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from twinview.cli.output import follow, say, say_table
from twinview.energy.account_terms import GROUPS, TITLES
from twinview.exporters.indicators import indicators_job
from twinview.i18n import _
from twinview.scene.numbers import NOTHING, number
from twinview.session.store import State


def say_indicators(
    found: Mapping[str, Mapping[str, Any]], problems: Sequence[Mapping[str, Any]]
) -> None:
    """Write the indicators of a district as tables, one for each group.

    Parameters
    ----------
    found, problems
        As in ``compute --json``.
    """
    for group, names in GROUPS.items():
        rows = [
            (_(TITLES[name]), *shown(found[name]["value"], found[name]["unit"]))
            for name in names
            if name in found
        ]
        say_table(_(group), ["", ">" + _("value"), _("unit")], rows)
    for problem in problems:
        say(problem["message"])
    say(_("Emitted, avoided, offset and net stand side by side and are never added up silently."))
    say(_("'twinview do PROJECT indicators.list' says how each was made."))


def shown(value: float | None, unit: str) -> tuple[str, str]:
    """Return a value and its unit as texts; shares in percent."""
    if value is None:
        return NOTHING, _(unit) if unit != "1" else "%"
    if unit == "1":
        return number(value * 100, 3), "%"
    return number(value, 4), _(unit)


def export_indicators(state: State, path: Path, layer: str | None, steps: tuple[int, int]) -> int:
    """Write the indicators of the buildings and return the number of rows."""
    return follow(indicators_job(state.twin, path, layer=layer, steps=range(*steps)))
