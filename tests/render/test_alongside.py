"""Pictures beside a picture equal those that are made alone, whoever draws them."""

from collections import deque
from dataclasses import replace

import numpy as np
import pytest

from tests.render.conftest import (
    OBLIQUE,
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
from twinview.render.alongside import Alongside, alike
from twinview.render.frames import Frames, Other

SIZE = (320, 220)


def painted(one, shade: int):
    """Return a scene of a twin whose houses are all of one colour."""
    known = one.layers.values()
    colours = {"building": [shade] * 3}
    return scene(*(paint(each, colours.get(each.id, (200, 80, 40))) for each in known),
                 camera=OBLIQUE)  # fmt: skip


def alone(one, what):
    """Return the picture of a scene that nothing stands beside."""
    frames = Frames(SIZE)
    frames.painter.show(one, "light")
    frames.painter.draw(what)
    made = frames.frame().copy()
    frames.close()
    return made


def off(one, two) -> int:
    """Return by how much two pictures differ at most."""
    return int(np.abs(one[..., :3].astype(int) - two[..., :3]).max())


@pytest.fixture
def houses():
    return twin(village(), street(), tank())


@pytest.mark.parametrize("rested", [False, True])
def test_each_picture_is_the_one_it_would_be_alone(houses, rested):
    frames = Frames(SIZE)
    frames.painter.show(houses, "light")
    own, others = painted(houses, 40), [painted(houses, 120), painted(houses, 200)]
    frames.painter.draw(own)
    frames.others = [Other(one) for one in others]
    frames.frame()
    if rested:
        deque(frames.prepare(), maxlen=0)
    # Rounding of recoloured pixels.
    most = 2 if rested else 0
    assert off(frames.frame(), alone(houses, own)) <= most
    assert frames.recoloured == rested
    for one, what in zip(frames.others, others, strict=True):
        assert off(one.picture, alone(houses, what)) <= most
    assert frames.painter.scene.paints is own.paints
    *_, last = frames.portions()
    assert off(last, alone(houses, own)) == 0
    assert off(frames.others[1].picture, alone(houses, others[1])) == 0
    frames.close()


def test_another_shape_has_a_painter_of_its_own_that_is_given_back(houses):
    grown = layer("annex", polygons([box(45.0, 0.0)]), height_m=[12.0])
    case = replace(houses, layers={**houses.layers, "annex": grown})
    frames = Frames(SIZE)
    frames.painter.show(houses, "light")
    beside = Alongside(frames)
    own, other = painted(houses, 40), painted(case, 40)
    frames.painter.draw(own)
    first, second = beside.painters([houses, case], "light")
    assert first is None
    frames.others = [Other(other, second)]
    assert off(frames.frame(), alone(houses, own)) == 0
    expected = alone(case, other)
    assert off(frames.others[0].picture, expected) == 0
    assert off(frames.frame(), expected) > 0
    # What is pointed at in the other picture is found there, with the row that it has here.
    spots = [(x, y) for x in range(0, 320, 8) for y in range(0, 220, 8)]
    here = [frames.pick(*spot) for spot in spots]
    frames.under = second
    there = [frames.pick(*spot) for spot in spots]
    assert ("building", "building0", 0) in there
    assert {one for one in there if one not in here} == {("annex", "annex0", -1)}
    frames.under = None
    # The same one next time, and for a case that only has other numbers.
    again = replace(case, scenario="other", layers=dict(case.layers))
    assert beside.painters([houses, again, case], "light")[1:] == [second, second]
    deque(frames.prepare(), maxlen=0)
    assert off(frames.frame(), alone(houses, own)) <= 2
    assert second.recoloured
    frames.others = ()
    assert beside.painters([houses], "light") == [None]
    assert beside.held == 0
    frames.close()


def test_columns_that_no_mesh_is_made_of_make_no_other_shape(houses):
    known = houses.layers["building"]
    priced = replace(
        known, attributes=known.attributes.append_column("price", [[1.0] * len(known)])
    )
    assert alike(houses, replace(houses, layers={**houses.layers, "building": priced}))
    higher = layer("building", known.geometry, height_m=[99.0] * len(known))
    assert not alike(houses, replace(houses, layers={**houses.layers, "building": higher}))
