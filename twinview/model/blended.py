"""Intensities of groups: all the carbon of a group over all its energy.

Where a house has cells or a battery, its intensity beside that of the grid tells which share of its
use it made itself, and the cells then tell its use. The intensity of a group tells that of the
group.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.grouped import Grouped, Groups, means
from twinview.model.series import Floats, Series


@dataclass(frozen=True, eq=False)
class Blended(Grouped):
    """A series of intensities of which single elements show only that of their group.

    Parameters
    ----------
    source, groups
        The intensities, and the groups of its elements.
    weights
        The energy that the intensities belong to, of the same elements.
    """

    weights: Series

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`, those of groups as the group's own."""
        step = self.weights.time.step_at(self.time, i)
        weights = None if step is None else self.weights.at(step)
        return blended(self.source.at(i), weights, self.groups)

    def of(self, j: int) -> Floats:
        """Return the values of element `j`, or those of its group, at all steps."""
        if self.groups.of[j] < 0:
            return self.source.of(j)
        rows = self.groups.members(j)
        part = Groups(np.zeros(len(rows), np.int64), self.groups.held[rows], self.groups.least)
        steps = [self.weights.time.step_at(self.time, i) for i in range(self.time.count)]
        known = np.array([one is not None for one in steps])
        place = np.array([one or 0 for one in steps], dtype=np.int64)
        values = np.stack([self.source.of(int(row)) for row in rows], axis=1)
        weights = np.stack([self.weights.of(int(row))[place] for row in rows], axis=1)
        weights[~known] = np.nan
        mine = int(np.flatnonzero(rows == j)[0])
        return np.ascontiguousarray(blended(values, weights, part)[:, mine])

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded), those of groups as the group's own."""
        if b <= a:
            return self.source.window(a, b)
        return np.stack([self.at(i) for i in range(a, b)])


def blended(
    values: npt.NDArray[np.float32], weights: npt.NDArray[np.float32] | None, groups: Groups
) -> Floats:
    """Return values with those of groups replaced by their mean weighted with what is used.

    Parameters
    ----------
    values
        Shape (..., n), NaN where unknown.
    weights
        Of the same shape; None where nothing is known of it.
    groups
        Of the n elements.
    """
    own = np.array(values, dtype=np.float32)
    if weights is None:
        own[..., groups.inside] = np.nan
        return own
    both = own * weights
    with np.errstate(invalid="ignore", divide="ignore"):
        made = means(both, groups) / means(np.where(np.isfinite(both), weights, np.nan), groups)
    own[..., groups.inside] = made[..., groups.inside]
    own[np.isinf(own)] = np.nan
    return own
