"""Columns of a table of series: names, units, numbers, texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.i18n import _
from twinview.model.problem import NeedsAnswer, Problem
from twinview.model.quantities import factor
from twinview.readers.common import times

Floats = npt.NDArray[np.float64]
Objects = npt.NDArray[np.object_]

_BRACKET = re.compile(r"^(?P<name>.*?)\s*[\[(（](?P<unit>[^\])）]{1,12})[\])）]\s*$")
_SUFFIX = re.compile(
    r"^(?P<name>.+?)_(?P<unit>kwh|mwh|gwh|wh|kw|mw|gw|w|kvar|mvar|gj|mj|g_per_kwh)$", re.IGNORECASE
)
UNITS = (
    "W",
    "kW",
    "MW",
    "GW",
    "Wh",
    "kWh",
    "MWh",
    "GWh",
    "kJ",
    "MJ",
    "GJ",
    "BTU/h",
    "kBtu",
    "therm",
    "g/kWh",
    "kg/MWh",
    "kg/kWh",
    "t/MWh",
    "lb/MWh",
    "g/h",
    "kg/h",
    "t/h",
    "%",
    "m/s",
    "W/m2",
    "W/m²",
    "degC",
    "°C",
    "K",
    "m",
    "V",
    "A",
    "kvar",
    "var",
    "Mvar",
    "kVA",
    "p.u.",
    "1",
    "-",
)
"""Units as columns name them."""
MILLI = ("mW", "mWh")
"""Units that are known as they are written only: in small letters they are mega."""
_UNITS = {unit.lower(): unit for unit in UNITS}
_UNITS |= {
    "g_per_kwh": "g/kWh",
    "gco2/kwh": "g/kWh",
    "gco2eq/kwh": "g/kWh",
    "千瓦": "kW",
    "千瓦时": "kWh",
    "兆瓦": "MW",
    "兆瓦时": "MWh",
    "度": "kWh",
}
_MILLI = re.compile(r"m(?=[A-Z])")
_CELL = re.compile(r"([+-]?[\d.,\s']*\d(?:[eE][+-]?\d+)?)\s*([^\d\s].*)?")
_MISSING = {"", "-", "na", "n/a", "nan", "null", "none", "#n/a", "--", "."}
_THOUSANDS_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_THOUSANDS_POINT = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a file.

    Parameters
    ----------
    name
        Name without its unit.
    unit
        Unit as far as the file says it.
    data
        Texts (None where empty), numbers, or seconds in UTC with `times.MISSING`.
    """

    name: str
    unit: str
    data: npt.NDArray[np.generic]

    @cached_property
    def texts(self) -> Objects | None:
        """The texts of a text column."""
        return np.asarray(self.data, dtype=object) if self.data.dtype == object else None

    @cached_property
    def stamps(self) -> times.Stamps | None:
        """The column as times, None where it holds none."""
        if self.data.dtype == np.int64:
            return times.Stamps(self.data, fixed=True)  # type: ignore[arg-type]
        named = times.named_like_time(self.name)
        if self.texts is None:
            return times.from_numbers(_floats(pa.array(self.data))) if named else None
        found = times.parse(self.texts.tolist())
        if found is None and named:
            numbers = text_numbers(self, "1", self.name)
            found = None if numbers is None else times.from_numbers(numbers[0])
        return found


@dataclass(frozen=True, eq=False)
class Frame:
    """The columns of a file, all of one length.

    Parameters
    ----------
    columns, rows
        Columns, and their length.
    header
        False where the file has no line of names.
    meta
        What the file says of itself (see the wide Parquet form).
    problems
        What was noticed while reading.
    """

    columns: tuple[Column, ...]
    rows: int
    header: bool = True
    meta: dict[str, object] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, eq=False)
class Piece:
    """Numbers of some rows of a column, its decimal sign as far as it is known, and their unit."""

    values: Floats
    sign: str
    unit: str


def split_unit(name: str) -> tuple[str, str]:
    """Return a column's name and the unit in it: ``power [kW]``, ``power (kW)``, ``load_kWh``."""
    found = _BRACKET.match(name)
    if found and known_unit(found["unit"]):
        return found["name"].strip() or name, known_unit(found["unit"])
    found = _SUFFIX.match(name)
    if found and known_unit(found["unit"]):
        return name, known_unit(found["unit"])
    return name, known_unit(name) if name.lower() in {"kw", "kwh", "mw", "mwh"} else ""


def known_unit(text: str) -> str:
    """Return a unit as it is written here, "" for a text that is none.

    Columns are often written in small letters, so ``mw`` is MW; ``mW``, a thousandth, never is.
    """
    bare = text.strip().strip("[]()")
    if bare in MILLI:
        return bare
    found = _UNITS.get(bare.lower(), "")
    return "" if found.startswith("M") and _MILLI.match(bare) else found


def text_numbers(column: Column, asked: str | None, file: str) -> tuple[Floats, str] | None:
    """Return a text column as numbers and their unit, None where it holds texts.

    Parameters
    ----------
    column
        A text column.
    asked
        Unit that the user says.
    file
        Name of the file.

    Raises
    ------
    NeedsAnswer
        For numbers in more than one unit or style.
    """
    texts = pa.array(column.data, pa.string())
    plain = plain_numbers(texts)
    if plain is not None:
        return plain, asked or column.unit
    found = _spelled(texts)
    if found is None:
        return None
    words, cells = found
    style = _style(column.name, [cell for cell in cells if cell and cell[0]], asked, file)
    result = _taken(words, np.array([_value(cell, style, asked) for cell in cells]))
    return result, asked or _unit_in(cells) or column.unit


