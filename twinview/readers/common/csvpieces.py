"""Text files of series that are too large to be held: packed block by block, then read in pieces.

The cells of a block become numbers as `frames` makes them of a whole file. What a column is, times,
names or numbers, is decided in the first block; a later one that contradicts it is refused, for the
rows before it cannot be read anew.
"""

import codecs
import contextlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyarrow as pa
import pyarrow.parquet as pq

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.progress import Job, Progress
from twinview.readers.common import columnar, csvtext, forms, frames, texts
from twinview.readers.common.csvblocks import blocks
from twinview.readers.registry import Options, ReadError

_HEAD = 4 << 20  # bytes by which encoding and form are told
_ROWS, _BYTES = 50_000, 1 << 26  # of a group in the packed file, at most


@dataclass(frozen=True, eq=False)
class Packed:
    """A text file as a table that can be read in pieces.

    Parameters
    ----------
    source
        The table.
    times
        Its column of times.
    problems
        What was noticed on the way.
    folder
        Where it lies.
    """

    source: columnar.Parquet
    times: str
    problems: list[Problem]
    folder: Path

    def drop(self) -> None:
        """Delete the table: what was made of it stands in files of its own."""
        shutil.rmtree(self.folder, ignore_errors=True)


class _Recoded(io.RawIOBase):
    """A file in UTF-8 whatever its encoding; counts the signs that could not be read.

    Parameters
    ----------
    path, encoding
        The file.
    """

    def __init__(self, path: Path, encoding: str) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._left = b""
        self.bad = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read(self, size: int) -> bytes:  # type: ignore[override]  # pyarrow says how much it wants
        """Return the next bytes, at most `size`."""
        while len(self._left) < size:
            raw = self._file.read(size)
            text = self._decoder.decode(raw, final=not raw).replace("\0", "")
            self.bad += text.count("\ufffd")
            self._left += text.encode("utf-8", "replace")
            if not raw:
                break
        found, self._left = self._left[:size], self._left[size:]
        return found

    def tell(self) -> int:
        """Return how many bytes of the file were read."""
        return self._file.tell()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()


class _Column:
    """A column whose cells become numbers, or stay texts.

    Parameters
    ----------
    name, unit
        As the file says.
    numeric
        Whether it holds numbers.
    """

    def __init__(self, name: str, unit: str, numeric: bool) -> None:
        self.name, self.unit, self.numeric = name, unit, numeric
        self._sign = self._behind = ""
        self._first = True

    def taken(self, data: pa.Array, path: Path, options: Options) -> pa.Array:
        """Return the cells of a block as they are kept."""
        if not self.numeric:
            return data
        found = frames.piece_numbers(data, self.name, self._sign, options.unit, path.name)
        changed = found is None or (self._sign and found.sign != self._sign)
        if found is None or changed or self._other_unit(found.unit, options):
            raise ReadError(
                _(
                    "The column {column} of {file} is written in another way further down than at "
                    "its beginning; a file of this size is read block by block and cannot be "
                    "sorted out. Write its numbers in one way.",
                    file=path.name,
                    column=self.name,
                )
            )
        self._sign, self._first = found.sign, False
        return pa.array(found.values, from_pandas=False)

    def _other_unit(self, unit: str, options: Options) -> bool:
        """Take over the unit behind the numbers; tell whether a later block has another."""
        if options.unit or not unit:
            return False
        if self._first:
            self._behind, self.unit = unit, self.unit or unit
        return unit != self._behind


def has_times(path: Path, options: Options) -> bool:
    """Tell whether a column of a file holds times, by its first lines.

    Parameters
    ----------
    path, options
        The file, and what the user says.
    """
    return forms.time_column(head(path, options), options.time) is not None


def head(path: Path, options: Options) -> frames.Frame:
    """Return the first lines of a file.

    Parameters
    ----------
    path, options
        The file, and what the user says.
    """
    text, _encoding = _beginning(path, options)
    form = csvtext.form_of(text)
    raw = io.BytesIO(text.encode("utf-8", "replace"))
    with contextlib.closing(blocks(raw, form, [0], path.name)) as found:
        block = next(found)
    return frames.Frame(csvtext.columns_of(block, form), block.num_rows, form.header)


