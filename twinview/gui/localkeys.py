"""Keys that mean something in one place only: over the view, in a list, in a mode.

The page of all keys lists them, and whoever gives a key to a command is told of them. The places
handle them themselves; tests compare their tables of keys with this one, or press each key.
"""

from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from twinview.gui.navigation import Grip, grip_of
from twinview.i18n import N_, _

WHEEL = N_("Wheel")
SIGNS = {"Return": "Enter", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}
"""How keys are written that Qt calls otherwise."""


@dataclass(frozen=True)
class Place:
    """Where keys mean something of their own.

    Parameters
    ----------
    title
        Heading on the page of keys; marked for translation.
    keeps
        Whether the place goes before the window's own keys; else those go before it.
    rows
        Keys, and what they do there (marked for translation).
    """

    title: str
    keeps: bool
    rows: tuple[tuple[tuple[str, ...], str], ...]


VIEW = Place(
    N_("In the view"),
    False,
    (
        (("W", "A", "S", "D"), N_("Fly ahead, left, back, right")),
        (("Q", "E"), N_("Turn left, right")),
        (("PgUp", "PgDown"), N_("Rise, sink")),
    ),
)
"""Keys that do something as long as they are held."""
PLACES: tuple[Place, ...] = (
    VIEW,
    Place(
        N_("While two pictures are swiped"),
        False,
        (((",", "."), N_("Move the line left, right")),),
    ),
    Place(
        N_("While measuring"),
        False,
        (
            (("Return", "Enter"), N_("Keep what is measured")),
            (("Backspace",), N_("Take the last point back")),
        ),
    ),
    Place(
        N_("In the list of layers"),
        True,
        (
            (("Up", "Down"), N_("Go to the layer above, below")),
            (("Home", "End"), N_("Go to the first, the last layer")),
            (("Space",), N_("Show or hide")),
            (("Return", "Enter"), N_("Style, opacity, labels...")),
            (("F",), N_("Zoom to it")),
            (("Ctrl+Up", "Ctrl+Down"), N_("Raise, lower")),
            (("Del",), N_("Remove from the list")),
        ),
    ),
    Place(
        N_("In the table"),
        True,
        (
            (("Up", "Down", "Left", "Right"), N_("Go through rows and columns")),
            (("PgUp", "PgDown"), N_("Go a page up, down")),
            (("Home", "End"), N_("Go to the first, the last column")),
            (("Space",), N_("Select the row, or not any more")),
            (("Shift+Up", "Shift+Down"), N_("Select more rows")),
            (("Return", "Enter"), N_("Fly to the row")),
            (("Ctrl+A",), N_("Select all rows")),
            (("Ctrl+C",), N_("Copy rows")),
        ),
    ),
    Place(
        N_("On the carpet"),
        True,
        (
            (("Left", "Right"), N_("Day back, forward")),
            (("Up", "Down"), N_("Step back, forward")),
            (("PgUp", "PgDown"), N_("Month back, forward")),
        ),
    ),
    Place(
        N_("On the calendar of 'Go to time'"),
        True,
        (
            (("Left", "Right"), N_("Day back, forward")),
            (("Up", "Down"), N_("Week back, forward")),
            (("PgUp", "PgDown"), N_("Month back, forward")),
            (("Shift+PgUp", "Shift+PgDown"), N_("Year back, forward")),
            (("Home", "End"), N_("First, last day of the month")),
            (("Return", "Enter"), N_("Go there")),
        ),
    ),
    Place(
        N_("On a histogram"),
        True,
        (
            (("Left", "Right"), N_("Move the mark")),
            (("Shift+Left", "Shift+Right"), N_("Widen the mark")),
            (("Return", "Enter"), N_("Select what is marked")),
        ),
    ),
    Place(
        N_("On the time bar"),
        True,
        (
            ((WHEEL,), N_("Zoom")),
            ((f"Ctrl+{WHEEL}",), N_("Step by step")),
            ((f"Shift+{WHEEL}",), N_("Move the stretch")),
        ),
    ),
)
"""All places, in the order of the page of keys."""
_DRAGS = {Grip.ORBIT: N_("Turn the view"), Grip.PAN: N_("Move the view")}


def written(keys: tuple[str, ...]) -> str:
    """Return keys as the page of keys writes them; both keys for Enter are one."""
    texts = [key.replace(WHEEL, _(WHEEL)) for key in keys]
    for name, sign in SIGNS.items():
        texts = [text if "Pg" in text else text.replace(name, sign) for text in texts]
    return " · ".join(dict.fromkeys(texts))


def mouse() -> list[tuple[str, str]]:
    """Return what the mouse does in the view, by button, as the user likes it."""
    return [
        (_("Left drag"), _(_DRAGS[grip_of(left=True)])),
        (_("Right drag"), _(_DRAGS[grip_of(left=False)])),
        (_("Shift+Left drag"), _("Select in a rectangle")),
        (_(WHEEL), _("Go nearer or farther")),
        (_("Click"), _("Select; with Ctrl add or take out")),
        (_("Double click"), _("Fly to it")),
    ]


def groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return heading, and rows of keys and what they do, of each place."""
    return [(_(one.title), [(written(keys), _(what)) for keys, what in one.rows]) for one in PLACES]


def also(keys: str) -> list[tuple[Place, str]]:
    """Return where a key means something of its own, and what.

    Parameters
    ----------
    keys
        As `QKeySequence.toString` gives them.
    """
    return [
        (place, what)
        for place in PLACES
        for some, what in place.rows
        if keys in {QKeySequence(one).toString() for one in some}
    ]


def warning(keys: str) -> str:
    """Return what to tell somebody who gives a command a key; empty where nothing is to be told."""
    texts = {
        False: N_("In one place it means something else ({place}: {what}) and would not any more."),
        True: N_("In one place it goes on meaning something else ({place}: {what})."),
    }
    return " ".join(
        _(texts[place.keeps], place=_(place.title), what=_(what)) for place, what in also(keys)
    )
