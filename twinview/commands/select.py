"""Select elements."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer
from twinview.scene.resolve import spoken
from twinview.scene.selecting import Selection, pairs, rows_named, rows_of
from twinview.scene.view import View
from twinview.session.command import command
from twinview.session.selected import (
    layer_meant,
    layer_named,
    matching,
    now_shown,
    split,
    within,
)
from twinview.session.store import Session, State

MENU = N_("Select")
HOWS = ("only", "add", "remove")


def _known(session: Session, layer: str, element: str) -> tuple[str, str]:
    found = session.state.twin.layers.get(layer)
    if found is None or element not in found.row_of:
        raise CommandError(
            _("There is no element '{element}' in '{layer}'.", element=element, layer=layer)
        )
    return layer, element


@command("select.only", N_("Select an element"))
def only(session: Session, layer: str, element: str) -> View:
    """Select one element and nothing else."""
    return replace(session.state.view, selection=(_known(session, layer, element),))


@command("select.add", N_("Add to the selection"))
def add(session: Session, layer: str, element: str) -> View:
    """Add an element to the selection, or take it out again."""
    one, now = _known(session, layer, element), session.state.view.selection
    kept = tuple(other for other in now if other != one)
    return replace(session.state.view, selection=kept if one in now else (*now, one))


@command("select.these", N_("Select several elements"))
def these(session: Session, how: str, *layer_and_element: str) -> View:
    """Select elements (only), add them (add) or take them out (remove), named in pairs of layer
    and element.
    """
    if how not in HOWS or len(layer_and_element) % 2:
        raise CommandError(
            _("Write only, add or remove, and then a layer and an element again and again.")
        )
    wanted = tuple(zip(layer_and_element[::2], layer_and_element[1::2], strict=True))
    for layer_id in dict.fromkeys(layer_and_element[::2]):
        layer = layer_named(session.state.twin, layer_id)
        ids = [element for owner, element in wanted if owner == layer_id]
        gone = np.flatnonzero(rows_named(layer, ids) < 0)
        if gone.size:
            _known(session, layer_id, ids[int(gone[0])])
    return _taken(session.state, how, wanted)


def _taken(state: State, how: str, wanted: Selection) -> View:
    now = () if how == "only" else state.view.selection
    if how == "remove":
        gone = set(wanted)
        return replace(state.view, selection=tuple(one for one in now if one not in gone))
    # In the order of selecting, each once.
    return replace(state.view, selection=tuple(dict.fromkeys((*now, *wanted))))


@command("select.where", N_("By expression..."), menu=MENU, keys="Ctrl+F", icon="fa6s.filter")
def where(session: Session, expression: str) -> View:
    """Select what fits an expression such as height_m > 20 and use == "office"; a layer may stand
    before it, as in buildings: value > 100, where value is what the map shows.
    """
    layer, text = split(session.state, expression)
    if not text:
        raise CommandError(_("Write what to look for."))
    found = np.flatnonzero(matching(session.state, layer, text))
    if not found.size:
        raise CommandError(_("Nothing in '{layer}' fits '{text}'.", layer=layer.id, text=text))
    return replace(session.state.view, selection=pairs(layer, found))


@command("select.all", N_("All of the layer"), menu=MENU, keys="Ctrl+A")
def all_(session: Session, layer: str = "") -> View:
    """Select all elements of a layer; without one, of the layer of the last selected element."""
    meant = layer_meant(session.state, layer)
    rows = np.flatnonzero(within(session.state, meant))
    return replace(session.state.view, selection=pairs(meant, rows))


@command("select.invert", N_("The others instead"), menu=MENU, keys="Ctrl+I")
def invert(session: Session) -> View:
    """Select what is not selected in the layers of the selection, and nothing else."""
    state = session.state
    now = rows_of(state.twin.layers, state.view.selection)
    layers = [state.twin.layers[one] for one in now] or [layer_meant(state)]
    selection: Selection = ()
    for layer in layers:
        free = within(state, layer)
        free[now.get(layer.id, np.empty(0, np.int64))] = False
        selection += pairs(layer, np.flatnonzero(free))
    return replace(state.view, selection=selection)


@command("select.same", N_("The same class"), menu=MENU, keys="Ctrl+E")
def same(session: Session, column: str = "") -> View:
    """Select what has the same value in a column as the last selected element; without a column,
    what stands in the same class of the legend, or between the same two marks of it.
    """
    state = session.state
    if not state.view.selection:
        raise CommandError(_("Select an element first."))
    layer_id, element = state.view.selection[-1]
    layer = layer_named(state.twin, layer_id)
    _known(session, layer_id, element)
    one = layer.row_of[element]
    alike = _alike(layer, one, column) if column else _same_class(state, layer, one)
    return replace(state.view, selection=pairs(layer, np.flatnonzero(alike)))


def _alike(layer: Layer, one: int, column: str) -> npt.NDArray[np.bool_]:
    if not layer.has(column):
        raise CommandError(
            _("The layer '{layer}' has no column '{column}'.", layer=layer.id, column=column)
        )
    values = layer.column(column)
    return np.array([value == values[one] for value in values], dtype=np.bool_)


def _same_class(state: State, layer: Layer, one: int) -> npt.NDArray[np.bool_]:
    _through, (painted, legend) = spoken(state.twin, state.view, state.beside)
    paint = next((found for found in painted if found.layer == layer.id), None)
    if paint is None or not (legend.classes or paint.unit == legend.unit):
        raise CommandError(
            _("The legend says nothing of '{layer}'; name a column.", layer=layer.id)
        )
    now = now_shown(state, layer)
    if not now.known[one]:
        return np.asarray(now.states == now.states[one]) & ~now.known
    if legend.classes:
        alike = (paint.colour == paint.colour[one]).all(axis=1)
    else:
        places = np.searchsorted(np.array(legend.ticks), np.nan_to_num(now.values), side="right")
        alike = places == places[one]
    return np.asarray(alike & now.known)


@command("select.back", N_("Earlier selection"), menu=MENU, keys="Ctrl+Backspace")
def back(session: Session) -> View:
    """Select again what was selected before; undo is for edits, and leaves the selection alone."""
    if not session.trail.selection.can(-1):
        raise CommandError(_("There is no earlier selection."))
    return _again(session, -1)


@command("select.forward", N_("Later selection"), menu=MENU, keys="Ctrl+Shift+Backspace")
def forward(session: Session) -> View:
    """Select again what was selected after."""
    if not session.trail.selection.can(1):
        raise CommandError(_("There is no later selection."))
    return _again(session, 1)


def _again(session: Session, steps: int) -> View:
    """Return the view with a selection of the trail, as far as its elements are still there."""
    selection, layers = session.trail.selection.go(steps), session.state.twin.layers
    kept = tuple(one for one in selection if one[0] in layers and one[1] in layers[one[0]].row_of)
    return replace(session.state.view, selection=kept)


@command("select.clear", N_("Select nothing"), menu=MENU, keys="Esc")
def clear(session: Session) -> View:
    """Empty the selection."""
    return replace(session.state.view, selection=())
