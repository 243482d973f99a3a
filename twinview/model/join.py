"""Joins: how tables of series become series of a layer's elements."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import _
from twinview.model.entries import Entries
from twinview.model.gathered import Gathered
from twinview.model.orders import WORTH
from twinview.model.pairing import ANY, Places, keys_of, listed, names_of, pairs, places_of
from twinview.model.part import Table
from twinview.model.problem import Problem
from twinview.model.quantities import factor, quantities
from twinview.model.series import Dense, Meaning, Profiled, Series
from twinview.model.twin import Layer

_QUANTITY_OF_KIND = {
    "generator": "power",
    "load": "power",
    "storage": "power",
    "source": "carbon_intensity",
}

Floats = npt.NDArray[np.float32]

COPIED = 256 << 20
"""Bytes of profiles that are held in memory at most; more stay where they are."""
MATCH = 0.5
"""Share of names that must agree for a join to be guessed, or not to be warned about."""


@dataclass(frozen=True)
class Join:
    """How one table serves one layer.

    Parameters
    ----------
    kind
        ``columns``: the table's columns are the layer's elements, named by `pattern`;
        ``profiles``: the layer's columns `profile` and `scale` say which of the table's columns,
        and how much of it, belongs to an element.
    table, layer, quantity
        Ids of the table and the layer, and what the numbers are.
    pattern
        Name of a column for an element's key, with ``{id}`` for the key; ``*`` stands for any
        text, so that several columns may belong to one element.
    profile, scale
        Columns of the layer; without `scale` the profile itself is the value.
    unit
        Unit of the product; empty takes the table's own unit, or the quantity's where it has none.
        ``kWh/step`` is energy counted over each step of the table, whose mean power is meant.
    column
        Column of the layer that holds the keys; empty for the ids. A key may list several columns
        of the table, ``m1;m2``.
    several
        How the columns of one element become its value: ``sum`` (missing where one of them is),
        ``mean``, ``max`` or ``min`` (of those that are there); empty takes the first one.
    """

    kind: Literal["columns", "profiles"]
    table: str
    layer: str
    quantity: str
    pattern: str = "{id}"
    profile: str = ""
    scale: str = ""
    unit: str = ""
    column: str = ""
    several: Literal["", "sum", "mean", "max", "min"] = ""


PER_STEP = "/step"
"""Behind a unit of energy: what was counted over each step of a table."""
SEVERAL = ("sum", "mean", "max", "min")
"""Ways to make one value of several columns."""


def apply(join: Join, table: Table, layer: Layer) -> tuple[Series, list[Problem]]:
    """Return the series that a join makes of a table, and what did not fit.

    Raises
    ------
    ValueError
        When the table's unit cannot be the quantity's.
    """
    series = (
        _columns(join, table, layer) if join.kind == "columns" else _profiles(join, table, layer)
    )
    return series, [*_unsaid(join, table), *_coverage(join, table, layer, series)]


def _meaning(join: Join, table: Table) -> Meaning:
    return Meaning(
        layer=join.layer,
        quantity=join.quantity,
        unit=quantities()[join.quantity].unit,
        origin=table.origin,
        source=table.title,
        told=table.told,
    )


def unit_factor(unit: str, into: str, step: int) -> float:
    """Return what numbers in a unit are multiplied with to be in another one.

    Parameters
    ----------
    unit, into
        The units; `unit` may be an energy for each step, such as ``kWh/step``.
    step
        Seconds of each step of the table.

    Raises
    ------
    ValueError
        For units that do not fit each other, and energy for each step where there are no steps.
    """
    energy, per, _rest = unit.partition(PER_STEP)
    if not per:
        return factor(unit, into)
    if step <= 0:
        raise ValueError(_("a table without steps has no energy for each step"))
    return factor(energy, "kWh") * 3600 / step * factor("kW", into)


def _factor(join: Join, units: Iterable[str], table: Table) -> float:
    """Return what the numbers are multiplied with to be in the quantity's unit."""
    into = quantities()[join.quantity].unit
    given = join.unit or next((unit for unit in units if unit), into)
    return unit_factor(given, into, table.time.step)


def _factors(join: Join, units: Sequence[str], table: Table) -> Floats:
    """Return the factor of each column, shape (n,)."""
    _factor(join, (), table)  # refuses a unit that does not fit even where no column does
    known = {unit: _factor(join, (unit,), table) for unit in dict.fromkeys(units)}
    return np.array([known[unit] for unit in units], dtype=np.float32)


