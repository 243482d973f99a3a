"""From the schedule of a charger to a change of a scenario, or to a curve."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from twinview.energy.schedules import Stay as Slot
from twinview.energy.schedules import read_charger
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.stays import Stay
from twinview.readers.common.texts import decode

WORDS = {
    "charging": "charging", "efficiency": "eta_charge", "discharge": "discharge_kw",
    "discharge_efficiency": "eta_discharge", "standing": "standing_loss_per_hour",
    "intensity": "g_per_kwh",
}  # fmt: skip
"""Words of the choices of a charger, and the settings that they stand for."""


@dataclass(frozen=True, eq=False)
class Schedule:
    """Who comes to a charger, as a file says it.

    Parameters
    ----------
    slots
        The stays in steps of the file.
    steps
        Their number.
    """

    slots: tuple[Slot, ...]
    steps: int

    def stays(self, start: datetime, step_hours: float) -> tuple[str, ...]:
        """Return the stays with their instants, as a scenario keeps them.

        Parameters
        ----------
        start
            When the first step begins.
        step_hours
            Length of a step.
        """
        begin = start.astimezone(UTC)  # clocks that change must not move the hours
        step = timedelta(hours=step_hours)
        return tuple(
            Stay(
                one.vehicle.replace(";", ","),
                begin + one.arrive * step,
                begin + one.depart * step,
                *(one.capacity, one.energy, one.wanted, one.plan),
            ).text()
            for one in self.slots
        )


def read_schedule(path: Path) -> Schedule:
    """Read a charger's schedule.

    Raises
    ------
    CommandError
        It cannot be read; the sentence says why.
    """
    try:
        return Schedule(*read_charger(decode(path.read_bytes())[0], path.name))
    except OSError as error:
        raise CommandError(_("{path}: {why}.", path=path, why=error.strerror or error)) from error
    except ValueError as error:
        raise CommandError(f"{error}.") from error


def charger_of(path: Path, start: datetime, said: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of a charger with the stays of a schedule.

    Parameters
    ----------
    path
        The schedule.
    start
        When its first step begins.
    said
        Choices by the words of `WORDS`, and ``step``, the hours of a step.

    Raises
    ------
    CommandError
        The schedule or a choice does not fit.
    """
    hours = step_of(said.get("step", "1"))
    schedule = read_schedule(path)
    if not schedule.slots:
        raise CommandError(_("No vehicle comes in {file}.", file=path.name))
    settings = {WORDS[word]: value for word, value in said.items() if word in WORDS}
    return {**settings, "stays": schedule.stays(start, hours)}


def step_of(text: str) -> float:
    """Return the hours of a step.

    Raises
    ------
    CommandError
        It is no length of at least a second.
    """
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 1 / 3600 <= hours < float("inf"):
        raise CommandError(_("'{text}' hours are no length of a step.", text=text))
    return hours


def instants_of(schedule: Schedule, start: datetime, step_hours: float) -> list[str]:
    """Return the instants of a schedule's steps.

    Parameters
    ----------
    schedule
        The schedule.
    start
        When it begins.
    step_hours
        Length of a step.
    """
    begin, step = start.astimezone(UTC), timedelta(hours=step_hours)
    return [(begin + k * step).isoformat() for k in range(schedule.steps)]
