"""Tables of elements in CSV: rows by column name, numbers that may be missing."""

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

from twinview.i18n import _
from twinview.readers.common import texts
from twinview.readers.registry import Options, ReadError

_LARGEST = 200 << 20
_EMPTY = {"", "null", "nan", "none", "n/a"}
_YES = {"true", "yes", "1", "1.0"}
_WIDEST = 1 << 20

TextRow = Mapping[str, str]


def load(path: Path, options: Options, separator: str) -> list[dict[str, str]]:
    """Return the rows of a table by the names in its first line.

    Parameters
    ----------
    path
        The file; one that is not there has no rows.
    options
        What the user says.
    separator
        Sign between cells.
    """
    if not path.is_file():
        return []
    if path.stat().st_size > _LARGEST:
        raise ReadError(_("{file} is larger than 200 MB; no network is.", file=path.name))
    text, _encoding, _bad = texts.decode(path.read_bytes(), options.encoding)
    source = io.StringIO(text.lstrip("\ufeff").replace("\0", ""), newline="")
    csv.field_size_limit(_WIDEST)
    try:
        lines = [line for line in csv.reader(source, delimiter=separator) if line]
    except csv.Error as error:
        raise ReadError(
            _(
                "{file} cannot be read as a table ({reason}). Export it again as CSV.",
                file=path.name,
                reason=error,
            )
        ) from error
    names = [name.strip() for name in lines[0]] if lines else []
    return [dict(zip(names, (cell.strip() for cell in line), strict=False)) for line in lines[1:]]


def number(row: TextRow, name: str, default: float = 0.0) -> float:
    """Return a cell as a number, `default` where it is empty, missing or no finite number.

    Parameters
    ----------
    row, name
        Row and column.
    default
        Value for a missing one.
    """
    try:
        value = float(row.get(name, ""))
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def text(row: TextRow, name: str) -> str:
    """Return a cell as text, "" where it is empty, missing or says that there is none.

    Parameters
    ----------
    row, name
        Row and column.
    """
    value = row.get(name, "").strip()
    return "" if value.lower() in _EMPTY else value


def flag(row: TextRow, name: str, default: bool = True) -> bool:
    """Return a cell as yes or no.

    Parameters
    ----------
    row, name
        Row and column.
    default
        Value for a missing one.
    """
    value = text(row, name).lower()
    return value in _YES if value else default
