"""What commands and panels ask of the selection: which layer is meant, and which elements fit."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin, consumers
from twinview.scene.aggregation import on_the_way, seen
from twinview.scene.filtering import Floats, fitting
from twinview.scene.parts import row
from twinview.scene.private import withheld
from twinview.scene.selecting import rows_of
from twinview.scene.shown import Shown, shown
from twinview.session.store import State

Bools = npt.NDArray[np.bool_]
VALUE = "value"
"""Name of the shown quantity in expressions."""
SELECTED = "selected"
"""Name of what is selected in expressions."""


def layer_named(twin: Twin, id_: str) -> Layer:
    """Return a layer by its id.

    Raises
    ------
    CommandError
        There is none.
    """
    if id_ not in twin.layers:
        raise CommandError(
            _("There is no layer '{id}'; there are {known}.", id=id_, known=", ".join(twin.layers))
        )
    return twin.layers[id_]


def layer_meant(state: State, id_: str = "") -> Layer:
    """Return the layer that is named, else that of the last selected element, else the consumers'.

    Raises
    ------
    CommandError
        There is none.
    """
    if id_:
        return layer_named(state.twin, id_)
    for layer_id, _element in reversed(state.view.selection):
        if layer_id in state.twin.layers:
            return state.twin.layers[layer_id]
    found = [*consumers(state.twin), *state.twin.layers.values()]
    if not found:
        raise CommandError(_("Nothing is open yet."))
    return found[0]


def now_shown(state: State, layer: Layer) -> Shown:
    """Return the shown quantity of a layer at the view's instant."""
    return shown(state.twin, state.view, layer, state.project.private_group, state.beside)


def matching(state: State, layer: Layer, text: str, now: Shown | None = None) -> Bools:
    """Return which elements of a layer fit a text (`twinview.scene.filtering`).

    Besides the columns, ``value`` is the shown quantity, any quantity that the layer has is itself
    at the instant, and ``selected`` is 1 for what is selected. Values of single dwellings count as
    missing where they are private: a comparison would tell them.

    Parameters
    ----------
    state, layer, text
        What is open, which layer is asked, and what.
    now
        The shown quantity, where it is at hand.
    """
    return fitting(layer, text, _more(state, layer, now))


def _more(state: State, layer: Layer, now: Shown | None) -> Mapping[str, Callable[[], Floats]]:
    twin, view = state.twin, state.view
    through = on_the_way(seen(twin, view), view)

    def value() -> Floats:
        found = now if now is not None else now_shown(state, layer)
        return np.where(found.known, found.open, np.nan)

    def chosen() -> Floats:
        marked = np.zeros(len(layer))
        marked[rows_of(twin.layers, view.selection).get(layer.id, np.empty(0, np.int64))] = 1.0
        return marked

    def quantity(name: str) -> Callable[[], Floats]:
        def made() -> Floats:
            values, _states = row(through, layer, name, view)
            private = withheld(twin, layer, name, state.project.private_group)
            return np.where(private, np.nan, values)

        return made

    held = {q for owner, q, _case in twin.series if owner == layer.id and q in quantities()}
    return {VALUE: value, SELECTED: chosen} | {one: quantity(one) for one in held}


def split(state: State, text: str) -> tuple[Layer, str]:
    """Return layer and expression of ``LAYER: expression``, or of an expression alone."""
    before, colon, after = text.partition(":")
    if colon and before.strip() in state.twin.layers:
        return state.twin.layers[before.strip()], after.strip()
    return layer_meant(state), text.strip()
