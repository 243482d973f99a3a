"""Compare what is shown with another case or instant: a line across the view, dragged sideways."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import BASE
from twinview.scene.painting import settled
from twinview.scene.view import Swipe, View
from twinview.session.cases import check_scenario
from twinview.session.command import command
from twinview.session.store import Session

MENU = N_("Window")


@command("compare.swipe", N_("Compare"), menu=MENU, keys="Shift+V", icon="fa6s.arrows-left-right")
def swipe(session: Session, scenario: str = "", hours: float = 0.0) -> View:
    """Show another case (a scenario or base), or an instant some hours later (-168: a week before),
    at the left of a line that is dragged; with nothing said, the base, or the week before it.
    """
    state = session.state
    if not state.twin.layers:
        raise CommandError(_("Nothing is open."))
    if scenario:
        check_scenario(state.project, scenario)
    if state.view.swipe is not None and not (scenario or hours):
        return replace(state.view, swipe=None)
    if not (scenario or hours):
        usual = settled(state.twin, replace(state.view, against=None))
        scenario, hours = usual.scenario, usual.hours
    if hours and state.twin.time.static:
        raise CommandError(_("The data hold one instant; there is no other to compare it with."))
    if not hours and scenario == state.twin.scenario:
        other = _("another scenario") if scenario == BASE else BASE
        raise CommandError(_("That is what is shown; compare it with {other}.", other=other))
    share = state.view.swipe.share if state.view.swipe else 0.5
    return replace(state.view, swipe=Swipe(scenario, hours, share))


@command("compare.divide", N_("Move the line of a comparison"))
def divide(session: Session, share: float) -> View:
    """Put the line across the view elsewhere: 0 is the left edge, 1 the right one."""
    view = session.state.view
    if view.swipe is None:
        raise CommandError(_("Nothing is compared."))
    return replace(view, swipe=replace(view.swipe, share=min(max(share, 0.0), 1.0)))


@command("compare.end", N_("Compare no longer"))
def end(session: Session) -> View:
    """Show one picture again."""
    return replace(session.state.view, swipe=None)
