"""Small districts with several carriers whose numbers can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from twinview.energy.carrier_fields import compute_carriers
from twinview.energy.carriers import Choices, make_carriers
from twinview.energy.compute import Run
from twinview.energy.given import Assumptions
from twinview.model.assemble import of_buildings, static_power
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

HOURS = TimeAxis(1_704_067_200, 3600, 4, "Europe/Berlin")
Rows = list[dict[str, object]]
_KINDS = {
    "pipe": "pipe", "valve": "pipe", "sym_load": "load", "sym_gen": "generator",
}  # fmt: skip


def layer(name: str, kind: str, rows: Rows) -> Layer:
    return Layer(name, name, kind, pa.Table.from_pylist(rows))


def series(name: str, quantity: str, values: object, unit: str = "kW") -> Dense:
    return Dense(Meaning(name, quantity, unit), HOURS, np.asarray(values, dtype=np.float32))


def network(carrier: str, tables: dict[str, Rows], name: str = "") -> tuple[Network, list[Layer]]:
    """Return a network whose layers are named after it."""
    name = name or carrier
    layers = [
        layer(f"{name}_{part}", _KINDS.get(part, part), rows) for part, rows in tables.items()
    ]
    return Network(name, name, carrier, {p: f"{name}_{p}" for p in tables}), layers


def heat(loads: Rows, **more: Rows) -> tuple[Network, list[Layer]]:
    """Return two pipes in a row without losses, from the plant over the street to the house."""
    pipes: Rows = [
        {"id": "trunk", "from_node": "plant", "to_node": "street", "length_m": 100.0},
        {"id": "branch", "from_node": "street", "to_node": "house", "length_m": 50.0},
    ]
    pipes = [{"u_w_per_mk": 0.0, "ground_c": 10.0, **pipe} for pipe in pipes]
    tables = {"node": [{"id": i} for i in ("plant", "street", "house")], "pipe": pipes}
    return network("heat", {**tables, "load": loads, **more})


def gas() -> tuple[Network, list[Layer]]:
    """Return a gas main from the border to the plant; 200 g/kWh."""
    tables: dict[str, Rows] = {
        "node": [{"id": "border"}, {"id": "plant"}],
        "pipe": [{"id": "main", "from_node": "border", "to_node": "plant", "length_m": 10.0}],
        "source": [{"id": "pit", "node": "border", "intensity_g_per_kwh": 200.0}],
    }
    return network("gas", tables)


def power(loads: Rows) -> tuple[Network, list[Layer]]:
    """Return a cable without notable losses from the grid to the street."""
    cable: dict[str, object] = {"id": "cable", "from_node": "grid", "to_node": "street"}
    cable |= {"r1": 1e-6, "x1": 1e-6, "c1": 0.0, "tan1": 0.0, "i_n": 1000.0}
    cable |= {"from_status": 1, "to_status": 1}
    tables: dict[str, Rows] = {
        "node": [{"id": i, "u_rated": 20e3} for i in ("grid", "street")],
        "line": [cable],
        "source": [{"id": "s", "node": "grid", "u_ref": 1.0}],
        "sym_load": loads,
    }
    return network("electricity", tables)


def district(
    parts: list[tuple[Network, list[Layer]]], machines: Rows = (), moving: tuple[Dense, ...] = ()
) -> Twin:
    """Return a twin of networks and the machines between them."""
    layers = [one for _network, own in parts for one in own]
    layers.append(layer("buildings", "building", [{"id": "A"}, {"id": "B"}]))
    if machines:
        layers.append(layer("converter", "converter", list(machines)))
    twin = Twin(
        "quarter", "", (0, 0, 0), {one.id: one for one in layers},
        {one.id: one for one, _own in parts}, time=HOURS if moving else TimeAxis(0, 0, 1),
    )  # fmt: skip
    twin = twin.with_series(*moving)
    twin = twin.with_series(*static_power(twin))
    return twin.with_series(*of_buildings(twin))


def computed(twin: Twin, grid_intensity: float = 400.0, **choices: object) -> Run:
    """Compute all steps of a twin at once, and check that every balance closes."""
    electrical = next((n for n in twin.networks.values() if n.carrier == "electricity"), None)
    carriers = make_carriers(twin, electrical)
    chosen = Choices(grid=Assumptions(import_intensity=grid_intensity))
    chosen = replace(chosen, **choices)  # type: ignore[arg-type]
    (run,) = compute_carriers(carriers, range(carriers.time.count), chosen)
    closed(run)
    return run


def closed(run: Run, share: float = 1e-9) -> None:
    """Check that energy and carbon balance in every network, at every node, and over all.

    What the iteration of the electrical power flow leaves over is known by itself and taken out.
    """
    beside = run.beside
    assert beside is not None
    whole = beside.whole.carbon
    turnover = np.abs(whole["import"]) + np.abs(whole["generation"])
    left = whole["residual"] - run.balance.carbon.get("residual", 0.0)
    assert (np.abs(left) <= share * np.maximum(turnover, 1.0)).all()
    assert (np.abs(whole["residual"]) <= 1e-6 * np.maximum(turnover, 1.0)).all()
    for name, balance in beside.balances.items():
        for terms in (balance.energy, balance.carbon):
            size = np.abs(terms["import"]) + np.abs(terms["generation"])
            assert (np.abs(terms["residual"]) <= share * np.maximum(size, 1.0)).all(), name
        assert beside.imbalance[name].max(initial=0.0) < 1e-6  # kW
