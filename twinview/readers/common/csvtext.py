"""CSV and TSV as they come: encoding, separator, header, a line of units."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.readers.common import frames, texts, times
from twinview.readers.registry import Options, ReadError

_SEPARATORS = (",", ";", "\t", "|")
_SAMPLE = 60
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
                "{file} is larger than 400 MB; save it as Parquet or cut it into smaller files.",
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
    skipped = _comment_lines(text)
    sample = _sample(text, skipped)
    separator = _separator(sample)
    rows = _rows(sample, separator)
    header = _is_header(rows)
    units = header and _is_units(rows)
    names = rows[0] if header else [f"column {k + 1}" for k in range(len(rows[0]))]
    body = skipped + header + units
    table, lost = _parse(path, text, separator, len(names), body)
    if lost:
        message = _(
            "{count} lines of {file} have another number of cells and were left out.",
            count=lost,
            file=path.name,
        )
        problems.append(Problem("error", "row.left_out", message, "", path.name))
    columns = [
        _column(name, rows[1][k] if units and k < len(rows[1]) else "", table.column(k))
        for k, name in enumerate(names)
    ]
    problems.append(_say_form(path, separator, header))
    return frames.Frame(tuple(columns), table.num_rows, header, {}, tuple(problems))


def _column(name: str, unit: str, data: pa.ChunkedArray) -> frames.Column:
    bare, own = frames.split_unit(name.strip())
    array = np.asarray(data.to_numpy(zero_copy_only=False), dtype=object)
    return frames.Column(bare, frames.known_unit(unit) or own, array)


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
    found = [row for row in csv.reader(io.StringIO(sample), delimiter=separator) if row]
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


def _parse(path: Path, text: str, separator: str, width: int, body: int) -> tuple[pa.Table, int]:
    lost = [0]

    def skip(_row: arrow_csv.InvalidRow) -> str:
        lost[0] += 1
        return "skip"

    names = [str(k) for k in range(width)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode("utf-8", "replace")),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows=body, use_threads=False, block_size=1 << 24
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, invalid_row_handler=skip, newlines_in_values=False
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                null_values=[""],
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.table({name: pa.array([], pa.string()) for name in names}), lost[0]
        raise ReadError(
            _(
                "{file} cannot be read as a table ({reason}). Export it again as CSV.",
                file=path.name,
                reason=str(error)[:200],
            )
        ) from error
    return table, lost[0]


def _say_form(path: Path, separator: str, header: bool) -> Problem:
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
    message = _(
        "{file} was read with {separator} between cells, {header}.",
        file=path.name,
        separator=names[separator],
        header=_("names in the first line") if header else _("without a line of names"),
    )
    return Problem("info", "series.text", message, "", path.name)
