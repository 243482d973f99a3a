"""What is pointed at: corners catch the pointer, surfaces and the ground say how far off it is."""

from collections.abc import Callable

import numpy as np
import pytest

from tests.render.conftest import OBLIQUE, SIZE, Stage, paint, scene, twin, village
from twinview.render import camera as eyes
from twinview.render.snapping import REACH, spot

Maker = Callable[..., Stage]


def shown(stage: Maker):
    """Return the painter of one box of 10 m by 10 m, 8 m high, around the origin."""
    one = village(1)
    on = stage(twin(one))
    on.painter.draw(scene(paint(one), camera=OBLIQUE))
    return on.painter


def test_a_corner_close_by_is_caught(stage: Maker) -> None:
    painter = shown(stage)
    corner = np.array([[5.0, -5.0, 8.0]])
    x, y, _depth = painter.project(corner)[0]
    for dx, dy in ((0, 0), (3, 2), (-4, 3), (0, -6)):
        found = spot(painter, x + dx, y + dy)
        assert found is not None
        assert found.corner
        assert found.place == pytest.approx(corner[0], abs=1e-3)
    beyond = spot(painter, x, y - REACH - 3)
    assert beyond is not None
    assert not beyond.corner


def test_a_corner_behind_the_body_is_not_caught(stage: Maker) -> None:
    painter = shown(stage)
    x, y, _depth = painter.project(np.array([[5.0, 5.0, 0.0]]))[0]
    found = spot(painter, x, y)
    assert found is not None
    assert found.place != pytest.approx((5, 5, 0), abs=0.5)


def test_a_surface_is_found_to_a_pixel(stage: Maker) -> None:
    painter = shown(stage)
    near = eyes.at(eyes.Pose((0.0, 0.0, 8.0), 10.0, 35.0, 40.0))
    painter.draw(scene(paint(village(1)), camera=near))
    x, y, depth = painter.project(np.array([[0.0, 0.0, 8.0]]))[0]
    found = spot(painter, x, y)
    assert found is not None
    assert found.hit is not None
    assert found.hit.element == "building0"
    assert found.place[2] == pytest.approx(8, abs=1e-3)
    # A pixel at that depth, and at most as much longer as the roof is seen at a slant.
    size = 2 * depth * np.tan(np.radians(near.angle) / 2) / SIZE[1]
    lift = np.radians(eyes.pose(near).elevation)
    assert size * 0.99 < found.slack < 1.3 * size / np.sin(lift)


def test_the_ground_is_found_and_the_sky_is_not(stage: Maker) -> None:
    painter = shown(stage)
    low = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, 8.0, 100.0))
    painter.draw(scene(paint(village(1)), camera=low))
    x, y, _depth = painter.project(np.array([[30.0, -20.0, 0.0]]))[0]
    found = spot(painter, x, y)
    assert found is not None
    assert found.hit is None
    assert found.place == pytest.approx((30, -20, 0), abs=1e-3)
    assert spot(painter, 5, 1) is None
