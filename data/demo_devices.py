"""Loads, generators and stores of the district, with their yearly energy and profile."""

from __future__ import annotations

import numpy as np
import pandas as pd
from shapely import Point, Polygon, STRtree
from shapely.affinity import translate
from shapely.geometry import box

from demo_base import HOURS, Base, stream
from demo_profiles import HEAT_PUMPS, HOUSEHOLD_SHAPES
from demo_sites import WIND_RATED_W, find_room, park_kwp

HOUSEHOLD_KWH = np.array([1900.0, 2890.0, 3720.0, 4085.0, 5430.0])  # 1 to 5 persons, BDEW 2021
HOUSEHOLD_SHARE = np.array([0.27, 0.37, 0.17, 0.14, 0.05])
SPECIFIC_HEAT = {"hp_old": 112.0, "hp_mid": 86.0, "hp_new": 54.0}  # kWh/m2, heat and hot water
CLASS_SHARE = {"hp_old": 0.27, "hp_mid": 0.50, "hp_new": 0.23}
NEW_QUARTER = {"T_idx_35": {"hp_old": 0.04, "hp_mid": 0.30, "hp_new": 0.66}}
PV_SHARE = 0.31
PV_FILL, KWP_PER_M2 = 0.52, 0.205
HOME_STORES = 40
COMMUNITY = {
    "T_idx_35": (500e3, 150e3),
    "T_idx_78": (600e3, 200e3),
    "T_idx_81": (500e3, 180e3),
    "T_idx_73": (800e3, 250e3),
}
PLANES = [(90.0, "pv_e"), (135.0, "pv_se"), (180.0, "pv_s"), (225.0, "pv_sw"), (270.0, "pv_w")]


def add_floors(houses: pd.DataFrame) -> pd.DataFrame:
    """Living area and number of households of every house."""
    rng = stream("households")
    footprint = np.array([g.area for g in houses.geometry])
    houses["floor_area_m2"] = (footprint * houses.storeys * 0.82).round(0)
    room = houses.floor_area_m2 * np.where(houses.type == "farm", 0.6, 1.0)
    count = np.clip(np.floor(room / 118 + rng.random(len(houses)) * 0.55), 1, 8).astype(int)
    houses["households"] = np.where(houses.type == "hall", 0, count)
    return houses


def _row(
    name: str,
    bus: object,
    building: str | None,
    use: tuple[str, str],
    kwh: float,
    cos_phi: float,
    origin: str,
    scale_w: float | None = None,
) -> dict:
    """One device; ``use`` is its kind and its profile column."""
    mean_w = kwh * 1000 / HOURS
    return {
        "name": name,
        "bus": bus,
        "building": building,
        "kind": use[0],
        "profile": use[1],
        "scale_w": round(mean_w if scale_w is None else scale_w, 2),
        "cos_phi": cos_phi,
        "kwh_per_year": round(kwh, 1),
        "origin": origin,
        "mean_w": round(mean_w, 2),
    }


def house_loads(base: Base, houses: pd.DataFrame, factors: dict[str, float]) -> list[dict]:
    """Households and heat pumps at the connections of the research grid."""
    rng, rows = stream("house loads"), []
    for house, at in zip(houses.itertuples(), base.house.itertuples(), strict=True):
        people = rng.choice(5, size=max(house.households, 1), p=HOUSEHOLD_SHARE)
        kwh = float((HOUSEHOLD_KWH[people] * rng.lognormal(-0.02, 0.2, len(people))).sum())
        shape = f"hh_{int(rng.integers(HOUSEHOLD_SHAPES)):02d}"
        if house.type == "hall":
            rows.append(_row(at.name, at.bus, house.id, ("shop", "trade"), 72_000.0, 0.95, "model"))
        else:
            rows.append(_row(at.name, at.bus, house.id, ("household", shape), kwh, 0.97, "model"))
        share = NEW_QUARTER.get(at.station, CLASS_SHARE)
        kind = str(rng.choice(list(share), p=list(share.values())))
        curve = str(rng.choice([c for c in HEAT_PUMPS if c.startswith(kind)]))
        noise = float(rng.lognormal(-0.02, 0.18))
        if at.heat_pump is not None:
            area = min(house.floor_area_m2, 128.0 * max(house.households, 1) + 30)
            kwh = max(area, 75.0) * SPECIFIC_HEAT[kind] / factors[curve] * noise
            rows.append(
                _row(at.heat_pump, at.bus, house.id, ("heat_pump", curve), kwh, 0.97, "model")
            )
    return rows


def special_loads(specials: pd.DataFrame) -> list[dict]:
    """Loads of school, clinic, shops, factory, data centre, charging hub and masts."""
    rows = []
    for row in specials.itertuples():
        s = row.special
        cos_phi = 0.93 if s.kind == "factory" else 0.98 if s.kind == "ev_hub" else 0.96
        rows.append(
            _row(f"L_{s.id}", row.id, row.id, (s.kind, s.profile), s.kwh, cos_phi, "generated")
        )
    return rows


