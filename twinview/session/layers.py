"""What the project keeps of layers: their order, and what is wanted of each."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin
from twinview.scene import labelling
from twinview.scene.attributes import choices
from twinview.scene.dyeing import able
from twinview.scene.expressions import Floats, Unreadable
from twinview.scene.filtering import fitting, names
from twinview.scene.layering import PLAIN, LayerChoice, drawn_layers, ordered
from twinview.scene.sifting import further, known_values
from twinview.scene.theme import is_colour
from twinview.session.project import Project
from twinview.session.selected import layer_named, unfiltered
from twinview.session.store import State

NONE = "none"
"""Word of the command line for no filter, no labels and no colours of its own."""


def listed(state: State) -> list[Layer]:
    """Return the layers of the panel, the topmost first: drawn ones that are not removed."""
    layers, project = state.twin.layers, state.project
    known = drawn_layers(layers[one] for one in ordered(layers, project.order))
    return [one for one in known if not choice(project, one.id).removed]


def choice(project: Project, layer: str) -> LayerChoice:
    """Return what is wanted of a layer."""
    return project.layers.get(layer, PLAIN)


def changed(state: State, layer: str, **wanted: Any) -> Project:
    """Return the project with other wishes for a layer; plain ones are not written down.

    Raises
    ------
    CommandError
        There is no such layer.
    """
    known = layer_named(state.twin, layer)
    made = choice(state.project, known.id).model_copy(update=wanted)
    others = {key: one for key, one in state.project.layers.items() if key != known.id}
    kept = others if made == PLAIN else {**others, known.id: made}
    return state.project.model_copy(update={"layers": kept})


# ----------------------------------------------------------------------------------------- order
def stepped(state: State, layer: str, by: int) -> Project:
    """Return the project with a layer so many places lower (above 0) or higher in the panel."""
    place = _panel(state).index(_seen(state, layer))
    return placed(state, layer, place + by)


def placed(state: State, layer: str, place: int) -> Project:
    """Return the project with a layer at a place of the panel, 0 on top; its ends are ends."""
    shown, moved = _panel(state), _seen(state, layer)
    rest = [one for one in shown if one != moved]
    place = min(max(place, 0), len(rest))
    wanted = [*rest[:place], moved, *rest[place:]]
    # Layers without a row keep their places between those that have one.
    names_, rows = ordered(state.twin.layers, state.project.order), iter(wanted)
    order = tuple(next(rows) if one in shown else one for one in names_)
    if list(order) == ordered(state.twin.layers, ()):
        order = ()
    return state.project.model_copy(update={"order": order})


def _panel(state: State) -> list[str]:
    return [one.id for one in listed(state)]


def _seen(state: State, layer: str) -> str:
    known = layer_named(state.twin, layer)
    if known.id not in _panel(state):
        raise CommandError(_("The layer '{layer}' is not drawn; it has no place.", layer=known.id))
    return known.id


# ---------------------------------------------------------------------------------------- filters
@dataclass(frozen=True)
class Trial:
    """What a filter would do.

    Parameters
    ----------
    shown, count
        Elements that fit, and all of the layer.
    error
        Why it cannot be used; empty where it can.
    at
        Place of the first letter that is wrong, from 0; -1 where it is no letter.
    remedy
        What to do about it; empty where nothing is known.
    """

    shown: int
    count: int
    error: str = ""
    at: int = -1
    remedy: str = ""


def trial(state: State, layer: Layer, text: str) -> Trial:
    """Return what a filter would leave of a layer at the view's instant, or what is wrong with it.

    Parameters
    ----------
    state, layer, text
        What is open, and which filter of which layer.
    """
    twin, view = state.twin, state.view

    def value() -> Floats:
        return known_values(layer, unfiltered(state, layer))

    more = further(twin, view, layer, value)
    try:
        fits = fitting(layer, text, more)
    except Unreadable as error:
        remedy = _remedy([*more, *layer.attributes.column_names], text, error)
        return Trial(len(layer), len(layer), error.brief, error.at, remedy)
    except CommandError as error:
        return Trial(len(layer), len(layer), str(error))
    return Trial(int(np.count_nonzero(fits)), len(layer))


def _remedy(known: Sequence[str], text: str, error: Unreadable) -> str:
    """Return what to write instead of what cannot be read."""
    strange = sorted(one for one in names(text) - {*known} if text.find(one) in _around(error.at))
    near = difflib.get_close_matches(strange[0], known, n=1, cutoff=0.5) if strange else []
    if near:
        return _("Did you mean {name}?", name=near[0])
    return _('Write for example: height_m > 20 and use == "office".')


def _around(at: int) -> range:
    return range(at, at + 2)  # one further where it stands in backticks


def filtered(state: State, layer: str, text: str) -> Project:
    """Return the project with a filter for a layer; nothing, or the word none, shows all of it.

    Raises
    ------
    CommandError
        The filter cannot be read.
    """
    known = layer_named(state.twin, layer)
    text = _meant(text)
    found = trial(state, known, text)
    if found.error:
        place = _("Letter {place}: ", place=found.at + 1) if found.at >= 0 else ""
        raise CommandError(f"{place}{found.error}. {found.remedy}".strip())
    return changed(state, known.id, filter=text)


def offered_names(twin: Twin, layer: Layer) -> list[str]:
    """Return the names that filters and labels of a layer may be made of."""
    return labelling.choices(twin, layer)


def _meant(wanted: str) -> str:
    """Return what somebody wrote, empty for the word that takes something away."""
    text = wanted.strip()
    return "" if text.lower() == NONE else text


# ----------------------------------------------------------------------------------------- labels
def labelled(state: State, layer: str, wanted: str) -> Project:
    """Return the project with labels for a layer; the word none takes them away.

    Raises
    ------
    CommandError
        The layer has no such column.
    """
    known = layer_named(state.twin, layer)
    wanted = _meant(wanted)
    if wanted:
        labelling.check(state.twin, known, wanted)
    return changed(state, known.id, labels=wanted)


def coloured(state: State, layer: str, wanted: str) -> Project:
    """Return the project with a layer coloured by a column, or in one colour; none for its kind's.

    Raises
    ------
    CommandError
        The layer has no such column.
    """
    known = layer_named(state.twin, layer)
    wanted = _meant(wanted)
    if wanted and not able(known, wanted):
        raise CommandError(
            _("'{wanted}' is neither a colour such as #4477aa nor a column of '{layer}': {known}.",
              wanted=wanted, layer=known.id, known=", ".join(choices(known)) or _("none yet"))
        )  # fmt: skip
    return changed(state, known.id, colour=wanted.lower() if is_colour(wanted) else wanted)


def fits_labels(state: State, layer: str, wanted: str) -> bool:
    """Tell whether labels of a layer can be made of what is wanted."""
    try:
        labelling.check(state.twin, layer_named(state.twin, layer), wanted)
    except CommandError:
        return False
    return True
