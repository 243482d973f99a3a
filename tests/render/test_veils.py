"""Filters leave out, opacity lets through, and of what lies on the ground one covers the other."""

from collections import deque
from dataclasses import replace

import numpy as np

from tests.render.conftest import OBLIQUE, box, layer, paint, polygons, scene, street, twin, village
from tests.render.test_painter import changed
from tests.render.test_still import Pair
from twinview.model.geometry import points
from twinview.progress import drain
from twinview.render.reel import Reel
from twinview.render.studio import Studio
from twinview.render.sunshine import reckon
from twinview.scene.view import Camera, Cut

SIZE = (240, 160)


def shot(one, *scenes):
    """Return pictures of scenes as whole numbers that can be subtracted."""
    studio = Studio(SIZE, refined=False)
    try:
        drain(studio.show(one, "light"))
        return [studio.shoot(each).image[..., :3].astype(int) for each in scenes]
    finally:
        studio.close()


def left(some, *rows):
    """Return a paint that leaves some rows out."""
    out = np.zeros(len(some.state), np.bool_)
    out[list(rows)] = True
    return replace(some, out=out)


def test_what_is_left_out_looks_as_if_it_had_never_been_there():
    houses = village(9)
    without = layer("building", houses.geometry.taken(np.arange(8)), height_m=[8.0] * 8)
    whole, gone = shot(twin(houses), scene(paint(houses)), scene(left(paint(houses), 8)))
    bare = shot(twin(without), scene(paint(without)))[0]
    moved = changed(whole, gone)
    assert moved.sum() > 50
    # The ground is as light again; only walls beside it keep the shade that was there.
    off = np.abs(gone - bare).max(axis=2)
    assert np.median(off[moved]) <= 3
    assert (off > 24).sum() < 0.03 * moved.sum()
    again = shot(twin(houses), scene(left(paint(houses), 8)), scene(paint(houses)))[1]
    assert (again == whole).all()


