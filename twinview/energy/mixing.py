"""How water mixes at the nodes of a network: one sparse system for many steps at once."""

import numpy as np
from scipy.sparse import coo_array, csc_array, diags_array
from scipy.sparse.linalg import splu

from twinview.energy.arrays import Floats, Ints

NO_FLOW = 1e-12
"""kg/s below which nothing flows."""
BLOCK = 200_000
"""Unknowns solved at a time: enough to be fast, few enough to stay small."""


def mix(
    n_node: int,
    ends: tuple[Ints, Ints],
    mass: Floats,
    kept: Floats,
    inflow: tuple[Ints, Floats, Floats],
) -> Floats:
    """Return how much warmer than the ground each node is, NaN where no water comes. [T, n].

    At every node the water that arrives mixes: (diag(M) - K) T = what flows in.

    Parameters
    ----------
    n_node
        Number of nodes.
    ends
        Where each pipe's water comes from and goes to. Two of shape [T, k].
    mass
        Of the water in each pipe, not negative. Shape [T, k].
    kept
        Mass times the share of its temperature that arrives. Shape [T, k].
    inflow
        Nodes where water comes in from elsewhere [g], its mass, and mass times temperature, [T, g].
    """
    steps = mass.shape[0]
    length = max(1, BLOCK // max(n_node, 1))
    parts = []
    for start in range(0, steps, length):
        rows = slice(start, start + length)
        cut = inflow[0], inflow[1][rows], inflow[2][rows]
        block = ends[0][rows], ends[1][rows]
        parts.append(_block(n_node, block, mass[rows], kept[rows], cut))
    return np.concatenate(parts) if parts else np.zeros((0, n_node))


def _block(
    n: int, ends: tuple[Ints, Ints], mass: Floats, kept: Floats, inflow: tuple[Ints, Floats, Floats]
) -> Floats:
    steps = mass.shape[0]
    size = steps * n
    base = np.arange(steps)[:, None] * n
    first, last = (base + ends[0]).ravel(), (base + ends[1]).ravel()
    where = (base + inflow[0][None, :]).ravel()
    total = np.bincount(last, mass.ravel(), size) + np.bincount(where, inflow[1].ravel(), size)
    heat = np.bincount(where, inflow[2].ravel(), size)
    dead = total <= NO_FLOW
    given = np.where(dead[last], 0.0, kept.ravel())
    carried = coo_array((given, (last, first)), shape=(size, size))
    matrix = csc_array(diags_array(np.where(dead, 1.0, total)) - carried)
    found = splu(matrix).solve(np.where(dead, 0.0, heat))
    return np.where(dead, np.nan, found).reshape(steps, n)
