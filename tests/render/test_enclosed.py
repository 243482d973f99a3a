"""What stands inside a shape on the screen."""

import numpy as np

from tests.scene.support import hamlet
from twinview.render.camera import standard
from twinview.render.enclosed import enclosed, within
from twinview.scene.resolve import resolve
from twinview.scene.view import View

SIZE = (400, 300)


def test_points_inside_and_outside_of_a_shape():
    arrow = np.array([[0, 0], [10, 0], [10, 10], [5, 2], [0, 10]], dtype=float)
    points = np.array([[5, 1], [5, 5], [1, 5], [9, 5], [11, 5], [-1, 0]], dtype=float)
    assert within(points, arrow).tolist() == [True, False, True, True, False, False]


def test_a_rectangle_takes_what_the_map_speaks_of():
    twin = hamlet()
    scene, camera = resolve(twin, View(overlay="carbon")), standard(twin, "top", 4 / 3)
    everything = np.array([[0, 0], [400, 0], [400, 300], [0, 300]], dtype=float)
    found = enclosed(twin, scene, camera, SIZE, everything)
    assert found["houses"].tolist() == [0, 1, 2, 3]
    assert found["line"].tolist() == [0]
    left = everything * [0.5, 1]
    some = enclosed(twin, scene, camera, SIZE, left)["houses"].tolist()
    assert 0 in some
    assert 3 not in some
    assert enclosed(twin, scene, camera, SIZE, everything[:3] + 1000) == {}
