"""Filters of layers: which elements are left out of picture, legend and numbers of the layer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin
from twinview.scene.aggregation import on_the_way, seen
from twinview.scene.expressions import Floats
from twinview.scene.filtering import fitting, names
from twinview.scene.layering import PLAIN, LayerChoice
from twinview.scene.overlay import Painted
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.parts import counted, has_value, row
from twinview.scene.selecting import rows_of
from twinview.scene.view import View

Bools = npt.NDArray[np.bool_]
VALUE = "value"
"""Name of the shown quantity in expressions."""
SELECTED = "selected"
EVERY = "all"
"""What of a layer is meant, in place of one element."""
"""Name of what is selected in expressions."""


@dataclass(frozen=True, eq=False)
class Sifted:
    """What a filter makes of a layer.

    Parameters
    ----------
    out
        Shape (n,): which elements are left out; none where the filter cannot be used.
    error
        Why it cannot be used; empty where it can.
    """

    out: Bools
    error: str = ""


def further(
    twin: Twin, view: View, layer: Layer, value: Callable[[], Floats]
) -> Mapping[str, Callable[[], Floats]]:
    """Return makers of the columns that expressions may name besides the layer's own.

    ``value`` is the shown quantity, any quantity that the layer has is itself at the instant, and
    ``selected`` is 1 for what is selected.

    Parameters
    ----------
    twin, view, layer
        The district, the instant, and the layer that is asked.
    value
        Makes the shown quantity, NaN where it is not known.
    """

    def chosen() -> Floats:
        marked = np.zeros(len(layer))
        marked[rows_of(twin.layers, view.selection).get(layer.id, np.empty(0, np.int64))] = 1.0
        return marked

    def quantity(name: str) -> Callable[[], Floats]:
        def made() -> Floats:
            values, _states = row(on_the_way(seen(twin, view), view), layer, name, view)
            return values.astype(np.float64)

        return made

    return {VALUE: value, SELECTED: chosen} | {one: quantity(one) for one in timed(twin, layer)}


def timed(twin: Twin, layer: Layer) -> set[str]:
    """Return the quantities that a layer has series of."""
    return {q for owner, q, _case in twin.series if owner == layer.id and q in quantities()}


def known_values(layer: Layer, paint: Paint | None) -> Floats:
    """Return the shown quantity of each element, NaN where it is not known."""
    if paint is None or not paint.quantity:
        return np.full(len(layer), np.nan)
    # A line that is drawn by its power has its own colour, but a number all the same.
    known = has_value(paint.state) | (paint.state == State.PLAIN)
    return np.where(known, paint.values, np.nan)


def sift(twin: Twin, view: View, layer: Layer, text: str, paint: Paint | None) -> Sifted:
    """Return what a filter leaves out of a layer.

    Parameters
    ----------
    twin, view, layer
        The district, the instant, and the layer.
    text
        The filter.
    paint
        What the overlay says of the layer; None for nothing.
    """
    if not changing(twin, layer, text):
        return _lasting(layer, text)
    more = further(twin, view, layer, lambda: known_values(layer, paint))
    return _sifted(layer, text, more)


def changing(twin: Twin, layer: Layer, text: str) -> bool:
    """Tell whether a filter asks for something that is not always the same."""
    asked = names(text)
    return bool(asked & {VALUE, SELECTED}) or bool(asked and asked & timed(twin, layer))


def _sifted(layer: Layer, text: str, more: Mapping[str, Callable[[], Floats]]) -> Sifted:
    try:
        return Sifted(~fitting(layer, text, more))
    except CommandError as error:  # the data are others than when it was written
        return Sifted(np.zeros(len(layer), np.bool_), str(error))


@lru_cache(maxsize=64)
def _lasting(layer: Layer, text: str) -> Sifted:
    """Return what a filter leaves out that asks for nothing that changes with time."""
    return _sifted(layer, text, {})


def thinned(
    twin: Twin,
    view: View,
    painted: Painted,
    choices: Mapping[str, LayerChoice],
) -> Painted:
    """Return paints without values of the elements that filters leave out, and their legend.

    The legend counts neither those nor what hidden layers hold.

    Parameters
    ----------
    twin, view, painted
        The district, and what the overlay says of it at the instant.
    choices
        What is wanted of the layers, by id.
    """
    paints, legend = list(painted[0]), painted[1]
    counting = _counting(painted)
    for k, paint in enumerate(paints):
        wish = choices.get(paint.layer, PLAIN).filter
        layer = twin.layers.get(paint.layer)
        hidden = paint.layer in view.hidden
        if hidden and k < counting:
            legend = _without(legend, paint.state)
        if not wish or layer is None:
            continue
        out = sift(twin, view, layer, wish, paint).out
        if not hidden and k < counting:
            legend = _without(legend, paint.state[out])
        paints[k] = replace(
            paint,
            state=np.where(out, State.PLAIN, paint.state).astype(np.uint8),
            values=np.where(out, np.float32(np.nan), paint.values),
            out=out,
        )
    return paints, legend


def _counting(painted: Painted) -> int:
    """Return how many paints, of the first ones, are counted in the legend."""
    paints, legend = painted
    wanted, total = legend.shown + legend.missing, 0
    for k, one in enumerate(paints):
        if total == wanted:
            return k if total else 0
        total += len(one.state)
    return len(paints) if total == wanted else 0


def _without(legend: Legend, states: npt.NDArray[np.uint8]) -> Legend:
    """Return a legend that counts elements with some states no longer."""
    known, less = has_value(states), dict(counted(states))
    left = ((state, count - less.get(state, 0)) for state, count in legend.states)
    return replace(
        legend,
        shown=legend.shown - int(known.sum()),
        missing=legend.missing - int((~known).sum()),
        states=tuple((state, count) for state, count in left if count),
        whole=legend.whole or legend.shown + legend.missing,
    )


def without_out(
    rows: Mapping[str, npt.NDArray[np.int64]], paints: Sequence[Paint]
) -> Mapping[str, npt.NDArray[np.int64]]:
    """Return rows by layer without those that are left out; the same mapping where none is."""
    out = {one.layer: one.out for one in paints if one.out is not None}
    if not any(out[key][some].any() for key, some in rows.items() if key in out):
        return rows
    return {key: some[~out[key][some]] if key in out else some for key, some in rows.items()}
