"""Series beside the tables of a network: one column for a profile or a device, names as written."""

import csv
import io
from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from twinview.i18n import _
from twinview.model.part import Table
from twinview.model.problem import Problem
from twinview.readers.common import forms, frames, texts
from twinview.readers.registry import Options, ReadError

_LARGEST = 800 << 20
_QUIET = {"series.form"}


def load(
    path: Path,
    options: Options,
    separator: str,
    wanted: Container[str],
    title: str,
    unit: str = "",
    stamps: Sequence[str] = (),
) -> tuple[list[Table], list[Problem]]:
    """Return the wanted columns of a table of series, and what was assumed.

    Parameters
    ----------
    path
        The file; one that is not there has none. Its first column holds the times, or numbers the
        `stamps`.
    options
        What the user says.
    separator
        Sign between cells.
    wanted
        Names of the columns to keep.
    title
        Title of the table; its id is the file's name.
    unit
        Unit of the values.
    stamps
        Times of the rows where the file itself has none.
    """
    if not path.is_file():
        return [], []
    frame = _frame(path, options, separator, wanted)
    if len(frame.columns) < 2 or not frame.rows:
        return [], []
    if frame.columns[0].stamps is None and len(stamps) == frame.rows:
        time = frames.Column("snapshot", "", np.array(stamps, dtype=object))
        frame = replace(frame, columns=(time, *frame.columns[1:]))
    if frame.columns[0].stamps is None:
        message = _("The first column of {file} holds no times; it was left out.", file=path.name)
        return [], [Problem("error", "series.left_out", message, "", path.name)]
    found = forms.to_tables(frame, 0, path, options)
    tables = [
        replace(
            one, title=title, units=(unit,) * len(one.columns), quantity="power" if unit else ""
        )
        for one in found.tables
    ]
    return tables, [p for p in found.problems if p.code not in _QUIET]


def _frame(path: Path, options: Options, separator: str, wanted: Container[str]) -> frames.Frame:
    if path.stat().st_size > _LARGEST:
        raise ReadError(
            _("{file} is larger than 800 MB; cut it into smaller files.", file=path.name)
        )
    text, _encoding, _bad = texts.decode(path.read_bytes(), options.encoding)
    text = text.lstrip("\ufeff").replace("\0", "")
    names = next(csv.reader(io.StringIO(text), delimiter=separator), [])
    keys = [str(k) for k in range(len(names))]
    kept = [k for k, name in enumerate(names) if k == 0 or name in wanted]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")),
            arrow_csv.ReadOptions(
                column_names=keys, skip_rows=1, use_threads=False, block_size=1 << 24
            ),
            arrow_csv.ParseOptions(delimiter=separator),
            arrow_csv.ConvertOptions(
                column_types={k: pa.string() if k == "0" else pa.float64() for k in keys},
                include_columns=[str(k) for k in kept],
                null_values=["", "NULL", "NaN", "nan", "NA", "None"],
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return frames.Frame((), 0)
        raise ReadError(
            _(
                "{file} cannot be read as a table ({reason}). Export it again as CSV.",
                file=path.name,
                reason=str(error)[:200],
            )
        ) from error
    columns = [
        frames.Column(names[k], "", np.asarray(data.to_numpy(zero_copy_only=False)))
        for k, data in zip(kept, table.columns, strict=True)
    ]
    return frames.Frame(tuple(columns), table.num_rows)
