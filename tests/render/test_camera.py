"""Cameras keep the horizon level, stay above the ground and do what they are told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.render.conftest import layer, twin, village
from twinview.model.geometry import points
from twinview.render import camera as eyes
from twinview.scene.view import Camera

SIZE = (640, 400)
numbers = st.floats(-3000, 3000)
poses = st.builds(
    eyes.Pose,
    st.tuples(numbers, numbers, st.floats(0, 200)),
    st.floats(0, 359.9),
    st.floats(eyes.LOWEST + 0.1, eyes.HIGHEST - 0.2),
    st.floats(20, 20_000),
)


def angle(a: float, b: float) -> float:
    return abs((a - b + 180) % 360 - 180)


@given(poses)
def test_a_pose_and_its_camera_say_the_same(pose: eyes.Pose) -> None:
    back = eyes.pose(eyes.at(pose))
    assert back.focus == pose.focus
    assert back.distance == pytest.approx(pose.distance, rel=1e-6)
    assert back.elevation == pytest.approx(pose.elevation, abs=1e-4)
    assert angle(back.bearing, pose.bearing) < 1e-3


@given(poses, st.floats(-720, 720), st.floats(-200, 200))
def test_orbiting_keeps_focus_distance_and_bounds(
    pose: eyes.Pose, turn: float, tilt: float
) -> None:
    found = eyes.pose(eyes.orbit(eyes.at(pose), turn, tilt))
    assert found.focus == pose.focus
    assert found.distance == pytest.approx(pose.distance, rel=1e-6)
    assert eyes.LOWEST - 1e-6 <= found.elevation <= eyes.HIGHEST + 1e-6
    assert angle(found.bearing, pose.bearing + turn) < 1e-2


@given(poses, st.floats(-500, 500), st.floats(-500, 500))
def test_panning_moves_along_the_ground(pose: eyes.Pose, dx: float, dy: float) -> None:
    before = eyes.at(pose)
    after = eyes.pan(before, dx, dy)
    moved = np.subtract(after.focus, before.focus)
    assert moved[2] == pytest.approx(0, abs=1e-6)
    assert np.hypot(*moved[:2]) == pytest.approx(np.hypot(dx, dy), abs=1e-6)
    right, _, _ = eyes.axes(before)
    assert moved @ right == pytest.approx(dx, abs=1e-6)


@given(poses, st.floats(0.2, 5), st.floats(0.1, 0.9), st.floats(0.55, 0.95))
def test_zooming_keeps_the_point_under_the_pointer(
    pose: eyes.Pose, factor: float, across: float, down: float
) -> None:
    before = eyes.at(pose)
    start, direction = eyes.ray(before, SIZE, across * SIZE[0], down * SIZE[1])
    place = start + direction * (pose.focus[2] - start[2]) / direction[2]
    if np.linalg.norm(place - start) > 10 * pose.distance:
        return
    after = eyes.zoom(before, factor, tuple(place))
    seen = eyes.project(np.array([place]), after, SIZE)[0]
    assert seen[0] == pytest.approx(across * SIZE[0], abs=0.5)
    assert seen[1] == pytest.approx(down * SIZE[1], abs=0.5)


@given(poses, st.floats(0, 640), st.floats(0, 400), st.floats(1, 5000))
def test_rays_and_projection_are_inverse(pose: eyes.Pose, x: float, y: float, far: float) -> None:
    camera = eyes.at(pose)
    start, direction = eyes.ray(camera, SIZE, x, y)
    seen = eyes.project((start + direction * far)[None], camera, SIZE)[0]
    assert seen[:2] == pytest.approx([x, y], abs=1e-2)
    assert seen[2] > 0
    assert eyes.project((start - direction * far)[None], camera, SIZE)[0, 2] < 0


@given(poses)
def test_the_horizon_is_level(pose: eyes.Pose) -> None:
    right, up, forward = eyes.axes(eyes.at(pose))
    assert right[2] == pytest.approx(0, abs=1e-9)
    assert up[2] > 0
    for one, two in ((right, up), (up, forward), (forward, right)):
        assert one @ two == pytest.approx(0, abs=1e-6)


@given(poses, poses, st.floats(0, 1))
def test_the_way_between_two_cameras(a: eyes.Pose, b: eyes.Pose, t: float) -> None:
    one, two = eyes.at(a), eyes.at(b)
    assert eyes.between(one, two, 0) == one
    assert eyes.between(one, two, 1) == two
    on_the_way = eyes.pose(eyes.between(one, two, t))
    low, high = sorted([a.distance, b.distance])
    assert low * 0.999 <= on_the_way.distance <= high * 1.001
    assert on_the_way.elevation >= eyes.LOWEST - 1e-6


@pytest.mark.parametrize("aspect", [1.0, 1.6, 2.4])
def test_the_first_view_shows_all_buildings_and_fills_the_frame(aspect: float) -> None:
    one = village(49)
    size = (round(400 * aspect), 400)
    assert one.geometry is not None
    roofs = (
        one.geometry.coords
        + [0.0, 0.0, 1.0] * one.numbers("height_m", 0.0)[one.geometry.element_of_point, None]
    )
    corners = np.concatenate([one.geometry.coords, roofs])
    seen = eyes.project(corners, eyes.fit(twin(one), aspect), size)
    assert (seen[:, 2] > 0).all()
    assert (seen[:, :2] >= 0).all()
    assert (seen[:, :2] <= np.array(size)).all()
    spans = np.ptp(seen[:, :2], axis=0) / size
    assert spans.max() > 0.65


@pytest.mark.parametrize("name", list(eyes.STANDARD))
def test_named_views_show_all(name: str) -> None:
    one = village(25)
    assert one.geometry is not None
    camera = eyes.standard(twin(one), name, 1.6)
    seen = eyes.project(one.geometry.centres, camera, SIZE)
    assert (seen[:, :2] >= -1).all()
    assert (seen[:, :2] <= np.array(SIZE) + 1).all()
    assert angle(eyes.pose(camera).bearing, eyes.STANDARD[name][0]) < 1


def test_other_names_are_refused() -> None:
    with pytest.raises(ValueError, match="top, north"):
        eyes.standard(twin(village()), "below")


def test_framing_a_selection_keeps_the_direction() -> None:
    camera = eyes.fit(twin(village(49)))
    found = eyes.frame(np.array([[10.0, 10, 0], [14, 12, 9]]), camera)
    assert eyes.pose(found).bearing == pytest.approx(eyes.pose(camera).bearing)
    assert eyes.pose(found).distance < eyes.pose(camera).distance
    assert found.focus == pytest.approx((12, 11, 4.5))
    assert eyes.frame(np.full((2, 3), np.nan), camera) == camera


def test_an_empty_district_has_a_view() -> None:
    camera = eyes.fit(twin())
    assert np.isfinite(camera.position).all()


def test_a_pixel_at_the_focus() -> None:
    camera = Camera((0.0, -100.0, 0.0), (0.0, 0.0, 0.0))
    seen = eyes.project(np.array([[0.0, 0, 0], [1.0, 0, 0]]), camera, SIZE)
    assert 1 / eyes.metres_per_pixel(camera, SIZE[1]) == pytest.approx(seen[1, 0] - seen[0, 0])


def test_a_whole_state_fits_into_the_frame():
    places = np.array([[x, y, 0.0] for x in (0.0, 8e5) for y in (0.0, 1.1e6)])
    state = twin(layer("other", points(places)))
    camera = eyes.fit(state, 1.6)
    seen = eyes.project(places, camera, (1600, 1000))
    assert ((seen[:, 0] >= 0) & (seen[:, 0] <= 1600)).all()
    assert ((seen[:, 1] >= 0) & (seen[:, 1] <= 1000)).all()


@given(poses, st.floats(-90, 90), st.floats(-20, 20), st.floats(0.2, 0.8), st.floats(0.4, 0.9))
def test_an_orbit_about_a_point_keeps_it_where_it_is(
    pose: eyes.Pose, turn: float, lift: float, across: float, down: float
) -> None:
    before = eyes.at(pose)
    x, y = across * SIZE[0], down * SIZE[1]
    start, direction = eyes.ray(before, SIZE, x, y)
    share = (pose.focus[2] - start[2]) / direction[2]
    if not 0 < share < 5 * pose.distance:
        return
    place = tuple(float(value) for value in start + direction * share)
    after = eyes.orbit(before, turn, lift, around=place)
    assert eyes.project(np.array([place]), after, SIZE)[0, :2] == pytest.approx([x, y], abs=0.5)
    found = eyes.pose(after)
    assert after.position[2] > pose.focus[2]
    assert after.focus[2] == pytest.approx(pose.focus[2], abs=1e-6)
    assert eyes.LOWEST - 1e-2 <= found.elevation <= eyes.HIGHEST + 1e-2
    right, up, _ = eyes.axes(after)
    assert right[2] == pytest.approx(0, abs=1e-9)
    assert up[2] > 0


@given(poses)
def test_a_parallel_view_is_as_large_and_shows_equal_things_equally_large(
    pose: eyes.Pose,
) -> None:
    usual = eyes.at(pose)
    flat = eyes.parallel(usual, on=True)
    assert eyes.is_parallel(flat)
    assert not eyes.is_parallel(usual)
    size = eyes.metres_per_pixel(usual, 400)
    assert eyes.metres_per_pixel(flat, 400) == pytest.approx(size, rel=1e-6)
    # A staff of ten pixels, half the picture nearer to the eye and at the centre.
    right, _, forward = eyes.axes(flat)
    near = np.asarray(flat.focus) - forward * size * 200
    ends = np.stack([at + right * size * 10 * k for at in (near, flat.focus) for k in (0, 1)])
    seen = eyes.project(ends, flat, SIZE)[:, 0]
    assert seen[1] - seen[0] == pytest.approx(10, abs=0.1)
    assert seen[3] - seen[2] == pytest.approx(10, abs=1e-3)
    back = eyes.parallel(flat, on=False)
    assert back.position == pytest.approx(usual.position, rel=1e-6, abs=1e-3)


def test_everything_is_shown_but_what_lies_astray_comes_only_on_demand() -> None:
    near = np.column_stack([np.arange(40.0) * 5, np.zeros(40), np.zeros(40)])
    lost = np.array([[90_000.0, 0.0, 0.0]])
    one = twin(layer("site", points(np.concatenate([near, lost]))))
    first, whole = eyes.fit(one), eyes.fit(one, strays=True)
    inside = [(eyes.project(near, c, SIZE)[:, 0] >= 0).all() for c in (first, whole)]
    assert inside == [True, True]
    assert eyes.pose(first).distance < 2000
    assert 0 <= eyes.project(lost, whole, SIZE)[0, 0] <= SIZE[0]
    assert eyes.has_strays(one)
    assert not eyes.has_strays(twin(layer("site", points(near))))


def test_the_outermost_of_very_many_corners_is_shown() -> None:
    """Two in a hundred used to be left out."""
    grid = np.stack(np.meshgrid(np.arange(300.0), np.arange(300.0)), axis=-1).reshape(-1, 2) * 3
    tip = np.array([[1300.0, 450.0]])
    places = np.column_stack([np.concatenate([grid, tip]), np.zeros(90_001)])
    camera = eyes.fit(twin(layer("site", points(places))))
    seen = eyes.project(places, camera, SIZE)[:, :2]
    assert (seen >= 0).all()
    assert (seen <= np.array(SIZE)).all()
