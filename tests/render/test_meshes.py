"""Meshes hold what the data say: areas, heights, holes; and never an index that is not there."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.render.conftest import box, layer, polygons, village
from twinview.model.geometry import Geometry, lines, offsets, points
from twinview.model.twin import Layer
from twinview.render.meshes import houses, mesh, ribbons, sites, surfaces, tanks, trees
from twinview.render.meshes.ground import occlusion, outlined
from twinview.render.meshes.polygons import cut, rings
from twinview.render.upload import checked


def area(one: mesh.Mesh, level: float | None = None) -> float:
    """Return the area of triangles seen from above, of those at a level where one is given."""
    corners = one.points[one.triangles].astype(float)
    if level is not None:
        corners = corners[np.abs(corners[:, :, 2] - level).max(axis=1) < 1e-3]
    flat = corners[:, :, :2]
    one_, two = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    return float(np.abs(one_[:, 0] * two[:, 1] - one_[:, 1] * two[:, 0]).sum() / 2)


def sound(one: mesh.Mesh) -> mesh.Mesh:
    """Return the mesh after all checks."""
    checked(one)
    assert (one.shade >= 0.2).all()
    assert (one.shade <= 1.1).all()
    return one


@st.composite
def stars(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Return star-shaped rings in any direction of turning."""
    n = draw(st.integers(3, 24))
    radii = draw(st.lists(st.floats(3, 60), min_size=n, max_size=n))
    angle = np.arange(n) * 2 * np.pi / n
    ring = [(float(r * np.cos(a)), float(r * np.sin(a))) for r, a in zip(radii, angle, strict=True)]
    return ring[::-1] if draw(st.booleans()) else ring


@settings(max_examples=60)
@given(st.lists(stars(), min_size=1, max_size=5))
def test_roofs_have_the_area_of_their_footprint(shapes: list[list[tuple[float, float]]]) -> None:
    geometry = polygons([[ring] for ring in shapes])
    done = cut(rings(geometry))
    expected = [shapely.Polygon(ring).area for ring in shapes]
    corners = done.points[done.triangles]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    signed = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    assert (signed > -1e-9).all()
    found = np.bincount(done.part, signed, minlength=len(shapes))
    assert found == pytest.approx(expected, rel=1e-6)


def test_holes_and_many_parts_are_kept() -> None:
    outer, hole = box(0, 0, 40, 40)[0], box(0, 0, 20, 10)[0]
    far = box(100, 0, 10, 10)[0]
    flat = np.array(outer + hole + far)
    geometry = Geometry(
        "polygon",
        np.column_stack([flat, np.zeros(12)]),
        offsets([4, 4, 4]),
        offsets([2, 1]),
        offsets([2]),
    )
    one = layer("building", geometry, height_m=[7.0])
    made = sound(houses.mesh(one))
    expected = 40 * 40 - 20 * 10 + 100
    assert area(made, 7.0) == pytest.approx(expected)
    assert houses.footprint_area(one) == pytest.approx([expected])


def test_a_ring_that_crosses_itself_is_mended() -> None:
    bow = [(0.0, 0.0), (10, 10), (10, 0), (0, 10)]
    made = sound(sites.flat(polygons([[bow]])))
    assert area(made) == pytest.approx(50, rel=1e-6)


@pytest.mark.parametrize(
    "ring",
    [
        [(0.0, 0.0), (1, 1)],
        [(0.0, 0.0), (0, 0), (0, 0), (0, 0)],
        [(0.0, 0.0), (5, 0), (10, 0)],
        [(0.0, 0.0), (float("nan"), 1), (3, 3)],
        [(0.0, 0.0), (10, 0), (10, 0), (10, 10), (0, 10), (0, 0)],
    ],
)
def test_odd_rings_harm_nothing(ring: list[tuple[float, float]]) -> None:
    geometry = polygons([box(50, 50), [ring], box(80, 80)])
    made = sound(houses.mesh(layer("building", geometry, height_m=[5.0] * 3)))
    assert {0, 2} <= set(made.element.tolist())


def test_long_rings_are_thinned() -> None:
    angle = np.linspace(0, 2 * np.pi, 60_001)[:-1]
    ring = list(zip(np.cos(angle) * 100, np.sin(angle) * 100, strict=True))
    done = cut(rings(polygons([[ring]])))
    assert len(done.triangles) < 25_000


def pitched(roof: str, ridge_deg: float = np.nan, a: float = 16, b: float = 8) -> mesh.Mesh:
    geometry = polygons([box(0, 0, a, b)])
    one = layer(
        "building", geometry, eaves_m=[5.0], ridge_m=[9.0], roof=[roof], ridge_deg=[ridge_deg]
    )
    return sound(houses.mesh(one))


