"""The electrical grid as a power-grid-model input dataset with names, places and routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from shapely import LineString

from demo_base import CRS, Base
from demo_sites import SOLAR_PARK, SUBSTATION, WIND_TURBINE

if TYPE_CHECKING:
    from demo_ring import Ways

CABLES = {  # ohm/km, ohm/km, nF/km, A: pandapower's standard types
    "NAYY 4x50 SE": (0.642, 0.083, 210.0, 142.0),
    "NAYY 4x150 SE": (0.208, 0.080, 261.0, 270.0),
    "NA2XS2Y 1x150 RM/25 12/20 kV": (0.206, 0.116, 250.0, 319.0),
}
RING_CABLE = "NA2XS2Y 1x150 RM/25 12/20 kV"
HIGH_VOLTAGE = 50e3
SOURCE_PU = 1.0
SUBSTATION_TAP = -2
STATION_TAP = 0
ABOUT = (
    "Low-voltage cables, connection points and transformers: research reconstruction of "
    "Schutterwald (doi 10.3390/en13164052, pandapower, BSD-3-Clause), based on data of "
    "OpenStreetMap contributors. Invented by the build script: the 20 kV ring and the 110 kV "
    "substation, building shapes, all loads' energies and curves, PV, wind, stores, special "
    "sites, land around the village and the weather year. No value was measured."
)


class Dataset:
    """Collects components and hands out their numbers."""

    def __init__(self) -> None:
        self.data: dict[str, list[dict[str, Any]]] = {
            k: [] for k in ("node", "line", "transformer", "source", "sym_load", "sym_gen")
        }
        self.storage: list[dict[str, Any]] = []
        self.number: dict[object, int] = {}
        self._next = 0

    def _id(self) -> int:
        self._next += 1
        return self._next

    def node(self, key: object, name: str, volts: float, x: float, y: float, origin: str) -> None:
        """Add a node; ``key`` is how lines and devices refer to it."""
        self.number[key] = self._id()
        self.data["node"].append(
            {
                "id": self.number[key],
                "u_rated": volts,
                "name": name,
                "x": round(float(x), 2),
                "y": round(float(y), 2),
                "origin": origin,
            }
        )

    def line(
        self,
        name: str,
        ends: tuple[object, object],
        cable: str,
        metres: float,
        route: list[tuple[float, float]],
        origin: str,
        status: tuple[int, int] = (1, 1),
    ) -> None:
        """Add a cable."""
        r, x, c, amps = CABLES[cable]
        km = max(metres, 1.0) / 1000
        self.data["line"].append(
            {
                "id": self._id(),
                "from_node": self.number[ends[0]],
                "to_node": self.number[ends[1]],
                "from_status": status[0],
                "to_status": status[1],
                "r1": _sig(r * km),
                "x1": _sig(x * km),
                "c1": _sig(c * km * 1e-9),
                "tan1": 0.0,
                "i_n": amps,
                "name": name,
                "cable": cable,
                "voltage_kv": 20.0 if cable == RING_CABLE else 0.4,
                "length_m": round(metres, 1),
                "route": [list(p) for p in route],
                "origin": origin,
            }
        )

    def transformer(
        self,
        name: str,
        ends: tuple[object, object],
        rating: dict[str, float],
        place: tuple[float, float],
        station: str,
        origin: str,
    ) -> None:
        """Add a transformer with the taps on the high-voltage side."""
        high = rating["u1"] > HIGH_VOLTAGE
        self.data["transformer"].append(
            {
                "id": self._id(),
                "from_node": self.number[ends[0]],
                "to_node": self.number[ends[1]],
                "from_status": 1,
                "to_status": 1,
                **rating,
                "winding_from": 1 if high else 2,
                "winding_to": 2 if high else 1,
                "clock": 5,
                "tap_side": 0,
                "tap_nom": 0,
                "name": name,
                "station": station,
                "x": round(float(place[0]), 2),
                "y": round(float(place[1]), 2),
                "origin": origin,
            }
        )

    def appliance(self, kind: str, row: dict[str, Any]) -> None:
        """Add a load or a generator."""
        power = row["mean_w"]
        reactive = power * np.tan(np.arccos(row["cos_phi"]))
        item = {
            "id": self._id(),
            "node": self.number[row["bus"]],
            "status": 1,
            "type": 0,
            "p_specified": power,
            "q_specified": round(float(reactive), 2),
            "name": row["name"],
            "kind": row["kind"],
            "building": row["building"],
            "profile": row["profile"],
            "scale_w": row["scale_w"],
            "cos_phi": row["cos_phi"],
            "kwh_per_year": row["kwh_per_year"],
            "origin": row["origin"],
        }
        if kind == "sym_gen":
            item["intensity_g_per_kwh"] = 0.0
        self.data[kind].append(item)

    def store(self, row: dict[str, Any]) -> None:
        """Add a battery to the part that power-grid-model does not read."""
        keys = ("name", "building", "x", "y", "energy_wh", "power_w", "kind")
        self.storage.append(
            {
                "id": self._id(),
                "node": self.number[row["bus"]],
                **{k: row[k] for k in keys},
                "label": row["label"],
                "label_zh": row["label_zh"],
                "eta_charge": 0.96,
                "eta_discharge": 0.96,
                "standing_loss_per_hour": 5e-5,
                "soc0": 0.5,
                "origin": "generated",
            }
        )

    def document(self) -> dict[str, Any]:
        """The whole file."""
        return {
            "version": "1.0",
            "type": "input",
            "is_batch": False,
            "attributes": {},
            "data": self.data,
            "twinview": {
                "crs": CRS,
                "title": "Schutterwald",
                "title_zh": "舒特瓦尔德",
                "about": ABOUT,
                "storage": self.storage,
                "origins": {
                    "model": "taken from the research grid",
                    "generated": "invented by the build script",
                },
            },
        }


def _sig(value: float) -> float:
    return float(f"{value:.5g}")


def _rating(row: Any) -> dict[str, float]:
    """Ratings of a pandapower transformer in power-grid-model's words."""
    sn = row.sn_mva * 1e6
    return {
        "u1": row.vn_hv_kv * 1e3,
        "u2": row.vn_lv_kv * 1e3,
        "sn": sn,
        "uk": _sig(row.vk_percent / 100),
        "pk": _sig(row.vkr_percent / 100 * sn),
        "i0": max(_sig(row.i0_percent / 100), _sig(row.pfe_kw * 1e3 / sn * 1.0001)),
        "p0": row.pfe_kw * 1e3,
        "tap_pos": STATION_TAP,
        "tap_min": int(row.tap_min),
        "tap_max": int(row.tap_max),
        "tap_size": _sig(row.tap_step_percent / 100 * row.vn_hv_kv * 1e3),
    }


