"""What is outside the box is neither drawn nor found; what is inside is as before."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.render.conftest import Stage, paint, scene, twin, village
from twinview.render import camera as eyes
from twinview.render.cutting import within
from twinview.render.frames import Frames
from twinview.scene.view import Cut

Maker = Callable[..., Stage]
ABOVE = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, 89.0, 160.0))
WEST = Cut((0.0, 0.0), 0.0, (-100.0, -8.0), (-100.0, 100.0), (-10.0, 50.0))
"""Everything more than 8 m west of the middle: of a row of nine houses, one column."""


def seen(on: Stage, picture: np.ndarray, place: tuple[float, float, float]) -> bool:
    """Tell whether the house's own colour is seen where its roof would be."""
    x, y = on.painter.project(np.array([place]))[0, :2]
    red, green, blue = picture[int(y), int(x)]
    return bool(red > 1.5 * green > 1.5 * blue)


def test_only_what_is_inside_is_drawn_and_found(stage: Maker) -> None:
    one = village(9)
    on = stage(twin(one))
    whole = scene(paint(one), camera=ABOVE)
    cut = replace(whole, view=replace(whole.view, cut=WEST))
    roofs = [(x, y, 8.0) for x in (-20, 0, 20) for y in (-20, 0, 20)]
    before = on.shot(whole)
    assert all(seen(on, before, roof) for roof in roofs)
    during = on.shot(cut)
    assert [seen(on, during, roof) for roof in roofs] == [roof[0] < 0 for roof in roofs]
    found = [on.painter.pick(*on.painter.project(np.array([roof]))[0, :2]) for roof in roofs]
    assert [one is not None for one in found] == [roof[0] < 0 for roof in roofs]
    assert (on.shot(whole) == before).all()
    assert on.painter.pick(*on.painter.project(np.array([roofs[-1]]))[0, :2]) is not None


def test_a_turned_box_cuts_across(stage: Maker) -> None:
    # Turned by 45 degrees, what lies ahead is the north-east.
    one = village(9)
    on = stage(twin(one))
    ahead = Cut((0.0, 0.0), 45.0, (-100.0, 100.0), (10.0, 100.0), (-10.0, 50.0))
    whole = scene(paint(one), camera=ABOVE)
    picture = on.shot(replace(whole, view=replace(whole.view, cut=ahead)))
    assert seen(on, picture, (20, 20, 8))
    assert not seen(on, picture, (-20, -20, 8))
    assert not seen(on, picture, (0, 0, 8))


def test_a_cut_picture_is_recoloured_as_it_is_drawn() -> None:
    one = village(9)
    frames = Frames((240, 160))
    frames.painter.show(twin(one), "light")
    lid = Cut((0.0, 0.0), 20.0, (-100.0, 100.0), (-100.0, 100.0), (-10.0, 4.0))
    first = scene(paint(one), camera=eyes.at(eyes.Pose((0.0, 0.0, 0.0), 20.0, 40.0, 120.0)))
    first = replace(first, view=replace(first.view, cut=lid))
    frames.painter.draw(first)
    frames.frame()
    for _ in frames.prepare():
        pass
    other = replace(first, paints={"building": paint(one, (40, 90, 200))})
    frames.painter.draw(other)
    fast = frames.frame().copy()
    assert frames.recoloured
    frames._still = None
    slow = frames.frame().copy()
    assert not frames.recoloured
    difference = np.abs(fast[..., :3].astype(int) - slow[..., :3])
    frames.close()
    assert np.ptp(slow[..., 0]) > 50
    assert (difference > 3).any(axis=2).mean() < 0.002


def test_where_a_line_of_sight_is_inside() -> None:
    box = Cut((10.0, 0.0), 0.0, (-5.0, 5.0), (-5.0, 5.0), (0.0, 10.0))
    along = np.array([1.0, 0.0, 0.0])
    assert within(box, np.array([0.0, 0.0, 5.0]), along) == pytest.approx((5, 15))
    assert within(box, np.array([10.0, 0.0, 5.0]), along) == pytest.approx((0, 5))
    assert within(box, np.array([0.0, 0.0, 11.0]), along) is None
    assert within(box, np.array([20.0, 0.0, 5.0]), along) is None
    # A square turned by 45 degrees is as wide as its diagonal: 10 times the root of 2.
    turned = replace(box, bearing=45.0)
    near, far = within(turned, np.array([0.0, 0.0, 5.0]), along)
    assert far - near == pytest.approx(10 * math.sqrt(2))
