"""Which dwellings of a layer form a group: neighbours, of one part of the grid where it can be."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.model.grouped import Groups
from twinview.model.twin import Layer
from twinview.scene.neighbours import near

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HOMES = ("households", "dwellings", "num_dwellings", "building:flats", "flats", "units_res",
         "wohnungen", "nb_logements", "户数")  # fmt: skip
"""Columns of the number of dwellings."""
USES = ("use", "building_use", "building:use", "usage", "function", "building_function", "building",
        "building_type", "nutzung", "type", "kind", "建筑用途", "用途")  # fmt: skip
"""Columns of use."""
RESIDENTIAL = frozenset({
    "residential", "dwelling", "dwellings", "apartments", "apartment", "flat", "flats", "house",
    "detached", "semi", "semidetached_house", "terrace", "row", "multi", "bungalow", "household",
    "households", "home", "farm", "farmhouse", "dormitory", "multifamily", "single_res",
    "multi_res", "single-family detached", "1000", "1010", "1020", "1022", "1024", "1221",
    "31001_1000", "31001_1010", "31001_1020", "住宅",
})  # fmt: skip
"""Uses of buildings in which people live, in small letters; codes are those of the cadastre."""


def dwellings(layer: Layer) -> Floats:
    """Return how many dwellings each element has, shape (n,).

    A count is taken from the data; without one, an element that is used for living has one, and so
    has every element of a layer that says nothing about use.
    """
    counted = next((layer.numbers(one) for one in HOMES if layer.has(one)), None)
    column = next((one for one in USES if layer.has(one)), "")
    if column:
        words = [str(one or "").strip().lower() for one in layer.column(column)]
        lived = np.array([not one or one in RESIDENTIAL for one in words], dtype=np.float64)
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
    of = np.full(len(layer), -1, dtype=np.int64)
    held = np.maximum(homes, 1.0)
    zone = np.zeros(len(layer), dtype=np.int64) if zone is None else zone
    order = near(layer, zone)
    inside = order[(homes[order] > 0) & (homes[order] < least)]
    groups = _cut(inside, homes, zone, least)
    for number, rows in enumerate(groups):
        of[rows] = number
    if len(groups) == 1:
        _take_in(of, held, order, least)
    return Groups(of, held, least)


def _cut(inside: Ints, homes: Floats, zone: Ints, least: int) -> list[list[int]]:
    """Cut rows into groups that have enough dwellings, of one part of the grid where it has them.

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
) -> Groups | None:
    """Return the groups of devices by the buildings that they name; None where they name none.

    Devices whose building is not there are grouped among themselves: a name that is misspelt must
    not lay anybody open.

    Parameters
    ----------
    layer, buildings
        The devices, and all layers of buildings.
    found
        Groups of those buildings, by layer.
    least, zone
        As for `groups_of`, of the devices.
    """
    if not layer.has("building"):
        return None
    named, first = layer.column("building"), 0
    of, held = np.full(len(layer), -1, dtype=np.int64), np.zeros(len(layer))
    left = np.ones(len(layer), dtype=np.bool_)
    for building in sorted(buildings, key=lambda one: one.id not in found):
        rows = building.rows(named)
        here = left & (rows >= 0)
        left &= ~here
        theirs, rows = found.get(building.id), rows[here]
        if theirs is not None:
            of[here] = np.where(theirs.of[rows] < 0, -1, first + theirs.of[rows])
            held[here] = theirs.held[rows] / np.bincount(rows, minlength=len(building))[rows]
            first += theirs.sizes.size
    if left.all():
        return None
    if left.any():
        rest = np.flatnonzero(left)
        alone = groups_of(_nameless(layer, rest), least, zone[rest])
        of[rest], held[rest] = np.where(alone.of < 0, -1, first + alone.of), alone.held
    _, of[of >= 0] = np.unique(of[of >= 0], return_inverse=True)  # not every house has a device
    return Groups(of, held, least)


def _nameless(layer: Layer, rows: Ints) -> Layer:
    """Return some devices without the name of their building, which would pass for its use."""
    shape = None if layer.geometry is None else layer.geometry.taken(rows)
    table = layer.attributes.drop_columns("building").take(pa.array(rows))
    return replace(layer, attributes=table, geometry=shape)
