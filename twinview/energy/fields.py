"""The results of a run of steps as quantities of the layers they belong to."""

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.district import District, summing
from twinview.energy.fleet import Visiting
from twinview.energy.netting import Netted
from twinview.energy.powerflow import BRANCHES, Flow
from twinview.energy.tracing import Tracing

EMPTY = 1e-6
"""kW or kWh below which there is nothing that an intensity could be of."""

Fields = dict[tuple[str, str], Floats]
"""Arrays [T, n] by (layer id, quantity)."""


def fields_of(
    district: District,
    flow: Flow,
    netted: Netted,
    traced: Tracing,
    visiting: Visiting | None = None,
) -> Fields:
    """Return everything that a run of steps says about nodes, branches, stores and users.

    Parameters
    ----------
    district
        The network.
    flow, netted, traced
        Its power flow, its buses as traced, and their carbon.
    visiting
        What chargers do in it; None where there are none.
    """
    fields = {**_grid_fields(district, flow, traced), **_store_fields(district, traced, visiting)}
    return fields | _user_fields(district, netted, traced) | _held_fields(district, flow)


def _grid_fields(district: District, flow: Flow, traced: Tracing) -> Fields:
    tables = district.network.tables
    dark = ~flow.energized
    voltage = np.where(dark, np.nan, flow.voltage)
    fields = {
        (tables["node"], "voltage"): voltage,
        (tables["node"], "carbon_intensity"): traced.intensity[:, district.place],
    }
    first = 0
    for name in BRANCHES:
        count = district.grid.ids(name).size
        if count and name in tables:
            rows = slice(first, first + count)
            fields[tables[name], "power"] = flow.p_from[:, rows]
            fields[tables[name], "loading"] = flow.loading[:, rows] * 100.0
        first += count
    return fields


def _held_fields(district: District, flow: Flow) -> Fields:
    """Return the reactive power of generators where some of them had theirs sought."""
    if district.control is None or district.gens.layer is None:
        return {}
    return {(district.gens.layer.id, "reactive_power"): flow.gen_q}


def _store_fields(district: District, traced: Tracing, visiting: Visiting | None) -> Fields:
    if district.stores.layer is None:
        return {}
    name = district.stores.layer.id
    inside = traced.store_energy[1:] + traced.left_energy
    content = traced.store_carbon[1:] + traced.left_carbon
    own = np.where(district.store_table.energy > 0, district.store_table.energy, np.nan)
    capacity = np.broadcast_to(own, inside.shape)
    fields = {
        (name, "power"): traced.case.store_power,
        (name, "carbon_intensity"): np.divide(
            content, inside, out=np.full_like(content, np.nan), where=inside > EMPTY
        ),
    }
    if visiting is not None and district.fleet is not None:
        nobody = district.fleet.charger & ~visiting.present
        capacity = np.where(district.fleet.charger, visiting.capacity, capacity)
        inside = np.where(nobody, np.nan, inside)
        fields |= {
            (name, "left_energy"): np.where(visiting.leaving, traced.left_energy, np.nan),
            (name, "left_carbon"): np.where(visiting.leaving, traced.left_carbon * 1e-3, np.nan),
        }
    return fields | {(name, "energy"): inside, (name, "soc"): inside / capacity}


def _user_fields(district: District, netted: Netted, traced: Tracing) -> Fields:
    """Return the intensity of buildings, or of the loads where no building is known."""
    many = len(district.loads)
    at_load = traced.intensity[:, netted.load_bus]
    if district.building is None:
        layer = district.loads.layer
        return {} if layer is None else {(layer.id, "carbon_intensity"): at_load}
    used = np.nan_to_num(traced.case.load_power[:, :many])
    rows = np.where(district.loads.site >= 0, district.building_row[district.loads.site], -1)
    adding = summing(rows, len(district.building)).T
    carbon, energy = (used * np.nan_to_num(at_load)) @ adding, used @ adding
    intensity = np.full(energy.shape, np.nan)
    intensity[:, district.building_row] = _idle(district, netted, traced)
    np.divide(carbon, energy, out=intensity, where=energy > EMPTY)
    intensity[np.isnan(traced.residual)] = np.nan
    return {(district.building.id, "carbon_intensity"): intensity}


def _idle(district: District, netted: Netted, traced: Tracing) -> Floats:
    """Return what each site would get: its own bus's intensity, or that of the grid beside it."""
    own = traced.intensity[:, netted.building_bus]
    beside = traced.intensity[:, district.place[district.sites]]
    return np.where(np.isnan(own), beside, own)
