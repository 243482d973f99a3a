"""Values that are older than what counts as the present: paler, counted, and with their age."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.scene.paint import Legend, Paint, Scene
from twinview.scene.panes import Shown
from twinview.scene.parts import has_value
from twinview.scene.theme import rgb

KEPT = 0.3
"""Share of its saturation that a colour keeps; its lightness, which carries the number, stays."""
_LIGHT = np.array([0.299, 0.587, 0.114])
UNMOVED = frozenset({"range", "typical"})
"""Windows whose values do not follow the clock."""


def faded(colours: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Return colours, shape (n, 3), nearly grey and as light as before."""
    whole = np.asarray(colours, dtype=np.float64)
    grey = (whole @ _LIGHT)[:, None]
    return np.asarray(np.round(grey + KEPT * (whole - grey)), dtype=np.uint8)


def staled(scene: Scene, age: str) -> Scene:
    """Return a scene whose values of the clock's instant are shown as old.

    Attributes and fixed ranges of time do not age; what has no value keeps its pattern.

    Parameters
    ----------
    scene
        What is to be seen.
    age
        How old the newest values are, as it is written; empty where they are the present's.
    """
    if not age or scene.view.overlay == "attribute" or scene.view.window.kind in UNMOVED:
        return scene
    paints = {key: _faded(one) if one.quantity else one for key, one in scene.paints.items()}
    clock = replace(scene.clock, age=_("{age} old", age=age))
    return replace(scene, paints=paints, clock=clock, legend=_counted(scene.legend, clock.age))


def aged(pane: Shown, age: str) -> Shown:
    """Return a pane with what is old in it shown so; an offset shows no present anyway.

    Parameters
    ----------
    pane, age
        What it shows, and how old the newest values are; see `staled`.
    """
    present = pane.pane.difference or not pane.pane.hours
    if pane.scene is None or not present:
        return pane
    return replace(pane, scene=staled(pane.scene, age))


def _faded(paint: Paint) -> Paint:
    known = has_value(paint.state)
    return replace(paint, colour=np.where(known[:, None], faded(paint.colour), paint.colour))


def _counted(legend: Legend, age: str) -> Legend:
    """Return a legend that counts the old values beside the colour that they have."""
    middle = legend.colours[len(legend.colours) // 2] if legend.colours else "#808080"
    red, green, blue = faded([rgb(middle)])[0].tolist()
    return replace(legend, old=age, old_colour=f"#{red:02x}{green:02x}{blue:02x}")
