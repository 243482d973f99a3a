"""Solve the mixing equations by a sparse LU factorisation of each time step.

For grids with so many rings that a dense system of them would cost more, and as the independent
check of the sweeps. The pattern, and a fill-reducing order for it, are found once; each step only
brings its numbers. The matrix I - W is diagonally dominant, so the order needs no pivoting.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array
from scipy.sparse.linalg import SuperLU, splu

from twinview.energy.arrays import Floats, Ints
from twinview.energy.flows import Case
from twinview.energy.sweep import RING_LIMIT, Hearing, LoneRingError, Weights


@dataclass(frozen=True, eq=False)
class Pattern:
    """Where the numbers of each step go.

    Parameters
    ----------
    place
        Place of each bus in the elimination order. Shape [n].
    indices, indptr
        The compressed columns.
    slot
        Entry to which each of n ones and 2 k weights is added.
    """

    place: Ints
    indices: Ints
    indptr: Ints
    slot: Ints


def make_pattern(case: Case) -> Pattern:
    """Find the pattern of I - W for a case, and an order that keeps its factors sparse.

    Parameters
    ----------
    case
        The input.
    """
    n, ends = case.n_bus, np.arange(case.n_bus)
    rows = np.concatenate([ends, case.from_bus, case.to_bus])
    columns = np.concatenate([ends, case.to_bus, case.from_bus])
    values = np.concatenate([np.full(n, 4.0 * (case.from_bus.size + 1)), -np.ones(rows.size - n)])
    sample = csc_array((values, (rows, columns)), shape=(n, n))
    order = splu(sample, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}).perm_c
    place = np.asarray(order, dtype=np.int64)
    keys, slot = np.unique(place[columns] * n + place[rows], return_inverse=True)
    indptr = np.searchsorted(keys, np.arange(n + 1) * n)
    return Pattern(place, keys % n, indptr, slot)


class Factors:
    """The mixing equations of one block, factorised step by step.

    Parameters
    ----------
    case
        The input, for the buses of the stores.
    pattern
        Its pattern.
    weights
        The matrix, or its transpose.

    Raises
    ------
    LoneRingError
        Power turns in a ring without source or consumer.
    """

    def __init__(self, case: Case, pattern: Pattern, weights: Weights) -> None:
        self._case, self._pattern = case, pattern
        entries = -np.concatenate([weights.into_from, weights.into_to])
        self._steps = [self._factorise(entries[:, t]) for t in range(entries.shape[1])]

    def _factorise(self, entries: Floats) -> SuperLU:
        n, pattern = self._case.n_bus, self._pattern
        data = np.bincount(pattern.slot, np.concatenate([np.ones(n), entries]))
        matrix = csc_array((data, pattern.indices, pattern.indptr), shape=(n, n))
        options = {"SymmetricMode": True, "Equil": False}
        try:
            factor = splu(matrix, permc_spec="NATURAL", diag_pivot_thresh=0.0, options=options)
        except RuntimeError as error:
            raise LoneRingError("a ring that stands alone") from error
        if not np.abs(factor.solve(np.ones(n))).max() < RING_LIMIT:
            raise LoneRingError("a ring that stands alone")
        return factor

    def solve(self, x: Floats) -> Floats:
        """Return the intensity of each bus.

        Parameters
        ----------
        x
            Injected carbon over throughput. Shape [n, B].
        """
        ordered = np.empty_like(x)
        ordered[self._pattern.place] = x
        for t, factor in enumerate(self._steps):
            ordered[:, t] = factor.solve(np.ascontiguousarray(ordered[:, t]))
        return ordered[self._pattern.place]

    def hearing(self, unit: Floats, steps: Ints) -> Hearing:
        """Return what tells how stores feel each other.

        Parameters
        ----------
        unit
            Share of its bus that each discharging store delivers. Shape [s, B].
        steps
            Steps of the block that are asked for. Shape [c].
        """
        place = self._pattern.place[self._case.store_bus]

        def heard(row: int, intensity: Floats) -> Floats:
            t = int(steps[row])
            put_in = np.bincount(place, unit[:, t] * intensity, self._case.n_bus)
            return np.asarray(self._steps[t].solve(put_in)[place])

        return heard
