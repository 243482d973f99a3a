"""A series of which some steps are known ahead of the computation that fills it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from twinview.model.series import Floats, Meaning, Series
from twinview.model.time import TimeAxis


@dataclass(frozen=True, eq=False)
class Ahead:
    """Some steps on top of what is there; as soon as that has a step, it is what counts.

    Parameters
    ----------
    meaning, time
        What the numbers mean, and when.
    rows
        Values of the steps that are known; one at least. Shape (size,) each.
    under
        What a computation has made so far; None where there is nothing yet.
    unsolved
        Those of the steps that have no solution.
    doubtful
        Those of them whose values rest on an assumed content of the stores.
    """

    meaning: Meaning
    time: TimeAxis
    rows: Mapping[int, Floats]
    under: Series | None
    unsolved: frozenset[int] = frozenset()
    doubtful: frozenset[int] = frozenset()

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(next(iter(self.rows.values())).size)

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        if self.under is not None and self.under.ready(i):
            return self.under.at(i)
        row = self.rows.get(i)
        return np.full(self.size, np.nan, dtype=np.float32) if row is None else row

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps; steps that are not known are NaN."""
        column = np.full(self.time.count, np.nan, dtype=np.float32)
        if self.under is not None:
            column[:] = self.under.of(j)
        for i, row in self._on_top():
            column[i] = row[j]
        return column

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        if self.under is None:
            values = np.full((b - a, self.size), np.nan, dtype=np.float32)
        else:
            values = self.under.window(a, b).copy()
        for i, row in self._on_top():
            if a <= i < b:
                values[i - a] = row
        return values

    def _on_top(self) -> list[tuple[int, Floats]]:
        return [(i, row) for i, row in self.rows.items() if self.provisional(i)]

    def ready(self, i: int) -> bool:
        """Tell whether step `i` is known."""
        return i in self.rows or (self.under is not None and self.under.ready(i))

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        if self.under is not None and self.under.ready(i):
            return self.under.failed(i)
        return i in self.unsolved

    def provisional(self, i: int) -> bool:
        """Tell whether step `i` is known by looking ahead only."""
        return i in self.rows and (self.under is None or not self.under.ready(i))

    @property
    def done(self) -> np.ndarray:
        """Steps that are known. Shape (count,)."""
        known = np.zeros(self.time.count, dtype=np.bool_)
        if self.under is not None:
            held = getattr(self.under, "done", None)
            known[:] = True if held is None else held
        known[list(self.rows)] = True
        return known

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value that is known; (nan, nan) where there is none."""
        known = np.concatenate([row[np.isfinite(row)] for row in self.rows.values()])
        return (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)


def assumed(series: Series | None, i: int) -> bool:
    """Tell whether a series shows at step `i` what rests on an assumed content of the stores."""
    return isinstance(series, Ahead) and i in series.doubtful and series.provisional(i)
