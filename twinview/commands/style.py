"""How the shown quantity, or a layer by itself, is coloured: colours, limits, classes, words.

All of it is kept in the project. With `layer=` a command means the colours that a layer has of its
own (`layer.colour`), else those of what is shown.
"""

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.session import styles
from twinview.session.command import command
from twinview.session.project import Project
from twinview.session.store import Session

OWN = "own"
"""Word of the command line for the usual colours."""
_OF = "layer="


@command("style.colours", N_("Colours of the shown quantity"))
def colours(session: Session, ramp: str, reverse: bool = False, layer: str = "") -> Project:
    """Colour what is shown along a ramp (own for the overlay's), from its other end if reversed."""
    ramp = "" if ramp == OWN else ramp
    return styles.changed(session.state, layer, ramp=ramp, reverse=reverse)


@command("style.limits", N_("Limits of the colours..."))
def limits(session: Session, low: float, high: float, layer: str = "") -> Project:
    """Fix the values at both ends of the colours."""
    return styles.changed(session.state, layer, limits=(low, high), within=False)


@command("style.own_limits", N_("Usual limits of the colours"))
def own_limits(session: Session, layer: str = "") -> Project:
    """Give the colours the limits that the overlay has by itself."""
    return styles.changed(session.state, layer, limits=None, within=False)


@command("style.fit", N_("Limits of what is shown now"))
def fit(session: Session, on: bool = True, layer: str = "") -> Project:
    """Let the limits of the colours follow the values that are shown, instead of being fixed."""
    return styles.changed(session.state, layer, within=on)


@command("style.classes", N_("Classes of the shown quantity"))
def classes(session: Session, method: str, count: int = 5, layer: str = "") -> Project:
    """Put values into classes: equal, quantiles, natural or manual; none colours continuously."""
    return styles.classed(session.state, method, count, layer)


@command("style.breaks", N_("Breaks between classes..."))
def breaks(session: Session, *values: str) -> Project:
    """Put values into classes with breaks at these numbers."""
    texts = [str(one) for one in values]
    layer = next((one.removeprefix(_OF) for one in texts if one.startswith(_OF)), "")
    try:
        rising = tuple(sorted({float(one) for one in texts if not one.startswith(_OF)}))
    except ValueError as error:
        raise CommandError(_("Breaks are numbers with blanks between.")) from error
    if not rising:
        raise CommandError(_("Write the numbers at which one class ends and the next begins."))
    return styles.changed(
        session.state, layer, method="manual", breaks=rising, count=len(rising) + 1, within=False
    )


@command("style.word", N_("Colour of a word..."))
def word(session: Session, name: str, colour: str, layer: str = "") -> Project:
    """Give a word of a column the colour #rrggbb, own for the usual one; * is all other words."""
    return styles.word_coloured(session.state, name, "" if colour == OWN else colour, layer)


@command("style.take", N_("Take over a style"))
def take(session: Session, text: str, layer: str = "") -> Project:
    """Colour what is shown as another overlay (by its id) is, or as a copied style says."""
    state = session.state
    if text in state.project.styles:
        return styles.kept(state, styles.subject(state, layer), state.project.styles[text])
    try:
        return styles.taken(state, text, layer)
    except ValueError as error:
        known = ", ".join(state.project.styles) or _("none yet")
        raise CommandError(
            _("'{text}' is no style; those of overlays are {known}.", text=text, known=known)
        ) from error


@command("style.reset", N_("Usual style of the shown quantity"))
def reset(session: Session, layer: str = "") -> Project:
    """Colour what is shown as the overlay does by itself."""
    found = styles.subject(session.state, layer)
    return styles.kept(session.state, found, styles.Style())
