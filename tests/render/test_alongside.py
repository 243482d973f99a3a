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
from twinview.render import making
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


def bring(beside, held, case):
    """Make for a case what it does not share, and return of which layers that is."""
    deque(beside.begin(held), maxlen=0)
    painter, chart = held.frames.painter, making.shadows(case)
    painter.occlude(chart)
    for key in held.wanted:
        for part in making.parts(case.layers[key], chart):
            painter.take(key, part)
    painter.whole()
    return held.wanted


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


@pytest.fixture
def grown(houses):
    """Return a view of the houses, and a case with an annex more that is drawn beside it."""
    annex = layer("annex", polygons([box(45.0, 0.0)]), height_m=[12.0])
    case = replace(houses, layers={**houses.layers, "annex": annex})
    frames = Frames(SIZE)
    frames.painter.show(houses, "light")
    frames.painter.draw(painted(houses, 40))
    beside = Alongside(frames)
    first, held = beside.painters([houses, case], "light")
    assert first is None
    # Houses stand where the annex casts its shadow; the street and the tank are as they were.
    assert bring(beside, held, case) == ("building", "annex")
    yield frames, beside, held, case
    beside.close()
    frames.close()


def test_another_shape_has_a_painter_of_its_own(houses, grown):
    frames, _beside, held, case = grown
    own, other = frames.painter.scene, painted(case, 40)
    introduced, expected = Other(other, held.frames), alone(case, other)
    deque(frames.introduce(introduced), maxlen=0)
    assert off(introduced.picture, expected) == 0
    frames.others = [Other(other, held.frames)]
    assert off(frames.frame(), alone(houses, own)) == 0
    assert off(frames.others[0].picture, expected) == 0
    assert off(frames.frame(), expected) > 0
    # What is pointed at in the other picture is found there, with the row that it has here.
    spots = [(x, y) for x in range(0, 320, 8) for y in range(0, 220, 8)]
    here = [frames.pick(*spot) for spot in spots]
    frames.under = held.frames
    there = [frames.pick(*spot) for spot in spots]
    assert ("building", "building0", 0) in there
    assert {one for one in there if one not in here} == {("annex", "annex0", -1)}


def test_painters_stay_as_long_as_they_are_needed(houses, grown):
    frames, beside, held, case = grown
    frames.others = [Other(painted(case, 40), held.frames)]
    frames.frame()
    # The same one next time, and for a case that only has other numbers.
    again = replace(case, scenario="other", layers=dict(case.layers))
    assert beside.painters([houses, again, case], "light")[1:] == [held, held]
    deque(frames.prepare(), maxlen=0)
    assert off(frames.frame(), alone(houses, frames.painter.scene)) <= 2
    assert held.frames.recoloured
    frames.others = ()
    assert beside.painters([houses], "light") == [None]
    assert beside.held == []


def test_columns_that_no_mesh_is_made_of_make_no_other_shape(houses):
    known = houses.layers["building"]
    priced = replace(
        known, attributes=known.attributes.append_column("price", [[1.0] * len(known)])
    )
    assert alike(houses, replace(houses, layers={**houses.layers, "building": priced}))
    higher = layer("building", known.geometry, height_m=[99.0] * len(known))
    assert not alike(houses, replace(houses, layers={**houses.layers, "building": higher}))
