"""What is to be seen: plain arrays and texts, ready for a painter that knows nothing of energy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_
from twinview.scene.sketch import Sketch
from twinview.scene.view import Point, Theme, View


class State(IntEnum):
    """Why a value looks as it does; told apart by pattern and text, never by colour alone."""

    VALUE = 0
    MISSING = 1
    """The data have no value here: hatched grey."""
    PENDING = 2
    """Not computed yet: dotted."""
    FAILED = 3
    """The power flow did not converge: cross-hatched."""
    ESTIMATED = 4
    """Modelled from few facts: sparse dots over the colour."""
    PLAIN = 5
    """The overlay says nothing about this layer: its own colour, no pattern."""
    OVER = 6
    """Above a limit of its own: outlined or striped."""
    LACKING = 7
    """Not computed because an input has no value: chequered."""


@dataclass(frozen=True, eq=False)
class Paint:
    """How the elements of one layer look at one instant.

    Parameters
    ----------
    layer
        Id of the layer.
    colour
        Shape (n, 3), uint8.
    state
        Shape (n,), uint8, of `State`.
    values
        Shape (n,), float32: the numbers behind the colours, for tooltips; NaN where there is none.
    quantity, unit
        What the numbers are.
    width
        Shape (n,), float32: drawn width of lines in metres; None for other layers.
    direction
        Shape (n,), int8: +1 power flows from a line's first point to its last, -1 back, 0 none.
    pace
        Shape (n,), float32: how fast the arrows of lines travel, 1 is usual; None for other layers.
    fill
        Shape (n,), float32: how full a store stands, 0 to 1, NaN unknown; None for other layers.
    over
        How and over what length of time the numbers were brought together, in short; empty for an
        instant; translated.
    out
        Shape (n,), bool: elements that a filter leaves out, which are not drawn; None for none.
    withheld
        Shape (n,), bool: elements whose value is there, but kept back; None for none.
    by
        Column of the layer, or ``#rrggbb``, that `colour` has of what is PLAIN; empty where that
        looks as its kind does.
    """

    layer: str
    colour: npt.NDArray[np.uint8]
    state: npt.NDArray[np.uint8]
    values: npt.NDArray[np.float32]
    quantity: str = ""
    unit: str = ""
    width: npt.NDArray[np.float32] | None = None
    direction: npt.NDArray[np.int8] | None = None
    pace: npt.NDArray[np.float32] | None = None
    fill: npt.NDArray[np.float32] | None = None
    over: str = ""
    out: npt.NDArray[np.bool_] | None = None
    withheld: npt.NDArray[np.bool_] | None = None
    by: str = ""


@dataclass(frozen=True)
class Legend:
    """What the colours mean.

    Parameters
    ----------
    title, unit
        What is shown; translated.
    limits
        Values at both ends of the ramp.
    colours
        ``#rrggbb`` anchors, low to high, or one per class.
    ticks
        Values to write under a ramp.
    classes
        Texts, one per colour, for classes; empty for a ramp.
    shown, missing
        Elements with and without a value.
    states
        States other than VALUE and PLAIN that occur, with their counts.
    note
        What else a reader must know: fixed limits, what lines show; translated.
    window
        How and over which time the values were brought together; empty for an instant; translated.
    theme
        For which look the colours were chosen.
    words
        Names that the classes are, as the data have them; empty for ranges of numbers.
    breaks
        Values between classes that are ranges of numbers; empty where they are not known.
    centre
        Value in the middle of a ramp whose ends lie equally far from it; None for other ramps.
    whole
        Elements that there are before a filter leaves some out; 0 where none does.
    withheld
        How many of those without data have some that single dwellings keep to themselves.
    old, old_colour
        How old the values are where they are not of the present, translated, and the ``#rrggbb``
        that stands for their paler colours; empty for others.
    layer
        Id of the layer that has colours of its own; empty for those of the overlay.
    more
        Legends of the layers that have colours of their own, beside this one.
    left
        How many more such layers there are, for which there was no room.
    """

    title: str
    unit: str
    limits: tuple[float, float]
    colours: tuple[str, ...]
    ticks: tuple[float, ...] = ()
    classes: tuple[str, ...] = ()
    shown: int = 0
    missing: int = 0
    states: tuple[tuple[State, int], ...] = ()
    note: str = ""
    window: str = ""
    theme: Theme = "light"
    words: tuple[str, ...] = ()
    breaks: tuple[float, ...] = ()
    centre: float | None = None
    whole: int = 0
    withheld: int = 0
    old: str = ""
    old_colour: str = ""
    layer: str = ""
    more: tuple["Legend", ...] = ()
    left: int = 0

    @property
    def nominal(self) -> bool:
        """Whether the classes are names and not ranges of numbers."""
        return bool(self.words)


@dataclass(frozen=True)
class Readout:
    """One number of the district at the instant, as shown on top of the view."""

    id: str
    text: str
    unit: str
    label: str
    warning: bool = False


@dataclass(frozen=True)
class Clock:
    """The instant as written: ``Mon 2024-07-01``, ``14:00``, ``CEST (UTC+2)``, zone.

    What is old beside the present has its age: ``37 min old``.
    """

    date: str
    time: str
    offset: str
    zone: str
    static: bool = False
    age: str = ""


@dataclass(frozen=True)
class Label:
    """A text fixed to a place in the scene.

    Parameters
    ----------
    text
        Translated or a proper name.
    place
        Local metres (east, north, up).
    weight
        Higher ones win where labels would overlap.
    """

    text: str
    place: tuple[float, float, float]
    weight: float = 0.0


STATES: dict[State, str] = {
    State.MISSING: N_("No data"),
    State.PENDING: N_("Not computed yet"),
    State.FAILED: N_("Power flow did not converge"),
    State.ESTIMATED: N_("Estimated"),
    State.OVER: N_("Over a limit"),
    State.LACKING: N_("Not computed: a value is missing"),
}
"""What each pattern says (marked for translation)."""
WITHOUT = frozenset({State.MISSING, State.PENDING, State.FAILED, State.LACKING})
"""States of elements that have no value."""


@dataclass(frozen=True)
class Measured:
    """What was measured, as numbers and as it is written.

    Parameters
    ----------
    points
        The line, local metres; of an area the corners.
    closed
        Whether the last point is joined to the first.
    main
        What stands beside the line.
    rows
        What each number is, and the number with its unit; translated.
    remark
        How far off the numbers may be, and why; translated.
    """

    points: tuple[Point, ...]
    closed: bool
    main: str
    rows: tuple[tuple[str, str], ...]
    remark: str


@dataclass(frozen=True)
class Pinned:
    """The card of an element that stays beside it.

    Parameters
    ----------
    layer, element
        Ids.
    quantity
        What the value on it is, for whoever asks where that comes from; empty for none.
    place
        What it stands beside, local metres.
    title, lines
        What is written; translated.
    """

    layer: str
    element: str
    quantity: str
    place: Point
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything that is to be seen at one instant.

    Parameters
    ----------
    view
        The wish it answers.
    paints
        By layer id, only visible layers.
    legend, clock, readouts, labels
        Everything that is written.
    about
        One line of provenance for pictures.
    measured
        What is measured.
    pinned
        Cards that stay beside their elements.
    sketch
        The district in small, where the view shows it.
    sun
        Elevation and azimuth of the sun that casts the shadows, degrees; None for a quiet light.
    opacity
        By layer id, 0 to 1, of those through which others are seen.
    order
        Ids of the layers, the topmost first; empty where that does not matter.
    ranks
        By layer id, which covers which of what lies on the ground; empty for the usual order.
    steady
        Whether filters leave out the same at all instants.
    refused
        By layer id, why its filter cannot be used; translated.
    """

    view: View
    paints: Mapping[str, Paint]
    legend: Legend
    clock: Clock
    readouts: tuple[Readout, ...] = ()
    labels: tuple[Label, ...] = ()
    about: str = ""
    selected: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    measured: tuple[Measured, ...] = ()
    pinned: tuple[Pinned, ...] = ()
    sketch: Sketch | None = None
    sun: tuple[float, float] | None = None
    opacity: Mapping[str, float] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    ranks: Mapping[str, float] = field(default_factory=dict)
    steady: bool = True
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def theme(self) -> Theme:
        """Light or dark."""
        return self.view.theme
