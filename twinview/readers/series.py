"""Series: CSV, TSV, Parquet and Arrow tables of values over time, wide or long."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis
from twinview.progress import Job, Progress, part_of
from twinview.readers.common import (
    checks,
    columnar,
    csvpieces,
    csvtext,
    forms,
    frames,
    heads,
    large,
    times,
)
from twinview.readers.common.hours import UNKNOWN_START
from twinview.readers.common.layers import Source, to_part
from twinview.readers.registry import Options, ReadError, reader

_DEGREES = "EPSG:4326"
_NORTH, _EAST = ("lat", "latitude"), ("lon", "lng", "long", "longitude")
_HEAD = 1000
_HOURS = (8759, 8760, 8784)
_BINARY = (
    b"PK\x03\x04",
    b"\x89PNG",
    b"%PDF",
    b"\x1f\x8b",
    b"SQLite format 3\0",
    b"\x80\x04",
    b"\xd0\xcf\x11",
)


def sniff(path: Path, head: bytes) -> int:
    """Score a file: Parquet or Arrow by signature, CSV as text."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return 50 if head.startswith(b"PAR1") else 0
    if suffix in {".arrow", ".feather"}:
        return 50 if head.startswith(b"ARROW1") else 0
    text = not head.startswith(_BINARY) and not head.lstrip().startswith((b"<", b"{"))
    return 50 if text else 0


@reader(
    "Series table",
    patterns=["*.csv", "*.tsv", "*.parquet", "*.arrow", "*.feather"],
    score=50,
    sniff=sniff,
)
def read(path: Path, options: Options) -> Job[Part]:
    """Read a table of values over time; a table without times is taken for attributes."""
    yield Progress(0.1, _("Reading {file}", file=path.name))
    if options.head:
        return heads.part(_first_rows(path, options), path, options)
    if _is_large_text(path) and csvpieces.has_times(path, options):
        return (yield from _in_blocks(path, options))
    source = _large(path)
    if source is not None:
        return (yield from part_of(large.read(source, path, options), 0.1, 1.0))
    frame = _load(path, options)
    yield Progress(0.5, _("Finding times and values"))
    at = forms.time_column(frame, options.time)
    if at is not None:
        return _with_times(frame, at, path, options)
    if _is_profile(frame):
        return _profile(frame, path, options)
    return _attributes(frame, path, options)


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in {".csv", ".tsv"}


def _is_large_text(path: Path) -> bool:
    return _is_text(path) and path.stat().st_size > csvtext.LARGE


def _in_blocks(path: Path, options: Options) -> Job[Part]:
    """Read a text file that is too large to be held at once."""
    packed = yield from part_of(csvpieces.pack(path, options), 0.0, 0.5)
    part = yield from part_of(large.read(packed.source, path, options, packed.times), 0.5, 1.0)
    packed.drop()
    return replace(part, problems=(*packed.problems, *part.problems))


def _with_times(frame: frames.Frame, at: int, path: Path, options: Options) -> Part:
    found = forms.to_tables(frame, at, path, options)
    problems = (*frame.problems, *found.problems, *checks.storage(frame, path))
    rows = {path.stem: (frame.rows, frame.rows)}
    return Part(
        tables=found.tables, problems=problems, rows=rows, about=str(frame.meta.get("about", ""))
    )


def _is_profile(frame: frames.Frame) -> bool:
    """Tell whether a file holds nothing but the values of a year, without names and times."""
    hours = any(frame.rows in {n, n * 2, n * 4} for n in _HOURS)
    return hours and not frame.header and len(frame.columns) == 1


def _profile(frame: frames.Frame, path: Path, options: Options) -> Part:
    column = frame.columns[0]
    numbers = frames.text_numbers(column, options.unit, path.name)
    if numbers is None:
        raise ReadError(_("{file} holds one column and no numbers.", file=path.name))
    step = 3600 // max(1, round(frame.rows / 8760))
    start, tz, problems = UNKNOWN_START, options.tz or "UTC", list(frame.problems)
    if options.start:
        start, tz = times.start_of(options.start, options.tz)
    else:
        problems.append(
            Problem(
                "warning",
                "time.unknown",
                _(
                    "{file} holds {count} values without times; when they begin is not known.",
                    file=path.name,
                    count=frame.rows,
                ),
                _("Add the file of time stamps as well, or name the first instant with --start."),
                path.name,
            )
        )
    axis = TimeAxis(start, step, frame.rows, tz)
    values = numbers[0].astype(np.float32).reshape(-1, 1)
    table = Table(
        path.stem,
        path.stem,
        axis,
        (path.stem,),
        values,
        (numbers[1],),
        forms.quantity_of(path.stem),
    )
    return Part(
        tables=(table,), problems=tuple(problems), rows={path.stem: (frame.rows, frame.rows)}
    )


