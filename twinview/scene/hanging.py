"""Which branches of a grid would tell what single dwellings draw.

What flows into a node less what flows out of it is what is drawn there. So of two cables in a row
the difference is a house. All branches between the dwellings of a group are kept back: what can
be told from the others is what whole groups draw together. A group of too few dwellings is told by
the cable that leads to it, and by those before it: all of its grid is kept back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.grouped import Groups
from twinview.model.twin import Layer, Network, Twin

Ints = npt.NDArray[np.int64]
BRANCHES = ("line", "link", "transformer", "pipe", "return_pipe", "valve")
"""Components with two ends."""
USERS = ("sym_load", "load")
"""Components that draw."""
_APART = frozenset({"transformer"})
"""Branches between the parts of a grid."""


@dataclass(frozen=True, eq=False)
class _Branches:
    """Branches of one table: both nodes of each, -1 where there is none."""

    layer: Layer
    component: str
    ends: Ints


def zones(twin: Twin, layer: Layer) -> Ints:
    """Return the part of a grid, as transformers divide it, in which each element hangs.

    Parameters
    ----------
    twin, layer
        The district, and buildings or loads; those that hang nowhere are in zone -1. Shape (n,).
    """
    found, first = np.full(len(layer), -1, dtype=np.int64), 0
    for network in twin.networks.values():
        nodes = twin.layers.get(network.tables.get("node", ""))
        if nodes is None:
            continue
        parts = [one for one in _branches(twin, network, nodes) if one.component not in _APART]
        zone = _joined(len(nodes), parts, [np.ones(len(one.layer), np.bool_) for one in parts])
        for device in _users(twin, network):
            at = nodes.rows(device.column("node"))
            rows = _rows_in(layer, device)
            hangs = (at >= 0) & (rows >= 0)
            fresh = hangs & (found[rows] < 0)
            found[rows[fresh]] = first + zone[at[fresh]]
        first += len(nodes)
    return found


def _rows_in(layer: Layer, device: Layer) -> Ints:
    """Return which element of a layer each device belongs to, -1 for none."""
    if device is layer:
        return np.arange(len(layer))
    if device.has("building"):
        return layer.rows(device.column("building"))
    return np.full(len(device), -1)


def telling(twin: Twin, groups: Mapping[str, Groups]) -> dict[str, npt.NDArray[np.bool_]]:
    """Return which branches are kept back, by layer.

    Parameters
    ----------
    twin
        The district.
    groups
        Of its layers of loads.
    """
    kept: dict[str, npt.NDArray[np.bool_]] = {}
    for network in twin.networks.values():
        nodes = twin.layers.get(network.tables.get("node", ""))
        if nodes is None:
            continue
        members = _members(twin, network, nodes, groups)
        if members.size:
            branches = _branches(twin, network, nodes)
            hidden = _hidden(len(nodes), branches, members)
            kept |= {one.layer.id: h for one, h in zip(branches, hidden, strict=True) if h.any()}
    return kept


def between(twin: Twin, network: Network, nodes: Layer, groups: Mapping[str, Groups]) -> Ints:
    """Return the nodes of the members of groups, and those on the ways between them.

    Parameters
    ----------
    twin, network, nodes
        The district, one of its networks, and the nodes of that.
    groups
        Of its layers of loads.
    """
    members = _members(twin, network, nodes, groups)
    if not members.size:
        return np.empty(0, dtype=np.int64)
    parent, depth, _part = _tree(len(nodes), _branches(twin, network, nodes))
    return np.unique(np.concatenate([members[:, 0], _paths(members, parent, depth)[0]]))


def _members(twin: Twin, network: Network, nodes: Layer, groups: Mapping[str, Groups]) -> Ints:
    """Return of each load in a group its node, group, and if that has too few, shape (k, 3)."""
    found, first = [np.empty((0, 3), dtype=np.int64)], 0
    for device in _users(twin, network):
        mine = groups.get(device.id)
        if mine is None:
            continue
        at = nodes.rows(device.column("node"))
        kept = mine.inside & (at >= 0)
        of = mine.of[kept]
        found.append(np.column_stack([at[kept], first + of, mine.few[of]]))
        first += len(device)
    return np.concatenate(found)


def _hidden(count: int, branches: list[_Branches], members: Ints) -> list[npt.NDArray[np.bool_]]:
    """Keep back the branches between the nodes of each group: what is left tells of whole groups.

    Where a group hangs in parts that nothing connects, or has too few dwellings, all of its parts
    are kept back.
    """
    parent, depth, part = _tree(count, branches)
    node, group, few = members.T
    climbed, torn = _paths(members, parent, depth)
    kept = np.unique(_pair(climbed, parent[climbed], count))
    islands = np.unique(part[node[np.isin(group, torn) | (few > 0)]])
    hidden = []
    for one in branches:
        a, b = one.ends.T
        both = (a >= 0) & (b >= 0)
        hidden.append(both & (np.isin(_pair(a, b, count), kept) | np.isin(part[a], islands)))
    return hidden


def _pair(a: Ints, b: Ints, count: int) -> Ints:
    """Return one number for two nodes, whichever comes first."""
    return np.minimum(a, b) * (count + 1) + np.maximum(a, b)


def _tree(count: int, branches: list[_Branches]) -> tuple[Ints, Ints, Ints]:
    """Return parent and depth of each node in trees that span the grid, and which it is in.

    Roots have the parent `count`.
    """
    from scipy.sparse import coo_array  # late: loading takes long, and few need it
    from scipy.sparse.csgraph import breadth_first_order

    every = [np.ones(len(one.layer), dtype=np.bool_) for one in branches]
    part = _joined(count, branches, every)
    first = np.unique(part, return_index=True)[1]
    ends = [one.ends[(one.ends >= 0).all(axis=1)] for one in branches]
    roots = np.column_stack([np.full(first.size, count), first])
    a, b = np.concatenate([*ends, roots]).T
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(count + 1, count + 1)).tocsr()
    order, before = breadth_first_order(graph, count, directed=False)
    depth = np.zeros(count + 1, dtype=np.int64)
    for node in order[1:].tolist():
        depth[node] = depth[before[node]] + 1
    return np.asarray(before, dtype=np.int64), depth, part


def _paths(members: Ints, parent: Ints, depth: Ints) -> tuple[Ints, Ints]:
    """Climb from the nodes of each group until they meet.

    Returns
    -------
    climbed
        Nodes whose way to their parent lies between two nodes of a group.
    torn
        Groups that never meet.
    """
    root = parent.size - 1
    now = np.unique(members[:, 1::-1], axis=0)  # group, node
    climbed = [np.empty(0, dtype=np.int64)]
    torn = [np.empty(0, dtype=np.int64)]
    while now.size:
        size = np.bincount(now[:, 0])
        now = now[size[now[:, 0]] > 1]
        lost = np.unique(now[now[:, 1] == root, 0])
        torn.append(lost)
        now = now[~np.isin(now[:, 0], lost)]
        deepest = np.zeros(size.size, dtype=np.int64)
        np.maximum.at(deepest, now[:, 0], depth[now[:, 1]])
        moving = depth[now[:, 1]] == deepest[now[:, 0]]
        climbed.append(now[moving, 1])
        now[moving, 1] = parent[now[moving, 1]]
        now = np.unique(now, axis=0)
    return np.concatenate(climbed), np.concatenate(torn)


def _joined(count: int, branches: list[_Branches], taken: list[npt.NDArray[np.bool_]]) -> Ints:
    """Return which nodes hang together by the branches that are taken, shape (count,)."""
    from scipy.sparse import coo_array  # late: loading takes long, and few need it
    from scipy.sparse.csgraph import connected_components

    ends = [np.empty((0, 2), dtype=np.int64)]
    for one, mine in zip(branches, taken, strict=True):
        ends.append(one.ends[mine & (one.ends >= 0).all(axis=1)])
    a, b = np.concatenate(ends).T
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _branches(twin: Twin, network: Network, nodes: Layer) -> list[_Branches]:
    found = []
    for component in BRANCHES:
        layer = twin.layers.get(network.tables.get(component, ""))
        if layer is not None and layer.has("from_node") and layer.has("to_node"):
            ends = [nodes.rows(layer.column(one)) for one in ("from_node", "to_node")]
            found.append(_Branches(layer, component, np.column_stack(ends)))
    return found


def _users(twin: Twin, network: Network) -> list[Layer]:
    found = (twin.layers.get(network.tables.get(one, "")) for one in USERS)
    return [one for one in found if one is not None and one.has("node")]
