"""The colours that a layer is painted with now, as few as stand for all of them."""

from dataclasses import dataclass

import numpy as np

from twinview.scene.paint import Legend, Paint, State

SAMPLED = 500
"""Elements of which the colours are looked at."""
MOST = 4
"""Colours of a layer that the legend says nothing of."""


@dataclass(frozen=True)
class Swatch:
    """Colours.

    Parameters
    ----------
    colours
        ``#rrggbb``, low to high, or the most frequent first.
    smooth
        Whether they pass into each other.
    """

    colours: tuple[str, ...]
    smooth: bool = False


def swatch(paint: Paint, legend: Legend) -> Swatch:
    """Return the colours of a layer: those of the legend where it explains them, else its own.

    Parameters
    ----------
    paint, legend
        What the layer looks like, and what the colours of the view mean.
    """
    own = next((one for one in legend.more if one.layer == paint.layer), None)
    if own is not None:
        return Swatch(own.colours, not own.classes)
    explained = bool(paint.quantity) and paint.unit == legend.unit and paint.fill is None
    if explained and legend.colours and (paint.state != State.PLAIN).any():
        return Swatch(legend.colours, not legend.classes)
    colour = paint.colour if paint.out is None else paint.colour[~paint.out]
    some = colour[:: max(1, len(colour) // SAMPLED)]
    if not len(some):
        return Swatch(())
    found, counts = np.unique(some, axis=0, return_counts=True)
    first = np.argsort(-counts, kind="stable")[:MOST]
    return Swatch(tuple("#{:02x}{:02x}{:02x}".format(*found[k]) for k in first))
