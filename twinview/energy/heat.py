"""District heating with temperatures: how warm the water arrives, and what is lost on the way.

Supply and return pipes lie side by side. Consumers cool the water to a given return temperature and
draw as much of it as their demand needs at the temperature that reaches them. Along a pipe water
cools towards the ground,

    T_out = T_ground + (T_in - T_ground) exp(-U L / (m cp)),

and flows that meet mix (Frederiksen & Werner 2013, District Heating and Cooling). Steady
state: no time of travel, no heat stored in the pipes. Where pipes form rings the mass flow splits
as in `pipes`, linearly. A pipe without flow is taken as cold; use `pipes.linear_flow` with a loss
for each metre where bypasses keep idle pipes warm.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twinview.energy.arrays import Bools, Floats, Ints, as_column, as_places, as_series
from twinview.energy.mixing import NO_FLOW, mix
from twinview.energy.pipes import PipeFlow, Split

WATER = 4.19
"""Specific heat of water at 20 to 90 °C in kJ/(kg K), within 0.3 %."""

MOST_ROUNDS = 200
CLOSE = 1e-9
# Below this spread in K the water cannot carry the demand; the step has no solution.
LEAST_SPREAD = 1.0
BLOCK_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class HeatPipes:
    """A network of pipe pairs.

    Parameters
    ----------
    n_node
        Number of nodes.
    from_node, to_node
        Ends of each pair. Shape [k].
    length
        In m. Shape [k].
    conductance
        Heat loss of one of the two pipes in W/(m K). Shape [k] or one number.
    resistance
        For the split in rings; the length where not given. Shape [k].
    """

    n_node: int
    from_node: ArrayLike
    to_node: ArrayLike
    length: ArrayLike
    conductance: ArrayLike
    resistance: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Temperatures:
    """Of the water, in °C. Each of shape [T] or one number; `supply` also [T, g]."""

    supply: ArrayLike
    back: ArrayLike
    ground: ArrayLike


@dataclass(frozen=True, eq=False)
class HeatFlow:
    """Flows and temperatures. NaN throughout in a step that has no solution.

    Parameters
    ----------
    flow
        Powers in kW, above the return temperature, in the form that `trace_pipes` takes.
    mass
        Of the water in each supply pipe, from -> to, in kg/s. Shape [T, k].
    supply, back
        Temperature at each node in °C, NaN where no water flows. Shape [T, n].
    solved
        Which steps have a solution. None where heat is fed in that nobody uses, or where the water
        arrives too cold. Shape [T].
    """

    flow: PipeFlow
    mass: Floats
    supply: Floats
    back: Floats
    solved: Bools


class _State(NamedTuple):
    """Supply and return temperature above the ground, mass flow of pipes, sources and loads."""

    supply: Floats
    back: Floats
    mass: Floats
    source: Floats
    load: Floats


@dataclass(frozen=True, eq=False)
class _Block:
    """Checked input of some steps; temperatures above the ground."""

    n: int
    heads: Ints
    tails: Ints
    per_flow: Floats
    split: Split
    source_node: Ints
    source_power: Floats
    slack: int
    load_node: Ints
    load_power: Floats
    hot: Floats
    cold: Floats
    cp: float

    def rows(self, part: slice | Ints) -> "_Block":
        """Return some of the steps."""
        names = ("source_power", "load_power", "hot", "cold")
        return replace(self, **{name: getattr(self, name)[part] for name in names})


def solve_heat(
    pipes: HeatPipes,
    sources: tuple[ArrayLike, ArrayLike],
    loads: tuple[ArrayLike, ArrayLike],
    temperatures: Temperatures,
    *,
    slack: int = 0,
    cp: float = WATER,
) -> HeatFlow:
    """Find mass flows and temperatures that serve the demand.

    Parameters
    ----------
    pipes
        The network; all of it that is in use hangs together.
    sources
        `source_node` [g], and `source_power` in kW, [T, g]; the column of `slack` is not read.
    loads
        `load_node` [l], and `load_power` in kW, not negative, [T, l].
    temperatures
        What sources supply, consumers return, and the ground has.
    slack
        Number of the source that balances.
    cp
        Specific heat in kJ/(kg K).

    Raises
    ------
    ValueError
        Shapes do not fit, or a value is missing or out of range.
    """
    block, ground = _checked(pipes, sources, loads, temperatures, slack, cp)
    steps = block.load_power.shape[0]
    length = max(1, BLOCK_CELLS // max(block.n, 1))
    parts = [
        _iterate(block.rows(slice(start, start + length))) for start in range(0, steps, length)
    ]
    state = _State(*(np.concatenate([one[0][i] for one in parts]) for i in range(5)))
    solved = np.concatenate([one[1] for one in parts])
    return _result(block, state, solved, ground)


def _checked(
    pipes: HeatPipes,
    sources: tuple[ArrayLike, ArrayLike],
    loads: tuple[ArrayLike, ArrayLike],
    temperatures: Temperatures,
    slack: int,
    cp: float,
) -> tuple[_Block, Floats]:
    n = pipes.n_node
    heads, tails = (
        as_places(pipes.from_node, "from_node", n),
        as_places(pipes.to_node, "to_node", n),
    )
    places, users = as_places(sources[0], "source_node", n), as_places(loads[0], "load_node", n)
    used = as_series(loads[1], "load_power", users.size)
    steps = used.shape[0]
    given = as_series(sources[1], "source_power", places.size, steps).copy()
    as_places([slack], "slack", places.size)
    given[:, slack] = 0.0
    if not (used >= 0).all() or not (given >= 0).all():
        raise ValueError("heat of sources and loads must not be negative or missing")
    length = as_column(pipes.length, "length", heads.size)
    leak = as_column(pipes.conductance, "conductance", heads.size)
    if (length <= 0).any() or (leak < 0).any():
        raise ValueError("length must be above 0 and conductance not negative")
    resistance = length if pipes.resistance is None else pipes.resistance
    split = Split(n, heads, tails, as_column(resistance, "resistance", heads.size), places[[slack]])
    ground = as_column(temperatures.ground, "ground", steps)[:, None]
    supply = np.asarray(temperatures.supply, dtype=np.float64)
    hot = np.broadcast_to(supply[:, None] if supply.ndim == 1 else supply, (steps, places.size))
    cold = as_column(temperatures.back, "back", steps)[:, None] - ground
    if not (hot - ground > cold).all() or (cold < 0).any():
        raise ValueError("the supply must be warmer than the return, and that than the ground")
    block = _Block(n, heads, tails, leak * length / (1000.0 * cp), split, places, given, slack,
                   users, used, hot - ground, cold, cp)  # fmt: skip
    return block, ground


def _iterate(block: _Block) -> tuple[_State, Bools]:
    """Repeat mass flow and temperatures until neither changes."""
    steps = block.load_power.shape[0]
    supply = np.repeat(block.hot.max(axis=1, keepdims=True), block.n, axis=1)
    back = np.repeat(block.cold, block.n, axis=1)
    state = _State(supply, back, *_masses(block, supply, back))
    left = np.arange(steps)
    for _round in range(MOST_ROUNDS):
        part, before = block.rows(left), _State(*(table[left] for table in state))
        supply, back = _mixed(part, before)
        after = _State(supply, back, *_masses(part, supply, back))
        for table, values in zip(state, after, strict=True):
            table[left] = values
        moved = np.fmax(np.abs(supply - before.supply), np.abs(back - before.back))
        left = left[(moved > CLOSE).any(axis=1)]
        if not left.size:
            break
    solved = np.isin(np.arange(steps), left, invert=True)
    spread = state.supply[:, block.load_node] - block.cold
    served = ~((spread <= LEAST_SPREAD) & (block.load_power > 0)).any(axis=1)
    surplus = state.source[:, block.slack] < -NO_FLOW
    return state, np.asarray(solved & served & ~surplus, dtype=np.bool_)


def _masses(block: _Block, supply: Floats, back: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the mass flow in kg/s of pipes, sources and loads at these temperatures."""
    warm = np.where(np.isnan(supply), block.hot.max(axis=1, keepdims=True), supply)
    cool = np.where(np.isnan(back), block.cold, back)
    at_load = np.maximum(warm[:, block.load_node] - block.cold, LEAST_SPREAD)
    load = block.load_power / (block.cp * at_load)
    at_source = np.maximum(block.hot - cool[:, block.source_node], LEAST_SPREAD)
    source = block.source_power / (block.cp * at_source)
    net = np.zeros((block.n, load.shape[0]))
    np.add.at(net, block.source_node, source.T)
    np.subtract.at(net, block.load_node, load.T)
    mass, balance = block.split.flows(net.T)
    source[:, block.slack] = balance[:, 0]
    return mass, source, load


