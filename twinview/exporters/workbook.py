"""Tables as an Excel workbook: the values, what each column is, where they come from.

XlsxWriter and not openpyxl: it holds no rows that are written, only the packed file, is maintained,
needs nothing else, and has a permissive licence.
"""

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.time import zone

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet holds at most, its header included."""
TEXT, EXACT = 32_767, 1 << 53
"""Most letters of a cell, and the largest whole number that its format holds exactly."""
VALUES, UNITS, ABOUT = "Values", "Columns", "About"
"""Names of the sheets, the same in every language, so that scripts can rely on them."""
OFFSET = "UTC offset"
"""Column behind one of instants: cells hold local times, which Excel knows no zone of."""
_WIDE, _NARROW = 26, 14

Cell = datetime | float | int | bool | str | None


@contextlib.contextmanager
def workbook(
    file: IO[bytes], schema: pa.Schema, about: Mapping[str, str], sheets: Mapping[str, pa.Table]
) -> Iterator[Callable[[pa.Table], None]]:
    """Open a workbook for writing; what is put goes into its first sheet.

    Parameters
    ----------
    file
        Where it is written.
    schema
        Columns of the tables that will be put.
    about
        Provenance, for a sheet of its own.
    sheets
        More sheets by name, such as sources and factors.
    """
    from xlsxwriter import Workbook

    safe = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False}  # fmt: skip
    # Packed in memory: on a full disk the packer would complain once more when it is taken away.
    packed = io.BytesIO()
    book = Workbook(packed, safe)
    try:
        first = _Sheet(book, VALUES, schema)
        yield first.put
        first.end()
        more = {UNITS: _units(schema), **sheets, ABOUT: _about(about)}
        for name, table in more.items():
            sheet = _Sheet(book, name, table.schema)
            sheet.put(table)
            sheet.end()
    finally:
        # Only closing gives the pieces on the disk back.
        book.close()
    file.write(packed.getbuffer())


class _Sheet:
    """One sheet, written from above to below."""

    def __init__(self, book: "Workbook", name: str, schema: pa.Schema) -> None:
        self._sheet: Worksheet = book.add_worksheet(name)
        self._name, self._row = name, 1
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        heads = [head for field in schema for head in _heads(field)]
        if len(heads) > COLUMNS:
            raise CommandError(
                _("{count} columns do not fit into a sheet of Excel; write .csv or .parquet.",
                  count=len(heads))
            )  # fmt: skip
        bold = book.add_format({"bold": True, "bottom": 1})
        self._width = len(heads)
        for k, head in enumerate(heads):
            self._sheet.set_column(k, k, _WIDE if len(head) > _NARROW else _NARROW)
            self._sheet.write_string(0, k, head, bold)
        self._sheet.freeze_panes(1, 0)

    def put(self, table: pa.Table) -> None:
        """Write the rows of a table below those that are there."""
        if self._row + table.num_rows > ROWS:
            raise CommandError(
                _(
                    "A sheet of Excel holds {most} rows; choose fewer elements or a shorter span, "
                    "or write .csv or .parquet.",
                    most=ROWS - 1,
                )
            )
        columns = [one for column in table.columns for one in _cells(column)]
        for row in zip(*columns, strict=True):
            for k, value in enumerate(row):
                self._write(k, value)
            self._row += 1

    def _write(self, k: int, value: Cell) -> None:
        if value is None:
            return
        if isinstance(value, str):
            if len(value) > TEXT:
                raise CommandError(
                    _("A cell of Excel holds {most} letters and one text has more; write .csv or "
                      ".parquet.", most=TEXT)
                )  # fmt: skip
            self._sheet.write_string(self._row, k, value)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, k, value)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(self._row, k, value, self._instant)
        elif isinstance(value, int) and abs(value) > EXACT:
            self._sheet.write_string(self._row, k, str(value))
        else:
            self._sheet.write_number(self._row, k, value)

    def end(self) -> None:
        """Let the rows be filtered."""
        if self._width and self._row > 1:
            self._sheet.autofilter(0, 0, self._row - 1, self._width - 1)


def _heads(field: pa.Field) -> list[str]:
    if pa.types.is_timestamp(field.type):
        return [f"{field.name} [{field.type.tz}]" if field.type.tz else field.name, OFFSET]
    return [str(field.name)]


def _cells(column: pa.ChunkedArray) -> list[list[Any]]:
    """Return a column as what cells take: two columns for instants."""
    if pa.types.is_timestamp(column.type):
        here = zone(column.type.tz or "UTC")
        seconds = column.cast(pa.timestamp("s", column.type.tz)).cast(pa.int64()).to_pylist()
        local = [None if one is None else datetime.fromtimestamp(one, tz=here) for one in seconds]
        return [
            [None if one is None else one.replace(tzinfo=None) for one in local],
            [None if one is None else one.strftime("%z")[:3] + ":" + one.strftime("%z")[3:]
             for one in local],
        ]  # fmt: skip
    if pa.types.is_floating(column.type):
        short = pa.types.is_float32(column.type)
        return [[_number(value, short) for value in column.to_pylist()]]
    if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
        return [column.to_pylist()]
    return [[None if one is None else str(one) for one in column.to_pylist()]]


def _number(value: float | None, short: bool) -> float | None:
    """Return a number as it is meant: 0.1 and not the 0.10000000149 that float32 makes of it."""
    if value is None or not np.isfinite(value):
        return None
    return float(f"{value:.7g}") if short else float(value)


def _units(schema: pa.Schema) -> pa.Table:
    """Return what each column is: name, unit, and what the program's own quantities mean."""
    rows = []
    for field in schema:
        name, bracket, rest = field.name.partition(" [")
        known = quantities().get(name)
        unit = rest.removesuffix("]") if bracket else ""
        rows.append((field.name, unit, known.description if known is not None else ""))
    names = ("column", "unit", "description")
    return pa.table({name: pa.array([row[k] for row in rows], pa.string())
                     for k, name in enumerate(names)})  # fmt: skip


def _about(about: Mapping[str, str]) -> pa.Table:
    return pa.table({"key": pa.array(list(about), pa.string()),
                     "value": pa.array(list(about.values()), pa.string())})  # fmt: skip
