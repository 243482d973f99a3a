"""Special buildings and sites, all invented: where they stand, how big they are, what they use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from shapely import LineString, Point, Polygon, STRtree

from demo_base import Base, rectangle, tangent_azimuth


@dataclass(frozen=True)
class Special:
    """A building or site with a device of its own.

    Attributes
    ----------
    size : tuple
        Length and depth of the building in metres.
    level : str
        ``lv`` (a cable to the nearest street cable), ``station`` (a cable to the station's
        busbar) or ``mv`` (a place in the 20 kV ring).
    kwh : float
        Energy per year for loads.
    """

    id: str
    kind: str
    name: str
    name_zh: str
    near: tuple[float, float]
    size: tuple[float, float]
    storeys: int
    height: float
    roof: str
    profile: str
    kwh: float
    level: str
    room: float
    pv_kwp: float = 0.0


SPECIALS = [
    Special(
        "school",
        "school",
        "Primary school",
        "小学",
        (417480, 5367985),
        (58, 17),
        2,
        8.4,
        "gable",
        "school",
        142_000,
        "station",
        36.0,
        60.0,
    ),
    Special(
        "clinic",
        "clinic",
        "Community clinic",
        "社区医院",
        (417585, 5367945),
        (42, 19),
        3,
        11.2,
        "flat",
        "clinic",
        318_000,
        "station",
        27.0,
        40.0,
    ),
    Special(
        "supermarket",
        "shop",
        "Supermarket",
        "超市",
        (417900, 5367560),
        (44, 26),
        1,
        6.4,
        "flat",
        "shop_day",
        265_000,
        "station",
        27.0,
        70.0,
    ),
    Special(
        "bakery",
        "shop",
        "Bakery",
        "面包店",
        (417700, 5367640),
        (14, 10),
        2,
        9.4,
        "gable",
        "shop_bakery",
        62_000,
        "lv",
        9.5,
    ),
    Special(
        "pharmacy",
        "shop",
        "Pharmacy",
        "药店",
        (417560, 5367600),
        (13, 10),
        2,
        9.2,
        "gable",
        "shop_day",
        21_000,
        "lv",
        9.5,
    ),
    Special(
        "butcher",
        "shop",
        "Butcher",
        "肉店",
        (417850, 5367350),
        (13, 10),
        2,
        9.5,
        "gable",
        "shop_day",
        48_000,
        "lv",
        9.5,
    ),
    Special(
        "inn",
        "shop",
        "Inn",
        "餐馆",
        (417450, 5367560),
        (19, 12),
        2,
        10.6,
        "gable",
        "shop_evening",
        71_000,
        "lv",
        12.0,
    ),
    Special(
        "bank",
        "shop",
        "Bank",
        "银行",
        (417640, 5367690),
        (14, 11),
        2,
        9.0,
        "hip",
        "trade",
        24_000,
        "lv",
        10.0,
    ),
    Special(
        "hardware",
        "shop",
        "Hardware shop",
        "五金店",
        (417250, 5367930),
        (22, 14),
        1,
        5.6,
        "flat",
        "trade",
        38_000,
        "lv",
        14.0,
        18.0,
    ),
    Special(
        "sports_hall",
        "school",
        "Sports hall",
        "体育馆",
        (417455, 5368025),
        (36, 22),
        1,
        8.8,
        "flat",
        "school",
        58_000,
        "station",
        24.0,
        50.0,
    ),
    Special(
        "factory",
        "factory",
        "Machine factory",
        "机械厂",
        (418500, 5367720),
        (92, 54),
        1,
        10.5,
        "shed",
        "factory",
        2_600_000,
        "mv",
        58.0,
        320.0,
    ),
    Special(
        "data_centre",
        "data_centre",
        "Data centre",
        "数据中心",
        (418560, 5367240),
        (46, 24),
        2,
        9.6,
        "flat",
        "data_centre",
        2_190_000,
        "mv",
        30.0,
        60.0,
    ),
    Special(
        "ev_hub",
        "ev_hub",
        "EV charging hub",
        "电动汽车充电站",
        (418280, 5367420),
        (32, 14),
        1,
        5.2,
        "flat",
        "ev_hub",
        760_000,
        "mv",
        31.0,
        45.0,
    ),
    Special(
        "mast_north",
        "mast_5g",
        "5G mast north",
        "北部5G基站",
        (417620, 5368455),
        (4.2, 2.8),
        1,
        3.0,
        "flat",
        "mast_5g",
        24_000,
        "lv",
        8.0,
    ),
    Special(
        "mast_west",
        "mast_5g",
        "5G mast west",
        "西部5G基站",
        (416690, 5367700),
        (4.2, 2.8),
        1,
        3.0,
        "flat",
        "mast_5g",
        24_000,
        "lv",
        8.0,
    ),
    Special(
        "mast_south",
        "mast_5g",
        "5G mast south",
        "南部5G基站",
        (417900, 5367060),
        (4.2, 2.8),
        1,
        3.0,
        "flat",
        "mast_5g",
        24_000,
        "lv",
        8.0,
    ),
]

SOLAR_PARK = (416640.0, 5367110.0)
WIND_TURBINE = (418640.0, 5368180.0)
SUBSTATION = (418330.0, 5366960.0)
PARK_ROWS, PARK_TABLES = 24, 3
TABLE_LENGTH, TABLE_DEPTH, ROW_PITCH = 42.0, 4.1, 7.6
PARK_TILT, KWP_PER_M2 = 20.0, 0.212
WIND_RATED_W = 3_000_000.0


def find_room(
    near: tuple[float, float], room: float, taken: STRtree, reach: float = 320.0
) -> tuple[float, float]:
    """The free place with the given radius that is closest to a wish.

    Parameters
    ----------
    near : tuple
        The wished place.
    room : float
        Radius in metres in which nothing may stand.
    taken : STRtree
        Everything that stands already.
    reach : float
        How far from the wish to look, metres.
    """
    steps = np.arange(-reach, reach + 1, 4.0)
    dx, dy = (a.ravel() for a in np.meshgrid(steps, steps))
    for k in np.argsort(np.hypot(dx, dy), kind="stable"):
        point = Point(near[0] + dx[k], near[1] + dy[k])
        if not len(taken.query(point, predicate="dwithin", distance=room)):
            return point.x, point.y
    raise ValueError(f"No room of {room} m near {near}")


def park_rows() -> list[Polygon]:
    """Tables of the solar park, seen from above."""
    x0, y0 = SOLAR_PARK
    flat = TABLE_DEPTH * np.cos(np.radians(PARK_TILT))
    tables = []
    for r in range(PARK_ROWS):
        for c in range(PARK_TABLES):
            x = x0 + (c - (PARK_TABLES - 1) / 2) * (TABLE_LENGTH + 3.5)
            y = y0 + (r - (PARK_ROWS - 1) / 2) * ROW_PITCH
            tables.append(rectangle(x, y, TABLE_LENGTH, flat, 90.0))
    return tables


def park_kwp() -> float:
    """Rated power of the solar park, kWp."""
    return round(PARK_ROWS * PARK_TABLES * TABLE_LENGTH * TABLE_DEPTH * KWP_PER_M2, 0)


def place_specials(base: Base, houses: list[Polygon]) -> pd.DataFrame:
    """Footprints of the special buildings in free places, turned to the nearest street."""
    park = Polygon(unary_box(park_rows(), 10.0))
    yard = rectangle(*SUBSTATION, 44.0, 62.0, 12.0)
    taken: list = [*houses, *base.streets, park, yard]
    taken += [Point(x, y).buffer(7) for x, y in zip(base.trafo.x, base.trafo.y, strict=True)]
    service = [LineString(r) for r in base.line.loc[base.line.service, "route"]]
    rows = []
    for special in SPECIALS:
        x, y = find_room(special.near, special.room, STRtree([*taken, *service]))
        street = min(base.streets, key=Point(x, y).distance)
        azimuth = tangent_azimuth(street, Point(x, y), 12.0)
        shape = rectangle(x, y, special.size[0], special.size[1], azimuth)
        taken.append(shape.buffer(4.0))
        rows.append(
            {
                "special": special,
                "id": f"S_{special.id}",
                "geometry": shape,
                "x": x,
                "y": y,
                "ridge_deg": azimuth,
            }
        )
    return pd.DataFrame(rows)


def unary_box(shapes: list[Polygon], margin: float) -> list[tuple[float, float]]:
    """Corners of the box around shapes, widened by a margin in metres."""
    bounds = np.array([s.bounds for s in shapes])
    x1, y1 = bounds[:, :2].min(axis=0) - margin
    x2, y2 = bounds[:, 2:].max(axis=0) + margin
    return [(x1, y1), (x2, y1), (x2, y2), (x1, y2)]


def _site(site_id: str, kind: str, name: str, zh: str, shape: Polygon, **more: object) -> dict:
    return {
        "id": site_id,
        "kind": kind,
        "name": name,
        "name_zh": zh,
        "geometry": shape,
        "element": None,
        "height_m": 0.0,
        "tilt_deg": np.nan,
        "azimuth_deg": np.nan,
        "rotor_m": np.nan,
        "origin": "generated",
    } | more


def _park_sites() -> list[dict]:
    fence = Polygon(unary_box(park_rows(), 8.0))
    sites = [
        _site(
            "solar_park",
            "solar_park",
            "Solar park",
            "光伏电站",
            fence,
            element="PV_park",
            height_m=2.2,
            tilt_deg=PARK_TILT,
            azimuth_deg=180.0,
        )
    ]
    for k, table in enumerate(park_rows()):
        sites.append(
            _site(
                f"panel_{k:03d}",
                "panel_row",
                f"Panel row {k + 1}",
                f"光伏阵列 {k + 1}",
                table,
                element="PV_park",
                height_m=2.2,
                tilt_deg=PARK_TILT,
                azimuth_deg=180.0,
            )
        )
    return sites


def make_sites(base: Base, specials: pd.DataFrame, batteries: list[dict]) -> pd.DataFrame:
    """Polygons of everything that is not a building: park, turbine, stations, stores, masts."""
    sites = _park_sites()
    sites.append(
        _site(
            "wind_turbine",
            "wind_turbine",
            "Wind turbine",
            "风机",
            Point(WIND_TURBINE).buffer(3.2, quad_segs=6),
            element="WT_1",
            height_m=132.0,
            rotor_m=112.0,
        )
    )
    sites.append(
        _site(
            "substation",
            "substation",
            "Substation 110/20 kV",
            "变电站",
            rectangle(*SUBSTATION, 34.0, 52.0, 12.0),
            element="T_110_20_A",
            height_m=6.5,
        )
    )
    for name, x, y in zip(base.trafo.name, base.trafo.x, base.trafo.y, strict=True):
        street = min(base.streets, key=Point(x, y).distance)
        sites.append(
            _site(
                f"station_{name.removeprefix('T_idx_')}",
                "station",
                f"Station {name.removeprefix('T_idx_')}",
                f"配电站 {name.removeprefix('T_idx_')}",
                rectangle(x, y, 4.2, 3.0, tangent_azimuth(street, Point(x, y))),
                element=name,
                height_m=2.9,
            )
        )
    for row in specials.itertuples():
        if row.special.kind == "mast_5g":
            sites.append(
                _site(
                    row.id + "_tower",
                    "mast_5g",
                    row.special.name,
                    row.special.name_zh,
                    Point(row.x + 5.0, row.y).buffer(0.7),
                    element=f"L_{row.special.id}",
                    height_m=36.0,
                )
            )
        elif row.special.kind == "ev_hub":
            lot = row.geometry.buffer(9.0, join_style="mitre")
            sites.append(
                _site(
                    "ev_hub_lot",
                    "ev_hub",
                    row.special.name,
                    row.special.name_zh,
                    lot,
                    element=f"L_{row.special.id}",
                )
            )
    for store in batteries:
        sites.append(
            _site(
                f"site_{store['name']}",
                "battery",
                store["label"],
                store["label_zh"],
                store["shape"],
                element=store["name"],
                height_m=3.0,
            )
        )
    return pd.DataFrame(sites)
