"""Profiles that a pandapower network carries with it, as SimBench's do."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from twinview.i18n import N_, _
from twinview.model.part import Table
from twinview.readers.common import forms, frames
from twinview.readers.common.draft import Draft
from twinview.readers.common.pptables import Net, Row, frame_rows
from twinview.readers.registry import Options

_ZONE = "Europe/Berlin"
_TITLES = {
    "load": N_("Load profiles"),
    "renewables": N_("Profiles of renewables"),
    "powerplants": N_("Profiles of power plants"),
}


def tables(draft: Draft, net: Net, path: Path, options: Options) -> list[Table]:
    """Return the profiles of loads and generators, in the local time of Germany as SimBench's are.

    Parameters
    ----------
    draft
        The network; it is told what was left out.
    net
        pandapower's tables.
    path
        The file.
    options
        What the user says.
    """
    carried = net.values.get("profiles")
    found = []
    for name, title in _TITLES.items():
        one = carried.get(name) if isinstance(carried, dict) else None
        rows = list(frame_rows(one, name, path).values()) if isinstance(one, dict) else []
        if not rows:
            continue
        frame = _frame(rows)
        if frame.columns[0].stamps is None:
            message = _(
                "The profiles '{name}' in {file} have no times; they were left out.",
                name=name,
                file=path.name,
            )
            fix = _("Save them with a column 'time', or add them as a table of their own.")
            draft.say("warning", "series.left_out", message, fix)
            continue
        zoned = Options.from_dict({"tz": _ZONE, **options.as_dict()})
        made = forms.to_tables(frame, 0, path, zoned)
        found += [replace(table, id=name, title=_(title), quantity="") for table in made.tables]
        draft.problems += [p for p in made.problems if p.code != "series.form"]
    return found


def _frame(rows: list[Row]) -> frames.Frame:
    times = np.array([row.get("time") for row in rows], dtype=object)
    columns = [frames.Column("time", "", times)]
    columns += [
        frames.Column(name, "", np.array([_number(row, name) for row in rows]))
        for name in rows[0]
        if name != "time"
    ]
    return frames.Frame(tuple(columns), len(rows))


def _number(row: Mapping[str, object], name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else np.nan
