"""Flows of heat, cooling and gas in pipes, in the form that carbon tracing takes.

The model is linear and steady: at every node what comes in goes out, and where pipes form rings the
flow splits by a resistance that is proportional to it, like current. On a tree the split plays no
part and flows are exact. In a ring they are not: friction grows with the square of the flow, so a
real ring sends relatively more through the narrow pipe. Good enough for who is fed from where; not
for pressures, pumps and pipe sizes, which this module knows nothing about.

Each pipe may lose a given power (heat to the ground, whatever flows); half of it is drawn at either
end, so a pipe that only keeps warm draws from both sides. Gas loses nothing.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array, csc_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import SuperLU, splu

from twinview.energy.arrays import Floats, Ints, as_column, as_places, as_series
from twinview.energy.flows import Losses
from twinview.energy.tracing import Stores, Tracing, trace


@dataclass(frozen=True, eq=False)
class PipeFlow:
    """Balanced flows of a carrier in kW.

    Parameters
    ----------
    n_node
        Number of nodes.
    from_node, to_node
        Ends of each pipe. Shape [k].
    p_from, p_to
        Power into each pipe at its ends; their sum is its loss. Shape [T, k].
    source_node, source_power
        Sources, the balancing ones with what they had to give; negative is a surplus that somebody
        must take. Shapes [g], [T, g].
    load_node, load_power
        Consumers. Shapes [l], [T, l].
    store_node, store_power
        Stores, positive when charging. Shapes [s], [T, s].
    """

    n_node: int
    from_node: Ints
    to_node: Ints
    p_from: Floats
    p_to: Floats
    source_node: Ints
    source_power: Floats
    load_node: Ints
    load_power: Floats
    store_node: Ints
    store_power: Floats

    @property
    def loss(self) -> Floats:
        """Of each pipe in kW. Shape [T, k]."""
        return self.p_from + self.p_to

    def residual(self) -> Floats:
        """Return what does not balance at each node, in kW. Shape [T, n]."""
        left = np.zeros((self.n_node, self.p_from.shape[0]))
        np.add.at(left, self.source_node, self.source_power.T)
        np.subtract.at(left, self.load_node, self.load_power.T)
        np.subtract.at(left, self.store_node, self.store_power.T)
        np.subtract.at(left, self.from_node, self.p_from.T)
        np.subtract.at(left, self.to_node, self.p_to.T)
        return left.T


class Split:
    """How net injections spread over pipes, prepared once for any number of steps.

    Parameters
    ----------
    n_node
        Number of nodes.
    from_node, to_node
        Ends of each pipe. Shape [k].
    resistance
        Of each pipe, above 0; only ratios within a ring matter. Shape [k].
    slack_node
        Node that balances its island, one for each island that has anything in it.

    Raises
    ------
    ValueError
        A resistance is not positive, or an island has two balancing nodes.
    """

    def __init__(
        self, n_node: int, from_node: Ints, to_node: Ints, resistance: Floats, slack_node: Ints
    ) -> None:
        if (resistance <= 0).any():
            raise ValueError("resistance must be above 0")
        self.weight = 1.0 / resistance
        self.ends = from_node, to_node
        ones = np.ones(from_node.size)
        graph = coo_array((ones, (from_node, to_node)), shape=(n_node, n_node))
        self.island = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
        self.slack_island = self.island[slack_node]
        if np.unique(self.slack_island).size != slack_node.size:
            raise ValueError("an island of pipes has two balancing sources; give one of them power")
        fed = np.isin(self.island, self.slack_island)
        fed[slack_node] = False
        self.free = np.flatnonzero(fed)
        self.alone = np.flatnonzero(~np.isin(self.island, self.slack_island))
        self._solver = _factors(self._laplacian(n_node)) if self.free.size else None

    def _laplacian(self, n_node: int) -> csc_array:
        heads, tails = self.ends
        rows = np.concatenate([heads, tails, heads, tails])
        columns = np.concatenate([heads, tails, tails, heads])
        values = np.concatenate([self.weight, self.weight, -self.weight, -self.weight])
        full = coo_array((values, (rows, columns)), shape=(n_node, n_node)).tocsr()
        return csc_array(full[self.free][:, self.free])

    def flows(self, net: Floats) -> tuple[Floats, Floats]:
        """Return the flow of each pipe, from -> to, and what each balancing node adds.

        Parameters
        ----------
        net
            Injection less use at each node, without the balancing source. Shape [T, n].

        Raises
        ------
        ValueError
            An island without a balancing source has something in it.
        """
        lost = np.argwhere(np.abs(net[:, self.alone]) > 0)
        if lost.size:
            step, place = (int(i) for i in lost[0])
            raise ValueError(
                f"No balancing source reaches node {self.alone[place]}, used in step {step}"
            )
        potential = np.zeros((net.shape[1], net.shape[0]))
        if self._solver is not None:
            potential[self.free] = self._solver.solve(np.ascontiguousarray(net[:, self.free].T))
        heads, tails = self.ends
        flow = ((potential[heads] - potential[tails]) * self.weight[:, None]).T
        sums = np.zeros((int(self.island.max(initial=-1)) + 1, net.shape[0]))
        np.add.at(sums, self.island, net.T)
        return flow, -sums[self.slack_island].T


def _factors(laplacian: csc_array) -> SuperLU:
    """Factorise a symmetric positive matrix in an order that fills in nothing on a tree.

    The solver's own order looks at the squared matrix, in which a node with many pipes becomes a
    dense block; twenty times slower on a village's gas network.
    """
    return splu(
        laplacian,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )


def linear_flow(
    n_node: int,
    pipes: tuple[ArrayLike, ArrayLike, ArrayLike],
    sources: tuple[ArrayLike, ArrayLike],
    loads: tuple[ArrayLike, ArrayLike],
    *,
    slack: ArrayLike,
    loss: ArrayLike = 0.0,
    stores: tuple[ArrayLike, ArrayLike] | None = None,
) -> PipeFlow:
    """Balance a network of pipes: exact on trees, split by linear resistance in rings.

    Parameters
    ----------
    n_node
        Number of nodes.
    pipes
        `from_node`, `to_node`, and `resistance` (above 0; the length will do), each [k].
    sources
        `source_node` [g], and `source_power` in kW, [T, g]; columns of `slack` are not read.
    loads
        `load_node` [l], and `load_power` in kW, [T, l].
    slack
        Numbers of the sources that balance, one for each island.
    loss
        Of each pipe in kW, whatever flows; 0 for gas. Shape [T, k], [k] or one number.
    stores
        `store_node` [s], and `store_power` in kW, positive when charging, [T, s].

    Raises
    ------
    ValueError
        Shapes do not fit, a value is missing, or a node in use has no balancing source.
    """
    heads, tails = (as_places(pipes[i], "a pipe end", n_node) for i in (0, 1))
    balancing = as_places(np.atleast_1d(slack), "slack", np.asarray(sources[0]).size)
    steps = np.asarray(loads[1]).shape[0]
    held = stores or (np.zeros(0), np.zeros((steps, 0)))
    (places, given), (users, used), (tanks, moved) = (
        _placed(pair, name, n_node, steps)
        for pair, name in ((sources, "source"), (loads, "load"), (held, "store"))
    )
    given[:, balancing] = 0.0
    half = _losses(loss, (steps, heads.size)) / 2.0
    ohms = as_column(pipes[2], "resistance", heads.size)
    split = Split(n_node, heads, tails, ohms, places[balancing])
    parts = ((places, given), (users, -used), (tanks, -moved), (heads, -half), (tails, -half))
    flow, given[:, balancing] = split.flows(_summed(n_node, steps, parts))
    ends = flow + half, half - flow
    return PipeFlow(n_node, heads, tails, *ends, places, given, users, used, tanks, moved)


def _losses(loss: ArrayLike, shape: tuple[int, int]) -> Floats:
    lost = np.broadcast_to(np.asarray(loss, np.float64), shape)
    if not (lost >= 0).all():
        raise ValueError("losses must not be negative or missing")
    return lost


def _placed(
    pair: tuple[ArrayLike, ArrayLike], name: str, n_node: int, steps: int
) -> tuple[Ints, Floats]:
    places = as_places(pair[0], f"{name}_node", n_node)
    return places, as_series(pair[1], f"{name}_power", places.size, steps).copy()


def _summed(n_node: int, steps: int, parts: tuple[tuple[Ints, Floats], ...]) -> Floats:
    """Add up powers at their nodes; what is missing is an error. [T, n]."""
    net = np.zeros((n_node, steps))
    for where, amount in parts:
        np.add.at(net, where, amount.T)
    if not np.isfinite(net).all():
        raise ValueError("powers of sources, loads and stores must be numbers")
    return net.T


def pipe_loss(
    length: ArrayLike, conductance: ArrayLike, water: ArrayLike, ground: ArrayLike
) -> Floats:
    """Return the linear heat loss of pipes in kW: U L (T_water - T_ground).

    Parameters
    ----------
    length
        In m. Shape [k].
    conductance
        In W/(m K), of one pipe, or of the pair with `water` the mean of supply and return. [k].
    water, ground
        In °C, water not below the ground (for cooling pipes exchange the two). Shape [T, 1] or one
        number.

    Raises
    ------
    ValueError
        A loss would be negative.
    """
    per_kelvin = np.asarray(conductance, np.float64) * np.asarray(length, np.float64) / 1000.0
    loss = per_kelvin * (np.asarray(water, np.float64) - np.asarray(ground, np.float64))
    if (loss < 0).any():
        raise ValueError("the water is colder than the ground; for cooling, exchange the two")
    return np.asarray(loss, dtype=np.float64)


def trace_pipes(
    flow: PipeFlow,
    source_intensity: ArrayLike,
    *,
    stores: Stores | None = None,
    losses: Losses = "branch",
    step_hours: float = 1.0,
) -> Tracing:
    """Trace carbon through a network of pipes, by the same rule as through a grid.

    Parameters
    ----------
    flow
        Balanced flows.
    source_intensity
        Of each source in g/kWh. Shape [T, g].
    stores
        Content and efficiencies of its stores; place and power are those of the flow.
    losses, step_hours
        As of `trace`.

    Returns
    -------
    Tracing
        Its loads are those of the flow, followed by one for each source that takes its surplus.

    Raises
    ------
    ValueError
        The flow has stores, and nothing says what they hold.
    """
    if flow.store_node.size:
        if stores is None:
            raise ValueError("the flow has stores: say what they hold")
        stores = replace(stores, bus=flow.store_node, power=flow.store_power)
    return trace(
        flow.n_node,
        flow.from_node,
        flow.to_node,
        flow.p_from,
        flow.p_to,
        flow.source_node,
        np.maximum(flow.source_power, 0.0),
        source_intensity,
        np.concatenate([flow.load_node, flow.source_node]),
        np.concatenate([flow.load_power, np.maximum(-flow.source_power, 0.0)], axis=1),
        stores=stores,
        losses=losses,
        step_hours=step_hours,
    )
