"""Pin cards to elements: name and value stay beside them while time and camera move."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.view import View
from twinview.session.command import command
from twinview.session.selected import chosen
from twinview.session.store import Session

MOST = 12
"""Cards that are pinned at a time: more would cover the city."""


@command("pin.toggle", N_("Pin the card of an element"))
def toggle(session: Session, layer: str = "", element: str = "") -> View:
    """Pin the card of an element, or unpin it; without one, those of the selected elements."""
    view = session.state.view
    meant = ((layer, element),) if layer else _selected(session)
    for one in meant:
        _must_be(session, *one)
    if set(meant) <= set(view.pins):
        return replace(view, pins=tuple(one for one in view.pins if one not in meant))
    pins = tuple(dict.fromkeys((*view.pins, *meant)))
    if len(pins) > MOST:
        raise CommandError(_("No more than {most} cards are pinned at a time.", most=MOST))
    return replace(view, pins=pins)


@command("pin.clear", N_("Unpin all cards"), menu=N_("View"), keys="Shift+P",
         icon="fa6s.thumbtack-slash")  # fmt: skip
def clear(session: Session) -> View:
    """Take all pinned cards away."""
    return replace(session.state.view, pins=())


def _selected(session: Session) -> tuple[tuple[str, str], ...]:
    """Return the selected elements that are seen, no more than may be pinned and one."""
    layers = session.state.twin.layers
    found = [(layer, layers[layer].id_at(int(row)))
             for layer, rows in chosen(session.state).rows.items()
             for row in rows[: MOST + 1]]  # fmt: skip
    if not found:
        raise CommandError(_("Point at an element or select one to pin its card."))
    return tuple(found)


def _must_be(session: Session, layer: str, element: str) -> None:
    found = session.state.twin.layers.get(layer)
    if found is None or element not in found.row_of:
        raise CommandError(
            _("There is no element '{element}' in '{layer}'.", element=element, layer=layer)
        )
    if found.geometry is None:
        raise CommandError(_("'{layer}' is a table: nothing of it is drawn.", layer=layer))
