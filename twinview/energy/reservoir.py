"""Stores as reservoirs of carbon: what they hold, and what the next step finds.

With S the energy and C the carbon inside at the start of a step, w = C / S:

* `pass_on` (default): losses ride with the energy; who uses the discharge pays for them. The
  terminals deliver w / eta_discharge, the reservoir takes in all the carbon of its charging power.
* `owner`: the "water tank" of Chen et al. 2024 (arXiv 2308.03240). The terminals deliver w, and the
  carbon of charging, discharging and standing losses is booked to the owner.
* `zero`: charging is an ordinary load of the owner, the discharge is free of carbon.

Vehicles come and go: what one brings is in the reservoir from the start of a step on, and at the
end of its last step all that is inside leaves with it. Between two steps a store holds what stays.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats, as_column

Policy = Literal["pass_on", "owner", "zero"]

# What is left of a content after a step, as a share of it, when the rest is rounding.
EMPTY_SHARE = 1e-9
# Store power often comes from files in float32; a content may go below zero by their rounding.
OVERDRAW_SHARE = 1e-4
# Below this many kWh a store is empty: a content that only stands and loses never quite is.
EMPTY = 1e-9
# What a sum over a year may be wrong by, as a share of its largest value.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Visits:
    """What vehicles bring into stores and take away. Shape [T, s] each.

    Parameters
    ----------
    energy, carbon
        Brought at the start of a step, into a store that is empty.
    leaving
        Whether all that is inside leaves at the end of a step.
    """

    energy: Floats
    carbon: Floats
    leaving: Bools


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
    visits
        Vehicles that come and go, if any do.
    """

    bus: ArrayLike
    power: ArrayLike
    energy0: ArrayLike = 0.0
    carbon0: ArrayLike = 0.0
    eta_charge: ArrayLike = 1.0
    eta_discharge: ArrayLike = 1.0
    standing_loss: ArrayLike = 0.0
    policy: Policy = "pass_on"
    visits: Visits | None = None


@dataclass(frozen=True, eq=False)
class Tanks:
    """Checked parameters of the stores, each of shape [s], and their content.

    `energy` is what stays between the steps, [T + 1, s]; `before` and `after` are the content at
    the start and the end of each step, with what came and what is about to leave, [T, s].
    """

    energy0: Floats
    carbon0: Floats
    eta_charge: Floats
    eta_discharge: Floats
    standing_loss: Floats
    policy: Policy
    hours: float
    energy: Floats
    before: Floats
    after: Floats
    visits: Visits | None

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

    def staying(self, rows: slice) -> Floats:
        """Return 0 where what is inside leaves at the end of a step, else 1. [B, s]."""
        if self.visits is None:
            return np.ones_like(self.after[rows])
        return np.where(self.visits.leaving[rows], 0.0, 1.0)

    def brought(self, rows: slice) -> Floats:
        """Return the carbon that vehicles bring at the start of each step. [B, s]."""
        return np.zeros_like(self.after[rows]) if self.visits is None else self.visits.carbon[rows]

    def lost(self, power: Floats) -> Floats:
        """Return the energy lost in each step by standing, charging and discharging. [T, s].

        Parameters
        ----------
        power
            At the terminals, positive when charging. Shape [T, s].
        """
        into, out = (1.0 - self.eta_charge) * self.hours, (1.0 / self.eta_discharge - 1.0)
        moved = np.maximum(power, 0.0) * into + np.maximum(-power, 0.0) * out * self.hours
        return self.before * self.standing_loss + moved


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
    known = np.nan_to_num(power)
    moved = (np.maximum(known, 0.0) * into - np.maximum(-known, 0.0) / out) * hours
    if stores.visits is None:
        energy = _follow_energy(energy0, moved, loss)
        before, after = energy[:-1], energy[1:]
    else:
        energy, before, after = _follow_visits(energy0, moved, 1.0 - loss, stores.visits)
    parameters = (energy0, carbon0, into, out, loss, stores.policy, hours)
    return Tanks(*parameters, energy, before, after, stores.visits)


