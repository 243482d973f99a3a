"""Text files of series cut into cells, block by block, all cells as texts."""

import csv
import io
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from twinview.i18n import _
from twinview.readers.registry import ReadError

WIDE = 500
"""Columns above which lines are cut one by one: Arrow takes room for a block in every column, and
has to take blocks that hold the longer lines of more columns."""
_BLOCK = 1 << 24  # bytes that are parsed at once, at most
_SPACE = 1 << 29  # bytes of address space for a block in all columns
_CELLS = 1 << 20  # of wide lines that are held at once


@dataclass(frozen=True)
class Form:
    """How a file is written.

    Parameters
    ----------
    separator
        Between cells.
    header
        Whether the first line holds names.
    columns
        Name of each column without its unit, and the unit.
    body
        Lines before the first one of values.
    """

    separator: str
    header: bool
    columns: tuple[tuple[str, str], ...]
    body: int


def schema_of(form: Form) -> pa.Schema:
    """Return columns of texts, named by their numbers: names in a file may come twice."""
    return pa.schema([(str(k), pa.string()) for k in range(len(form.columns))])


def blocks(
    file: IO[bytes], form: Form, lost: list[int], name: str
) -> Generator[pa.RecordBatch, None, None]:
    """Yield the rows of a file, as `schema_of` names their columns; empty cells are null.

    Parameters
    ----------
    file
        In UTF-8.
    form
        How it is written.
    lost
        One number, to which the lines left out are added: those with another number of cells.
    name
        Of the file, for messages.

    Raises
    ------
    ReadError
        For a file that cannot be read as a table.
    """
    try:
        yield from (_wide if len(form.columns) > WIDE else _usual)(file, form, lost)
    except (pa.ArrowInvalid, csv.Error) as error:
        if "Empty CSV" in str(error):
            return
        raise ReadError(
            _(
                "{file} cannot be read as a table ({reason}). Export it again as CSV.",
                file=name,
                reason=str(error)[:200],
            )
        ) from error


def _usual(file: IO[bytes], form: Form, lost: list[int]) -> Iterator[pa.RecordBatch]:
    def skip(_row: arrow_csv.InvalidRow) -> str:
        lost[0] += 1
        return "skip"

    schema = schema_of(form)
    block = min(_BLOCK, _SPACE // max(len(schema), 1))
    settings: dict[str, Any] = {
        "read_options": arrow_csv.ReadOptions(
            column_names=schema.names, skip_rows=form.body, use_threads=False, block_size=block
        ),
        "parse_options": arrow_csv.ParseOptions(
            delimiter=form.separator, invalid_row_handler=skip, newlines_in_values=False
        ),
        "convert_options": arrow_csv.ConvertOptions(
            column_types=schema,
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    }
    yield from arrow_csv.open_csv(file, **settings)


def _wide(file: IO[bytes], form: Form, lost: list[int]) -> Iterator[pa.RecordBatch]:
    schema, width = schema_of(form), len(form.columns)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    rows = csv.reader(islice(text, form.body, None), delimiter=form.separator)
    filled = (row for row in rows if row)
    while held := list(islice(filled, max(1, _CELLS // width))):
        whole = [row for row in held if len(row) == width]
        lost[0] += len(held) - len(whole)
        if not whole:  # a block without rows would be taken for what the columns hold
            continue
        cells = np.array(whole, dtype=object).reshape(-1, width)
        cells[cells == ""] = None
        columns = [pa.array(column, pa.string()) for column in cells.T]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)
    text.detach()
