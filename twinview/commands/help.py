"""Read: the manual, and where a number comes from."""

from pathlib import Path

from twinview.i18n import N_
from twinview.progress import Job
from twinview.session import updates
from twinview.session.command import command
from twinview.session.manual import Page, open_page
from twinview.session.spans import stretch_of
from twinview.session.store import Session
from twinview.session.told import Listed
from twinview.session.tour import Tour
from twinview.session.updates import Versions
from twinview.session.why import Derivation, Key, explained


@command("help.open", N_("Help"), menu=N_("Help"), keys="F1", icon="fa6s.circle-question")
def open_(_session: Session, page: str = "start") -> Page:
    """Open a page of the manual, written PAGE or PAGE#ANCHOR."""
    return open_page(page)


@command("help.tour", N_("Tour"), menu=N_("Help"), icon="fa6s.route")
def tour(_session: Session) -> Tour:
    """Show five things to try first."""
    return Tour()


@command("help.problem", N_("Problem report"), menu=N_("Help"), icon="fa6s.bug")
def problem(session: Session, path: str = "") -> Job[Listed]:
    """Write a report on this machine and what was done, to be sent when something is wrong."""
    from twinview.session.problem_report import write

    return write(session, Path(path) if path else None)


@command("help.updates", N_("Look for a newer version"), menu=N_("Help"), icon="fa6s.arrows-rotate")
def look(_session: Session) -> Job[Versions]:
    """Ask the package index whether there is a newer version; nothing is downloaded."""
    return updates.look_job()


@command("why", N_("Why this number"), icon="fa6s.circle-info")
def why(
    session: Session,
    layer: str,
    element: str,
    quantity: str,
    how: str = "",
    figure: str = "",
    begin: str = "",
    end: str = "",
) -> Derivation:
    """Show what a number is made of as it is seen, over the window or as a difference; how 'value'
    leaves the difference out, 'instant' also the window. Layer 'district' is the whole, element
    'selected' what is selected, 'all' the whole layer.

    Parameters
    ----------
    session
        The store.
    layer, element, quantity, how
        Which number, and which way it is seen.
    figure
        Of several elements, by default their sum or mean: sum, mean, minimum, lower, median, upper,
        maximum; elements, known, missing; bar:LOW:HIGH; month:2024-03, duration:HOURS,
        day:14:00:median; supply:SOURCE:USE.
    begin, end
        Ends of the time over which it is taken, in place of the window.
    """
    over = None
    if begin or end:
        axis, steps = session.state.twin.time, stretch_of(session.state, begin, end)
        over = axis.seconds(steps.start), axis.start + steps.stop * axis.step
    return explained(session.state, Key(layer, element, quantity, None, how, None, over, figure))
