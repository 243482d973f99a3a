"""Paths from a base year to a target, and the budget under them.

A path is a row of annual emissions. Rates are fractions a year, and shares are of the base year.
An intensity target is no cap: it permits emissions to grow with what they are divided by.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats

ABSOLUTE_CONTRACTION_RATE = 0.042
"""Linear annual reduction as a share of base-year emissions: SBTi, absolute contraction, 1.5 °C.

SBTi has announced a revision; pass the rate that applies.
"""


def linear(
    base: float, target: float, base_year: int, target_year: int, years: ArrayLike
) -> Floats:
    """Return the straight line between two years, level after the target.

    Parameters
    ----------
    base, target
        Emissions in the base year and in the target year, in one unit.
    base_year, target_year
        Calendar years.
    years
        Years wanted, not before the base year. Shape [Y].

    Raises
    ------
    ValueError
        The target year is not after the base year, or a year lies before it.
    """
    passed = _passed(base_year, target_year, years)
    return base + (target - base) * passed / (target_year - base_year)


def compound(
    base: float, target: float, base_year: int, target_year: int, years: ArrayLike
) -> Floats:
    """Return the path that falls by the same share each year; see `linear`.

    Parameters
    ----------
    base, target
        Emissions, above 0: a path of constant rate never reaches zero.
    base_year, target_year, years
        Calendar years.

    Raises
    ------
    ValueError
        Years or emissions do not make a path.
    """
    rate = compound_rate(target / base, target_year - base_year)
    path: Floats = base * (1.0 - rate) ** _passed(base_year, target_year, years)
    return path


def compound_rate(ratio: float, years: float) -> float:
    """Return the annual reduction that makes `ratio` of the start in some years: 1 - ratio^(1/n).

    Parameters
    ----------
    ratio
        End over start, above 0.
    years
        How many.

    Raises
    ------
    ValueError
        The ratio or the number of years is not above 0.
    """
    if not ratio > 0 or not years > 0:
        raise ValueError("a constant annual rate needs a ratio and a number of years above 0")
    return float(1.0 - ratio ** (1.0 / years))


def absolute_contraction(
    base: float, base_year: int, years: ArrayLike, rate: float = ABSOLUTE_CONTRACTION_RATE
) -> Floats:
    """Return the path that loses the same share of the *base year* each year, down to zero.

    Parameters
    ----------
    base
        Emissions in the base year.
    base_year
        Calendar year.
    years
        Years wanted, not before the base year. Shape [Y].
    rate
        Share of the base year's emissions lost in each year.

    Raises
    ------
    ValueError
        A year lies before the base year.
    """
    passed = _passed(base_year, None, years)
    return np.asarray(base * np.maximum(1.0 - rate * passed, 0.0), dtype=np.float64)


def convergence(own: float, sector: ArrayLike, activity_share: ArrayLike = 1.0) -> Floats:
    """Return intensities that converge to a sector's: I = d p m + SI.

    Sectoral decarbonization approach (Krabbe et al. 2015, Nature Climate Change 5, 1057-1060):
    d = own - SI at the start, p the part of the sector's way still to go (1 at the start, 0 at the
    end), m the ratio of the base-year market share to the one of the year.

    Parameters
    ----------
    own
        Own intensity in the base year.
    sector
        Intensity of the sector from base year to target year. Shape [Y], Y >= 2.
    activity_share
        m. Shape [Y] or one number.

    Raises
    ------
    ValueError
        The sector does not move.
    """
    way = np.asarray(sector, dtype=np.float64)
    if way.ndim != 1 or way.size < 2 or way[0] == way[-1]:
        raise ValueError("the sector's intensity must change between base year and target year")
    open_share = (way - way[-1]) / (way[0] - way[-1])
    share = np.asarray(activity_share, dtype=np.float64)
    return np.asarray((own - way[0]) * open_share * share + way, dtype=np.float64)


def intensity_target_ratio(reduction: float, growth: ArrayLike) -> float:
    """Return how large emissions may become under an intensity target: (1 - r) * prod(1 + g).

    Parameters
    ----------
    reduction
        Required fall of emissions per unit of output, such as 0.18.
    growth
        Growth of the output in each year. Shape [n].
    """
    return float((1.0 - reduction) * np.prod(1.0 + np.asarray(growth, dtype=np.float64)))


@dataclass(frozen=True)
class Status:
    """Where emissions stand against a cumulative budget.

    Parameters
    ----------
    budget, used, remaining
        In the unit of the input; remaining is negative where the budget is spent.
    gap
        Used less what the path allowed until then: positive is too much. This, not the last year,
        decides the state.
    rate
        Burn rate per year.
    exhausted
        Year in which the budget is spent at this rate, as a fraction of years; NaN where nothing
        is emitted any more.
    state
        `on_track`, `behind` (used more than allowed so far) or `exhausted`.
    """

    budget: float
    used: float
    remaining: float
    gap: float
    rate: float
    exhausted: float
    state: Literal["on_track", "behind", "exhausted"]


def budget_status(
    years: ArrayLike,
    path: ArrayLike,
    actual: ArrayLike,
    *,
    include_base: bool,
    rate: float | None = None,
) -> Status:
    """Compare what was emitted with the budget under a path.

    Parameters
    ----------
    years
        Calendar years of the path, one after the other, the base year first. Shape [Y].
    path
        Allowed emissions of each. Shape [Y].
    actual
        Emissions of the first years of it. Shape [m], 1 <= m <= Y.
    include_base
        Whether the base year counts. There is no usual answer, so it must be said.
    rate
        Emissions a year from now on; those of the last known year where not given.

    Raises
    ------
    ValueError
        Lengths do not fit, or years are not consecutive.
    """
    calendar, allowed, known = (np.asarray(row, np.float64) for row in (years, path, actual))
    if calendar.shape != allowed.shape or (np.diff(calendar) != 1).any():
        raise ValueError("years must be consecutive, and path must have as many values")
    first = 0 if include_base else 1
    if not first < known.size <= allowed.size:
        raise ValueError("actual must cover at least the first year that counts, and no more years"
                         " than the path")  # fmt: skip
    budget, used = float(allowed[first:].sum()), float(known[first:].sum())
    gap = used - float(allowed[first : known.size].sum())
    burn = float(known[-1]) if rate is None else rate
    left = budget - used
    end = float(calendar[known.size - 1]) + 1.0
    state: Literal["on_track", "behind", "exhausted"]
    state = "exhausted" if left <= 0 else "behind" if gap > 0 else "on_track"
    return Status(budget, used, left, gap, burn, end + left / burn if burn > 0 else np.nan, state)


def prorate(quota: float, reference: ArrayLike) -> Floats:
    """Spread a year's quota over its steps like a reference year, so that winter may use more.

    Parameters
    ----------
    quota
        Of the year.
    reference
        Emissions of the reference year in each step, not negative. Shape [T].

    Returns
    -------
    Floats
        Allowance of each step; the sum is the quota. Flat where the reference is zero throughout.

    Raises
    ------
    ValueError
        A reference value is negative or missing.
    """
    shape = np.asarray(reference, dtype=np.float64)
    if shape.ndim != 1 or not shape.size or not (shape >= 0).all() or np.isinf(shape).any():
        raise ValueError("reference must be a vector of numbers, none negative or missing")
    total = shape.sum()
    share = shape / total if total > 0 else np.full(shape.size, 1.0 / shape.size)
    return np.asarray(quota * share, dtype=np.float64)


def _passed(base_year: int, target_year: int | None, years: ArrayLike) -> Floats:
    wanted = np.asarray(years, dtype=np.float64)
    if target_year is not None and target_year <= base_year:
        raise ValueError("the target year must come after the base year")
    if (wanted < base_year).any():
        raise ValueError("a path begins in its base year; earlier years are history")
    last = np.inf if target_year is None else target_year
    return np.asarray(np.minimum(wanted, last) - base_year, dtype=np.float64)