def _follow_energy(energy0: Floats, moved: Floats, loss: Floats) -> Floats:
    energy = np.concatenate([energy0[None], _added_up(energy0, moved, 1.0 - loss)])
    spare = EMPTY_SHARE * (energy[:-1] + np.abs(moved)) + ROUNDING * np.abs(energy).max(axis=0)
    energy[1:][np.abs(energy[1:]) <= spare] = 0.0
    if energy.min(initial=0.0) < 0:
        return _held_at_zero(energy0, moved, 1.0 - loss)
    return energy


def _added_up(energy0: Floats, moved: Floats, stay: Floats) -> Floats:
    """Follow the content as if nothing stopped it at zero. [T, s]."""
    if (stay == 1.0).all():
        return np.asarray(energy0 + np.cumsum(moved, axis=0))
    energy, before = np.empty_like(moved), energy0
    for step, more in enumerate(moved):
        before = energy[step] = stay * before + more
    return energy


def _held_at_zero(energy0: Floats, moved: Floats, stay: Floats) -> Floats:
    """Follow the content step by step, where roundings would take it below zero."""
    energy = np.empty((moved.shape[0] + 1, energy0.size))
    energy[0] = energy0
    for t in range(moved.shape[0]):
        energy[t + 1] = stay * energy[t] + moved[t]
        spare = EMPTY_SHARE * (energy[t] + np.abs(moved[t]))
        energy[t + 1][np.abs(energy[t + 1]) <= spare] = 0.0
        if energy[t + 1].min(initial=0.0) < 0:
            _refuse_overdraw(energy[t + 1], energy[: t + 2].max(axis=0), t)
            energy[t + 1] = np.maximum(energy[t + 1], 0.0)
    return energy


def _follow_visits(
    energy0: Floats, moved: Floats, stay: Floats, visits: Visits
) -> tuple[Floats, Floats, Floats]:
    """Follow the content where vehicles come and go: between, before and after the steps."""
    energy, before, after = np.empty((len(moved) + 1, energy0.size)), *np.empty((2, *moved.shape))
    energy[0] = energy0
    largest = energy0 + np.maximum(visits.energy, np.abs(moved)).max(axis=0, initial=0.0)
    for t in range(moved.shape[0]):
        before[t] = energy[t] + visits.energy[t]
        after[t] = stay * before[t] + moved[t]
        spare = EMPTY_SHARE * (before[t] + np.abs(moved[t])) + ROUNDING * largest
        after[t][np.abs(after[t]) <= spare] = 0.0
        _refuse_overdraw(after[t], largest, t)
        after[t] = np.maximum(after[t], 0.0)
        energy[t + 1] = np.where(visits.leaving[t], 0.0, after[t])
    return energy, before, after


def _refuse_overdraw(energy: Floats, largest: Floats, step: int) -> None:
    short = energy < -np.maximum(OVERDRAW_SHARE * largest, EMPTY)
    if short.any():
        store = int(np.flatnonzero(short)[0])
        raise ValueError(
            f"Store {store} gives {-energy[store]:.6g} more energy in step {step} than it "
            "holds: its power, efficiencies and content at the start do not fit together"
        )


def remaining(tanks: Tanks, power: Floats) -> Floats:
    """Return which share of the carbon inside before each step is still there after the last one.

    Parameters
    ----------
    tanks
        Parameters and energy of the stores.
    power
        Terminal power, positive when charging, no NaN. Shape [T, s].

    Returns
    -------
    Floats
        1 in the last row. Shape [T + 1, s].
    """
    drawn = np.maximum(-power, 0.0) * tanks.hours / tanks.eta_discharge
    used = np.divide(drawn, tanks.before, out=np.zeros_like(drawn), where=tanks.before > 0)
    lasting = (tanks.energy[1:] > 0) * (tanks.policy != "zero")
    stays = np.clip(tanks.kept - used, 0.0, 1.0) * lasting
    shares = np.ones_like(tanks.energy)
    shares[:-1] = np.cumprod(stays[::-1], axis=0)[::-1]
    return shares
