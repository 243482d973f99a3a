"""Which dwellings of a layer form a group: neighbours, of one part of the grid where it can be."""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from twinview.model.grouped import Groups
from twinview.model.twin import Layer
from twinview.scene.neighbours import near

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

HOMES = ("households", "dwellings", "num_dwellings", "building:flats", "flats", "units_res",
         "wohnungen", "nb_logements", "户数")  # fmt: skip
"""Columns of the number of dwellings."""
USES = ("use", "building_use", "building:use", "usage", "function", "building_function", "building",
        "building_type", "nutzung", "type", "kind", "建筑用途", "用途")  # fmt: skip
"""Columns of use."""
_OF_LOADS = tuple(one for one in USES if one not in {"building", "type", "kind"})
"""Those of loads, of which the others say where they are and how they are connected."""
RESIDENTIAL = frozenset({
    "residential", "dwelling", "dwellings", "apartments", "apartment", "flat", "flats", "house",
    "detached", "semi", "semidetached_house", "terrace", "row", "multi", "bungalow", "household",
    "households", "home", "farm", "farmhouse", "dormitory", "multifamily", "single_res",
    "multi_res", "single-family detached", "1000", "1010", "1020", "1022", "1024", "1221",
    "31001_1000", "31001_1010", "31001_1020", "住宅",
})  # fmt: skip
"""Uses of buildings in which people live, in small letters; codes are those of the cadastre."""
_UNSAID = frozenset({"", "yes", "unknown", "unclassified", "未知"})
"""What stands for a use that nobody says; OpenStreetMap writes ``yes``."""
_PART = 2.0**-20
"""Share of a dwelling in which those of devices are counted: sums of binary shares are exact."""


def dwellings(layer: Layer) -> Floats:
    """Return how many dwellings each element has, shape (n,).

    A count is taken from the data; without one, an element that is used for living has one, and so
    has every element of which nothing is said about use.
    """
    counted = next((layer.numbers(one) for one in HOMES if layer.has(one)), None)
    uses = _OF_LOADS if layer.kind == "load" else USES
    column = next((one for one in uses if layer.has(one)), "")
    if column:
        words, able = layer.column(column), RESIDENTIAL | _UNSAID
        lived = np.array([str(one or "").strip().lower() in able for one in words], np.float64)
    else:
        lived = np.ones(len(layer))
    if counted is None:
        return lived
    return np.where(np.isfinite(counted), counted, lived)


def groups_of(layer: Layer, least: int, zone: Ints | None = None) -> Groups:
    """Return the groups of a layer.

    Elements with `least` dwellings or more may be shown alone, and so may those without any. What
    is left of too few dwellings joins the group beside it. Where there is none, it takes in the
    next elements that could be shown alone: otherwise, whoever knows those and the sum of all knows
    the rest. Where even that does not suffice, the group has too few, and is never shown.

    Parameters
    ----------
    layer, least
        The layer, and the dwellings that a group must have.
    zone
        Part of the grid of each element (`twinview.scene.hanging.zones`); None where it is all one.
    """
    homes = dwellings(layer)
    held = np.maximum(homes, 1.0)
    zone = np.zeros(len(layer), dtype=np.int64) if zone is None else zone
    order = near(layer, zone)
    of = np.where((homes > 0) & (homes < least), np.arange(len(layer)), -1)
    of = _joined(of, held, order, zone, least)
    _take_in(of, held, order, least)
    return Groups(of, held, least)


def _joined(of: Ints, held: Floats, order: Ints, zone: Ints, least: int) -> Ints:
    """Return groups of enough dwellings, numbered from 0: those of too few join their neighbours.

    All that have too few are one group at most, which then is the only one.
    """
    inside = order[of[order] >= 0]
    names, first, mine = np.unique(of[inside], return_index=True, return_inverse=True)
    homes = np.bincount(mine, held[inside], names.size).astype(np.float64)
    fresh = np.empty(names.size, dtype=np.int64)
    for number, some in enumerate(_cut(np.argsort(first), homes, zone[inside[first]], least)):
        fresh[some] = number
    made = np.full(of.size, -1, dtype=np.int64)
    made[inside] = fresh[mine]
    return made


def _cut(inside: Ints, homes: Floats, zone: Ints, least: int) -> list[list[int]]:
    """Cut rows into groups of enough dwellings, of one part of the grid where it has them.

    Too few that are left join the group before them, those of a small part the next one.
    """
    made: list[list[int]] = []
    left: list[int] = []
    for part in np.split(inside, np.flatnonzero(np.diff(zone[inside])) + 1):
        first, held = len(made), float(homes[left].sum())
        for row in part.tolist():
            left.append(row)
            held += homes[row]
            if held >= least:
                made.append(left)
                left, held = [], 0.0
        if left and len(made) > first:
            made[-1] += left
            left = []
    if left and made:
        made[-1] += left
    elif left:
        made.append(left)
    return made


