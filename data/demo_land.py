"""Roads from the cable routes, and the land around: settlement, fields, woods, water, trees."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree
from shapely import (
    LineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    STRtree,
    get_parts,
    prepare,
    unary_union,
    voronoi_polygons,
)
from shapely.affinity import rotate
from shapely.geometry import box
from shapely.ops import linemerge

from demo_base import Base, azimuth_of, stream, unit

MARGIN = 620.0
EXITS = [  # main roads that leave the village, and tracks to the outlying sites
    ("main", [(416650, 5367815), (416480, 5367880), (416230, 5367915), (415990, 5367985)]),
    ("main", [(417708, 5366706), (417745, 5366560), (417742, 5366350), (417785, 5366087)]),
    ("main", [(417520, 5368352), (417545, 5368520), (417520, 5368720), (417556, 5369011)]),
    ("main", [(418668, 5367486), (418820, 5367470), (419050, 5367500), (419415, 5367457)]),
    ("track", [(416906, 5367465), (416888, 5367440), (416850, 5367330), (416717, 5367209)]),
    ("track", [(418168, 5368208), (418330, 5368240), (418480, 5368215), (418630, 5368172)]),
    ("track", [(418088, 5367192), (418180, 5367110), (418270, 5367010), (418305, 5366985)]),
    ("track", [(418618, 5367470), (418560, 5367560), (418520, 5367640)]),
]
WIDTH = {"main": 7.5, "street": 5.5, "lane": 4.0, "track": 3.2}
TWIN = 11.5  # two cables closer than this lie in one street
THINNED, HALF = 0.25, 0.5
BESIDE = 17.0
REACH = 23.0  # a dead end this close to a street is taken to meet it
JOINED = 0.05
SHORTEST, MAIN_SHARE = 9.0, 0.7
LAKE = (416330.0, 5367470.0)


def _join(line: LineString, network: list[LineString]) -> LineString:
    """A street piece whose ends reach the streets they nearly touch."""
    points = list(line.coords)
    for end in (0, -1):
        tip = Point(points[end])
        near = min(network, key=tip.distance, default=None)
        if near is not None and JOINED < tip.distance(near) < TWIN + 3.0:
            foot = near.interpolate(near.project(tip))
            points.insert(0, (foot.x, foot.y)) if end == 0 else points.append((foot.x, foot.y))
    return LineString(points)


def _is_double(line: LineString, network: list[LineString]) -> bool:
    """Whether all of a line runs close beside the streets there are."""
    near = [n for n in network if n.distance(line) < BESIDE]
    if not near:
        return False
    beside = unary_union([n.buffer(BESIDE) for n in near])
    return bool(line.length > BESIDE and line.difference(beside).length < 0.12 * line.length)


def _close_gaps(lines: list[LineString]) -> list[LineString]:
    """Extend dead ends to a street that lies straight ahead."""
    result = list(lines)
    for i, line in enumerate(lines):
        others = [o for k, o in enumerate(result) if k != i and o.distance(line) < REACH]
        points = list(line.coords)
        for end, before in ((0, 1), (-1, -2)):
            tip, ahead = Point(points[end]), np.subtract(points[end], points[before])
            near = min(others, key=tip.distance, default=None)
            if near is None or not JOINED < tip.distance(near) < REACH:
                continue
            foot = near.interpolate(near.project(tip))
            way = np.array([foot.x - tip.x, foot.y - tip.y])
            if way @ ahead > 0.3 * np.hypot(*way) * np.hypot(*ahead):
                points.insert(0, (foot.x, foot.y)) if end == 0 else points.append((foot.x, foot.y))
        result[i] = LineString(points)
    return result


def _main_streets(base: Base) -> Polygon:
    """A corridor that holds the through roads, to tell them from the lanes."""
    spine = [
        [
            (416650, 5367815),
            (416900, 5367790),
            (417180, 5367680),
            (417400, 5367610),
            (417650, 5367600),
            (417850, 5367590),
        ],
        [(417850, 5367590), (417800, 5367340), (417500, 5367320)],
        [(417500, 5367320), (417900, 5367340), (418390, 5367345), (418668, 5367486)],
        [
            (417850, 5367590),
            (417830, 5367720),
            (417760, 5367980),
            (417690, 5368090),
            (417590, 5368340),
        ],
        [(417500, 5367320), (417490, 5367020), (417690, 5366830), (417708, 5366706)],
    ]
    return unary_union([LineString(s).buffer(28) for s in spine])


def make_roads(base: Base) -> pd.DataFrame:
    """Streets along the cable routes without their parallel doubles, plus roads out of town.

    Returns
    -------
    DataFrame
        ``id``, ``geometry``, ``kind``, ``width_m``, ``origin``.
    """
    merged = linemerge(unary_union(base.streets))
    pieces = sorted(get_parts(merged), key=lambda g: (-g.length, g.bounds))
    kept: list[LineString] = []
    for piece in pieces:
        mask = unary_union([k.buffer(TWIN) for k in kept if k.distance(piece) < TWIN])
        for rest in get_parts(piece.difference(mask)):
            if rest.length > SHORTEST and not _is_double(rest, kept):
                kept.append(_join(rest, kept))
    kept = _close_gaps(kept)
    corridor = _main_streets(base)
    rows = []
    for line in kept:
        inside = line.intersection(corridor).length / line.length
        kind = "main" if inside > MAIN_SHARE else "street"
        kind = "lane" if kind == "street" and line.length < 60 else kind
        rows.append((line.simplify(0.15), kind, "model"))
    rows += [(_curve(points), kind, "generated") for kind, points in EXITS]
    return pd.DataFrame(
        [
            {"id": f"R_{i:04d}", "geometry": g, "kind": k, "width_m": WIDTH[k], "origin": o}
            for i, (g, k, o) in enumerate(rows)
        ]
    )


def _curve(points: list[tuple[float, float]]) -> LineString:
    """A smooth line through a few points (Chaikin, three rounds)."""
    xy = np.array(points, dtype=float)
    for _ in range(3):
        quarter = 0.75 * xy[:-1] + 0.25 * xy[1:]
        three = 0.25 * xy[:-1] + 0.75 * xy[1:]
        xy = np.vstack([xy[:1], np.stack([quarter, three], 1).reshape(-1, 2), xy[-1:]])
    return LineString(xy.round(2))


def settlement_of(shapes: list[Polygon]) -> Polygon:
    """The built-up area: houses grown together, rounded off."""
    grown = unary_union([s.buffer(36) for s in shapes]).buffer(34).buffer(-52).buffer(14)
    parts = [Polygon(p.exterior) for p in get_parts(grown) if p.area > 2500]
    return unary_union(parts).simplify(1.5)


def _fields(area: Polygon, blocked: Polygon) -> list[Polygon]:
    """Blocks cut into strips, with field tracks left between them."""
    rng = stream("fields")
    x1, y1, x2, y2 = area.bounds
    seeds = MultiPoint(np.c_[rng.uniform(x1, x2, 52), rng.uniform(y1, y2, 52)])
    strips = []
    for cell in get_parts(voronoi_polygons(seeds, extend_to=area)):
        block = cell.intersection(area).buffer(-4.0)
        if block.is_empty:
            continue
        turn, middle = float(rng.uniform(0, 180)), block.centroid
        flat = rotate(block, turn, origin=middle)
        left, low, right, high = flat.bounds
        cuts = np.linspace(low, high, max(2, round((high - low) / rng.uniform(55, 110))) + 1)
        for a, b in itertools.pairwise(cuts):
            strip = flat.intersection(box(left, a + 0.7, right, b - 0.7))
            back = rotate(strip, -turn, origin=middle)
            strips.append(back.difference(blocked) if back.intersects(blocked) else back)
    parts = [p for s in strips for p in get_parts(s) if p.geom_type == "Polygon"]
    return [p.simplify(0.5) for p in parts if p.area > 900 and p.buffer(-7).area > 0]


def _blob(x: float, y: float, radius: float, name: str, stretch: float = 1.0) -> Polygon:
    rng = stream(name)
    angle = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    wave = sum(rng.uniform(-0.16, 0.16) * np.cos(k * angle + rng.uniform(0, 6)) for k in (2, 3, 5))
    r = radius * (1 + wave)
    return Polygon(np.c_[x + stretch * r * np.sin(angle), y + r * np.cos(angle)].round(1))


def _brook() -> Polygon:
    line = _curve(
        [
            (415960, 5367180),
            (416420, 5366860),
            (416900, 5366900),
            (417300, 5366640),
            (417420, 5366400),
            (417560, 5366060),
        ]
    )
    return line.buffer(4.5, quad_segs=3).simplify(0.4)


CHINESE = {"settlement": "村庄", "field": "农田", "wood": "树林", "yard": "场地", "water": "水域"}
WOODS = [
    (418900, 5368700, 300, 1.2),
    (416300, 5368600, 250, 1.3),
    (418700, 5366500, 300, 1.1),
    (416650, 5366480, 190, 1.2),
    (418020, 5368760, 110, 1.5),
    (419120, 5367890, 140, 0.8),
]


def make_places(
    base: Base, roads: pd.DataFrame, built: list[Polygon], sites: pd.DataFrame, yards: list[Polygon]
) -> pd.DataFrame:
    """Settlement, fields, woods and water around the village; none of them overlap."""
    area = box(*MultiPoint(base.house[["x", "y"]].to_numpy()).buffer(MARGIN).bounds)
    settlement = settlement_of(built)
    water = [_blob(*LAKE, 120, "lake", 1.25), _brook()]
    wide = unary_union([r.geometry.buffer(r.width_m / 2 + 2.5) for r in roads.itertuples()])
    wood = unary_union([_blob(x, y, r, f"wood {i}", s) for i, (x, y, r, s) in enumerate(WOODS)])
    plots = [s for s, k in zip(sites.geometry, sites.kind, strict=True) if k != "panel_row"]
    keep_out = unary_union(
        [
            settlement,
            wide,
            *[w.buffer(9) for w in water],
            *[s.buffer(6) for s in plots],
            *[y.buffer(3) for y in yards],
        ]
    )
    wood = wood.intersection(area).difference(keep_out)
    blocked = unary_union([keep_out, wood.buffer(4)]).buffer(0.8).simplify(0.5)
    prepare(blocked)
    water = [w.intersection(area).difference(settlement) for w in water]
    water[1] = water[1].difference(water[0])
    groups = {
        "settlement": list(get_parts(settlement)),
        "field": _fields(area, blocked),
        "wood": [w for w in get_parts(wood) if w.area > 1500],
        "yard": yards,
        "water": [p for w in water for p in get_parts(w)],
    }
    rows = []
    for kind, shapes in groups.items():
        for i, shape in enumerate(shapes):
            rows.append(
                {
                    "id": f"{kind}_{i:03d}",
                    "kind": kind,
                    "geometry": shape,
                    "name": f"{kind.capitalize()} {i + 1}",
                    "name_zh": f"{CHINESE[kind]} {i + 1}",
                    "origin": "generated",
                }
            )
    return pd.DataFrame(rows)


def _road_trees(roads: pd.DataFrame, rng: np.random.Generator) -> list[tuple[float, float, str]]:
    found = []
    for road in roads.itertuples():
        line, gap = road.geometry, {"main": 17.0, "track": 46.0}.get(road.kind, 24.0)
        lined = rng.random() < (0.85 if road.kind == "main" else 0.5)
        for at in np.arange(gap / 2, line.length, gap):
            if not lined or rng.random() < THINNED:
                continue
            a, b = line.interpolate(at), line.interpolate(min(at + 1, line.length))
            side = unit(azimuth_of(b.x - a.x, b.y - a.y) + (90 if rng.random() < HALF else -90))
            off = road.width_m / 2 + rng.uniform(2.0, 2.8)
            found.append((a.x + side[0] * off, a.y + side[1] * off, "street"))
    return found


def _scatter(
    shape: Polygon | MultiPolygon, n: int, rng: np.random.Generator, kind: str
) -> list[tuple[float, float, str]]:
    x1, y1, x2, y2 = shape.bounds
    found: list[tuple[float, float, str]] = []
    while len(found) < n:
        for x, y in zip(rng.uniform(x1, x2, n), rng.uniform(y1, y2, n), strict=True):
            if shape.contains(Point(x, y)):
                found.append((x, y, kind))
    return found[:n]


def make_trees(
    roads: pd.DataFrame, places: pd.DataFrame, built: list[Polygon], sites: pd.DataFrame
) -> pd.DataFrame:
    """Trees along roads, in gardens, woods and by the water, clear of walls and carriageways."""
    rng = stream("trees")
    shape = {k: unary_union(list(g.geometry)) for k, g in places.groupby("kind")}
    wished = _road_trees(roads, rng)
    wished += _scatter(shape["settlement"], 1900, rng, "garden")
    wished += _scatter(shape["wood"], 780, rng, "wood")
    wished += _scatter(
        shape["water"].buffer(7).difference(shape["water"].buffer(2.5)), 120, rng, "bank"
    )
    walls = STRtree([*built, *sites.geometry])
    lanes = STRtree([r.geometry.buffer(r.width_m / 2) for r in roads.itertuples()])
    water = STRtree(list(get_parts(shape["water"])))
    taken, rows = cKDTree(np.array([w[:2] for w in wished])), []
    dropped: set[int] = set()
    for i, (x, y, kind) in enumerate(wished):
        height = {"garden": 5.5, "street": 8.0, "wood": 15.0, "bank": 10.0}[kind]
        height *= float(np.clip(1 + 0.25 * rng.standard_normal(), 0.55, 1.5))
        crown = height * (0.30 if kind == "wood" else 0.27) * float(rng.uniform(0.85, 1.15))
        point = Point(x, y)
        blocked = len(walls.query(point, "dwithin", distance=crown * 0.8 + 0.6))
        blocked += len(lanes.query(point, "dwithin", distance=1.1))
        blocked += len(water.query(point, "dwithin", distance=1.0))
        close = [j for j in taken.query_ball_point((x, y), 4.2) if j < i and j not in dropped]
        if blocked or close:
            dropped.add(i)
            continue
        rows.append(
            {
                "id": f"tree_{len(rows):04d}",
                "geometry": Point(round(x, 2), round(y, 2)),
                "height_m": round(height, 1),
                "crown_m": round(crown, 1),
                "kind": kind,
                "origin": "generated",
            }
        )
    return pd.DataFrame(rows)
