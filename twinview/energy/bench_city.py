"""A made-up city of any size for measurements: always the same one for the same number of nodes.

A substation feeds rings of 20 kV, open at their far ends as such rings are run. In a small city the
stations of the rings are loads themselves; in a large one each feeds houses through a transformer
and cables of 400 V. A city too large for one substation has several, each with a grid of its own.
Loads and solar power follow a few profiles of days and seasons; some stations have a battery. Cable
and transformer data are typical values, good for a measurement and nothing else: NAYY 4x150 (0.207
ohm/km, 0.080 ohm/km) and NA2XS2Y 1x185 (0.161 ohm/km, 0.117 ohm/km).
"""

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from twinview.energy.arrays import Floats, Ints
from twinview.model.series import Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

QUARTER = 900
"""Seconds of a step."""
STATIONS = 142
"""Stations of the rings: with the substation's two nodes they make a grid of 144."""
FEEDERS, HOUSE_FEEDERS = 10, 4
MOST_NODES = 10_000
"""Nodes that one substation can feed."""
STORES = 12
"""Every so many stations one has a battery."""
PROFILES = 12
START = 1_451_606_400
"""1 January 2016, the year that a 15-minute year of 35,136 steps belongs to."""

Columns = dict[str, Any]


@dataclass(frozen=True, eq=False)
class _Shape:
    """Where things stand: nodes of 110 kV, of 20 kV at substations and stations, then of 400 V.

    `parent` is the node that each one's cable or transformer comes from; `ties` are the two ends of
    each open cable. Shape [2, t].
    """

    high: Ints
    medium: Ints
    station: Ints
    busbar: Ints
    house: Ints
    parent: Ints
    ties: Ints


def city(nodes: int = 144, steps: int = 35_136) -> Twin:
    """Return the city.

    Parameters
    ----------
    nodes
        Number of nodes, at least 4. Up to 144 all are stations of 20 kV.
    steps
        Quarter hours from the start of 2016.
    """
    shape = _shape(nodes)
    axis = TimeAxis(START, QUARTER, steps, "UTC")
    loads = shape.house if shape.house.size else shape.station
    suns = loads[::2]
    tables = {
        "node": _nodes(nodes, shape),
        "line": _lines(shape),
        "transformer": _transformers(shape),
        "source": _sources(shape),
        "sym_load": {**_placed("load", loads), "cos_phi": np.full(loads.size, 0.95)},
        "sym_gen": _placed("sun", suns),
        "storage": _stores((shape.busbar if shape.house.size else shape.station)[::STORES]),
    }
    layers = {
        name: Layer(name, name, name, pa.Table.from_pydict(columns))
        for name, columns in tables.items()
    }
    network = Network("grid", "grid", "electricity", {name: name for name in layers})
    twin = Twin("city", "", (0.0, 0.0, 0.0), layers, {"grid": network}, time=axis)
    peak = 1.2 if shape.house.size else 90.0
    return twin.with_series(
        _series("sym_load", _demand(steps), axis, loads.size, peak),
        _series("sym_gen", _sun(steps), axis, suns.size, 5.0 * peak),
        _imports(axis, shape.high.size),
    )