def _columns(join: Join, table: Table, layer: Layer) -> Series:
    keys = keys_of(layer, join.column)
    if join.several or ANY in join.pattern or listed(keys):
        return _combined(join, table, layer, keys)
    taken = places_of(table.columns, names_of(join.pattern, keys))
    found = np.flatnonzero(taken >= 0)
    times = _factors(join, [table.units[k] for k in taken[found]], table)
    if table.values.size * 4 >= WORTH:
        return _mapped(_meaning(join, table), table, taken, times)
    values = np.full((table.time.count, len(layer)), np.nan, dtype=np.float32)
    values[:, found] = table.values[:, taken[found]] * times
    return Dense(_meaning(join, table), table.time, values)


def _combined(join: Join, table: Table, layer: Layer, keys: pa.Array) -> Series:
    """Return a series of elements that have several columns each."""
    rows, places = pairs(join.pattern, table.columns, keys)
    values = np.full((table.time.count, len(layer)), np.nan, dtype=np.float32)
    if len(rows):
        parts = table.values[:, places] * _factors(join, [table.units[k] for k in places], table)
        begin = np.flatnonzero(np.diff(rows, prepend=-1))
        values[:, rows[begin]] = _reduced(parts, begin, join.several)
    return Dense(_meaning(join, table), table.time, values)


def _reduced(values: Floats, begin: Places, how: str) -> Floats:
    """Make one column of each run of columns; a sum with a missing part is missing itself.

    Parameters
    ----------
    values
        Shape (T, n).
    begin
        First column of each run.
    how
        As `Join.several`.
    """
    if how == "sum":
        return np.add.reduceat(values, begin, axis=1)
    if how in {"max", "min"}:
        return (np.fmax if how == "max" else np.fmin).reduceat(values, begin, axis=1)
    if how == "mean":
        known = np.isfinite(values)
        count = np.add.reduceat(known.astype(np.float32), begin, axis=1)
        total = np.add.reduceat(np.where(known, values, np.float32(0)), begin, axis=1)
        return np.where(count > 0, total / np.maximum(count, 1), np.float32(np.nan))
    return values[:, begin]


def _mapped(meaning: Meaning, table: Table, taken: Places, times: Floats) -> Series:
    """Return a large table's columns as a layer's elements without a copy of its numbers."""
    whole = _dense(meaning, table)
    alike = bool((times == times[:1]).all())
    if (times == 1).all() and np.array_equal(taken, np.arange(len(table.columns))):
        return whole
    found = np.flatnonzero(taken >= 0)
    entries = Entries(taken[found].astype(np.int32), times, found.astype(np.int32), len(taken))
    every = len(np.unique(taken[found])) == len(found) == len(table.columns)
    sums = whole.sums * times[0] if every and alike and whole.sums is not None else None
    return Gathered(meaning, whole, entries, sums=sums)


def _dense(meaning: Meaning, table: Table) -> Dense:
    """Return a table's own columns as a series."""
    facts = table.facts
    return Dense(
        meaning,
        table.time,
        table.values,
        bounds=None if facts is None else (facts.low, facts.high),
        across=table.across,
        sums=None if facts is None else facts.sums,
    )


def _profiles(join: Join, table: Table, layer: Layer) -> Series:
    names = layer.attributes[join.profile].cast(pa.string()).combine_chunks()
    index = places_of(table.columns, names)
    scale = layer.numbers(join.scale) if join.scale else np.ones(len(layer))
    rows = np.flatnonzero((index >= 0) & np.isfinite(scale))
    used, compact = np.unique(index[rows], return_inverse=True)
    times = _factor(join, () if join.scale else (table.units[k] for k in used), table)
    if table.time.count * len(used) * 4 >= COPIED:
        taken = (index[rows].astype(np.int32), (scale[rows] * times).astype(np.float32))
        entries = Entries(*taken, rows.astype(np.int32), len(layer))
        return Gathered(_meaning(join, table), _dense(_meaning(join, table), table), entries)
    return Profiled(
        meaning=_meaning(join, table),
        time=table.time,
        profiles=np.ascontiguousarray(table.values[:, used]),
        index=compact.astype(np.int32),
        scale=(scale[rows] * times).astype(np.float32),
        element=rows.astype(np.int32),
        size=len(layer),
    )


