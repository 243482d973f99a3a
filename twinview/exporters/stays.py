"""A table of the stays of vehicles: who came and went, and with how much energy and carbon."""

from collections.abc import Sequence

import pyarrow as pa

from twinview import __version__
from twinview.energy.vehicle_accounts import Told
from twinview.exporters.table_files import Content
from twinview.model.twin import Twin

NUMBERS = {"arrived": "kWh", "charged": "kWh", "left": "kWh", "carbon": "kg", "intensity": "g/kWh"}
"""Columns of numbers, and their units."""


def stays_table(twin: Twin, stays: Sequence[Told]) -> Content:
    """Return stays for a table file, one row each; what is not computed stays empty.

    Parameters
    ----------
    twin
        The district that they belong to.
    stays
        As `energy.vehicle_accounts.stays_told` gives them.
    """
    instant = pa.timestamp("s", twin.time.tz)
    columns = {
        "charger": pa.array([one.charger for one in stays], pa.string()),
        "vehicle": pa.array([one.vehicle for one in stays], pa.string()),
        "arrive": pa.array([one.arrive for one in stays], pa.int64()).cast(instant),
        "depart": pa.array([one.depart for one in stays], pa.int64()).cast(instant),
    }
    for name, unit in NUMBERS.items():
        values = [getattr(one, name) for one in stays]
        columns[f"{name} [{unit}]"] = pa.array(values, pa.float64(), from_pandas=True)
    ascii_only = all((one.charger + one.vehicle).isascii() for one in stays)
    about = {"twin": twin.name, "data": twin.digest, "scenario": twin.scenario,
             "twinview": __version__}  # fmt: skip
    return Content(pa.table(columns), about, ascii_only)