def test_a_gable_roof_has_its_ridge_along_the_longer_side() -> None:
    top = pitched("gable").points
    ridge = top[np.isclose(top[:, 2], 9.0)]
    assert np.ptp(ridge[:, 0]) == pytest.approx(16)
    assert np.ptp(ridge[:, 1]) == pytest.approx(0, abs=1e-5)
    assert (top[:, 2] <= 9.0 + 1e-5).all()
    assert area(pitched("gable"), None) == pytest.approx(16 * 8, rel=1e-5)


def test_a_ridge_follows_its_bearing() -> None:
    top = pitched("gable", ridge_deg=2.0).points
    ridge = top[np.isclose(top[:, 2], 9.0)]
    assert np.ptp(ridge[:, 1]) == pytest.approx(8)
    assert np.ptp(ridge[:, 0]) == pytest.approx(0, abs=1e-5)


def test_a_hip_roof_is_drawn_in_at_its_ends() -> None:
    top = pitched("hip").points
    ridge = top[np.isclose(top[:, 2], 9.0)]
    assert np.ptp(ridge[:, 0]) == pytest.approx(8)
    assert area(pitched("hip")) == pytest.approx(16 * 8, rel=1e-5)


def test_a_shed_roof_is_high_on_one_side() -> None:
    top = pitched("shed").points
    assert set(np.round(top[:, 2][top[:, 2] > 1]).tolist()) == {5.0, 9.0}


def test_a_gable_over_an_odd_outline_becomes_level() -> None:
    ell = [(0.0, 0.0), (12, 0), (12, 5), (5, 5), (5, 12), (0, 12)]
    one = layer("building", polygons([[ell]]), eaves_m=[5.0], ridge_m=[8.0], roof=["gable"])
    made = sound(houses.mesh(one))
    assert area(made, 6.0) == pytest.approx(shapely.Polygon(ell).area)


def test_heights_come_from_what_is_there() -> None:
    geometry = polygons([box(0, 0), box(20, 0), box(40, 0), box(60, 0)])
    one = layer("building", geometry, height_m=[12.0, None, None, None], levels=[None, 4, None, 2])
    tall = houses.heights(one)
    assert tall.eaves == pytest.approx([12, 12, houses.USUAL, 6])
    bare = Layer("b", "b", "building", one.attributes.select(["id"]), geometry)
    assert houses.heights(bare).eaves == pytest.approx([houses.USUAL] * 4)


def test_walls_look_outwards() -> None:
    made = houses.mesh(village(4))
    corners = made.points[made.triangles].astype(float)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    middle = corners.mean(axis=1)
    element = made.element[made.triangles[:, 0]]
    centre = village(4).geometry.centres[element] + [0, 0, 4.0]  # type: ignore[union-attr]
    assert ((middle - centre) * normal).sum(axis=1).min() > 0


