"""What commands and panels ask of the selection: which layer is meant, and which elements fit."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin, consumers
from twinview.scene.expressions import Floats
from twinview.scene.filtering import fitting, names
from twinview.scene.layering import PLAIN
from twinview.scene.paint import Paint
from twinview.scene.resolve import spoken
from twinview.scene.shown import Shown, shown
from twinview.scene.sifting import VALUE, further, sift
from twinview.session.store import State

Bools = npt.NDArray[np.bool_]


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
    return shown(state.twin, state.view, layer, state.beside)


def matching(state: State, layer: Layer, text: str, now: Shown | None = None) -> Bools:
    """Return which elements of a layer fit a text (`twinview.scene.filtering`) and its filter.

    Besides the columns, ``value`` is the shown quantity, any quantity that the layer has is itself
    at the instant, and ``selected`` is 1 for what is selected.

    Parameters
    ----------
    state, layer, text
        What is open, which layer is asked, and what.
    now
        The shown quantity, where it is at hand.
    """
    return fitting(layer, text, _more(state, layer, now)) & within(state, layer)


def within(state: State, layer: Layer) -> Bools:
    """Return which elements of a layer its filter leaves, shape (n,); all without a filter."""
    text = state.project.layers.get(layer.id, PLAIN).filter
    if not text:
        return np.ones(len(layer), dtype=np.bool_)
    paint = unfiltered(state, layer) if VALUE in names(text) else None
    return ~sift(state.twin, state.view, layer, text, paint).out


def unfiltered(state: State, layer: Layer) -> Paint | None:
    """Return what the view says of a layer without any filter; None for nothing."""
    whole = replace(state.beside, layers={})
    _through, (paints, _legend) = spoken(state.twin, state.view, whole)
    return next((one for one in paints if one.layer == layer.id), None)


def _more(state: State, layer: Layer, now: Shown | None) -> Mapping[str, Callable[[], Floats]]:
    def value() -> Floats:
        found = now if now is not None else now_shown(state, layer)
        return np.where(found.known, found.values, np.nan)

    return further(state.twin, state.view, layer, value)


def split(state: State, text: str) -> tuple[Layer, str]:
    """Return layer and expression of ``LAYER: expression``, or of an expression alone."""
    before, colon, after = text.partition(":")
    if colon and before.strip() in state.twin.layers:
        return state.twin.layers[before.strip()], after.strip()
    return layer_meant(state), text.strip()