def _add_base(grid: Dataset, base: Base) -> None:
    stations = {
        int(h): (x, y)
        for h, x, y in zip(base.trafo.hv_bus, base.trafo.x, base.trafo.y, strict=True)
    }
    for bus in base.bus.itertuples():
        x, y = stations.get(bus.Index, (bus.x, bus.y))
        prefix = "MV_" if bus.vn_kv > 1 else "N_"
        grid.node(bus.Index, f"{prefix}{bus.Index}_{bus.name}", bus.vn_kv * 1e3, x, y, "model")
    used: dict[str, int] = {}
    for line in base.line.itertuples():
        used[line.name] = used.get(line.name, 0) + 1
        name = line.name if used[line.name] == 1 else f"{line.name}_{used[line.name]}"
        status = (int(not line.open_from), int(not line.open_to))
        grid.line(
            name,
            (line.from_bus, line.to_bus),
            line.std_type,
            line.length_km * 1000,
            line.route,
            "model",
            status,
        )
    for row in base.trafo.itertuples():
        grid.transformer(
            row.name,
            (row.hv_bus, row.lv_bus),
            _rating(row),
            (row.x, row.y),
            f"station_{row.name.removeprefix('T_idx_')}",
            "model",
        )


def _add_substation(grid: Dataset) -> None:
    x, y = SUBSTATION
    grid.node("hv", "HV_110", 110e3, x, y + 8, "generated")
    grid.node("busbar", "MV_busbar", 20e3, x, y - 8, "generated")
    rating = {
        "u1": 110e3,
        "u2": 20e3,
        "sn": 25e6,
        "uk": 0.12,
        "pk": 102_500.0,
        "i0": 0.0007,
        "p0": 14_000.0,
        "tap_pos": SUBSTATION_TAP,
        "tap_min": -9,
        "tap_max": 9,
        "tap_size": 1650.0,
    }
    for side, name in ((-9.0, "T_110_20_A"), (9.0, "T_110_20_B")):
        grid.transformer(name, ("hv", "busbar"), rating, (x + side, y), "substation", "generated")
    grid.data["source"].append(
        {
            "id": grid._id(),
            "node": grid.number["hv"],
            "status": 1,
            "u_ref": SOURCE_PU,
            "sk": 1e20,
            "rx_ratio": 0.1,
            "name": "Grid import",
            "intensity_profile": "import_intensity",
            "origin": "generated",
        }
    )


