"""Chargers that a scenario adds: rows of stores that vehicles come to, and the table of stays."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from twinview.i18n import N_, _
from twinview.model.adding import grown, identified, sites_of, with_stores
from twinview.model.changing import Done, finding, missing, with_layer
from twinview.model.growing import with_rows
from twinview.model.scenario import AddCharger
from twinview.model.stays import stay_of
from twinview.model.twin import Layer, Network, Twin, power_grid

TABLE = "stay"
_TYPES = {"id": pa.string(), "charger": pa.string(), "vehicle": pa.string(), "arrive": pa.string(),
          "depart": pa.string(), "capacity_kwh": pa.float64(), "energy_kwh": pa.float64(),
          "wanted_kwh": pa.float64(), "plan_kw": pa.string()}  # fmt: skip


def add_charger(twin: Twin, change: AddCharger, stem: str) -> Done:
    """Put chargers into buildings or at nodes; parameters as in `adding.add_pv`."""
    grid = power_grid(twin)
    if grid is None:
        text = _("the district has no electrical grid")
        return twin, [finding("grid", text, _("Add a grid file."))]
    if grid.tables.get("storage") not in twin.layers:
        twin, grid = with_stores(twin, grid)
    layer = twin.layers[grid.tables["storage"]]
    sites, gone = sites_of(twin, grid, change.at)
    made = [
        {
            **site,
            "kind": N_("charger"),
            "charging": change.charging,
            "power_w": change.kw * 1e3,
            "discharge_power_w": change.discharge_kw * 1e3,
            "eta_charge": change.eta_charge,
            "eta_discharge": change.eta_discharge,
            "standing_loss_per_hour": change.standing_loss_per_hour,
            "start_intensity_g_per_kwh": change.g_per_kwh,
            "status": 1,
            "origin": "scenario",
        }
        for site in sites
    ]
    rows = identified(made, layer, stem, "charger")
    twin = grown(twin, layer, rows, np.zeros(len(rows), dtype=np.float32), None)
    return _with_stays(twin, grid, [row["id"] for row in rows], change), missing(gone)


def _with_stays(twin: Twin, grid: Network, chargers: list[str], change: AddCharger) -> Twin:
    """Return a twin with the stays of new chargers behind those that it has."""
    rows = [
        {"id": f"{charger}~{k}", "charger": charger, **stay_of(text).row()}
        for charger in chargers
        for k, text in enumerate(change.stays, 1)
    ]
    if not rows:
        return twin
    name = grid.tables.get(TABLE, "")
    if name not in twin.layers:
        name = TABLE
        while name in twin.layers:
            name += "_"
        empty = pa.table({key: pa.array([], kind) for key, kind in _TYPES.items()})
        twin = with_layer(twin, Layer(name, N_("Stays of vehicles"), "other", empty))
        grid = replace(grid, tables={**grid.tables, TABLE: name})
        twin = replace(twin, networks={**twin.networks, grid.id: grid})
    nowhere = np.full((len(rows), 3), np.nan)
    return with_layer(twin, with_rows(twin.layers[name], rows, nowhere))
