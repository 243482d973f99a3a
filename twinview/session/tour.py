"""The tour: five things to try first, as the window shows them and as text."""

from dataclasses import dataclass

from twinview.i18n import N_, _


@dataclass(frozen=True)
class Step:
    """One thing to try.

    Parameters
    ----------
    id
        Tells the window what to point at: ``time``, ``view``, ``layers``, ``numbers`` or ``menu``.
    title, text
        Marked for translation.
    """

    id: str
    title: str
    text: str


STEPS = (
    Step("time", N_("Drag through time"),
         N_("Drag the handle: colours, numbers and curves follow. Space plays and stops, "
            "the arrow keys go step by step.")),
    Step("view", N_("Point at something"),
         N_("Its name, value and instant stand beside the pointer. A click keeps it in the "
            "inspector. Drags with the left and with the right button turn and move the view.")),
    Step("layers", N_("Show and hide layers"),
         N_("The eye hides a layer and shows it again; a right click on it offers more.")),
    Step("numbers", N_("Ask a number where it comes from"),
         N_("Click any number: what it is made of, factors and sources included. Indicators of "
            "the day, the month and the year are at Alt+5.")),
    Step("menu", N_("Take it along"),
         N_("F12 writes a picture with legend, clock and sources; dropped here again, it brings "
            "the view back. Ctrl+K finds everything else.")),
)  # fmt: skip
"""In the order of the tour."""


@dataclass(frozen=True)
class Tour:
    """The tour, asked for."""

    def as_text(self) -> str:
        """Return all steps as numbered lines."""
        return "\n".join(f"{k}. {_(one.title)}: {_(one.text)}" for k, one in enumerate(STEPS, 1))
