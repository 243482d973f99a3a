"""What the user wants to see: small, hashable, compared with ``==``."""

from dataclasses import dataclass
from typing import Literal

from twinview.model.twin import BASE
from twinview.model.window import INSTANT, Window

Theme = Literal["light", "dark"]


@dataclass(frozen=True)
class Camera:
    """Where the eye is, in local metres; the horizon is always level.

    Parameters
    ----------
    position, focus
        Eye and the point it looks at (east, north, up).
    angle
        Vertical view angle in degrees.
    """

    position: tuple[float, float, float]
    focus: tuple[float, float, float]
    angle: float = 32.0


@dataclass(frozen=True)
class View:
    """Everything that decides the picture.

    Parameters
    ----------
    time
        Step on the twin's time axis.
    overlay
        Id of the overlay.
    attribute
        ``layer.column`` for the overlay ``attribute``; empty lets it choose.
    scenario
        Id of the scenario.
    hidden
        Ids of the layers that are not drawn.
    selection
        Selected elements as (layer id, element id), in the order of selecting.
    camera
        None shows the whole district.
    theme
        Light or dark.
    window
        What part of the time the values are taken over: the instant, the last hours, a range.
    between
        How far on the way from the step to the next one, 0 to 1; above 0 instants are interpolated.
    """

    time: int = 0
    overlay: str = "carbon"
    attribute: str = ""
    scenario: str = BASE
    hidden: frozenset[str] = frozenset()
    selection: tuple[tuple[str, str], ...] = ()
    camera: Camera | None = None
    theme: Theme = "light"
    window: Window = INSTANT
    between: float = 0.0
