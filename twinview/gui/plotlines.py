"""A figure to plot, and its lines: how they look, where they pass, where their numbers stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QPen

from twinview.draw.ink import dark
from twinview.gui.style import look_now
from twinview.scene.theme import stops

Floats = npt.NDArray[np.float64]
LINE = 11.0
"""Between numbers that stand below each other, logical pixels."""
_DASHES = ((), (6.0, 3.0), (2.0, 2.5), (8.0, 3.0, 2.0, 3.0))


@dataclass(frozen=True, eq=False)
class Figure:
    """What is to be plotted.

    Parameters
    ----------
    title, unit, foot
        What it is, in which unit, and what stands along the x axis.
    x
        Places of the values. Shape (k,).
    lines
        Values of each line, NaN for gaps. Shapes (k,).
    band
        Lower and upper edge of an area, or None. Shapes (k,).
    bars
        Whether there are bars in place of lines.
    ticks
        Places along x, and what is written there.
    ends
        First and last x.
    first
        Place of the first value among the steps of the data, where there are others before it.
    names
        What each place along x is called where something asks about it; () for steps of the data.
    """

    title: str
    unit: str
    foot: str
    x: Floats
    lines: tuple[Floats, ...]
    ticks: tuple[tuple[float, str], ...]
    ends: tuple[float, float]
    band: tuple[Floats, Floats] | None = None
    bars: bool = False
    first: int = 0
    names: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether there is any value."""
        return any(np.isfinite(one).any() for one in self.lines)

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Lowest and highest value, zero among them."""
        parts = [*self.lines, *(self.band or ())]
        held = np.concatenate(parts) if parts else np.empty(0)
        held = held[np.isfinite(held)]
        if not held.size:
            return 0.0, 1.0
        low, high = min(0.0, float(held.min())), max(0.0, float(held.max()))
        return low, high if high > low else low + 1.0


def ink_of(k: int) -> QColor:
    """Return the colour of the k-th line."""
    inks = stops("categories", "dark" if dark(look_now()) else "light")
    return QColor(inks[k % len(inks)])


def pen_of(k: int) -> QPen:
    """Return colour and dashes of the k-th line: no two of twelve share both."""
    pen = QPen(ink_of(k), 1.8)
    dashes = _DASHES[(k + k // 8) % len(_DASHES)]
    if dashes:
        pen.setDashPattern(list(dashes))
    return pen


def spread(ends: list[float], bottom: float) -> list[float]:
    """Return where numbers stand, each at the end of its line unless it would touch another.

    Parameters
    ----------
    ends
        Heights of the ends of the lines, ascending, logical pixels from above.
    bottom
        Below which no number stands.
    """
    places: list[float] = []
    for end in ends:
        places.append(max(end, places[-1] + LINE) if places else end)
    lowest = bottom
    for k in reversed(range(len(places))):
        places[k] = min(places[k], lowest)
        lowest = places[k] - LINE
    return places


def nearest(
    x: Floats,
    lines: Sequence[Floats],
    at: tuple[float, float],
    scale: tuple[float, float],
    reach: float,
) -> int:
    """Return the line that passes closest to a place, -1 where none does within reach.

    Parameters
    ----------
    x, lines
        Places along x, ascending, and the values of each line there. Shapes (k,).
    at
        x and y, as the values have them.
    scale
        Logical pixels for one of x, and for one of y.
    reach
        Logical pixels.
    """
    wide = reach / scale[0]
    first = max(int(np.searchsorted(x, at[0] - wide)) - 1, 0)
    last = int(np.searchsorted(x, at[0] + wide)) + 1
    across = (x[first:last] - at[0]) * scale[0]
    found, least = -1, reach
    for k, values in enumerate(lines):
        off = _distance(across, (values[first:last] - at[1]) * scale[1])
        if off <= least:
            found, least = k, off
    return found


def _distance(x: Floats, y: Floats) -> float:
    """Return how far the origin is from a line through points; infinite where it has gaps only."""
    dx, dy = np.diff(x), np.diff(y)
    length = np.maximum(dx * dx + dy * dy, 1e-12)
    along = np.clip(-(x[:-1] * dx + y[:-1] * dy) / length, 0.0, 1.0)
    off = np.hypot(x[:-1] + along * dx, y[:-1] + along * dy)
    known = off[np.isfinite(off)]
    return float(known.min()) if known.size else float("inf")
