"""Series of other steps than a clock's, brought to it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from twinview.model.series import Floats, Seen
from twinview.model.time import TimeAxis

STRIDE = 4096
"""Steps that are read at once for the course of one element."""


def brought(
    own: TimeAxis, clock: TimeAxis, a: int, b: int, read: Callable[[int, int], Floats]
) -> Floats:
    """Return values at the steps a to b (excluded) of a clock, shape (b - a, n).

    A step of the clock gets the mean of the finer steps within it, or what the coarser step says
    that holds its start; what stands still holds for all. It has no value where there are none.

    Parameters
    ----------
    own, clock
        Steps of the values, and those wanted.
    a, b
        Steps of the clock.
    read
        Returns the values of some own steps, the last excluded.
    """
    if own == clock:
        return read(a, b)
    if own.static:
        return np.repeat(read(0, 1), b - a, axis=0)
    edges = clock.start + clock.step * np.arange(a, b + 1, dtype=np.int64) - own.start
    finer = own.step < clock.step
    first = -(-edges[:-1] // own.step) if finer else edges[:-1] // own.step
    stop = -(-edges[1:] // own.step) if finer else first + 1
    there = np.flatnonzero((first >= 0) & (stop <= own.count))
    if not there.size:
        return np.full((b - a, read(0, 1).shape[1]), np.nan, dtype=np.float32)
    low, high = int(first[there[0]]), int(stop[there[-1]])
    values = read(low, high)
    if finer:
        counts = (stop - first)[there, None]
        values = np.add.reduceat(values.astype(np.float64), first[there] - low, axis=0) / counts
    else:
        values = values[first[there] - low]
    result = np.full((b - a, values.shape[1]), np.nan, dtype=np.float32)
    result[there] = values
    return result


@dataclass(frozen=True, eq=False)
class OnClock(Seen):
    """A series brought to another clock, as `brought` says.

    Parameters
    ----------
    source
        The series.
    time
        The clock.
    """

    time: TimeAxis

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`; NaN outside the series."""
        return np.asarray(self.window(i, i + 1)[0])

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps."""
        starts = range(0, self.time.count, STRIDE)
        parts = [self.window(a, min(a + STRIDE, self.time.count))[:, j] for a in starts]
        return np.concatenate(parts)

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        return brought(self.source.time, self.time, a, b, self.source.window)

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed."""
        step = self.source.time.step_at(self.time, i)
        return step is None or self.source.ready(step)

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        step = self.source.time.step_at(self.time, i)
        return step is not None and self.source.failed(step)