def _mixed(block: _Block, state: _State) -> tuple[Floats, Floats]:
    """Return the temperatures of supply and return, above the ground. [B, n] each."""
    along = state.mass >= 0
    first = np.where(along, block.heads, block.tails)
    last = np.where(along, block.tails, block.heads)
    mass = np.abs(state.mass)
    kept = mass * _kept(block, mass)
    fed = np.maximum(state.source, 0.0)
    supply = mix(block.n, (first, last), mass, kept, (block.source_node, fed, fed * block.hot))
    given = (block.load_node, state.load, state.load * block.cold)
    return supply, mix(block.n, (last, first), mass, kept, given)


def _kept(block: _Block, mass: Floats) -> Floats:
    """Return the share of its temperature above the ground that water keeps along a pipe."""
    ratio = np.full_like(mass, np.inf)
    np.divide(block.per_flow, mass, out=ratio, where=mass > NO_FLOW)
    return np.asarray(np.exp(-ratio), dtype=np.float64)


def _result(block: _Block, state: _State, solved: Bools, ground: Floats) -> HeatFlow:
    mass = np.abs(state.mass)
    kept = _kept(block, mass)
    along = state.mass >= 0
    row = np.arange(mass.shape[0])[:, None]
    first = np.where(along, block.heads, block.tails)
    last = np.where(along, block.tails, block.heads)
    warm, cool = np.nan_to_num(state.supply), np.nan_to_num(state.back)
    sent = mass * block.cp * (warm[row, first] - kept * cool[row, last])
    received = mass * block.cp * (kept * warm[row, first] - cool[row, last])
    gap = np.where(solved, 0.0, np.nan)[:, None]
    p_from, p_to = np.where(along, sent, -received) + gap, np.where(along, -received, sent) + gap
    source = state.source * block.cp * (block.hot - cool[:, block.source_node]) + gap
    flow = PipeFlow(block.n, block.heads, block.tails, p_from, p_to, block.source_node, source,
                    block.load_node, block.load_power + gap, np.zeros(0, dtype=np.int64),
                    np.zeros((len(gap), 0)))  # fmt: skip
    return HeatFlow(flow, state.mass + gap, state.supply + ground + gap, state.back + ground + gap,
                    solved)  # fmt: skip
