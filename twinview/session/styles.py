"""The style of what is shown now: found, changed, and what its classes are made of."""

import json
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.attributes import OTHERS, words_of
from twinview.scene.classing import FEWEST, METHODS, MOST, breaks_of
from twinview.scene.dyeing import able, dye
from twinview.scene.overlay import Overlay, Painted
from twinview.scene.paint import Legend
from twinview.scene.painting import DIFFERENCE, dressed, sample, settled
from twinview.scene.resolve import choose, resolve
from twinview.scene.styling import CHOICES, Style, key_of
from twinview.scene.theme import is_colour
from twinview.scene.view import View
from twinview.session import layers
from twinview.session.project import Project
from twinview.session.selected import layer_named
from twinview.session.store import State

_FEW = 12
"""Words that a message lists."""


@dataclass(frozen=True, eq=False)
class Subject:
    """What a style is for.

    Parameters
    ----------
    key
        Under which the project keeps it.
    style
        As it is now; the plain one where the reader has chosen nothing.
    view, overlay
        What is shown.
    plain
        Paints and legend without a style.
    """

    key: str
    style: Style
    view: View
    overlay: Overlay
    plain: Painted

    @property
    def layer(self) -> str:
        """Id of the layer whose colours the legend explains first; empty without any."""
        paints = self.plain[0]
        return paints[0].layer if paints else ""


def subject(state: State, layer: str = "") -> Subject:
    """Return what a style would be for: what is shown now, or the column of a layer.

    Raises
    ------
    CommandError
        Where colours stand for nothing, or the layer is coloured by no column.
    """
    view = _showing(state, layer) if layer else state.view
    overlay = choose(state.twin, view.overlay)
    view = replace(view, time=min(max(view.time, 0), state.twin.time.count - 1))
    if overlay.id == DIFFERENCE:
        view = replace(view, against=settled(state.twin, view))
    paints, legend = dressed(state.twin, view, overlay, replace(state.beside, styles={}))
    if not legend.colours:
        raise CommandError(_("Nothing is coloured here that could have a style."))
    key = key_of(view, paints, overlay.id)
    style = state.project.styles.get(key, Style())
    return Subject(key, style, view, overlay, (paints, legend))


def _showing(state: State, layer: str) -> View:
    """Return a view that shows the column that a layer is coloured by."""
    known = layer_named(state.twin, layer)
    by = layers.choice(state.project, known.id).colour
    if not by or is_colour(by) or not able(known, by):
        raise CommandError(
            _("'{layer}' is coloured by no column; choose one with layer.colour.", layer=known.id)
        )
    return View(overlay="attribute", attribute=f"{known.id}.{by}", time=state.view.time,
                theme=state.view.theme)  # fmt: skip


def words_shown(state: State) -> tuple[str, ...]:
    """Return the words that what is shown has colours for; none where it shows numbers."""
    try:
        found = subject(state)
    except CommandError:
        return ()
    if not found.plain[1].nominal:
        return ()
    return words_of(state.twin.layers[found.layer], found.plain[0][0].quantity)


def coloured_layers(state: State) -> dict[str, str]:
    """Return the layers of the panel that are coloured by a column, and by which."""
    wanted = {one.id: layers.choice(state.project, one.id).colour for one in layers.listed(state)}
    return {
        key: by
        for key, by in wanted.items()
        if by and not is_colour(by) and able(state.twin.layers[key], by)
    }


def legend_of(state: State, layer: str = "") -> Legend:
    """Return the legend of what is shown, or of a layer's own colours."""
    if not layer:
        return resolve(state.twin, state.view, state.beside).legend
    found, own = subject(state, layer), layers.choice(state.project, layer).colour
    style = state.project.styles.get(found.key)
    made = dye(state.twin.layers[layer], own, style, state.view.theme)
    return found.plain[1] if made is None else made.legend


def seen_by_itself(state: State, layer: str) -> bool:
    """Tell whether a layer is seen in its own colours now."""
    return any(one.layer == layer for one in legend_of(state).more)


def kept(state: State, found: Subject, style: Style) -> Project:
    """Return the project with a style for what is shown; the plain one is not written down."""
    styles = {key: one for key, one in state.project.styles.items() if key != found.key}
    if style != Style():
        styles[found.key] = style
    return state.project.model_copy(update={"styles": styles})


def copied(state: State, layer: str = "") -> str:
    """Return the style of what is shown as text, with opacity and labels of its layer.

    Of a layer that is named it is that of its own colours, with what they are by. A filter is no
    style: it says what is looked at, not how.

    Raises
    ------
    CommandError
        Where colours stand for nothing.
    """
    own = layers.choice(state.project, layer).colour if layer else ""
    found = None if layer and (not own or is_colour(own)) else subject(state, layer)
    wish = layers.choice(state.project, layer if found is None else found.layer)
    said = {"opacity": wish.opacity, "labels": wish.labels} | ({"colour": own} if layer else {})
    style = Style() if found is None else found.style
    return json.dumps({**style.model_dump(mode="json"), "layer": said}, ensure_ascii=False)


