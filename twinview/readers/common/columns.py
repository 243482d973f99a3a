"""Attribute tables made plain (text, whole numbers, numbers, yes or no), with unique ids."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_ID_NAMES = (
    "id",
    "gml_id",
    "gml:id",
    "uuid",
    "uid",
    "osm_id",
    "building_id",
    "buildingid",
    "bldg_id",
    "gebaeude_id",
    "element_id",
    "feature_id",
    "identifier",
    "objectid",
    "object_id",
    "gid",
    "fid",
    "ogc_fid",
    "osmid",
    "@id",
    "编号",
)


@dataclass(frozen=True)
class Ids:
    """Ids of a table's rows.

    Parameters
    ----------
    text
        Unique text, shape (n,).
    column
        The column that they come from; empty where they were numbered.
    doubled
        Rows whose id came before and got a suffix.
    """

    text: pa.Array | pa.ChunkedArray
    column: str
    doubled: tuple[int, ...] = ()

    def of(self, rows: Iterable[int]) -> tuple[str, ...]:
        """Return the ids of some rows."""
        wanted = pa.array(list(rows), pa.int64())
        return tuple(self.text.take(wanted).to_pylist())


def plain(table: pa.Table) -> tuple[pa.Table, tuple[str, ...], int]:
    """Return a table of plain columns.

    Parameters
    ----------
    table
        Any Arrow table.

    Returns
    -------
    tuple
        The table, the columns that were left out (binary), and how many texts held characters that
        could not be decoded.
    """
    arrays: list[pa.ChunkedArray] = []
    fields: list[pa.Field] = []
    left_out: list[str] = []
    bad = 0
    for name, column in zip(_unique_names(table.column_names), table.columns, strict=True):
        fixed, broken = _plain_column(column)
        bad += broken
        if fixed is None:
            left_out.append(name)
            continue
        metadata = table.schema.field(len(arrays) + len(left_out)).metadata or {}
        unit = metadata.get(b"unit")
        arrays.append(fixed)
        fields.append(pa.field(name, fixed.type, metadata={b"unit": unit} if unit else None))
    return pa.table(arrays, schema=pa.schema(fields)), tuple(left_out), bad


def _unique_names(names: Sequence[str]) -> list[str]:
    seen: Counter[str] = Counter()
    fresh = []
    for name in names:
        seen[name] += 1
        fresh.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return fresh


def _plain_column(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray | None, int]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _text(column)
    if pa.types.is_boolean(kind):
        return column, 0
    if pa.types.is_integer(kind):
        return _whole(column), 0
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return column.cast(pa.float64()), 0
    return _other(column), 0


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return whole numbers as int64, as text where one is too large for it."""
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:
        return column.cast(pa.string())


def _other(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return times and nested values as text, None for anything else."""
    kind = column.type
    if pa.types.is_temporal(kind) or pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind):
        texts = [
            None if v is None else json.dumps(v, ensure_ascii=False, default=str)
            for v in column.to_pylist()
        ]
        return pa.chunked_array([pa.array(texts, pa.string())])
    return None


def _text(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, int]:
    """Return a text column with marks for bytes that are not UTF-8, and how many texts had such."""
    try:
        column.validate(full=True)
        return column.cast(pa.string()), 0
    except pa.ArrowInvalid:
        large = pa.types.is_large_string(column.type)
        raw = column.cast(pa.large_binary() if large else pa.binary()).to_pylist()
        texts = [None if one is None else one.decode("utf-8", "replace") for one in raw]
        bad = sum(
            one is not None and str(text).encode() != one
            for one, text in zip(raw, texts, strict=True)
        )
        return pa.chunked_array([pa.array(texts, pa.string())]), bad


def find_ids(table: pa.Table, layer: str, count: int) -> Ids:
    """Return unique ids for the rows of a table.

    Parameters
    ----------
    table
        A plain table.
    layer
        Name for the numbering where the table has no ids.
    count
        Number of rows (a table without columns does not know it).
    """
    by_name = {name.lower(): name for name in reversed(table.column_names)}
    for known in _ID_NAMES:
        name = by_name.get(known)
        if name is not None and _serves(table[name]):
            return _unique_column(table[name], name, layer)
    numbers = pa.array(np.arange(1, count + 1)).cast(pa.string())
    return Ids(
        pc.call_function("binary_join_element_wise", [pa.scalar(layer), numbers, pa.scalar("-")]),
        "",
    )


def as_ids(column: pa.ChunkedArray) -> npt.NDArray[np.object_]:
    """Return a column as text (whole numbers without a decimal point), None where null."""
    if pa.types.is_floating(column.type):
        return np.array(
            [
                None if v is None else (str(int(v)) if v.is_integer() else repr(v))
                for v in column.to_pylist()
            ],
            dtype=object,
        )
    return np.asarray(column.cast(pa.string()).to_numpy(zero_copy_only=False), dtype=object)


def _serves(column: pa.ChunkedArray) -> bool:
    """Tell whether a column can name elements: nearly all different, none of yes and no."""
    if pa.types.is_boolean(column.type) or not len(column):
        return False
    if pa.types.is_floating(column.type) and not np.isfinite(column.drop_null().to_numpy()).all():
        return False
    different = len(column.drop_null().unique())
    return different >= max(1, len(column) // 2)


def _unique_column(column: pa.ChunkedArray, name: str, layer: str) -> Ids:
    if not pa.types.is_floating(column.type):
        text = column.cast(pa.string())
        different = len(text.unique()) == len(text)
        if different and not text.null_count and text.index("").as_py() < 0:
            return Ids(text, name)
    return _made_unique(as_ids(column), name, layer)


def _made_unique(ids: npt.NDArray[np.object_], name: str, layer: str) -> Ids:
    if None not in ids and len(set(ids)) == len(ids) and "" not in ids:
        return Ids(pa.array(ids, pa.string()), name)
    taken, doubled, fresh = set(ids) - {None, ""}, [], ids.copy()
    seen: set[str] = set()
    for row, one in enumerate(ids):
        wanted = str(one) if one else f"{layer}-{row + 1}"
        chosen, k = wanted, 2
        while chosen in seen or (chosen != one and chosen in taken):
            chosen, k = f"{wanted}-{k}", k + 1
        if chosen != one:
            doubled.append(row)
        seen.add(chosen)
        fresh[row] = chosen
    return Ids(pa.array(fresh, pa.string()), name, tuple(doubled))


def unique(names: Sequence[str], layer: str) -> Ids:
    """Return names as ids; those that come twice get a suffix.

    Parameters
    ----------
    names
        One per row.
    layer
        Name for the numbering where a name is empty.
    """
    return _made_unique(np.array(names, dtype=object), "", layer)


def with_ids(table: pa.Table, ids: Ids) -> pa.Table:
    """Return the table with the ids as first column ``id``; another of that name is renamed."""
    if ids.column == "id":
        table = table.drop_columns(["id"])
    names = table.column_names
    if not names:
        return pa.table({"id": ids.text})
    if "id" in names:
        table = table.rename_columns(["id_in_file" if name == "id" else name for name in names])
    return table.add_column(0, pa.field("id", pa.string()), ids.text)