def test_hidden_and_cut_off_things_leave_no_shade_behind():
    houses = village(9)
    gone = scene(hidden=frozenset({"building"}))
    for sun in (None, (30.0, 150.0)):
        hidden = shot(twin(houses), replace(gone, sun=sun))[0]
        # All as light as in the middle, where a house stood; only the settlement ends somewhere.
        middle = hidden[SIZE[1] // 2, SIZE[0] // 2]
        assert np.abs(hidden[40:-40, 60:-60] - middle).max() <= 8
    cut = Cut((0.0, 0.0), 0.0, (-100.0, -10.0), (-100.0, 100.0), (-10.0, 100.0))
    cut_off = shot(twin(houses), scene(paint(houses), cut=cut))[0]
    west, east = cut_off[40:-40, : SIZE[0] // 2], cut_off[40:-40, SIZE[0] // 2 : -60]
    assert np.abs(east - east[0, 0]).max() <= 8
    assert np.ptp(west[..., 0]) > 60  # the row that is left stands in its shade


def test_films_have_the_shade_of_what_is_left_as_pictures_have():
    houses = village(9)
    gone = scene(hidden=frozenset({"building"}))
    for one in (gone, replace(scene(left(paint(houses), 4)), steady=False)):
        reel, studio = Reel(SIZE, 1), Studio(SIZE)
        try:
            for each in (reel, studio):
                drain(each.show(twin(houses), "light"))
            film, picture = (each.shoot(one).image[..., :3].astype(int) for each in (reel, studio))
            # Blue comes first in one of them.
            assert np.abs(film - picture[..., ::-1]).max() <= 2
        finally:
            reel.close()
            studio.close()


def test_a_painter_without_time_wishes_for_the_shade_and_keeps_the_one_before_meanwhile(stage):
    houses = village(9)
    on, sunny = stage(twin(houses), SIZE), {"sun": (30.0, 150.0)}
    for more in ({}, sunny):
        full, one, two = (
            replace(scene(paint(houses) if not rows else left(paint(houses), *rows)), **more)
            for rows in ((), (4,), (4, 5))
        )
        on.painter.unhurried = True
        whole, wanted, other = on.shot(full), on.shot(one), on.shot(two)
        on.shot(full)
        on.painter.unhurried = False
        assert on.painter.lamp.wish is None
        dark = on.shot(replace(one))
        assert changed(dark, wanted).sum() > 50  # the house is gone, its shade is not
        shade = reckon(on.painter.lamp.wish)
        assert on.painter.lamp.take(shade)
        assert not changed(on.shot(replace(one)), wanted).any()
        # While the shade of the next is reckoned, no other one is seen than before.
        between = on.painter.lamp.chart
        on.shot(two)
        assert on.painter.lamp.chart is between
        late = reckon(on.painter.lamp.wish)
        # That is shown no more when it comes: it is dropped, and the whole stands at once.
        assert not changed(on.shot(full), whole).any()
        assert not on.painter.lamp.take(late)
        on.shot(two)
        assert not on.painter.lamp.take(shade)
        assert on.painter.lamp.take(late)
        assert not changed(on.shot(two), other).any()


def test_what_is_left_out_is_not_hit(stage):
    houses = village(1)
    on = stage(twin(houses), SIZE)
    on.shot(scene(paint(houses)))
    middle = (SIZE[0] / 2, SIZE[1] / 2)
    assert on.painter.pick(*middle) == ("building", "building0", 0)
    on.shot(scene(left(paint(houses), 0)))
    assert on.painter.pick(*middle) is None
    cable = street()
    on = stage(twin(cable), SIZE)
    on.shot(scene(paint(cable)))
    assert on.painter.pick(*middle) == ("line", "line0", 0)
    on.shot(scene(left(paint(cable), 0)))
    assert on.painter.pick(*middle) is None


def test_behind_what_is_left_out_the_next_one_is_hit(stage):
    row = layer("building", polygons([box(0, 0), box(0, 20)]), height_m=[8.0, 8.0])
    on = stage(twin(row), SIZE)
    low = Camera((0.0, -60.0, 4.0), (0.0, 0.0, 4.0))
    on.shot(scene(paint(row), camera=low))
    assert on.painter.pick(SIZE[0] / 2, SIZE[1] / 2)[2] == 0
    on.shot(scene(left(paint(row), 0), camera=low))
    assert on.painter.pick(SIZE[0] / 2, SIZE[1] / 2)[2] == 1


def test_a_layer_lets_through_by_its_opacity_and_only_what_is_nearest_is_seen():
    """Half of a body's colour over half of the ground's: walls behind add nothing."""
    houses = village(1)
    clear = replace(scene(paint(houses), camera=OBLIQUE), opacity={"building": 0.5})
    nothing = replace(clear, opacity={"building": 0.0})
    full, half, none = shot(
        twin(houses), scene(paint(houses), camera=OBLIQUE), clear, nothing
    )  # fmt: skip
    body = changed(full, none)
    assert body.sum() > 100
    wanted = (full + none) / 2
    off = np.abs(half - wanted).max(axis=2)
    # Edges lie on walls: where they do, what is beneath them is not seen twice.
    assert np.median(off[body]) <= 1
    assert (off[body] <= 2).mean() > 0.9
    assert (half == none)[~body].all()


def test_lines_are_seen_through_houses_that_let_them_through():
    houses, cable = village(1), street()
    one = twin(houses, cable)
    blue = paint(cable, (0, 0, 255))
    full = scene(paint(houses), blue)
    clear = {"building": 0.3}
    dark = scene(paint(houses), left(blue, 0))
    with_, without = shot(one, replace(full, opacity=clear), replace(dark, opacity=clear))
    middle = changed(with_, without)[SIZE[1] // 2 - 2 : SIZE[1] // 2 + 2, SIZE[0] // 2]
    assert middle.any()


def test_the_upper_of_two_layers_on_the_ground_covers_the_lower():
    area = layer("other", polygons([box(0, 0, 40, 40)]))
    dots = replace(layer("other", points(np.array([[0.0, 0.0]]))), id="dots")
    one = twin(area, dots)
    red, green = paint(area, (220, 30, 30)), paint(dots, (30, 160, 30))
    usual = scene(red, green)
    above = replace(usual, order=("other", "dots"), ranks={"other": 5.0, "dots": 3.0})
    first, second = shot(one, usual, above)
    middle = (SIZE[1] // 2, SIZE[0] // 2)
    assert first[middle][1] > first[middle][0]
    assert second[middle][0] > second[middle][1]


def test_an_area_may_cover_lines_and_lets_them_through():
    area, cable = layer("other", polygons([box(0, 0, 40, 40)])), street()
    red, blue = paint(area, (220, 30, 30)), paint(cable, (30, 30, 220))
    ranks = {"other": 6.0, "line": 3.0}
    usual, above, through = shot(
        twin(area, cable), scene(red, blue), replace(scene(red, blue), ranks=ranks),
        replace(scene(red, blue), ranks=ranks, opacity={"other": 0.5}),
    )  # fmt: skip
    middle = (SIZE[1] // 2, SIZE[0] // 2)
    assert usual[middle][2] > 150
    assert above[middle][2] < 60
    assert 80 < through[middle][2] < 200


def test_a_still_camera_shows_the_same_as_a_whole_drawing():
    houses, cable = village(4), street()
    pair = Pair(twin(houses, cable))
    first = scene(paint(houses), paint(cable, (0, 0, 255)), camera=OBLIQUE)
    other = {**first.paints, "building": paint(houses, 90)}
    pair.rest(first)
    assert not pair.differ(replace(first, paints=other)).any()
    # Another filter and another opacity are drawn anew; afterwards a filter is recoloured again.
    some = {**first.paints, "building": left(paint(houses), 1)}
    assert not pair.differ(replace(first, paints=some), recoloured=False).any()
    pair.rest(replace(first, paints=some))
    same = replace(paint(houses, (9, 99, 199)), out=some["building"].out)
    assert not pair.differ(replace(first, paints={**some, "building": same})).any()
    clear = replace(first, opacity={"building": 0.5})
    assert not pair.differ(clear, recoloured=False).any()
    assert not pair.still.promising
    deque(pair.still.prepare(), maxlen=0)
    assert not pair.differ(replace(clear, paints=other), recoloured=False).any()
    lines = replace(first, opacity={"line": 0.4})
    pair.rest(lines)
    assert not pair.differ(replace(lines, paints=other)).any()


def test_pictures_in_portions_show_the_same(stage):
    houses, cable = village(9), street()
    pair = Pair(twin(houses, cable))
    clear = replace(
        scene(left(paint(houses), 2), paint(cable, (0, 0, 255)), camera=OBLIQUE),
        opacity={"building": 0.4, "line": 0.7},
    )
    for frames in (pair.still, pair.whole):
        frames.painter.draw(clear)
    whole = pair.whole.frame()[..., :3].astype(int)
    parts = deque(pair.still.portions(), maxlen=1)[0]
    assert np.abs(parts[..., :3].astype(int) - whole).max() <= 2
