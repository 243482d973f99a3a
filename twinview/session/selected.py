"""What commands and panels ask of the selection: which layer is meant, and which elements fit."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin, consumers
from twinview.scene.expressions import Floats
from twinview.scene.filtering import fitting, names
from twinview.scene.layering import PLAIN, unseen
from twinview.scene.numbers import number
from twinview.scene.paint import Paint
from twinview.scene.resolve import spoken
from twinview.scene.selecting import Rows, rows_of
from twinview.scene.shown import Shown, shown
from twinview.scene.sifting import VALUE, changing, further, sift
from twinview.session.store import State

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Chosen:
    """What of the selection is seen, and so counts; the selection itself holds the rest too.

    Parameters
    ----------
    rows
        Of the selected elements that are seen, by layer, in the order of selecting.
    filtered, hidden
        Selected elements that filters leave out, and those of layers that are not shown.
    """

    rows: Mapping[str, Rows]
    filtered: int = 0
    hidden: int = 0

    @property
    def seen(self) -> int:
        """How many count."""
        return sum(map(len, self.rows.values()))

    @property
    def words(self) -> tuple[str, ...]:
        """What does not count, and why."""
        filtered = _("{count} hidden by the filter", count=number(self.filtered))
        hidden = _("{count} in hidden layers", count=number(self.hidden))
        said = ((self.filtered, filtered), (self.hidden, hidden))
        return tuple(text for count, text in said if count)


def chosen(state: State, layer_id: str = "") -> Chosen:
    """Return what of the selection counts: of all layers, or of one."""
    found, dark = rows_of(state.twin.layers, state.view.selection), dark_layers(state)
    rows, filtered, hidden = {}, 0, 0
    for key, some in found.items():
        if layer_id not in {"", key}:
            continue
        if key in dark:
            hidden += len(some)
            continue
        filter_ = state.project.layers.get(key, PLAIN).filter
        kept = some[within(state, state.twin.layers[key])[some]] if filter_ else some
        filtered += len(some) - len(kept)
        if len(kept):
            rows[key] = kept
    return Chosen(rows, filtered, hidden)


def unseen_words(found: Chosen) -> str:
    """Say that nothing of what is selected counts, and why."""
    return _("Nothing that is selected is seen: {why}.", why=", ".join(found.words))


def dark_layers(state: State) -> frozenset[str]:
    """Return the layers of which nothing is seen."""
    return unseen(state.view.hidden, state.project.layers)


def sieve(state: State) -> tuple[Hashable, Hashable, Hashable]:
    """Return what decides which of the selected elements count: equal where that is the same.

    The filters, the layers that are not shown, and the instant where a filter asks for it.
    """
    wishes = [(key, one.filter) for key, one in state.project.layers.items() if one.filter]
    layers, view = state.twin.layers, state.view
    moves = any(key in layers and changing(state.twin, layers[key], text) for key, text in wishes)
    instant = (view.time, view.between, view.overlay, view.window) if moves else ()
    return tuple(wishes), dark_layers(state), instant


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

    A layer that is not shown is meant only where nothing of another one is selected.

    Raises
    ------
    CommandError
        There is none.
    """
    if id_:
        return layer_named(state.twin, id_)
    dark = dark_layers(state)
    for barred in (dark, frozenset[str]()) if dark else (dark,):
        for layer_id, _element in reversed(state.view.selection):
            if layer_id in state.twin.layers and layer_id not in barred:
                return state.twin.layers[layer_id]
    found = [*consumers(state.twin), *state.twin.layers.values()]
    if not found:
        raise CommandError(_("Nothing is open yet."))
    return found[0]


def now_shown(state: State, layer: Layer) -> Shown:
    """Return the shown quantity of a layer at the view's instant."""
    return shown(state.twin, state.view, layer, state.beside)


def mapped(state: State, layer: Layer) -> Shown:
    """Return what the map shows of a layer that is to be counted.

    Raises
    ------
    CommandError
        The layer is not shown, or the overlay says nothing of it.
    """
    must_be_shown(state, layer)
    now = now_shown(state, layer)
    if not now.quantity:
        raise CommandError(_("The map shows nothing of '{layer}'.", layer=_(layer.title)))
    return now


def must_be_shown(state: State, layer: Layer) -> None:
    """Refuse to count what a layer holds that is not shown.

    Raises
    ------
    CommandError
        It is not.
    """
    if layer.id in dark_layers(state):
        raise CommandError(
            _("'{layer}' is hidden, and what is hidden is not counted. Show the layer first.",
              layer=_(layer.title))
        )  # fmt: skip


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