def _take_in(of: Ints, held: Floats, order: Ints, least: int) -> None:
    """Let the only group take in elements beside it until it is large enough."""
    if of.max(initial=-1) != 0:
        return
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    middle = float(np.median(place[of == 0]))
    others = np.flatnonzero(of < 0)
    for row in others[np.argsort(np.abs(place[others] - middle), kind="stable")].tolist():
        if held[of == 0].sum() >= least:
            return
        of[row] = 0


def following(
    layer: Layer, buildings: list[Layer], found: Mapping[str, Groups], least: int, zone: Ints
) -> Groups:
    """Return the groups of devices, by the buildings that they name.

    Devices whose building is not there are grouped among themselves: a name that is misspelt must
    not lay anybody open. Groups that have devices in too few dwellings join those beside them.

    Parameters
    ----------
    layer, buildings
        The devices, and all layers of buildings.
    found
        Groups of those buildings, by layer.
    least, zone
        As for `groups_of`, of the devices.
    """
    order, homes = near(layer, zone), dwellings(layer)
    unit, held, kept = _inherited(layer, buildings, found, least)
    left = unit < 0
    held[left] = np.maximum(homes[left], 1.0)
    alone = np.where(left & (homes > 0) & (homes < least), np.arange(len(layer)), -1)
    alone = _joined(alone, held, order, zone, least)
    of = np.where(alone < 0, np.where(kept, unit, -1), unit.max(initial=-1) + 1 + alone)
    of = _joined(of, held, order, zone, least)
    _take_in(of, held, order, least)
    return Groups(of, held, least)


def _inherited(
    layer: Layer, buildings: list[Layer], found: Mapping[str, Groups], least: int
) -> tuple[Ints, Floats, Bools]:
    """Return of each device the unit of its building, its dwellings, and if it is not shown alone.

    A building that may be shown alone may have meters of single flats: those are a group. Devices
    whose building is not there are in unit -1 (`_units`).
    """
    unit, held = np.full(len(layer), -1, dtype=np.int64), np.zeros(len(layer))
    kept = np.zeros(len(layer), dtype=np.bool_)
    named = layer.column("building") if layer.has("building") else np.full(len(layer), None)
    for building, units in _units(buildings, found):
        rows, theirs = building.rows(named), found[building.id]
        here = (unit < 0) & (rows >= 0)
        rows = rows[here]
        each = theirs.held[rows] / np.bincount(rows, minlength=len(building))[rows]
        flats = (theirs.held[rows] >= least) & (each < least)
        unit[here], kept[here] = units[rows], theirs.inside[rows] | flats
        held[here] = np.ceil(each / _PART) * _PART
    return unit, held, kept


def _units(buildings: list[Layer], found: Mapping[str, Groups]) -> Iterator[tuple[Layer, Ints]]:
    """Yield layers and the unit of each building: its group, or itself; those with groups first."""
    first = 0
    for one in sorted(buildings, key=lambda one: not found[one.id].rows.size):
        of, alone = found[one.id].of, found[one.id].sizes.size + np.arange(len(one))
        yield one, first + np.where(of < 0, alone, of)
        first += found[one.id].sizes.size + len(one)


def together(
    buildings: list[Layer], loads: list[Layer], found: Mapping[str, Groups], least: int
) -> dict[str, Groups]:
    """Return groups of buildings that do not tell what is kept back of their devices.

    Were one of two groups shown whose devices are one group, the difference would be the other.
    Where a group of devices has a few whose building is not there, or buildings of several layers,
    nothing is shown of its buildings.

    Parameters
    ----------
    buildings, loads
        All layers of both kinds.
    found, least
        Their groups, by layer, and the dwellings that a group must have.
    """
    from scipy.sparse import coo_array  # late: loading takes long, and few need it
    from scipy.sparse.csgraph import connected_components

    units = list(_units(buildings, found))
    count = sum(found[one.id].sizes.size + len(one) for one in buildings)
    ends, few, first = [np.empty((0, 2), dtype=np.int64)], [np.empty(0, dtype=np.int64)], count
    for load in loads:
        mine, unit = found[load.id], _inherited(load, buildings, found, least)[0]
        known, strange = mine.inside & (unit >= 0), mine.inside & (unit < 0)
        ends.append(np.column_stack([unit[known], first + mine.of[known]]))
        homes = np.bincount(mine.of[strange], mine.held[strange], mine.sizes.size)
        few.append(first + np.flatnonzero((homes > 0) & (homes < least)))
        first += mine.sizes.size
    a, b = np.concatenate(ends).T
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(first, first))
    part = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
    lone = np.bincount(part[:count], minlength=first) < 2
    layers = sum(np.bincount(np.unique(part[one]), minlength=first) for _layer, one in units)
    hidden = np.isin(np.arange(first), part[np.concatenate(few)]) | (layers > 1)
    made = {}
    for layer, unit in units:
        mine, mark = found[layer.id], part[unit]
        of = np.where(mine.inside | ~lone[mark] | hidden[mark], mark, -1)
        _, of[of >= 0] = np.unique(of[of >= 0], return_inverse=True)
        made[layer.id] = Groups(of, np.where(hidden[mark], 0.0, mine.held), least)
    return made
