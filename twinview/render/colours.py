"""The colours that things have of their own, where an overlay says nothing about them."""

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer
from twinview.render.meshes.sites import kinds
from twinview.scene.theme import LOOKS, Look, line_colour, rgb
from twinview.scene.view import Theme

Colours = npt.NDArray[np.uint8]

_PANEL: dict[Theme, str] = {"light": "#34527f", "dark": "#41659f"}
_MAST: dict[Theme, str] = {"light": "#f6f7f8", "dark": "#a9b7cd"}
_BOX: dict[Theme, str] = {"light": "#39424e", "dark": "#7486a3"}


def own(layer: Layer, theme: Theme) -> Colours:
    """Return the colour of each element of a layer without paint, shape (n, 3)."""
    look = LOOKS[theme]
    if layer.kind == "tree":
        return _varied(look.tree, len(layer))
    if layer.kind in {"place", "site", "road"}:
        table = _kinds(look, theme)
        default = rgb(_general(look, theme)[layer.kind])
        return np.array(
            [rgb(table[kind]) if kind in table else default for kind in kinds(layer)],
            dtype=np.uint8,
        ).reshape(-1, 3)
    if layer.kind == "pipe":
        colour = rgb(line_colour(layer, look))
    else:
        colour = rgb(_general(look, theme).get(layer.kind, look.site))
    return np.tile(np.array(colour, dtype=np.uint8), (len(layer), 1))


def _general(look: Look, theme: Theme) -> dict[str, str]:
    """Return the colour of each kind of layer."""
    return {
        "building": look.clay, "annex": look.clay, "line": look.line, "road": look.road,
        "place": look.field, "site": look.site, "transformer": _BOX[theme], "storage": look.site,
        "converter": _BOX[theme],
        "tree": look.tree,
    }  # fmt: skip


def _kinds(look: Look, theme: Theme) -> dict[str, str]:
    """Return the colour of each kind of place and site."""
    return {
        "field": look.field, "wood": look.wood, "water": look.water, "settlement": look.settlement,
        "panel_row": _PANEL[theme], "solar_park": look.field, "wind_turbine": _MAST[theme],
        "mast_5g": _MAST[theme], "station": _BOX[theme], "battery": look.site,
        "substation": look.road, "ev_hub": look.road,
    }  # fmt: skip


def _varied(colour: str, n: int) -> Colours:
    """Return nearly the same colour n times: a wood of one colour looks like plastic."""
    factor = 1 + 0.10 * (np.modf(np.arange(n) * 0.618034)[0] - 0.5)
    return np.asarray(np.clip(np.array(rgb(colour)) * factor[:, None], 0, 255), dtype=np.uint8)
