"""State of charge by rule: batteries that serve their own building first.

Rules look at one step after the other, as a battery's controller does, so time is a loop and stores
are vectors. Limits are never broken: what does not fit stays with the grid.
"""

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats, as_column


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
    wanted = np.asarray(net_power, dtype=np.float64)
    if wanted.ndim != 2 or not np.isfinite(wanted).all():
        raise ValueError("net_power must be a table [T, stores] of numbers without gaps")
    given = (capacity, power, eta_c, eta_d, standing_loss, energy0)
    names = ("capacity", "power", "eta_c", "eta_d", "standing_loss", "energy0")
    limits = [
        as_column(value, name, wanted.shape[1]) for value, name in zip(given, names, strict=True)
    ]
    _check_ranges(*limits)
    return _follow(wanted, step_hours, *limits)


def _follow(
    wanted: Floats, step_hours: float,
    size: Floats, most: Floats, into: Floats, out: Floats, lost: Floats, start: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    energy = np.empty((wanted.shape[0] + 1, wanted.shape[1]))
    flow = np.empty_like(wanted)
    energy[0] = start
    spare, needed = np.clip(-wanted, 0.0, most), np.clip(wanted, 0.0, most)
    for t in range(wanted.shape[0]):
        held = energy[t] * (1.0 - lost)
        charge = np.minimum(spare[t], (size - held) / (into * step_hours))
        discharge = np.minimum(needed[t], held * out / step_hours)
        flow[t] = charge - discharge
        moved = (charge * into - discharge / out) * step_hours
        energy[t + 1] = np.clip(held + moved, 0.0, size)
    return flow, energy


def _check_ranges(
    size: Floats, most: Floats, into: Floats, out: Floats, lost: Floats, start: Floats
) -> None:
    if (size < 0).any() or (most < 0).any():
        raise ValueError("capacity and power must not be negative")
    if ((into <= 0) | (into > 1) | (out <= 0) | (out > 1)).any():
        raise ValueError("eta_c and eta_d must lie above 0 and up to 1")
    if ((lost < 0) | (lost > 1)).any():
        raise ValueError("standing_loss is a share of the content and must lie in 0 to 1")
    if ((start < 0) | (start > size)).any():
        raise ValueError("energy0 must lie between 0 and the capacity")


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
