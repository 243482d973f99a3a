"""What a planner reads: intensities, own use, carbon-free match, peaks, and what carbon is like.

Intensity over a period is the sum of the carbon over the sum of the energy, never the mean of the
intensities of its steps: hours in which nobody uses power would count as much as the peak.
Emitted, avoided and offset carbon are different things and are kept apart; see `scopes.Statement`.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats

EQUIVALENTS = Path(__file__).with_name("data") / "equivalents.csv"


def period_intensity(carbon: ArrayLike, energy: ArrayLike, kg_to_g: float = 1000.0) -> Floats:
    """Return the intensity of a period: sum of carbon over sum of energy.

    Steps in which one of the two is not known are left out of both sums.

    Parameters
    ----------
    carbon
        In kg, of each step. Shape [T] or [T, n].
    energy
        In kWh, of the same shape.
    kg_to_g
        Unit of the result: 1000 for g/kWh, 1 for kg/kWh.

    Returns
    -------
    Floats
        Shape [] or [n]; NaN where no energy was used.
    """
    mass, used = np.asarray(carbon, dtype=np.float64), np.asarray(energy, dtype=np.float64)
    if mass.shape != used.shape or mass.ndim not in (1, 2):
        raise ValueError("carbon and energy must have the same shape, [T] or [T, n]")
    known = np.isfinite(mass) & np.isfinite(used)
    return per(np.where(known, mass, 0).sum(axis=0) * kg_to_g, np.where(known, used, 0).sum(axis=0))


def per(amount: ArrayLike, size: ArrayLike) -> Floats:
    """Return an amount for each m2, person, or unit of output.

    Parameters
    ----------
    amount
        Such as kg of a year. Shape [n].
    size
        Floor area in m2, number of persons, output in 10,000 yuan. Shape [n] or one number.

    Returns
    -------
    Floats
        Shape [n]; NaN where the size is not known, zero or negative: there is nothing to share by.
    """
    top, bottom = np.broadcast_arrays(
        np.asarray(amount, dtype=np.float64), np.asarray(size, dtype=np.float64)
    )
    result = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=result, where=bottom > 0)
    return result


@dataclass(frozen=True)
class OwnUse:
    """How generation and load meet on site, as sums over the period in the unit of the input.

    Parameters
    ----------
    matched
        Generation used on site, in the step or by way of the store.
    generation, load
        Sums.
    """

    matched: float
    generation: float
    load: float

    @property
    def self_consumption(self) -> float:
        """Share of the generation that is used on site; NaN without generation."""
        return self.matched / self.generation if self.generation > 0 else np.nan

    @property
    def self_sufficiency(self) -> float:
        """Share of the load that is met on site; NaN without load."""
        return self.matched / self.load if self.load > 0 else np.nan


def own_use(generation: ArrayLike, load: ArrayLike, storage: ArrayLike = 0.0) -> OwnUse:
    """Match generation and load step by step.

    Luthander et al. 2015 (Applied Energy 142, 80-94), eq. 1-5: M = min(L, P + S) with S the power
    of the store, positive when it discharges. A store that charges from the grid makes both
    shares too large; the formula cannot tell.

    Parameters
    ----------
    generation, load
        Power or energy of each step, not negative. Shape [T] or [T, n] (added up).
    storage
        Power at the terminals, positive when charging.

    Raises
    ------
    ValueError
        A value is negative or missing.
    """
    made, used, stored = (_summed(table) for table in (generation, load, storage))
    if not all(np.isfinite(table).all() for table in (made, used, stored)):
        raise ValueError("own use cannot be told where a step has no value")
    if (made < 0).any() or (used < 0).any():
        raise ValueError("generation and load must not be negative")
    matched = np.maximum(np.minimum(used, made - stored), 0.0)
    return OwnUse(float(matched.sum()), float(made.sum()), float(used.sum()))


def curtailment(available: ArrayLike, used: ArrayLike) -> float:
    """Return the share of the available generation that was thrown away; NaN if none was there.

    Parameters
    ----------
    available
        What sun and wind offered. Shape [T] or [T, n].
    used
        What was fed in; at most as much. Same shape.

    Raises
    ------
    ValueError
        More was used than there was.
    """
    offered, taken = np.asarray(available, np.float64), np.asarray(used, np.float64)
    if (taken > offered * (1 + 1e-9)).any():
        raise ValueError("more generation was used than was available")
    total = float(offered.sum())
    return float((offered - taken).sum()) / total if total > 0 else np.nan


@dataclass(frozen=True)
class Match:
    """Carbon-free supply against load.

    Parameters
    ----------
    hourly
        sum min(load, supply) / sum load: what was carbon-free when it was used.
    annual
        min(1, sum supply / sum load): what a certificate bought for any hour makes of it.
    """

    hourly: float
    annual: float


def carbon_free_match(load: ArrayLike, carbon_free: ArrayLike) -> Match:
    """Compare carbon-free supply with load step by step, and over the whole period.

    The step-wise score is the one of 24/7 carbon-free energy (Google 2021, "24/7 Carbon-Free
    Energy: Methodologies and Metrics"): surplus of one hour does not count for another.

    Parameters
    ----------
    load
        Energy used in each step. Shape [T].
    carbon_free
        Carbon-free energy in each step: own generation, contracts, and the carbon-free share of
        what the grid delivered, if that is to count. Shape [T].

    Raises
    ------
    ValueError
        A value is negative or missing.
    """
    used, clean = np.asarray(load, np.float64), np.asarray(carbon_free, np.float64)
    if not (used >= 0).all() or not (clean >= 0).all() or used.shape != clean.shape:
        raise ValueError("load and carbon_free must be of one length, without gaps, not negative")
    total = float(used.sum())
    if total <= 0:
        return Match(np.nan, np.nan)
    hourly = float(np.minimum(used, clean).sum()) / total
    return Match(hourly, min(1.0, float(clean.sum()) / total))


@dataclass(frozen=True)
class Peak:
    """The largest power of a period.

    Parameters
    ----------
    power, step
        In kW, and the step in which it occurs first.
    load_factor
        Mean over peak.
    full_load_hours
        Energy over peak (or over the rating that was given), in hours.
    """

    power: float
    step: int
    load_factor: float
    full_load_hours: float


def peak(power: ArrayLike, step_hours: float = 1.0, rating: float | None = None) -> Peak:
    """Return the peak, the load factor and the full-load hours; missing steps are left out.

    Parameters
    ----------
    power
        In kW. Shape [T].
    step_hours
        Length of a step.
    rating
        Rated power in kW for the full-load hours of a plant; its own peak where not given.

    Raises
    ------
    ValueError
        No step has a value.
    """
    values = np.asarray(power, dtype=np.float64)
    known = np.isfinite(values)
    if values.ndim != 1 or not known.any():
        raise ValueError("power must be a vector with at least one value")
    step = int(np.nanargmax(values))
    top, energy = float(values[step]), float(values[known].sum()) * step_hours
    base = top if rating is None else rating
    return Peak(
        top,
        step,
        float(values[known].mean()) / top if top > 0 else np.nan,
        energy / base if base > 0 else np.nan,
    )


@dataclass(frozen=True)
class Equivalent:
    """Carbon in everyday terms, with the factor that was used.

    Parameters
    ----------
    id, title
        Such as gasoline_litres, "litres of petrol burnt".
    value
        How many.
    factor
        kg CO2 of one.
    source, verified
        Who says so, and how well that was checked (as for emission factors).
    """

    id: str
    title: str
    value: float
    factor: float
    source: str
    verified: str


def equivalents(carbon: float, table: Path = EQUIVALENTS) -> tuple[Equivalent, ...]:
    """Say what an amount of carbon is like. Each answer carries its factor and source.

    Parameters
    ----------
    carbon
        In kg.
    table
        CSV with the columns id, title, factor (kg each), source, verified.
    """
    with table.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Equivalent(row["id"], row["title"], carbon / float(row["factor"]),
                       float(row["factor"]), row["source"], row["verified"])
            for row in csv.DictReader(stream)
        )  # fmt: skip


def _summed(values: ArrayLike) -> Floats:
    table = np.atleast_1d(np.asarray(values, dtype=np.float64))
    return table if table.ndim == 1 else np.asarray(table.sum(axis=1), dtype=np.float64)
