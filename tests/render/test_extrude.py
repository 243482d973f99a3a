"""Bodies in one pass: the triangles that the patient way makes, the areas that shapely finds."""

from collections.abc import Iterator

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.render.conftest import box, layer, polygons, twin
from tests.render.test_earclip import courts
from twinview import kernels
from twinview.model.geometry import Geometry, offsets
from twinview.model.twin import Layer
from twinview.render import making
from twinview.render.meshes import extrude, footplan, houses
from twinview.render.meshes.ground import Occlusion
from twinview.render.meshes.mesh import Mesh, checked

ROOFS = ["flat", "gable", "hip", "shed", None, "no such"]


def plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serve what is compiled by the same loops as Python runs them."""
    for one in (footplan.plan, extrude.fill):
        monkeypatch.setattr(one, "_fast", one.loop)


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    plainly(monkeypatch)


def town(shapes: list[list[shapely.Polygon]], **columns: object) -> Layer:
    """Return buildings of one or more polygons each."""
    flat = [one for some in shapes for one in some]
    rings = [np.array(ring.coords)[:-1] for one in flat for ring in (one.exterior, *one.interiors)]
    points = np.concatenate(rings)
    geometry = Geometry(
        "polygon",
        np.column_stack([points, np.arange(len(points)) % 7 * 0.25]),
        offsets([len(ring) for ring in rings]),
        offsets([1 + len(one.interiors) for one in flat]),
        offsets([len(some) for some in shapes]),
    )
    return layer("building", geometry, **columns)


def faces(mesh: Mesh, cut: list[int]) -> np.ndarray:
    """Return the triangles that are seen, each from its least corner on, in one order.

    Of each: element, and place and light of its corners, rounded to what a float holds. The level
    roofs of some elements, which may be cut in many ways, are left out.
    """
    corner = np.column_stack([mesh.points, mesh.shade]).astype(np.float64)[mesh.triangles]
    cross = np.cross(corner[:, 1, :3] - corner[:, 0, :3], corner[:, 2, :3] - corner[:, 0, :3])
    keep = np.linalg.norm(cross, axis=1) > 1e-6
    keep &= ~(np.isin(mesh.element[mesh.triangles[:, 0]], cut) & (np.ptp(corner[:, :, 2], 1) == 0))
    corner, element = np.round(corner[keep], 3) + 0.0, mesh.element[mesh.triangles[keep, 0]]
    found = []
    for own, three in zip(element, corner, strict=True):
        least = min(range(3), key=lambda k: tuple(three[k]))
        found.append((own, *np.roll(three, -least, axis=0).ravel()))
    return np.array(sorted(found))


def lines(mesh: Mesh) -> np.ndarray:
    """Return the edges in one order, whichever end comes first."""
    ends = np.round(mesh.points[mesh.edges].astype(np.float64), 3) + 0.0
    return np.array(sorted(sorted(map(tuple, pair)) for pair in ends.tolist()))


def roofs(mesh: Mesh, elements: int) -> tuple[np.ndarray, np.ndarray]:
    """Return area and volume over the level 0 of the roofs of each element, seen from above."""
    a, b, c = (mesh.points[mesh.triangles[:, k]].astype(np.float64) for k in range(3))
    upward = np.cross(b - a, c - a)[:, 2] / 2
    element, roof = mesh.element[mesh.triangles[:, 0]], upward > 0
    height = (a + b + c)[:, 2] / 3
    return tuple(
        np.bincount(element[roof], (upward * weight)[roof], elements)
        for weight in (np.ones_like(height), height)
    )


def both(one: Layer, chart: Occlusion | None = None) -> tuple[Mesh, Mesh]:
    """Return the buildings in one pass, with what that leaves out, and the patient way."""
    quick = making._bodies(one, houses.figures(one), np.arange(len(one)), chart)
    return checked(quick), checked(houses.mesh(one, chart))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_areas_and_volumes_are_those_of_the_polygons(plain: None, data: st.DataObject) -> None:
    shapes = data.draw(st.lists(st.lists(courts(), min_size=1, max_size=2), max_size=4, min_size=1))
    flat = [
        [shapely.affinity.translate(one, 400.0 * k, 300.0 * n) for k, one in enumerate(some)]
        for n, some in enumerate(shapes)
    ]
    one = town(flat, height_m=[float(5 + k) for k in range(len(flat))])
    quick, slow = both(one)
    areas = [sum(shape.area for shape in some) for some in flat]
    found, volume = roofs(quick, len(flat))
    # Single numbers in the mesh: the areas before they are rounded are checked to 1e-9.
    np.testing.assert_allclose(found, areas, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(volume, roofs(slow, len(flat))[1], rtol=1e-4, atol=1e-2)
    np.testing.assert_array_equal(lines(quick), lines(slow))
    walls = [np.abs(np.round(one.shade, 5)).sum() for one in (quick, slow)]
    assert walls[0] == pytest.approx(walls[1])


def blocks() -> Layer:
    """Return buildings with four corners and all roofs, turned all ways, courts and odd rings."""
    rng = np.random.default_rng(4)
    shapes: list[list[shapely.Polygon]] = []
    for k in range(48):
        wide, deep, turn = *rng.uniform(4, 20, 2), rng.uniform(0, 360)
        one = shapely.affinity.rotate(shapely.box(0, 0, wide, deep), turn)
        if k % 5 == 0:  # a corner that is none
            one = shapely.segmentize(one, 3.0)
        shapes.append([shapely.affinity.translate(one, 40.0 * (k % 8), 40.0 * (k // 8))])
    court = shapely.box(0, 0, 30, 20).difference(shapely.box(5, 5, 9, 9))
    ell = shapely.Polygon([(0, 0), (20, 0), (20, 8), (8, 8), (8, 25), (0, 25)])
    shapes += [[shapely.affinity.translate(one, 0, -60)] for one in (court, ell)]
    shapes.append([shapely.box(100, -60, 110, -50), shapely.box(120, -60, 128, -40)])
    n = len(shapes)
    return town(
        shapes,
        height_m=rng.uniform(4, 20, n).tolist(),
        ridge_m=[None if k % 4 == 0 else 25.0 for k in range(n)],
        roof=[ROOFS[k % len(ROOFS)] for k in range(n)],
        ridge_deg=[None if k % 3 == 0 else float(rng.uniform(0, 360)) for k in range(n)],
    )


def chart_of(one: Layer) -> Occlusion:
    """Return the map of what stands near."""
    made = making.shadows(twin(one))
    assert made is not None
    return made


def test_every_roof_wall_and_light_is_that_of_the_patient_way(plain: None) -> None:
    one = blocks()
    chart = chart_of(one)
    for map_ in (None, chart):
        quick, slow = both(one, map_)
        np.testing.assert_allclose(faces(quick, [48, 49]), faces(slow, [48, 49]), atol=2e-3)
        np.testing.assert_allclose(lines(quick), lines(slow), atol=2e-3)


ODD = [
    [[(0, 0), (10, 10), (10, 0), (0, 10)]],  # crosses itself
    [[(0, 0), (1, 1), (2, 2)]],  # a line
    [[(0, 0), (5, 0)]],
    [[(0, 0), (8, 0), (8, 0), (8, 6), (0, 6), (0, 0)]],  # a corner twice, and the first again
    [[(0, 0), (8, 0), (np.nan, 6), (0, 6)]],
    [[(0, 0), (9, 0), (9, 9), (0, 9)], [(2, 2), (4, 2), (4, 4)], [(3, 3), (5, 3), (5, 5), (3, 5)]],
    [[(0, 0), (9, 0), (9, 9), (0, 9)], [(2, 2), (3, 2)]],  # a hole that is none
    [[(0, 0), (0, 9), (9, 9), (9, 0)], [(2, 2), (2, 4), (4, 4)]],  # both the wrong way round
    [[(np.cos(a) * 30, np.sin(a) * 30) for a in np.arange(500) * 2 * np.pi / 500]],
]


@pytest.mark.parametrize("ring", ODD, ids=range(len(ODD)))
def test_odd_rings_come_out_as_the_patient_way_has_them(plain: None, ring: list) -> None:
    one = layer("building", polygons([box(40, 0), ring, box(60, 0)]), height_m=[5.0, 7.0, 9.0])
    quick, slow = both(one)
    found, expected = roofs(quick, 3), roofs(slow, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(lines(quick), lines(slow))


def test_only_odd_rings_are_left_to_the_patient_way(plain: None) -> None:
    one = layer("building", polygons([box(40, 0), *ODD]), height_m=[5.0] * 10)
    rows = np.arange(10)
    _mesh, left = extrude.bodies(one.geometry, houses.figures(one), rows, None)
    assert left.tolist() == [1, 5, 6, 9]
    _mesh, left = extrude.bodies(one.geometry, houses.figures(one), rows[[0, 4, 8]], None)
    assert left.tolist() == []


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the machine code serve."""
    monkeypatch.setattr(kernels, "_all", [footplan.plan, extrude.fill])
    monkeypatch.delenv(kernels.SWITCH, raising=False)
    kernels.wait()
    yield
    footplan.plan._fast = extrude.fill._fast = None


def test_machine_code_makes_the_same_and_serves_the_parts(compiled: None, monkeypatch) -> None:
    assert extrude.ready()
    one = blocks()
    chart = chart_of(one)
    (part,) = making.parts(one, chart)
    plainly(monkeypatch)
    (plain,) = making.parts(one, chart)
    for name in ("triangles", "element", "edges"):
        np.testing.assert_array_equal(getattr(part.mesh, name), getattr(plain.mesh, name))
    np.testing.assert_allclose(part.mesh.points, plain.mesh.points, rtol=1e-6)
    np.testing.assert_allclose(part.mesh.shade, plain.mesh.shade, rtol=1e-6)
