"""Electric vehicles at chargers: who is there, how it charges, and what each takes away.

While a vehicle is plugged in it is a store that follows a plan: it arrives with some energy and
carbon, takes up what it is charged with, gives where its plan says so, and leaves with what is
inside. Driving happens elsewhere: what leaves is told for each stay, and the next arrival begins
anew. What a charger does depends on nothing but its stays, so any run of steps can be asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.schedules import Stay
from twinview.energy.storage import Limits, given_power, loss_per_step
from twinview.i18n import _
from twinview.model.time import TimeAxis

ChargingRule = Literal["at_once", "evenly"]
RULES: tuple[ChargingRule, ...] = ("at_once", "evenly")
AT_A_TIME = 256
"""Stays of like length that are charged together."""


@dataclass(frozen=True, eq=False)
class Chargers:
    """What chargers can do; each of shape [s].

    Parameters
    ----------
    power, discharge_power
        Most power at the terminals in kW, when charging and when discharging.
    eta_charge, eta_discharge
        Efficiencies, above 0 and up to 1.
    standing_loss
        Share of the content of a vehicle that is lost in an hour.
    evenly
        Whether they charge evenly until departure; the others with full power on arrival.
    """

    power: Floats
    discharge_power: Floats
    eta_charge: Floats
    eta_discharge: Floats
    standing_loss: Floats
    evenly: Bools


@dataclass(frozen=True, eq=False)
class Stays:
    """Stays at chargers; each of shape [n].

    Parameters
    ----------
    charger
        Number of the charger.
    arrive, depart
        Seconds since 1970, UTC.
    capacity, energy, wanted
        Of the battery, on arrival, and wanted at departure, in kWh.
    plan
        kW in equal parts of the stay, positive when charging; empty where it charges by rule.
    """

    charger: Ints
    arrive: Ints
    depart: Ints
    capacity: Floats
    energy: Floats
    wanted: Floats
    plan: tuple[Floats, ...]

    def steps(self, time: TimeAxis) -> tuple[Ints, Ints]:
        """Return the first whole step of each stay on an axis, and the one after the last.

        Parameters
        ----------
        time
            The axis; who was there before it begins arrives with it.
        """
        first = -((time.start - self.arrive) // time.step)
        return np.maximum(first, 0), (self.depart - time.start) // time.step


@dataclass(frozen=True, eq=False)
class Visiting:
    """What chargers do in a run of steps. Shape [T, s] each.

    Parameters
    ----------
    power
        At the terminals, in kW, positive when charging.
    arriving
        kWh that a vehicle brings at the start of a step.
    content
        kWh in the vehicle at the end of a step, before it leaves; 0 while none is there.
    capacity
        kWh that fit into it; NaN while none is there.
    present, leaving
        Whether a vehicle is there, and whether it leaves at the end of the step.
    """

    power: Floats
    arriving: Floats
    content: Floats
    capacity: Floats
    present: Bools
    leaving: Bools


@dataclass(frozen=True, eq=False)
class Fleet:
    """The chargers among the stores of a network, and who comes to them.

    Parameters
    ----------
    charger
        Which of the stores are chargers. Shape [s].
    limits
        What they can do; of other stores the numbers do not count.
    w0
        g/kWh of what vehicles bring to each; NaN where nobody names it. Shape [s].
    stays
        Who comes, in any order, never two at a time.
    """

    charger: Bools
    limits: Chargers
    w0: Floats
    stays: Stays

    def window(self, time: TimeAxis, steps: range, able: Bools) -> Visiting:
        """Return what the chargers do in a run of steps.

        Parameters
        ----------
        time, steps
            The axis, and steps of it.
        able
            Which stores are switched on and supplied; vehicles at others neither take nor give.
            Shape [s].
        """
        shape = (len(steps), self.charger.size)
        power, arriving, content = np.zeros((3, *shape))
        capacity = np.full(shape, np.nan)
        leaving = np.zeros(shape, dtype=np.bool_)
        first, last = self.stays.steps(time)
        there = (first < steps.stop) & (last > steps.start) & (last > first)
        for rows in _batches(np.flatnonzero(there), np.minimum(last, time.count) - first):
            moved, held = self._charged(rows, (first, last), time, able)
            step = first[rows] + np.arange(len(moved))[:, None]
            inside = (step < last[rows]) & (step >= steps.start) & (step < steps.stop)
            at = step[inside] - steps.start, np.broadcast_to(self.stays.charger[rows],
                                                             step.shape)[inside]  # fmt: skip
            power[at], content[at] = moved[inside], held[inside]
            capacity[at] = np.broadcast_to(self.stays.capacity[rows], step.shape)[inside]
            arriving[at] = ((step == first[rows]) * self.stays.energy[rows])[inside]
            leaving[at] = (step == last[rows] - 1)[inside]
        return Visiting(power, arriving, content, capacity, np.isfinite(capacity), leaving)

    def _charged(
        self, rows: Ints, steps: tuple[Ints, Ints], time: TimeAxis, able: Bools
    ) -> tuple[Floats, Floats]:
        """Charge some stays; return power and content of each of their steps. [longest, n]."""
        stays, chargers, at = self.stays, self.limits, self.stays.charger[rows]
        first, last, hours = steps[0][rows], steps[1][rows], time.step / 3600
        longest = int((np.minimum(last, time.count) - first).max())
        energy, on = stays.energy[rows], able[at]
        target = np.minimum(stays.wanted[rows], stays.capacity[rows])
        planned = np.array([bool(stays.plan[row].size) for row in rows], dtype=np.bool_)
        limits = Limits(
            capacity=np.where(planned, stays.capacity[rows], np.maximum(target, energy)),
            power=chargers.power[at] * on,
            discharge_power=chargers.discharge_power[at] * on,
            eta_c=chargers.eta_charge[at],
            eta_d=chargers.eta_discharge[at],
            standing_loss=loss_per_step(chargers.standing_loss[at], hours),
            energy0=energy,
        )
        even = _even(limits, target, last - first, hours)
        asked = np.where(chargers.evenly[at], even, chargers.power[at]) * (target > energy)
        wanted = np.tile(asked, (longest, 1))
        for k in np.flatnonzero(planned).tolist():
            begin, span = stays.arrive[rows[k]], stays.depart[rows[k]] - stays.arrive[rows[k]]
            edges = time.start + (first[k] + np.arange(longest + 1)) * time.step
            wanted[:, k] = _resampled(stays.plan[rows[k]], (edges - begin) / span)
        moved, held = given_power(wanted, limits, hours)
        return moved, held[1:]


def _batches(rows: Ints, length: Ints) -> Iterator[Ints]:
    """Cut stays into groups of like length."""
    ordered = rows[np.argsort(length[rows], kind="stable")]
    for start in range(0, ordered.size, AT_A_TIME):
        yield ordered[start : start + AT_A_TIME]


def _even(limits: Limits, target: Floats, steps: Ints, hours: float) -> Floats:
    """Return the power that has each vehicle at its target after so many steps. [n]."""
    lost = np.asarray(limits.standing_loss)
    kept = (1.0 - lost) ** steps
    lasting = np.where(lost > 0, (1.0 - kept) / np.where(lost > 0, lost, 1.0), steps)
    needed = np.maximum(target - np.asarray(limits.energy0) * kept, 0.0)
    return np.asarray(needed / (np.asarray(limits.eta_c) * hours * lasting), dtype=np.float64)


def _resampled(plan: Floats, share: Floats) -> Floats:
    """Return the mean of a plan between successive shares of its length; 0 outside. [steps]."""
    whole = np.concatenate([[0.0], np.cumsum(plan)])
    below = np.interp(share * plan.size, np.arange(whole.size), whole)
    return np.asarray(np.diff(below) / (np.diff(share) * plan.size), dtype=np.float64)


def checked(fleet: Fleet, names: Sequence[str]) -> Fleet:
    """Return a fleet whose stays make sense.

    Parameters
    ----------
    fleet
        Chargers and stays.
    names
        Of the stores. Shape [s].

    Raises
    ------
    ValueError
        A battery holds less than nothing or more than fits in, a stay ends before it begins, or two
        are at one charger at a time; the sentence names the charger.
    """
    stays = fleet.stays
    bad = ~((stays.energy >= 0) & (stays.energy <= stays.capacity) & (stays.capacity > 0))
    bad |= ~(np.isfinite(stays.wanted) & (stays.wanted >= 0) & (stays.depart > stays.arrive))
    bad |= stays.charger < 0
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ValueError(
            _(
                "stay {row} at charger '{charger}' makes no sense: it needs a charger, an end "
                "behind its begin, and a content within its capacity",
                row=row + 1,
                charger=names[stays.charger[row]] if stays.charger[row] >= 0 else "",
            )
        )
    order = np.lexsort((stays.arrive, stays.charger))
    same = np.diff(stays.charger[order]) == 0
    over = np.flatnonzero(same & (stays.arrive[order][1:] < stays.depart[order][:-1]))
    if over.size:
        at = names[stays.charger[order][over[0]]]
        raise ValueError(_("two vehicles are at charger '{charger}' at a time", charger=at))
    return fleet


@dataclass(frozen=True, eq=False)
class Charging:
    """What a charger does.

    Parameters
    ----------
    power
        At its terminals, in kW. Shape [T].
    content
        kWh in the vehicle at the end of each step; NaN while none is there. Shape [T].
    missing
        kWh short of what each stay wanted. Shape [stays].
    """

    power: Floats
    content: Floats
    missing: Floats


def charge(
    stays: Sequence[Stay], steps: int, charger: Chargers, step_hours: float = 1.0
) -> Charging:
    """Charge each vehicle with what it wants at departure, as far as power and time let.

    Parameters
    ----------
    stays
        Not overlapping.
    steps
        Length of the plan.
    charger
        The one charger. Shape [1] each.
    step_hours
        Length of a step.

    Raises
    ------
    ValueError
        Stays overlap, or a parameter is out of its range.
    """
    if not (charger.power > 0).all() or not step_hours > 0:
        raise ValueError(_("power must be above 0, and the efficiency above 0 and up to 1"))
    time = TimeAxis(0, round(step_hours * 3600), steps)
    table = Stays(
        charger=np.zeros(len(stays), dtype=np.int64),
        arrive=np.array([one.arrive for one in stays], dtype=np.int64) * time.step,
        depart=np.array([one.depart for one in stays], dtype=np.int64) * time.step,
        capacity=np.array([one.capacity for one in stays], dtype=np.float64),
        energy=np.array([one.energy for one in stays], dtype=np.float64),
        wanted=np.array([one.wanted for one in stays], dtype=np.float64),
        plan=tuple(np.array(one.plan, dtype=np.float64) for one in stays),
    )
    one = np.ones(1, dtype=np.bool_)
    fleet = checked(Fleet(one, charger, np.full(1, np.nan), table), [""])
    done = fleet.window(time, range(steps), one)
    content = np.where(done.present[:, 0], done.content[:, 0], np.nan)
    last = np.minimum([one.depart for one in stays], steps).astype(np.int64) - 1
    missing = np.maximum(table.wanted - content[last], 0.0)
    rounding = table.capacity * 1e-9
    return Charging(done.power[:, 0], content, np.where(missing > rounding, missing, 0.0))


def one_charger(
    power: float,
    *,
    rule: ChargingRule = "at_once",
    eta: float = 1.0,
    discharge_power: float = 0.0,
    eta_discharge: float = 1.0,
    standing_loss: float = 0.0,
) -> Chargers:
    """Return a single charger.

    Parameters
    ----------
    power, discharge_power
        Most power in kW, when charging and when discharging.
    rule
        ``at_once`` with full power on arrival, or ``evenly`` until departure.
    eta, eta_discharge
        Efficiencies, above 0 and up to 1.
    standing_loss
        Share of the content lost in an hour.
    """
    return Chargers(
        power=np.array([power]),
        discharge_power=np.array([discharge_power]),
        eta_charge=np.array([eta]),
        eta_discharge=np.array([eta_discharge]),
        standing_loss=np.array([standing_loss]),
        evenly=np.array([rule == "evenly"]),
    )
