"""Cases from folders, random balanced networks, and small grids for the tests of this folder."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st
from power_grid_model import initialize_array

from twinview.energy.powerflow import Grid
from twinview.energy.tracing import Stores, Tracing, trace

CASES = Path(__file__).parents[1] / "cases" / "energy"


def case(name: str) -> dict[str, Any]:
    """Return the content of a case folder."""
    found: dict[str, Any] = json.loads((CASES / name / "case.json").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, eq=False)
class Net:
    """Flows that balance at every bus, in the argument order of `trace`."""

    n_bus: int
    from_bus: np.ndarray
    to_bus: np.ndarray
    p_from: np.ndarray
    p_to: np.ndarray
    gen_bus: np.ndarray
    gen_power: np.ndarray
    gen_intensity: np.ndarray
    load_bus: np.ndarray
    load_power: np.ndarray
    stores: Stores | None = None

    def trace(self, **options: Any) -> Tracing:
        """Trace it."""
        flat = [getattr(self, name) for name in self.__dataclass_fields__ if name != "stores"]
        return trace(*flat, stores=self.stores, **options)

    def steps(self, start: int, stop: int, stores: Stores | None) -> "Net":
        """Return some steps of it."""
        tables = ("p_from", "p_to", "gen_power", "gen_intensity", "load_power")
        cut = {name: getattr(self, name)[start:stop] for name in tables}
        return replace(self, **cut, stores=stores)


def make_net(seed: int, n: int, extra: int, steps: int, stores: int = 0, loss: float = 0.1) -> Net:
    """Make a random network: trees of one or two islands, `extra` ring branches, any direction.

    Branch flows are drawn freely, loop flows included; what a bus receives too much it consumes,
    what it lacks it generates, and some buses do both.
    """
    rng = np.random.default_rng(seed)
    child = np.arange(1, n)
    heads, tails = rng.integers(0, child), child
    if n > 4 and seed % 3 == 0:
        keep = child != n // 2
        heads, tails = heads[keep], tails[keep]
    ring = rng.integers(0, n, (2, extra))
    heads, tails = np.append(heads, ring[0]), np.append(tails, ring[1])
    taken = rng.uniform(0.1, 10, (steps, heads.size))
    given = taken * (1 - loss * rng.random(taken.shape))
    turned = rng.random(taken.shape) < 0.4
    idle = rng.random(taken.shape) < 0.1
    p_from = np.where(idle, 0.01 * rng.random(taken.shape), np.where(turned, -given, taken))
    p_to = np.where(idle, 0.01 * rng.random(taken.shape), np.where(turned, taken, -given))
    lacking = np.zeros((n, steps))
    np.add.at(lacking, heads, p_from.T)
    np.add.at(lacking, tails, p_to.T)
    both = np.where(rng.random((n, 1)) < 0.3, rng.uniform(0, 5, (n, steps)), 0)
    gen, load = (np.maximum(lacking, 0) + both).T, (np.maximum(-lacking, 0) + both).T
    places = np.arange(n)
    net = Net(
        n, heads, tails, p_from, p_to, places, gen, rng.uniform(0, 900, gen.shape), places, load
    )
    return _with_stores(net, rng, stores) if stores else net


def _with_stores(net: Net, rng: np.random.Generator, count: int) -> Net:
    """Add stores, and the generation or load that balances them at their bus."""
    steps = net.p_from.shape[0]
    bus = rng.integers(0, net.n_bus, count)
    power = rng.uniform(-2, 2, (steps, count)) * (rng.random((steps, count)) < 0.8)
    gen, load = net.gen_power.copy(), net.load_power.copy()
    np.add.at(gen.T, bus, np.maximum(power, 0).T)
    np.add.at(load.T, bus, np.maximum(-power, 0).T)
    start = np.full(count, 3.0 * steps)
    stores = Stores(bus, power, start, start * 300, 0.9, 0.85, 0.01)
    return replace(net, gen_power=gen, load_power=load, stores=stores)


seeds = st.integers(0, 2**31)
radial_nets = st.builds(make_net, seeds, st.integers(1, 14), st.just(0), st.integers(1, 5))
meshed_nets = st.builds(make_net, seeds, st.integers(2, 12), st.integers(1, 8), st.integers(1, 5))
nets = radial_nets | meshed_nets
store_nets = st.builds(
    make_net, seeds, st.integers(2, 10), st.integers(0, 5), st.integers(2, 8), st.integers(1, 4)
)


def table(component: str, **columns: Any) -> np.ndarray:
    """Return a power-grid-model input table with these columns, switched on."""
    rows = len(columns["id"])
    made = initialize_array("input", component, rows)
    for name in ("status", "from_status", "to_status"):
        if name in made.dtype.names:
            made[name] = 1
    for name, values in columns.items():
        made[name] = values
    return made


def baran_wu() -> tuple[Grid, np.ndarray, np.ndarray, dict[str, Any]]:
    """Return the 33-bus feeder, its loads in kW and kvar, and the case."""
    wanted = case("p4_baran_wu_33")
    lines, loads = wanted["input"]["lines"], wanted["input"]["loads"]
    on = [line["closed"] for line in lines]
    grid = Grid(
        {
            "node": table("node", id=np.arange(1, 34), u_rated=[12660.0] * 33),
            "line": table(
                "line", id=100 + np.arange(len(lines)), from_status=on, to_status=on,
                from_node=[line["f"] for line in lines], to_node=[line["t"] for line in lines],
                r1=[line["r_ohm"] for line in lines], x1=[line["x_ohm"] for line in lines],
                c1=0.0, tan1=0.0, i_n=400.0,
            ),
            "sym_load": table(
                "sym_load", id=200 + np.arange(len(loads)), type=0, p_specified=0, q_specified=0,
                node=[load["bus"] for load in loads],
            ),
            "source": table("source", id=[300], node=1, u_ref=1.0),
        }
    )  # fmt: skip
    p = np.array([load["p_mw"] for load in loads]) * 1e3
    q = np.array([load["q_mvar"] for load in loads]) * 1e3
    return grid, p, q, wanted
