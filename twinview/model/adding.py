"""Elements that a scenario adds: photovoltaic generators and batteries, on buildings or nodes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.i18n import N_, _
from twinview.model.changing import Done, Rows, finding, missing, with_layer
from twinview.model.geometry import points
from twinview.model.growing import longer, with_rows
from twinview.model.problem import Problem
from twinview.model.scenario import AddPv, AddStorage
from twinview.model.series import Floats, Series
from twinview.model.twin import Layer, Network, Twin, power_grid

_PV = re.compile(r"(^|[^a-z])(pv|solar|photovoltaic)", re.IGNORECASE)
_INSTALLED = {"scale_w": 1e-3, "scale_kw": 1.0}
"""Columns that hold the installed power of generators, and what makes kW of them."""
ADDED = {"pv_kwp": ("sym_gen", _INSTALLED), "battery_kwh": ("storage", {"energy_wh": 1e-3})}
"""Columns of buildings that scenarios add to: the component, and what holds its size."""
LARGEST_YIELD = 1.2
"""Highest power per installed power at which a column still counts as installed power: cells give
more than their rating only when it is colder or brighter than in the test, by some tens of a
percent."""


def add_pv(twin: Twin, change: AddPv, stem: str) -> Done:
    """Put generators on buildings or nodes, with the yield of generators that are there.

    Parameters
    ----------
    twin
        The district.
    change
        What is added.
    stem
        Beginning of the new ids.
    """
    grid = power_grid(twin)
    layer = None if grid is None else twin.layers.get(grid.tables.get("sym_gen", ""))
    power = None if layer is None else twin.find(layer.id, "power")
    if grid is None or layer is None or power is None:
        text = _("the district has no generator whose yield they could have")
        return twin, [finding("yield", text, _("Add a grid file with a photovoltaic generator."))]
    model = _model(layer, power, change.profile)
    if isinstance(model, Problem):
        return twin, [model]
    rows, share = model
    sites, gone = sites_of(twin, grid, change.at)
    shared = {name: _agreed(layer, rows, name) for name in ("kind", "intensity_g_per_kwh")}
    made = [
        {
            **site,
            **{name: value for name, value in shared.items() if value is not None},
            **{name: change.kwp / one for name, one in _INSTALLED.items() if layer.has(name)},
            "status": 1,
            "cos_phi": 1.0,
            "origin": "scenario",
        }
        for site in sites
    ]
    sizes = np.full(len(made), change.kwp, dtype=np.float32)
    twin = grown(twin, layer, identified(made, layer, stem, "pv"), sizes, share)
    return twin, [*missing(gone), _followed(layer, power, rows, share)]


def added(twin: Twin, building: str, column: str) -> float:
    """Return what scenarios put on a building, as one of its columns would tell; 0 for nothing.

    Parameters
    ----------
    twin
        The district in the case that is looked at.
    building
        Its id.
    column
        One of `ADDED`; others hold nothing that can be added.
    """
    component, sizes = ADDED.get(column, ("", {}))
    grid = power_grid(twin)
    layer = None if grid is None else twin.layers.get(grid.tables.get(component, ""))
    if layer is None or not (layer.has("building") and layer.has("origin")):
        return 0.0
    mine = (layer.column("building") == building) & (layer.column("origin") == "scenario")
    held = [layer.numbers(one)[mine] * by for one, by in sizes.items() if layer.has(one)]
    return float(np.nansum(held[0])) if held else 0.0


def _model(layer: Layer, power: Series, profile: str) -> tuple[Rows, Floats] | Problem:
    """Return the generators whose mean yield new ones have, and kW of each per kW installed."""
    rows = _named(layer, profile) if profile else _photovoltaic(layer)
    installed = np.zeros(len(layer))
    for name, into in _INSTALLED.items():
        installed = np.where(installed > 0, installed, layer.numbers(name, 0.0) * into)
    rows = rows[installed[rows] > 0]
    share = np.zeros(len(layer), dtype=np.float32)
    if len(rows):
        share[rows] = 1 / installed[rows].sum()
        high = float(np.nanmax(longer(power, "", np.ones(1, np.float32), share).of(len(layer))))
        if 0 < high <= LARGEST_YIELD:
            return rows, share
    if profile:
        text = _("no generator with a known installed power is or follows '{name}'", name=profile)
    else:
        text = _("no photovoltaic generator of the district has a known installed power")
    fix = _("Name a generator or a profile whose 'scale_w' is its installed power.")
    return finding("yield", text, fix, layer.id)


def _photovoltaic(layer: Layer) -> Rows:
    """Return the generators that say they are photovoltaic: those of buildings where any is."""
    found = np.zeros(len(layer), dtype=bool)
    for name in ("kind", "type", "carrier"):
        if layer.has(name):
            found |= [bool(_PV.search(str(one or ""))) for one in layer.column(name)]
    owned = layer.column("building") != np.array(None) if layer.has("building") else found
    return np.flatnonzero(found & owned if (found & owned).any() else found)


def _named(layer: Layer, name: str) -> Rows:
    """Return the generator of an id, or those that follow a profile."""
    if name in layer.row_of:
        return np.array([layer.row_of[name]])
    return np.flatnonzero(layer.column("profile") == name) if layer.has("profile") else np.array([])


def _agreed(layer: Layer, rows: Rows, column: str) -> Any:
    """Return the value of a column that elements have in common; None where they differ."""
    values = set(layer.column(column)[rows]) if layer.has(column) else {None}
    return values.pop() if len(values) == 1 else None


def _followed(layer: Layer, power: Series, rows: Rows, share: Floats) -> Problem:
    """Say which yield new generators have."""
    one = longer(power, "", np.ones(1, dtype=np.float32), share).of(len(layer))
    hours = 1.0 if power.time.static else power.time.step / 3600
    text = _(
        "their yield is the mean of {count} photovoltaic generators of the district by installed "
        "power, {value:.0f} kWh for each kW installed over the data",
        count=len(rows),
        value=float(np.nansum(one, dtype=np.float64)) * hours,
    )
    fix = _("Name a generator or a profile to have another.")
    return replace(finding("yield_of", text, fix, layer.id), severity="info")


def add_storage(twin: Twin, change: AddStorage, stem: str) -> Done:
    """Put batteries into buildings or at nodes; parameters as in `add_pv`."""
    grid = power_grid(twin)
    if grid is None:
        text = _("the district has no electrical grid")
        return twin, [finding("grid", text, _("Add a grid file."))]
    if grid.tables.get("storage") not in twin.layers:
        twin, grid = with_stores(twin, grid)
    layer = twin.layers[grid.tables["storage"]]
    ways, problems = _efficiencies(layer, change)
    sites, gone = sites_of(twin, grid, change.at)
    made = [
        {
            **site,
            **ways,
            "energy_wh": change.kwh * 1e3,
            "power_w": change.kw * 1e3,
            "soc0": _median(layer, "soc0"),
            "standing_loss_per_hour": _median(layer, "standing_loss_per_hour"),
            "origin": "scenario",
        }
        for site in sites
    ]
    sizes = np.full(len(made), change.kwh, dtype=np.float32)
    twin = grown(twin, layer, identified(made, layer, stem, "store"), sizes, None)
    return twin, [*missing(gone), *problems]


def with_stores(twin: Twin, grid: Network) -> tuple[Twin, Network]:
    """Return a twin whose grid has an empty table of stores.

    Parameters
    ----------
    twin, grid
        The district, and its electrical network without stores.
    """
    name = "storage"
    while name in twin.layers:
        name += "_"
    columns = {"id": pa.string(), "node": pa.string(), "building": pa.string()}
    table = pa.table({key: pa.array([], kind) for key, kind in columns.items()})
    layer = Layer(name, N_("Storage"), "storage", table, points(np.empty((0, 3))))
    grid = replace(grid, tables={**grid.tables, "storage": name})
    twin = with_layer(twin, layer)
    return replace(twin, networks={**twin.networks, grid.id: grid}), grid


def _efficiencies(layer: Layer, change: AddStorage) -> tuple[dict[str, float], list[Problem]]:
    """Return the efficiencies of new stores, and what was taken for want of a given one."""
    ways: dict[str, float] = {}
    problems = []
    for name in ("eta_charge", "eta_discharge"):
        given = getattr(change, name)
        known = _median(layer, name) if given is None else given
        ways[name] = 1.0 if known is None else known
        if known is None:
            text = _("no '{name}' is known; they lose nothing", name=name)
            problems.append(finding("efficiency", text, _("Give it."), layer.id))
    return ways, problems


def _median(layer: Layer, column: str) -> float | None:
    values = layer.numbers(column)
    known = values[np.isfinite(values)]
    return float(np.median(known)) if known.size else None


def sites_of(
    twin: Twin, grid: Network, ids: Sequence[str]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return node and building of each place, and the ids that are on no grid.

    A building stands at the node of the first device that names it.

    Parameters
    ----------
    twin, grid
        The district and its electrical network.
    ids
        Buildings or nodes.
    """
    nodes = twin.layers[grid.tables["node"]]
    node_of: dict[str, str] = {}
    for name in ("storage", "sym_gen", "sym_load"):
        device = twin.layers.get(grid.tables.get(name, ""))
        if device is not None and device.has("building"):
            pairs = zip(device.column("building"), device.column("node"), strict=True)
            node_of |= {b: n for b, n in reversed(list(pairs)) if b is not None}
    sites: list[dict[str, Any]] = []
    for one in ids:
        if node_of.get(one) in nodes.row_of:
            sites.append({"building": one, "node": node_of[one]})
        elif one in nodes.row_of:
            sites.append({"building": None, "node": one})
    known = {site["building"] or site["node"] for site in sites}
    return sites, [one for one in ids if one not in known]