def _add_services(grid: Dataset, base: Base, specials: pd.DataFrame, ways: Ways) -> None:
    """Nodes and low-voltage cables of the special buildings that are no ring customers."""
    house = set(base.house.bus)
    street = base.bus[(base.bus.vn_kv < 1) & base.bus.station.notna() & ~base.bus.index.isin(house)]
    for row in specials.itertuples():
        s = row.special
        if s.level == "mv":
            continue
        grid.node(row.id, f"N_{s.id}", 400.0, row.x, row.y, "generated")
        if s.level == "station":
            crowd = base.house.station.value_counts()
            cost = np.hypot(base.trafo.x - row.x, base.trafo.y - row.y) + 60 * (
                base.trafo.name.map(crowd).to_numpy() / 100 / base.trafo.sn_mva
            )
            at = base.trafo.loc[cost.idxmin()]
            ways.add_stop(row.id, row.x, row.y)
            places = {at["name"]: (at.x, at.y), row.id: (row.x, row.y)}
            route = ways.way(at["name"], row.id, places)
            grid.line(
                f"L_{s.id}_cable",
                (int(at.lv_bus), row.id),
                "NAYY 4x150 SE",
                LineString(route).length,
                route,
                "generated",
            )
            continue
        near = np.hypot(street.x - row.x, street.y - row.y).idxmin()
        route = [
            (round(street.x[near], 2), round(street.y[near], 2)),
            (round(row.x, 2), round(row.y, 2)),
        ]
        cable = "NAYY 4x150 SE" if s.kwh > 45_000 else "NAYY 4x50 SE"
        grid.line(
            f"L_{s.id}_cable", (near, row.id), cable, LineString(route).length, route, "generated"
        )


def ring_stops(base: Base, specials: pd.DataFrame, loads: list[dict[str, Any]]) -> pd.DataFrame:
    """Everything the ring passes, the substation first, with its mean load in W."""
    station_of = {int(b): s for b, s in base.bus.station.items() if s is not None}
    mean: dict[str, float] = {}
    for row in loads:
        key = station_of.get(row["bus"], str(row["bus"]))
        mean[key] = mean.get(key, 0.0) + row["mean_w"]
    rows = [("busbar", SUBSTATION[0], SUBSTATION[1] - 8, 0.0)]
    rows += [(t.name, t.x, t.y, mean.get(t.name, 0.0)) for t in base.trafo.itertuples(index=False)]
    for row in specials.itertuples():
        if row.special.level == "mv":
            edge = row.geometry.exterior.interpolate(0)
            rows.append((row.id, edge.x, edge.y, mean.get(row.id, 0.0)))
    rows.append(("solar_park", SOLAR_PARK[0] + 72, SOLAR_PARK[1] + 98, 1.0))
    rows.append(("wind_turbine", WIND_TURBINE[0] - 5, WIND_TURBINE[1], 1.0))
    return pd.DataFrame(rows, columns=["name", "x", "y", "weight"])


def make_grid(
    base: Base,
    specials: pd.DataFrame,
    ways: Ways,
    stops: pd.DataFrame,
    ring: list[dict],
    devices: dict[str, list[dict]],
) -> dict[str, Any]:
    """The file ``grid.json`` as a dictionary."""
    grid = Dataset()
    _add_base(grid, base)
    _add_substation(grid)
    _add_services(grid, base, specials, ways)
    bus = {t.name: int(t.hv_bus) for t in base.trafo.itertuples(index=False)}
    for stop in stops.itertuples(index=False):
        if stop.name not in bus and stop.name != "busbar":
            name = f"MV_{stop.name.removeprefix('S_')}"
            grid.node(stop.name, name, 20e3, stop.x, stop.y, "generated")
    for cable in ring:
        ends = (bus.get(cable["from"], cable["from"]), bus.get(cable["to"], cable["to"]))
        grid.line(
            cable["name"],
            ends,
            RING_CABLE,
            cable["length_m"],
            cable["route"],
            "generated",
            (1, 0 if cable["open"] else 1),
        )
    for kind in ("sym_load", "sym_gen"):
        for row in devices[kind]:
            grid.appliance(kind, row)
    for row in devices["storage"]:
        grid.store(row)
    return grid.document()
