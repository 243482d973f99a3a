"""Chargers and stays as tables: rows of stores that say how they charge, and a table of stays.

A store whose column ``charging`` says ``at_once`` or ``evenly`` is a charger: vehicles come to it
and go. Its other columns are those of stores, besides ``discharge_power_w`` (nothing where it is
missing) and ``start_intensity_g_per_kwh``, of what vehicles bring. Each row of the table of stays
names its ``charger``, ``arrive`` and ``depart`` (ISO 8601, UTC where there is no offset),
``capacity_kwh``, ``energy_kwh`` on arrival, ``wanted_kwh``, and maybe ``plan_kw``, numbers with
spaces between: the power in equal parts of the stay, negative when giving.
"""

from datetime import UTC, datetime

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.fleet import RULES, Chargers, Fleet, Stays, checked
from twinview.i18n import _
from twinview.model.twin import Layer

COMPONENT = "stay"
"""Name of the table of stays among those of a network."""


def fleet_of(stores: Layer | None, stays: Layer | None) -> Fleet | None:
    """Return the chargers among stores; None where there is none.

    Parameters
    ----------
    stores
        Layer of the stores.
    stays
        Table of the stays.

    Raises
    ------
    ValueError
        A way of charging is not known, or a stay makes no sense; the sentence names it.
    """
    if stores is None or not stores.has("charging"):
        return None
    rules = stores.column("charging")
    charger = np.array([bool(rule) for rule in rules], dtype=np.bool_)
    if not charger.any():
        return None
    unknown = sorted({str(rule) for rule in rules[charger]} - set(RULES))
    if unknown:
        raise ValueError(
            _("Vehicles charge {known}, not '{rule}'", known=", ".join(RULES), rule=unknown[0])
        )
    limits = Chargers(
        power=stores.numbers("power_w", 0.0) * 1e-3,
        discharge_power=stores.numbers("discharge_power_w", 0.0) * 1e-3,
        eta_charge=stores.numbers("eta_charge", 1.0),
        eta_discharge=stores.numbers("eta_discharge", 1.0),
        standing_loss=stores.numbers("standing_loss_per_hour", 0.0),
        evenly=np.array([rule == "evenly" for rule in rules], dtype=np.bool_),
    )
    w0 = stores.numbers("start_intensity_g_per_kwh")
    fleet = Fleet(charger, limits, w0, _stays(stores, stays))
    return checked(fleet, [str(one) for one in stores.ids])


def _stays(stores: Layer, table: Layer | None) -> Stays:
    if table is None:
        whole, none = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Stays(whole, whole, whole, none, none, none, ())
    plans = table.column("plan_kw") if table.has("plan_kw") else [None] * len(table)
    return Stays(
        stores.rows(table.column("charger")),
        _seconds(table, "arrive"),
        _seconds(table, "depart"),
        table.numbers("capacity_kwh"),
        table.numbers("energy_kwh"),
        table.numbers("wanted_kwh"),
        tuple(_plan(one) for one in plans),
    )


def _plan(text: str | None) -> Floats:
    return np.array((text or "").split(), dtype=np.float64)


def _seconds(table: Layer, column: str) -> Ints:
    instants = (datetime.fromisoformat(str(one)) for one in table.column(column))
    aware = (one if one.tzinfo is not None else one.replace(tzinfo=UTC) for one in instants)
    return np.array([round(one.timestamp()) for one in aware], dtype=np.int64)
