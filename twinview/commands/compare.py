"""Compare what is shown with another case or instant: a line across the view, or panes."""

from dataclasses import replace

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.twin import BASE
from twinview.scene.painting import settled
from twinview.scene.panes import MOST, longer, usual, without
from twinview.scene.view import Pane, Swipe, View
from twinview.session.cases import check_scenario
from twinview.session.command import command
from twinview.session.offsets import hours_of
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
    return replace(state.view, swipe=Swipe(scenario, hours, share), panes=())


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


@command("compare.panes", N_("Side by side"), menu=MENU, keys="Ctrl+Shift+V",
         icon="fa6s.table-columns")  # fmt: skip
def panes(session: Session, count: int = 0) -> View:
    """Show two to four pictures side by side: scenarios, instants, and their difference. With
    nothing said two, or one again.
    """
    state = session.state
    if not state.twin.layers:
        raise CommandError(_("Nothing is open."))
    view = state.view
    if not count and view.panes:
        return replace(view, panes=())
    count = count or 2
    if not 2 <= count <= MOST:
        raise CommandError(_("Two to four pictures stand side by side, not {count}.", count=count))
    if count > len(view.panes):
        cases = list(state.beside.twins)
        if len(cases) == 1 and state.twin.time.static:
            raise CommandError(
                _(
                    "There is nothing to compare with: the data hold one instant and no scenario. "
                    "Make one with 'New scenario'."
                )
            )
        wanted = usual(state.twin, cases, state.twin.scenario, MOST)
        return replace(view, swipe=None, panes=longer(view.panes, wanted, count))
    return replace(view, panes=view.panes[:count])


@command("compare.pane_scenario", N_("Scenario of a pane"))
def pane_scenario(session: Session, pane: int, scenario: str) -> View:
    """Show a case (a scenario, or base) in a pane, counted from 1."""
    k = _place(session, pane)
    check_scenario(session.state.project, scenario)
    return _changed(session, k, scenario=scenario, difference=False)


@command("compare.pane_offset", N_("Instant of a pane"))
def pane_offset(session: Session, pane: int, offset: str) -> View:
    """Show an earlier or later instant in a pane, counted from 1: -7d, -1y, +6h, or 0."""
    k, hours = _place(session, pane), hours_of(offset)
    if hours and session.state.twin.time.static:
        raise CommandError(_("The data hold one instant; there is no other to compare it with."))
    return _changed(session, k, hours=hours, difference=False)


@command("compare.pane_difference", N_("Difference in a pane"))
def pane_difference(session: Session, pane: int) -> View:
    """Show in a pane, counted from 1, the one before it less the first."""
    k = _place(session, pane)
    values = [one for i, one in enumerate(session.state.view.panes) if i != k]
    if k == 0 or sum(not one.difference for one in values) <= 1:
        raise CommandError(_("A difference needs two other panes, and is never the first."))
    return _changed(session, k, scenario="", hours=0.0, difference=True)


@command("compare.pane_close", N_("Close a pane"))
def pane_close(session: Session, pane: int) -> View:
    """Show one pane less, counted from 1; the last one fills the view."""
    view, k = session.state.view, _place(session, pane)
    left = without(view.panes, k)
    return replace(view, panes=left if len(left) > 1 else ())


@command("compare.off", N_("One picture again"))
def off(session: Session) -> View:
    """Show one picture instead of several side by side."""
    return replace(session.state.view, panes=())


def _place(session: Session, pane: int) -> int:
    """Return the place of a pane that is counted from 1."""
    count = len(session.state.view.panes)
    if not count:
        raise CommandError(_("Nothing stands side by side; 'Side by side' begins it."))
    if not 1 <= pane <= count:
        raise CommandError(_("There is no pane {pane}; there are {count}.", pane=pane, count=count))
    return pane - 1


def _changed(session: Session, k: int, **what: object) -> View:
    """Return the view with another wish for the pane at a place."""
    view = session.state.view
    made: Pane = replace(view.panes[k], **what)  # type: ignore[arg-type]
    return replace(view, panes=(*view.panes[:k], made, *view.panes[k + 1 :]))
