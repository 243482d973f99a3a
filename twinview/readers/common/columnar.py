"""Arrow tables as columns of a file, and Parquet read in pieces."""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from twinview.i18n import _
from twinview.readers.common import frames, times
from twinview.readers.registry import Options, ReadError


class Source(Protocol):
    """A table that is too large to be held at once."""

    @property
    def schema(self) -> pa.Schema:
        """Names and kinds of the columns, and what the file says of itself."""

    @property
    def rows(self) -> int:
        """Number of rows."""

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Return some columns over all rows."""

    def batches(self, names: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
        """Return some columns, at most so many rows at a time."""


class Parquet:
    """A Parquet file read in pieces.

    Parameters
    ----------
    path
        The file.
    """

    def __init__(self, path: Path) -> None:
        texts = [one.name for one in pq.read_schema(path) if is_text(one.type)]
        self._file = pq.ParquetFile(path, pre_buffer=False, read_dictionary=texts)
        self.schema: pa.Schema = self._file.schema_arrow
        self.rows = int(self._file.metadata.num_rows)

    def columns(self, names: Sequence[str]) -> pa.Table:
        """Return some columns over all rows."""
        return self._file.read(columns=list(names), use_threads=False)

    def batches(self, names: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
        """Return some columns, at most so many rows at a time."""
        yield from self._file.iter_batches(rows, columns=list(names), use_threads=False)


@contextlib.contextmanager
def undamaged(path: Path) -> Iterator[None]:
    """Turn what a library says of a damaged file into a sentence."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise ReadError(
            _(
                "{file} is damaged ({reason}); nothing was read. Fetch or export it again.",
                file=path.name,
                reason=str(error)[:200],
            )
        ) from error


def meta(schema: pa.Schema) -> dict[str, object]:
    """Return what a table says of itself (the wide form of the documentation)."""
    said = (schema.metadata or {}).get(b"twinview", b"{}")
    try:
        found = json.loads(said)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def column(name: str, data: pa.ChunkedArray) -> frames.Column | None:
    """Return a column with the unit in its name taken off, None for one of another kind."""
    bare, unit = frames.split_unit(name)
    kind = data.type
    if pa.types.is_dictionary(kind):
        data, kind = data.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return _instants(bare, data)
    if is_number(kind):
        numbers = data.cast(pa.float64()).to_numpy(zero_copy_only=False)
        return frames.Column(bare, unit, np.asarray(numbers, dtype=np.float64))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts = data.cast(pa.string()).to_numpy(zero_copy_only=False)
        return frames.Column(bare, unit, np.asarray(texts, dtype=object))
    return None


def stamps(name: str, data: pa.Array | pa.ChunkedArray) -> times.Stamps | None:
    """Return a column as times, None where it holds none."""
    found = column(name, data if isinstance(data, pa.ChunkedArray) else pa.chunked_array([data]))
    return None if found is None else found.stamps


def units(
    names: Sequence[tuple[str, str]], said: Mapping[str, object], options: Options
) -> tuple[str, ...]:
    """Return the unit of each column: the user's, what the file says of it, or that in its name.

    Parameters
    ----------
    names
        Name and unit of each column (`frames.split_unit`).
    said, options
        What the file says of itself, and what the user says.
    """
    own = said.get("units")
    known = own if isinstance(own, dict) else {}
    return tuple(options.unit or str(known.get(name, known.get("*", unit))) for name, unit in names)


def is_number(kind: pa.DataType) -> bool:
    """Tell whether a column holds numbers."""
    return bool(
        pa.types.is_floating(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column holds texts, perhaps as codes of a dictionary."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _instants(name: str, data: pa.ChunkedArray) -> frames.Column:
    """Return instants in UTC as seconds; local ones as text, so that their zone is asked for."""
    zoned = pa.types.is_timestamp(data.type) and data.type.tz is not None
    if not zoned:
        texts = data.cast(pa.timestamp("s"), safe=False).cast(pa.string())
        return frames.Column(
            name, "", np.asarray(texts.to_numpy(zero_copy_only=False), dtype=object)
        )
    seconds = data.cast(pa.timestamp("s", "UTC"), safe=False).cast(pa.int64())
    filled = seconds.fill_null(times.MISSING)
    return frames.Column(
        name, "", np.asarray(filled.to_numpy(zero_copy_only=False), dtype=np.int64)
    )
