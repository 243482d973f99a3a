"""Pictures say what the scene says, and only what changed is changed."""

import gc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.render.conftest import (
    OBLIQUE,
    SIZE,
    TOP,
    Stage,
    box,
    layer,
    paint,
    polygons,
    scene,
    street,
    tank,
    twin,
    village,
)
from twinview.model.geometry import lines, points
from twinview.render import camera as eyes
from twinview.render.meshes import houses
from twinview.scene.paint import State
from twinview.scene.theme import LOOKS, rgb

Maker = Callable[..., Stage]
SIDE = eyes.at(eyes.Pose((0.0, 0.0, 12.0), 0.0, 12.0, 110.0))


def changed(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.abs(a - b).max(axis=2) > 2


def test_a_texel_changes_the_pixels_of_its_element_only(stage: Maker) -> None:
    one = village(9)
    on = stage(twin(one))
    first = paint(one)
    before = on.shot(scene(first))
    colour = first.colour.copy()
    colour[4] = (20, 60, 220)
    moved = changed(before, on.shot(scene(replace(first, colour=colour))))
    assert one.geometry is not None
    corners = one.geometry.coords.reshape(-1, 4, 3)[4]
    low, high = (on.painter.project(corners + np.array([0.0, 0.0, z]))[:, :2] for z in (0, 8))
    both = np.concatenate([low, high])
    x0, y0 = np.floor(both.min(axis=0)).astype(int) - 1
    x1, y1 = np.ceil(both.max(axis=0)).astype(int) + 1
    assert moved[y0:y1, x0:x1].sum() > 30
    moved[y0:y1, x0:x1] = False
    assert not moved.any()


def test_the_same_scene_draws_the_same_picture_and_is_cheap(stage: Maker) -> None:
    one = village(9)
    on = stage(twin(one))
    drawn = scene(paint(one))
    before = on.shot(drawn)
    actors = list(on.painter.renderer.GetViewProps())
    assert not changed(before, on.shot(drawn)).any()
    assert list(on.painter.renderer.GetViewProps()) == actors


def test_a_level_roof_wears_the_colour_of_its_value(stage: Maker) -> None:
    one = village(1)
    shot = stage(twin(one)).shot(scene(paint(one, (201, 87, 47))))
    assert shot[SIZE[1] // 2, SIZE[0] // 2] == pytest.approx([201, 87, 47], abs=2)


def test_what_is_plain_wears_its_own_colours_where_the_paint_has_some(stage: Maker) -> None:
    one = village(1)
    on, middle = stage(twin(one)), (SIZE[1] // 2, SIZE[0] // 2)
    plain = paint(one, (201, 87, 47), int(State.PLAIN))
    assert on.shot(scene(replace(plain, by="use")))[middle] == pytest.approx([201, 87, 47], abs=2)
    clay = rgb(LOOKS["light"].clay)
    assert on.shot(scene(replace(plain)))[middle] == pytest.approx(clay, abs=2)


def test_states_look_different_from_each_other(stage: Maker) -> None:
    one = layer("building", polygons([box(0, 0, 60, 40)]), height_m=[5.0])
    on = stage(twin(one))
    seen = {}
    for state in State:
        shot = on.shot(scene(paint(one, (200, 90, 50), int(state))))
        roof = shot[60:100, 90:150]
        seen[state] = np.array([*roof.mean(axis=(0, 1)), roof[..., 1].std()])
    patterned = [state for state in State if state != State.PLAIN]
    for a in patterned:
        for b in patterned:
            if a < b:
                assert np.abs(seen[a] - seen[b]).max() > 4, f"{a.name} looks like {b.name}"
    assert seen[State.PLAIN][:3] == pytest.approx(rgb(LOOKS["light"].clay), abs=8)
    assert seen[State.VALUE][3] < 2


def test_arrows_turn_with_the_direction(stage: Maker) -> None:
    one = street()
    on = stage(twin(one))
    wide = {"width": np.array([4.0], np.float32)}
    shots = [
        on.shot(scene(paint(one, (60, 130, 210), direction=np.array([d], np.int8), **wide)))
        for d in (1, -1, 0)
    ]
    assert changed(shots[0], shots[2]).sum() > 10
    assert changed(shots[0], shots[1]).sum() > 10
    mirrored = shots[1][:, ::-1]
    assert np.abs(shots[0] - mirrored).mean() < 0.6
    assert changed(shots[0], mirrored).sum() < changed(shots[0], shots[1]).sum() / 2


def test_arrows_move_with_the_phase(stage: Maker) -> None:
    one = street()
    on = stage(twin(one))
    drawn = scene(paint(one, direction=np.array([1], np.int8)))
    before = on.shot(drawn)
    on.painter.flow(0.4)
    assert changed(before, on.shot(drawn)).sum() > 10
    on.painter.flow(1.0)
    assert not changed(before, on.shot(drawn)).any()


def test_arrows_of_more_power_are_ahead_and_all_are_back_in_time(stage: Maker) -> None:
    """Two lines side by side: after one spacing of the slow one the fast one has gone two."""
    rows = [np.array([[-60.0, y], [60.0, y]]) for y in (-12.0, 12.0)]
    one = layer("line", lines(rows), width_m=[4.0, 4.0])
    on = stage(twin(one))
    way = np.array([1, 1], np.int8)
    drawn = scene(paint(one, direction=way, pace=np.array([0.5, 1.0], np.float32)))
    before = on.shot(drawn)
    upper, lower = slice(0, SIZE[1] // 2), slice(SIZE[1] // 2, None)
    on.painter.advance(1.0)
    moved = changed(before, on.shot(drawn))
    # North is on top: the fast one has come to where an arrow was, the slow one halfway.
    assert moved[upper].sum() < 5
    assert moved[lower].sum() > 10
    on.painter.advance(1.0)
    assert changed(before, on.shot(drawn)).sum() < 10
    still = scene(paint(one))
    rest = on.shot(still)
    on.painter.advance(0.3)
    assert not changed(rest, on.shot(still)).any()


def test_lines_shine_through_what_stands_before_them(stage: Maker) -> None:
    houses, line = village(9), street()
    on = stage(twin(houses, line))
    both = (paint(houses, (120, 120, 120)), paint(line, (0, 0, 255)))
    low = eyes.at(eyes.Pose((0.0, 0.0, 4.0), 0.0, 8.0, 90.0))
    hidden = scene(*both, camera=low)
    before = on.shot(hidden)
    through = on.shot(scene(*both, camera=low, through=True))
    # On the front of the middle house, before which the line does not run.
    x, y = on.painter.project(np.array([[0.0, -25.0, 5.0]]))[0, :2].astype(int)
    inside = through[y - 12 : y + 12, x - 4 : x + 4]
    assert (inside[..., 2] > inside[..., 0] + 30).any()
    outside = before[y - 12 : y + 12, x - 4 : x + 4]
    assert not (outside[..., 2] > outside[..., 0] + 30).any()
    assert (on.shot(hidden) == before).all()


def test_lines_are_as_wide_as_told_and_never_vanish(stage: Maker) -> None:
    one = street()
    on = stage(twin(one))
    counts = []
    for width in (2.0, 8.0):
        shot = on.shot(scene(paint(one, (0, 0, 255), width=np.array([width], np.float32))))
        counts.append(int((shot[:, SIZE[0] // 2, 2] > shot[:, SIZE[0] // 2, 0] + 100).sum()))
    per_pixel = on.painter.metres_per_pixel()
    assert counts == pytest.approx([2 / per_pixel, 8 / per_pixel], abs=1.5)
    far = replace(TOP, position=(0.0, -0.4, 4000.0))
    thin = paint(one, (0, 0, 255), width=np.array([0.1], np.float32))
    shot = on.shot(scene(thin, camera=far))
    assert (shot[:, SIZE[0] // 2, 2] > shot[:, SIZE[0] // 2, 0] + 40).any()


def test_what_a_paint_leaves_unsaid_is_not_kept_from_the_one_before(stage: Maker) -> None:
    one = street()
    on = stage(twin(one))
    before = on.shot(scene(paint(one)))
    wide, way = np.array([9.0], np.float32), np.array([1], np.int8)
    assert changed(before, on.shot(scene(paint(one, width=wide, direction=way)))).sum() > 100
    assert not changed(before, on.shot(scene(paint(one)))).any()


def test_stores_fill_up(stage: Maker) -> None:
    one = tank()
    on = stage(twin(one))
    rows = []
    for share in (0.0, 0.25, 0.75, 1.0):
        fill = np.array([share], np.float32)
        shot = on.shot(scene(paint(one, (230, 60, 20), fill=fill), camera=SIDE))
        column = shot[:, SIZE[0] // 2]
        rows.append(int((column[:, 0] > column[:, 2] + 90).sum()))
    assert rows[0] < rows[1] < rows[2] < rows[3]
    high = 28 / on.painter.metres_per_pixel()
    # Not up to the brim, where the rim hides the level.
    assert rows[2] - rows[1] == pytest.approx(0.5 * high, rel=0.12)


def test_hidden_layers_and_layers_without_paint_are_not_drawn(stage: Maker) -> None:
    one = village(9)
    bare = stage(twin(village(9))).shot(scene(hidden=frozenset({"building"})))
    nodes = layer("node", points(np.array([[0.0, 0.0]])))
    on = stage(twin(one, nodes))
    shown = on.shot(scene(paint(one)))
    assert changed(shown, on.shot(scene(hidden=frozenset({"building"})))).sum() > 300
    assert not changed(bare, on.shot(scene(hidden=frozenset({"building"})))).any()
    dot = on.shot(scene(paint(nodes, (255, 0, 0)), hidden=frozenset({"building"})))
    assert changed(bare, dot).sum() > 3


def test_the_dark_theme_is_dark_and_the_way_back_is_exact(stage: Maker) -> None:
    one = village(9)
    world = twin(one)
    on = stage(world)
    light = on.shot(scene(paint(one)))
    on.painter.show(world, "dark")
    dark = on.shot(scene(paint(one), theme="dark"))
    assert dark.mean() < light.mean() / 2
    on.painter.show(world, "light")
    assert not changed(light, on.shot(scene(paint(one)))).any()


def test_what_is_selected_is_outlined_and_then_is_not(stage: Maker) -> None:
    one = village(9)
    on = stage(twin(one))
    before = on.shot(scene(paint(one)))
    accent = np.array(rgb(LOOKS["light"].accent))
    chosen = on.shot(scene(paint(one), selected={"building": np.array([4])}))
    assert (np.abs(chosen - accent).max(axis=2) < 12).sum() > 20
    assert not changed(before, on.shot(scene(paint(one)))).any()


def test_hovering_marks_and_tells_when_to_draw(stage: Maker) -> None:
    one = village(9)
    on = stage(twin(one))
    drawn = scene(paint(one))
    before = on.shot(drawn)
    assert on.painter.hover("building", 4)
    assert not on.painter.hover("building", 4)
    assert changed(before, on.shot(drawn)).sum() > 20
    assert on.painter.hover(None)
    assert not changed(before, on.shot(drawn)).any()


def test_what_is_selected_looks_otherwise_while_it_is_pointed_at(stage: Maker) -> None:
    one = village(9)
    on = stage(twin(one))
    drawn = scene(paint(one), selected={"building": np.array([4])})
    before = on.shot(drawn)
    assert on.painter.hover("building", 4)
    after = on.shot(drawn)
    places = changed(before, after)
    assert places.sum() > 20
    assert after[places].mean() > before[places].mean() + 4


def test_a_pixel_of_another_size_changes_patterns_only(stage: Maker) -> None:
    one = layer("building", polygons([box(0, 0, 60, 40)]), height_m=[5.0])
    on = stage(twin(one))
    drawn = scene(paint(one, state=int(State.MISSING)))
    before = on.shot(drawn)
    on.painter.pixel = 2.0
    after = on.shot(drawn)
    assert changed(before, after).sum() > 100
    assert before[60:100, 90:150].mean() == pytest.approx(after[60:100, 90:150].mean(), abs=4)


def sampled(on: Stage, n: int = 400) -> np.ndarray:
    places = np.random.default_rng(3).uniform(0, 1, (n, 2)) * SIZE
    return np.floor(places) + 0.5


def test_picking_from_above_finds_the_element_whose_colour_is_there(stage: Maker) -> None:
    one = village(49)
    on = stage(twin(one))
    colours = np.random.default_rng(1).permutation(49)[:, None] * 5 + np.array([5, 5, 5])
    colours[:, 0] = 250
    shot = on.shot(scene(paint(one, colours)))
    right = total = 0
    for x, y in sampled(on):
        pixel = shot[int(y), int(x)]
        match = np.flatnonzero(np.abs(colours - pixel).max(axis=1) <= 1)
        if len(match) == 1:
            total += 1
            right += on.painter.pick(x, y) == ("building", f"building{match[0]}", int(match[0]))
    assert total > 40
    assert right / total >= 0.99


def test_picking_at_an_angle_agrees_with_the_geometry(stage: Maker) -> None:
    one = village(49)
    on = stage(twin(one))
    on.shot(scene(paint(one), camera=OBLIQUE))
    made = houses.mesh(one)
    right = total = 0
    for x, y in sampled(on, 150):
        start, direction = eyes.ray(OBLIQUE, SIZE, x, y)
        expected = nearest(made, start, direction)
        found = on.painter.pick(x, y)
        total += 1
        right += (found[2] if found else None) == expected
    assert right / total >= 0.99


def nearest(made: object, start: np.ndarray, direction: np.ndarray) -> int | None:
    """Return the element of the first triangle on a line of sight, by trying all of them."""
    corners = made.points[made.triangles].astype(float)  # type: ignore[attr-defined]
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    p = np.cross(direction, b)
    det = (a * p).sum(axis=1)
    det = np.where(np.abs(det) < 1e-12, np.nan, det)
    to = start - corners[:, 0]
    u = (to * p).sum(axis=1) / det
    q = np.cross(to, a)
    v = (q * direction).sum(axis=1) / det
    t = (b * q).sum(axis=1) / det
    with np.errstate(invalid="ignore"):
        hit = (u >= 0) & (v >= 0) & (u + v <= 1) & (t > 0)
    if not hit.any():
        return None
    first = np.flatnonzero(hit)[np.argmin(t[hit])]
    return int(made.element[made.triangles[first, 0]])  # type: ignore[attr-defined]


def test_lines_are_found_near_the_pointer_and_not_through_houses(stage: Maker) -> None:
    line = street(1.0)
    house = village(1)
    on = stage(twin(line, house))
    on.shot(scene(paint(line), paint(house)))
    beside = on.painter.project(np.array([[30.0, 1.5, 0.0], [30.0, 20.0, 0.0]]))
    found = on.painter.look_at(*beside[0, :2])
    assert found is not None
    assert (found.layer, found.row) == ("line", 0)
    assert on.painter.pick(*beside[1, :2]) is None
    middle = on.painter.project(np.array([[0.0, 0.0, 8.0]]))[0]
    assert on.painter.pick(*middle[:2]) == ("building", "building0", 0)


def test_hidden_things_are_not_picked(stage: Maker) -> None:
    one = village(1)
    on = stage(twin(one))
    on.shot(scene(hidden=frozenset({"building"})))
    assert on.painter.pick(SIZE[0] / 2, SIZE[1] / 2) is None


def test_the_ground_under_the_pointer(stage: Maker) -> None:
    on = stage(twin(village(9)))
    on.shot(scene(camera=OBLIQUE))
    place = np.array([[7.0, -12.0, 0.0]])
    x, y, _ = on.painter.project(place)[0]
    assert on.painter.ground_at(x, y) == pytest.approx(place[0], abs=1e-3)


def test_nothing_harms_an_empty_district(stage: Maker) -> None:
    on = stage(twin())
    on.shot(scene())
    assert on.painter.pick(5, 5) is None


@pytest.mark.usefixtures("no_vtk_leak")
def test_nothing_of_vtk_is_left_after_closing() -> None:
    one, line, store = village(9), street(), tank()
    on = Stage(twin(one, line, store))
    on.shot(scene(paint(one), paint(line), paint(store), selected={"building": np.array([1])}))
    on.painter.pick(20, 20)
    on.close()
    del on
    gc.collect()


@pytest.mark.parametrize("distance", [30.0, 90.0, 400.0, 3000.0])
@pytest.mark.parametrize("elevation", [8.0, 30.0, 85.0])
def test_large_areas_reach_up_to_the_eye(stage: Maker, distance: float, elevation: float) -> None:
    """Areas and lines that begin behind the eye were once cut off in the middle of the picture."""
    field = layer("place", polygons([box(0, 0, 9000, 9000)]), kind=["water"])
    line = layer("line", lines([np.array([[-40.0, -4000.0], [40.0, 4000.0]])]), width_m=[3.0])
    on = stage(twin(field, line))
    camera = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, elevation, distance))
    shot = on.shot(scene(paint(line, (255, 0, 0)), camera=camera))
    water = np.array(rgb(LOOKS["light"].water))
    for x in (10, SIZE[0] - 10):
        for y in (SIZE[1] - 3, SIZE[1] * 3 // 4, SIZE[1] // 2 + 6):
            assert np.abs(shot[y, x] - water).max() < 12, (x, y)
    along = np.array([[-40.0 + 80.0 * t, -4000.0 + 8000.0 * t, 0.0] for t in (0.499, 0.5, 0.501)])
    for x, y, depth in on.painter.project(along):
        if depth > 0 and 0 < x < SIZE[0] and 0 < y < SIZE[1]:
            assert shot[int(y), int(x), 0] > shot[int(y), int(x), 2] + 60
