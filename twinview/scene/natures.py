"""What the steps of a curve are made of: known values, estimates, forecasts, or several at once."""

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.scene.words import ORIGINS, listed

Natures = npt.NDArray[np.uint8]
"""Sets of natures as bits, 0 where there is nothing."""
KNOWN, GENERATED, MODELLED, FORECAST = 1, 2, 4, 8
ESTIMATED = GENERATED | MODELLED
NAMES = {GENERATED: "generated", MODELLED: "modelled", FORECAST: "forecast"}
"""Origins that are said of a value; all others are known values."""


def unknown(count: int) -> Natures:
    """Return steps of which nothing is said."""
    return np.zeros(count, dtype=np.uint8)


def nature_of(origin: str) -> np.uint8:
    """Return the nature of values of an origin (`twinview.model.series.Meaning`)."""
    return np.uint8(next((bit for bit, name in NAMES.items() if name == origin), KNOWN))


def words(nature: int) -> str:
    """Return what a value is made of, where that is not what everybody takes it for."""
    found = [_(ORIGINS[name]) for bit, name in NAMES.items() if nature & bit]
    if not found:
        return ""
    said = listed(found)
    return said if nature in NAMES else _("{origins} in part", origins=said)


def named_natures(text: str, nature: int) -> str:
    """Return a text with what its value is made of behind it."""
    said = words(nature)
    return _("{what} ({more})", what=text, more=said) if said else text
