"""How far a join covers a layer: which keys fit, and when each element has a value."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.join import Join
from twinview.model.pairing import Places, keys_of, pairs
from twinview.model.part import Table
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer

Shares = npt.NDArray[np.float32]

ROWS, COLUMNS = 160, 320
"""Cells of the map at most: elements down, time across."""
LOOKED_AT = 60_000_000
"""Numbers of a table up to which each is looked at; of larger ones, evenly spread steps are."""
OUTSIDE = -1.0
"""Stands in the map where the table has no steps."""


@dataclass(frozen=True, eq=False)
class Coverage:
    """What a join of columns comes to before it is made.

    Parameters
    ----------
    elements, matched
        Elements of the layer, and those with at least one column.
    without
        Keys (or ids, where the key is empty) of the elements without a column.
    unused
        Columns of the table that belong to no element.
    alike
        Pairs of a key and a column that would fit but for capitals, blanks or leading zeros.
    several, shared
        Elements with more than one column, and elements that share a column with another one.
    present
        Share of the table's steps in which the matched elements have a value, 0 to 1.
    begin, end
        What the map spans, seconds since 1970, UTC.
    shares
        The map, shape (rows, columns): share of values that are there, or `OUTSIDE`.
    each
        Whether each number was looked at.
    """

    elements: int
    matched: int
    without: tuple[str, ...]
    unused: tuple[str, ...]
    alike: tuple[tuple[str, str], ...]
    several: int
    shared: int
    present: float
    begin: int
    end: int
    shares: Shares
    each: bool

    @property
    def percent(self) -> float:
        """`present` in percent, rounded down to a tenth: 100 means that nothing is missing."""
        return math.floor(1000 * self.present) / 10


def coverage(join: Join, table: Table, layer: Layer, clock: TimeAxis) -> Coverage:
    """Return how far a join of columns covers a layer.

    Parameters
    ----------
    join
        Of the kind ``columns``.
    table, layer
        What it joins.
    clock
        The district's clock: where the table has no steps of it is shown as outside.
    """
    keys = keys_of(layer, join.column)
    rows, places = pairs(join.pattern, table.columns, keys)
    found, counts = np.unique(rows, return_counts=True)
    without = _without(layer, keys.to_pylist(), found)
    used = np.zeros(len(table.columns), dtype=np.int64)
    np.add.at(used, places, 1)
    unused = tuple(table.columns[k] for k in np.flatnonzero(used == 0))
    begin, end = _span(table.time, clock)
    shares, present, each = _map(table, len(layer), (rows, places), (begin, end))
    return Coverage(
        elements=len(layer),
        matched=len(found),
        without=without,
        unused=unused,
        alike=_alike(without, unused, join.pattern),
        several=int((counts > 1).sum()),
        shared=len(np.unique(rows[used[places] > 1])),
        present=present,
        begin=begin,
        end=end,
        shares=shares,
        each=each,
    )


def _without(layer: Layer, keys: Sequence[str | None], found: Places) -> tuple[str, ...]:
    bare = np.ones(len(layer), dtype=bool)
    bare[found] = False
    return tuple(keys[row] or layer.id_at(row) for row in np.flatnonzero(bare).tolist())


def _alike(
    without: Sequence[str], unused: Sequence[str], pattern: str
) -> tuple[tuple[str, str], ...]:
    """Return keys and columns that differ only in how they are written."""
    plain = {_plain(one): one for one in unused}
    return tuple(
        (key, plain[name])
        for key in without
        if (name := _plain(pattern.replace("{id}", key))) in plain
    )


def _plain(text: str) -> str:
    return text.strip().casefold().lstrip("0").replace(" ", "").replace("-", "").replace("_", "")


def _span(own: TimeAxis, clock: TimeAxis) -> tuple[int, int]:
    axes = [axis for axis in (own, clock) if not axis.static] or [own]
    return min(axis.start for axis in axes), max(axis.stop for axis in axes)


def _map(
    table: Table, size: int, joined: tuple[Places, Places], span: tuple[int, int]
) -> tuple[Shares, float, bool]:
    """Return the map, the share of values that are there, and whether each was looked at."""
    rows, places = joined
    lines = min(size, ROWS)
    wide = max(1, min(COLUMNS, (span[1] - span[0]) // max(table.time.step, 1)))
    there, asked = (np.zeros((lines, wide), dtype=np.float64) for _k in range(2))
    per_line = np.bincount(np.arange(size) * lines // max(size, 1), minlength=lines)
    stride = max(1, -(-table.time.count * max(len(places), 1) // LOOKED_AT))
    first = np.flatnonzero(np.diff(rows, prepend=-1))
    line = rows[first] * lines // max(size, 1)
    got = total = 0
    for cell, steps in _cells(table.time, span, wide):
        some = steps[::stride] if len(steps) > stride else steps[:1]
        asked[:, cell] += per_line * len(some)
        if not len(places):
            continue
        known = np.isfinite(table.values[some.start : some.stop : some.step][:, places])
        each = np.logical_or.reduceat(known, first, axis=1).sum(axis=0)
        np.add.at(there[:, cell], line, each)
        got, total = got + int(each.sum()), total + len(first) * len(some)
    shares = np.where(asked > 0, there / np.maximum(asked, 1), OUTSIDE).astype(np.float32)
    return shares, got / total if total else 0.0, stride == 1


def _cells(axis: TimeAxis, span: tuple[int, int], wide: int) -> list[tuple[int, range]]:
    """Return which steps of a table fall into each column of the map."""
    if axis.static:
        return [(k, range(1)) for k in range(wide)]
    starts = axis.start + np.arange(axis.count, dtype=np.int64) * axis.step
    cell = (starts - span[0]) * wide // max(span[1] - span[0], 1)
    edges = np.searchsorted(cell, np.arange(wide + 1))
    return [(k, range(int(edges[k]), int(edges[k + 1])))
            for k in range(wide) if edges[k + 1] > edges[k]]  # fmt: skip