def _plane(ridge_deg: float, roof: str) -> str:
    if roof == "flat":
        return "pv_flat"
    sides = [(ridge_deg + 90) % 360, (ridge_deg + 270) % 360]
    best = min(sides, key=lambda a: abs(a - 180))
    return min(PLANES, key=lambda p: abs(p[0] - best))[1]


def roof_pv(houses: pd.DataFrame) -> pd.Series:
    """kWp on every house, 0 where there is none; by the area of the sunnier roof side."""
    rng = stream("roof pv")
    wish = rng.random(len(houses))
    fill = PV_FILL * rng.uniform(0.75, 1.25, len(houses))
    rise = houses.ridge_m - houses.eaves_m
    slope = np.where(houses.roof == "flat", houses.short * 0.8, np.hypot(houses.short / 2, rise))
    kwp = np.clip(houses.long * slope * fill * KWP_PER_M2, 2.5, 14.9)
    kwp = np.where(houses.type == "hall", 95.0, kwp)
    side = [abs(90 - r) < 28 for r in houses.ridge_deg]
    chance = PV_SHARE * np.where(side, 1.25, 0.88)
    return pd.Series(np.where((wish < chance) | (houses.type == "hall"), kwp, 0.0).round(1))


def generators(
    base: Base, houses: pd.DataFrame, specials: pd.DataFrame, columns: dict[str, np.ndarray]
) -> list[dict]:
    """Rooftop PV, the solar park and the wind turbine; ``scale_w`` is rated power."""
    rows = []
    for house, bus in zip(houses.itertuples(), base.house.bus, strict=True):
        if house.pv_kwp > 0:
            rows.append(
                (
                    f"PV_{house.id[2:]}",
                    bus,
                    house.id,
                    "pv_roof",
                    _plane(house.ridge_deg, house.roof),
                    house.pv_kwp * 1000,
                )
            )
    for row in specials.itertuples():
        if row.special.pv_kwp > 0:
            plane = _plane(row.ridge_deg, row.special.roof)
            rows.append(
                (
                    f"PV_{row.special.id}",
                    row.id,
                    row.id,
                    "pv_roof",
                    plane,
                    row.special.pv_kwp * 1000,
                )
            )
    rows.append(("PV_park", "solar_park", None, "pv_park", "pv_park", park_kwp() * 1000))
    rows.append(("WT_1", "wind_turbine", None, "wind", "wind", WIND_RATED_W))
    return [
        _row(
            name,
            bus,
            building,
            (kind, profile),
            scale / 1000 * float(columns[profile].sum()),
            1.0,
            "generated",
            scale,
        )
        for name, bus, building, kind, profile, scale in rows
    ]


def community_stores(base: Base, taken: list[Polygon]) -> list[dict]:
    """Four containers beside the busiest stations."""
    rows: list[dict] = []
    kiosks = [Point(x, y) for x, y in zip(base.trafo.x, base.trafo.y, strict=True)]
    tree = STRtree([*taken, *base.streets, *kiosks])
    for station, (energy, power) in COMMUNITY.items():
        at = base.trafo[base.trafo.name == station].iloc[0]
        x, y = find_room((at.x, at.y), 8.9, tree, 90.0)
        short = station.removeprefix("T_idx_")
        rows.append(
            {
                "name": f"BAT_{short}",
                "label": f"Community battery {short}",
                "label_zh": f"社区储能 {short}",
                "bus": int(at.lv_bus),
                "building": None,
                "x": round(x, 2),
                "y": round(y, 2),
                "energy_wh": energy,
                "power_w": power,
                "kind": "community",
                "shape": translate(box(-4.6, -1.6, 4.6, 1.6), x, y),
            }
        )
    return rows


def home_stores(base: Base, houses: pd.DataFrame) -> list[dict]:
    """Batteries in forty of the houses with PV, about one kWh per kWp."""
    rng, rows = stream("home stores"), []
    with_pv = houses.index[(houses.pv_kwp > 0) & (houses.type != "hall")].to_numpy()
    for i in sorted(rng.choice(with_pv, HOME_STORES, replace=False)):
        house, middle = houses.loc[i], Point(houses.geometry[i].centroid)
        kwh = float(np.clip(round(house.pv_kwp * rng.uniform(0.8, 1.3) * 2) / 2, 4.0, 14.0))
        rows.append(
            {
                "name": f"BAT_{house.id[2:]}",
                "label": "Home battery",
                "label_zh": "户用储能",
                "bus": int(base.house.bus[i]),
                "building": house.id,
                "x": round(middle.x, 2),
                "y": round(middle.y, 2),
                "energy_wh": kwh * 1000,
                "power_w": kwh * 500,
                "kind": "home",
            }
        )
    return rows
