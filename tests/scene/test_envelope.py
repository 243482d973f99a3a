"""Columns of steps: nothing that a step holds is lost, and columns do not move with the stretch."""

import numpy as np
import pytest

from twinview.scene.envelope import columns, envelope, means, per_column, sharing

NAN = float("nan")


@pytest.mark.parametrize(
    ("count", "pixels", "each"),
    [(300, 300, 1), (24, 300, 1), (301, 300, 2), (600, 300, 2), (601, 300, 3), (35_136, 900, 40)],
)
def test_no_column_is_narrower_than_a_pixel(count, pixels, each):
    assert per_column(count, pixels) == each
    assert count / each <= pixels


def test_columns_begin_at_multiples_of_their_length():
    assert columns(range(5, 17), 4).tolist() == [5, 8, 12, 16, 17]
    assert columns(range(8, 16), 4).tolist() == [8, 12, 16]
    assert columns(range(9, 11), 4).tolist() == [9, 11]


def test_smallest_and_largest_of_each_column_by_hand():
    values = np.array([3, 1, 2, NAN, NAN, NAN, 7, 5], dtype=np.float32)
    found = envelope(values, range(8), 3)
    np.testing.assert_array_equal(found.edges, [0, 3, 6, 8])
    np.testing.assert_array_equal(found.low, [1, NAN, 5])
    np.testing.assert_array_equal(found.high, [3, NAN, 7])
    assert found.whole.tolist() == [True, False, True]
    assert not found.single
    np.testing.assert_array_equal(means(values, range(8), 3), [2, NAN, 6])


def test_a_column_with_a_hole_has_the_values_that_are_known_and_says_so():
    found = envelope(np.array([4, NAN, 8, 2, 2, 2]), range(6), 3)
    assert (found.low[0], found.high[0]) == (4, 8)
    assert found.whole.tolist() == [False, True]
    assert means(np.array([4, NAN, 8, 2, 2, 2]), range(6), 3).tolist() == [6, 2]


def test_steps_one_by_one_are_themselves_and_a_gap_of_one_step_stays():
    values = np.array([5, NAN, 6, -1], dtype=np.float32)
    found = envelope(values, range(4), 1)
    assert found.single
    np.testing.assert_array_equal(found.low, values)
    np.testing.assert_array_equal(found.high, values)


def test_what_is_no_number_and_what_lies_beyond_the_data_has_no_value():
    found = envelope(np.array([1.0, np.inf, -np.inf, 2.0]), range(2, 8), 2)
    np.testing.assert_array_equal(found.high, [2, NAN, NAN])
    assert len(envelope(np.ones(3), range(0), 2).high) == 0
    assert len(means(np.ones(3), range(0), 2)) == 0


def test_a_peak_of_one_step_is_never_lost():
    count, each = 8784, per_column(8784, 300)
    for place in range(count):
        values = np.zeros(count, dtype=np.float32)
        values[place] = 9
        found = envelope(values, range(count), each)
        column = int(np.searchsorted(found.edges, place, side="right")) - 1
        assert found.high[column] == 9
        assert found.high.sum() == 9


def test_a_stretch_that_moves_by_one_step_keeps_its_columns():
    values = np.random.default_rng(3).random(5000).astype(np.float32)
    here, next_ = (envelope(values, range(k, k + 4000), 13) for k in (100, 101))
    inner = dict(zip(here.edges[1:-2], here.high[1:-1], strict=True))
    moved = dict(zip(next_.edges[1:-2], next_.high[1:-1], strict=True))
    same = inner.keys() & moved.keys()
    assert len(same) >= len(inner) - 1
    assert all(inner[edge] == moved[edge] for edge in same)


def test_values_may_begin_later_than_the_data():
    whole = np.arange(40.0)
    here = envelope(whole, range(11, 29), 4)
    later = envelope(whole[11:29], range(11, 29), 4, first=11)
    np.testing.assert_array_equal(here.edges, later.edges)
    np.testing.assert_array_equal(here.high, later.high)


def test_what_shares_a_pixel_is_said():
    assert sharing(1) == ""
    assert sharing(9) == "Smallest and largest of 9 steps per pixel"