def taken(state: State, text: str, layer: str = "") -> Project:
    """Return the project with a copied style for what is shown, and its layer's opacity and labels.

    A layer that is named takes the style for its own colours, and what they are by. Labels and
    columns that the layer cannot have are left out.

    Raises
    ------
    CommandError
        The text is no style.
    """
    wanted = json.loads(text)
    said = wanted.pop("layer", None) if isinstance(wanted, dict) else None
    style = checked(wanted)
    if isinstance(said, dict):
        target = layer or subject(state).layer
        wishes = _fitting(state, target, said, bool(layer)) if target else {}
        state = replace(state, project=layers.changed(state, target, **wishes)) if wishes else state
    if layer and style == Style() and _plain(state, layer):
        return state.project
    return kept(state, subject(state, layer), style)


def _plain(state: State, layer: str) -> bool:
    """Tell whether a layer has the colours of its kind, or one."""
    own = layers.choice(state.project, layer).colour
    return not own or is_colour(own)


def _fitting(state: State, layer: str, said: dict[str, Any], coloured: bool) -> dict[str, Any]:
    """Return what a layer can have of what was copied with a style."""
    share, labels, own = said.get("opacity"), str(said.get("labels", "")), said.get("colour")
    more: dict[str, Any] = {}
    if not labels or layers.fits_labels(state, layer, labels):
        more["labels"] = labels
    if isinstance(share, int | float) and 0 <= share <= 1:
        more["opacity"] = share
    known = layer_named(state.twin, layer)
    if coloured and isinstance(own, str) and (not own or able(known, own)):
        more["colour"] = own
    return more


def changed(state: State, layer: str = "", **wanted: Any) -> Project:
    """Return the project with some choices of a style of numbers made otherwise."""
    found = subject(state, layer)
    if found.plain[1].nominal:
        raise CommandError(
            _("Colours stand for names here; style.word gives each a colour of its own.")
        )
    if {"limits", "breaks"} & wanted.keys():
        # Limits and breaks of another unit say nothing in this one.
        other = found.style.unit not in {"", found.plain[1].unit}
        lost = {"limits": None, "breaks": ()} if other else {}
        wanted = {**lost, **wanted, "unit": found.plain[1].unit}
    return kept(state, found, checked({**found.style.model_dump(), **wanted}))


def checked(wanted: Any) -> Style:
    """Return a style, or raise CommandError that says what is wrong with it."""
    try:
        style = Style.model_validate(wanted)
    except ValidationError as error:
        why = error.errors()[0]
        said = str(why.get("ctx", {}).get("error", why["msg"]))
        raise CommandError(_("This is no style: {why}.", why=said)) from error
    if style.ramp and style.ramp not in CHOICES:
        raise CommandError(
            _(
                "There are no colours '{name}'; there are {known}.",
                name=style.ramp,
                known=", ".join(CHOICES),
            )
        )
    return style


def word_coloured(state: State, name: str, colour: str, layer: str = "") -> Project:
    """Return the project with another colour for a word, or the usual one again.

    Parameters
    ----------
    state
        What is open.
    name
        As the data have it, or `twinview.scene.attributes.OTHERS`.
    colour
        ``#rrggbb``; empty for the usual one.
    layer
        Whose own colours are meant; empty for those of what is shown.

    Raises
    ------
    CommandError
        There is no such word, or colours stand for numbers.
    """
    found = subject(state, layer)
    paint = found.plain[0][0]
    if not found.plain[1].nominal:
        raise CommandError(_("Colours stand for numbers here, not for words."))
    known = (*words_of(state.twin.layers[paint.layer], paint.quantity), OTHERS)
    if name not in known:
        some = ", ".join([*known[:_FEW], *["..."] * (len(known) > _FEW + 1)])
        raise CommandError(_("There is no word '{name}'; there are {known}.", name=name,
                             known=some))  # fmt: skip
    others = [pair for pair in found.style.words if pair[0] != name]
    words = [*others, (name, colour.lower())] if colour else others
    return kept(state, found, checked({**found.style.model_dump(), "words": words}))


def classed(state: State, method: str, count: int, layer: str = "") -> Project:
    """Return the project with the shown values in classes of a method, whose breaks then stay.

    The breaks come from values of the whole span of time, so they hold while time runs.
    """
    known = [one for one in METHODS if one]
    if method not in {"", "none", *known}:
        raise CommandError(
            _("There is no method '{name}'; there are none, {known}.", name=method,
              known=", ".join(known))
        )  # fmt: skip
    if not FEWEST <= count <= MOST:
        raise CommandError(_("There are {few} to {most} classes, not {count}.", few=FEWEST,
                             most=MOST, count=count))  # fmt: skip
    if method in {"", "none"}:
        return changed(state, layer, method="", breaks=())
    found = subject(state, layer)
    if method == "manual" and found.style.breaks:
        return changed(state, layer, method=method)
    values = sample(state.twin, found.view, found.overlay, state.beside)
    limits = found.style.limits or found.plain[1].limits
    breaks = breaks_of(values, "equal" if method == "manual" else method, count, limits)  # type: ignore[arg-type]
    if not breaks:
        raise CommandError(_("All values are the same; there is nothing to put into classes."))
    count = len(breaks) + 1 if method == "manual" else count
    return changed(state, layer, method=method, count=count, breaks=breaks)
