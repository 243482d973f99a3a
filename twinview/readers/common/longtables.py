"""Large long tables, one row per time and element: scattered into a file, batch by batch.

Two passes: the first gathers which times and elements there are, the second writes each number to
its place. What is held is one batch, the distinct times and the distinct elements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from twinview.i18n import _
from twinview.model.orders import Order
from twinview.model.part import Table
from twinview.model.problem import Problem
from twinview.progress import Job, Progress, part_of
from twinview.readers.common import columnar, forms, frames, grids
from twinview.readers.common.columnar import Source
from twinview.readers.registry import Options, ReadError

_ROWS = 1_000_000
_SCANNED, _WRITTEN = 0.25, 0.8  # shares of the work

Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Keys:
    """The distinct times and elements of a table, as they stand in it, and its order."""

    times: pa.Array
    ids: pa.Array
    order: Order


@dataclass(frozen=True, eq=False)
class _Target:
    """Where the numbers go: step of each distinct time, column of each distinct element."""

    keys: _Keys
    step: Places
    place: Places
    grids: Sequence[grids.Grid]


def read(
    source: Source, keyed: tuple[str, str], path: Path, options: Options
) -> Job[tuple[list[Table], list[Problem]]]:
    """Return the tables of a long table, one for each column of numbers.

    Parameters
    ----------
    source
        The table.
    keyed
        Names of the columns of times and of elements.
    path, options
        The file, and what the user says.
    """
    keys = yield from part_of(_keys(source, keyed), 0.0, _SCANNED)
    stamps = columnar.stamps(keyed[0], keys.times)
    if stamps is None:
        raise ReadError(_("{file} holds no time that can be read.", file=path.name))
    meta = columnar.meta(source.schema)
    steps = forms.axis_of(stamps, None, meta, path, options)
    columns, place = np.unique(_texts(keys.ids), return_inverse=True)
    others = [one for one in source.schema if one.name not in keyed]
    names = [one.name for one in others if columnar.is_number(one.type)]
    size = (steps.axis.count, len(columns))
    empty = [grids.Grid(size, keys.order, path) for _name in names]
    target = _Target(keys, steps.row, place, empty)
    twice, missing = yield from part_of(_filled(source, keyed, names, target), _SCANNED, _WRITTEN)
    if twice and not stamps.fixed:
        raise ReadError(_say_ambiguous(twice, path))
    like = Table(
        path.stem,
        path.stem,
        steps.axis,
        tuple(columns.tolist()),
        np.empty(0, dtype=np.float32),
        (),
        origin=str(meta.get("origin") or "given"),
    )
    job = _finished(target, names, like, meta, options)
    tables = yield from part_of(job, _WRITTEN, 1.0)
    texts = [one.name for one in others if columnar.is_text(one.type)]
    problems = [*forms.say_left_out(path, texts), *steps.problems]
    problems += [forms.say_form(path, None, steps), *forms.say_twice(twice, path)]
    return tables, problems + forms.say_missing(missing, path)


def _finished(
    target: _Target, names: Sequence[str], like: Table, meta: Mapping[str, object], options: Options
) -> Job[list[Table]]:
    """Write the other orders and return the tables, named after `like`."""
    tables: list[Table] = []
    for k, name in enumerate(names):
        kept = yield from part_of(target.grids[k].finish(), k / len(names), (k + 1) / len(names))
        bare, unit = frames.split_unit(name)
        single = len(names) == 1
        made = replace(
            like,
            id=like.id if single else f"{like.id}-{bare}",
            title=like.title if single else f"{like.title} {bare}",
            values=kept.values,
            units=columnar.units([(bare, unit)], meta, options) * len(like.columns),
            quantity=forms.quantity_of(bare),
            across=kept.across,
            facts=kept.facts,
        )
        tables.append(made)
    return tables


def _keys(source: Source, keyed: tuple[str, str]) -> Job[_Keys]:
    """Go over the two columns of a table that say what a row is about."""
    found: list[pa.Array] = []
    order: Order = "steps"
    done = 0
    for batch in source.batches(keyed, _ROWS):
        fresh = [_distinct(batch.column(k)) for k in range(2)]
        if not found:
            order = "elements" if len(fresh[1]) < len(fresh[0]) else "steps"
            found = fresh
        else:
            found = [pa.concat_arrays(pair).unique() for pair in zip(found, fresh, strict=True)]
        done += batch.num_rows
        yield Progress(done / source.rows, _("{count} rows looked at", count=f"{done:,}"))
    return _Keys(found[0], found[1], order)


def _distinct(column: pa.Array) -> pa.Array:
    """Return the values that occur in a column, decoded."""
    if not pa.types.is_dictionary(column.type):
        return column.unique()
    return column.dictionary.take(column.indices.unique())


def _filled(
    source: Source, keyed: tuple[str, str], names: Sequence[str], target: _Target
) -> Job[tuple[int, int]]:
    """Write all numbers; return how many times came twice and how many numbers are missing."""
    for grid in target.grids:
        grid.blank()
    twice = missing = done = 0
    for batch in source.batches([*keyed, *names], _ROWS):
        step = target.step[_codes(batch.column(0), target.keys.times)]
        place = target.place[_codes(batch.column(1), target.keys.ids)]
        rows = step >= 0
        for k, grid in enumerate(target.grids):
            column = columnar.column(names[k], pa.chunked_array([batch.column(2 + k)]))
            assert column is not None
            numbers = np.asarray(column.data, dtype=np.float64)[rows]
            missing += len(numbers) - int(np.isfinite(numbers).sum())
            again = grid.scatter(step[rows], place[rows], numbers.astype(np.float32))
            twice += again if k == 0 else 0
        done += batch.num_rows
        yield Progress(done / source.rows, _("{count} rows read", count=f"{done:,}"))
    return twice, missing


def _codes(column: pa.Array, known: pa.Array) -> Places:
    """Return which of the known values each row holds."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    # The last one is for rows without a value: in the known values that is a null, if there is any.
    words = pa.concat_arrays([coded.dictionary, pa.nulls(1, coded.dictionary.type)])
    found = pc.call_function("index_in", [words], pc.SetLookupOptions(known))
    lookup = found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    index = coded.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(lookup[index], dtype=np.int64)


def _texts(ids: pa.Array) -> npt.NDArray[np.str_]:
    """Return the names of elements as the small tables' reader does: trimmed, numbers plain."""
    if pa.types.is_floating(ids.type):
        return np.array([f"{one:.15g}" for one in ids.to_pylist()])
    trimmed = pc.call_function("utf8_trim_whitespace", [ids.cast(pa.string()).fill_null("")])
    return np.asarray(trimmed.to_numpy(zero_copy_only=False)).astype(str)


def _say_ambiguous(count: int, path: Path) -> str:
    return _(
        "{count} times in {file} come twice and have no offset, as when clocks go back; a table of "
        "this size is read piece by piece and cannot be sorted out. Write its times in UTC or with "
        "their offset.",
        count=count,
        file=path.name,
    )
