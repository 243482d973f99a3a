"""The district in small: houses and ways lie where they are, and clicks find back."""

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import hamlet
from twinview.model.geometry import lines, points
from twinview.model.twin import Layer, Twin
from twinview.scene.resolve import resolve
from twinview.scene.sketch import CELLS, sketch
from twinview.scene.view import View


def one_layer(kind: str, geometry) -> Layer:
    return Layer(
        kind, kind, kind, pa.table({"id": [str(k) for k in range(len(geometry))]}), geometry
    )


def town(*layers: Layer) -> Twin:
    return Twin("t", "", (0.0, 0.0, 0.0), {one.id: one for one in layers})


def test_houses_and_ways_lie_where_they_are():
    houses = one_layer("building", points(np.array([[0.0, 0.0], [1000.0, 0.0], [0.0, 500.0]])))
    road = one_layer("road", lines([np.array([[0.0, 250.0], [1000.0, 250.0]])]))
    made = sketch(town(houses, road))
    assert max(made.size) == CELLS
    # 1000 m and 6 % of that on either side, over 320 cells.
    assert made.cell == pytest.approx(1120 / 320)
    for x, y, inked in ((0, 0, 255), (1000, 0, 255), (0, 500, 255), (500, 100, 0)):
        column, row = made.cells(np.array([[x, y]]))[0].astype(int)
        assert made.houses[row, column] == inked
    column, row = made.cells(np.array([[500.0, 250.0]]))[0].astype(int)
    assert made.ways[row, column] == 255
    along = made.ways[row]
    assert (along > 0).sum() == pytest.approx(1000 / made.cell, abs=2)
    assert made.place(*made.cells(np.array([[123.0, 45.0]]))[0]) == pytest.approx((123, 45))


def test_a_house_that_lies_astray_does_not_make_the_rest_a_dot():
    near = np.column_stack([np.arange(1000.0), np.zeros(1000)])
    made = sketch(town(one_layer("building", points(np.concatenate([near, [[9e6, 0.0]]])))))
    assert made.cell * CELLS < 1200


def test_the_view_says_whether_it_is_seen():
    twin = hamlet()
    assert resolve(twin, View()).sketch is None
    assert resolve(twin, View(map=True)).sketch is sketch(twin)
    assert sketch(town()) is None