def pack(path: Path, options: Options) -> Job[Packed]:
    """Write a text file as a table of columns into the reader's folder.

    Parameters
    ----------
    path, options
        The file, and what the user says.

    Raises
    ------
    ReadError
        For a file that cannot be read as a table, or whose columns change on the way.
    """
    text, encoding = _beginning(path, options)
    form, lost = csvtext.form_of(text), [0]
    folder = Path(tempfile.mkdtemp(prefix="csv-"))
    with contextlib.closing(_Recoded(path, encoding)) as file:
        found = blocks(cast("IO[bytes]", file), form, lost, path.name)
        at = yield from _written(found, folder / "packed.parquet", form, (file, path), options)
        problems = texts.encoding_problems(path, encoding, file.bad)
    problems += [*csvtext.say_lost(path, lost[0]), csvtext.say_form(path, form)]
    return Packed(columnar.Parquet(folder / "packed.parquet"), at, problems, folder)


def _written(
    found: Iterator[pa.RecordBatch],
    packed: Path,
    form: csvtext.Form,
    origin: tuple[_Recoded, Path],
    options: Options,
) -> Job[str]:
    """Write all blocks and return the name of the column of times."""
    file, path = origin
    size, rows, at = path.stat().st_size, 0, ""
    columns: list[_Column] = []
    with contextlib.ExitStack() as stack:
        for block in found:
            if not columns:
                columns, at = _columns(block, form, path, options)
            arrays = [one.taken(block.column(k), path, options) for k, one in enumerate(columns)]
            if not rows:
                schema = _schema(columns, arrays)
                groups = _Groups(stack.enter_context(_writer(packed, schema)))
                stack.callback(groups.write)
            groups.add(pa.Table.from_arrays(arrays, schema=schema))
            rows += block.num_rows
            yield Progress(min(file.tell() / size, 1.0), _("{count} rows read", count=f"{rows:,}"))
    return at


class _Groups:
    """Gathers blocks: what a file says of each group takes more memory than its few rows would."""

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self._blocks: list[pa.Table] = []
        self._bytes = 0

    def add(self, block: pa.Table) -> None:
        """Take a block."""
        self._blocks.append(block)
        self._bytes += block.nbytes
        if self._bytes > _BYTES:
            self.write()

    def write(self) -> None:
        """Write what was taken."""
        if self._blocks:
            self._writer.write_table(pa.concat_tables(self._blocks), row_group_size=_ROWS)
        self._blocks, self._bytes = [], 0


def _writer(packed: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """Begin a file; numbers hardly come twice, and a dictionary for each column takes memory."""
    words = [one.name for one in schema if columnar.is_text(one.type)]
    return pq.ParquetWriter(
        packed, schema, compression="lz4", write_statistics=False, use_dictionary=words
    )


def _beginning(path: Path, options: Options) -> tuple[str, str]:
    """Return the first lines of a file and its encoding."""
    with path.open("rb") as file:
        raw = file.read(_HEAD)
    whole = raw[: raw.rfind(b"\n") + 1] or raw
    try:
        text, encoding, _bad = texts.decode(whole, options.encoding)
    except LookupError as error:
        raise ReadError(_("The encoding {name} is not known.", name=options.encoding)) from error
    return text.lstrip("\ufeff").replace("\0", ""), encoding


def _columns(
    block: pa.RecordBatch, form: csvtext.Form, path: Path, options: Options
) -> tuple[list[_Column], str]:
    """Tell by the first block what the columns are; return them and the name of the times'."""
    held = csvtext.columns_of(block, form)
    frame = frames.Frame(held, block.num_rows, form.header)
    at = forms.time_column(frame, options.time)
    if at is None:
        raise ReadError(_("{file} holds no time that can be read.", file=path.name))
    numeric = [
        k != at
        and one.name != options.key
        and frames.text_numbers(one, options.unit, path.name) is not None
        for k, one in enumerate(held)
    ]
    if all(numeric[:at] + numeric[at + 1 :]) and len(set(block.column(at).to_pylist())) < len(
        block
    ):
        # Numbers that name elements keep their leading zeros.
        named = [k for k, one in enumerate(held) if k != at and forms.ID.search(one.name)]
        numeric = [known and k not in named[:1] for k, known in enumerate(numeric)]
    names = forms.unique(one.name for one in held)
    made = [
        _Column(name, one.unit, able) for name, one, able in zip(names, held, numeric, strict=True)
    ]
    return made, names[at]


def _schema(columns: list[_Column], arrays: list[pa.Array]) -> pa.Schema:
    units = {one.name: one.unit for one in columns if one.unit}
    fields = [(one.name, array.type) for one, array in zip(columns, arrays, strict=True)]
    return pa.schema(fields, metadata={"twinview": json.dumps({"units": units})})
