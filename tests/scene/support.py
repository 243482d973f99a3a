"""A small twin whose series count how often they are asked."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from twinview.model.geometry import Geometry, lines, offsets, points
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Network, Twin

START = 1_711_839_600
"""2024-03-31T00:00 in Berlin, the day on which the clocks go forward."""
AXIS = TimeAxis(START, 3600, 48, "Europe/Berlin")


@dataclass(frozen=True, eq=False)
class Spy(Dense):
    """A series that notes which steps it was asked for."""

    asked: Counter = field(default_factory=Counter)

    def at(self, i: int) -> np.ndarray:
        """Return a step and note it."""
        self.asked[i] += 1
        return super().at(i)

    def window(self, a: int, b: int) -> np.ndarray:
        """Nobody needs a window to draw an instant."""
        raise AssertionError("a window was read")

    def of(self, j: int) -> np.ndarray:
        """Nobody needs an element's whole series to draw an instant."""
        raise AssertionError("a column was read")


def spy(layer: str, quantity: str, unit: str, values: np.ndarray, **more) -> Spy:
    """Return a counting series; one row of values is repeated for all steps."""
    rows = np.broadcast_to(np.asarray(values, dtype=np.float32), (AXIS.count, len(values)))
    return Spy(Meaning(layer, quantity, unit), AXIS, rows.copy(), **more)


def squares(n: int) -> Geometry:
    """Return squares of 10 m in a row."""
    corner = np.array([[0.0, 0, 0], [10, 0, 0], [10, 10, 0], [0, 10, 0]])
    coords = np.concatenate([corner + np.array([20.0 * k, 0, 0]) for k in range(n)])
    one = np.arange(n + 1, dtype=np.int32)
    return Geometry("polygon", coords, offsets([4] * n), one, one)


def hamlet() -> Twin:
    """Return four houses (zero, low, high, unknown), a line and a store, with results."""
    houses = Layer("houses", "Houses", "building", pa.table({
        "id": ["zero", "low", "high", "unknown"], "height_m": [5.0, 6.0, 7.0, 8.0],
        "name": ["", "Hall", "", ""], "label_weight": [0.0, 1.0, 0.0, 0.0],
    }), squares(4))  # fmt: skip
    path = np.array([[0.0, 0], [9, 9]])
    line = Layer("line", "Lines", "line", pa.table({
        "id": ["l"], "from_node": ["n"], "to_node": ["n"],
    }), lines([path]))  # fmt: skip
    store = Layer("storage", "Stores", "storage", pa.table({"id": ["s"]}), points(np.zeros((1, 2))))
    nodes = Layer("node", "Nodes", "node", pa.table({"id": ["n"]}), points(np.zeros((1, 2))))
    layers = {one.id: one for one in (houses, line, store, nodes)}
    network = Network("net", "Net", "electricity", {"node": "node", "line": "line"})
    twin = Twin("Hamlet", "EPSG:25832", (0, 0, 0), layers, {"net": network}, time=AXIS)
    return twin.with_series(
        spy("houses", "consumption", "kW", [0.0, 2.0, 9.0, np.nan]),
        spy("houses", "generation", "kW", [0.0, 5.0, np.nan, np.nan]),
        spy("houses", "carbon_intensity", "g/kWh", [0.0, 100.0, 480.0, np.nan]),
        spy("houses", "pv_potential", "kW", [0.0, 6.0, 12.0, np.nan]),
        spy("line", "power", "kW", [-30.0]),
        spy("line", "loading", "%", [130.0]),
        spy("node", "voltage", "p.u.", [0.98]),
        spy("storage", "soc", "1", [0.4]),
        spy("storage", "carbon_intensity", "g/kWh", [250.0]),
        spy(DISTRICT, "load", "kW", [1234.0]),
        spy(DISTRICT, "residual", "kW", [0.2]),
    )


def spies(twin: Twin) -> list[Spy]:
    """Return the counting series of a twin."""
    return [series for series in twin.series.values() if isinstance(series, Spy)]
