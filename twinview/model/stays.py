"""Stays of vehicles at chargers: as they are written in a project, and as rows of a table."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from twinview.i18n import _

COLUMNS = ("vehicle", "arrive", "depart", "capacity_kwh", "energy_kwh", "wanted_kwh", "plan_kw")
"""Columns of a table of stays besides ``id`` and ``charger``, in the order of the text."""


@dataclass(frozen=True)
class Stay:
    """One vehicle at a charger.

    Parameters
    ----------
    vehicle
        Its name.
    arrive, depart
        When it comes and goes; with an offset.
    capacity, energy, wanted
        Of its battery, on arrival, and wanted at departure, in kWh.
    plan
        kW in equal parts of the stay, negative when giving; none where it charges by rule.
    """

    vehicle: str
    arrive: datetime
    depart: datetime
    capacity: float
    energy: float
    wanted: float
    plan: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        if not (0 <= self.energy <= self.capacity and self.capacity > 0 and self.wanted >= 0):
            raise ValueError(
                _(
                    "the content of '{vehicle}' must lie within its capacity, and what it wants "
                    "must not be negative",
                    vehicle=self.vehicle,
                )
            )
        if self.depart <= self.arrive:
            raise ValueError(_("'{vehicle}' leaves before it comes", vehicle=self.vehicle))

    def row(self) -> dict[str, Any]:
        """Return the stay as a row of a table."""
        return dict(zip(COLUMNS, self._values(), strict=True))

    def text(self) -> str:
        """Return the stay as one line."""
        return ";".join("" if one is None else str(one) for one in self._values())

    def _values(self) -> tuple[str | float | None, ...]:
        ends = (one.astimezone(UTC).isoformat() for one in (self.arrive, self.depart))
        plan = " ".join(f"{one:.9g}" for one in self.plan) or None
        return self.vehicle, *ends, self.capacity, self.energy, self.wanted, plan


def stay_of(text: str) -> Stay:
    """Read a stay from its line: the columns of `COLUMNS` with semicolons between.

    Raises
    ------
    ValueError
        The line does not fit.
    """
    parts = [one.strip() for one in text.split(";")]
    if len(parts) != len(COLUMNS):
        raise ValueError(
            _("'{text}' is no stay; it has {columns}", text=text, columns=";".join(COLUMNS))
        )
    arrive, depart = (datetime.fromisoformat(one) for one in parts[1:3])
    if arrive.tzinfo is None or depart.tzinfo is None:
        raise ValueError(_("'{text}' needs times with an offset such as +08:00", text=text))
    capacity, energy, wanted = (float(one) for one in parts[3:6])
    plan = tuple(map(float, parts[6].split()))
    return Stay(parts[0], arrive, depart, capacity, energy, wanted, plan)
