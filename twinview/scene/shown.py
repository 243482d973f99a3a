"""The shown quantity of a layer at the instant: what the map's colours stand for, as numbers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin
from twinview.scene.paint import Paint, State
from twinview.scene.painting import NOTHING, Beside
from twinview.scene.parts import has_value
from twinview.scene.private import grouped
from twinview.scene.resolve import spoken
from twinview.scene.view import View

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Shown:
    """One number for each element of a layer.

    Parameters
    ----------
    layer
        Id of the layer.
    quantity, unit
        What the numbers are; an empty quantity where the overlay says nothing about the layer.
    values
        Shape (n,), NaN where there is none.
    states
        Shape (n,), of `State`.
    over
        How values of a window were brought together, in words; empty for an instant.
    grouped
        Shape (n,), bool: single dwellings, whose numbers are the means of their groups.
    withheld
        Shape (n,), bool: elements that have a number, but keep it back.
    """

    layer: str
    quantity: str
    unit: str
    values: Floats
    states: npt.NDArray[np.uint8]
    grouped: Bools
    withheld: Bools
    over: str = ""

    @property
    def known(self) -> Bools:
        """Which elements have a number."""
        return has_value(self.states) & np.isfinite(self.values)

    @property
    def head(self) -> tuple[str, str]:
        """Quantity and unit."""
        return self.quantity, self.unit

    @property
    def sums(self) -> bool:
        """Whether the values of several elements add up."""
        known = quantities().get(self.quantity)
        return known is not None and known.sums


def shown(twin: Twin, view: View, layer: Layer, beside: Beside = NOTHING) -> Shown:
    """Return what the view's overlay says of each element of a layer, as on the map.

    Parameters
    ----------
    twin, view, layer
        The district, what is wanted, and the layer.
    beside
        Styles, and the cases that a difference may be taken from.
    """
    _through, (painted, _legend) = spoken(twin, view, beside)
    found = next((one for one in painted if one.layer == layer.id), None)
    return of_paint(twin, layer, found)


def of_paint(twin: Twin, layer: Layer, paint: Paint | None) -> Shown:
    """Return the numbers of a layer's paint; nothing where it has none."""
    n = len(layer)
    if paint is None or not paint.quantity:
        nothing = np.full(n, np.nan, dtype=np.float32)
        none, plain = np.zeros(n, np.bool_), np.full(n, State.PLAIN, np.uint8)
        return Shown(layer.id, "", "", nothing, plain, none, none)
    # A line that is drawn by its power has its own colour, but a number all the same.
    states = np.where(
        (paint.state == State.PLAIN) & np.isfinite(paint.values), State.VALUE, paint.state
    ).astype(np.uint8)
    together = grouped(twin, layer, paint.quantity)
    kept = np.zeros(n, np.bool_) if paint.withheld is None else paint.withheld
    return Shown(
        layer.id, paint.quantity, paint.unit, paint.values, states, together, kept, paint.over
    )
