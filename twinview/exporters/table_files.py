"""Files that tables are written to, batch by batch: CSV, Parquet, Excel; whole or not at all."""

import contextlib
import json
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq

from twinview.i18n import _
from twinview.model.problem import CommandError, writing
from twinview.model.time import zone
from twinview.progress import Job, Progress

Put = Callable[[pa.Table], None]
Sheets = Mapping[str, pa.Table]
Beside = tuple[Mapping[str, str], Sheets]
"""Provenance, and tables that belong to the one that is written."""

FORMULA = "=+-@\t\r"
"""First letters of what a spreadsheet takes for a formula; an apostrophe goes before them."""

PIECE = 1 << 16
"""Cells that are written between two looks whether the file is still wanted, about."""


@dataclass(frozen=True, eq=False)
class Content:
    """What goes into a table file, whole.

    Parameters
    ----------
    table
        Its rows.
    about, ascii_only, sheets
        See `table_file`.
    """

    table: pa.Table
    about: Mapping[str, str]
    ascii_only: bool = False
    sheets: Sheets = field(default_factory=dict)


def content_job(path: Path, content: Content, folder: Path | None = None) -> Job[int]:
    """Write a table file and return the number of its rows.

    Parameters
    ----------
    path, content
        The file, and what goes into it.
    folder
        See `table_file`.
    """
    table, count = content.table, int(content.table.num_rows)
    # Parquet is read by its groups of rows, which are better few.
    rows = count if path.suffix.lower() == ".parquet" else PIECE // table.num_columns
    rows = max(rows, 1)
    with table_file(
        path, table.schema, content.about,
        ascii_only=content.ascii_only, sheets=content.sheets, folder=folder,
    ) as put:  # fmt: skip
        for start in range(0, max(count, 1), rows):
            put(table.slice(start, rows))
            done = min(start + rows, count)
            yield Progress(done / max(count, 1), _("{count} rows written", count=done))
    return count


@contextlib.contextmanager
def table_file(
    path: Path,
    schema: pa.Schema,
    about: Mapping[str, str],
    *,
    ascii_only: bool = False,
    sheets: Sheets | None = None,
    folder: Path | None = None,
) -> Iterator[Put]:
    """Open a table file for writing; it appears under its name when the block ends well.

    Parameters
    ----------
    path
        ``*.csv``, ``*.parquet`` or ``*.xlsx``.
    schema
        Columns of the tables that will be put; instants are timestamps with a zone.
    about
        Provenance: goes into the header of a CSV and into the metadata of a Parquet file.
    ascii_only
        True where no text that will be put holds other letters.
    sheets
        More tables that belong to it, by name; only a workbook has room for them.
    folder
        On the same disk, where it lies until it is whole; beside its place by default.

    Raises
    ------
    CommandError
        For another suffix, and where the file cannot be written; an old file stays as it was.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise CommandError(
            _(
                "A table is written as {formats}, not as '{name}'.",
                formats=_(" or ").join([", ".join(FORMATS[:-1]), FORMATS[-1]]),
                name=path.name,
            )
        )
    beside = (about, sheets or {})
    with _replaced(path, folder) as file, writer(file, schema, beside, ascii_only) as put:
        yield put


@contextlib.contextmanager
def _replaced(path: Path, folder: Path | None) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of another one when the block ends well."""
    temporary = (folder or path.parent) / f".{path.name}.{secrets.token_hex(4)}.tmp"
    try:
        with writing(path):
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _parquet(
    file: IO[bytes], schema: pa.Schema, beside: Beside, _ascii_only: bool
) -> Iterator[Put]:
    about, _sheets = beside
    described = schema.with_metadata({"twinview": json.dumps(dict(about), ensure_ascii=False)})
    with pq.ParquetWriter(file, described, compression="zstd") as writer:
        yield writer.write_table


@contextlib.contextmanager
def _csv(file: IO[bytes], schema: pa.Schema, beside: Beside, ascii_only: bool) -> Iterator[Put]:
    """Write CSV with a header row whose last cell, above an empty column, holds the provenance.

    So it travels with the numbers, and no reader has to be told to skip a line.
    """
    about, _sheets = beside
    note = "# " + "; ".join(f"{key}={value}" for key, value in about.items()).replace('"', "'")
    own = [pa.field(field.name, _plain_type(field.type)) for field in schema]
    plain = pa.schema([*own, pa.field(note, pa.string())])
    if not (ascii_only and "".join(plain.names).isascii()):
        # Excel takes a file without this mark for the system's old code page and garbles 建筑;
        # files of plain letters need none, and some simple readers trip over it.
        file.write("\N{ZERO WIDTH NO-BREAK SPACE}".encode())
    with pcsv.CSVWriter(file, plain) as writer:

        def put(table: pa.Table) -> None:
            columns = [_texts(column) for column in table.columns]
            empty = pa.nulls(table.num_rows, pa.string())
            writer.write_table(pa.table([*columns, empty], schema=plain))

        yield put


def _plain_type(kind: pa.DataType) -> pa.DataType:
    is_text = pa.types.is_timestamp(kind) or pa.types.is_dictionary(kind)
    return pa.string() if is_text else kind


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a column as CSV shows it: local times with offset, no text that is a formula."""
    if pa.types.is_timestamp(column.type):
        return pa.chunked_array([_instants(column)], type=pa.string())
    if pa.types.is_dictionary(column.type):
        coded = column.combine_chunks()
        safe = pa.array([_safe(text) for text in coded.dictionary.to_pylist()], pa.string())
        return pa.chunked_array([safe.take(coded.indices)])
    if pa.types.is_string(column.type):
        safe = pa.array([_safe(text) for text in column.to_pylist()], pa.string())
        return pa.chunked_array([safe])
    return column


def _safe(text: str | None) -> str | None:
    return f"'{text}" if text and text[0] in FORMULA else text


def _instants(column: pa.ChunkedArray) -> pa.Array:
    here = zone(column.type.tz)
    numbers = column.combine_chunks().cast(pa.int64())
    unique, place = np.unique(numbers.to_numpy(zero_copy_only=False), return_inverse=True)
    if numbers.null_count:
        return pa.nulls(len(numbers), pa.string())
    texts = [datetime.fromtimestamp(int(one), tz=here).isoformat() for one in unique]
    return pa.array(texts, pa.string()).take(pa.array(place))


@contextlib.contextmanager
def _xlsx(file: IO[bytes], schema: pa.Schema, beside: Beside, _ascii_only: bool) -> Iterator[Put]:
    from twinview.exporters.workbook import workbook  # half a second that others need not wait

    with workbook(file, schema, *beside) as put:
        yield put


_WRITERS = {".csv": _csv, ".parquet": _parquet, ".xlsx": _xlsx}

FORMATS = tuple(_WRITERS)
"""Suffixes of the table files that can be written."""
