"""Shadows of the sun against a pencil: 10 m high, 45 degrees, 10 m long, away from the sun."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.render.conftest import Stage, box, layer, paint, polygons, scene, twin
from twinview.model.geometry import lines
from twinview.render import camera as eyes
from twinview.render.sunshine import cast

Maker = Callable[..., Stage]
CELL = 0.5


def reach(elevation: float, azimuth: float) -> dict[str, float]:
    """Return how far beyond each side of a block 10 m high the shadow reaches, metres."""
    heights = np.zeros((240, 240), np.int16)
    heights[110:130, 110:130] = 1000
    rows, columns = np.nonzero(cast(heights, CELL, elevation, azimuth))
    return {
        "north": (rows.max() - 129) * CELL, "south": (110 - rows.min()) * CELL,
        "east": (columns.max() - 129) * CELL, "west": (110 - columns.min()) * CELL,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("azimuth", "away"), [(180, "north"), (0, "south"), (270, "east"), (90, "west")]
)
def test_a_shadow_is_as_long_as_high_at_45_degrees_and_points_away_from_the_sun(azimuth, away):
    found = reach(45.0, azimuth)
    assert found.pop(away) == pytest.approx(10, abs=CELL)
    assert found == dict.fromkeys(found, 0.0)


@pytest.mark.parametrize("elevation", [20.0, 30.0, 60.0])
def test_a_lower_sun_casts_a_longer_shadow(elevation):
    length = 10 / math.tan(math.radians(elevation))
    assert reach(elevation, 180)["north"] == pytest.approx(length, abs=2 * CELL)


def test_a_shadow_in_between_goes_both_ways():
    # From the south-west, 10 m towards the north-east: 7.07 m to either side.
    found = reach(45.0, 225.0)
    assert found["north"] == pytest.approx(7.07, abs=3 * CELL)
    assert found["east"] == pytest.approx(7.07, abs=3 * CELL)
    assert found["south"] == found["west"] == 0


def test_at_night_nothing_casts_a_shadow():
    heights = np.full((9, 9), 500, np.int16)
    assert not cast(heights, CELL, -5.0, 180.0).any()


def test_the_ground_is_dark_where_the_shadow_lies(stage: Maker) -> None:
    one = layer("building", polygons([box(0, 0, 12, 12)]), height_m=[10.0], roof=["flat"])
    on = stage(twin(one))
    above = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, 89.0, 130.0))
    quiet = scene(paint(one), camera=above)
    before = on.shot(quiet)
    picture = on.shot(replace(quiet, sun=(45.0, 180.0)))

    def brightness(north: float) -> float:
        x, y = on.painter.project(np.array([[0.0, north, 0.0]]))[0, :2].astype(int)
        return float(picture[y - 1 : y + 2, x - 1 : x + 2].mean())

    # The north wall stands at 6 m; its shadow ends at 16 m.
    assert brightness(14.0) < 0.75 * brightness(20.0)
    assert brightness(-14.0) > 0.95 * brightness(20.0)
    assert (on.shot(quiet) == before).all()


def test_shadows_stay_when_something_comes_that_casts_none(stage: Maker) -> None:
    one = layer("building", polygons([box(0, 0, 12, 12)]), height_m=[10.0], roof=["flat"])
    on = stage(twin(one))
    above = eyes.at(eyes.Pose((0.0, 0.0, 0.0), 0.0, 89.0, 130.0))
    sunny = replace(scene(paint(one), camera=above), sun=(45.0, 180.0))
    before = on.shot(sunny)
    road = layer("road", lines([np.array([[-60.0, -60.0], [-50.0, -60.0]])]))
    on.painter.show(twin(one, road), "light")
    after = on.shot(sunny)
    assert np.abs(after - before).max() <= 2


@pytest.mark.parametrize(("azimuth", "lit"), [(180.0, "south"), (0.0, "north")])
def test_walls_that_face_the_sun_are_lit_and_the_others_lie_in_shade(stage: Maker, azimuth, lit):
    """A level roof keeps the colour of the legend; the walls change places with the sun."""
    one = layer("building", polygons([box(0, 0, 12, 12)]), height_m=[10.0], roof=["flat"])
    on = stage(twin(one))
    light = {}
    for side, bearing, middle in (("south", 0.0, -6.0), ("north", 180.0, 6.0)):
        camera = eyes.at(eyes.Pose((0.0, 0.0, 5.0), bearing, 20.0, 60.0))
        for sun in (None, (30.0, azimuth)):
            picture = on.shot(replace(scene(paint(one), camera=camera), sun=sun))
            for name, place in (("wall", [0.0, middle, 6.0]), ("roof", [0.0, 0.0, 10.0])):
                x, y = on.painter.project(np.array([place]))[0, :2].astype(int)
                light[side, name, sun is not None] = float(
                    picture[y - 1 : y + 2, x - 1 : x + 2].mean()
                )
    dark = "north" if lit == "south" else "south"
    assert light[lit, "wall", True] > 1.15 * light[dark, "wall", True]
    for side in ("south", "north"):
        assert light[side, "roof", True] == pytest.approx(light[side, "roof", False], abs=2)
