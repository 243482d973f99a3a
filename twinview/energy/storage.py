"""State of charge by rule: own use first, peak shaving, price, carbon, or a given plan.

Rules look at one step after the other, as a battery's controller does, so time is a loop and stores
are vectors. Each rule says what it would like; limits are never broken: what does not fit stays
with the grid.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats, as_column


def self_consumption(
    net_power: ArrayLike,
    capacity: ArrayLike,
    power: ArrayLike,
    eta_c: ArrayLike = 1.0,
    eta_d: ArrayLike = 1.0,
    standing_loss: ArrayLike = 0.0,
    energy0: ArrayLike = 0.0,
    step_hours: float = 1.0,
) -> tuple[Floats, Floats]:
    """Charge with what would be exported, discharge for what would be imported.

    Parameters
    ----------
    net_power
        Consumption less own generation where each store stands, in kW. Shape [T, s].
    capacity
        Energy that fits in, in kWh. Shape [s] or one number, like all that follow.
    power
        Most power at the terminals, in kW, either way.
    eta_c, eta_d
        Efficiency of charging and discharging, above 0 and up to 1.
    standing_loss
        Share of the content lost in each step; see `loss_per_step`.
    energy0
        Content at the start, in kWh.
    step_hours
        Length of a step.

    Returns
    -------
    tuple of Floats
        Power at the terminals, positive when charging, in kW, shape [T, s]; and the content from
        start to end in kWh, shape [T + 1, s].

    Raises
    ------
    ValueError
        A parameter is out of its range, or a power is not a number.
    """
    net = _wanted(net_power, "net_power")
    limits = Limits(capacity, power, None, eta_c, eta_d, standing_loss, energy0)
    return _follow(net, step_hours, _checked(limits, net.shape[1]))


@dataclass(frozen=True, eq=False)
class Limits:
    """What stores can do; each of shape [s], or one number for all.

    Parameters
    ----------
    capacity
        Energy that fits in, in kWh.
    power
        Most power at the terminals when charging, in kW.
    discharge_power
        Most power at the terminals when discharging; as `power` where not given.
    eta_c, eta_d
        Efficiency of charging and discharging, above 0 and up to 1.
    standing_loss
        Share of the content lost in each step; see `loss_per_step`.
    energy0
        Content at the start, in kWh.
    reserve
        Content in kWh below which a rule does not discharge (standing losses go on).
    resting
        Steps in which nothing is charged or discharged, because it is not known what would be;
        None for none. Shape [T].
    """

    capacity: ArrayLike
    power: ArrayLike
    discharge_power: ArrayLike | None = None
    eta_c: ArrayLike = 1.0
    eta_d: ArrayLike = 1.0
    standing_loss: ArrayLike = 0.0
    energy0: ArrayLike = 0.0
    reserve: ArrayLike = 0.0
    resting: Bools | None = None


def given_power(power: ArrayLike, limits: Limits, step_hours: float = 1.0) -> tuple[Floats, Floats]:
    """Follow a plan as far as the limits let it.

    Parameters
    ----------
    power
        Wanted power at the terminals in kW, positive when charging. Shape [T, s].
    limits
        What the stores can do.
    step_hours
        Length of a step.

    Returns
    -------
    tuple of Floats
        Power at the terminals in kW, shape [T, s], and the content from start to end in kWh, shape
        [T + 1, s]. What was wanted less what was done is what the plan asked too much.

    Raises
    ------
    ValueError
        A parameter is out of its range, or a power is not a number.
    """
    wanted = _wanted(power, "power")
    return _follow(-wanted, step_hours, _checked(limits, wanted.shape[1]))


def peak_shaving(
    net_power: ArrayLike,
    limit: ArrayLike,
    limits: Limits,
    *,
    recharge_below: ArrayLike | None = None,
    step_hours: float = 1.0,
) -> tuple[Floats, Floats]:
    """Keep the net power below a limit, and recharge when it is below.

    Charging never lifts the net power above the limit. A peak that outlasts the content passes
    through: the rule looks at one step after the other and does not save up for later.

    Parameters
    ----------
    net_power
        Consumption less own generation where each store stands, in kW. Shape [T, s].
    limit
        Most that shall be drawn, in kW. Shape [s], [T, s] or one number.
    limits
        What the stores can do.
    recharge_below
        Recharge only up to this net power, at most `limit`, which it is where not given.
    step_hours
        Length of a step.

    Returns
    -------
    tuple of Floats
        As of `given_power`.

    Raises
    ------
    ValueError
        A parameter is out of its range, or `recharge_below` lies above `limit`.
    """
    net = _wanted(net_power, "net_power")
    top = _spread(limit, "limit", net)
    low = top if recharge_below is None else _spread(recharge_below, "recharge_below", net)
    if (low > top).any():
        raise ValueError("recharge_below must not lie above the limit")
    over, room = np.maximum(net - top, 0.0), np.maximum(low - net, 0.0)
    return _follow(over - room, step_hours, _checked(limits, net.shape[1]))


@dataclass(frozen=True, eq=False)
class Thresholds:
    """When a price or an intensity is low enough to charge and high enough to discharge.

    Parameters
    ----------
    low, high
        In the unit of the signal. Shape [T].
    """

    low: Floats
    high: Floats


def day_thresholds(
    signal: ArrayLike, day: ArrayLike, low: float = 0.25, high: float = 0.75
) -> Thresholds:
    """Return the quantiles of each day's own values: the day is known ahead, the next is not.

    Parameters
    ----------
    signal
        Price or carbon intensity. Shape [T].
    day
        A label for each step that is the same within a local day. Shape [T].
    low, high
        Quantiles, 0 to 1, low not above high; linear between two values (Hyndman & Fan type 7).

    Raises
    ------
    ValueError
        Quantiles are out of order, or shapes do not fit.
    """
    values, labels = np.asarray(signal, dtype=np.float64), np.asarray(day)
    if values.ndim != 1 or values.shape != labels.shape or not np.isfinite(values).all():
        raise ValueError("signal and day must be vectors of the same length without gaps")
    if not 0 <= low <= high <= 1:
        raise ValueError("low and high are quantiles: 0 <= low <= high <= 1")
    days, of_day = np.unique(labels, return_inverse=True)
    levels = np.empty((days.size, 2))
    for number in range(days.size):
        levels[number] = np.quantile(values[of_day == number], [low, high])
    return Thresholds(levels[of_day, 0], levels[of_day, 1])


def by_signal(
    signal: ArrayLike,
    thresholds: Thresholds | tuple[float, float],
    limits: Limits,
    *,
    net_power: ArrayLike | None = None,
    only_worthwhile: bool = True,
    step_hours: float = 1.0,
) -> tuple[Floats, Floats]:
    """Charge while a signal is low and discharge while it is high: price, or carbon intensity.

    Parameters
    ----------
    signal
        Price (per kWh) or carbon intensity of what the stores would draw. Shape [T].
    thresholds
        Those of `day_thresholds`, or one pair (low, high) for all steps. At or below low stores
        charge with full power, at or above high they discharge.
    limits
        What the stores can do.
    net_power
        Consumption less own generation where each store stands, in kW, shape [T, s]; the discharge
        then serves it and is not exported. Without it, discharge is not bounded by it.
    only_worthwhile
        Rest where the high threshold, less the losses of a cycle, does not exceed the low one:
        high * eta_c * eta_d <= low.
    step_hours
        Length of a step.

    Returns
    -------
    tuple of Floats
        As of `given_power`.

    Raises
    ------
    ValueError
        A parameter is out of its range.
    """
    values, low, high = _levels(signal, thresholds)
    net = None if net_power is None else _wanted(net_power, "net_power")
    box = _checked(limits, _count(limits) if net is None else net.shape[1])
    pays = high[:, None] * box.into * box.out > low[:, None]
    active = pays | np.asarray(not only_worthwhile)
    served = np.inf if net is None else np.maximum(net, 0.0)
    charge = np.where(active & (values <= low)[:, None], box.most, 0.0)
    give = np.where(active & (values >= high)[:, None], np.minimum(box.give, served), 0.0)
    return _follow(np.where(charge > 0, -charge, give), step_hours, box)


def _levels(
    signal: ArrayLike, thresholds: Thresholds | tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """Return the signal and both thresholds of each step."""
    values = np.asarray(signal, dtype=np.float64)
    if values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError("signal must be a vector [T] without gaps")
    pair = thresholds if isinstance(thresholds, tuple) else (thresholds.low, thresholds.high)
    low, high = (np.broadcast_to(np.asarray(one, np.float64), values.shape) for one in pair)
    if (low > high).any():
        raise ValueError("the low threshold must not lie above the high one")
    return values, low, high


class _Box(NamedTuple):
    """Checked limits, each of shape [s]; the powers [T, s] where there are steps of rest."""

    size: Floats
    most: Floats
    give: Floats
    into: Floats
    out: Floats
    lost: Floats
    start: Floats
    reserve: Floats


def _follow(needed: Floats, step_hours: float, box: _Box) -> tuple[Floats, Floats]:
    """Discharge what is needed and charge what is spare (negative), within the limits."""
    energy = np.empty((needed.shape[0] + 1, needed.shape[1]))
    flow = np.empty_like(needed)
    energy[0] = box.start
    offered = np.clip(-needed, 0.0, box.most)
    asked = np.clip(needed, 0.0, box.give)
    for t in range(needed.shape[0]):
        held = energy[t] * (1.0 - box.lost)
        charge = np.minimum(offered[t], (box.size - held) / (box.into * step_hours))
        usable = np.maximum(held - box.reserve, 0.0)
        discharge = np.minimum(asked[t], usable * box.out / step_hours)
        flow[t] = charge - discharge
        moved = (charge * box.into - discharge / box.out) * step_hours
        energy[t + 1] = np.clip(held + moved, 0.0, box.size)
    return flow, energy


def _checked(limits: Limits, count: int) -> _Box:
    give = limits.power if limits.discharge_power is None else limits.discharge_power
    given = (limits.capacity, limits.power, give, limits.eta_c, limits.eta_d,
             limits.standing_loss, limits.energy0, limits.reserve)  # fmt: skip
    names = ("capacity", "power", "discharge_power", "eta_c", "eta_d", "standing_loss", "energy0",
             "reserve")  # fmt: skip
    box = _Box(*(as_column(value, name, count) for value, name in zip(given, names, strict=True)))
    if (np.stack([box.size, box.most, box.give]) < 0).any():
        raise ValueError("capacity and power must not be negative")
    if ((box.into <= 0) | (box.into > 1) | (box.out <= 0) | (box.out > 1)).any():
        raise ValueError("eta_c and eta_d must lie above 0 and up to 1")
    if ((box.lost < 0) | (box.lost > 1)).any():
        raise ValueError("standing_loss is a share of the content and must lie in 0 to 1")
    for name, content in (("energy0", box.start), ("reserve", box.reserve)):
        if ((content < 0) | (content > box.size)).any():
            raise ValueError(f"{name} must lie between 0 and the capacity")
    if limits.resting is None:
        return box
    moving = ~limits.resting[:, None]
    return box._replace(most=box.most * moving, give=box.give * moving)


def _count(limits: Limits) -> int:
    return max(np.asarray(value).size for value in (limits.capacity, limits.power))


def _wanted(values: ArrayLike, name: str) -> Floats:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or not np.isfinite(table).all():
        raise ValueError(f"{name} must be a table [T, stores] of numbers without gaps")
    return table


def _spread(values: ArrayLike, name: str, like: Floats) -> Floats:
    wide = np.asarray(values, dtype=np.float64)
    if not np.isfinite(wide).all():
        raise ValueError(f"{name} must be finite")
    return np.broadcast_to(wide, like.shape).astype(np.float64)


def loss_per_step(loss_per_hour: ArrayLike, step_hours: float) -> Floats:
    """Turn a standing loss for each hour into the one for each step.

    Parameters
    ----------
    loss_per_hour
        Share of the content lost in an hour.
    step_hours
        Length of a step.
    """
    kept = (1.0 - np.asarray(loss_per_hour, dtype=np.float64)) ** step_hours
    return np.asarray(1.0 - kept, dtype=np.float64)
