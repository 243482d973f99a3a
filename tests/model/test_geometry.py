"""Geometry: ragged arrays that agree with the shapes they hold."""

import numpy as np

from twinview.model.geometry import Geometry, lines, offsets, points


def test_points_and_lines_get_heights_and_centres():
    here = points(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert here.coords.shape == (2, 3)
    np.testing.assert_array_equal(here.centres, [[1, 2, 0], [3, 4, 0]])
    paths = lines([np.array([[0.0, 0], [4, 0]]), np.array([[0.0, 0, 5], [0, 2, 5], [0, 4, 5]])])
    assert len(paths) == 2
    np.testing.assert_array_equal(paths.points_of, [0, 2, 5])
    np.testing.assert_array_equal(paths.centres, [[2, 0, 0], [0, 2, 5]])
    assert paths.bounds == (0, 4, 0, 4, 0, 5)


def test_elements_without_points_have_no_centre():
    empty = Geometry("polygon", np.empty((0, 3)), offsets([]), offsets([]), offsets([0, 0]))
    assert len(empty) == 2
    assert np.isnan(empty.centres).all()
    assert empty.bounds == (0,) * 6
    assert len(lines([])) == 0


def test_moved_shapes_keep_their_structure():
    paths = lines([np.array([[0.0, 0], [4, 0]])])
    moved = paths.moved(paths.coords + 10)
    assert moved.bounds == (10, 14, 10, 10, 10, 10)
    assert moved.rings is paths.rings
