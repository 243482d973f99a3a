"""Distances, areas and heights against numbers that a pencil gives."""

from dataclasses import replace

import pyarrow as pa
import pytest

from tests.scene.support import hamlet
from twinview.scene.measuring import area, distances, measured
from twinview.scene.resolve import resolve
from twinview.scene.view import Measure, View


def test_a_distance_in_plan_in_level_and_in_space():
    # 3, 4, 12 make 13.
    assert distances([(0, 0, 0), (3, 4, 12)]) == (5, 12, 13)
    # Along two pieces, up and down again.
    assert distances([(0, 0, 0), (3, 4, 12), (6, 8, 0)]) == (10, 0, 26)


def test_an_area_is_that_in_plan_whichever_way_round():
    # A square of 10 m without a corner of 4 by 5: 80 m2; all sides together are still 40 m.
    corners = [(0, 0, 1), (10, 0, 2), (10, 5, 3), (6, 5, 4), (6, 10, 5), (0, 10, 6)]
    assert area(corners) == (80, 40)
    assert area(corners[::-1]) == (80, 40)
    # Far from the origin, as coordinates of a country are.
    assert area([(x + 4e5, y + 5e6, z) for x, y, z in corners]) == (80, 40)


def test_no_more_digits_than_are_known():
    points = ((0.0, 0.0, 0.0), (30.0, 40.0, 0.0))
    said = {}
    for slack in (0.0, 0.1, 2.0):
        found = measured(hamlet(), Measure("distance", points, (slack, slack)))
        said[slack] = (found.main.replace("\u00a0", " "), found.remark.replace("\u00a0", " "))
    assert said[0.0] == ("50.00 m", "From corner to corner: as true as the data.")
    assert said[0.1] == ("50.0 m", "At most 0.2 m off: what a pixel covers there.")
    assert said[2.0] == ("50 m", "At most 4 m off: what a pixel covers there.")


def test_how_far_off_an_area_may_be():
    # A square of 10 m: a corner 0.5 m off moves the area by half of that times its diagonal,
    # 14.1 m: 3.5 m2, and four of them by 14.1 m2. The bound used is 20 m2, never less.
    corners = ((0.0, 0.0, 0.0), (10.0, 0.0, 0.0), (10.0, 10.0, 0.0), (0.0, 10.0, 0.0))
    found = measured(hamlet(), Measure("area", corners, (0.5,) * 4))
    assert found.main.replace("\u00a0", " ") == "100 m²"
    assert "At most 20.0 m² and 4 m off" in found.remark.replace("\u00a0", " ")
    assert "not level" not in found.remark


@pytest.mark.parametrize(
    ("source", "said"),
    [("measured", "As the data have it."), ("storeys", "From the count of storeys"),
     ("default", "Assumed")],
)  # fmt: skip
def test_a_height_says_where_it_comes_from(source, said):
    twin = hamlet()
    houses = twin.layers["houses"]
    table = houses.attributes.append_column("height_source", pa.array([source] * 4))
    layers = {**twin.layers, "houses": replace(houses, attributes=table)}
    found = measured(replace(twin, layers=layers), Measure("height", element=("houses", "high")))
    assert found.main == "7.0\u00a0m"
    assert found.remark.startswith(said)
    assert found.points == ((45.0, 5.0, 0.0), (45.0, 5.0, 7.0))


def test_the_scene_holds_what_is_measured_and_forgets_what_is_gone():
    kept = Measure("distance", ((0, 0, 0), (1, 0, 0)))
    view = View(measures=(kept, Measure("height", element=("houses", "gone"))))
    found = resolve(hamlet(), view).measured
    assert [one.main for one in found] == ["1.00\u00a0m"]
