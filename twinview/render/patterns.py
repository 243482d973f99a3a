"""Patterns that say why a value looks as it does, as one small picture: a tile per state.

A look-up in a picture costs a software renderer a tenth of what drawing the patterns in the shader
does, because it runs every branch.
"""

import numpy as np
import numpy.typing as npt

from twinview.scene.paint import State
from twinview.scene.theme import LOOKS, rgb
from twinview.scene.view import Theme

TILE = 48
"""Side of a tile, pixels as people see them: a multiple of every period."""
STATES = 8

Grid = npt.NDArray[np.float64]


def picture(theme: Theme, pixel: float) -> npt.NDArray[np.uint8]:
    """Return tiles side by side, shape (side, 8 * side, 4): colour of the pattern and its strength.

    Parameters
    ----------
    theme
        Light or dark.
    pixel
        Device pixels for one pixel as people see it.
    """
    look = LOOKS[theme]
    side = size(pixel)
    across = (np.arange(side) + 0.5) * TILE / side
    x, y = np.meshgrid(across, across)
    soft = TILE / side
    over = look.text if theme == "dark" else look.panel
    tiles: dict[State, tuple[str, Grid]] = {
        State.MISSING: (look.text_soft, 0.62 * _stripe(x + y, 6.0, 1.7, soft)),
        State.PENDING: (look.text_soft, 0.8 * _dot(x, y, 6.0, 1.35, soft)),
        State.FAILED: (
            look.error,
            0.85 * np.maximum(_stripe(x + y, 8.0, 1.7, soft), _stripe(x - y, 8.0, 1.7, soft)),
        ),
        State.LACKING: (
            look.error,
            0.85 * np.maximum(_stripe(x, 8.0, 1.4, soft), _stripe(y, 8.0, 1.4, soft)),
        ),
        State.ESTIMATED: (look.edge, 0.55 * _dot(x, y + 4 * (x // 8), 8.0, 1.3, soft)),
        State.OVER: (over, 0.8 * _stripe(x - y, 8.0, 2.5, soft)),
    }
    result = np.zeros((side, STATES * side, 4), dtype=np.uint8)
    for state, (colour, strength) in tiles.items():
        own = result[:, state * side : (state + 1) * side]
        own[..., :3] = rgb(colour)
        own[..., 3] = np.round(strength * 255)
    return result


def size(pixel: float) -> int:
    """Return the side of a tile in device pixels."""
    return round(TILE * pixel)


def _stripe(x: Grid, period: float, width: float, soft: float) -> Grid:
    """Return stripes across x: 1 inside, 0 outside, a ramp of `soft` between."""
    off = np.abs(np.mod(x, period) - period / 2) / np.sqrt(2)
    return np.asarray(np.clip((width / 2 - off) / soft + 0.5, 0.0, 1.0))


def _dot(x: Grid, y: Grid, period: float, radius: float, soft: float) -> Grid:
    """Return round dots on a grid."""
    off = np.hypot(np.mod(x, period) - period / 2, np.mod(y, period) - period / 2)
    return np.asarray(np.clip((radius - off) / soft + 0.5, 0.0, 1.0))
