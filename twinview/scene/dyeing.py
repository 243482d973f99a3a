"""Colours that layers have of their own, where the overlay says nothing of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.i18n import language
from twinview.model.twin import Layer, Twin
from twinview.scene.attributes import choices, coloured
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.painting import Beside
from twinview.scene.parts import are, has_value
from twinview.scene.styling import Style, column_key, restyled
from twinview.scene.theme import is_colour, rgb
from twinview.scene.titles import title
from twinview.scene.view import Theme


@dataclass(frozen=True, eq=False)
class Dye:
    """What the elements of a layer look like by themselves.

    Parameters
    ----------
    by
        Column, or ``#rrggbb``.
    colour
        Shape (n, 3), uint8.
    missing
        Shape (n,), bool: elements without a value in the column.
    legend
        What the colours mean.
    """

    by: str
    colour: npt.NDArray[np.uint8]
    missing: npt.NDArray[np.bool_]
    legend: Legend


def dyed(
    twin: Twin,
    paints: Mapping[str, Paint],
    order: Iterable[str],
    beside: Beside,
    theme: Theme,
) -> tuple[dict[str, Paint], tuple[Legend, ...]]:
    """Return paints in which layers that the overlay says nothing of have colours of their own.

    No colour is reckoned again while time runs.

    Parameters
    ----------
    twin, paints
        The district, and what it looks like otherwise.
    order
        Ids of all layers, as the legends shall follow each other.
    beside, theme
        What is wanted of the layers and of their columns, and for which look.
    """
    made, legends = dict(paints), []
    for key in order:
        by = beside.layers[key].colour if key in beside.layers and key in paints else ""
        style = beside.styles.get(column_key(key, by))
        found = dye(twin.layers[key], by, style, theme) if by else None
        if found is None:
            continue
        # What no overlay speaks of is the very same each time: the painter then writes nothing.
        worn = (_worn if paints[key].quantity else _lasting)(paints[key], found)
        if worn is not None:
            made[key] = worn
            legends.append(found.legend)
    return made, tuple(legends)


def able(layer: Layer, by: str) -> bool:
    """Tell whether a layer can be coloured by a column, or whether that is a colour."""
    return is_colour(by) or by in choices(layer)


def dye(layer: Layer, by: str, style: Style | None, theme: Theme) -> Dye | None:
    """Return what the elements of a layer look like by a column; None where there is none.

    Parameters
    ----------
    layer
        The layer.
    by
        Column, or ``#rrggbb``.
    style, theme
        How the column is coloured, and for which look.
    """
    return _dye(layer, by, style, theme, language())


@lru_cache(maxsize=64)
def _dye(layer: Layer, by: str, style: Style | None, theme: Theme, lang: str) -> Dye | None:
    del lang  # part of the cache key: what the legend says differs by language
    if not able(layer, by):  # the data are others than when it was chosen
        return None
    if is_colour(by):
        name = title(layer)
        legend = Legend("", "", (0.0, 1.0), (by,), classes=(name,), words=(name,), theme=theme)
        colour = np.tile(np.array(rgb(by), np.uint8), (len(layer), 1))
        return Dye(by, colour, np.zeros(len(layer), np.bool_), replace(legend, layer=layer.id))
    paints, legend = restyled(
        coloured(layer, by, theme, style.words if style is not None else ()), style
    )
    missing = are(paints[0].state, State.MISSING)
    return Dye(by, paints[0].colour, missing, replace(legend, layer=layer.id))


def _bare(paint: Paint) -> npt.NDArray[np.bool_] | None:
    """Return which elements have the colour of their kind; None where any has the overlay's."""
    bare = are(paint.state, State.PLAIN)
    if paint.quantity == "power" and paint.width is not None:
        # A line that is drawn by its power has its own colour, also where that is estimated.
        bare = bare | are(paint.state, State.ESTIMATED)
    seen = bare if paint.out is None else bare & ~paint.out
    return bare if seen.any() and not (has_value(paint.state) & ~bare).any() else None


def _worn(paint: Paint, found: Dye) -> Paint | None:
    """Return a paint in a layer's own colours; None where it has the overlay's."""
    bare = _bare(paint)
    return (
        None
        if bare is None
        else replace(
            paint,
            colour=np.where(bare[:, None], found.colour, paint.colour),
            state=np.where(bare & found.missing, np.uint8(State.MISSING), paint.state),
            by=found.by,
        )
    )


_lasting = lru_cache(maxsize=64)(_worn)
