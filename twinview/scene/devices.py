"""Stores, chargers and generators of dwellings: shown for the group of their dwelling only.

What a battery gives at night is what its house uses. A device belongs to the dwelling that it
names, else to the one that is connected at its node.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.model.grouped import Groups
from twinview.model.twin import DISTRICT, Layer, Network, Twin
from twinview.scene.hanging import between

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DEVICES = ("generator", "storage")
"""Kinds of layers of devices; chargers are storage."""


def mixed_key(layer: str) -> str:
    """Return the key of a layer's groups with devices of their own, whose intensities are mixed."""
    return f"{layer} mixed"


def devices(twin: Twin, groups: Mapping[str, Groups]) -> dict[str, Groups]:
    """Return groups with those of devices, and what else these would tell, among them.

    Parameters
    ----------
    twin
        A case, with what it adds.
    groups
        Of its buildings, loads and branches.
    """
    made = dict(groups)
    homes = [one for kind in ("building", "load") for one in twin.of_kind(kind) if one.id in groups]
    least = max((groups[one.id].least for one in homes), default=0)
    with_devices = {one.id: np.zeros(len(one), dtype=np.bool_) for one in homes}
    for kind in DEVICES:
        for layer in twin.of_kind(kind):
            owner, unit, held = _homes_of(twin, layer, homes, groups)
            if (unit < 0).all():
                continue
            for k, home in enumerate(homes):
                mine = owner[:, 0] == k
                with_devices[home.id][owner[mine, 1]] = True
            made[layer.id], alone = _grouped(unit, owner, held, least)
            if alone and kind == "storage":  # the balance of the whole tells what they do
                made[DISTRICT] = Groups(np.zeros(1, np.int64), np.zeros(1), 1)
    return made | _mixed(twin, homes, groups, with_devices)


def _homes_of(
    twin: Twin, layer: Layer, homes: list[Layer], groups: Mapping[str, Groups]
) -> tuple[Ints, Ints, npt.NDArray[np.float64]]:
    """Return whose each device is: layer and row of a dwelling, its group, its dwellings.

    Groups are numbered over all layers; devices of no dwelling in a group are in group -1.
    """
    owner, unit = np.full((len(layer), 2), -1, dtype=np.int64), np.full(len(layer), -1)
    held = np.zeros(len(layer))
    nodes = layer.column("node") if layer.has("node") else np.full(len(layer), None)
    named = _buildings_of(layer, nodes, homes, groups)
    first = 0
    for k, home in enumerate(homes):
        rows = (
            home.rows(named) if home.kind == "building" else _first_at(home, groups[home.id], nodes)
        )
        mine = groups[home.id]
        here = (owner[:, 0] < 0) & (rows >= 0)
        here &= mine.of[rows] >= 0
        owner[here] = np.column_stack([np.full(here.sum(), k), rows[here]])
        unit[here], held[here] = first + mine.of[rows[here]], mine.held[rows[here]]
        first += int(mine.of.max(initial=-1)) + 1
    return owner, unit, held


def _buildings_of(
    layer: Layer,
    nodes: npt.NDArray[np.object_],
    homes: list[Layer],
    groups: Mapping[str, Groups],
) -> npt.NDArray[np.object_]:
    """Return the building that each device names, else the one of the load at its node."""
    named = layer.column("building") if layer.has("building") else np.full(len(layer), None)
    buildings = [one for one in homes if one.kind == "building"]
    for load in (one for one in homes if one.kind == "load" and one.has("building")):
        strange = np.ones(len(layer), dtype=np.bool_)
        for building in buildings:
            strange &= building.rows(named) < 0
        rows = _first_at(load, groups[load.id], nodes)
        named = named.copy()
        taken = strange & (rows >= 0)
        named[taken] = load.column("building")[rows[taken]]
    return named


def _first_at(loads: Layer, groups: Groups, nodes: npt.NDArray[np.object_]) -> Ints:
    """Return the first load in a group at each of some nodes, -1 where there is none."""
    if not loads.has("node"):
        return np.full(len(nodes), -1)
    known: dict[str, int] = {}
    for node, row in zip(loads.column("node")[groups.rows], groups.rows.tolist(), strict=True):
        known.setdefault(node, row)
    return np.array([known.get(one, -1) for one in nodes], dtype=np.int64)


