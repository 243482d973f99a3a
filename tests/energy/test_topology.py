"""Forests, rings and fused buses."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.topology import condense, fused_buses, layered, reached_from, span


@given(st.integers(0, 2**31), st.integers(1, 30), st.integers(0, 40))
def test_a_forest_takes_each_branch_once(seed: int, n: int, branches: int) -> None:
    rng = np.random.default_rng(seed)
    heads, tails = rng.integers(0, n, (2, branches))
    roots = rng.integers(0, n, 2)
    forest = span(n, heads, tails, roots)
    assert sorted(forest.position) == list(range(1, n + 1))
    assert (forest.parent[1:] < np.arange(1, n + 1)).all()
    loops = np.flatnonzero(heads == tails)
    taken = np.concatenate([forest.branch[forest.branch >= 0], forest.chords, loops])
    assert sorted(taken) == list(range(branches))
    for place in np.flatnonzero(forest.branch >= 0):
        branch = forest.branch[place]
        ends = forest.position[[heads[branch], tails[branch]]]
        child, parent = ends if forest.upward[place] else ends[::-1]
        assert (child, parent) == (place, forest.parent[place])


def test_the_first_root_of_an_island_is_at_its_top() -> None:
    forest = span(4, np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([2, 0]))
    assert forest.parent[forest.position[2]] == 0
    assert forest.branch[forest.position].tolist() == [0, 1, -1, 2]


def test_condensing_keeps_the_forks() -> None:
    # 0 - 1 - 2 - 3, with 4 - 5 at bus 1 and 6 at bus 2.
    heads, tails = np.array([0, 1, 2, 1, 4, 2]), np.array([1, 2, 3, 4, 5, 6])
    forest = span(7, heads, tails, np.array([0]))
    core = condense(forest, forest.position[[3, 5]])
    bus = np.argsort(forest.position)
    assert sorted(bus[core.nodes - 1]) == [1, 3, 5]
    paths = np.split(core.chain, core.offsets[1:])
    assert sorted(sorted(bus[path - 1].tolist()) for path in paths) == [[2, 3], [4, 5]]


@given(st.integers(0, 2**31), st.integers(1, 30), st.integers(0, 40), st.integers(1, 12))
def test_a_condensed_tree_is_what_climbing_finds(
    seed: int, n: int, branches: int, many: int
) -> None:
    rng = np.random.default_rng(seed)
    forest = span(n, *rng.integers(0, n, (2, branches)), rng.integers(0, n, 1))
    chosen = rng.integers(1, n + 1, many)
    core = condense(forest, chosen)
    kept, paths = set(core.nodes.tolist()), iter(np.split(core.chain, core.offsets[1:]))
    assert set(chosen.tolist()) <= kept
    for node, above in zip(core.nodes.tolist(), core.parent.tolist(), strict=True):
        climb = [node]
        while forest.parent[climb[-1]] and forest.parent[climb[-1]] not in kept:
            climb.append(int(forest.parent[climb[-1]]))
        assert (core.nodes[above] if above >= 0 else 0) == forest.parent[climb[-1]]
        if above >= 0:
            assert next(paths).tolist() == climb
    tree = layered(core)
    depth = np.zeros(core.nodes.size + 1, dtype=int)
    for level in tree.levels:
        depth[level.start : level.stop] = depth[level.gather] + 1
    order = np.argsort(tree.row)
    assert (np.diff(depth[1:]) >= 0).all()
    assert (core.parent[order[: tree.tops]] < 0).all()
    for level in tree.levels:
        of = core.parent[order[level.start - 1 : level.stop - 1]]
        assert (tree.row[of] == level.gather - 1).all()


def test_closed_switches_make_one_bus() -> None:
    groups = fused_buses(5, np.array([0, 3]), np.array([2, 4]))
    assert groups[0] == groups[2]
    assert groups[3] == groups[4]
    assert len(set(groups)) == 3


def test_islands_without_a_start_are_not_reached() -> None:
    found = reached_from(4, np.array([0, 2]), np.array([1, 3]), np.array([1]))
    assert found.tolist() == [True, True, False, False]