def _unsaid(join: Join, table: Table) -> list[Problem]:
    """Say that the unit is taken for the quantity's own where neither join nor table names it."""
    unit = quantities()[join.quantity].unit
    if join.unit or unit in {"", "1"} or (all(table.units) and not join.scale):
        return []
    return [
        Problem(
            severity="warning",
            code="join.unit_unsaid",
            message=_(
                "'{table}' names no unit that is known of {quantity}: its numbers are taken as "
                "{unit}.",
                table=table.title,
                quantity=join.quantity,
                unit=unit,
            ),
            fix=_("Say the unit in 'Join a table...' or with 'unit=', such as unit=W."),
            layer=join.layer,
        )
    ]


def _coverage(join: Join, table: Table, layer: Layer, series: Series) -> list[Problem]:
    """Say which share of the elements got a series."""
    sample = series.window(0, min(series.time.count, 24))
    bare = np.isnan(sample).all(axis=0)
    if not bare.any():
        return []
    return [
        Problem(
            severity="info" if bare.mean() < 1 - MATCH else "warning",
            code="join.partial",
            message=_(
                "{found} of {all} elements of '{layer}' have {quantity} from '{table}'; the "
                "others show no data.",
                found=int((~bare).sum()),
                all=len(layer),
                layer=_(layer.title),
                quantity=join.quantity,
                table=table.title,
            ),
            fix=_("Check the names in the column that joins them, or add the missing series."),
            layer=layer.id,
            element_ids=tuple(str(one) for one in layer.ids[bare][:20]),
        )
    ]


def guess(table: Table, layers: Sequence[Layer]) -> list[Join]:
    """Return the joins that fit a table's names, at most one per layer and quantity.

    A layer that names profiles of the table in a column, or elements whose ids (bare or inside a
    common text such as ``load_{id}``) are columns of the table, are joined; anything else is left
    to the user.
    """
    joins = [join for layer in layers for join in guess_profiles(table, layer)]
    return joins or [join for layer in layers for join in _guess_columns(table, layer)][:1]


def guess_profiles(table: Table, layer: Layer) -> list[Join]:
    """Return the joins of a layer that names columns of a table, its profiles, in one of its own.

    Parameters
    ----------
    table, layer
        What may be joined.
    """
    names = set(table.columns)
    pairs = (
        ("profile", "scale_w", "power", "W"),
        ("profile", "scale_kw", "power", "kW"),
        ("profile_q", "scale_var", "reactive_power", "var"),
        ("intensity_profile", "", "carbon_intensity", ""),
    )
    return [
        Join("profiles", table.id, layer.id, quantity, profile=profile, scale=scale, unit=unit)
        for profile, scale, quantity, unit in pairs
        if layer.has(profile)
        and (not scale or layer.has(scale))
        and names & set(layer.column(profile))
    ]


def _guess_columns(table: Table, layer: Layer) -> list[Join]:
    if not len(layer) or layer.kind in {"road", "tree", "place", "node"}:
        return []
    ids = {str(one) for one in layer.ids}
    for pattern in ("{id}", *patterns_of(table.columns)):
        wanted = {pattern.replace("{id}", one) for one in ids}
        if len(wanted & set(table.columns)) >= max(1, MATCH * min(len(ids), len(table.columns))):
            quantity = table.quantity or quantity_of(table, layer)
            return (
                [Join("columns", table.id, layer.id, quantity, pattern=pattern)] if quantity else []
            )
    return []


def patterns_of(columns: Sequence[str]) -> list[str]:
    """Return the texts around a number that columns have in common, such as ``load_{id}``."""
    bare = {re.sub(r"\d+", "{id}", name, count=1) for name in columns}
    return [next(iter(bare))] if len(bare) == 1 and "{id}" in next(iter(bare)) else []


def quantity_of(table: Table, layer: Layer) -> str:
    """Return the quantity that a table's units and a layer's kind suggest."""
    unit = next((u for u in table.units if u), "")
    if unit in {"g/kWh", "kg/MWh", "kg/kWh", "t/MWh", "lb/MWh"}:
        return "carbon_intensity"
    if unit in {"var", "kvar", "Mvar"}:
        return "reactive_power"
    if layer.kind in _QUANTITY_OF_KIND:
        return _QUANTITY_OF_KIND[layer.kind]
    return "consumption"
