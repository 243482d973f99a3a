"""Where the power of an element comes from: the sources that proportional sharing finds.

Shares are asked of the transposed equations for the buses of one element, step by step; nothing is
kept for elements that nobody asks about. Sources of one kind are added up. kWh are those that
arrive; with `losses="gross"` they hold the losses on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twinview.energy.arrays import Floats, Ints

if TYPE_CHECKING:
    from twinview.energy.compute import Followed
    from twinview.energy.district import Devices, District

IMPORT, STORAGE, GENERATION, RETURNED = "import", "storage", "generation", "returned"
"""Kinds of sources where the data name none: generators, and loads that give."""


@dataclass(frozen=True)
class Origin:
    """Power from the sources of one kind.

    Parameters
    ----------
    kind
        `IMPORT`, `STORAGE`, or what the generators call their kind, such as ``pv roof``.
    power
        kW, or kWh where steps were added up.
    carbon
        kg/h, or kg.
    """

    kind: str
    power: float
    carbon: float


@dataclass(frozen=True, eq=False)
class Drawn:
    """What an element draws, and where.

    Parameters
    ----------
    bus
        Buses of the traced grid. Shape [b].
    power
        kW drawn at each; all zero where the element is idle. Shape [b].
    """

    bus: Ints
    power: Floats


def origins_of(followed: "Followed", drawn: Drawn, kinds: Sequence[str]) -> tuple[Origin, ...]:
    """Return where the power of an element comes from in one step, the largest first.

    An idle element draws 1 kW for the question: its shares are what it would get.

    Parameters
    ----------
    followed
        The step; its arrays have one row.
    drawn
        What the element draws.
    kinds
        Of every source of the tracing, as `kinds_of` gives them.
    """
    traced = followed.traced
    total = float(drawn.power.sum())
    weights = drawn.power if total > 0 else np.full(drawn.bus.size, 1.0 / max(drawn.bus.size, 1))
    by_source, by_store = traced.shares(drawn.bus, weights)
    shares = np.concatenate([by_source[0], by_store[0]])
    intensity = np.concatenate([traced.case.gen_intensity[0], traced.store_intensity[0]])
    carbon = shares * np.nan_to_num(intensity) / 1000
    return _by_kind(kinds, shares, carbon)


def kinds_of(district: "District", injections: int) -> list[str]:
    """Return the kind of every source of the tracing: grid, generators, loads, stores.

    Parameters
    ----------
    district
        The network.
    injections
        Of the tracing: sources, generators, and those loads that give.
    """
    returned = injections - len(district.sources) - len(district.gens)
    return [
        *[IMPORT] * len(district.sources),
        *_named(district.gens),
        *[RETURNED] * returned,
        *[STORAGE] * len(district.stores),
    ]


def _named(gens: "Devices") -> list[str]:
    for column in ("kind", "type"):
        if gens.layer is not None and gens.layer.has(column):
            words = gens.layer.column(column)
            if all(one is None or isinstance(one, str) for one in words):
                return [str(one or GENERATION) for one in words]
    return [GENERATION] * len(gens)


def _by_kind(kinds: Sequence[str], power: Floats, carbon: Floats) -> tuple[Origin, ...]:
    if not np.isfinite(power).all():
        return ()
    names, place = np.unique(np.array(kinds, dtype=object).astype(str), return_inverse=True)
    sums = np.bincount(place, power, names.size), np.bincount(place, carbon, names.size)
    rows = zip(names.tolist(), *(values.tolist() for values in sums), strict=True)
    found = [Origin(*row) for row in rows if row[1] > 0]
    return tuple(sorted(found, key=lambda one: -one.power))


def added(steps: Sequence[tuple[Origin, ...]], hours: float) -> tuple[Origin, ...]:
    """Return the energy of several steps from each kind of source, in kWh and kg.

    Parameters
    ----------
    steps
        Origins of each step in kW and kg/h.
    hours
        Length of a step.
    """
    sums: dict[str, list[float]] = {}
    for origin in (one for step in steps for one in step):
        total = sums.setdefault(origin.kind, [0.0, 0.0])
        total[0] += origin.power * hours
        total[1] += origin.carbon * hours
    found = [Origin(kind, power, carbon) for kind, (power, carbon) in sums.items()]
    return tuple(sorted(found, key=lambda one: -one.power))


def drawn_by(district: "District", followed: "Followed", layer: str, row: int) -> Drawn:
    """Return what an element draws: a building, a load, a store that charges, or a node.

    Parameters
    ----------
    district, followed
        The network and the step.
    layer, row
        The element.

    Raises
    ------
    ValueError
        Nothing is drawn by elements of that layer.
    """
    traced, netted, at = followed.traced, followed.netted, district.place
    used = np.nan_to_num(traced.case.load_power[0])
    if district.building is not None and layer == district.building.id:
        sites = np.flatnonzero(district.building_row == row)
        loads = np.flatnonzero(np.isin(district.loads.site, sites) & (district.loads.site >= 0))
        return _or_idle(Drawn(netted.load_bus[loads], used[loads]), at[district.sites[sites]])
    if district.loads.layer is not None and layer == district.loads.layer.id:
        return _or_idle(Drawn(netted.load_bus[[row]], used[[row]]), at[district.loads.bus[[row]]])
    if district.stores.layer is not None and layer == district.stores.layer.id:
        charged = np.maximum(np.nan_to_num(traced.case.store_power[0, [row]]), 0.0)
        return _or_idle(Drawn(netted.store_bus[[row]], charged), at[district.stores.bus[[row]]])
    if layer == district.network.tables["node"]:
        return Drawn(at[[row]], np.zeros(1))
    raise ValueError(layer)


def _or_idle(drawn: Drawn, beside: Ints) -> Drawn:
    """Return what is drawn; of an idle element the grid beside it, for its own bus is dead."""
    return drawn if drawn.power.sum() > 0 else Drawn(beside, np.zeros(beside.size))
