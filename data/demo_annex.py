"""Garages, barns and sheds beside the houses, and paved yards: buildings without any device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from shapely import Point, Polygon, STRtree, get_parts, unary_union

from demo_base import azimuth_of, rectangle, stream, unit

if TYPE_CHECKING:
    from demo_houses import Streets

KINDS = {  # along, across, eaves, ridge, roof
    "garage": (6.4, 3.2, 2.6, 2.6, "flat"),
    "double_garage": (6.4, 6.0, 2.5, 4.3, "gable"),
    "barn": (17.0, 10.5, 4.6, 8.6, "gable"),
    "shed": (3.4, 2.6, 2.1, 3.0, "shed"),
}
WITH_BARN, TWO_CARS, WITH_GARAGE, WITH_SHED, HALF = 0.75, 0.08, 0.42, 0.13, 0.5
STREET_ROOM = {"garage": 4.6, "double_garage": 4.6, "barn": 6.0, "shed": 6.0}


class Plots:
    """Keeps the ground that is already built on."""

    def __init__(self, built: list[Polygon], streets: Streets) -> None:
        self._built, self._new, self._streets = STRtree(built), [], streets
        self._all = list(built)

    def take(self, shape: Polygon, gap: float, street_room: float) -> bool:
        """Take the ground if it is free; whether it was."""
        if self._streets.push(shape, street_room) is not None:
            return False
        if len(self._built.query(shape, predicate="dwithin", distance=gap)):
            return False
        if any(shape.distance(other) < gap for other in self._new[-60:]):
            return False
        self._new.append(shape)
        if len(self._new) >= 60:
            self._all += self._new
            self._built, self._new = STRtree(self._all), []
        return True


def _wishes(rng: np.random.Generator, kind: str) -> list[str]:
    draw = rng.random()
    if kind == "farm":
        return ["barn", "shed"] if draw < WITH_BARN else ["double_garage"]
    if kind in ("row", "hall"):
        return []
    wishes = ["double_garage"] if draw < TWO_CARS else ["garage"] if draw < WITH_GARAGE else []
    return [*wishes, "shed"] if rng.random() < WITH_SHED else wishes


def _places(
    house: tuple, size: tuple[float, float], front: float, behind: bool, rng: np.random.Generator
) -> list[tuple[float, float, float]]:
    """Candidate middles and azimuths beside (garage) or behind (barn, shed) a house."""
    x, y, width, depth = house
    forward, side = unit(front), unit(front + 90)
    flip = 1 if rng.random() < HALF else -1
    found = []
    for gap in (0.5, 1.2, 2.2, 3.4):
        for sign in (flip, -flip):
            for shift in (0.0, 1.6, -1.6):
                if behind:
                    at = -forward * (depth / 2 + size[0] / 2 + 1.5 + 1.5 * gap)
                    at = at + side * sign * (width * 0.22 + shift)
                else:
                    at = side * sign * (width / 2 + size[1] / 2 + gap)
                    at = at + forward * (depth / 2 - size[0] / 2 + 0.6 + shift)
                found.append((x + at[0], y + at[1], front))
    return found


def make_annexes(houses: pd.DataFrame, others: list[Polygon], streets: Streets) -> pd.DataFrame:
    """Annexes in free ground beside and behind the houses.

    Parameters
    ----------
    houses : DataFrame
        The houses with ``geometry``, ``long``, ``short``, ``ridge_deg``, ``type``.
    others : list of Polygon
        Special buildings and sites to keep clear of.
    streets : Streets
        For the side that faces the street.
    """
    rng, rows = stream("annexes"), []
    plots = Plots([*houses.geometry, *others], streets)
    for house in houses.itertuples():
        middle = house.geometry.centroid
        line = streets.nearest(middle)
        foot = line.interpolate(line.project(middle))
        to_street = azimuth_of(foot.x - middle.x, foot.y - middle.y)
        axes = (house.ridge_deg + np.array([0, 90, 180, 270])) % 360
        k = int(np.argmin(np.abs((axes - to_street + 180) % 360 - 180)))
        along, across = sorted((house.long, house.short), reverse=True)
        width, depth = (across, along) if k % 2 == 0 else (along, across)
        for kind in _wishes(rng, house.type):
            size = KINDS[kind]
            spots = _places(
                (middle.x, middle.y, width, depth),
                size[:2],
                float(axes[k]),
                kind in ("barn", "shed"),
                rng,
            )
            for x, y, azimuth in spots:
                shape = rectangle(x, y, size[0], size[1], azimuth)
                if plots.take(shape, 0.4, STREET_ROOM[kind]):
                    rows.append(_annex(len(rows), kind, shape, azimuth))
                    break
    return pd.DataFrame(rows)


def _annex(number: int, kind: str, shape: Polygon, azimuth: float) -> dict:
    along, across, eaves, ridge, roof = KINDS[kind]
    label = {
        "garage": ("Garage", "车库"),
        "double_garage": ("Garage", "车库"),
        "barn": ("Barn", "谷仓"),
        "shed": ("Shed", "棚屋"),
    }[kind]
    return {
        "id": f"A_{number:04d}",
        "geometry": shape,
        "name": f"{label[0]} {number + 1}",
        "name_zh": f"{label[1]} {number + 1}",
        "use": "annex",
        "type": kind,
        "storeys": 1,
        "eaves_m": eaves,
        "ridge_m": ridge,
        "roof": roof,
        "ridge_deg": round(azimuth % 180, 1),
        "floor_area_m2": round(along * across * 0.9, 0),
        "pv_kwp": 0.0,
        "heat_pump": False,
        "households": 0,
        "origin": "generated",
    }


YARD = {
    "factory": 16.0,
    "data_centre": 9.0,
    "supermarket": 15.0,
    "school": 13.0,
    "clinic": 9.0,
    "sports_hall": 6.0,
    "hardware": 6.0,
    "inn": 4.0,
}


def make_yards(specials: pd.DataFrame, houses: pd.DataFrame, roads: pd.DataFrame) -> list[Polygon]:
    """Paved ground around the larger special buildings; it lies upon the settlement area."""
    lanes = [r.geometry.buffer(r.width_m / 2 + 0.5) for r in roads.itertuples()]
    fixed = [h.buffer(3.0, join_style="mitre") for h in houses.geometry]
    tree, yards = STRtree([*lanes, *fixed]), []
    blocks, taken = [*lanes, *fixed], Polygon()
    for row in specials.itertuples():
        margin = YARD.get(row.special.id)
        if margin is None:
            continue
        yard = row.geometry.buffer(margin, join_style="mitre")
        near = unary_union([blocks[i] for i in tree.query(yard, predicate="intersects")])
        yard = yard.difference(near).difference(taken)
        middle = Point(row.x, row.y)
        part = min(get_parts(yard), key=middle.distance)
        yards.append(part.simplify(0.3))
        taken = unary_union([taken, part.buffer(0.5)])
    return yards
