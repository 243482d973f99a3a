"""The style of what is shown now: found, changed, and what its classes are made of."""

import json
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.scene.classing import FEWEST, METHODS, MOST, breaks_of
from twinview.scene.overlay import Overlay, Painted
from twinview.scene.painting import DIFFERENCE, dressed, sample, settled
from twinview.scene.resolve import choose
from twinview.scene.styling import CHOICES, Style, key_of
from twinview.scene.view import View
from twinview.session import layers
from twinview.session.project import Project
from twinview.session.store import State


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


def subject(state: State) -> Subject:
    """Return what a style would be for, of what is shown now.

    Raises
    ------
    CommandError
        Where colours stand for names, or for nothing.
    """
    overlay = choose(state.twin, state.view.overlay)
    view = state.view
    view = replace(view, time=min(max(view.time, 0), state.twin.time.count - 1))
    if overlay.id == DIFFERENCE:
        view = replace(view, against=settled(state.twin, view))
    paints, legend = dressed(state.twin, view, overlay, replace(state.beside, styles={}))
    if legend.nominal or not legend.colours:
        raise CommandError(_("Colours stand for names here; only those of numbers have a style."))
    key = key_of(view, paints, overlay.id)
    style = state.project.styles.get(key, Style())
    return Subject(key, style, view, overlay, (paints, legend))


def kept(state: State, found: Subject, style: Style) -> Project:
    """Return the project with a style for what is shown; the plain one is not written down."""
    styles = {key: one for key, one in state.project.styles.items() if key != found.key}
    if style != Style():
        styles[found.key] = style
    return state.project.model_copy(update={"styles": styles})


def copied(state: State) -> str:
    """Return the style of what is shown as text, with opacity and labels of its layer.

    A filter is no style: it says what is looked at, not how.

    Raises
    ------
    CommandError
        Where colours stand for names, or for nothing.
    """
    found = subject(state)
    wish = layers.choice(state.project, found.layer)
    said = {"opacity": wish.opacity, "labels": wish.labels}
    return json.dumps({**found.style.model_dump(mode="json"), "layer": said}, ensure_ascii=False)


def taken(state: State, text: str) -> Project:
    """Return the project with a copied style for what is shown, and its layer's opacity and labels.

    Labels that the layer cannot have are left out.

    Raises
    ------
    CommandError
        The text is no style.
    """
    wanted, found = json.loads(text), subject(state)
    said = wanted.pop("layer", None) if isinstance(wanted, dict) else None
    state = replace(state, project=kept(state, found, checked(wanted)))
    if isinstance(said, dict) and found.layer:
        share, labels = said.get("opacity"), str(said.get("labels", ""))
        able = not labels or layers.fits_labels(state, found.layer, labels)
        more: dict[str, Any] = {"labels": labels} if able else {}
        if isinstance(share, int | float) and 0 <= share <= 1:
            more["opacity"] = share
        return layers.changed(state, found.layer, **more)
    return state.project


def changed(state: State, **wanted: Any) -> Project:
    """Return the project with some choices of the style that is shown made otherwise."""
    found = subject(state)
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


def classed(state: State, method: str, count: int) -> Project:
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
        return changed(state, method="", breaks=())
    found = subject(state)
    if method == "manual" and found.style.breaks:
        return changed(state, method=method)
    values = sample(state.twin, found.view, found.overlay, state.beside)
    limits = found.style.limits or found.plain[1].limits
    breaks = breaks_of(values, "equal" if method == "manual" else method, count, limits)  # type: ignore[arg-type]
    if not breaks:
        raise CommandError(_("All values are the same; there is nothing to put into classes."))
    return changed(state, method=method, count=len(breaks) + 1 if method == "manual" else count,
                   breaks=breaks)  # fmt: skip
