"""What a difference of two pictures adds up to, and what is left out of it.

Legend and table of numbers take it from here, so that they say the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.twin import Layer
from twinview.scene.aggregation import HOURLY
from twinview.scene.numbers import number
from twinview.scene.overlay import Painted
from twinview.scene.parts import noted
from twinview.scene.styling import carrying

ADDED = frozenset({*HOURLY, *HOURLY.values()})
"""Units whose values add up over elements."""

Side = tuple[Painted, Mapping[str, Layer]]
"""A picture, and the layers of its twin."""
_Values = npt.NDArray[np.float64]
_Known = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Subtracted:
    """The sum of all differences B - A.

    Parameters
    ----------
    total
        Over elements with a value on both sides, and those that only one side has at all: what is
        not there draws and emits nothing.
    lost
        How much of it is of elements that only A has; not above 0 where they draw.
    counted, gone
        Elements in it, and how many of them only A has.
    left
        Elements that both have, with a value on one side only: what they differ by is not known,
        so they are not in it.
    """

    total: float = 0.0
    lost: float = 0.0
    counted: int = 0
    gone: int = 0
    left: int = 0

    def __add__(self, other: "Subtracted") -> "Subtracted":
        """Return the sum of two layers."""
        return Subtracted(
            self.total + other.total, self.lost + other.lost, self.counted + other.counted,
            self.gone + other.gone, self.left + other.left,
        )  # fmt: skip

    def words(self, unit: str) -> str:
        """Say the sum, and what is and is not in it; empty where there is nothing to say."""
        said = _("sum {sum}", sum=number(self.total, 3, unit)) if self.counted else ""
        if self.gone:
            said = noted(
                said,
                _("{sum} of it is of {count} elements that only A has",
                  sum=number(self.lost, 3, unit), count=number(self.gone)),
            )  # fmt: skip
        return noted(said, self.left_words())

    def left_words(self) -> str:
        """Say how many elements are not in the sum, and why; empty where there are none."""
        if not self.left:
            return ""
        return _("left out: {count} with a value on one side only", count=number(self.left))


def subtracted(b: Side, a: Side) -> Subtracted:
    """Return what all differences of two pictures in one unit add up to.

    Parameters
    ----------
    b, a
        What is looked at, and what is subtracted from it; elements match by their ids.
    """
    unit = b[0][1]
    sides = [{one.layer: (one.values.astype(np.float64), known)
              for one, known in ((painted[0][k], known) for k, known in carrying(painted[0], unit))}
             for painted, _layers in (b, a)]  # fmt: skip
    found = Subtracted()
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        found += _of_layer((sides[0].get(key), b[1].get(key)), (sides[1].get(key), a[1].get(key)))
    return found


_Half = tuple[tuple[_Values, _Known] | None, Layer | None]


def _of_layer(b: _Half, a: _Half) -> Subtracted:
    (mine, known), (other, there) = _filled(b), _filled(a)
    rows = _rows(b[1], a[1], len(mine))
    both = rows >= 0
    here, has = known[both], there[rows[both]]
    pair = here & has
    less = (mine[both] - other[rows[both]])[pair].sum() + mine[~both & known].sum()
    gone = there.copy()
    gone[rows[both]] = False
    lost = -float(other[gone].sum())
    counted = int(pair.sum()) + int((~both & known).sum()) + int(gone.sum())
    return Subtracted(float(less) + lost, lost, counted, int(gone.sum()), int((here ^ has).sum()))


def _filled(half: _Half) -> tuple[_Values, _Known]:
    """Return values of all elements of a layer, none of them known where nothing is said of it."""
    values, layer = half
    count = 0 if layer is None else len(layer)
    return values or (np.zeros(count), np.zeros(count, np.bool_))


def _rows(b: Layer | None, a: Layer | None, count: int) -> npt.NDArray[np.int64]:
    """Return the row in A of each element of B; -1 where it has none."""
    if b is None or a is None:
        return np.full(count, -1, np.int64)
    return np.arange(count) if a is b else a.rows(b.ids)
