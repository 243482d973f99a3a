"""A layer as a table: columns, their order and texts, made for the rows that are seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.i18n import _, language
from twinview.model.twin import Layer
from twinview.scene.holding import coded_column
from twinview.scene.paint import State
from twinview.scene.shown import Shown
from twinview.scene.words import (
    column_title,
    in_language,
    quantity_title,
    translations,
    unit_of,
    value_text,
    written,
)

Rows = npt.NDArray[np.int64]

_LEFT_OUT = frozenset({"id", "fid", "geometry", "label_weight"})
_MOST_SIGNS = 12
"""Significant digits of a number in a copied table."""


class Kind(Enum):
    """What stands in a column."""

    ID = "id"
    SHOWN = "shown"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Column:
    """A column.

    Parameters
    ----------
    name
        In the layer; ``id``, or the quantity that is shown.
    title, unit
        As a reader sees them.
    kind
        What stands in it.
    """

    name: str
    title: str
    unit: str
    kind: Kind

    @property
    def head(self) -> str:
        """Title with unit."""
        return f"{self.title} [{self.unit}]" if self.unit else self.title


def columns_of(layer: Layer, shown: Shown) -> tuple[Column, ...]:
    """Return the columns of a layer: id, what the map shows, then attributes that hold something.

    Parameters
    ----------
    layer, shown
        The layer, and its shown quantity; none where that is empty.
    """
    made = [Column("id", _("Id"), "", Kind.ID)]
    if shown.quantity:
        made.append(_shown_column(layer, shown))
    translated = (one for one in translations(layer) if one.partition("_")[0] != "name")
    left_out = _LEFT_OUT | _other_names(layer) | frozenset(translated)
    names = [one for one in layer.attributes.column_names if one not in left_out]
    first = [one for one in names if one.partition("_")[0] == "name"]
    for name in (*first, *(one for one in names if one not in first)):
        column = layer.attributes[name]
        if column.null_count == len(layer) or pa.types.is_nested(column.type):
            continue
        kind = Kind.NUMBER if _is_number(column.type) else Kind.TEXT
        unit = unit_of(layer, name) if kind is Kind.NUMBER else ""
        title = _("Name") if name in first else column_title(name)
        made.append(Column(name, title, unit, kind))
    return tuple(made)


def _other_names(layer: Layer) -> frozenset[str]:
    """Return the columns of names that are for readers of another language."""
    mine = next((one for one in (f"name_{language()[:2]}", "name") if layer.has(one)), "name")
    found = (one for one in layer.attributes.column_names if one.partition("_")[0] == "name")
    return frozenset(one for one in found if one != mine and len(one) in (4, 7))


def _shown_column(layer: Layer, shown: Shown) -> Column:
    title, unit = quantity_title(shown.quantity), shown.unit
    if layer.has(shown.quantity):
        title, unit = column_title(shown.quantity), unit or unit_of(layer, shown.quantity)
    return Column(shown.quantity, title, "%" if unit == "1" else unit, Kind.SHOWN)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind))


def order_by(layer: Layer, column: Column, shown: Shown, falling: bool) -> Rows:
    """Return all rows in the order of a column; those without a value come last, either way.

    Parameters
    ----------
    layer, column, shown
        What is sorted.
    falling
        Whether the largest comes first.
    """
    keys = shown.values if column.kind is Kind.SHOWN else sort_keys(layer, column.name)
    known = np.isfinite(keys)
    rows = np.flatnonzero(known)
    held = keys[rows]
    # Negated, not reversed: what is equal stays in the order of the layer.
    ranked = rows[np.argsort(-held if falling else held, kind="stable")]
    return np.concatenate([ranked, np.flatnonzero(~known)])


@lru_cache(maxsize=64)
def sort_keys(layer: Layer, name: str) -> npt.NDArray[np.float64]:
    """Return numbers that sort a column: its own, or the rank of its texts; NaN where null."""
    kind = layer.attributes.schema.field(name).type
    if _is_number(kind) or pa.types.is_boolean(kind):
        return layer.numbers(name)
    coded = coded_column(layer, name)
    texts = coded.dictionary
    order = pc.call_function("array_sort_indices", [_padded(texts)])
    rank = np.empty(len(texts) + 1)
    rank[order.to_numpy(zero_copy_only=False)] = np.arange(len(texts))
    rank[-1] = np.nan
    ranked: npt.NDArray[np.float64] = rank[
        coded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    ]
    return ranked


def _padded(texts: pa.Array) -> pa.Array:
    """Return texts with the number at their end padded, so that ``house 9`` precedes ``house 10``.

    Large and small letters are the same.
    """
    low = pc.call_function("utf8_lower", [texts])
    pattern = r"^(?P<stem>.*?)(?P<number>[0-9]*)$"
    cut = pc.call_function("extract_regex", [low], pc.ExtractRegexOptions(pattern))
    stem, number = cut.flatten()
    padded = pc.call_function("utf8_lpad", [number], pc.PadOptions(width=18, padding="0"))
    joined = pc.call_function(
        "binary_join_element_wise", [stem, padded, pa.scalar("")], pc.JoinOptions()
    )
    return pc.call_function("coalesce", [joined, low])


def cell(layer: Layer, column: Column, shown: Shown, row: int) -> str:
    """Return the text of a cell; what is missing is said in words, and is never 0."""
    if column.kind is Kind.SHOWN:
        return shown_text(layer, shown, row)
    value = layer.attributes[in_language(layer, column.name)][row].as_py()
    named = isinstance(value, str) and column.name.startswith("name")
    return (_(value) if named else written(value, column=column.name)) or _("no data")


def missing(layer: Layer, column: Column, shown: Shown, row: int) -> bool:
    """Tell whether a cell has nothing to show."""
    if column.kind is Kind.SHOWN:
        return not bool(np.isfinite(shown.values[row]))
    return not written(layer.attributes[column.name][row].as_py())


def shown_text(layer: Layer, shown: Shown, row: int) -> str:
    """Return the shown quantity of an element, without its unit, or why there is none."""
    state = State(int(shown.states[row]))
    if state in (State.PENDING, State.LACKING):
        return _("not computed")
    if state is State.FAILED:
        return _("not converged")
    value = float(shown.values[row])
    if not np.isfinite(value):
        return _("withheld") if shown.withheld[row] else _("no data")
    if layer.has(shown.quantity):
        value = layer.attributes[shown.quantity][row].as_py()
        return written(value, column=shown.quantity) or _("no data")
    text = value_text(shown.quantity, value, shown.unit)
    for end in (shown.unit, "%"):
        text = text.removesuffix(end) if end else text
    text = text.rstrip("\u00a0 ")
    return f"≈ {text}" if state is State.ESTIMATED else text


def plain(layer: Layer, column: Column, shown: Shown, row: int) -> str:
    """Return a cell for other programs: numbers with a point and without groups."""
    if missing(layer, column, shown, row):
        return cell(layer, column, shown, row)
    if column.kind is Kind.SHOWN and not layer.has(column.name):
        scale = 100.0 if column.unit == "%" and shown.unit == "1" else 1.0
        return f"{float(shown.values[row]) * scale:.6g}"
    value = layer.attributes[column.name][row].as_py()
    if isinstance(value, float):
        return f"{value:.{_MOST_SIGNS}g}"
    return " ".join(str(value).split())


def as_tsv(layer: Layer, columns: Sequence[Column], shown: Shown, rows: Sequence[int]) -> str:
    """Return rows as text with tabs between cells, and a row of titles with units above them."""
    lines = ["\t".join(one.head for one in columns)]
    lines += ["\t".join(plain(layer, one, shown, row) for one in columns) for row in rows]
    return "\n".join(lines) + "\n"
