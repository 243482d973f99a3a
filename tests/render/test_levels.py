"""Which tiles are in the picture, how finely they are drawn, and how fast that has to be."""

from itertools import product

import numpy as np
import pytest

from twinview.render import camera as eyes
from twinview.render import levels
from twinview.render.meshes import boxes
from twinview.render.meshes.mesh import build, join
from twinview.render.pace import BUDGET_MS, MANY, QUALITIES, Pace, at_first


def cameras(count: int) -> list:
    rng = np.random.default_rng(4)
    return [
        eyes.at(
            eyes.Pose(
                (*rng.uniform(-300, 300, 2), 0.0),
                rng.uniform(0, 360),
                rng.uniform(5, 89),
                rng.uniform(20, 900),
            )
        )
        for _ in range(count)
    ]


def test_nothing_that_is_in_the_picture_is_left_away():
    rng = np.random.default_rng(1)
    low = rng.uniform(-800, 800, (400, 3)) * [1, 1, 0.02]
    high = low + rng.uniform(1, 120, (400, 3))
    inside = low[:, None] + (high - low)[:, None] * rng.uniform(0, 1, (400, 300, 3))
    some_away = 0
    for camera in cameras(25):
        kept = levels.in_view(levels.frustum(camera, 1.6), low, high)
        x, y, depth = eyes.project(inside.reshape(-1, 3), camera, (1600, 1000)).T
        seen = (depth > 0) & (x >= 0) & (x <= 1600) & (y >= 0) & (y <= 1000)
        assert kept[seen.reshape(400, 300).any(axis=1)].all()
        some_away += int((~kept).sum())
    assert some_away > 1000


def test_culling_equals_all_corners_against_all_planes():
    rng = np.random.default_rng(2)
    low = rng.uniform(-500, 500, (300, 3))
    high = low + rng.uniform(1, 90, (300, 3))
    ends = np.stack([low, high])
    for camera in cameras(20):
        planes = levels.frustum(camera, 1.3)
        expected = []
        for k in range(300):
            corners = np.array(
                [[ends[c[i], k, i] for i in range(3)] for c in product((0, 1), repeat=3)]
            )
            expected.append(all((corners @ p[:3] + p[3] >= 0).any() for p in planes))
        assert (levels.in_view(planes, low, high) == expected).all()


def test_the_size_of_an_element_is_that_of_the_projection():
    camera = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, 89.9, 500.0))
    low, high = np.array([[-6.0, -6, -0.1]]), np.array([[6.0, 6, 0]])
    ends = eyes.project(np.array([[-6.0, 0, 0], [6, 0, 0]]), camera, (1600, 1000))
    found = levels.sizes(camera, 1000, low, high, np.array([12.0]))
    assert found[0] == pytest.approx(ends[1, 0] - ends[0, 0], rel=1e-3)


def test_levels_follow_the_size_and_stay_near_a_bound():
    size = np.array([30.0, 10.0, 3.0, 1.5, 0.3])
    for before in range(levels.COARSEST + 1):
        assert levels.choose(size, np.full(5, before)).tolist() == [0, 1, 2, 3, 4]
    near = np.array([levels.BOUNDS[0] * 1.1, levels.BOUNDS[0] * 0.9])
    assert levels.choose(near, np.array([0, 0])).tolist() == [0, 0]
    assert levels.choose(near, np.array([1, 1])).tolist() == [1, 1]


def test_a_slow_way_out_and_back_changes_each_level_once():
    away = np.concatenate([np.geomspace(40, 0.2, 400), np.geomspace(0.2, 40, 400)])
    away *= 1 + 0.05 * np.sin(np.arange(800))
    level, changes = np.zeros(1, np.int64), 0
    for size in away:
        now = levels.choose(np.array([size]), level)
        changes += int(now[0] != level[0])
        level = now
    assert changes == 2 * levels.COARSEST


def test_members_of_levels():
    assert [levels.members(k) for k in range(5)] == [1, 1, 4, 16, 64]


