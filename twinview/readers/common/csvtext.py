"""CSV and TSV as they come: encoding, separator, header, a line of units."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.readers.common import frames, texts, times
from twinview.readers.common.csvblocks import Form, blocks, schema_of
from twinview.readers.registry import Options, ReadError

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 60
LARGE = 64 << 20
"""Bytes of a file from which its series are read block by block: texts take tenfold in memory."""
_LARGEST = 400 << 20
_NUMBER = re.compile(r"[+-]?[\d\s.,']*\d[\d.,]*(?:[eE][+-]?\d+)?")


def load(path: Path, options: Options) -> frames.Frame:
    """Return the columns of a CSV file, all as text.

    Parameters
    ----------
    path
        The file.
    options
        What the user says.
    """
    if path.stat().st_size > _LARGEST:
        raise ReadError(
            _(
                "{file} is larger than 400 MB and holds no column of times; cut it into smaller "
                "files.",
                file=path.name,
            )
        )
    try:
        text, encoding, bad = texts.decode(path.read_bytes(), options.encoding)
    except LookupError as error:
        raise ReadError(_("The encoding {name} is not known.", name=options.encoding)) from error
    problems = texts.encoding_problems(path, encoding, bad)
    if not text.strip("\ufeff \r\n\t"):
        raise ReadError(_("{file} holds no line; nothing was read.", file=path.name))
    text = text.lstrip("\ufeff").replace("\0", "")
    form = form_of(text)
    lost, raw = [0], io.BytesIO(text.encode("utf-8", "replace"))
    table = pa.Table.from_batches(blocks(raw, form, lost, path.name), schema_of(form))
    problems += [*say_lost(path, lost[0]), say_form(path, form)]
    return frames.Frame(columns_of(table, form), table.num_rows, form.header, {}, tuple(problems))


def form_of(text: str) -> Form:
    """Tell how a file is written by its first lines.

    Parameters
    ----------
    text
        The file, or how it begins.
    """
    skipped = _comment_lines(text)
    sample = _sample(text, skipped)
    separator = _separator(sample)
    rows = _rows(sample, separator)
    header = _is_header(rows)
    units = header and _is_units(rows)
    names = rows[0] if header else [f"column {k + 1}" for k in range(len(rows[0]))]
    below = rows[1] if units else []
    columns = tuple(
        _named(name, below[k] if k < len(below) else "") for k, name in enumerate(names)
    )
    return Form(separator, header, columns, skipped + header + units)


def _named(name: str, unit: str) -> tuple[str, str]:
    bare, own = frames.split_unit(name.strip())
    return bare, frames.known_unit(unit) or own


def say_lost(path: Path, lost: int) -> list[Problem]:
    """Say how many lines were left out, if any."""
    if not lost:
        return []
    message = _(
        "{count} lines of {file} have another number of cells and were left out.",
        count=lost,
        file=path.name,
    )
    return [Problem("error", "row.left_out", message, "", path.name)]


def columns_of(table: pa.Table | pa.RecordBatch, form: Form) -> tuple[frames.Column, ...]:
    """Return the columns of a table of texts under their names.

    Parameters
    ----------
    table
        As `csvblocks.blocks` gives them.
    form
        How the file is written.
    """
    arrays = (one.to_numpy(zero_copy_only=False) for one in table.columns)
    return tuple(
        frames.Column(name, unit, np.asarray(array, dtype=object))
        for (name, unit), array in zip(form.columns, arrays, strict=True)
    )


def _comment_lines(text: str) -> int:
    count = 0
    for line in text.splitlines()[:50]:
        if not line.startswith("#"):
            break
        count += 1
    return count


def _sample(text: str, skipped: int) -> str:
    head = io.StringIO(text[: 1 << 20])
    return "".join(list(head)[skipped : skipped + _SAMPLE])


def _separator(sample: str) -> str:
    """Return the sign that cuts most lines into the same number of cells, more than one."""
    best, most = ",", 0.0
    for sign in _SEPARATORS:
        widths = Counter(len(row) for row in _rows(sample, sign))
        width, count = widths.most_common(1)[0]
        # Half a point per cell tells "1,5;2,5" (";" gives fewer, but even cells) from a real comma.
        score = count / sum(widths.values()) + (0.001 * width if width > 1 else -1)
        if sign == "," and width > 1 and re.search(r"\d,\d+\s*;", sample):
            score -= 1
        if score > most:
            best, most = sign, score
    return best


def _rows(sample: str, separator: str) -> list[list[str]]:
    try:
        found = [row for row in csv.reader(io.StringIO(sample), delimiter=separator) if row]
    except csv.Error:  # a cell of a hundred thousand letters: this is not what separates them
        return [[""]]
    return found or [[""]]


def _value_like(cell: str) -> bool:
    bare = cell.strip()
    return not bare or bool(_NUMBER.fullmatch(bare)) or times.parse([bare]) is not None


def _is_header(rows: list[list[str]]) -> bool:
    """Tell whether the first line names columns: none of its cells is a number or a time."""
    first = [cell for cell in rows[0] if cell.strip()]
    if not first:
        return True
    numeric = sum(_value_like(cell) for cell in first)
    below = rows[1] if len(rows) > 1 else []
    named = numeric <= len(first) // 2 and not all(_value_like(cell) for cell in first)
    return named and (numeric == 0 or any(_value_like(cell) for cell in below))


def _is_units(rows: list[list[str]]) -> bool:
    """Tell whether the second line holds units."""
    if len(rows) < 3:
        return False
    said = [cell for cell in rows[1] if cell.strip()]
    named = [cell for cell in said if frames.known_unit(cell) and not _value_like(cell)]
    return len(named) > len(said) / 2


def say_form(path: Path, form: Form) -> Problem:
    """Say how a file was read."""
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
    message = _(
        "{file} was read with {separator} between cells, {header}.",
        file=path.name,
        separator=names[form.separator],
        header=_("names in the first line") if form.header else _("without a line of names"),
    )
    return Problem("info", "series.text", message, "", path.name)