def _attributes(frame: frames.Frame, path: Path, options: Options) -> Part:
    """Return a table without times as a layer without a place."""
    arrays = {}
    for column in frame.columns:
        numbers = None
        if column.texts is not None and not column.name.lower().endswith("id"):
            numbers = frames.text_numbers(column, options.unit, path.name)
        data = column.data if numbers is None else numbers[0]
        arrays[column.name] = pa.array(data, from_pandas=numbers is not None)
    table = pa.table(list(arrays.values()), names=list(arrays))
    points = _points(table)
    source = Source(path.stem, path.name, table, points, crs="" if points is None else _DEGREES)
    made = to_part([source], options, frame.problems)
    message = (
        _("{file} has no column of times; it is read as a table of attributes.", file=path.name)
        if points is None
        else _(
            "{file} has no column of times; its {count} rows are points by their latitude and "
            "longitude, and its values, results of whatever made them, are attributes: they are "
            "shown, and nothing is computed from them.",
            file=path.name,
            count=frame.rows,
        )
    )
    problem = Problem("info", "series.no_time", message, "", path.name)
    return replace(made, problems=(*made.problems, problem))


def _points(table: pa.Table) -> npt.NDArray[np.object_] | None:
    """Return the places of rows that name latitude and longitude in degrees."""
    names = {name.strip().lower(): name for name in table.column_names}
    north = next((names[one] for one in _NORTH if one in names), None)
    east = next((names[one] for one in _EAST if one in names), None)
    if north is None or east is None:
        return None
    if not all(pa.types.is_floating(table[one].type) for one in (north, east)):
        return None
    y, x = (table[one].to_numpy() for one in (north, east))
    known = np.isfinite(x) & np.isfinite(y)
    degrees = np.abs(y[known]).max(initial=0.0) <= 90 and np.abs(x[known]).max(initial=0.0) <= 180
    if not known.any() or not degrees:
        return None
    points = np.full(len(x), None, dtype=object)
    points[known] = shapely.points(x[known], y[known])
    return points


def _large(path: Path) -> columnar.Source | None:
    """Return a table that is too large to be held at once, None for any other."""
    if path.suffix.lower() != ".parquet":
        return None
    with columnar.undamaged(path):
        source = columnar.Parquet(path)
    return source if source.rows * len(source.schema) > large.LARGE else None


def _first_rows(path: Path, options: Options) -> frames.Frame:
    """Return a table without more of its rows than names and kinds of its columns need."""
    if _is_large_text(path):
        return csvpieces.head(path, options)
    source = _large(path)
    if source is None:
        return _load(path, options)
    with columnar.undamaged(path):
        head = pa.Table.from_batches([next(iter(source.batches(source.schema.names, _HEAD)))])
    return _frame(head, source.rows)


def _load(path: Path, options: Options) -> frames.Frame:
    if _is_text(path):
        return csvtext.load(path, options)
    with columnar.undamaged(path):
        table = _parquet(path) if path.suffix.lower() == ".parquet" else _arrow(path)
    return _frame(table, table.num_rows)


def _frame(table: pa.Table, rows: int) -> frames.Frame:
    columns = tuple(
        column
        for name in table.column_names
        if (column := columnar.column(name, table[name])) is not None
    )
    return frames.Frame(columns, rows, True, columnar.meta(table.schema))


def _parquet(path: Path) -> pa.Table:
    table = pq.ParquetFile(path).read(use_threads=False)
    table.validate(full=True)
    return table


def _arrow(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        table = pa.ipc.open_file(source).read_all()
    table.validate(full=True)
    return table
