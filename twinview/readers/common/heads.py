"""The head of a table of series: names, kinds and first rows of its columns, and what each may be.

It is handed over as a layer without a place: a row for each of the first rows, a column of texts
for each column. What is known of a column stands in its field's metadata.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa

from twinview.model.part import Part
from twinview.model.twin import Layer
from twinview.readers.common import forms, frames, times
from twinview.readers.registry import Options, ReadError

HEAD = "head"
"""Id of the layer."""


def part(frame: frames.Frame, path: Path, options: Options) -> Part:
    """Return the head of a table.

    Parameters
    ----------
    frame
        Its columns.
    path, options
        The file, and what the user says; ``head`` is the number of rows.

    Returns
    -------
    Part
        One layer; the metadata of its fields hold ``name``, ``unit``, ``holds`` (``time``,
        ``number`` or ``text``) and ``role`` (``time``, ``key``, ``value`` or empty: as the reader
        would take it).
    """
    roles = _roles(frame, options)
    count = min(int(options.head or 10), *(len(column.data) for column in frame.columns), 1000)
    fields = [pa.field("id", pa.string())]
    columns = [pa.array([str(k) for k in range(count)], pa.string())]
    for k, column in enumerate(frame.columns):
        holds = _holds(column)
        said = {"name": column.name, "unit": column.unit, "holds": holds, "role": roles[k]}
        fields.append(pa.field(f"c{k}", pa.string(), metadata=said))
        columns.append(pa.array(_texts(column, count, holds), pa.string()))
    table = pa.table(columns, schema=pa.schema(fields))
    return Part(
        layers=(Layer(HEAD, path.name, "other", table),),
        problems=frame.problems,
        rows={HEAD: (frame.rows, count)},
    )


def _roles(frame: frames.Frame, options: Options) -> list[str]:
    """Return what the reader would take each column for."""
    holds = [_holds(column) for column in frame.columns]
    roles = ["value" if one == "number" else "" for one in holds]
    try:
        at = forms.time_column(frame, options.time)
        key = None if at is None else forms.id_column(frame, at, options)
    except ReadError:
        return roles
    if at is not None:
        roles[at] = "time"
    if key is not None:
        roles[key] = "key"
    return roles


def _holds(column: frames.Column) -> str:
    if column.stamps is not None:
        return "time"
    if column.texts is None:
        return "number"
    return "text" if frames.text_numbers_safe(column) is None else "number"


def _texts(column: frames.Column, count: int, holds: str) -> list[str | None]:
    if column.texts is not None:
        return [None if one is None else str(one) for one in column.texts[:count]]
    if column.data.dtype == np.int64 and holds == "time":
        return [_instant(int(one)) for one in column.data[:count].tolist()]
    numbers = np.asarray(column.data[:count], dtype=np.float64).tolist()
    return [f"{one:.7g}" if np.isfinite(one) else None for one in numbers]


def _instant(seconds: int) -> str | None:
    if seconds == times.MISSING:
        return None
    return str(np.datetime64(seconds, "s")) + "Z"
