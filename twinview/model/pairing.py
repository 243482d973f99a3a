"""Which columns of a table belong to which elements of a layer: by keys, patterns and lists."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import translate

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.model.twin import Layer

Places = npt.NDArray[np.int64]

ID = "{id}"
"""Stands for an element's key in a pattern."""
ANY = "*"
"""Stands for any text in a pattern: several columns may belong to one element."""
LISTED = ";"
"""Stands between the keys of an element that has several."""


def keys_of(layer: Layer, column: str = "") -> pa.Array:
    """Return the texts by which the elements of a layer are known to tables, null where empty.

    Parameters
    ----------
    layer
        The layer.
    column
        Which of its columns holds them; empty for the ids.
    """
    values = layer.attributes[column or "id"].combine_chunks()
    if pa.types.is_floating(values.type):  # whole numbers that became floats: 7, not 7.0
        texts = [None if value is None else f"{value:.15g}" for value in values.to_pylist()]
        return pa.array(texts, pa.string())
    texts = values.cast(pa.string())
    empty = pc.call_function("equal", [texts, pa.scalar("")])
    return pc.call_function("if_else", [empty, pa.scalar(None, pa.string()), texts])


def names_of(pattern: str, keys: pa.Array) -> pa.Array:
    """Return the names that the columns of keys have under a pattern without `ANY`."""
    first, *others = pattern.split(ID)
    if not others:
        return pa.array([pattern] * len(keys), pa.string())
    pieces = [pa.scalar(first), *(one for text in others for one in (keys, pa.scalar(text)))]
    return pc.call_function("binary_join_element_wise", [*pieces, pa.scalar("")])


def places_of(columns: Sequence[str], names: pa.Array) -> Places:
    """Return which column has each name, -1 where none has."""
    known = pc.SetLookupOptions(pa.array(columns, pa.string()))
    found = pc.call_function("index_in", [names], known).fill_null(-1)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)


def pairs(pattern: str, columns: Sequence[str], keys: pa.Array) -> tuple[Places, Places]:
    """Return elements and columns that belong together, ordered by element.

    Parameters
    ----------
    pattern
        Name of a column for a key, such as ``load_{id}`` or ``{id}_*``.
    columns
        Names of the table's columns.
    keys
        From `keys_of`; one may list several, ``m1;m2``.

    Returns
    -------
    elements, columns
        Shape (n,) each: one entry for each column of each element.
    """
    elements, single = _unlisted(keys)
    if ANY not in pattern:
        found = places_of(columns, names_of(pattern, single))
        kept = found >= 0
        return elements[kept], found[kept]
    rows: dict[str, list[int]] = {}
    for element, key in zip(elements.tolist(), single.to_pylist(), strict=True):
        if key is not None:
            rows.setdefault(key, []).append(element)
    matched = [
        (element, place)
        for place, name in enumerate(columns)
        if (key := _key_in(name, pattern, rows)) is not None
        for element in rows[key]
    ]
    both = np.array(sorted(matched), dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def listed(keys: pa.Array) -> bool:
    """Tell whether any of the keys is a list of several."""
    lists = pc.call_function("match_substring", [keys], pc.MatchSubstringOptions(LISTED))
    return bool(pc.call_function("any", [lists]).as_py())


def _unlisted(keys: pa.Array) -> tuple[Places, pa.Array]:
    """Return each single key and whose it is."""
    if not listed(keys):
        return np.arange(len(keys), dtype=np.int64), keys
    split = [
        (row, key)
        for row, text in enumerate(keys.to_pylist())
        for one in (text or "").split(LISTED)
        if (key := one.strip())
    ]
    return (
        np.array([row for row, _key in split], dtype=np.int64),
        pa.array([key for _row, key in split], pa.string()),
    )


def _key_in(name: str, pattern: str, known: Mapping[str, object]) -> str | None:
    """Return the longest key that a column's name holds where the pattern says."""
    begin, end = pattern.split(ID, 1) if ID in pattern else (pattern, "")
    head, tail = re.compile(translate(begin)), re.compile(translate(end))
    return next(
        (
            name[i:j]
            for i, j in _stretches(name, begin, end)
            if name[i:j] in known and head.match(name[:i]) and tail.match(name[j:])
        ),
        None,
    )


def _stretches(name: str, begin: str, end: str) -> Iterator[tuple[int, int]]:
    """Yield where a key may begin and end in a name, the longest stretches first."""
    starts = [len(begin)] if ANY not in begin else list(range(len(name)))
    stops = [len(name) - len(end)] if ANY not in end else list(range(len(name), 0, -1))
    pairs_ = [(i, j) for i in starts for j in stops if i < j]
    return iter(sorted(pairs_, key=lambda pair: pair[0] - pair[1]))
