"""From the tables of a twin's network to the arrays of the power flow."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from twinview.energy.arrays import Ints
from twinview.energy.grid import BRANCHES, Grid
from twinview.energy.voltage import Control
from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.twin import Layer, Network, Twin

DEVICES = ("source", "sym_load", "sym_gen", "shunt")
_ON = {"status": 1, "from_status": 1, "to_status": 1}


def table(twin: Twin, network: Network, component: str) -> Layer | None:
    """Return the layer that holds a component of a network; None where it has none."""
    return twin.layers.get(network.tables.get(component, ""))


def make_grid(twin: Twin, network: Network) -> Grid:
    """Return a network's tables as power-grid-model wants them.

    Nodes are numbered by row; the stores stand behind the loads as further loads, since the solver
    knows no storage. Rows keep the order of their layers.

    Parameters
    ----------
    twin
        The district.
    network
        One of its electrical networks.
    """
    nodes = table(twin, network, "node")
    if nodes is None:
        return Grid({})
    tables = {"node": _filled("node", nodes, {"id": np.arange(len(nodes))})}
    begin = len(nodes)
    for component in (*BRANCHES, *DEVICES):
        layer = table(twin, network, component)
        extra = table(twin, network, "storage") if component == "sym_load" else None
        parts = [_rows(component, one, nodes) for one in (layer, extra) if one is not None]
        if not parts:
            continue
        rows = np.concatenate(parts)
        rows["id"] = begin + np.arange(rows.size)
        begin += rows.size
        tables[component] = rows
    return Grid(tables)


def control_of(gens: Layer | None, grid: Grid, given: bool) -> Control | None:
    """Return the generators that hold a voltage: those with `u_ref` that are on and have supply.

    Parameters
    ----------
    gens
        Layer of the generators. `q_min_var` and `q_max_var` limit their reactive power in var.
    grid
        The grid.
    given
        Whether the reactive power of generators is given over time; then none is sought.
    """
    if gens is None or given or not gens.has("u_ref"):
        return None
    places = grid.one_place
    bus = grid.bus_of("sym_gen")
    wanted = gens.numbers("u_ref")
    on = (grid.rows("sym_gen")["status"] == 1) & (bus >= 0) & grid.energized[bus]
    stiff = places[grid.bus_of("source")[grid.rows("source")["status"] == 1]]
    rows = np.flatnonzero(on & (wanted > 0) & ~np.isin(places[bus], stiff))
    if not rows.size:
        return None
    _held, first, place = np.unique(places[bus[rows]], return_index=True, return_inverse=True)
    low = np.nan_to_num(gens.numbers("q_min_var"), nan=-np.inf, neginf=-np.inf, posinf=np.inf)
    high = np.nan_to_num(gens.numbers("q_max_var"), nan=np.inf, neginf=-np.inf, posinf=np.inf)
    return Control(
        rows, place, bus[rows[first]], wanted[rows[first]], low[rows] * 1e-3, high[rows] * 1e-3
    )


def _rows(component: str, layer: Layer, nodes: Layer) -> NDArray[np.void]:
    ends = ("from_node", "to_node") if component in BRANCHES else ("node",)
    rows = _filled(component, layer, {end: node_rows(layer, nodes, end) for end in ends})
    if component in {"sym_load", "sym_gen"}:
        rows["type"] = np.maximum(rows["type"], 0)  # constant power where nothing is said
        for name in ("p_specified", "q_specified"):
            rows[name] = np.nan_to_num(rows[name])
    return rows


def node_rows(layer: Layer, nodes: Layer, column: str = "node") -> Ints:
    """Return the row of the node that each row names, -1 where there is none such."""
    return nodes.rows(layer.column(column))


def _filled(component: str, layer: Layer, given: dict[str, Any]) -> NDArray[np.void]:
    """Fill a structured array with the columns that the layer shares with power-grid-model."""
    from power_grid_model import initialize_array  # the window starts without the engine

    rows = initialize_array("input", component, len(layer))
    for name in rows.dtype.names or ():
        if name in given:
            rows[name] = given[name]
        elif name in _ON:
            rows[name] = layer.numbers(name, float(_ON[name])).astype(rows.dtype[name])
        elif layer.has(name) and name not in {"id", "node", "from_node", "to_node"}:
            _copy(rows, name, layer)
    return rows


def _copy(rows: NDArray[np.void], name: str, layer: Layer) -> None:
    values = layer.numbers(name)
    known = np.isfinite(values)
    rows[name][known] = values[known].astype(rows.dtype[name])


def problems_of(twin: Twin, network: Network, grid: Grid) -> list[Problem]:
    """Return what is wrong with a network, in the words and ids of its layers."""
    from twinview.energy.grid import check

    found = []
    for finding in check(grid):
        layer = table(twin, network, finding.component)
        rows = grid.ids(finding.component) if finding.component in grid.tables else np.array([])
        names = []
        if layer is not None and rows.size:
            where = np.flatnonzero(np.isin(rows[: len(layer)], finding.ids))
            names = [str(one) for one in layer.ids[where]]
        found.append(
            Problem(
                severity="error" if finding.fatal else "warning",
                code=f"grid.{finding.code}",
                message=finding.message
                if not names
                else f"{finding.message} ({', '.join(names[:5])})",
                fix=_("Mend the network in the file it comes from."),
                source=layer.source if layer is not None else "",
                layer=layer.id if layer is not None else "",
                element_ids=tuple(names[:1000]),
            )
        )
    return found
