"""Footprints, heights and roofs of the houses, invented around the real connection points.

A house stands where the research grid has its connection, turned to its street. Sizes are
drawn at random and then shrunk and pushed apart until nothing touches anything.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from shapely import LineString, Point, Polygon, STRtree

from demo_base import Base, azimuth_of, rectangle, stream, tangent_azimuth, unit

ROW_SPACING = 9.3
HOUSE_GAP = 2.4
ROW_GAP = 0.08
STREET_CLEARANCE = 5.6
ROW_CLEARANCE = 3.9
MAX_SHIFT = 9.0
ROUNDS = 90
TINY, LEAST_SPACING, STRAIGHT = 0.5, 3.5, 2.6
LEAST_SIDE = 5.2
MULTI, SEMI, FARM, AS_THE_STREET = 0.07, 0.20, 0.45, 0.86
HIP, FLAT = 0.13, 0.955


class Streets:
    """Nearest street of a point."""

    def __init__(self, lines: list[LineString]) -> None:
        self._lines = lines
        self._tree = STRtree(lines)

    def nearest(self, point: Point) -> LineString:
        """The street line closest to the point."""
        return self._lines[int(self._tree.nearest(point))]

    def azimuth(self, point: Point) -> float:
        """Direction of the closest street, 0 to 180 degrees."""
        return tangent_azimuth(self.nearest(point), point, 9.0)

    def push(self, shape: Polygon, clearance: float) -> np.ndarray | None:
        """Way out of the street for a footprint, or None where it keeps its clearance."""
        hits = self._tree.query(shape, predicate="dwithin", distance=clearance)
        if not len(hits):
            return None
        middle = shape.centroid
        line = min((self._lines[i] for i in hits), key=shape.distance)
        foot = line.interpolate(line.project(middle))
        away = np.array([middle.x - foot.x, middle.y - foot.y])
        length = float(np.hypot(*away))
        if length < TINY:
            return unit(tangent_azimuth(line, middle) + 90.0)
        return away / length


def _rows(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which houses stand in a row, and the row's azimuth (nan elsewhere)."""
    tree = cKDTree(xy)
    near = tree.query_ball_point(xy, ROW_SPACING)
    azimuth = np.full(len(xy), np.nan)
    for i, group in enumerate(near):
        mates = [j for j in group if j != i and np.hypot(*(xy[j] - xy[i])) > LEAST_SPACING]
        if mates and any(len(near[j]) >= 3 for j in [*mates, i]):
            wider = xy[sorted({k for j in [*mates, i] for k in near[j]})]
            axis = np.linalg.svd(wider - wider.mean(axis=0))[2][0]
            if np.abs((wider - wider.mean(axis=0)) @ [-axis[1], axis[0]]).max() < STRAIGHT:
                azimuth[i] = azimuth_of(*axis) % 180.0
    return ~np.isnan(azimuth), azimuth


def _draw_types(house: pd.DataFrame, spacing: np.ndarray, row: np.ndarray) -> np.ndarray:
    rng = stream("house types")
    pick = rng.random(len(house))
    kind = np.where(pick < MULTI, "multi", np.where(pick < SEMI, "semi", "detached"))
    kind = np.where((kind == "multi") & (spacing < 19), "detached", kind)
    kind = np.where((spacing > 27) & (pick > FARM), "farm", kind)
    kind = np.where(row, "row", kind)
    return np.where(house.peak_w > 10_000, "hall", kind)


SIZES = {  # mean and spread of the long and the short side, metres
    "detached": (12.6, 1.7, 9.8, 1.0),
    "semi": (14.8, 1.4, 10.0, 0.8),
    "multi": (19.5, 2.6, 12.2, 0.9),
    "farm": (18.5, 3.0, 10.8, 1.1),
    "row": (7.0, 0.0, 10.8, 0.4),
    "hall": (46.0, 4.0, 26.0, 2.0),
}


