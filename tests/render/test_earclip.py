"""Triangles of many polygons at once: the loop that is compiled and the library give one area."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from twinview.model.geometry import Geometry, offsets
from twinview.render.meshes import earclip, polygons


def geometry(shapes: list[shapely.Polygon]) -> Geometry:
    """Return polygons as flat arrays."""
    rings = [np.array(ring.coords)[:-1] for s in shapes for ring in (s.exterior, *s.interiors)]
    flat = np.concatenate(rings)
    parts = offsets([1 + len(s.interiors) for s in shapes])
    one = np.arange(len(shapes) + 1, dtype=np.int32)
    coords = np.column_stack([flat, np.zeros(len(flat))])
    return Geometry("polygon", coords, offsets([len(r) for r in rings]), parts, one)


def areas(points: np.ndarray, triangles: np.ndarray, owner: np.ndarray, n: int) -> np.ndarray:
    """Return the signed area of the triangles of each polygon."""
    a, b, c = (points[triangles[:, k], :2] for k in range(3))
    cross = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    assert (cross > -1e-9).all()
    return np.bincount(owner, cross / 2, minlength=n)


@st.composite
def courts(draw: st.DrawFn) -> shapely.Polygon:
    """Return a star with up to four courts, all apart from each other."""
    n = draw(st.integers(3, 20))
    radii = draw(st.lists(st.floats(20, 60), min_size=n, max_size=n))
    angle = np.arange(n) * 2 * np.pi / n
    star = shapely.Polygon(
        [(r * np.cos(a), r * np.sin(a)) for r, a in zip(radii, angle, strict=True)]
    )
    for k in range(draw(st.integers(0, 4))):
        x, y = (2 * k - 3.0, draw(st.floats(-5, 5)))
        size = draw(st.floats(0.1, 0.9))
        hole = shapely.Polygon([(x, y), (x + size, y + 0.1), (x + size / 2, y + 2 * size)])
        if star.contains_properly(hole):
            star = star.difference(hole)
    return star


TOUCHED = shapely.Polygon([(20, 0), (0, -20), (-20, 0), (0, 20)])


@pytest.mark.parametrize("way", [earclip._loop, earclip._plain])
@settings(max_examples=80)
@example([TOUCHED.difference(shapely.Polygon([(-2.5, 0), (-3, 0.1), (-2.75, 1)]))])
@given(st.lists(courts(), min_size=1, max_size=4))
def test_triangles_have_the_area_of_their_polygon(way, shapes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(earclip, "_batch", way)
        done = polygons.cut(polygons.rings(geometry(shapes)))
    found = areas(done.points, done.triangles, done.part, len(shapes))
    assert found == pytest.approx([shape.area for shape in shapes], rel=1e-9)


def test_the_loop_seldom_needs_mending() -> None:
    rng = np.random.default_rng(7)
    shapes = []
    for _ in range(300):
        angle = np.arange(n := rng.integers(5, 20)) * 2 * np.pi / n
        radii = rng.uniform(20, 60, n)
        star = shapely.Polygon(np.column_stack([radii * np.cos(angle), radii * np.sin(angle)]))
        for x, y, size in rng.uniform([-6, -6, 0.1], [6, 6, 0.9], (rng.integers(0, 5), 3)):
            hole = shapely.Polygon([(x, y), (x + size, y + 0.1), (x + size / 2, y + 2 * size)])
            star = star.difference(hole) if star.contains_properly(hole) else star
        shapes.append(star)
    one = polygons.rings(geometry(shapes))
    first = np.searchsorted(one.part, np.arange(len(shapes) + 1))
    parts = np.arange(len(shapes))
    room = earclip.rooms(one.starts, first, parts)
    made = np.zeros((int(room[-1]), 3), dtype=np.int64)
    earclip._loop(one.points[:, :2].copy(), one.starts, first, parts, room, made)
    found = areas(one.points, made, np.repeat(parts, np.diff(room)), len(shapes))
    right = np.isclose(found, [shape.area for shape in shapes], rtol=1e-9)
    assert right.mean() > 0.98


def test_what_the_batch_cannot_cut_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    court = shapely.box(20, 0, 30, 10).difference(shapely.box(22, 2, 24, 4))
    monkeypatch.setattr(earclip, "_batch", earclip._loop)
    done = polygons.cut(polygons.rings(geometry([bow, court])))
    found = areas(done.points, done.triangles, done.part, 2)
    assert found == pytest.approx([50.0, 96.0], rel=1e-9)


def test_a_polygon_far_from_the_origin_is_measured_as_finely() -> None:
    shape = shapely.box(0, 0, 8, 4).difference(shapely.box(1, 1, 2, 2))
    far = shapely.affinity.translate(shape, 2.0**25, 2.0**24)
    done = polygons.cut(polygons.rings(geometry([shape, far])))
    assert areas(done.points, done.triangles, done.part, 2) == pytest.approx([31.0, 31.0], rel=1e-9)
