"""Values of single elements as the means of groups: nobody's own value is left in them.

Every element of a group gets the same number, the mean of the group, and one without a value of
its own gets none. Where those that have a value hold too few dwellings, nobody gets a number. Sums
over a whole group stay what they are. (The rule is known as microaggregation with a fixed
partition; see Domingo-Ferrer and Mateo-Sanz, 2002, doi:10.1109/69.979982.)
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twinview.model.lacking import Lacking, lacking_of
from twinview.model.series import STRIDE, Floats, Seen
from twinview.model.time import TimeAxis

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Groups:
    """Which elements are shown only together.

    Parameters
    ----------
    of
        Group of each element, -1 for those that may be shown alone. Shape (n,).
    held
        Dwellings that each element counts for. Shape (n,).
    least
        Dwellings that values of a group must come from.
    """

    of: Ints
    held: npt.NDArray[np.float64]
    least: int

    @cached_property
    def rows(self) -> Ints:
        """Elements that are in a group, group after group, shape (k,)."""
        return np.argsort(self.of, kind="stable")[int((self.of < 0).sum()) :]

    @cached_property
    def starts(self) -> Ints:
        """Where each group begins in `rows`, shape (groups,)."""
        return np.flatnonzero(np.diff(self.of[self.rows], prepend=-1))

    @cached_property
    def sizes(self) -> Ints:
        """Elements of each group, shape (groups,)."""
        return np.diff(self.starts, append=self.rows.size)

    @cached_property
    def inside(self) -> npt.NDArray[np.bool_]:
        """Which elements are in a group, shape (n,)."""
        return self.of >= 0

    @cached_property
    def counts(self) -> Ints:
        """Dwellings of each group as readers are told, shape (groups,)."""
        return np.rint(self._homes).astype(np.int64)

    @cached_property
    def few(self) -> npt.NDArray[np.bool_]:
        """Which groups have too few dwellings to be shown at all, shape (groups,)."""
        return self._homes < self.least

    @cached_property
    def _homes(self) -> npt.NDArray[np.float64]:
        if not self.rows.size:
            return np.zeros(0)
        return np.add.reduceat(self.held[self.rows], self.starts)

    def members(self, row: int) -> Ints:
        """Return all elements that are shown together with one."""
        return np.flatnonzero(self.of == self.of[row]) if self.of[row] >= 0 else np.array([row])


def means(values: npt.ArrayLike, groups: Groups) -> Floats:
    """Return values with those of groups replaced by the group's mean.

    Parameters
    ----------
    values
        Shape (..., n), NaN where unknown.
    groups
        Of the n elements.
    """
    made = np.array(values, dtype=np.float32)
    if not groups.rows.size:
        return made
    own = made[..., groups.rows]
    known = np.isfinite(own)
    sums = np.add.reduceat(np.where(known, own, 0.0), groups.starts, axis=-1, dtype=np.float64)
    count = np.add.reduceat(known, groups.starts, axis=-1, dtype=np.int64)
    held = np.add.reduceat(known * groups.held[groups.rows], groups.starts, axis=-1)
    mean = np.where(held >= groups.least, sums / np.maximum(count, 1), np.nan)
    made[..., groups.rows] = np.where(known, np.repeat(mean, groups.sizes, axis=-1), np.nan)
    return made


@dataclass(frozen=True, eq=False)
class Grouped(Seen):
    """A series of which single elements show only the mean of their group.

    Parameters
    ----------
    source
        The series.
    groups
        Of its elements.
    """

    groups: Groups

    @property
    def time(self) -> TimeAxis:
        """The steps."""
        return self.source.time

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`, those of groups as the group's mean."""
        return means(self.source.at(i), self.groups)

    def of(self, j: int) -> Floats:
        """Return the values of element `j`, or the means of its group, at all steps."""
        if self.groups.of[j] < 0:
            return self.source.of(j)
        rows = self.groups.members(j)
        part = Groups(np.zeros(len(rows), np.int64), self.groups.held[rows], self.groups.least)
        columns = np.stack([self.source.of(int(row)) for row in rows], axis=1)
        return np.ascontiguousarray(means(columns, part)[:, int(np.flatnonzero(rows == j)[0])])

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded), those of groups as the group's mean."""
        return means(self.source.window(a, b), self.groups)

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed."""
        return self.source.ready(i)

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        return self.source.failed(i)

    @property
    def done(self) -> npt.NDArray[np.bool_] | None:
        """Steps that hold results; None where all do. Shape (count,)."""
        found: npt.NDArray[np.bool_] | None = getattr(self.source, "done", None)
        return found

    @property
    def solved(self) -> npt.NDArray[np.bool_] | None:
        """Steps that have a solution; None where all do. Shape (count,)."""
        found: npt.NDArray[np.bool_] | None = getattr(self.source, "solved", None)
        return found

    @property
    def lacking(self) -> Lacking | None:
        """Which steps were not computed for want of an input."""
        return lacking_of(self.source)

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value that is shown; (nan, nan) where there is none."""
        low, high = np.nan, np.nan
        for first in range(0, self.time.count, STRIDE):
            part = self.window(first, min(first + STRIDE, self.time.count))
            known = part[np.isfinite(part)]
            if known.size:
                low, high = np.fmin(low, known.min()), np.fmax(high, known.max())
        return float(low), float(high)
