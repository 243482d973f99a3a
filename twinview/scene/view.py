"""What the user wants to see: small, hashable, compared with ``==``."""

from dataclasses import dataclass
from typing import Literal

from twinview.model.twin import BASE
from twinview.model.window import INSTANT, Window

Theme = Literal["light", "dark"]
Point = tuple[float, float, float]
"""Local metres: east, north, up."""
Kind = Literal["distance", "height", "area"]


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

    position: Point
    focus: Point
    angle: float = 32.0


@dataclass(frozen=True)
class Measure:
    """Something measured in the view.

    Parameters
    ----------
    kind
        ``distance`` along points, ``height`` of an element, or ``area`` of a polygon.
    points
        Two or more; none for a height.
    slack
        How far off each point may be for the way it was found, metres; 0 for corners of the data.
    element
        Layer id and element id of what a height is of.
    """

    kind: Kind
    points: tuple[Point, ...] = ()
    slack: tuple[float, ...] = ()
    element: tuple[str, str] | None = None


@dataclass(frozen=True)
class Cut:
    """A box, level and turned: of what stands, only what is inside is drawn.

    Parameters
    ----------
    middle
        Local metres (east, north) from which its sides are counted.
    bearing
        Where its ``along`` points, degrees clockwise from north; ``across`` points to the right.
    across, along, height
        From and to, metres; the height in local metres.
    """

    middle: tuple[float, float]
    bearing: float
    across: tuple[float, float]
    along: tuple[float, float]
    height: tuple[float, float]


@dataclass(frozen=True)
class Against:
    """What a difference is of, and what is subtracted.

    Parameters
    ----------
    of
        Id of the overlay whose values are compared; empty lets it choose.
    scenario
        Id of the case that is subtracted; empty for the one that is shown.
    hours
        How much later the instant is that is subtracted; earlier ones are below 0.
    """

    of: str = ""
    scenario: str = ""
    hours: float = 0.0


@dataclass(frozen=True)
class Swipe:
    """What is shown at the left of a line across the view.

    Parameters
    ----------
    scenario
        Id of the case; empty for the one that is shown at the right too.
    hours
        How much later its instant is; earlier ones are below 0.
    share
        Where the line stands, 0 to 1 from the left.
    """

    scenario: str = ""
    hours: float = 0.0
    share: float = 0.5


@dataclass(frozen=True)
class Pane:
    """One of the pictures that stand side by side, from one camera and on one scale.

    Parameters
    ----------
    scenario
        Id of the case; empty for the one that the view shows.
    hours
        How much later its instant is than the clock's; earlier ones are below 0.
    difference
        Whether the pane before it is shown less the first one, instead of a case.
    """

    scenario: str = ""
    hours: float = 0.0
    difference: bool = False


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
    measures
        What is measured, in the order of measuring.
    pins
        Elements whose cards stay beside them, as (layer id, element id), in the order of pinning.
    map
        Whether the district in small is shown, with the part that is seen.
    cut
        Outside of which nothing that stands is drawn; None draws all.
    against
        What the overlay ``difference`` subtracts; None lets it choose.
    through
        Whether lines are seen through what stands before them.
    sun
        Whether the sun of the instant casts the shadows.
    swipe
        What is shown beside it for comparison; None for nothing.
    panes
        The pictures that stand side by side, the one that all are compared with first; empty for
        one picture of the whole view.
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
    measures: tuple[Measure, ...] = ()
    pins: tuple[tuple[str, str], ...] = ()
    map: bool = False
    cut: Cut | None = None
    against: Against | None = None
    through: bool = False
    sun: bool = False
    swipe: Swipe | None = None
    panes: tuple[Pane, ...] = ()
