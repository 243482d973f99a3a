"""What vehicles leave chargers with: energy and carbon of each stay, from kept results."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.chargers import COMPONENT, fleet_of
from twinview.energy.fleet import Fleet
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin, power_grid


@dataclass(frozen=True)
class Told:
    """A stay, and what the vehicle left with.

    Parameters
    ----------
    charger, vehicle
        Names.
    arrive, depart
        Seconds since 1970, UTC.
    arrived, charged, left
        kWh brought, taken up at the terminals less what was given, and taken away. NaN where the
        steps are not computed.
    carbon
        kg taken away.
    """

    charger: str
    vehicle: str
    arrive: int
    depart: int
    arrived: float
    charged: float
    left: float
    carbon: float

    @property
    def intensity(self) -> float:
        """g/kWh of what was taken away; NaN where nothing is known of it."""
        return self.carbon / self.left * 1000 if self.left > 0 else float("nan")


def stays_told(twin: Twin) -> list[Told]:
    """Return the stays of a district's vehicles with what each left with, in their order.

    Stays outside the data are left out.

    Parameters
    ----------
    twin
        The district, with results where there are any.

    Raises
    ------
    CommandError
        No vehicle comes, or the stays make no sense.
    """
    grid = power_grid(twin)
    tables = {} if grid is None else grid.tables
    stores, table = (twin.layers.get(tables.get(name, "")) for name in ("storage", COMPONENT))
    try:
        fleet = fleet_of(stores, table)
    except ValueError as error:
        raise CommandError(f"{error}.") from error
    if fleet is None or table is None or stores is None or twin.time.static:
        raise CommandError(_("No vehicles come to this district; add a charger to a scenario."))
    told = _told(twin, stores, table, fleet)
    return sorted(told, key=lambda one: (one.arrive, one.charger))


def _told(twin: Twin, stores: Layer, table: Layer, fleet: Fleet) -> Iterator[Told]:
    stays, names = fleet.stays, table.column("vehicle")
    first, last = stays.steps(twin.time)
    for charger in np.flatnonzero(fleet.charger).tolist():
        power, energy, carbon = (
            _whole(twin, stores.id, name, charger)
            for name in ("power", "left_energy", "left_carbon")
        )
        for row in np.flatnonzero(stays.charger == charger).tolist():
            begin, end = int(first[row]), int(last[row])
            if begin >= min(end, twin.time.count):
                continue
            gone = end - 1 if end <= twin.time.count else None
            left, kg = (np.nan if gone is None else float(one[gone]) for one in (energy, carbon))
            moved = float(power[begin : min(end, twin.time.count)].sum()) * twin.time.step / 3600
            yield Told(
                str(stores.ids[charger]), str(names[row]), int(stays.arrive[row]),
                int(stays.depart[row]), float(stays.energy[row]), moved, left, kg,
            )  # fmt: skip


def _whole(twin: Twin, layer: str, quantity: str, row: int) -> Floats:
    """Return a computed quantity of an element on the clock, NaN where it is not computed."""
    found = np.full(twin.time.count, np.nan)
    series = twin.find(layer, quantity)
    if series is None or series.meaning.origin != "computed":
        return found
    values = np.asarray(series.of(row), dtype=np.float64)
    shift = (series.time.start - twin.time.start) // twin.time.step
    found[shift : shift + len(values)] = values
    return found
