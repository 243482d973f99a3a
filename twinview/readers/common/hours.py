"""Values without times find theirs: in a file of time stamps that was added beside them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from twinview.model.part import Part, Table
from twinview.model.time import TimeAxis

UNKNOWN_START = 0
"""Start of the axis of values without times."""


def unknown(table: Table) -> bool:
    """Tell whether a table's times are not known: an axis from 1970 with values."""
    return table.time.start == UNKNOWN_START and bool(table.columns) and not table.time.static


def with_times(parts: Sequence[Part]) -> list[Part]:
    """Return the parts with tables without times put on the axis of a file of stamps among them.

    A file of stamps is a table without columns. It serves the tables of the same number of steps,
    which are then joined into one: ``load_1.csv`` to ``load_13.csv`` become one table of thirteen
    columns, in the part that came first. The part of the stamps keeps its problems and loses its
    table.

    Parameters
    ----------
    parts
        Parts of one project, in order.
    """
    axes = {
        table.time.count: table.time for part in parts for table in part.tables if not table.columns
    }
    fresh: list[Part] = []
    homes: dict[int, int] = {}
    taken: dict[int, list[Table]] = {}
    for place, part in enumerate(parts):
        own = [t for t in part.tables if unknown(t) and t.time.count in axes]
        rest = tuple(t for t in part.tables if t not in own and t.columns)
        for table in own:
            homes.setdefault(table.time.count, place)
            taken.setdefault(table.time.count, []).append(table)
        solved = bool(own)
        problems = tuple(p for p in part.problems if not (solved and p.code == "time.unknown"))
        fresh.append(replace(part, tables=rest, problems=problems))
    for count, tables in taken.items():
        home = fresh[homes[count]]
        joined = _joined(tables, axes[count])
        fresh[homes[count]] = replace(home, tables=(*home.tables, joined))
    return fresh


def _joined(tables: Sequence[Table], axis: TimeAxis) -> Table:
    first = tables[0]
    columns = tuple(name for table in tables for name in table.columns)
    names = tuple(
        name if columns.index(name) == k else f"{name}-{k + 1}" for k, name in enumerate(columns)
    )
    return replace(
        first,
        time=axis,
        columns=names,
        values=np.concatenate([table.values for table in tables], axis=1),
        units=tuple(unit for table in tables for unit in table.units),
    )
