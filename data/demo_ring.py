"""The 20 kV ring: in which order it joins the stations and how it runs along the roads."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from scipy.spatial import cKDTree
from shapely import LineString, Point, STRtree

if TYPE_CHECKING:
    import pandas as pd
    from shapely.geometry import Polygon

STEP = 5.0
LINK = 7.5
OFF_ROAD = 3.0
OFFSET = 1.4


class Ways:
    """Shortest ways along the roads between any two places."""

    def __init__(self, roads: list[LineString], houses: list[Polygon]) -> None:
        self.graph = nx.Graph()
        self._houses = STRtree(houses)
        xy: list[tuple[float, float]] = []
        for road in roads:
            points = list(road.segmentize(STEP).coords)
            first = len(xy)
            xy += points
            for k in range(first, len(xy) - 1):
                length = float(np.hypot(*np.subtract(xy[k], xy[k + 1])))
                self.graph.add_edge(k, k + 1, weight=length)
        self.xy = np.array(xy)
        self._tree = cKDTree(self.xy)
        for a, b in self._tree.query_pairs(LINK):
            if not self.graph.has_edge(a, b):
                gap = float(np.hypot(*(self.xy[a] - self.xy[b])))
                self.graph.add_edge(a, b, weight=1.3 * gap + 0.5)
        self._join_parts()

    def _cost(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        line = LineString([a, b])
        walls = len(self._houses.query(line, predicate="intersects"))
        return OFF_ROAD * line.length + 150.0 * walls

    def _join_parts(self) -> None:
        parts = sorted(nx.connected_components(self.graph), key=len, reverse=True)
        main = np.array(sorted(parts[0]))
        tree = cKDTree(self.xy[main])
        for part in parts[1:]:
            own = np.array(sorted(part))
            gap, hit = tree.query(self.xy[own])
            k = int(np.argmin(gap))
            a, b = int(own[k]), int(main[hit[k]])
            self.graph.add_edge(a, b, weight=self._cost(tuple(self.xy[a]), tuple(self.xy[b])))

    def add_stop(self, name: str, x: float, y: float) -> None:
        """Join a place to the roads around it by straight pieces."""
        for k in self._tree.query((x, y), k=60)[1]:
            cost = self._cost((x, y), tuple(self.xy[k]))
            self.graph.add_edge(name, int(k), weight=cost)

    def way(self, a: str, b: str, at: dict[str, tuple[float, float]]) -> list[tuple[float, float]]:
        """Points of the shortest way, shifted a little to the side of the road."""
        nodes = nx.shortest_path(self.graph, a, b, weight="weight")
        inner = [tuple(self.xy[n]) for n in nodes if not isinstance(n, str)]
        points = [at[a], *inner, at[b]]
        line = LineString(points).simplify(1.6)
        aside = line.offset_curve(OFFSET, join_style="mitre", mitre_limit=2.0)
        if aside.geom_type == "LineString" and len(aside.coords) >= 2:
            coords = list(aside.coords)
            if Point(coords[0]).distance(Point(at[a])) > Point(coords[-1]).distance(Point(at[a])):
                coords.reverse()
            points = [at[a], *coords, at[b]]
        else:
            points = list(line.coords)
        return [(round(float(x), 2), round(float(y), 2)) for x, y in points]


def _tour_length(order: list[int], d: np.ndarray) -> float:
    return float(sum(d[a, b] for a, b in zip(order, [*order[1:], order[0]], strict=True)))


def shortest_tour(d: np.ndarray) -> list[int]:
    """A closed tour through all places, begun at the first: nearest neighbour and 2-opt."""
    best: list[int] = []
    for start in range(len(d)):
        order, rest = [start], set(range(len(d))) - {start}
        while rest:
            nearest = min(sorted(rest), key=lambda j: d[order[-1], j])
            order.append(nearest)
            rest.remove(nearest)
        better = True
        while better:
            better = False
            for i in range(1, len(order) - 1):
                for j in range(i + 1, len(order)):
                    trial = order[:i] + order[i : j + 1][::-1] + order[j + 1 :]
                    if _tour_length(trial, d) < _tour_length(order, d) - 1e-6:
                        order, better = trial, True
        if not best or _tour_length(order, d) < _tour_length(best, d) - 1e-6:
            best = order
    at = best.index(0)
    return best[at:] + best[:at]


def make_ring(ways: Ways, stops: pd.DataFrame) -> list[dict]:
    """Cables of the ring, in order, open where the two halves carry about the same.

    Parameters
    ----------
    ways : Ways
        The roads; the stops are joined to them here.
    stops : DataFrame
        ``name``, ``x``, ``y``, ``weight`` (mean load in W); the first is the substation.
    """
    at = {r.name: (r.x, r.y) for r in stops.itertuples(index=False)}
    names = list(stops.name)
    for name in names:
        ways.add_stop(name, *at[name])
    lengths = [nx.single_source_dijkstra_path_length(ways.graph, n, weight="weight") for n in names]
    d = np.array([[row[m] for m in names] for row in lengths])
    order = shortest_tour(d)
    weight = np.abs(stops.weight.to_numpy())[order]
    half = int(np.argmin(np.abs(np.cumsum(weight) - weight.sum() / 2)))
    closed = [*order, order[0]]
    cables = []
    for k, (a, b) in enumerate(itertools.pairwise(closed)):
        route = ways.way(names[a], names[b], at)
        cables.append(
            {
                "from": names[a],
                "to": names[b],
                "route": route,
                "open": k == half,
                "length_m": LineString(route).length,
                "name": f"MV_{k + 1:02d}",
            }
        )
    return cables