def _grouped(
    unit: Ints, owner: Ints, held: npt.NDArray[np.float64], least: int
) -> tuple[Groups, bool]:
    """Return the groups of devices, and if too few dwellings have such.

    Were those of fewer dwellings than a group the only ones that nobody sees, the whole less the
    others would tell of them: then the smallest group is not shown either.
    """
    inside = unit >= 0
    of = np.full(unit.size, -1, dtype=np.int64)
    of[inside] = np.unique(unit[inside], return_inverse=True)[1]
    one, count = np.unique(owner, axis=0, return_inverse=True, return_counts=True)[1:]
    each = np.where(inside, held / count[one.reshape(-1)], 0.0)
    homes = np.bincount(of[inside], each[inside])
    few = homes < least - 1e-9
    hidden = homes[few].sum()
    if few.any() and hidden < least and not few.all():
        few[np.flatnonzero(~few)[np.argmin(homes[~few])]] = True
    alone = bool(homes.sum() < least)
    # A sum of thirds must not fall short of a whole dwelling.
    each = np.where(inside & ~few[of], each + 1e-9, 0.0)
    return Groups(of, each, least), alone


def _mixed(
    twin: Twin, homes: list[Layer], groups: Mapping[str, Groups], owned: Mapping[str, Bools]
) -> dict[str, Groups]:
    """Return the groups that have devices, and the nodes at which their intensities would show."""
    made = {}
    marks = _spread_marks(homes, groups, owned)
    for home in homes:
        inside, mine = marks[home.id], groups[home.id]
        if inside.any():
            made[mixed_key(home.id)] = replace(mine, of=_renumbered(mine.of, inside))
    for network in twin.networks.values():
        nodes = twin.layers.get(network.tables.get("node", ""))
        hidden = None if nodes is None else _hidden_nodes(twin, network, nodes, groups, marks)
        if nodes is not None and hidden is not None and hidden.any():
            made[nodes.id] = Groups(np.where(hidden, 0, -1), np.zeros(hidden.size), 1)
    return made


def _spread_marks(
    homes: list[Layer], groups: Mapping[str, Groups], owned: Mapping[str, Bools]
) -> dict[str, Bools]:
    """Return which elements are in a group with devices: loads by their buildings, and back."""
    marks = {one.id: _whole(groups[one.id], owned[one.id]) for one in homes}
    buildings = [one for one in homes if one.kind == "building"]
    for load in (one for one in homes if one.kind == "load" and one.has("building")):
        for building in buildings:
            rows = building.rows(load.column("building"))
            known = rows >= 0
            down = marks[load.id].copy()
            down[known] |= marks[building.id][rows[known]]
            marks[load.id] = _whole(groups[load.id], down)
            up = marks[building.id].copy()
            up[rows[known & marks[load.id]]] = True
            marks[building.id] = _whole(groups[building.id], up)
    return marks


def _whole(groups: Groups, some: Bools) -> Bools:
    """Return all members of the groups that some elements are in."""
    return np.asarray(groups.inside & np.isin(groups.of, np.unique(groups.of[some])))


def _renumbered(of: Ints, inside: Bools) -> Ints:
    made = np.full(of.size, -1, dtype=np.int64)
    made[inside] = np.unique(of[inside], return_inverse=True)[1]
    return made


def _hidden_nodes(
    twin: Twin,
    network: Network,
    nodes: Layer,
    groups: Mapping[str, Groups],
    marks: Mapping[str, Bools],
) -> Bools:
    """Return the nodes of groups with devices, and those between them."""
    some = {
        key: replace(groups[key], of=_renumbered(groups[key].of, mark))
        for key, mark in marks.items() if mark.any()
    }  # fmt: skip
    hidden = np.zeros(len(nodes), dtype=np.bool_)
    hidden[between(twin, network, nodes, some)] = True
    return hidden
