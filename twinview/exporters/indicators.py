"""A table of indicators: one row for each building, units in the header."""

from pathlib import Path

import pyarrow as pa

from twinview import __version__
from twinview.energy.building_accounts import BuildingAccounts, building_accounts
from twinview.exporters.table_files import table_file
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.time import format_instant
from twinview.model.twin import Layer, Twin, consumers
from twinview.progress import Job, Progress


def indicators_job(twin: Twin, path: Path, *, layer: str | None, steps: range) -> Job[int]:
    """Write the indicators of the buildings to a file of a table; return the number of rows.

    Parameters
    ----------
    twin, path
        The district with results, and the file.
    layer
        Id of one layer; None takes all whose elements use energy.
    steps
        Of the twin's clock.

    Raises
    ------
    CommandError
        There is nothing to write, or the file cannot be written.
    """
    chosen = [one for one in consumers(twin) if layer in (None, one.id)]
    if not chosen:
        known = ", ".join(one.id for one in consumers(twin))
        raise CommandError(
            _(
                "There is no layer '{id}' that uses energy; there are {known}.",
                id=layer,
                known=known,
            )
        )
    tables = []
    for k, one in enumerate(chosen, 1):
        found = building_accounts(twin, one, steps)
        if found is not None:
            tables.append(_table(one, found))
        yield Progress(0.9 * k / len(chosen), _("Indicators of {layer}", layer=_(one.title)))
    if not tables:
        raise CommandError(_("Nothing has been computed yet, so there are no indicators."))
    whole = pa.concat_tables(tables, promote_options="default")
    ascii_only = all(str(text).isascii() for text in whole["id"].to_pylist())
    with table_file(path, whole.schema, _about(twin, steps), ascii_only=ascii_only) as put:
        put(whole)
    return int(whole.num_rows)


def _table(layer: Layer, found: BuildingAccounts) -> pa.Table:
    columns = {"layer": pa.array([layer.id] * len(layer), pa.string()),
               "id": layer.attributes["id"].cast(pa.string()).combine_chunks()}  # fmt: skip
    for name, values in found.columns.items():
        unit = found.units[name]
        title = name if unit == "1" else f"{name} [{unit}]"
        columns[title] = pa.array(values, pa.float64(), from_pandas=True)
    columns["steps"] = pa.array(found.steps.astype("int64"))
    return pa.table(columns)


def _about(twin: Twin, steps: range) -> dict[str, str]:
    time = twin.time
    ends = {} if time.static else {
        "from": format_instant(time.seconds(steps.start), time.tz),
        "to": format_instant(time.start + time.step * steps.stop, time.tz),
    }  # fmt: skip
    return {"twin": twin.name, "data": twin.digest, "scenario": twin.scenario, **ends,
            "twinview": __version__}  # fmt: skip
