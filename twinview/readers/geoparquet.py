"""GeoParquet: one table with a column of shapes as well-known binary."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from twinview.i18n import _
from twinview.model.part import Part
from twinview.model.problem import NeedsAnswer
from twinview.progress import Job, Progress
from twinview.readers.common import wkb
from twinview.readers.common.kinds_told import told_of
from twinview.readers.common.layers import Source, to_part
from twinview.readers.crs import WGS84
from twinview.readers.registry import Options, ReadError, reader

_CELLS = 60_000_000  # numbers that fit a reader's memory
_TAIL = 8 << 20


def sniff(path: Path, head: bytes) -> int:
    """Score a file: Parquet whose footer has a key ``geo``."""
    return 60 if head.startswith(b"PAR1") and b"\x03geo" in footer(path) else 0


def footer(path: Path) -> bytes:
    """Return the footer of a Parquet file, as far as its last 8 MiB hold it."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 8))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(0, size - 8 - min(length, _TAIL)))
        return file.read(min(length, _TAIL))


@reader("GeoParquet", patterns=["*.parquet", "*.geoparquet"], score=60, sniff=sniff)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a GeoParquet file."""
    yield Progress(0.05, _("Opening {file}", file=path.name))
    try:
        file = pq.ParquetFile(path)
        check_size(path, file)
        column, crs = _described(path, file, options)
        pieces = []
        for group in range(file.num_row_groups):
            yield Progress(
                0.1 + 0.6 * group / file.num_row_groups, _("Reading {file}", file=path.name)
            )
            pieces.append(file.read_row_group(group))
        table = pa.concat_tables(pieces) if pieces else file.schema_arrow.empty_table()
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=str(error)[:200],
            )
        ) from error
    yield Progress(0.8, _("Checking shapes"))
    if not column:
        return to_part([Source(path.stem, path.name, table, None)], options)
    shapes, reasons, ready = wkb.read(table, column)
    bare = table.drop_columns([column, *_other_shapes(table, column)])
    source = Source(path.stem, path.name, bare, shapes, reasons, crs, ready=ready)
    return to_part([source], options)


def check_size(path: Path, file: pq.ParquetFile) -> None:
    """Refuse a file whose tables would not fit into memory, before reading it."""
    rows, columns = file.metadata.num_rows, file.metadata.num_columns
    if rows * columns > _CELLS:
        raise ReadError(
            _(
                "{file} holds {rows} rows of {columns} columns, more than a reader's memory; "
                "nothing was read. Cut it into smaller files.",
                file=path.name,
                rows=f"{rows:,}",
                columns=columns,
            )
        )


def _described(path: Path, file: pq.ParquetFile, options: Options) -> tuple[str, str]:
    """Return the column of shapes ("" to read a plain table) and the coordinate system."""
    said = (file.schema_arrow.metadata or {}).get(b"geo", b"")
    try:
        geo: dict[str, Any] = json.loads(said)
        name = geo["primary_column"]
        column = geo["columns"][name]
        encoding = column["encoding"]
    except (ValueError, KeyError, TypeError):
        return _by_hand(path, file, options)
    if encoding != "WKB" or name not in file.schema_arrow.names:
        raise ReadError(
            _(
                "{file} writes its shapes as {encoding}; twinview reads WKB. Export it as WKB.",
                file=path.name,
                encoding=encoding,
            )
        )
    if "crs" not in column:
        return name, WGS84
    return name, json.dumps(column["crs"]) if column["crs"] else ""


def _by_hand(path: Path, file: pq.ParquetFile, options: Options) -> tuple[str, str]:
    """Go on without a description: the user says whether the binary column holds shapes."""
    binary = [f.name for f in file.schema_arrow if pa.types.is_binary(f.type)]
    if told_of(options.kind, path.stem) == "table" or (options.crs and not binary):
        return "", ""
    if options.crs:
        return binary[0], ""
    raise NeedsAnswer(
        _(
            "{file}: the description of its shapes is damaged. Name the coordinate system with "
            "--crs to read the column {column} as shapes, or say --kind=table to read a table.",
            file=path.name,
            column=binary[0] if binary else "-",
        ),
        "--crs",
        (WGS84,),
    )


def _other_shapes(table: pa.Table, column: str) -> list[str]:
    return [
        name
        for name in table.column_names
        if name != column and (pa.types.is_binary(table[name].type) or name == "bbox")
    ]
