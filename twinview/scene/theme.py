"""Colours of the light and the dark look, and the ramps that carry values."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Layer
from twinview.scene.tinting import tint
from twinview.scene.view import Theme


@dataclass(frozen=True)
class Look:
    """Named colours of one theme, ``#rrggbb``."""

    sky_top: str
    sky_bottom: str
    ground: str
    settlement: str
    field: str
    wood: str
    water: str
    road: str
    tree: str
    clay: str
    site: str
    line: str
    heat: str
    cooling: str
    gas: str
    accent: str
    edge: str
    text: str
    text_soft: str
    panel: str
    rim: str
    warning: str
    error: str
    roof_shade: float
    strong: bool = False
    """Whether cards are opaque and their lines as strong as the text."""


LOOKS: dict[Theme, Look] = {
    "light": Look(
        sky_top="#dfe5ea",
        sky_bottom="#f1f4f6",
        ground="#e9edf0",
        settlement="#f5f3ee",
        field="#eceee2",
        wood="#dfe7d8",
        water="#cfe0ee",
        road="#ffffff",
        tree="#b9c9a8",
        clay="#e6e4df",
        site="#c9ced6",
        line="#3f86d6",
        heat="#b8614c",
        cooling="#4b9d98",
        gas="#b0a065",
        accent="#1f78d1",
        edge="#5b5f66",
        text="#1b2430",
        text_soft="#5d6875",
        panel="#ffffff",
        rim="#5a6b7c",
        warning="#b35c00",
        error="#b3261e",
        roof_shade=1.0,
    ),
    "dark": Look(
        sky_top="#141d36",
        sky_bottom="#0d1426",
        ground="#111a30",
        settlement="#182340",
        field="#141f37",
        wood="#13253a",
        water="#16304f",
        road="#22304f",
        tree="#28445a",
        clay="#3a4256",
        site="#56607a",
        line="#5aaeea",
        heat="#d08a76",
        cooling="#5fb0aa",
        gas="#a8986a",
        accent="#5fd0ff",
        edge="#0a1020",
        text="#f2f6fc",
        text_soft="#93a1ba",
        panel="#111a30",
        rim="#d5ecff",
        warning="#ffb454",
        error="#ff7b72",
        roof_shade=1.0,
    ),
}

_RAMPS: dict[str, dict[Theme, tuple[str, ...]]] = {
    "carbon": {
        "light": ("#e9f5b1", "#f7cf6b", "#ea9a3e", "#c9572f", "#8c2d2a"),
        "dark": ("#f4fbd0", "#ffd873", "#ff9f45", "#e8623a", "#b5374a"),
    },
    "power": {
        "light": ("#dcebf7", "#a9cfec", "#6aaede", "#2f82c4", "#0f4f8f"),
        "dark": ("#f0f8ff", "#b9def8", "#7cbdf0", "#4393d8", "#2566ae"),
    },
    "net": {
        "light": ("#0c6b58", "#8fcdb8", "#f4f1e8", "#8dbfe6", "#0f4f8f"),
        "dark": ("#2fd0a6", "#9fe6cf", "#f4f1e8", "#86bff0", "#2f7fd6"),
    },
    "voltage": {
        "light": ("#542788", "#b3a6d2", "#f4f1e8", "#f1b165", "#9a4a06"),
        "dark": ("#8f63cf", "#c3b2e8", "#f4f1e8", "#f5b968", "#d9741c"),
    },
    "value": {
        "light": ("#e7f1d4", "#a9d8b0", "#5fb4ab", "#2f8098", "#1f4a78"),
        "dark": ("#f3fadf", "#bfe6bf", "#7cc7ba", "#4b98ae", "#38689c"),
    },
    "cividis": {
        "light": ("#fee838", "#c3b369", "#8a8678", "#575d6d", "#1c305f"),
        "dark": ("#fee838", "#d5c25d", "#aa9f73", "#7f7e78", "#5a6178"),
    },
    "viridis": {
        "light": ("#fde725", "#5ec962", "#21918c", "#3b528b", "#440154"),
        "dark": ("#fde725", "#8fd744", "#35b779", "#21918c", "#4a68a8"),
    },
    "grey": {
        "light": ("#f2f2f2", "#c8c8c8", "#9a9a9a", "#6a6a6a", "#333333"),
        "dark": ("#fafafa", "#d2d2d2", "#aaaaaa", "#858585", "#646464"),
    },
    "difference": {
        "light": ("#1f5fa8", "#9cc3e6", "#f4f1e8", "#f0b27a", "#a34a0c"),
        "dark": ("#3d8fe0", "#9ecbf5", "#f4f1e8", "#f7bd83", "#e07a26"),
    },
    "loading": {
        "light": ("#a6c4e2", "#4f97cf", "#f2c14e", "#e8743b", "#a50f3c"),
        "dark": ("#5b83ad", "#7cc4f0", "#ffd873", "#ff8a4c", "#ff4d73"),
    },
    "store": {
        "light": ("#e9f5b1", "#f7cf6b", "#ea9a3e", "#c9572f", "#8c2d2a"),
        "dark": ("#f4fbd0", "#ffd873", "#ff9f45", "#e8623a", "#b5374a"),
    },
    "categories": {
        "light": (
            "#4477aa",
            "#ee8866",
            "#44aa99",
            "#ddcc77",
            "#aa4499",
            "#88ccee",
            "#999933",
            "#882255",
        ),
        "dark": (
            "#77aadd",
            "#ffaa88",
            "#66ccbb",
            "#eedd88",
            "#cc77bb",
            "#99ddff",
            "#bbbb55",
            "#cc6688",
        ),
    },
}