def _shape(nodes: int) -> _Shape:
    """Lay out the nodes, substation after substation."""
    ends = np.linspace(0, nodes, -(-nodes // MOST_NODES) + 1).astype(np.int64)
    parts = [_fed(stop - start, start) for start, stop in pairwise(ends.tolist())]
    return _Shape(
        *(np.concatenate([getattr(one, key.name) for one in parts], axis=-1)
          for key in fields(_Shape))
    )  # fmt: skip


def _fed(nodes: int, first: int) -> _Shape:
    """Lay out what one substation feeds, from a node on."""
    stations = min(nodes - 2, STATIONS)
    station = np.arange(stations) + 2
    parent = np.arange(nodes) - 1
    parent[station] = np.where(np.arange(stations) < FEEDERS, 1, station - FEEDERS)
    rest = np.arange(2 + stations, nodes)
    busbar, house = rest[:stations], rest[stations:]
    parent[busbar] = station[: busbar.size]
    # Houses are dealt out to the stations in turn, and to the feeders of each in turn.
    near = max(busbar.size, 1) * HOUSE_FEEDERS
    order = np.arange(house.size)
    parent[house] = np.where(order < near, busbar[order % busbar.size] if house.size else 0,
                             house - near)  # fmt: skip
    # Cables that join the far ends of neighbouring feeders are open.
    far = station[-min(FEEDERS, station.size) :]
    ties = np.stack([far[: far.size - far.size % 2 : 2], far[1::2]])
    places = (np.array([0]), np.array([1]), station, busbar, house, parent, ties)
    return _Shape(*(one + first for one in places))


def _names(rows: npt.NDArray[np.integer]) -> list[str]:
    return [f"n{row}" for row in rows]


def _nodes(nodes: int, shape: _Shape) -> Columns:
    volts = np.full(nodes, 400.0)
    volts[shape.high], volts[shape.medium], volts[shape.station] = 110e3, 20e3, 20e3
    return {"id": _names(np.arange(nodes)), "u_rated": volts}


def _sources(shape: _Shape) -> Columns:
    names = ["grid", *(f"grid {k + 2}" for k in range(shape.high.size - 1))]
    return {"id": names, "node": _names(shape.high), "u_ref": np.full(len(names), 1.02)}


def _lines(shape: _Shape) -> Columns:
    """Return the cables; those that join two feeders are open."""
    child = np.concatenate([shape.station, shape.house, shape.ties[1]])
    above = np.concatenate([shape.parent[shape.station], shape.parent[shape.house], shape.ties[0]])
    open_ = np.arange(child.size) >= shape.station.size + shape.house.size
    low = np.isin(child, shape.house)
    km = np.where(low, 0.03, 0.5)
    return {
        "id": [f"l{k}" for k in range(child.size)],
        "from_node": _names(above),
        "to_node": _names(child),
        "from_status": (~open_).astype(np.int8),
        "to_status": np.ones(child.size, dtype=np.int8),
        "r1": np.where(low, 0.207, 0.161) * km,
        "x1": np.where(low, 0.080, 0.117) * km,
        "c1": np.where(low, 0.0, 273e-9) * km,
        "tan1": np.zeros(child.size),
        "i_n": np.where(low, 270.0, 361.0),
    }


def _transformers(shape: _Shape) -> Columns:
    lower = np.concatenate([shape.medium, shape.busbar])
    count = lower.size
    main = np.arange(count) < shape.medium.size
    return {
        "id": [f"t{k}" for k in range(count)],
        "from_node": _names(shape.parent[lower]),
        "to_node": _names(lower),
        "u1": np.where(main, 110e3, 20e3),
        "u2": np.where(main, 20e3, 400.0),
        "sn": np.where(main, 40e6, 630e3),
        "uk": np.where(main, 0.12, 0.06),
        "pk": np.where(main, 170e3, 6.5e3),
        "i0": np.where(main, 0.0005, 0.0018),
        "p0": np.where(main, 22e3, 860.0),
        "winding_from": np.ones(count, dtype=np.int8),
        "winding_to": np.ones(count, dtype=np.int8),
        "clock": np.zeros(count, dtype=np.int8),
        "tap_side": np.zeros(count, dtype=np.int8),
        "tap_pos": np.zeros(count, dtype=np.int8),
        "tap_min": np.zeros(count, dtype=np.int8),
        "tap_max": np.zeros(count, dtype=np.int8),
        "tap_size": np.zeros(count),
    }


def _placed(name: str, at: Ints) -> Columns:
    return {"id": [f"{name} {row}" for row in at], "node": _names(at)}


def _stores(at: Ints) -> Columns:
    share = np.ones(at.size)
    return {
        **_placed("battery", at), "energy_wh": share * 400e3, "power_w": share * 100e3,
        "eta_charge": share * 0.95, "eta_discharge": share * 0.95, "soc0": share * 0.5,
    }  # fmt: skip


def _demand(steps: int) -> Floats:
    """Return profiles of demand between 0 and about 1, each with peaks of its own. [T, K]."""
    hour = np.arange(steps)[:, None] * (QUARTER / 3600)
    rng = np.random.default_rng(1)
    morning, evening = rng.uniform(6, 10, PROFILES), rng.uniform(17, 21, PROFILES)
    day = sum(np.exp(-(((hour % 24) - at) ** 2) / 6) for at in (morning, evening))
    season = 0.8 + 0.2 * np.cos(2 * np.pi * hour / 8760)
    return np.asarray((0.25 + 0.6 * day) * season * rng.uniform(0.85, 1.15, (steps, PROFILES)))


def _sun(steps: int) -> Floats:
    """Return profiles of solar power between 0 and 1. [T, K]."""
    hour = np.arange(steps)[:, None] * (QUARTER / 3600)
    height = np.clip(np.sin((hour % 24 - 6) * np.pi / 12), 0, None)
    season = 0.6 - 0.4 * np.cos(2 * np.pi * hour / 8760)
    clouds = np.random.default_rng(2).uniform(0.3, 1.0, (steps // 96 + 1, PROFILES))
    return np.asarray(height * season * np.repeat(clouds, 96, axis=0)[:steps])


def _series(layer: str, profiles: Floats, axis: TimeAxis, size: int, peak: float) -> Profiled:
    rng = np.random.default_rng(size)
    order = np.arange(size, dtype=np.int32)
    scale = (peak * rng.uniform(0.5, 1.5, size)).astype(np.float32)
    index = (order % profiles.shape[1]).astype(np.int32)
    meaning = Meaning(layer, "power", "kW")
    return Profiled(meaning, axis, profiles.astype(np.float32), index, scale, order, size)


def _imports(axis: TimeAxis, sources: int) -> Profiled:
    """Return an intensity of imports that is low at noon."""
    hour = np.arange(axis.count)[:, None] * (axis.step / 3600)
    values = (380 - 160 * np.clip(np.sin((hour % 24 - 6) * np.pi / 12), 0, None)).astype(np.float32)
    same, order = np.zeros(sources, dtype=np.int32), np.arange(sources, dtype=np.int32)
    meaning = Meaning("source", "carbon_intensity", "g/kWh")
    ones = np.ones(sources, dtype=np.float32)
    return Profiled(meaning, axis, values, same, ones, order, sources)