def _draw_sizes(kind: np.ndarray, spacing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    rng = stream("house sizes")
    table = np.array([SIZES[k] for k in kind])
    long = table[:, 0] + table[:, 1] * np.clip(rng.standard_normal(len(kind)), -2, 2)
    short = table[:, 2] + table[:, 3] * np.clip(rng.standard_normal(len(kind)), -2, 2)
    long = np.where(kind == "row", np.clip(spacing - ROW_GAP, 4.6, 9.2), long)
    room = np.clip(spacing - HOUSE_GAP, 6.5, 60.0)
    return np.where(kind == "row", long, np.minimum(long, room)), short


def _azimuths(base: Base, streets: Streets, row: np.ndarray, along_row: np.ndarray) -> np.ndarray:
    """Azimuth of the long side: along the street, or gable to the street, by street."""
    rng = stream("house azimuths")
    jitter = np.clip(rng.standard_normal(len(base.house)), -2, 2) * 1.2
    own = rng.random(len(base.house))
    result = np.empty(len(base.house))
    for i, (x, y) in enumerate(base.house[["x", "y"]].to_numpy()):
        point = Point(x, y)
        azimuth = streets.azimuth(point)
        gable_street = (hash_of(streets.nearest(point)) % 100) < 34
        across = gable_street if own[i] < AS_THE_STREET else not gable_street
        result[i] = (azimuth + (90.0 if across else 0.0) + jitter[i]) % 180.0
    return np.where(row, along_row, result)


def hash_of(line: LineString) -> int:
    """A number that stays the same for one street line from run to run."""
    x, y = line.interpolate(0.5, normalized=True).coords[0]
    return int(stream(f"street {round(x / 60)} {round(y / 60)}").integers(0, 10_000))


def _shapes(xy: np.ndarray, long: np.ndarray, short: np.ndarray, az: np.ndarray) -> list[Polygon]:
    rows = zip(xy[:, 0], xy[:, 1], long, short, az, strict=True)
    return [rectangle(x, y, a, b, t) for x, y, a, b, t in rows]


def _pairs(shapes: list[Polygon], gap: float) -> np.ndarray:
    first, second = STRtree(shapes).query(shapes, predicate="dwithin", distance=gap)
    return np.stack([first, second], axis=1)[first < second]


class Crowd:
    """Footprints that are shrunk and pushed until each has its room.

    Parameters
    ----------
    xy : ndarray
        Middle points; changed while settling.
    long, short, azimuth : ndarray
        Sides in metres and direction of the long side in degrees.
    row : ndarray of bool
        Row houses keep their place and may nearly touch.
    """

    def __init__(
        self,
        xy: np.ndarray,
        long: np.ndarray,
        short: np.ndarray,
        azimuth: np.ndarray,
        row: np.ndarray,
    ) -> None:
        self.home = xy.copy()
        self.xy, self.long, self.short, self.azimuth, self.row = xy, long, short, azimuth, row

    def _leave_street(self, streets: Streets, shapes: list[Polygon], turn: int) -> int:
        hit = 0
        for i, polygon in enumerate(shapes):
            way = streets.push(polygon, ROW_CLEARANCE if self.row[i] else STREET_CLEARANCE)
            if way is None:
                continue
            hit += 1
            step = self.xy[i] + 0.5 * way
            if np.hypot(*(step - self.home[i])) <= MAX_SHIFT:
                self.xy[i] = step
            if turn % 3 == 2:
                self._shrink(i)
        return hit

    def _shrink(self, i: int) -> None:
        if self.long[i] > LEAST_SIDE and not self.row[i]:
            self.long[i] *= 0.965
        self.short[i] *= 0.965 if self.short[i] > LEAST_SIDE else 0.995
        if self.long[i] <= LEAST_SIDE or self.row[i]:
            self.long[i] *= 0.992

    def _part(self, shapes: list[Polygon], turn: int) -> int:
        pairs = _pairs(shapes, HOUSE_GAP)
        hit = 0
        for i, j in pairs:
            both_row = self.row[i] and self.row[j]
            if both_row and shapes[i].distance(shapes[j]) > ROW_GAP * 0.5:
                continue
            hit += 1
            apart = self.xy[j] - self.xy[i]
            apart /= max(float(np.hypot(*apart)), 0.1)
            for k, way in ((i, -apart), (j, apart)):
                step = self.xy[k] + 0.25 * way
                if np.hypot(*(step - self.home[k])) <= MAX_SHIFT:
                    self.xy[k] = step
                if turn % 2 == 1:
                    self._shrink(k)
        return hit

    def settle(self, streets: Streets) -> list[Polygon]:
        """Push and shrink until nothing is too close; the footprints."""
        for turn in range(ROUNDS):
            shapes = _shapes(self.xy, self.long, self.short, self.azimuth)
            left = self._leave_street(streets, shapes, turn)
            shapes = _shapes(self.xy, self.long, self.short, self.azimuth)
            if not left + self._part(shapes, turn):
                break
        shapes = _shapes(self.xy, self.long, self.short, self.azimuth)
        for _ in range(200):
            close = {int(k) for pair in _pairs(shapes, 0.02) for k in pair}
            if not close:
                break
            for k in close:
                self.long[k] *= 0.97
                self.short[k] *= 0.97
            shapes = _shapes(self.xy, self.long, self.short, self.azimuth)
        return shapes


STOREYS = {
    "detached": (0.62, 0.38, 0.0),
    "semi": (0.1, 0.9, 0.0),
    "multi": (0.0, 0.45, 0.55),
    "farm": (0.4, 0.6, 0.0),
    "row": (0.0, 0.85, 0.15),
    "hall": (1.0, 0.0, 0.0),
}


def _roofs(table: pd.DataFrame) -> pd.DataFrame:
    """Storeys, eaves, ridge, roof form of every house."""
    rng = stream("house roofs")
    pick = rng.random((len(table), 4))
    share = np.cumsum([STOREYS[k] for k in table.type], axis=1)
    storeys = 1 + (pick[:, :1] > share[:, :2]).sum(axis=1)
    hall = (table.type == "hall").to_numpy()
    eaves = np.where(hall, 6.2, 0.55 + 2.75 * storeys + 0.6 * (storeys == 1) * pick[:, 1])
    hip = (table.type.isin(["detached", "multi"])).to_numpy() & (pick[:, 2] < HIP)
    flat = hall | ((table.type.isin(["detached", "multi"])).to_numpy() & (pick[:, 2] > FLAT))
    pitch = np.where(hip, 26 + 8 * pick[:, 3], 36 + 12 * pick[:, 3])
    rise = np.tan(np.radians(pitch)) * np.minimum(table.short, table.long) / 2
    rise = np.where(table.type == "row", np.tan(np.radians(pitch)) * table.short / 2, rise)
    table["storeys"] = storeys
    table["eaves_m"] = eaves.round(2)
    table["ridge_m"] = np.where(flat, eaves + 0.3, eaves + np.minimum(rise, 6.2)).round(2)
    table["roof"] = np.where(flat, "flat", np.where(hip, "hip", "gable"))
    return table


def make_houses(base: Base) -> pd.DataFrame:
    """One building per household connection of the research grid.

    Returns
    -------
    DataFrame
        ``id``, ``bus``, ``geometry``, ``type``, ``long``, ``short``, ``ridge_deg``, heights,
        ``roof``, in the order of ``base.house``.
    """
    xy = base.house[["x", "y"]].to_numpy().copy()
    streets = Streets(base.streets)
    spacing = cKDTree(xy).query(xy, k=2)[0][:, 1]
    row, along_row = _rows(xy)
    kind = _draw_types(base.house, spacing, row)
    long, short = _draw_sizes(kind, spacing)
    azimuth = _azimuths(base, streets, row, along_row)
    kiosks = [
        LineString([(x - 1, y), (x + 1, y)])
        for x, y in zip(base.trafo.x, base.trafo.y, strict=True)
    ]
    shapes = Crowd(xy, long, short, azimuth, row).settle(Streets([*base.streets, *kiosks]))
    table = pd.DataFrame(
        {
            "id": "B_" + base.house.name.str.removeprefix("HH_"),
            "bus": base.house.bus,
            "geometry": shapes,
            "type": kind,
            "long": long,
            "short": short,
            "ridge_deg": np.where((long >= short) | row, azimuth, azimuth + 90.0) % 180.0,
        }
    )
    return _roofs(table)
