"""Steps that were not computed because an input has no value there."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.series import Series


@dataclass(frozen=True, eq=False)
class Lacking:
    """Which element each step lacks a value of.

    Parameters
    ----------
    names
        Ids of elements that lack values.
    first
        Place in `names` of the first one that a step lacks, -1 where it lacks none. Shape (count,).
    count
        How many it lacks. Shape (count,).
    """

    names: Sequence[str]
    first: npt.NDArray[np.int32]
    count: npt.NDArray[np.int32]

    @property
    def steps(self) -> npt.NDArray[np.bool_]:
        """Which steps lack anything. Shape (count,)."""
        return np.asarray(self.count > 0)

    def words(self, i: int) -> str:
        """Say why step `i` was not computed; empty where it lacks nothing."""
        if not self.count[i]:
            return ""
        name, others = self.names[self.first[i]], int(self.count[i]) - 1
        if not others:
            return _("Not computed: '{element}' has no value", element=name)
        return _(
            "Not computed: '{element}' and {count} others have no value", element=name, count=others
        )


def lacking_of(series: Series | None) -> Lacking | None:
    """Return which steps of a series were not computed for want of an input; None for none.

    Parameters
    ----------
    series
        Any series; only computed ones lack anything.
    """
    found = getattr(series, "lacking", None)
    return found if isinstance(found, Lacking) else None


def lacks(series: Series | None, i: int) -> str:
    """Say why step `i` of a series was not computed; empty where no input was missing.

    Parameters
    ----------
    series, i
        A series and a step of its axis.
    """
    found = lacking_of(series)
    return "" if found is None else found.words(i)
