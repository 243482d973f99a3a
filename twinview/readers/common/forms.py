"""Wide and long tables of series, put on one axis of equal steps."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.part import Table
from twinview.model.problem import Problem
from twinview.readers.common import frames, times
from twinview.readers.common import steps as axes
from twinview.readers.registry import Options, ReadError

Floats = npt.NDArray[np.float64]
Places = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]

SEVERAL = ("sum", "mean", "max", "min")
"""Ways to make one value of several rows of one time and element."""

ID = re.compile(
    r"(^|_)(id|ids|name|key|uuid)$|building|element|meter|sensor|asset|device|station|建筑|编号|设备",
    re.IGNORECASE,
)
_QUANTITIES = (
    (r"intensity|g/?_?per_?kwh|碳强度|碳势|^avg_ci$", "carbon_intensity"),
    (r"^soc\b|state_of_charge|荷电", "soc"),
    (r"reactive|blindleist|(^|_)q_?(k|m)?var(_|$)|无功", "reactive_power"),
    (r"generation|production|(^|_)pv(_|\d|$)|solar|wind_power|einspeis|发电", "generation"),
    (r"consumption|demand|load|verbrauch|last$|用电|负荷", "consumption"),
    (r"temperature|temp_|dry_bulb|温度", "temperature"),
    (r"power|leistung|_kw$|^kw$|功率", "power"),
)
_MOST = 400_000_000  # numbers of one table


@dataclass(frozen=True, eq=False)
class Found:
    """What a file of series came to.

    Parameters
    ----------
    tables, problems
        The tables, and what was assumed or left out.
    """

    tables: tuple[Table, ...]
    problems: tuple[Problem, ...]


def time_column(frame: frames.Frame, named: str | None = None) -> int | None:
    """Return the column that holds times: the one that is named, else one whose name says so."""
    if named:
        at = column_at(frame, named)
        if frame.columns[at].stamps is None:
            raise ReadError(_("The column '{column}' holds no times.", column=named))
        return at
    order = sorted(
        range(len(frame.columns)),
        key=lambda k: (not times.named_like_time(frame.columns[k].name), k),
    )
    return next((k for k in order if frame.columns[k].stamps is not None), None)


def column_at(frame: frames.Frame, name: str) -> int:
    """Return the place of a column that the user names, or raise ReadError."""
    names = [column.name for column in frame.columns]
    if name not in names:
        raise ReadError(
            _(
                "There is no column '{column}'; there are {known}.",
                column=name,
                known=", ".join(names[:20]),
            )
        )
    return names.index(name)


def to_tables(frame: frames.Frame, at: int, path: Path, options: Options) -> Found:
    """Return the tables of a file whose column `at` holds times.

    Parameters
    ----------
    frame
        Its columns.
    at
        Number of the column of times.
    path
        The file.
    options
        What the user says.
    """
    stamps = frame.columns[at].stamps
    assert stamps is not None
    ids = id_column(frame, at, options)
    values, problems = _values(frame, {at} if ids is None else {at, ids}, path, options)
    groups = None if ids is None else _texts(frame.columns[ids])
    steps = axis_of(stamps, groups, frame.meta, path, options)
    width = len(values) if groups is None else None
    problems += [*steps.problems, say_form(path, width, steps)]
    origin = str(frame.meta.get("origin") or "given")
    if groups is None:
        tables, more = _wide(values, steps, path, origin)
    else:
        tables, more = _long(values, groups, steps, path, (origin, options.several or ""))
    return Found(tables, tuple(problems + more))


def axis_of(
    stamps: times.Stamps,
    groups: npt.NDArray[np.object_] | None,
    meta: Mapping[str, object],
    path: Path,
    options: Options,
) -> axes.Steps:
    """Return the axis of a table's times, what each row is on it, and what was assumed.

    Parameters
    ----------
    stamps, groups
        Times as they stand in the file, and the element of each row; None in a wide table.
    meta
        What the file says of itself.
    path, options
        The file, and what the user says.
    """
    tz = str(meta.get("tz") or "")
    if tz and not options.tz:
        options = Options(**{**options.as_dict(), "tz": tz})
    utc, shown, said = times.to_utc(stamps, groups, options, path.name)
    steps = axes.on_axis(
        utc,
        shown,
        path.name,
        step=_whole(meta.get("step_seconds")),
        label=str(meta.get("label") or ""),
        local=stamps.seconds,
    )
    steps.problems[:0] = said
    return steps


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _texts(column: frames.Column) -> npt.NDArray[np.object_]:
    if column.texts is not None:
        return np.array(["" if t is None else str(t).strip() for t in column.texts], dtype=object)
    numbers = np.asarray(column.data)
    return np.array([f"{value:.15g}" for value in numbers.tolist()], dtype=object)


def id_column(frame: frames.Frame, at: int, options: Options) -> int | None:
    """Return the column of ids of a long table, None for a wide one."""
    if options.form == "wide":
        return None
    if options.key:
        return column_at(frame, options.key)
    stamps = frame.columns[at].stamps
    twice = stamps is not None and len(np.unique(stamps.seconds)) < len(stamps.seconds)
    others = [k for k in range(len(frame.columns)) if k != at]
    texts = [k for k in others if frame.columns[k].texts is not None]
    wordy = [k for k in texts if frames.text_numbers_safe(frame.columns[k]) is None]
    named = [k for k in others if ID.search(frame.columns[k].name)]
    for k in [*(k for k in wordy if k in named), *wordy]:
        if len(others) > 1:
            return k
    return named[0] if twice and named and len(others) > 1 else None


def _values(
    frame: frames.Frame, taken: set[int], path: Path, options: Options
) -> tuple[list[frames.Column], list[Problem]]:
    """Return the columns of numbers, and name those that are none."""
    found, left_out = [], []
    units = frame.meta.get("units")
    units = units if isinstance(units, dict) else {}
    for k, column in enumerate(frame.columns):
        if k in taken:
            continue
        unit = options.unit or str(units.get(column.name, units.get("*", column.unit)))
        if column.texts is None:
            if column.data.dtype == np.float64:
                found.append(frames.Column(column.name, unit, column.data))
            continue
        numbers = frames.text_numbers(column, options.unit, path.name)
        if numbers is None:
            left_out.append(column.name)
            continue
        found.append(frames.Column(column.name, unit or numbers[1], numbers[0]))
    return found, say_left_out(path, left_out)


def say_left_out(path: Path, names: list[str]) -> list[Problem]:
    """Name the columns that hold texts instead of numbers, if any."""
    if not names:
        return []
    message = _(
        "The columns {columns} of {file} hold texts and were left out.",
        columns=", ".join(names[:10]),
        file=path.name,
    )
    return [Problem("warning", "series.text_column", message, "", path.name)]


def say_form(path: Path, columns: int | None, steps: axes.Steps) -> Problem:
    """Say that a table was read as a wide one of so many columns, or as a long one (None)."""
    if columns is not None:
        message = _(
            "{file} is read as a wide table: {columns} columns, {steps} steps of {step} s.",
            file=path.name,
            columns=columns,
            steps=steps.axis.count,
            step=steps.axis.step,
        )
    else:
        message = _(
            "{file} is read as a long table (one row per time and element): {steps} steps "
            "of {step} s.",
            file=path.name,
            steps=steps.axis.count,
            step=steps.axis.step,
        )
    return Problem("info", "series.form", message, "", path.name)


def _wide(
    values: list[frames.Column], steps: axes.Steps, path: Path, origin: str
) -> tuple[tuple[Table, ...], list[Problem]]:
    names = unique([column.name for column in values])
    grid = _grid(steps.axis.count, len(values), path)
    rows = steps.row >= 0
    for k, column in enumerate(values):
        grid[steps.row[rows], k] = np.asarray(column.data, dtype=np.float32)[rows]
    problems = _double_times(steps.row[rows], None, path) + _missing(values, rows, path)
    quantities = {quantity_of(column.name) for column in values}
    quantity = quantities.pop() if len(quantities) == 1 else ""
    units = tuple(column.unit for column in values)
    table = Table(path.stem, path.stem, steps.axis, names, _finite(grid), units, quantity, origin)
    return (table,), problems


def _long(
    values: list[frames.Column],
    groups: npt.NDArray[np.object_],
    steps: axes.Steps,
    path: Path,
    said: tuple[str, str],
) -> tuple[tuple[Table, ...], list[Problem]]:
    """Return a table for each column of values; `said` is their origin, and `Options.several`."""
    origin, several = said
    ids, place = np.unique(groups.astype(str), return_inverse=True)
    rows = steps.row >= 0
    problems = _missing(values, rows, path)
    if not several:
        problems = _double_times(steps.row[rows], place[rows], path) + problems
    tables = []
    for column in values:
        grid = _grid(steps.axis.count, len(ids), path)
        numbers = np.asarray(column.data, dtype=np.float32)[rows]
        put(grid, (steps.row[rows], place[rows]), numbers, several)
        single = len(values) == 1
        title = path.stem if single else f"{path.stem} {column.name}"
        name = path.stem if single else f"{path.stem}-{column.name}"
        units = (column.unit,) * len(ids)
        tables.append(
            Table(
                name,
                title,
                steps.axis,
                tuple(ids.tolist()),
                _finite(grid),
                units,
                quantity_of(column.name),
                origin,
            )
        )
    return tuple(tables), problems


def put(
    grid: npt.NDArray[np.float32], at: Places, values: npt.NDArray[np.float32], how: str
) -> None:
    """Put values into a grid; several for one cell become one.

    Parameters
    ----------
    grid
        Shape (steps, elements); all NaN.
    at
        Step and element of each value.
    values
        Shape (n,).
    how
        As `Options.several`: a sum with a missing part is missing, the others are of those that
        are there; empty takes the later one.
    """
    if how not in SEVERAL:
        grid[at] = values
        return
    cell = at[0] * grid.shape[1] + at[1]
    if how != "sum":
        known = np.isfinite(values)
        cell, values = cell[known], values[known]
    cells, back = np.unique(cell, return_inverse=True)
    if how in {"sum", "mean"}:
        made = np.bincount(back, weights=values, minlength=len(cells)).astype(np.float64)
        if how == "mean":
            made /= np.bincount(back, minlength=len(cells))
    else:
        made = np.full(len(cells), np.nan)
        (np.fmax if how == "max" else np.fmin).at(made, back, values)
    grid.ravel()[cells] = made


def _grid(count: int, width: int, path: Path) -> npt.NDArray[np.float32]:
    if count * width > _MOST:
        raise ReadError(
            _(
                "{file} holds {count} steps of {width} columns, more than a reader's memory; "
                "nothing was read. Cut it into smaller files.",
                file=path.name,
                count=count,
                width=width,
            )
        )
    return np.full((count, width), np.nan, dtype=np.float32)


def _finite(grid: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    grid[~np.isfinite(grid)] = np.nan
    return grid


def _double_times(
    row: npt.NDArray[np.int64], place: npt.NDArray[np.int64] | None, path: Path
) -> list[Problem]:
    keys = row if place is None else row * (int(place.max(initial=0)) + 1) + place
    return say_twice(len(keys) - len(np.unique(keys)), path)


def say_twice(count: int, path: Path) -> list[Problem]:
    """Say how many times came twice, if any."""
    if not count:
        return []
    message = _(
        "{count} times in {file} come twice; the later line was kept.", count=count, file=path.name
    )
    return [Problem("warning", "time.duplicate", message, "", path.name)]


def _missing(values: list[frames.Column], rows: npt.NDArray[np.bool_], path: Path) -> list[Problem]:
    count = sum(
        int((~np.isfinite(np.asarray(c.data, dtype=np.float64)[rows])).sum()) for c in values
    )
    return say_missing(count, path)


def say_missing(count: int, path: Path) -> list[Problem]:
    """Say how many values are missing, if any."""
    if not count:
        return []
    message = _(
        "{count} values in {file} are missing; they stay empty.", count=count, file=path.name
    )
    return [Problem("info", "value.missing", message, "", path.name)]


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Return names with a number behind those that came before."""
    seen: dict[str, int] = {}
    fresh = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        fresh.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(fresh)


def quantity_of(name: str) -> str:
    """Return the quantity that a column's name speaks of, "" where it does not."""
    return next((q for words, q in _QUANTITIES if re.search(words, name, re.IGNORECASE)), "")
