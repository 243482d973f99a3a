"""A series of which one step is known ahead of the computation that fills it."""

from dataclasses import dataclass

import numpy as np

from twinview.model.series import Floats, Meaning, Series
from twinview.model.time import TimeAxis


@dataclass(frozen=True, eq=False)
class Ahead:
    """One step on top of what is there; as soon as that has the step, it is what counts.

    Parameters
    ----------
    meaning, time
        What the numbers mean, and when.
    step
        The step that is known.
    row
        Its values. Shape (size,).
    under
        What a computation has made so far; None where there is nothing yet.
    converged
        Whether the step has a solution.
    assumed
        Whether the values rest on an assumed content of the stores.
    """

    meaning: Meaning
    time: TimeAxis
    step: int
    row: Floats
    under: Series | None
    converged: bool
    assumed: bool

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.row.size)

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        if self.under is not None and self.under.ready(i):
            return self.under.at(i)
        return self.row if i == self.step else np.full(self.size, np.nan, dtype=np.float32)

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps; steps that are not known are NaN."""
        column = np.full(self.time.count, np.nan, dtype=np.float32)
        if self.under is not None:
            column[:] = self.under.of(j)
        if self.provisional(self.step):
            column[self.step] = self.row[j]
        return column

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        if self.under is None:
            values = np.full((b - a, self.size), np.nan, dtype=np.float32)
        else:
            values = self.under.window(a, b).copy()
        if a <= self.step < b and self.provisional(self.step):
            values[self.step - a] = self.row
        return values

    def ready(self, i: int) -> bool:
        """Tell whether step `i` is known."""
        return i == self.step or (self.under is not None and self.under.ready(i))

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        if self.under is not None and self.under.ready(i):
            return self.under.failed(i)
        return i == self.step and not self.converged

    def provisional(self, i: int) -> bool:
        """Tell whether step `i` is known by looking ahead only."""
        return i == self.step and (self.under is None or not self.under.ready(i))

    @property
    def done(self) -> np.ndarray:
        """Steps that are known. Shape (count,)."""
        known = np.zeros(self.time.count, dtype=np.bool_)
        if self.under is not None:
            held = getattr(self.under, "done", None)
            known[:] = True if held is None else held
        known[self.step] = True
        return known

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value that is known; (nan, nan) where there is none."""
        known = self.row[np.isfinite(self.row)]
        return (float(known.min()), float(known.max())) if known.size else (np.nan, np.nan)


def assumed(series: Series | None, i: int) -> bool:
    """Tell whether a series shows at step `i` what rests on an assumed content of the stores."""
    return isinstance(series, Ahead) and series.assumed and series.provisional(i)
