"""Elements whose numbers are columns of one large dense series: picked, scaled or summed."""

from dataclasses import dataclass

import numpy as np

from twinview.model.entries import Entries
from twinview.model.series import Dense, Floats, Meaning, Series
from twinview.model.time import TimeAxis


@dataclass(frozen=True, eq=False)
class Gathered:
    """Sums of scaled columns of a series; only the row or the columns asked for are read.

    Parameters
    ----------
    meaning
        What the numbers mean.
    source
        The series whose elements are the columns.
    entries
        Which of its columns, and how much of each, make up which element.
    none_is_zero
        True where a missing number takes part in a sum as nothing; else the sum is missing too.
    sums
        Known sum over all elements at each step; None where nobody has added them up.
    """

    meaning: Meaning
    source: Series
    entries: Entries
    none_is_zero: bool = False
    sums: Floats | None = None

    @property
    def time(self) -> TimeAxis:
        """The steps."""
        return self.source.time

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.entries.size

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        return self.entries.row(self._known(self.source.at(i)))

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps."""
        found = self.entries.of(j)
        if not len(found):
            return np.full(self.time.count, np.nan, dtype=np.float32)
        values = np.zeros(self.time.count)
        for k in found:
            column = self.source.of(int(self.entries.index[k]))
            values += self._known(column) * self.entries.scale[k]
        return self._pending_kept(values.astype(np.float32))

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        return self.entries.rows(self._known(self.source.window(a, b)))

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed."""
        return self.source.ready(i)

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        return self.source.failed(i)

    @property
    def limits(self) -> tuple[float, float]:
        """Bounds of the values: those of the source times what any element takes of it."""
        low, high = self.source.limits
        if self.none_is_zero:
            low, high = min(low, 0.0), max(high, 0.0)
        there = np.unique(self.entries.element)
        if not len(there):
            return np.nan, np.nan
        ends = np.stack([self.entries.scale * low, self.entries.scale * high]).astype(np.float64)
        sums = [
            np.bincount(self.entries.element, one, minlength=self.size)
            for one in (ends.min(axis=0), ends.max(axis=0))
        ]
        return float(sums[0][there].min()), float(sums[1][there].max())

    def _known(self, values: Floats) -> Floats:
        return np.nan_to_num(values) if self.none_is_zero else values

    def _pending_kept(self, values: Floats) -> Floats:
        """Return the values with steps that are not computed as missing again."""
        done = self.source.done if isinstance(self.source, Dense) else None
        if done is not None:
            values[~done] = np.nan
        return values