# ------------------------------------------------------------------------------------- boxes
def body(element: int, x: float, y: float, a: float, b: float, h: float, turn: float = 0.0):
    corners = np.array([[0.0, 0], [a, 0], [a, b], [0, b]])
    c, s = np.cos(turn), np.sin(turn)
    flat = corners @ np.array([[c, s], [-s, c]]) + [x, y]
    points = np.concatenate([np.c_[flat, np.zeros(4)], np.c_[flat, np.full(4, h)]])
    walls = [
        f
        for k in range(4)
        for f in ((k, (k + 1) % 4, (k + 1) % 4 + 4), (k, (k + 1) % 4 + 4, k + 4))
    ]
    triangles = np.array([*walls, (4, 5, 6), (4, 6, 7)])
    return build(points, triangles, np.full(8, element), np.ones(8))


def test_the_box_of_a_box_is_itself():
    one = boxes.of_bodies(join([body(7, 10, 20, 12, 5, 9, 0.4), body(3, -40, 2, 6, 30, 4, 2.0)]))
    assert one.element.tolist() == [3, 7]
    assert one.area == pytest.approx([180.0, 60.0], rel=1e-5)
    assert one.high - one.low == pytest.approx([4.0, 9.0])
    assert np.sort(one.half, axis=1) * 2 == pytest.approx(np.array([[6, 30], [5, 12]]), rel=1e-5)
    assert abs(one.along[1] @ [np.cos(0.4), np.sin(0.4)]) == pytest.approx(1.0)


def test_blocks_keep_area_volume_and_members():
    rng = np.random.default_rng(3)
    bodies = [body(k, *rng.uniform(0, 400, 2), *rng.uniform(5, 20, 3)) for k in range(50)]
    one = boxes.of_bodies(join(bodies))
    for most in (4, 16, 64):
        made = boxes.grouped(one, most)
        assert sorted(made.rows.tolist()) == list(range(50))
        assert np.diff(made.starts, append=50).max() <= most
        assert made.boxes.area.sum() == pytest.approx(one.area.sum())
        volume = (one.area * (one.high - one.low)).sum()
        tall = made.boxes.high - made.boxes.low
        assert (made.boxes.area * tall).sum() == pytest.approx(volume)


def test_a_block_has_the_mean_colour_of_its_members_by_area():
    one = boxes.of_bodies(join([body(0, 0, 0, 10, 10, 5), body(1, 12, 0, 10, 30, 5)]))
    made = boxes.grouped(one, 4)
    colours = np.array([[0, 100, 255], [200, 100, 55]], np.uint8)[made.rows]
    assert made.mean(colours).tolist() == [[150, 100, 105]]


def test_a_box_has_eight_corners_and_no_floor():
    made = boxes.mesh(boxes.of_bodies(body(0, 0, 0, 10, 10, 5)))
    assert len(made.points) == 8
    assert len(made.triangles) == 10
    a, b, c = (made.points[made.triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    outward = ((a + b + c) / 3 - made.points.mean(axis=0)) * normal
    assert (outward.sum(axis=1) > 0).all()


# -------------------------------------------------------------------------------------- pace
def after(pace: Pace, *costs: float) -> Pace:
    for cost in costs:
        pace = pace.after(cost)
    return pace


def test_slow_frames_are_drawn_less_finely_down_to_a_third_and_no_further():
    scales = [QUALITIES[0].scale]
    pace = Pace()
    for _ in range(6):
        pace = pace.after(BUDGET_MS + 1)
        scales.append(pace.quality.scale)
    assert scales == [1, 1, 2, 3, 3, 3, 3]


def test_room_brings_a_finer_picture_only_after_a_while():
    low = Pace(3)
    assert after(low, *[5.0] * 3).step == 3
    assert after(low, *[5.0] * 4).step == 2
    assert after(low, 5, 5, 5, 30, 5, 5, 5).step == 3


def test_a_trial_that_was_too_slow_is_repeated_later_and_later():
    pace, waits = Pace(3), []
    for _ in range(4):
        waited = 0
        while pace.step == 3:
            pace, waited = pace.after(5.0), waited + 1
        waits.append(waited)
        pace = pace.after(90.0)
    assert waits == [4, 8, 16, 32]


def test_frames_within_the_budget_change_nothing():
    assert after(Pace(1), *[30.0] * 50) == Pace(1)
    assert after(Pace(0), *[1.0] * 50).step == 0


def test_a_large_city_begins_with_levels():
    assert not at_first(MANY - 1).quality.levels
    assert at_first(MANY).quality.levels
    assert "boxes" in at_first(MANY).text()
