"""Numbers as a reader sees them: one grouping, sign and count of digits everywhere."""

import math
from collections.abc import Sequence
from functools import cache
from numbers import Integral

import numpy as np

from twinview.model.quantities import factor
from twinview.scene.manner import readable

GROUP = "\u202f"
"""Between groups of three digits: narrow and not breaking."""
SPACE = "\u00a0"
"""Between a number and its unit: not breaking."""
MINUS = "\u2212"
NOTHING = "\u2013"
"""What stands where there is no number."""

_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SMALLEST, _LARGEST = 1e-4, 1e15
_CLOSE = 1e-9
_NOISE = {
    "kW": 1e-9, "kvar": 1e-9, "kWh": 1e-9, "kg/h": 1e-9, "kg": 1e-9, "g/kWh": 1e-6, "%": 1e-6,
    "p.u.": 1e-9,
}  # fmt: skip
"""What is no more than the rounding of a solver: a millionth of the smallest amount that anybody
meters (a watt, a watt hour, a gram), of a gram in a kilowatt hour, and of a percent."""


@cache
def _noise(unit: str) -> float:
    """Return the size below which a value in a unit reads 0; 0 for units without such a size."""
    for known, least in _NOISE.items():
        try:
            return least / factor(unit, known)
        except ValueError:  # of another dimension
            continue
    return 0.0


def cleared(value: float, unit: str) -> float:
    """Return a value as it is shown in a unit: 0 where it is the rounding of a solver.

    What a solver leaves of nothing, such as 1e-12 kW, says no more than 0 and reads as much. The
    size that counts as nothing belongs to the unit, whatever else is shown: a millionth of a watt,
    a watt hour or a gram (1e-9 kW, kvar, kWh, kg, kg/h), 1e-6 g/kWh, 1e-6 % and 1e-9 p.u., and the
    same in units that can be turned into these. Units of other dimensions have none. Numbers that
    are stored, computed with or exported never come by here.

    Parameters
    ----------
    value, unit
        What would be shown.
    """
    return 0.0 if abs(value) < _noise(unit) else value


def number(value: float, digits: int = 3, unit: str = "", of: str = "") -> str:
    """Return a number with sensible digits, groups of thousands and its unit.

    What is smaller than the rounding of a solver reads 0 (`cleared`).

    Parameters
    ----------
    value
        Whole numbers (`int`) keep all their digits; others are rounded, but never above the point.
    digits
        Significant digits of a number that is not whole.
    unit
        Written behind the number, if given.
    of
        Unit of the value where that is written elsewhere.
    """
    if unit or of:
        value = cleared(value, unit or of) if value is not None else value
    value, unit = readable(value, unit) if unit else (value, unit)
    text = _plain(value, digits)
    return text + SPACE + unit if unit and text != NOTHING else text


def change(value: float, digits: int = 3, unit: str = "", of: str = "") -> str:
    """Return a difference as `number` does, with a plus where it reads above zero."""
    text = number(value, digits, unit, of)
    return "+" + text if value > 0 and cleared(value, unit or of) else text


def percent(share: float, digits: int = 2) -> str:
    """Return a share (0.62) in percent (``62 %``)."""
    return number(round(share * 100, 9), digits, "%")


def fixed(value: float, decimals: int) -> str:
    """Return a number with a fixed count of decimals, for columns that stand under each other."""
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{value:,.{decimals}f}".replace(",", GROUP)
    if text.startswith("-"):
        # "−0.0" would say that something small is below zero where the reader can see only zero
        return text[1:] if not any(c in "123456789" for c in text) else MINUS + text[1:]
    return text


def signed(value: float, decimals: int) -> str:
    """Return a difference with a fixed count of decimals, with a plus where it is above zero."""
    text = fixed(value, decimals)
    return "+" + text if value > 0 and any(c in "123456789" for c in text) else text


def ticks(values: Sequence[float]) -> list[str]:
    """Return the texts of the marks of one axis, all with as many decimals as the finest needs."""
    decimals = max((_decimals_needed(value) for value in values), default=0)
    return [fixed(value, decimals) for value in values]


def round_steps(low: float, high: float, count: int = 4) -> list[float]:
    """Return round values (1, 2 or 5 times a power of ten apart) within `low` and `high`.

    About `count` of them.
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [low] if math.isfinite(low) else []
    step = round_up((high - low) / max(count, 1))
    first, last = math.ceil(low / step - _CLOSE), math.floor(high / step + _CLOSE)
    return [float(np.round(k * step, 12)) for k in range(first, last + 1)]


def round_up(value: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ... (and 0.5, 0.2, ...) that is not below `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= value * (1 - _CLOSE))


def round_down(value: float) -> float:
    """Return the last of 1, 2, 5, 10, 20, ... (and 0.5, 0.2, ...) that is not above `value`."""
    power = 10.0 ** math.floor(math.log10(value) + _CLOSE)
    return next(k * power for k in (5, 2, 1) if k * power <= value * (1 + _CLOSE))


def _plain(value: float, digits: int) -> str:
    if value is None or not math.isfinite(value):
        return NOTHING
    if isinstance(value, Integral):
        return fixed(value, 0)
    value = float(value)
    if value == 0:
        return "0"
    # The exponent after rounding, so that 9.996 becomes 10.0 and not 10.00
    mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
    if _SMALLEST <= abs(value) < _LARGEST:
        return fixed(value, max(0, digits - 1 - int(exponent)))
    sign = MINUS if value < 0 else ""
    return f"{sign}{mantissa}{GROUP}×{GROUP}10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def _decimals_needed(value: float, most: int = 6) -> int:
    if not math.isfinite(value):
        return 0
    for decimals in range(most):
        if abs(round(value, decimals) - value) <= _CLOSE * max(1.0, abs(value)):
            return decimals
    return most
