"""Elements that share columns of a series: a million buildings, the intensities of their nodes."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from twinview.model.lacking import Lacking, lacking_of
from twinview.model.series import Floats, Meaning, Series
from twinview.model.time import TimeAxis


@dataclass(frozen=True, eq=False)
class Indexed:
    """Each element has the numbers of one column of another series; an instant reads one row of it.

    Parameters
    ----------
    meaning
        What the numbers mean.
    columns
        The series whose elements are the columns.
    index
        Column of each element, -1 for elements without numbers. Shape (size,).
    """

    meaning: Meaning
    columns: Series
    index: npt.NDArray[np.int32]
    _absent: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Refuse columns that are not there, and note elements without one."""
        if self.index.size and not -1 <= self.index.min() <= self.index.max() < self.columns.size:
            raise ValueError(f"an element names column {self.index.max()} of {self.columns.size}")
        object.__setattr__(self, "_absent", np.flatnonzero(self.index < 0))

    @property
    def time(self) -> TimeAxis:
        """The steps."""
        return self.columns.time

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.index.size)

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        return self._spread(self.columns.at(i))

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps."""
        column = int(self.index[j])
        if column < 0:
            return np.full(self.time.count, np.nan, dtype=np.float32)
        return self.columns.of(column)

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        return self._spread(self.columns.window(a, b))

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed."""
        return self.columns.ready(i)

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        return self.columns.failed(i)

    @property
    def done(self) -> npt.NDArray[np.bool_] | None:
        """Steps that hold results; None where all do."""
        return getattr(self.columns, "done", None)

    @property
    def lacking(self) -> Lacking | None:
        """Steps without a solution because an input has no value there; None for none."""
        return lacking_of(self.columns)

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value of any column."""
        return self.columns.limits

    def _spread(self, values: Floats) -> Floats:
        if not self.columns.size:
            return np.full((*values.shape[:-1], self.size), np.nan, dtype=np.float32)
        spread = np.take(values, self.index, axis=-1, mode="clip")
        spread[..., self._absent] = np.nan
        return spread
