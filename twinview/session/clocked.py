"""Series of other steps than the clock's, brought to it before anything is computed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.quantities import quantities
from twinview.model.series import Floats, Profiled, Seen, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Twin

STRIDE = 4096
"""Steps that are read at once for the course of one element."""


def clocked(twin: Twin) -> tuple[Twin, list[Problem]]:
    """Return a district all of whose given series have the steps of its clock.

    A step of the clock gets the mean of the finer steps within it, or what the coarser step says
    that holds its start; it stays without a value where a series does not reach.

    Parameters
    ----------
    twin
        As it was opened.

    Returns
    -------
    tuple[Twin, list[Problem]]
        The district, and which of its series have finer steps.
    """
    made, said = [], []
    for series in twin.series.values():
        own = series.time
        if own.static or own == twin.time or series.meaning.origin == "computed":
            continue
        made.append(_laid(series, twin.time))
        if own.step < twin.time.step:
            said.append(_say(twin, series))
    return (twin.with_series(*made) if made else twin), said


def brought(
    own: TimeAxis, clock: TimeAxis, a: int, b: int, read: Callable[[int, int], Floats]
) -> Floats:
    """Return values at the steps a to b (excluded) of a clock, shape (b - a, n).

    Parameters
    ----------
    own, clock
        Steps of the values, and those wanted.
    a, b
        Steps of the clock.
    read
        Returns the values of some own steps, the last excluded.
    """
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
class Clocked(Seen):
    """A series at the steps of another clock.

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
        """Tell whether step `i` is known: what was given always is."""
        del i
        return True

    def failed(self, i: int) -> bool:
        """Tell whether step `i` has no solution: what was given was not solved."""
        del i
        return False


def _laid(series: Series, clock: TimeAxis) -> Series:
    if not isinstance(series, Profiled):
        return Clocked(series, clock)

    def read(a: int, b: int) -> npt.NDArray[np.float32]:
        return np.asarray(series.profiles[a:b], dtype=np.float32)

    profiles = brought(series.time, clock, 0, clock.count, read)
    return replace(series, time=clock, profiles=profiles)


def _say(twin: Twin, series: Series) -> Problem:
    layer, known = series.meaning.layer, quantities().get(series.meaning.quantity)
    message = _(
        "{quantity} of '{layer}' has steps of {own} s, the clock steps of {clock} s; its means "
        "over the clock's steps enter the computation.",
        quantity=known.title if known is not None else series.meaning.quantity,
        layer=layer,
        own=series.time.step,
        clock=twin.time.step,
    )
    return Problem("info", "series.finer", message, "", "", layer)
