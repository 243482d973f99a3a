"""Series in named arrays, as netCDF and Zarr hold them: one dimension is time, the other elements.

The climate and forecast conventions say what times, missing values and packed numbers mean
(https://cfconventions.org/). Arrays are read tile by tile along their chunks, so that each chunk is
unpacked once and memory stays bounded.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.part import Part, Table
from twinview.model.problem import Problem
from twinview.progress import Job, Progress, part_of
from twinview.readers.common import forms, frames, grids, times
from twinview.readers.common import steps as axes
from twinview.readers.registry import Options, ReadError

Array = npt.NDArray[Any]

_PIECE = 4_000_000  # numbers of a tile
_SECONDS = {"second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "hour": 3600, "hr": 3600,
            "h": 3600, "day": 86400, "d": 86400}  # fmt: skip
_CALENDARS = {"", "standard", "gregorian", "proleptic_gregorian"}
_MOST_LABELS = 20_000_000


@dataclass(frozen=True, eq=False)
class Variable:
    """One array of a file.

    Parameters
    ----------
    name, dims, shape
        Its name, the names of its dimensions, and their lengths.
    kind
        Kind of its numbers as numpy writes it: ``f``, ``i``, ``u``, else text and others.
    chunk
        Lengths of a piece that is stored as one; the shape where it lies in one.
    attrs
        What the file says of it.
    read
        Returns a part of it.
    """

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    kind: str
    chunk: tuple[int, ...]
    attrs: Mapping[str, Any]
    read: Callable[[tuple[slice, ...]], Array] = field(repr=False)

    def said(self, key: str) -> str:
        """Return an attribute as text, empty where there is none."""
        return str(self.attrs.get(key, ""))

    def whole(self) -> Array:
        """Return all of a small array."""
        return self.read(tuple(slice(0, n) for n in self.shape))


def read(variables: Mapping[str, Variable], path: Path, options: Options) -> Job[Part]:
    """Return the series of a file of arrays.

    Parameters
    ----------
    variables
        By name.
    path, options
        The file, and what the user says.

    Raises
    ------
    ReadError
        For a file without times or without an array of numbers over time and elements.
    """
    dim, stamps = _times(variables, path)
    steps = forms.axis_of(stamps, None, {}, path, options)
    fit = [v for v in variables.values() if dim in v.dims and v.kind in "fiu" and v.name != dim]
    wanted = [one for one in fit if len(one.dims) == 2]
    if not wanted:
        raise ReadError(
            _(
                "{file} holds no numbers over time and elements in two dimensions; nothing was "
                "read.",
                file=path.name,
            )
        )
    problems = [*steps.problems, *_left_out([o.name for o in fit if o not in wanted], path)]
    tables: list[Table] = []
    for k, one in enumerate(wanted):
        job = _table(one, variables, dim, steps, path)
        made, said = yield from part_of(job, k / len(wanted), (k + 1) / len(wanted))
        alone = len(wanted) == 1
        title = path.stem if alone else f"{path.stem} {one.name}"
        name = path.stem if alone else f"{path.stem}-{one.name}"
        unit = options.unit or frames.known_unit(one.said("units"))
        tables.append(made(name, title, (unit,), _quantity(one)))
        problems += said
    rows = {path.stem: (len(stamps.seconds), len(stamps.seconds))}
    return Part(tables=tuple(tables), problems=tuple(problems), rows=rows)


def _quantity(one: Variable) -> str:
    names = (one.name, one.said("standard_name"), one.said("long_name"))
    return next((q for name in names if (q := forms.quantity_of(name))), "")


def _left_out(names: list[str], path: Path) -> list[Problem]:
    if not names:
        return []
    message = _(
        "The arrays {names} of {file} do not have the two dimensions time and element and were "
        "left out.",
        names=", ".join(names[:10]),
        file=path.name,
    )
    return [Problem("warning", "series.left_out", message, "", path.name)]


def _times(variables: Mapping[str, Variable], path: Path) -> tuple[str, times.Stamps]:
    """Return the dimension of time and its instants in UTC."""
    for one in variables.values():
        unit, since, start = one.said("units").partition(" since ")
        bare = unit.strip().lower()
        size = _SECONDS.get(bare, _SECONDS.get(bare.removesuffix("s")))
        if len(one.dims) != 1 or not since or size is None or one.shape[0] > _MOST_LABELS:
            continue
        if one.said("calendar").lower() not in _CALENDARS:
            raise ReadError(
                _(
                    "{file} counts its times in the calendar '{calendar}', which has other days; "
                    "nothing was read. Convert it to the standard calendar.",
                    file=path.name,
                    calendar=one.said("calendar"),
                )
            )
        begin = times.parse([_instant(start)])
        if begin is not None:
            seconds = np.round(one.whole().astype(np.float64) * size).astype(np.int64)
            return one.dims[0], times.Stamps(seconds + int(begin.seconds[0]), fixed=True)
    raise ReadError(
        _(
            "{file} holds no times such as 'hours since 2024-01-01'; nothing was read.",
            file=path.name,
        )
    )


def _instant(text: str) -> str:
    """Return the start of a count as it is written elsewhere; without an offset it is UTC."""
    return text.strip().removesuffix("UTC").removesuffix("Z").strip().partition(".")[0]


def _ids(one: Variable, variables: Mapping[str, Variable], dim: str) -> tuple[str, ...]:
    """Return the names of the elements: texts along their dimension, else its own numbers."""
    along = [v for v in variables.values() if v.dims == (dim,)]
    along.sort(key=lambda v: (v.said("cf_role") != "timeseries_id", v.name != dim))
    found = [v for v in along if v.kind not in "fiub"] or [v for v in along if v.name == dim]
    if not found:
        return tuple(f"{dim}-{k + 1}" for k in range(one.shape[one.dims.index(dim)]))
    values = found[0].whole().tolist()
    texts = (v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in values)
    return forms.unique(
        f"{text:.15g}" if isinstance(text, float) else str(text).strip() for text in texts
    )


Make = Callable[[str, str, tuple[str, ...], str], Table]


def _table(
    one: Variable, variables: Mapping[str, Variable], dim: str, steps: axes.Steps, path: Path
) -> Job[tuple[Make, list[Problem]]]:
    """Write an array into the store and return what makes its table."""
    first = one.dims.index(dim)
    other = one.dims[1 - first]
    columns = _ids(one, variables, other)
    grid = grids.Grid((steps.axis.count, len(columns)), "steps", path)
    grid.blank()
    twice = missing = 0
    for share, tile in _tiles(one):
        numbers = _unpacked(one, one.read(tile))
        step, column = steps.row[tile[first]], np.arange(*tile[1 - first].indices(len(columns)))
        values = numbers if first == 0 else np.ascontiguousarray(numbers.T)
        known = step >= 0
        values = values[known]
        missing += values.size - int(np.isfinite(values).sum())
        place = np.repeat(step[known], len(column)), np.tile(column, int(known.sum()))
        twice += grid.scatter(*place, values.reshape(-1).astype(np.float32))
        yield Progress(0.7 * share, _("{name} is read", name=one.name))
    kept = yield from part_of(grid.finish(), 0.7, 1.0)

    def make(name: str, title: str, unit: tuple[str, ...], quantity: str) -> Table:
        return Table(
            name,
            title,
            steps.axis,
            columns,
            kept.values,
            unit * len(columns),
            quantity,
            across=kept.across,
            facts=kept.facts,
        )

    return make, [*forms.say_twice(twice, path), *forms.say_missing(missing, path)]


def _tiles(one: Variable) -> Iterator[tuple[float, tuple[slice, slice]]]:
    """Return tiles along the chunks of an array, and the share that is done with each."""
    (rows, columns), (tall, wide) = one.shape, one.chunk
    width = columns if tall * columns <= _PIECE else wide * max(1, _PIECE // (tall * wide))
    height = tall * max(1, _PIECE // (tall * max(width, 1)))
    for top in range(0, rows, height):
        for left in range(0, columns, width):
            tile = slice(top, min(top + height, rows)), slice(left, min(left + width, columns))
            yield tile[0].stop * tile[1].stop / (rows * columns), tile


def _unpacked(one: Variable, values: Array) -> npt.NDArray[np.float64]:
    """Return numbers as they are meant: packed ones unpacked, fill values missing."""
    numbers: npt.NDArray[np.float64] = values.astype(np.float64)
    for key in ("_FillValue", "missing_value"):
        if key in one.attrs:
            numbers[values == np.asarray(one.attrs[key]).astype(values.dtype)] = np.nan
    scale, offset = (
        float(one.attrs.get(k, d)) for k, d in (("scale_factor", 1), ("add_offset", 0))
    )
    return numbers if (scale, offset) == (1, 0) else numbers * scale + offset
