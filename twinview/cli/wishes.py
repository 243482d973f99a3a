"""What is said about pictures and films on the command line."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from twinview.i18n import LANGUAGES

From = Annotated[str | None, Parameter(name="--from")]
To = Annotated[str | None, Parameter(name="--to")]


@Parameter(name="*")
@dataclass(frozen=True)
class Picture:
    """What a picture or film shows; what is not given is as the project was last seen.

    Parameters
    ----------
    overlay
        Id of the overlay.
    attribute
        Column for the overlay 'attribute', written LAYER.COLUMN.
    scenario
        Id of the scenario.
    size
        Width and height in pixels.
    view
        top, north, east, south, west, iso, or saved.
    lang
        Language of the texts: en or zh_CN.
    theme
        light or dark.
    """

    overlay: str | None = None
    attribute: str | None = None
    scenario: str | None = None
    size: Annotated[str, Parameter(show_default=True)] = "1920x1080"
    view: str = "saved"
    lang: Annotated[str | None, Parameter(choices=tuple(LANGUAGES))] = None
    theme: str | None = None


@Parameter(name="*")
@dataclass(frozen=True)
class Finish:
    """What stands behind a picture and what is written on it.

    Parameters
    ----------
    transparent
        Leave sky and plain out, so that other things can be put behind the picture.
    bare
        Write nothing on it: no legend, no cards, no title.
    title
        The title on it; the usual one if not given.
    """

    transparent: Annotated[bool, Parameter(negative="")] = False
    bare: Annotated[bool, Parameter(negative="")] = False
    title: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Beside:
    """What stands side by side; what is not given is as the project was last seen.

    Parameters
    ----------
    compare
        Two to four panes, such as base,SCENARIO,difference: ids of scenarios, and 'difference' for
        the pane before it less the first one.
    offset
        How far from the clock's instant each case is shown, in the order of --compare, such as
        -7d or -1y,0; the case that is shown with itself if --compare is not given.
    """

    compare: str | None = None
    offset: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None


@Parameter(name="*")
@dataclass(frozen=True)
class Frames:
    """Which instants a film shows, and how fast.

    Parameters
    ----------
    from_
        First instant, included; local to the project's time zone unless it has an offset. The
        whole span if not given.
    to
        End of the span, excluded.
    step
        Time from one frame to the next, such as 1h, 15min or 1d; that of the data if not given.
    fps
        Frames a second.
    """

    from_: From = None
    to: To = None
    step: str | None = None
    fps: Annotated[int, Parameter(show_default=True)] = 30


AS_SEEN, EVERY_STEP, ALONE, AS_USUAL = Picture(), Frames(), Beside(), Finish()
