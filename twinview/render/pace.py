"""How finely a moving picture is drawn: chosen from what the last frames took. No VTK."""

from dataclasses import dataclass, replace

from twinview.i18n import N_, _

BUDGET_MS = 50.0
"""A frame while moving shall not take longer."""
ROOM = 0.35
"""A frame with so little of the budget used leaves room for a finer one."""
PATIENCE, MOST_PATIENCE = 4, 64
"""Frames with room before a finer picture is tried; doubled when the trial was too slow."""


@dataclass(frozen=True)
class Quality:
    """What a moving picture leaves out.

    Parameters
    ----------
    levels
        Whether far bodies are drawn as boxes and blocks.
    scale
        Pixels of the screen along one pixel of the picture.
    title
        What the user reads.
    """

    levels: bool
    scale: int
    title: str


QUALITIES = (
    Quality(False, 1, N_("every building in full detail")),
    Quality(True, 1, N_("far buildings as boxes and blocks")),
    Quality(True, 2, N_("far buildings as boxes and blocks, half resolution")),
    Quality(True, 3, N_("far buildings as boxes and blocks, a third of the resolution")),
)
"""From the finest; none is coarser than the last."""
MANY = 5_000
"""From this many elements on the first moving picture uses levels."""


@dataclass(frozen=True)
class Pace:
    """The quality of the next moving frame.

    Parameters
    ----------
    step
        Which of `QUALITIES`.
    room
        Frames in a row that left room for a finer picture.
    patience
        Frames with room that a finer picture waits for.
    trying
        Whether the last change was to a finer picture.
    """

    step: int = 0
    room: int = 0
    patience: int = PATIENCE
    trying: bool = False

    @property
    def quality(self) -> Quality:
        """Return how the next frame is drawn."""
        return QUALITIES[self.step]

    def after(self, cost_ms: float, budget_ms: float = BUDGET_MS) -> "Pace":
        """Return the pace after a moving frame that took `cost_ms`."""
        if cost_ms > budget_ms:
            patience = min(self.patience * 2, MOST_PATIENCE) if self.trying else self.patience
            return Pace(min(self.step + 1, len(QUALITIES) - 1), 0, patience)
        if cost_ms > budget_ms * ROOM or self.step == 0:
            return replace(self, room=0, trying=False)
        if self.room + 1 < self.patience:
            return replace(self, room=self.room + 1)
        return Pace(self.step - 1, 0, self.patience, trying=True)

    def text(self) -> str:
        """Return in words how moving pictures are drawn; translated."""
        return _("While moving: {quality}.", quality=_(self.quality.title))


def at_first(elements: int) -> Pace:
    """Return the pace of a city of so many elements before anything was measured."""
    return Pace(1 if elements >= MANY else 0)
