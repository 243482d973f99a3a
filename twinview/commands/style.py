"""How the shown quantity is coloured: colours, limits, classes; kept in the project."""

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.session import styles
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session


@command("style.colours", N_("Colours of the shown quantity"))
def colours(session: Session, ramp: str, reverse: bool = False) -> Project:
    """Colour what is shown along a ramp (own for the overlay's), from its other end if reversed."""
    return styles.changed(session.state, ramp="" if ramp == "own" else ramp, reverse=reverse)


@command("style.limits", N_("Limits of the colours..."))
def limits(session: Session, low: float, high: float) -> Project:
    """Fix the values at both ends of the colours."""
    return styles.changed(session.state, limits=(low, high), within=False)


@command("style.own_limits", N_("Usual limits of the colours"))
def own_limits(session: Session) -> Project:
    """Give the colours the limits that the overlay has by itself."""
    return styles.changed(session.state, limits=None, within=False)


@command("style.fit", N_("Limits of what is shown now"))
def fit(session: Session, on: bool = True) -> Project:
    """Let the limits of the colours follow the values that are shown, instead of being fixed."""
    return styles.changed(session.state, within=on)


@command("style.classes", N_("Classes of the shown quantity"))
def classes(session: Session, method: str, count: int = 5) -> Project:
    """Put values into classes: equal, quantiles, natural or manual; none colours continuously."""
    return styles.classed(session.state, method, count)


@command("style.breaks", N_("Breaks between classes..."))
def breaks(session: Session, *values: float) -> Project:
    """Put values into classes with breaks at these numbers."""
    if not values:
        raise CommandError(_("Write the numbers at which one class ends and the next begins."))
    rising = tuple(sorted(set(values)))
    return styles.changed(
        session.state, method="manual", breaks=rising, count=len(rising) + 1, within=False
    )


@command("style.take", N_("Take over a style"))
def take(session: Session, text: str) -> Project:
    """Colour what is shown as another overlay (by its id) is, or as a copied style says."""
    state = session.state
    if text in state.project.styles:
        return styles.kept(state, styles.subject(state), state.project.styles[text])
    try:
        return styles.taken(state, text)
    except ValueError as error:
        known = ", ".join(state.project.styles) or _("none yet")
        raise CommandError(
            _("'{text}' is no style; those of overlays are {known}.", text=text, known=known)
        ) from error


@command("style.reset", N_("Usual style of the shown quantity"))
def reset(session: Session) -> Project:
    """Colour what is shown as the overlay does by itself."""
    found = styles.subject(session.state)
    return styles.kept(session.state, found, styles.Style())
