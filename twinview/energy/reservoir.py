"""Stores as reservoirs of carbon: what they hold, and what the next step finds.

With S the energy and C the carbon inside at the start of a step, w = C / S:

* `pass_on` (default): losses ride with the energy; who uses the discharge pays for them. The
  terminals deliver w / eta_discharge, the reservoir takes in all the carbon of its charging power.
* `owner`: the "water tank" of Chen et al. 2024 (arXiv 2308.03240). The terminals deliver w, and the
  carbon of charging, discharging and standing losses is booked to the owner.
* `zero`: charging is an ordinary load of the owner, the discharge is free of carbon.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats, as_column

Policy = Literal["pass_on", "owner", "zero"]

# What is left of a content after a step, as a share of it, when the rest is rounding.
EMPTY_SHARE = 1e-9
# Store power often comes from files in float32; a content may go below zero by their rounding.
OVERDRAW_SHARE = 1e-4


@dataclass(frozen=True, eq=False)
class Stores:
    """Stores of a tracing. All vectors may be given as one number for all stores.

    Parameters
    ----------
    bus
        Bus of each store. Shape [s].
    power
        Power at the terminals, positive when charging. Shape [T, s].
    energy0, carbon0
        Content at the start. The carbon is an assumption where nobody measured it; the annual mean
        of the grid times the energy is the usual one. Shape [s].
    eta_charge, eta_discharge
        One-way efficiencies, above 0 and up to 1. Shape [s].
    standing_loss
        Share of the content lost in each step. Shape [s].
    policy
        Who bears the losses.
    """

    bus: ArrayLike
    power: ArrayLike
    energy0: ArrayLike = 0.0
    carbon0: ArrayLike = 0.0
    eta_charge: ArrayLike = 1.0
    eta_discharge: ArrayLike = 1.0
    standing_loss: ArrayLike = 0.0
    policy: Policy = "pass_on"


@dataclass(frozen=True, eq=False)
class Tanks:
    """Checked parameters of the stores, each of shape [s], and their content, [T + 1, s]."""

    energy0: Floats
    carbon0: Floats
    eta_charge: Floats
    eta_discharge: Floats
    standing_loss: Floats
    policy: Policy
    hours: float
    energy: Floats

    @property
    def delivered(self) -> Floats:
        """Intensity at the terminals for each unit of intensity inside. Shape [s]."""
        if self.policy == "pass_on":
            return 1.0 / self.eta_discharge
        return np.full_like(self.eta_discharge, 1.0 if self.policy == "owner" else 0.0)

    @property
    def kept(self) -> Floats:
        """Share of the carbon that a step of waiting leaves. Shape [s]."""
        held = self.policy != "owner"
        return np.ones_like(self.standing_loss) if held else 1.0 - self.standing_loss

    @property
    def taken(self) -> Floats:
        """Share of the carbon of charging that gets inside. Shape [s]."""
        if self.policy == "owner":
            return self.eta_charge
        return np.full_like(self.eta_charge, 1.0 if self.policy == "pass_on" else 0.0)


def make_tanks(stores: Stores, power: Floats, hours: float) -> Tanks:
    """Check the parameters of stores and follow their energy.

    Parameters
    ----------
    stores
        As given.
    power
        Their power, checked. NaN (a step that could not be computed) holds the content. Shape
        [T, s].
    hours
        Length of a step.

    Raises
    ------
    ValueError
        A parameter is out of its range, or a store gives more than it holds.
    """
    count = power.shape[1]
    names = ("energy0", "carbon0", "eta_charge", "eta_discharge", "standing_loss")
    energy0, carbon0, into, out, loss = (
        as_column(getattr(stores, name), f"stores.{name}", count) for name in names
    )
    for name, eta in (("eta_charge", into), ("eta_discharge", out)):
        if ((eta <= 0) | (eta > 1)).any():
            raise ValueError(f"stores.{name} must lie above 0 and up to 1")
    if ((loss < 0) | (loss > 1)).any():
        raise ValueError("stores.standing_loss is a share of the content and must lie in 0 to 1")
    if (energy0 < 0).any() or (carbon0 < 0).any():
        raise ValueError("stores.energy0 and stores.carbon0 must not be negative")
    if stores.policy not in ("pass_on", "owner", "zero"):
        raise ValueError(f"stores.policy must be pass_on, owner or zero, not {stores.policy!r}")
    energy = _follow_energy(np.nan_to_num(power), energy0, into, out, loss, hours)
    return Tanks(energy0, carbon0, into, out, loss, stores.policy, hours, energy)


def _follow_energy(
    power: Floats, energy0: Floats, into: Floats, out: Floats, loss: Floats, hours: float
) -> Floats:
    moved = (np.maximum(power, 0.0) * into - np.maximum(-power, 0.0) / out) * hours
    energy = np.empty((power.shape[0] + 1, power.shape[1]))
    energy[0] = energy0
    stay = 1.0 - loss
    for t in range(power.shape[0]):
        energy[t + 1] = stay * energy[t] + moved[t]
        spare = EMPTY_SHARE * (energy[t] + np.abs(moved[t]))
        energy[t + 1][np.abs(energy[t + 1]) <= spare] = 0.0
        if energy[t + 1].min(initial=0.0) < 0:
            _refuse_overdraw(energy[: t + 2], t)
            energy[t + 1] = np.maximum(energy[t + 1], 0.0)
    return energy


def _refuse_overdraw(energy: Floats, step: int) -> None:
    short = energy[-1] < -OVERDRAW_SHARE * energy.max(axis=0)
    if short.any():
        store = int(np.flatnonzero(short)[0])
        raise ValueError(
            f"Store {store} gives {-energy[-1, store]:.6g} more energy in step {step} than it "
            "holds: its power, efficiencies and content at the start do not fit together"
        )


@dataclass(frozen=True, eq=False)
class Course:
    """How the carbon of the stores goes through some steps.

    Parameters
    ----------
    carbon
        Inside, from the start of the first step to the end of the last. Shape [B + 1, s].
    intensity
        At the terminals. Shape [B, s].
    owner
        Booked to the owners. Shape [B, s].
    """

    carbon: Floats
    intensity: Floats
    owner: Floats


def run_reservoirs(
    tanks: Tanks, start: int, carbon: Floats, power: Floats, base: Floats, gains: Floats
) -> Course:
    """Follow the carbon of the stores through a block of steps.

    Parameters
    ----------
    tanks
        Parameters and energy of the stores.
    start
        First step of the block.
    carbon
        Carbon inside at its start. Shape [s].
    power
        Terminal power in the block, positive when charging, no NaN. Shape [B, s].
    base
        Intensity at the bus of each store without any discharge. Shape [B, s].
    gains
        What a unit of intensity of each discharging store adds to it. Shape [B, s, s].
    """
    steps = power.shape[0]
    content = tanks.energy[start : start + steps + 1]
    charged = np.maximum(power, 0.0) * tanks.hours
    given = np.maximum(-power, 0.0) * tanks.hours
    filled = content > 0
    # A float32 rounding may ask for a little more than is inside; carbon cannot follow it.
    drawn = np.minimum(given / tanks.eta_discharge, content[:-1])
    kept, taken, delivered = tanks.kept, tanks.taken, tanks.delivered
    course = Course(np.empty((steps + 1, carbon.size)), np.empty_like(base), np.empty_like(base))
    course.carbon[0] = held = carbon
    for t in range(steps):
        if tanks.policy == "zero":
            held = np.zeros_like(held)
        inside = np.divide(held, content[t], out=np.zeros_like(held), where=filled[t])
        course.intensity[t] = inside * delivered
        bought = (base[t] + gains[t] @ course.intensity[t]) * charged[t]
        left = kept * held + taken * bought - inside * drawn[t]
        held = np.where(filled[t + 1], np.maximum(left, 0.0), 0.0)
        course.carbon[t + 1] = held
        sold = course.intensity[t] * given[t]
        # Whatever is neither inside nor sold: losses under `owner`, remainders of an empty store.
        course.owner[t] = course.carbon[t] + bought - sold - held
    return course