RAMPS = tuple(_RAMPS)
"""Names of the ramps."""
DIVERGING = ("net", "voltage", "difference")
"""Ramps that are lightest at their centre; of the others, but for the classes, lightness falls."""
CLASSES = ("loading", "categories")
"""Colours that stand side by side."""


def is_colour(text: str) -> bool:
    """Tell whether a text is ``#rrggbb``."""
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue (0-255) of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def line_colour(layer: Layer, look: Look) -> str:
    """Return the colour of lines and pipes: that of the carrier that flows in them."""
    carrier = None
    if layer.kind == "pipe" and layer.has("carrier") and len(layer):
        carrier = layer.attributes["carrier"][0].as_py()
    own = {"heat": look.heat, "cooling": look.cooling, "gas": look.gas}
    return own.get(str(carrier), look.line)


def stops(ramp: str, theme: Theme) -> tuple[str, ...]:
    """Return the anchor colours of a ramp, low to high."""
    return _RAMPS[ramp][theme]


def table(ramp: str, theme: Theme) -> npt.NDArray[np.uint8]:
    """Return a ramp as a table of colours, shape (256, 3)."""
    return ramp_table(stops(ramp, theme))


@cache
def ramp_table(named: tuple[str, ...], size: int = 256) -> npt.NDArray[np.uint8]:
    """Return a ramp between anchor colours as a table, shape (size, 3)."""
    anchors = np.array([rgb(colour) for colour in named], dtype=float)
    where = np.linspace(0, len(anchors) - 1, size)
    columns = [np.interp(where, np.arange(len(anchors)), anchors[:, k]) for k in range(3)]
    colours = np.stack(columns, axis=1).round().astype(np.uint8)
    colours.setflags(write=False)
    return colours


def colours(
    values: npt.NDArray[np.floating], limits: tuple[float, float], ramp: str, theme: Theme
) -> npt.NDArray[np.uint8]:
    """Return the colour of each value, shape (n, 3); beyond the limits, the end colours.

    NaN takes the colour of things without a value; its state says why there is none.
    """
    low, high = limits
    ends = np.array([low, high - low if high > low else 1.0], dtype=values.dtype)
    made = np.empty((len(values), 3), dtype=np.uint8)
    single = values.dtype == np.float32 and values.flags.c_contiguous and np.isfinite(ends).all()
    (tint if single else tint.plain)(values, ends, _with_none(ramp, theme), made)
    return made


@cache
def _with_none(ramp: str, theme: Theme) -> npt.NDArray[np.uint8]:
    """Return a ramp as a table of colours, and behind them that of things without a value."""
    clay = np.array([rgb(LOOKS[theme].clay)], dtype=np.uint8)
    return np.concatenate([table(ramp, theme), clay])
