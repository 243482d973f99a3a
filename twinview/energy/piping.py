"""Everything that the computation of one network of pipes needs, as arrays, once.

Pipes carry a power: heat above the return temperature, cold below it, gas by its lower heating
value. Where the data are silent about temperatures, `DEFAULTS` are taken and said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.components import node_rows, table
from twinview.energy.district import StoreTable, store_table
from twinview.i18n import N_, _
from twinview.model.clocked import brought
from twinview.model.problem import Problem, Severity
from twinview.model.series import Series
from twinview.model.time import TimeAxis
from twinview.model.twin import PIPED, Layer, Network, Twin

DEFAULTS = {"heat": (80.0, 50.0), "cooling": (6.0, 12.0), "gas": (0.0, 0.0)}
"""°C of supply and return where nothing says them: usual design temperatures, an assumption."""
GROUND = 10.0
"""°C of the ground where nothing says it, an assumption: a usual yearly mean."""
JOINT = 0.1
"""m of pipe that a valve or a joint of no length counts as in the split of rings."""
BRANCHES = ("pipe", "valve")


@dataclass(frozen=True, eq=False)
class Pipes:
    """Open pipes.

    Parameters
    ----------
    heads, tails
        Node rows of their ends. Shape [k].
    resistance
        For the split in rings. Shape [k].
    leak
        Heat loss of one pipe for each kelvin, kW/K. Shape [k].
    area
        Cross section in m², NaN where unknown. Shape [k].
    rated
        Power they are made for, kW, NaN where unknown. Shape [k].
    rows
        Layer and rows of the layer, in the order of the pipes.
    """

    heads: Ints
    tails: Ints
    resistance: Floats
    leak: Floats
    area: Floats
    rated: Floats
    rows: tuple[tuple[Layer, Ints], ...]


@dataclass(frozen=True, eq=False)
class Placed:
    """Loads, sources or stores.

    Parameters
    ----------
    layer
        Their layer; None where the network has none.
    node
        Node row of each. Shape [d].
    on
        Which are in service. Shape [d].
    power
        Over time in kW; None where it is not given.
    """

    layer: Layer | None
    node: Ints
    on: Bools
    power: Series | None

    def numbers(self, name: str, default: float = np.nan) -> Floats:
        """Return a column of the layer, [d]."""
        return np.zeros(0) if self.layer is None else self.layer.numbers(name, default)

    def __len__(self) -> int:
        """Return their number."""
        return self.node.size


@dataclass(frozen=True, eq=False)
class PipeNet:
    """A network of pipes ready to be computed.

    Parameters
    ----------
    network, nodes
        What it is made of.
    pipes, loads, sources, stores
        Its elements.
    store_table
        Data of the stores.
    island
        Number of the part that hangs together, of each node. Shape [n].
    supply, back
        °C at each source and of what each load returns. Shapes [s], [l].
    ground
        °C.
    problems
        What was assumed or left out.
    """

    network: Network
    nodes: Layer
    pipes: Pipes
    loads: Placed
    sources: Placed
    stores: Placed
    store_table: StoreTable
    island: Ints
    supply: Floats
    back: Floats
    ground: float
    problems: tuple[Problem, ...]

    @property
    def carrier(self) -> str:
        """What flows in it."""
        return self.network.carrier

    @property
    def warm(self) -> bool:
        """Whether its pipes exchange heat with the ground."""
        return self.carrier != "gas"


def pipe_networks(twin: Twin) -> list[PipeNet]:
    """Return the networks of heat, cooling and gas of a twin."""
    return [
        make_pipe_net(twin, network)
        for network in twin.networks.values()
        if network.carrier in PIPED and table(twin, network, "node") is not None
    ]


def make_pipe_net(twin: Twin, network: Network) -> PipeNet:
    """Gather the arrays of one network of pipes.

    Parameters
    ----------
    twin
        The district with all series joined.
    network
        One of its networks of heat, cooling or gas.
    """
    nodes = table(twin, network, "node")
    if nodes is None:
        raise ValueError(f"the network '{network.title}' has no nodes")
    pipes, ground, said = _pipes(twin, network, nodes)
    loads, sources, stores = (
        _placed(twin, table(twin, network, name), nodes) for name in ("load", "source", "storage")
    )
    hot, cold = DEFAULTS[network.carrier]
    problems = [*said, *_assumed(network, loads, sources, nodes.source)]
    return PipeNet(
        network, nodes, pipes, loads, sources, stores, store_table(stores.layer),
        _islands(len(nodes), pipes),
        sources.numbers("supply_c", hot), loads.numbers("return_c", cold), ground, tuple(problems),
    )  # fmt: skip


def _pipes(twin: Twin, network: Network, nodes: Layer) -> tuple[Pipes, float, list[Problem]]:
    rows: list[tuple[Layer, Ints]] = []
    for component in BRANCHES:
        layer = table(twin, network, component)
        if layer is not None:
            ends = (node_rows(layer, nodes, "from_node"), node_rows(layer, nodes, "to_node"))
            good = (ends[0] >= 0) & (ends[1] >= 0) & (ends[0] != ends[1])
            rows.append((layer, np.flatnonzero(good & (layer.numbers("status", 1.0) != 0))))
    heads, tails = (_joined([node_rows(one, nodes, end)[r] for one, r in rows]).astype(np.int64)
                    for end in ("from_node", "to_node"))  # fmt: skip
    length = _column(rows, "length_m", JOINT)
    length = np.where(length > 0, length, JOINT)
    leak, bore = _column(rows, "u_w_per_mk"), _column(rows, "diameter_m")
    ground = _column(rows, "ground_c")
    real = np.concatenate([[False], *(np.full(len(r), one.has("length_m")) for one, r in rows)])[1:]
    known = np.where(bore > 0, bore, np.nan)
    pipes = Pipes(
        heads, tails, _resistance(length, known),
        np.where(real, np.nan_to_num(leak) * length / 1000.0, 0.0),
        np.pi * known**2 / 4.0, _column(rows, "capacity_w") / 1000.0, tuple(rows),
    )  # fmt: skip
    mean = float(np.nanmean(ground)) if np.isfinite(ground).any() else GROUND
    return pipes, mean, _silent_pipes(network, rows, real & np.isnan(leak), ground, nodes.source)


def _joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(parts) if parts else np.zeros(0)


def _column(rows: Sequence[tuple[Layer, Ints]], name: str, default: float = np.nan) -> Floats:
    return np.asarray(_joined([one.numbers(name, default)[r] for one, r in rows]), dtype=np.float64)


def _resistance(length: Floats, bore: Floats) -> Floats:
    """Return resistances for rings: friction grows with length over the fifth power of the bore.

    Where no bore is known the median of the others stands in, or all count the same.
    """
    usual = float(np.nanmedian(bore)) if np.isfinite(bore).any() else 1.0
    return length / (np.where(np.isnan(bore), usual, bore) / usual) ** 5


def _islands(n: int, pipes: Pipes) -> Ints:
    ones = np.ones(pipes.heads.size)
    graph = sparse.coo_array((ones, (pipes.heads, pipes.tails)), shape=(n, n))
    return np.asarray(csgraph.connected_components(graph, directed=False)[1], dtype=np.int64)


def _placed(twin: Twin, layer: Layer | None, nodes: Layer) -> Placed:
    if layer is None:
        return Placed(None, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_), None)
    power = twin.find(layer.id, "power")
    if power is not None and power.meaning.origin == "computed":  # of an earlier computation
        power = None
    place = node_rows(layer, nodes)
    return Placed(layer, place, (place >= 0) & (layer.numbers("status", 1.0) != 0), power)


def _silent_pipes(
    network: Network, rows: Sequence[tuple[Layer, Ints]], silent: Bools, ground: Floats, source: str
) -> list[Problem]:
    """Say what is not known of the pipes of a network that is warm or cold."""
    if network.carrier == "gas" or not rows:
        return []
    said = {"network": _(network.title), "count": int(silent.sum()), "value": GROUND}
    found = []
    if silent.any():
        found.append(_problem("warning", "heat.loss_unknown", source, rows[0][0].id,
            N_("{count} pipes of '{network}' have no heat loss ('u_w_per_mk'); they are computed "
               "without any."), N_("Add the loss in W/(m K)."), said))  # fmt: skip
    if not np.isfinite(ground).any():
        found.append(_problem("info", "heat.ground", source, rows[0][0].id,
            N_("The ground around the pipes of '{network}' is taken to have {value:.0f} °C."),
            N_("Add 'ground_c' to the pipes."), said))  # fmt: skip
    return found


def _assumed(network: Network, loads: Placed, sources: Placed, source: str) -> list[Problem]:
    """Say which temperatures are assumed."""
    if network.carrier == "gas":
        return []
    found = []
    hot, cold = DEFAULTS[network.carrier]
    for one, column, value, text in (
        (sources, "supply_c", hot, N_("{count} sources of '{network}' name no supply temperature; "
                                      "{value:.0f} °C is taken.")),
        (loads, "return_c", cold, N_("{count} loads of '{network}' name no return temperature; "
                                     "{value:.0f} °C is taken.")),
    ):  # fmt: skip
        count = int(np.isnan(one.numbers(column)).sum())
        if count and one.layer is not None:
            said = {"network": _(network.title), "count": count, "value": value}
            found.append(_problem("info", "heat.temperature", source, one.layer.id, text,
                                  N_("Add the column to the data."), said))  # fmt: skip
    return found


def _problem(
    severity: Severity, code: str, source: str, layer: str, text: str, fix: str,
    said: dict[str, object],
) -> Problem:  # fmt: skip
    return Problem(severity, code, _(text, **said), _(fix), source, layer)


def values_of(series: Series | None, axis: TimeAxis, rows: range, size: int) -> Floats:
    """Return a series at steps of another axis, float64, [T, size]; NaN where there is none.

    Parameters
    ----------
    series
        Any series; what does not change holds for all time.
    axis, rows
        Axis of the computation and its steps.
    size
        Number of elements.
    """
    if series is None:
        return np.full((len(rows), size), np.nan)
    return brought(series.time, axis, rows.start, rows.stop, series.window).astype(np.float64)
