"""A case in the order in which it is swept, so that no array has to be sorted on the way.

Buses stand in the order of the spanning forest, and the first branches are those that lead from
each bus to its parent, in the same order and written that way round; the branches that close rings
follow, then those that never pass anything on: open ones, and those from a bus to itself.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from twinview.energy.arrays import Bools, Ints
from twinview.energy.flows import Case
from twinview.energy.topology import Forest, Layered, condense, layered, span

REMEMBERED = 20_000
"""Buses up to which several forests are remembered; of larger ones only the last."""


@dataclass(frozen=True, eq=False)
class Arranged:
    """A case in sweep order.

    Parameters
    ----------
    case
        The case, renumbered; its powers stand where they were.
    forest
        The spanning forest; its position p is bus p - 1 of `case`.
    tops
        Buses at the top of an island: the first ones, without a branch to a parent.
    chords
        Branches that close a ring, behind the n - `tops` branches of the forest.
    bus_at, row_of_bus
        Number in the input of each bus here, and the other way. Shape [n].
    row_of_branch
        Place here of each branch of the input. Shape [k].
    """

    case: Case
    forest: Forest
    tops: int
    chords: Ints
    bus_at: Ints
    row_of_bus: Ints
    row_of_branch: Ints


def arrange(case: Case) -> Arranged:
    """Put a case into sweep order.

    Parameters
    ----------
    case
        The input.
    """
    passing = _passing(case)
    busy, resting = np.flatnonzero(passing), np.flatnonzero(~passing)
    forest = _spanned(case.n_bus, case.from_bus[busy], case.to_bus[busy], case.gen_bus)
    hung = forest.branch >= 0
    branch = np.concatenate([busy[forest.branch[hung]], busy[forest.chords], resting])
    turned = np.zeros(branch.size, dtype=np.bool_)
    turned[: int(hung.sum())] = ~forest.upward[hung]
    place = forest.position - 1
    ends = np.stack([place[case.from_bus], place[case.to_bus]])[:, branch]
    there = np.where(turned, branch + branch.size, branch)
    back = np.where(turned, branch, branch + branch.size)
    moved = replace(
        case,
        from_bus=np.where(turned, ends[1], ends[0]),
        to_bus=np.where(turned, ends[0], ends[1]),
        columns=(there, back),
        gen_bus=place[case.gen_bus],
        load_bus=place[case.load_bus],
        store_bus=place[case.store_bus],
    )
    tree = int(hung.sum())
    chords, tops = tree + np.arange(forest.chords.size), case.n_bus - tree
    return Arranged(moved, forest, tops, chords, np.argsort(place), place, np.argsort(branch))


def _spanned(n_bus: int, from_bus: Ints, to_bus: Ints, roots: Ints) -> Forest:
    """Return the forest as it was: run after run has the same one."""
    known = _known if n_bus <= REMEMBERED else _known_large
    return known(n_bus, from_bus.tobytes(), to_bus.tobytes(), roots.tobytes())


@lru_cache(maxsize=4)
def _known(n_bus: int, from_bus: bytes, to_bus: bytes, roots: bytes) -> Forest:
    return span(n_bus, *(np.frombuffer(one, dtype=np.int64) for one in (from_bus, to_bus, roots)))


_known_large = lru_cache(maxsize=1)(_known.__wrapped__)


def between(arranged: Arranged, buses: Ints) -> Layered:
    """Return the tree between some buses as it was.

    Parameters
    ----------
    arranged
        The case in sweep order.
    buses
        Their numbers there.
    """
    known = _known_tree if arranged.case.n_bus <= REMEMBERED else _known_large_tree
    return known(arranged.forest, (buses + 1).tobytes())


@lru_cache(maxsize=8)
def _known_tree(forest: Forest, places: bytes) -> Layered:
    return layered(condense(forest, np.frombuffer(places, dtype=np.int64)))


_known_large_tree = lru_cache(maxsize=2)(_known_tree.__wrapped__)


def _passing(case: Case) -> Bools:
    """Tell which branches pass power on in any step. [k]."""
    ends = (case.p_from, case.p_to)
    if not case.steps:
        return np.zeros(case.from_bus.size, dtype=np.bool_)
    lowest = np.minimum(*(np.fmin.reduce(table, axis=0) for table in ends))
    return np.asarray((lowest < 0) & (case.from_bus != case.to_bus), dtype=np.bool_)
