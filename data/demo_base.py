"""The research grid that the demo district stands on, in metres and plain tables.

The grid comes from ``pandapower.networks.lv_schutterwald``. This module moves it to EPSG:25832,
sorts its cables into streets and service cables and names what the other modules need.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandapower.networks as pn  # noqa: TID251 - the program itself never imports it
import pandas as pd
from shapely import LineString, Point, Polygon, STRtree
from shapely.affinity import rotate, translate
from shapely.geometry import box, shape

CRS = "EPSG:25832"
SEED = 20240101
SERVICE_CABLE = "NAYY 4x50 SE"
HOURS = 8784
MERGE = 0.02  # metres between two points of a route that count as one


def stream(topic: str) -> np.random.Generator:
    """Random numbers of one topic; all topics hang on the one seed.

    Parameters
    ----------
    topic : str
        A name; the same name always gives the same numbers.
    """
    return np.random.default_rng([SEED, zlib.crc32(topic.encode())])


@dataclass(frozen=True)
class Base:
    """The research grid with coordinates in metres.

    Attributes
    ----------
    bus : DataFrame
        ``name``, ``vn_kv``, ``x``, ``y`` by bus number.
    line : DataFrame
        Electrical data, ``route`` (list of points), ``service`` (bool), ``open_from``, ``open_to``.
    trafo : DataFrame
        The transformers of the 14 stations.
    house : DataFrame
        One row per household connection: ``bus``, ``name``, ``x``, ``y``, ``peak_w``,
        ``heat_pump`` (name or None), ``station`` (transformer name).
    """

    bus: pd.DataFrame
    line: pd.DataFrame
    trafo: pd.DataFrame
    house: pd.DataFrame
    streets: list[LineString] = field(repr=False)


def rectangle(x: float, y: float, along: float, across: float, azimuth: float) -> Polygon:
    """A rectangle around a point.

    Parameters
    ----------
    x, y : float
        Its middle, metres.
    along, across : float
        Side lengths in metres, ``along`` pointing to the azimuth.
    azimuth : float
        Degrees clockwise from north.
    """
    flat = box(-across / 2, -along / 2, across / 2, along / 2)
    return translate(rotate(flat, -azimuth, origin=(0, 0)), x, y)


def azimuth_of(dx: float, dy: float) -> float:
    """Direction of a vector in degrees clockwise from north, 0 to 360."""
    return float(np.degrees(np.arctan2(dx, dy)) % 360.0)


def unit(azimuth: float) -> np.ndarray:
    """Unit vector (east, north) of an azimuth in degrees."""
    return np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])


def tangent_azimuth(line: LineString, point: Point, reach: float = 6.0) -> float:
    """Azimuth of a line near the place closest to a point, 0 to 180 degrees."""
    at = line.project(point)
    a = line.interpolate(max(0.0, at - reach))
    b = line.interpolate(min(line.length, at + reach))
    return azimuth_of(b.x - a.x, b.y - a.y) % 180.0


def _route(line: LineString, start: np.ndarray, end: np.ndarray) -> list[tuple[float, float]]:
    """Line coordinates that begin and end exactly at the two buses."""
    points = [np.asarray(c[:2]) for c in line.simplify(0.2).coords]
    if np.hypot(*(points[0] - start)) < 1.0:
        points[0] = start
    else:
        points.insert(0, start)
    if np.hypot(*(points[-1] - end)) < 1.0:
        points[-1] = end
    else:
        points.append(end)
    kept = [points[0]]
    for point in points[1:]:
        if np.hypot(*(point - kept[-1])) > MERGE:
            kept.append(point)
    if len(kept) == 1:
        kept.append(points[-1] + 0.05)
    return [(round(float(p[0]), 2), round(float(p[1]), 2)) for p in kept]


def _to_metres(texts: pd.Series) -> gpd.GeoSeries:
    geometry = [shape(json.loads(text)) for text in texts]
    return gpd.GeoSeries(geometry, index=texts.index, crs=4326).to_crs(CRS)


def _stations_of_buses(net: object, lines: pd.DataFrame) -> dict[int, str]:
    """Name of the feeding transformer for every low-voltage bus."""
    parent = {int(b): int(b) for b in net.bus.index}  # type: ignore[attr-defined]

    def root(bus: int) -> int:
        while parent[bus] != bus:
            parent[bus] = parent[parent[bus]]
            bus = parent[bus]
        return bus

    closed = lines[~(lines.open_from | lines.open_to)]
    for a, b in zip(closed.from_bus, closed.to_bus, strict=True):
        parent[root(int(a))] = root(int(b))
    trafo = net.trafo  # type: ignore[attr-defined]
    names = {root(int(b)): str(n) for b, n in zip(trafo.lv_bus, trafo.name, strict=True)}
    return {bus: names[root(bus)] for bus in parent if root(bus) in names}


def _lines(net: object, xy: pd.DataFrame) -> pd.DataFrame:
    line = net.line.copy()  # type: ignore[attr-defined]
    switch = net.switch  # type: ignore[attr-defined]
    opened = switch[(switch.et == "l") & ~switch.closed]
    pairs = set(zip(opened.element, opened.bus, strict=True))
    line["open_from"] = [(i, b) in pairs for i, b in zip(line.index, line.from_bus, strict=True)]
    line["open_to"] = [(i, b) in pairs for i, b in zip(line.index, line.to_bus, strict=True)]
    at = dict(zip(xy.index, xy[["x", "y"]].to_numpy(), strict=True))
    shapes = _to_metres(line.geo)
    line["route"] = [
        _route(g, at[f], at[t]) for g, f, t in zip(shapes, line.from_bus, line.to_bus, strict=True)
    ]
    line["service"] = line.std_type == SERVICE_CABLE
    return line


def _houses(net: object, bus: pd.DataFrame, station: dict[int, str]) -> pd.DataFrame:
    load = net.load  # type: ignore[attr-defined]
    pump = load[load.type == "HP"].set_index("bus").name.to_dict()
    house = load[load.type == "HH"][["bus", "name", "p_mw"]].reset_index(drop=True)
    house["x"] = house.bus.map(bus.x)
    house["y"] = house.bus.map(bus.y)
    house["peak_w"] = (house.pop("p_mw") * 1e6).round()
    house["heat_pump"] = [pump.get(b) for b in house.bus]
    house["station"] = house.bus.map(station)
    return house


def _beside_street(at: tuple[float, float], streets: STRtree, houses: STRtree) -> np.ndarray:
    """The nearest place where a transformer kiosk stands off the carriageway and off houses."""
    steps = np.arange(-30, 30.5, 1.0)
    dx, dy = (a.ravel() for a in np.meshgrid(steps, steps))
    for k in np.argsort(np.hypot(dx, dy), kind="stable"):
        point = Point(at[0] + dx[k], at[1] + dy[k])
        if not len(streets.query(point, "dwithin", distance=6.2)) and not len(
            houses.query(point, "dwithin", distance=11.5)
        ):
            return np.array([point.x, point.y])
    return np.array(at)


def _move_stations(
    trafo: pd.DataFrame, bus: pd.DataFrame, streets: list[LineString], houses: pd.DataFrame
) -> None:
    """Set both buses of every station to a place beside the street."""
    lanes = STRtree(streets)
    walls = STRtree([Point(x, y) for x, y in zip(houses.x, houses.y, strict=True)])
    for row in trafo.itertuples():
        old = (float(bus.x[row.lv_bus]), float(bus.y[row.lv_bus]))
        bus.loc[[row.lv_bus, row.hv_bus], ["x", "y"]] = _beside_street(old, lanes, walls)


def read_base() -> Base:
    """Read the research grid and put it into metres."""
    net = pn.lv_schutterwald(include_heat_pumps=True)
    points = _to_metres(net.bus.geo)
    bus = pd.DataFrame({"name": net.bus.name, "vn_kv": net.bus.vn_kv, "x": points.x, "y": points.y})
    line = _lines(net, bus)
    streets = [LineString(r) for r in line.loc[~line.service, "route"]]
    station = _stations_of_buses(net, line)
    bus["station"] = [station.get(int(b)) for b in bus.index]
    houses = _houses(net, bus, station)
    trafo = net.trafo.copy()
    _move_stations(trafo, bus, streets, houses)
    line = _lines(net, bus)
    trafo["x"] = trafo.lv_bus.map(bus.x)
    trafo["y"] = trafo.lv_bus.map(bus.y)
    return Base(bus, line, trafo, houses, streets)
