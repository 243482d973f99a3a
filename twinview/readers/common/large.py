"""Tables of series that are too large to be held: read in pieces into files of both orders."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.progress import Job, Progress, part_of
from twinview.readers.common import columnar, forms, grids, longtables, times
from twinview.readers.common import steps as axes
from twinview.readers.common.columnar import Source
from twinview.readers.registry import Options, ReadError

LARGE = 40_000_000
"""Cells of a file from which it is read in pieces: some 0.6 GB where it is held as columns."""
_PIECE = 4_000_000  # numbers that are read at once
_HEAD = 1000
_MOST_TIMES = 20_000_000  # rows of a wide table

Found = tuple[list[Table], list[Problem]]


def read(source: Source, path: Path, options: Options, at: str = "") -> Job[Part]:
    """Return the content of a large table: wide, or long with a column of elements.

    Parameters
    ----------
    source
        The table.
    path, options
        The file, and what the user says.
    at
        Name of the column of times, where it is known.

    Raises
    ------
    ReadError
        For a table without times, and one that does not fit on the disk.
    """
    with columnar.undamaged(path):
        at = at or _named(source, options.time) or _time_column(source, path)
        ids = _named(source, options.key) or _id_column(source, at)
        ids = None if options.form == "wide" else ids
        if ids is not None and options.several:
            raise ReadError(
                _(
                    "{file} is too large for its rows to be put together; do that before, or have "
                    "the later row count.",
                    file=path.name,
                )
            )
        if ids is None:
            tables, problems = yield from _wide(source, at, path, options)
        else:
            tables, problems = yield from longtables.read(source, (at, ids), path, options)
    return Part(
        tables=tuple(tables),
        problems=(*problems, *_say_disk(tables, path)),
        rows={path.stem: (source.rows, source.rows)},
        about=str(columnar.meta(source.schema).get("about", "")),
    )


def _named(source: Source, name: str | None) -> str | None:
    """Return a column that the user names, None where nobody does."""
    if not name:
        return None
    names = source.schema.names
    if name not in names:
        raise ReadError(
            _(
                "There is no column '{column}'; there are {known}.",
                column=name,
                known=", ".join(names[:20]),
            )
        )
    return name


def _time_column(source: Source, path: Path) -> str:
    """Return the name of the column that holds times: one whose name says so first."""
    able = [
        one.name
        for one in source.schema
        if times.named_like_time(one.name) or pa.types.is_temporal(one.type)
    ]
    for name in sorted(able, key=lambda one: not times.named_like_time(one)):
        head = next(source.batches([name], _HEAD), None)
        if head is not None and columnar.stamps(name, head.column(0)) is not None:
            return str(name)
    raise ReadError(
        _(
            "{file} holds {rows} rows of {columns} columns and no column of times; a table of "
            "attributes of this size is not read. Cut it into smaller files.",
            file=path.name,
            rows=f"{source.rows:,}",
            columns=len(source.schema),
        )
    )


def _id_column(source: Source, at: str) -> str | None:
    """Return the column of elements of a long table, None for a wide one."""
    others = [one for one in source.schema if one.name != at]
    texts = [one.name for one in others if columnar.is_text(one.type)]
    named = [one.name for one in others if forms.ID.search(one.name)]
    first = [*(name for name in texts if name in named), *texts]
    if not first and named and len(others) > 1 and _times_come_twice(source, at):
        first = named
    return first[0] if first else None


def _times_come_twice(source: Source, at: str) -> bool:
    if source.rows > _MOST_TIMES:
        return True
    column = source.columns([at])[at]
    return len(column.unique()) < len(column)


def _wide(source: Source, at: str, path: Path, options: Options) -> Job[Found]:
    stamps = columnar.stamps(at, source.columns([at])[at])
    if stamps is None:
        raise ReadError(_("{file} holds no time that can be read.", file=path.name))
    meta = columnar.meta(source.schema)
    steps = forms.axis_of(stamps, None, meta, path, options)
    names = [o.name for o in source.schema if o.name != at and columnar.is_number(o.type)]
    texts = [o.name for o in source.schema if o.name != at and columnar.is_text(o.type)]
    grid = grids.Grid((steps.axis.count, len(names)), "elements", path)
    found, missing = yield from part_of(_columns(source, names, steps, grid), 0.0, 0.7)
    kept = yield from part_of(grid.finish(), 0.7, 1.0)
    rows = steps.row[steps.row >= 0]
    problems = [*forms.say_left_out(path, texts), *steps.problems]
    problems += [forms.say_form(path, len(names), steps)]
    problems += forms.say_twice(len(rows) - len(np.unique(rows)), path)
    problems += forms.say_missing(missing, path)
    quantities = {forms.quantity_of(name) for name, _unit in found}
    table = Table(
        path.stem,
        path.stem,
        steps.axis,
        forms.unique(name for name, _unit in found),
        kept.values,
        columnar.units(found, meta, options),
        quantities.pop() if len(quantities) == 1 else "",
        str(meta.get("origin") or "given"),
        across=kept.across,
        facts=kept.facts,
    )
    return [table], problems


def _columns(
    source: Source, names: Sequence[str], steps: axes.Steps, grid: grids.Grid
) -> Job[tuple[list[tuple[str, str]], int]]:
    """Write all columns and return their names and units, and how many numbers are missing."""
    rows = steps.row >= 0
    found: list[tuple[str, str]] = []
    missing, width = 0, max(1, _PIECE // max(source.rows, 1))
    for first in range(0, len(names), width):
        part = names[first : first + width]
        table = source.columns(part)
        block = np.full((len(part), steps.axis.count), np.nan, dtype=np.float32)
        for k, name in enumerate(part):
            one = columnar.column(name, table[name])
            assert one is not None
            numbers = np.asarray(one.data, dtype=np.float64)[rows]
            block[k, steps.row[rows]] = numbers
            missing += len(numbers) - int(np.isfinite(numbers).sum())
            found.append((one.name, one.unit))
        block[~np.isfinite(block)] = np.nan
        grid.append(block)
        done = first + len(part)
        yield Progress(done / len(names), _("{count} columns read", count=done))
    return found, missing


def _say_disk(tables: Sequence[Table], path: Path) -> list[Problem]:
    size = sum(grids.disk(*table.values.shape) for table in tables)
    message = _(
        "{file} is kept in both orders, by step and by element: {size:.1f} GB in the project's "
        "cache.",
        file=path.name,
        size=size / 1e9,
    )
    return [Problem("info", "series.stored", message, "", path.name)]
