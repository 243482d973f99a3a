"""Select elements."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.view import View
from twinview.session.command import command
from twinview.session.store import Session


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


@command("select.clear", N_("Select nothing"), menu=N_("Edit"), keys="Esc")
def clear(session: Session) -> View:
    """Empty the selection."""
    return replace(session.state.view, selection=())
