"""Views as text and out of pictures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from twinview.i18n import N_, _
from twinview.scene.view import View
from twinview.session import sharing
from twinview.session.command import command
from twinview.session.store import Session
from twinview.session.told import Listed


@command("view.link", N_("Show the view as text"))
def link(session: Session) -> Listed:
    """Write the view as one line of text, which another window takes."""
    return Listed(sharing.link(session.state))


@command("view.use", N_("Take a view from text..."), menu=N_("View"))
def use(session: Session, text: str) -> View:
    """Show a view that was copied as text."""
    return _shown(session, sharing.from_link(text))


@command("view.from_picture", N_("Take the view of a picture..."), menu=N_("View"))
def from_picture(session: Session, path: Path) -> View:
    """Show the view that an exported picture was made of."""
    return _shown(session, sharing.from_picture(path))


def _shown(session: Session, told: Mapping[str, Any]) -> View:
    view, same = sharing.restored(session.state, told)
    if not same:
        said = _("The view was made of other data or settings than are open; numbers may differ.")
        session.teller(Listed(said))
    return view