def cube(flip: bool = False) -> Geometry:
    """Return a unit cube of 10 m given by its faces."""
    p = np.array([[x, y, z] for z in (0, 10) for y in (0, 10) for x in (0, 10)], dtype=float)
    faces = [[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [1, 3, 7, 5], [3, 2, 6, 7], [2, 0, 4, 6]]
    faces = [face[::-1] for face in faces] if flip else faces
    return Geometry(
        "surface", p[np.array(faces).ravel()], offsets([4] * 6), offsets([1] * 6), offsets([6]),
        np.array([1, 3, 2, 2, 2, 2], dtype=np.uint8),
    )  # fmt: skip


def test_faces_of_bodies_are_kept_without_the_ground() -> None:
    made = sound(surfaces.mesh(cube()))
    corners = made.points[made.triangles].astype(float)
    total = (
        np.linalg.norm(
            np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
        ).sum()
        / 2
    )
    assert total == pytest.approx(500, rel=1e-6)
    assert len(made.edges) == 12


def test_a_face_with_a_hole_stands_in_its_plane() -> None:
    outer = np.array([[0, 0, 0], [10, 0, 0], [10, 0, 10], [0, 0, 10]], dtype=float)
    hole = np.array([[2, 0, 2], [2, 0, 8], [8, 0, 8], [8, 0, 2]], dtype=float)
    geometry = Geometry(
        "surface", np.concatenate([outer, hole]), offsets([4, 4]), offsets([2]), offsets([1])
    )
    made = sound(surfaces.mesh(geometry))
    corners = made.points[made.triangles].astype(float)
    sizes = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    assert sizes.sum() / 2 == pytest.approx(100 - 36, rel=1e-6)
    assert np.abs(made.points[:, 1]).max() < 1e-6


def test_ribbons_know_how_far_along_they_are() -> None:
    path = np.array([[0.0, 0], [30, 0], [30, 0], [30, 40]])
    made = sound(ribbons.mesh(lines([path, np.array([[5.0, 5], [5, 5]])])))
    assert set(made.element.tolist()) == {0}
    assert made.extra is not None
    along, half, end = made.extra[:, 6], made.extra[:, 7], made.extra[:, 5]
    assert (along.min(), along.max()) == pytest.approx((-35, 35))
    assert half == pytest.approx(35)
    assert sorted(set(end.tolist())) == [-1, 0, 1]
    mitre = np.linalg.norm(made.extra[:, :2], axis=1)
    assert mitre.max() == pytest.approx(np.sqrt(2), rel=1e-5)


def test_trees_and_tanks_have_their_heights() -> None:
    places = points(np.array([[0.0, 0], [20, 0]]))
    wood = sound(trees.mesh(layer("tree", places, height_m=[4.0, 12.0], crown_m=[2.0, 3.0])))
    for row, height, crown in ((0, 4, 2), (1, 12, 3)):
        own = wood.points[wood.element == row]
        assert own[:, 2].max() == pytest.approx(height)
        assert np.ptp(own[:, 1]) <= 2 * crown + 1e-5
    stores = tanks.tanks(layer("storage", places, energy_wh=[5e5, 8e3]))
    for part in (stores.shell, stores.rims, stores.filling):
        sound(part)
    large = stores.shell.points[stores.shell.element == 0]
    home = stores.shell.points[stores.shell.element == 1]
    assert large[:, 2].max() == pytest.approx(28)
    assert home[:, 2].max() < 2


def test_sites_stand_on_their_place() -> None:
    shapes = [
        box(0, 0, 40, 4),
        box(50, 0, 4, 4),
        box(90, 0, 2, 2),
        box(0, 60, 30, 40),
        box(60, 60, 3, 3),
    ]
    kinds = ["panel_row", "wind_turbine", "mast_5g", "substation", "something"]
    one = layer(
        "site", polygons(shapes), kind=kinds, height_m=[2.2, 100.0, 36.0, 6.5, 4.0],
        tilt_deg=[20.0, None, None, None, None], azimuth_deg=[180.0, None, None, None, None],
        rotor_m=[None, 80.0, None, None, None],
    )  # fmt: skip
    made = sound(sites.solids(one))
    top = [made.points[made.element == row][:, 2].max() for row in range(5)]
    assert top == pytest.approx([2.2, 140, 36, 6.5, 4], rel=0.06)
    panel = made.points[made.element == 0]
    assert panel[panel[:, 1] > 1.9][:, 2].min() > panel[panel[:, 1] < -1.9][:, 2].max()


def test_tiles_share_everything_once() -> None:
    made = houses.mesh(village(100))
    parts = mesh.tiles(made, 100, most=30)
    assert len(parts) >= 4
    assert sum(len(part.triangles) for part in parts) == len(made.triangles)
    assert sum(len(part.edges) for part in parts) == len(made.edges)
    assert sorted({int(e) for part in parts for e in part.element}) == list(range(100))
    assert sum(area(part) for part in parts) == pytest.approx(area(made))
    for part in parts:
        sound(part)


def test_shadows_fall_away_from_the_light_and_fade() -> None:
    outline = np.array(box(0, 0, 20, 20)[0])
    chart = occlusion([outlined(outline, np.array([len(outline)]), np.array([12.0]))])
    assert chart is not None
    where = np.array([[16.0, -12.0], [-16.0, 12.0], [80.0, 80.0]])
    shaded, lit, far = chart.sample(chart.light, where)
    assert shaded < lit
    assert far == pytest.approx(1.0, abs=1e-3)
    assert chart.picture().shape[2] == 3
    assert occlusion([]) is None


def test_a_mesh_with_a_wrong_index_is_refused() -> None:
    good = houses.mesh(village(1))
    with pytest.raises(ValueError, match="outside"):
        checked(mesh.build(good.points, good.triangles + 1000, good.element, good.shade))
    with pytest.raises(ValueError, match="finite"):
        checked(mesh.build(good.points * np.nan, good.triangles, good.element, good.shade))


def test_discs_say_for_each_corner_where_it_grows():
    made = sites.discs(points(np.array([[0.0, 0, 0], [400_000, 900_000, 0]])), 2.0, sides=8)
    assert made.extra is not None
    away = made.points[:, :2] - made.extra[:, :2] * made.extra[:, 2:3]
    np.testing.assert_allclose(away[:8], 0.0, atol=1e-6)
    np.testing.assert_allclose(away[8:], [[400_000, 900_000]] * 8, atol=0.1)
    np.testing.assert_allclose(np.linalg.norm(made.extra[:, :2], axis=1), 1.0, rtol=1e-6)
    assert (made.extra[:, 2] == 2.0).all()