def plain_numbers(texts: pa.Array, sign: str = ".") -> Floats | None:
    """Return texts as numbers where all are plain ones with a decimal sign, else None.

    Parameters
    ----------
    texts
        Cells; empty ones are missing.
    sign
        Decimal sign.
    """
    call = pc.call_function
    trimmed = call("utf8_trim_whitespace", [texts])
    bare = call("if_else", [call("equal", [trimmed, ""]), pa.scalar(None, pa.string()), trimmed])
    if sign != ".":
        if _holds(bare, "."):
            return None
        bare = call("replace_substring", [bare], pc.ReplaceSubstringOptions(sign, "."))
    try:
        return _floats(bare.cast(pa.float64()))
    except pa.ArrowInvalid:
        return None


def piece_numbers(
    texts: pa.Array, name: str, sign: str, asked: str | None, file: str
) -> Piece | None:
    """Return a piece of a text column as `text_numbers` does the whole, None for texts.

    Parameters
    ----------
    texts
        Some rows of the column.
    name
        Its name.
    sign
        Decimal sign that the rows before have, "" where they tell none.
    asked, file
        As in `text_numbers`.
    """
    plain = plain_numbers(texts, sign or ".")
    if plain is not None:
        pointed = not sign and _holds(texts, ".")
        return Piece(plain, "." if pointed else sign, "")
    found = _spelled(texts)
    if found is None:
        return None
    words, cells = found
    numbers = [cell for cell in cells if cell and cell[0]]
    style = _style(name, numbers, asked, file)
    telling = any("," in number or "." in number for number, _unit in numbers)
    style = style if telling else sign or style
    values = _taken(words, np.array([_value(cell, style, asked) for cell in cells]))
    return Piece(values, style if telling else sign, _unit_in(cells))


def _holds(texts: pa.Array, sign: str) -> bool:
    found = pc.call_function("match_substring", [texts], pc.MatchSubstringOptions(sign))
    return bool(pc.call_function("any", [found]).as_py())


def _spelled(texts: pa.Array) -> tuple[pa.Array, list[tuple[str, str] | None]] | None:
    """Return the different cells and what each says, None where too many are no numbers."""
    words = texts.dictionary_encode()
    cells = [_cell(str(word)) for word in words.dictionary.to_pylist()]
    strange = sum(cell is None for cell in cells)
    none = all(cell is None for cell in cells)
    return None if none or strange > 0.1 * len(cells) else (words, cells)


def _taken(words: pa.Array, values: Floats) -> Floats:
    index = words.indices.to_numpy(zero_copy_only=False)
    known = ~words.indices.is_null().to_numpy(zero_copy_only=False)
    result = np.full(len(words), np.nan)
    result[known] = values[index[known].astype(np.int64)]
    return result


def _unit_in(cells: Sequence[tuple[str, str] | None]) -> str:
    """Return the one unit that stands behind numbers, "" for none or several."""
    units = {cell[1] for cell in cells if cell and cell[0]} - {""}
    return units.pop() if len(units) == 1 else ""


def _floats(array: pa.Array) -> Floats:
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def _cell(text: str) -> tuple[str, str] | None:
    """Return number and unit of a cell, ("", "") for an empty one, None for text."""
    bare = text.strip()
    if bare.lower() in _MISSING:
        return "", ""
    found = _CELL.fullmatch(bare)
    if not found or (found[2] and not known_unit(found[2])):
        return None
    return re.sub(r"[\s']", "", found[1]), known_unit(found[2] or "")


def _style(name: str, cells: Sequence[tuple[str, str]], asked: str | None, file: str) -> str:
    """Return the decimal sign of a column's numbers, or ask where units or styles are mixed."""
    units = {unit for _number, unit in cells}
    comma = any(_THOUSANDS_COMMA.fullmatch(n) and "." in n for n, _unit in cells)
    point = any(_THOUSANDS_POINT.fullmatch(n) and "," in n for n, _unit in cells)
    if (len(units) > 1 or (comma and point)) and not asked:
        shown = "; ".join(f"{number} {unit}".strip() for number, unit in list(cells)[:8])
        raise NeedsAnswer(
            _(
                "{file}: the column {column} mixes ways of writing ({shown}). Name the unit of the "
                "bare numbers with --unit, such as --unit=kW; values with a unit of their own are "
                "converted.",
                file=file,
                column=name,
                shown=shown,
            ),
            "--unit",
            tuple(sorted(units - {""})) or ("kW", "kWh"),
        )
    only_commas = any("," in n for n, _u in cells) and not any("." in n for n, _u in cells)
    thousands = all(_THOUSANDS_COMMA.fullmatch(n) for n, _u in cells if "," in n)
    return "," if (point and not comma) or (only_commas and not thousands) else "."


def _value(cell: tuple[str, str] | None, style: str, asked: str | None) -> float:
    if cell is None or not cell[0]:
        return np.nan
    number, unit = cell
    if "," in number and "." in number:  # the last sign is the decimal one
        decimal = "," if number.rfind(",") > number.rfind(".") else "."
    else:
        decimal = style
    other = "." if decimal == "," else ","
    try:
        value = float(number.replace(other, "").replace(decimal, "."))
        return value * (factor(unit, asked) if unit and asked else 1.0)
    except ValueError:
        return np.nan


def text_numbers_safe(column: Column) -> Floats | None:
    """Return a text column as numbers where it holds nothing else, None where it holds texts.

    Parameters
    ----------
    column
        A text column; mixed units are not asked about here.
    """
    found = text_numbers(column, "kW", "")
    return None if found is None else found[0]
