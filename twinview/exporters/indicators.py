"""A table of indicators: one row for each building, units in the header."""

from pathlib import Path

import pyarrow as pa

from twinview import __version__
from twinview.energy.building_accounts import BuildingAccounts, building_accounts
from twinview.exporters.table_files import Content, content_job
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.time import format_instant
from twinview.model.twin import Layer, Twin, consumers
from twinview.progress import Job, Progress, part_of


def indicators_job(twin: Twin, path: Path, *, layer: str | None, steps: range) -> Job[int]:
    """Write the indicators of the buildings to a file of a table; return the number of rows.

    Parameters
    ----------
    twin, layer, steps
        See `indicators_table`.
    path
        The file.

    Raises
    ------
    CommandError
        There is nothing to write, or the file cannot be written.
    """
    content = yield from part_of(indicators_table(twin, layer=layer, steps=steps), 0.0, 0.9)
    return (yield from part_of(content_job(path, content), 0.9, 1.0))


def indicators_table(twin: Twin, *, layer: str | None, steps: range) -> Job[Content]:
    """Return the indicators of the buildings for a table file.

    Parameters
    ----------
    twin
        The district with results.
    layer
        Id of one layer; None takes all whose elements use energy.
    steps
        Of the twin's clock.

    Raises
    ------
    CommandError
        There is nothing to write.
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
        yield Progress(k / len(chosen), _("Indicators of {layer}", layer=_(one.title)))
    if not tables:
        raise CommandError(_("Nothing has been computed yet, so there are no indicators."))
    whole = pa.concat_tables(tables, promote_options="default")
    ascii_only = all(str(text).isascii() for text in whole["id"].to_pylist())
    return Content(whole, _about(twin, steps), ascii_only)


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