def identified(
    rows: list[dict[str, Any]], layer: Layer, stem: str, what: str
) -> list[dict[str, Any]]:
    """Give new elements ids that no other has: scenario, number of the change, kind, number.

    Parameters
    ----------
    rows
        The new elements.
    layer
        What they are added to.
    stem, what
        Beginning of the ids, and the kind.
    """
    begin = f"{stem}~{what}"
    while any(str(one).startswith(begin) for one in layer.ids):
        begin += "~"
    return [{"id": f"{begin}~{k}", **row} for k, row in enumerate(rows, 1)]


def grown(
    twin: Twin, layer: Layer, rows: list[dict[str, Any]], sizes: Floats, share: Floats | None
) -> Twin:
    """Return a twin with more elements in a table; its series grow with it.

    Parameters
    ----------
    twin, layer
        The district and the table.
    rows
        Attributes of the new elements.
    sizes, share
        As in `growing.longer`, for the power.
    """
    if not rows:
        return twin
    grown = with_rows(layer, rows, _places(twin, rows))
    series = {}
    for key, one in twin.series.items():
        if key[0] != layer.id:
            series[key] = one
        elif one is twin.find(layer.id, key[1]):
            part = share if key[1] == "power" else None
            series[layer.id, key[1], twin.scenario] = longer(one, twin.scenario, sizes, part)
    return with_layer(replace(twin, series=series), grown)


def _places(twin: Twin, rows: Sequence[dict[str, Any]]) -> npt.NDArray[np.float64]:
    """Return where new elements are: at their building, else at their node; NaN where unknown."""
    found = np.full((len(rows), 3), np.nan)
    layers = [*twin.of_kind("node"), *twin.of_kind("building")]
    for layer in layers:
        if layer.geometry is None:
            continue
        for k, row in enumerate(rows):
            place = layer.row_of.get(row["node"] if layer.kind == "node" else row["building"], -1)
            if place >= 0:
                found[k] = layer.geometry.centres[place]
    return found
