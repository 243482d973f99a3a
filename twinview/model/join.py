"""Joins: how tables of series become series of a layer's elements."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from twinview.i18n import _
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
        Name of a column for an element id, with ``{id}`` for the id.
    profile, scale
        Columns of the layer; without `scale` the profile itself is the value.
    unit
        Unit of the product; empty takes the table's own unit, or the quantity's where it has none.
    """

    kind: Literal["columns", "profiles"]
    table: str
    layer: str
    quantity: str
    pattern: str = "{id}"
    profile: str = ""
    scale: str = ""
    unit: str = ""


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
    return series, _coverage(join, table, layer, series)


def _meaning(join: Join, table: Table) -> Meaning:
    return Meaning(
        layer=join.layer,
        quantity=join.quantity,
        unit=quantities()[join.quantity].unit,
        origin=table.origin,
        source=table.title,
    )


def _factor(join: Join, units: Iterable[str]) -> float:
    """Return what the numbers are multiplied with to be in the quantity's unit."""
    into = quantities()[join.quantity].unit
    given = join.unit or next((unit for unit in units if unit), into)
    return factor(given, into)


def _columns(join: Join, table: Table, layer: Layer) -> Series:
    place = {name: k for k, name in enumerate(table.columns)}
    taken = np.array([place.get(join.pattern.replace("{id}", str(one)), -1) for one in layer.ids])
    values = np.full((table.time.count, len(layer)), np.nan, dtype=np.float32)
    found = taken >= 0
    values[:, found] = table.values[:, taken[found]]
    values *= np.float32(_factor(join, (table.units[k] for k in taken[found])))
    return Dense(_meaning(join, table), table.time, values)


def _profiles(join: Join, table: Table, layer: Layer) -> Series:
    place = {name: k for k, name in enumerate(table.columns)}
    index = np.array([place.get(name, -1) for name in layer.column(join.profile)], dtype=np.int32)
    scale = layer.numbers(join.scale) if join.scale else np.ones(len(layer))
    rows = np.flatnonzero((index >= 0) & np.isfinite(scale))
    used, compact = np.unique(index[rows], return_inverse=True)
    times = _factor(join, () if join.scale else (table.units[k] for k in used))
    return Profiled(
        meaning=_meaning(join, table),
        time=table.time,
        profiles=np.ascontiguousarray(table.values[:, used]),
        index=compact.astype(np.int32),
        scale=(scale[rows] * times).astype(np.float32),
        element=rows.astype(np.int32),
        size=len(layer),
    )


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
    joins = [join for layer in layers for join in _guess_profiles(table, layer)]
    return joins or [join for layer in layers for join in _guess_columns(table, layer)][:1]


def _guess_profiles(table: Table, layer: Layer) -> list[Join]:
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
    for pattern in ("{id}", *_patterns(table.columns)):
        wanted = {pattern.replace("{id}", one) for one in ids}
        if len(wanted & set(table.columns)) >= max(1, MATCH * min(len(ids), len(table.columns))):
            quantity = table.quantity or _quantity_of(table, layer)
            return (
                [Join("columns", table.id, layer.id, quantity, pattern=pattern)] if quantity else []
            )
    return []


def _patterns(columns: Sequence[str]) -> list[str]:
    """Return the texts around a number that columns have in common, such as ``load_{id}``."""
    bare = {re.sub(r"\d+", "{id}", name, count=1) for name in columns}
    return [next(iter(bare))] if len(bare) == 1 and "{id}" in next(iter(bare)) else []


def _quantity_of(table: Table, layer: Layer) -> str:
    unit = next((u for u in table.units if u), "")
    if unit in {"g/kWh", "kg/MWh", "kg/kWh", "t/MWh", "lb/MWh"}:
        return "carbon_intensity"
    if unit in {"var", "kvar", "Mvar"}:
        return "reactive_power"
    if layer.kind in _QUANTITY_OF_KIND:
        return _QUANTITY_OF_KIND[layer.kind]
    return "consumption"
