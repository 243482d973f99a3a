"""Electric vehicles at a charger: who is there, how it charges, and what each takes away.

While a vehicle is plugged in it is a reservoir that follows a plan: it arrives with some energy and
carbon, takes up what it is charged with, and leaves with both. Driving happens elsewhere: what
leaves is told for each stay, and the next arrival begins anew.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Floats
from twinview.i18n import _

ChargingRule = Literal["at_once", "evenly"]
PLUGGED = "1"
COLUMNS = {
    "state": "electric_vehicle_charger_state",
    "vehicle": "electric_vehicle_id",
    "capacity": "electric_vehicle_battery_capacity_khw",
    "soc": "current_soc",
    "wanted": "electric_vehicle_required_soc_departure",
}
"""Columns of CityLearn's charger files: one row for each step, shares in percent."""


@dataclass(frozen=True)
class Stay:
    """One vehicle at a charger.

    Parameters
    ----------
    vehicle
        Its name.
    arrive, depart
        First step, and the one after the last.
    capacity, energy, wanted
        Of its battery, on arrival, and wanted at departure, in kWh.
    """

    vehicle: str
    arrive: int
    depart: int
    capacity: float
    energy: float
    wanted: float


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


def read_charger(text: str, name: str) -> tuple[tuple[Stay, ...], int]:
    """Return the stays of a CityLearn charger file, and the number of its steps.

    A stay is an unbroken run of rows with one vehicle plugged in; the charge on its first row is
    that of its arrival.

    Parameters
    ----------
    text
        CSV with the columns of `COLUMNS`.
    name
        What to call it in errors.

    Raises
    ------
    ValueError
        A column is missing, or a number does not make sense; the sentence names the line.
    """
    rows = list(csv.DictReader(io.StringIO(text)))
    missing = [one for one in COLUMNS.values() if not rows or one not in rows[0]]
    if missing:
        raise ValueError(_("{name} has no column {missing}", name=name, missing=", ".join(missing)))
    who = [row[COLUMNS["vehicle"]] if row[COLUMNS["state"]] == PLUGGED else "" for row in rows]
    ends = [k for k in range(1, len(who)) if who[k] != who[k - 1]]
    stays = [
        _stay(rows[begin], who[begin], (begin, end), _("{name}, line {line}", name=name,
                                                       line=begin + 2))
        for begin, end in zip([0, *ends], [*ends, len(who)], strict=True)
        if who[begin]
    ]  # fmt: skip
    return tuple(stays), len(rows)


def _stay(row: dict[str, str], vehicle: str, steps: tuple[int, int], place: str) -> Stay:
    try:
        capacity, soc, wanted = (float(row[COLUMNS[key]]) for key in ("capacity", "soc", "wanted"))
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    if not (capacity > 0 and 0 <= soc <= 100 and 0 <= wanted <= 100):
        raise ValueError(
            _("{place}: capacity must be above 0, and shares lie within 0 and 100 %", place=place)
        )
    return Stay(vehicle, *steps, capacity, capacity * soc / 100, capacity * wanted / 100)


def charge(
    stays: Sequence[Stay],
    steps: int,
    power: float,
    *,
    rule: ChargingRule = "at_once",
    eta: float = 1.0,
    step_hours: float = 1.0,
) -> Charging:
    """Charge each vehicle with what it wants at departure, as far as power and time let.

    Parameters
    ----------
    stays
        Not overlapping.
    steps
        Length of the plan.
    power
        Most power of the charger in kW.
    rule
        ``at_once`` with full power on arrival, or ``evenly`` until departure.
    eta
        Efficiency of charging, above 0 and up to 1.
    step_hours
        Length of a step.

    Raises
    ------
    ValueError
        Stays overlap, or a parameter is out of its range.
    """
    if not (power > 0 and 0 < eta <= 1 and step_hours > 0):
        raise ValueError(_("power must be above 0, and the efficiency above 0 and up to 1"))
    drawn, content = np.zeros(steps), np.full(steps, np.nan)
    missing = np.zeros(len(stays))
    for number, stay in enumerate(stays):
        rows = slice(stay.arrive, stay.depart)
        if np.isfinite(content[rows]).any():
            raise ValueError(_("Stays overlap at step {step}", step=stay.arrive))
        count = min(stay.depart, steps) - stay.arrive
        needed = max(min(stay.wanted, stay.capacity) - stay.energy, 0.0) / eta / step_hours
        drawn[rows] = _spread(needed, count, power, rule)
        content[rows] = stay.energy + np.cumsum(drawn[rows]) * eta * step_hours
        missing[number] = max(stay.wanted - content[stay.arrive + count - 1], 0.0)
    return Charging(drawn, content, np.where(missing > stay_rounding(stays), missing, 0.0))


def stay_rounding(stays: Sequence[Stay]) -> Floats:
    """Return the kWh of each stay below which something is rounding. [stays]."""
    return np.array([one.capacity for one in stays]) * 1e-9


def _spread(needed: float, count: int, power: float, rule: ChargingRule) -> Floats:
    """Return the power of each step of a stay, whose sum is `needed` where time suffices."""
    if rule == "evenly":
        return np.full(count, min(needed / count, power), dtype=np.float64)
    left = np.maximum(needed - power * np.arange(count), 0.0)
    return np.asarray(np.minimum(left, power), dtype=np.float64)


def carbon_taken(
    stays: Sequence[Stay],
    charging: Charging,
    intensity: ArrayLike,
    *,
    w0: float,
    step_hours: float = 1.0,
) -> Floats:
    """Return the carbon that each vehicle leaves with, in kg. [stays].

    The losses of charging ride along, as with the policy `pass_on` of stores.

    Parameters
    ----------
    stays, charging
        Who was there, and what was charged.
    intensity
        Of the charger's power in g/kWh. Shape [T].
    w0
        g/kWh of what is in a vehicle on arrival: an assumption, unless somebody tracks it.
    step_hours
        Length of a step.
    """
    bought = charging.power * np.asarray(intensity, dtype=np.float64) * step_hours / 1000
    return np.array(
        [one.energy * w0 / 1000 + bought[one.arrive : one.depart].sum() for one in stays]
    )
