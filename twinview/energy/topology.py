"""The shape of a network: spanning forest, closing branches, condensed tree, fused buses, islands.

A tree is swept level by level, which is an exact elimination without fill-in: in each time step a
branch carries power one way only. Branches that close a ring are kept apart as *chords*.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from twinview.energy.arrays import Bools, Ints


@dataclass(frozen=True, eq=False)
class Level:
    """Nodes of equal depth, which stand side by side in the sweep order.

    Parameters
    ----------
    start, stop
        Their positions.
    gather
        Position of the parent of each.
    parents, offsets
        Each parent once, and where its children begin, counted from `start`.
    """

    start: int
    stop: int
    gather: Ints
    parents: Ints
    offsets: Ints


@dataclass(frozen=True, eq=False)
class Forest:
    """A spanning tree of each island, hung on one virtual root at position 0.

    Parameters
    ----------
    position
        Place of each bus in the sweep order, 1 to n. Shape [n].
    parent
        Position of the parent of each position. Shape [n + 1].
    branch
        Branch that leads to the parent, -1 at the top of an island. Shape [n + 1].
    upward
        Whether that branch starts (`from`) at the child. Shape [n + 1].
    levels
        Depth 2 and more; those above have no branch over them.
    chords
        Branches that close a ring.
    """

    position: Ints
    parent: Ints
    branch: Ints
    upward: Bools
    levels: tuple[Level, ...]
    chords: Ints


def span(n_bus: int, from_bus: Ints, to_bus: Ints, roots: Ints) -> Forest:
    """Choose a spanning tree of each island, breadth first.

    Parameters
    ----------
    n_bus
        Number of buses.
    from_bus, to_bus
        Ends of each branch. A branch from a bus to itself is left out.
    roots
        Buses to start from, best first (sources keep the tree flat). An island without one
        starts at its lowest bus.
    """
    tops = _tops(n_bus, from_bus, to_bus, roots)
    heads = np.concatenate([from_bus, np.full(tops.size, n_bus)])
    tails = np.concatenate([to_bus, tops])
    found = breadth_first_order(
        _adjacency(n_bus + 1, heads, tails), n_bus, directed=False, return_predecessors=True
    )
    order, before = (np.asarray(part, dtype=np.int64) for part in found)
    place = np.zeros(n_bus + 1, dtype=np.int64)
    place[order] = np.arange(n_bus + 1)
    parent = np.zeros(n_bus + 1, dtype=np.int64)
    parent[1:] = place[before[order[1:]]]
    branch, chords = _tree_branches(from_bus, to_bus, order, before, n_bus)
    upward = np.zeros(n_bus + 1, dtype=np.bool_)
    tree = branch >= 0
    upward[tree] = from_bus[branch[tree]] == order[tree]
    return Forest(place[:n_bus], parent, branch, upward, _levels(parent), chords)


def _adjacency(n: int, heads: Ints, tails: Ints) -> csr_array:
    return csr_array(coo_array((np.ones(heads.size), (heads, tails)), shape=(n, n)))


def _islands(n: int, heads: Ints, tails: Ints) -> Ints:
    """Number the island of each bus."""
    group = connected_components(_adjacency(n, heads, tails), directed=False)[1]
    return np.asarray(group, dtype=np.int64)


def _tops(n_bus: int, from_bus: Ints, to_bus: Ints, roots: Ints) -> Ints:
    island = _islands(n_bus, from_bus, to_bus)
    candidates = np.concatenate([roots, np.arange(n_bus)])
    return candidates[np.unique(island[candidates], return_index=True)[1]]


def _tree_branches(
    from_bus: Ints, to_bus: Ints, order: Ints, before: Ints, n_bus: int
) -> tuple[Ints, Ints]:
    """Find the branch to each parent; of parallel branches the first, the others become chords."""
    keys = np.minimum(from_bus, to_bus) * (n_bus + 1) + np.maximum(from_bus, to_bus)
    pairs, first = np.unique(keys, return_index=True)
    branch = np.full(n_bus + 1, -1, dtype=np.int64)
    child, above = order[1:].astype(np.int64), before[order[1:]].astype(np.int64)
    hung = above != n_bus
    wanted = np.minimum(child, above) * (n_bus + 1) + np.maximum(child, above)
    branch[1:][hung] = first[np.searchsorted(pairs, wanted[hung])]
    closing = from_bus != to_bus
    closing[branch[branch >= 0]] = False
    return branch, np.flatnonzero(closing)


def _levels(parent: Ints) -> tuple[Level, ...]:
    levels = []
    start, stop = 0, 1
    while stop < parent.size:
        start, stop = stop, int(np.searchsorted(parent[1:], stop)) + 1
        if start > 1:
            gather = parent[start:stop]
            parents, offsets = np.unique(gather, return_index=True)
            levels.append(Level(start, stop, gather, parents, offsets))
    return tuple(levels)


@dataclass(frozen=True, eq=False)
class Condensed:
    """The tree between some chosen buses only: those, and the places where their paths meet.

    Parameters
    ----------
    nodes
        Positions in the forest, ascending, so that parents come first. Shape [m].
    parent
        Number of the condensed parent, -1 for none. Shape [m].
    chain, offsets
        Positions whose upward branches make the path of each node that has a parent, joined, and
        where each path begins.
    """

    nodes: Ints
    parent: Ints
    chain: Ints
    offsets: Ints

    @property
    def hung(self) -> Ints:
        """Numbers of the nodes that have a parent, in the order of `offsets`."""
        return np.flatnonzero(self.parent >= 0)


def condense(forest: Forest, chosen: Ints) -> Condensed:
    """Reduce a forest to the paths between the chosen positions.

    Parameters
    ----------
    forest
        The whole.
    chosen
        Positions to keep.
    """
    kept, used = _kept(forest, chosen)
    nodes = np.flatnonzero(kept)
    above, owner = _along_paths(forest, kept, used)
    hung = above[nodes] > 0
    parent = np.where(hung, np.searchsorted(nodes, above[nodes]), -1)
    # Each path from its node upwards, one after the other.
    places = np.flatnonzero(used & (above[owner] > 0))[::-1]
    chain = places[np.argsort(owner[places], kind="stable")]
    offsets = np.searchsorted(owner[chain], nodes[hung])
    return Condensed(nodes, parent.astype(np.int64), chain, offsets.astype(np.int64))


def _kept(forest: Forest, chosen: Ints) -> tuple[Bools, Bools]:
    """Tell which positions are chosen or forks of paths, and which have a chosen one below."""
    kept, used = np.zeros((2, forest.parent.size), dtype=np.bool_)
    kept[chosen] = used[chosen] = True
    ways = np.zeros(forest.parent.size, dtype=np.int64)
    for level in reversed(forest.levels):
        rows = slice(level.start, level.stop)
        ways[level.parents] = np.add.reduceat(used[rows].astype(np.int64), level.offsets)
        used[level.parents] |= ways[level.parents] > 0
    return kept | (ways > 1), used


def _along_paths(forest: Forest, kept: Bools, used: Bools) -> tuple[Ints, Ints]:
    """Return the next kept position above each, 0 for none, and on whose path upwards it lies.

    What is used and not kept has one used child, and lies on that child's path.
    """
    above = np.zeros(forest.parent.size, dtype=np.int64)
    owner = np.where(kept, np.arange(forest.parent.size), 0)
    for level in forest.levels:
        rows = slice(level.start, level.stop)
        above[rows] = np.where(kept[level.gather], level.gather, above[level.gather])
    for level in reversed(forest.levels):
        child = level.start + np.flatnonzero(used[level.start : level.stop] & ~kept[level.gather])
        owner[forest.parent[child]] = owner[child]
    return above, owner


@dataclass(frozen=True, eq=False)
class Layered:
    """A condensed tree in the order in which it is swept, like a `Forest`.

    Parameters
    ----------
    core
        The condensed tree.
    row
        Place of each of its nodes in the sweep order, from 0. Shape [m].
    tops
        Nodes without a parent: the first ones.
    levels
        The others; their positions count from 1.
    """

    core: Condensed
    row: Ints
    tops: int
    levels: tuple[Level, ...]


def layered(core: Condensed) -> Layered:
    """Put the nodes of a condensed tree side by side that have the same depth.

    Parameters
    ----------
    core
        The condensed tree.
    """
    depth = np.zeros(core.nodes.size, dtype=np.int64)
    for node in core.hung.tolist():
        depth[node] = depth[core.parent[node]] + 1
    row = np.zeros(core.nodes.size, dtype=np.int64)
    by_depth = np.argsort(depth, kind="stable")
    counts = np.bincount(depth, minlength=1)
    parent = np.zeros(core.nodes.size + 1, dtype=np.int64)
    for start, count in zip(np.cumsum(counts) - counts, counts, strict=True):
        here = by_depth[start : start + count]
        if start:
            here = here[np.argsort(row[core.parent[here]], kind="stable")]
            parent[start + 1 : start + count + 1] = row[core.parent[here]] + 1
        row[here] = np.arange(start, start + count)
    return Layered(core, row, int(counts[0]), _levels(parent))


def fused_buses(n_bus: int, from_bus: Ints, to_bus: Ints) -> Ints:
    """Number the groups of buses that closed bus-bus switches make one.

    Flow through a ring of zero-impedance connections is undefined, so fuse before tracing.

    Parameters
    ----------
    n_bus
        Number of buses.
    from_bus, to_bus
        Ends of the closed switches.

    Returns
    -------
    Ints
        New number of each bus, 0 to groups - 1. Shape [n_bus].
    """
    return _islands(n_bus, from_bus, to_bus)


def reached_from(n_bus: int, from_bus: Ints, to_bus: Ints, starts: Ints) -> Bools:
    """Tell which buses hang together with one of `starts`, whatever the direction of flow.

    Parameters
    ----------
    n_bus
        Number of buses.
    from_bus, to_bus
        Ends of the closed branches.
    starts
        Buses to start from.
    """
    island = _islands(n_bus, from_bus, to_bus)
    found: Bools = np.isin(island, island[starts])
    return found
