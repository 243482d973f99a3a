"""Series between two steps: what lies on the straight line from one to the next."""

from dataclasses import dataclass

import numpy as np

from twinview.model.series import Floats, Seen
from twinview.model.time import TimeAxis


@dataclass(frozen=True, eq=False)
class Between(Seen):
    """A series of which each step shows a point on the way to the next.

    Parameters
    ----------
    source
        The series.
    share
        How far on the way, 0 to 1.
    """

    share: float

    @property
    def time(self) -> TimeAxis:
        """The steps."""
        return self.source.time

    def _next(self, i: int) -> int:
        return min(i + 1, self.time.count - 1)

    def at(self, i: int) -> Floats:
        """Return the values of all elements on the way from step `i`; NaN with a gap at an end."""
        share = np.float32(self.share)
        here, there = self.source.at(i), self.source.at(self._next(i))
        return np.asarray(here + (there - here) * share, dtype=np.float32)

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at the steps themselves."""
        return self.source.of(j)

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded) themselves."""
        return self.source.window(a, b)

    def ready(self, i: int) -> bool:
        """Tell whether both steps have been computed."""
        return self.source.ready(i) and self.source.ready(self._next(i))

    def failed(self, i: int) -> bool:
        """Tell whether one of both steps was computed without a solution."""
        return self.source.failed(i) or self.source.failed(self._next(i))
