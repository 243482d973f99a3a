"""Read: the manual, and where a number comes from."""

from twinview.i18n import N_
from twinview.session.command import command
from twinview.session.manual import Page, open_page
from twinview.session.store import Session
from twinview.session.why import Derivation
from twinview.session.why import why as derivation


@command("help.open", N_("Help"), menu=N_("Help"), keys="F1", icon="fa6s.circle-question")
def open_(_session: Session, page: str = "start") -> Page:
    """Open a page of the manual, written PAGE or PAGE#ANCHOR."""
    return open_page(page)


@command("why", N_("Why this number"), icon="fa6s.circle-info")
def why(session: Session, layer: str, element: str, quantity: str) -> Derivation:
    """Show what a number at the instant in view is made of; layer 'district' is the whole."""
    return derivation(session.state, layer, element, quantity)
