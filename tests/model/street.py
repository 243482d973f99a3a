"""A street of model types: two houses on a cable, one with cells on its roof; four hours."""

import numpy as np
import pyarrow as pa

from twinview.model.assemble import of_buildings
from twinview.model.geometry import lines, points
from twinview.model.series import Dense, Meaning, Profiled, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

TIME = TimeAxis(0, 3600, 4, "UTC")
USE = [1.0, 2.0, 3.0, 4.0]
SUN = [0.0, 0.4, 0.8, 0.2]
"""kW for each kW installed."""
MIX = [400.0, 300.0, 200.0, 100.0]
"""g/kWh of imports."""
PLACES = np.array([[0.0, 0.0, 0.0], [10.0, 0.0, 0.0], [20.0, 0.0, 0.0]])


def street(dense: bool = False) -> Twin:
    """Return the street; `dense` holds powers as one number per step and element."""
    tables = {
        "node": Layer("nodes", "Nodes", "node", pa.table({"id": ["n0", "n1", "n2"]}),
                      points(PLACES)),
        "line": Layer("cables", "Lines", "line", pa.table(
            {"id": ["c1", "c2"], "from_node": ["n0", "n1"], "to_node": ["n1", "n2"],
             "from_status": [1, 1], "to_status": [1, 1], "i_n": [100.0, 100.0]}),
            lines([PLACES[:2], PLACES[1:]])),
        "source": Layer("border", "Grid connections", "source",
                        pa.table({"id": ["border"], "node": ["n0"]})),
        "sym_load": Layer("loads", "Loads", "load", pa.table(
            {"id": ["l1", "l2"], "node": ["n1", "n2"], "building": ["h1", "h2"],
             "scale_w": [1000.0, 2000.0]}), points(PLACES[1:])),
        "sym_gen": Layer("cells", "Generators", "generator", pa.table(
            {"id": ["pv2", "wind"], "node": ["n2", "n0"], "building": ["h2", None],
             "kind": ["pv_roof", "wind"], "profile": ["south", "wind"],
             "scale_w": [2000.0, 1000.0], "intensity_g_per_kwh": [30.0, 10.0]}),
            points(PLACES[[2, 0]])),
    }  # fmt: skip
    houses = Layer("houses", "Houses", "building", pa.table({"id": ["h1", "h2"]}),
                   points(PLACES[1:] + np.array([0.0, 5.0, 0.0])))  # fmt: skip
    layers = {one.id: one for one in (houses, *tables.values())}
    grid = Network("grid", "Grid", "electricity", {c: one.id for c, one in tables.items()})
    twin = Twin("Street", "", (0.0, 0.0, 0.0), layers, {"grid": grid}, time=TIME)
    twin = twin.with_series(
        _powers("loads", np.array(USE)[:, None], [0, 0], [1.0, 2.0], dense),
        _powers("cells", np.array([SUN, [1.0] * 4]).T, [0, 1], [2.0, 1.0], dense),
        Dense(Meaning("border", "carbon_intensity", "g/kWh"), TIME,
              np.array(MIX, dtype=np.float32)[:, None]),
    )  # fmt: skip
    return twin.with_series(*of_buildings(twin))


def _powers(
    layer: str, profiles: np.ndarray, index: list[int], scale: list[float], dense: bool
) -> Series:
    meaning = Meaning(layer, "power", "kW")
    profiles = profiles.astype(np.float32)
    if dense:
        return Dense(meaning, TIME, (profiles[:, index] * scale).astype(np.float32))
    return Profiled(meaning, TIME, profiles, np.array(index, np.int32),
                    np.array(scale, np.float32), np.arange(2, dtype=np.int32), 2)  # fmt: skip
