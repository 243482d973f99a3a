"""Schedules of chargers as files: who is plugged in when, with what charge, and what is wanted."""

import csv
import io
from dataclasses import dataclass

from twinview.i18n import _

PLUGGED = "1"
COLUMNS = {
    "state": "electric_vehicle_charger_state",
    "vehicle": "electric_vehicle_id",
    "capacity": "electric_vehicle_battery_capacity_khw",
    "soc": "current_soc",
    "wanted": "electric_vehicle_required_soc_departure",
}
"""Columns of CityLearn's charger files: one row for each step, shares in percent."""
PLAN = "charger_power_kw"
"""Column of our own beside them: planned power in kW at the terminals, negative when giving."""


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
    plan
        kW at the terminals in each of its steps, positive when charging; none charges by rule.
    """

    vehicle: str
    arrive: int
    depart: int
    capacity: float
    energy: float
    wanted: float
    plan: tuple[float, ...] = ()


def read_charger(text: str, name: str) -> tuple[tuple[Stay, ...], int]:
    """Return the stays of a CityLearn charger file, and the number of its steps.

    A stay is an unbroken run of rows with one vehicle plugged in; the charge on its first row is
    that of its arrival. A column `PLAN` that is filled throughout a stay is what it follows.

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
        _stay(rows[begin:end], who[begin], begin, name)
        for begin, end in zip([0, *ends], [*ends, len(who)], strict=True)
        if who[begin]
    ]
    return tuple(stays), len(rows)


def _stay(rows: list[dict[str, str]], vehicle: str, begin: int, name: str) -> Stay:
    place = _("{name}, line {line}", name=name, line=begin + 2)
    try:
        capacity, soc, wanted = (
            float(rows[0][COLUMNS[key]]) for key in ("capacity", "soc", "wanted")
        )
        planned = [row.get(PLAN) or "" for row in rows]
        plan = tuple(map(float, planned)) if all(planned) else ()
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    if not (capacity > 0 and 0 <= soc <= 100 and 0 <= wanted <= 100):
        raise ValueError(
            _("{place}: capacity must be above 0, and shares lie within 0 and 100 %", place=place)
        )
    steps = (begin, begin + len(rows))
    return Stay(vehicle, *steps, capacity, capacity * soc / 100, capacity * wanted / 100, plan)
