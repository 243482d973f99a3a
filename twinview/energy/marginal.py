"""Average and marginal intensity, kept apart by type.

The average attributes what was emitted: budgets, quotas and reports use it. The marginal says what
one kWh more or less would change: "shall I charge now" uses it. They may differ several times over
in the same hour, so each has its own class and its own verb, and neither takes the other's.

The marginal intensity here is that of a merit order: units are called by cost until the demand is
met, the last one called is the marginal unit, and a kWh at a consumer needs 1 + dLoss/dP at the
unit. No ramps, no minimum load, no network limits, no storage: for these, solve a dispatch.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats, Ints, as_column, as_series


@dataclass(frozen=True, eq=False)
class Average:
    """Attributional intensity: carbon of the supply over its energy. Shape [T]."""

    values: Floats
    kind = "average"

    def attributed(self, energy: ArrayLike) -> Floats:
        """Return the carbon that belongs to a use of energy.

        Parameters
        ----------
        energy
            In kWh. Shape [T].
        """
        return np.asarray(self.values * np.asarray(energy, np.float64), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Marginal:
    """Consequential intensity: what one kWh more (`more`) or less (`less`) changes. Shape [T].

    Where the demand just fills a unit, the next kWh is another unit's: the two differ.
    """

    more: Floats
    less: Floats
    kind = "marginal"

    def consequence(self, change: ArrayLike) -> Floats:
        """Return the change of emissions that a small change of use brings about.

        Parameters
        ----------
        change
            In kWh, positive for more. Shape [T].
        """
        step = np.asarray(change, dtype=np.float64)
        return np.asarray(np.where(step >= 0, self.more, self.less) * step, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class MeritOrder:
    """Who runs, and what that means.

    Parameters
    ----------
    power
        Of each unit. Shape [T, u].
    unit
        The one that would serve the next kWh; -1 where none is left. Shape [T].
    short
        Demand that nobody serves. Shape [T].
    degenerate
        Whether one more and one less are different units. Shape [T].
    average, marginal
        At the consumers: losses are in both. Average is NaN without demand, `more` where no
        unit is left, `less` where none runs.
    """

    power: Floats
    unit: Ints
    short: Floats
    degenerate: Bools
    average: Average
    marginal: Marginal


def merit_order(
    capacity: ArrayLike,
    cost: ArrayLike,
    intensity: ArrayLike,
    demand: ArrayLike,
    *,
    loss: ArrayLike = 0.0,
    incremental_loss: ArrayLike = 0.0,
) -> MeritOrder:
    """Call units by cost until the demand is met, in each step.

    Parameters
    ----------
    capacity
        What each unit can give (the weather's offer for sun and wind), in kW. Shape [T, u] or [u].
    cost, intensity
        For each kWh, equal costs called in the order given; and g/kWh at the terminals. Shape [u].
    demand
        At the consumers, in kW. Shape [T].
    loss
        Network loss that is served too, in kW. Shape [T] or one number.
    incremental_loss
        dLoss/dP: more loss for one kW more of demand. Shape [T] or one number.

    Raises
    ------
    ValueError
        Shapes do not fit, or a power is negative or missing.
    """
    wanted = np.atleast_1d(np.asarray(demand, dtype=np.float64))
    offer, price = _offers(capacity, cost, wanted.size)
    count = price.size
    rate = as_column(intensity, "intensity", count)
    needed = (wanted + as_column(loss, "loss", wanted.size))[:, None]
    factor = 1.0 + as_column(incremental_loss, "incremental_loss", wanted.size)
    if not (wanted >= 0).all() or (needed[:, 0] < wanted).any():
        raise ValueError("demand and loss must be numbers and not negative")
    order = np.argsort(price, kind="stable")
    filled = np.cumsum(offer[:, order], axis=1)
    served = np.minimum(filled, needed)
    power = np.empty_like(offer)
    power[:, order] = np.diff(served, axis=1, prepend=0.0)
    up, down = _ends(filled, served, offer[:, order], needed)
    named = np.append(rate[order], np.nan)
    marginal = Marginal(named[up] * factor, named[down] * factor)
    short = np.maximum(needed[:, 0] - served[:, -1], 0.0) if count else needed[:, 0]
    average = np.full(wanted.size, np.nan)
    np.divide(power @ rate, wanted, out=average, where=(wanted > 0) & (short <= 0))
    unit = np.append(order, -1)[up]
    return MeritOrder(power, unit, short, up != down, Average(average), marginal)


def _offers(capacity: ArrayLike, cost: ArrayLike, steps: int) -> tuple[Floats, Floats]:
    """Return capacity and cost, checked. [T, u], [u]."""
    count = np.asarray(cost).size
    offer = np.asarray(capacity, dtype=np.float64)
    if offer.ndim < 2:
        offer = np.broadcast_to(offer, (steps, count))
    offer = as_series(offer, "capacity", count, steps)
    if not (offer >= 0).all():
        raise ValueError("capacity must be numbers and not negative")
    return offer, as_column(cost, "cost", count)


def incremental_loss(loss: ArrayLike, loss_with_more: ArrayLike, more: float) -> Floats:
    """Return dLoss/dP from two power flows that differ by some demand.

    Parameters
    ----------
    loss, loss_with_more
        Network loss without and with it, in kW. Shape [T].
    more
        The demand added, in kW, small.
    """
    return np.asarray(
        (np.asarray(loss_with_more, np.float64) - np.asarray(loss, np.float64)) / more,
        dtype=np.float64,
    )


def _ends(filled: Floats, served: Floats, offer: Floats, needed: Floats) -> tuple[Ints, Ints]:
    """Return the places in the order of the next kWh and of the last one. [T] each."""
    none = offer.shape[1]
    free = (filled > needed) & (offer > 0)
    up = np.where(free.any(axis=1), free.argmax(axis=1), none)
    runs = np.diff(served, axis=1, prepend=0.0) > 0
    last = none - 1 - runs[:, ::-1].argmax(axis=1)
    return up, np.where(runs.any(axis=1), last, none)
