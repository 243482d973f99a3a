"""Voltage where lines, transformers and buildings hang, around the rated one."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.twin import Layer, Network, Twin, consumers, power_grid
from twinview.scene.overlay import Painted, overlay
from twinview.scene.paint import Paint, State
from twinview.scene.parts import Floats, States, paint_values, power_lines, ramp_legend, row
from twinview.scene.view import View

LIMITS = (0.9, 1.1)
"""Volts over rated volts that EN 50160 allows: 10 % to either side."""
_BRANCHES = ("line", "link", "transformer")
_DEVICES = ("sym_load", "sym_gen")

Whole = npt.NDArray[np.int64]
Pairs = tuple[Whole, Whole]


def available(twin: Twin) -> bool:
    """Tell whether any node has a voltage."""
    nodes = _nodes(twin)
    return nodes is not None and twin.find(nodes.id, "voltage") is not None


@overlay("voltage", N_("Voltage"), available, order=45)
def paint(twin: Twin, view: View) -> Painted:
    """Colour what hangs at the nodes; beyond the limits it also carries stripes."""
    nodes, grid = _nodes(twin), power_grid(twin)
    none = np.empty(0, dtype=np.uint8)
    if nodes is None or grid is None:
        return [], ramp_legend(_("Voltage"), "p.u.", LIMITS, "voltage", view.theme, none)
    volts, of_node = row(twin, nodes, "voltage", view)
    hung = _hung(twin, grid, nodes)
    flows = {one.layer: one for one in power_lines(twin, view)}
    paints, states = [], [none]
    for layer, pairs in hung.items():
        made = _painted(layer, pairs, (volts, of_node), view)
        flow = flows.get(layer.id)
        if flow is not None:
            made = replace(made, width=flow.width, direction=flow.direction, pace=flow.pace)
        paints.append(made)
        states.append(made.state)
    note = _("limits of EN 50160; of several nodes the one farthest from 1 p.u.")
    shown = np.concatenate(states)
    legend = ramp_legend(_("Voltage"), "p.u.", LIMITS, "voltage", view.theme, shown, note)
    return paints, legend


def node_of(twin: Twin, view: View, layer: str, number: int) -> int | None:
    """Return the row of the node whose voltage an element is coloured by; None without one.

    Parameters
    ----------
    twin, view
        The district, and the instant.
    layer, number
        The element's layer and row.
    """
    nodes, grid = _nodes(twin), power_grid(twin)
    if nodes is None or grid is None:
        return None
    pairs = {one.id: pairs for one, pairs in _hung(twin, grid, nodes).items()}.get(layer)
    if pairs is None:
        return None
    mine = pairs[1][pairs[0] == number]
    off = np.abs(row(twin, nodes, "voltage", view)[0][mine] - 1)
    return int(mine[np.nanargmax(off)]) if np.isfinite(off).any() else None


def _hung(twin: Twin, grid: Network, nodes: Layer) -> dict[Layer, Pairs]:
    """Return what hangs at nodes, by layer: rows of elements and of their nodes."""
    tables = {name: twin.layers[one] for name, one in grid.tables.items() if one in twin.layers}
    devices = tuple(tables[name] for name in _DEVICES if name in tables)
    return {tables[name]: _ends(tables[name], nodes) for name in _BRANCHES if name in tables} | {
        one: _homes(one, devices, nodes) for one in consumers(twin)
    }


def _nodes(twin: Twin) -> Layer | None:
    grid = power_grid(twin)
    return None if grid is None else twin.layers[grid.tables["node"]]


def _painted(layer: Layer, pairs: Pairs, known: tuple[Floats, States], view: View) -> Paint:
    """Return the paint of a layer whose elements hang at nodes."""
    volts, of_node = known
    values, state = _farthest(len(layer), pairs, volts), np.full(len(layer), State.MISSING)
    element, node = pairs
    state[element] = of_node[node]
    state[np.isfinite(values)] = State.VALUE
    with np.errstate(invalid="ignore"):
        state[(values < LIMITS[0]) | (values > LIMITS[1])] = State.OVER
    return paint_values(
        layer,
        values,
        state.astype(np.uint8),
        LIMITS,
        "voltage",
        view.theme,
        quantity="voltage",
        unit="p.u.",
    )


def _farthest(n: int, pairs: Pairs, volts: Floats) -> Floats:
    """Return of each element the voltage of its nodes that is farthest from 1; NaN without one."""
    element, node = pairs
    own = volts[node]
    known = np.isfinite(own)
    low, high = np.full(n, np.inf, np.float32), np.full(n, -np.inf, np.float32)
    np.minimum.at(low, element[known], own[known])
    np.maximum.at(high, element[known], own[known])
    with np.errstate(invalid="ignore"):
        far = np.where(1 - low > high - 1, low, high)
    return np.where(np.isfinite(far), far, np.nan).astype(np.float32)


@lru_cache(maxsize=16)
def _ends(layer: Layer, nodes: Layer) -> Pairs:
    """Return rows of a layer of branches and of the nodes that they join."""
    columns = [_places(layer, end, nodes) for end in ("from_node", "to_node")]
    return _kept(np.tile(np.arange(len(layer)), 2), np.concatenate(columns))


@lru_cache(maxsize=16)
def _homes(layer: Layer, devices: tuple[Layer, ...], nodes: Layer) -> Pairs:
    """Return rows of a layer of buildings and of the nodes that their devices hang at."""
    element, node = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for one in devices:
        node.append(_places(one, "node", nodes))
        own = np.arange(len(one)) if one is layer else _places(one, "building", layer)
        element.append(own)
    return _kept(np.concatenate(element), np.concatenate(node))


def _places(layer: Layer, column: str, named: Layer) -> Whole:
    """Return the rows of a layer that another names in a column, -1 for none."""
    if not layer.has(column):
        return np.full(len(layer), -1, dtype=np.int64)
    return named.rows(layer.column(column))


def _kept(element: Whole, node: Whole) -> Pairs:
    there = (element >= 0) & (node >= 0)
    return element[there], node[there]
