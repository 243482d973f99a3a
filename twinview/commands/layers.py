"""Layers: which are shown, in which order, how clearly, which of their elements, with what labels.

Order, opacity, colours, filters and labels are kept in the project.
"""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.view import View
from twinview.session import layers
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session


@command("layer.toggle", N_("Show or hide a layer"), menu=N_("View"))
def toggle(session: Session, layer: str) -> View:
    """Show or hide a layer."""
    if layer not in session.state.twin.layers:
        raise CommandError(_("There is no layer '{id}'.", id=layer))
    return replace(session.state.view, hidden=session.state.view.hidden ^ {layer})


@command("layer.only", N_("Show only this layer"))
def only(session: Session, layer: str) -> View:
    """Hide all layers but one; a second time shows all again."""
    others = frozenset(session.state.twin.layers) - {layer}
    hidden = frozenset() if session.state.view.hidden == others else others
    return replace(session.state.view, hidden=hidden)


@command("layer.raise", N_("Raise a layer"))
def raise_(session: Session, layer: str) -> Project:
    """Put a layer one place higher: of what lies on the ground, the upper one covers the lower."""
    return layers.stepped(session.state, layer, -1)


@command("layer.lower", N_("Lower a layer"))
def lower(session: Session, layer: str) -> Project:
    """Put a layer one place lower: of what lies on the ground, the upper one covers the lower."""
    return layers.stepped(session.state, layer, 1)


@command("layer.place", N_("Move a layer"))
def place(session: Session, layer: str, position: int) -> Project:
    """Put a layer at a place of the list, 1 on top."""
    return layers.placed(session.state, layer, position - 1)


@command("layer.usual_order", N_("Usual order of the layers"))
def usual_order(session: Session) -> Project:
    """List points above lines, lines above bodies, and areas last."""
    return session.state.project.model_copy(update={"order": ()})


@command("layer.opacity", N_("Opacity of a layer..."))
def opacity(session: Session, layer: str, percent: float) -> Project:
    """Choose how clearly a layer is drawn: 100 hides what is behind, 0 does not draw it at all."""
    if not 0 <= percent <= 100:
        raise CommandError(_("The opacity is 0 to 100 %, not {value}.", value=percent))
    return layers.changed(session.state, layer, opacity=percent / 100)


@command("layer.filter", N_("Filter of a layer..."))
def filter_(session: Session, layer: str, expression: str) -> Project:
    """Draw, list and count only what fits, such as "height_m > 20"; none shows the whole layer."""
    return layers.filtered(session.state, layer, expression)


@command("layer.labels", N_("Labels of a layer..."))
def labels(session: Session, layer: str, column: str) -> Project:
    """Write a column beside each element, the shown value, or "{name}: {value}"; none for none."""
    return layers.labelled(session.state, layer, column)


@command("layer.colour", N_("Colour of a layer..."))
def colour(session: Session, layer: str, column: str) -> Project:
    """Colour a layer by a column, or #rrggbb, where the overlay does not; none as its kind."""
    return layers.coloured(session.state, layer, column)


@command("layer.remove", N_("Remove a layer from the list"))
def remove(session: Session, layer: str) -> Project:
    """Neither list nor draw a layer any more; what was computed of it stays in the totals."""
    return layers.changed(session.state, layer, removed=True)


@command("layer.restore", N_("Bring removed layers back"))
def restore(session: Session) -> Project:
    """List and draw again the layers that were removed."""
    project, state = session.state.project, session.state
    gone = [key for key, one in project.layers.items() if one.removed]
    if not gone:
        raise CommandError(_("No layer was removed."))
    for key in gone:
        if key in state.twin.layers:
            state = replace(state, project=layers.changed(state, key, removed=False))
    return state.project
