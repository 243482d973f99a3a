"""Elements that share columns have the numbers of a dense series that repeats them."""

import numpy as np
import pytest

from twinview.model.indexed import Indexed
from twinview.model.series import Dense, Meaning, Series
from twinview.model.time import TimeAxis

AXIS = TimeAxis(1_704_067_200, 3600, 3, "UTC")
INDEX = np.array([1, 0, 1, -1, 2], dtype=np.int32)
COLUMNS = np.array([[1, 10, 100], [2, 20, 200], [np.nan, 30, 300]], dtype=np.float32)
DONE, SOLVED = np.array([True, True, False]), np.array([True, False, True])


@pytest.fixture
def pair():
    """Return the series, and the dense one that says the same."""
    said = Meaning("buildings", "carbon_intensity", "g/kWh")
    repeated = COLUMNS[:, INDEX].copy()
    repeated[:, INDEX < 0] = np.nan
    columns = Dense(said, AXIS, COLUMNS, DONE, SOLVED)
    return Indexed(said, columns, INDEX), Dense(said, AXIS, repeated, DONE, SOLVED)


def test_it_says_what_the_dense_one_says(pair):
    indexed, dense = pair
    assert isinstance(indexed, Series)
    assert (indexed.size, indexed.time, indexed.meaning) == (5, AXIS, dense.meaning)
    assert indexed.limits == dense.limits
    np.testing.assert_array_equal(indexed.window(0, 3), dense.window(0, 3))
    for i in range(3):
        np.testing.assert_array_equal(indexed.at(i), dense.at(i))
        assert (indexed.ready(i), indexed.failed(i)) == (dense.ready(i), dense.failed(i))
    for j in range(5):
        np.testing.assert_array_equal(indexed.of(j), dense.of(j))
    np.testing.assert_array_equal(indexed.done, DONE)


def test_columns_that_are_not_there_are_refused(pair):
    with pytest.raises(ValueError, match="column 3 of 3"):
        Indexed(pair[0].meaning, pair[0].columns, np.array([3], dtype=np.int32))


def test_without_columns_all_are_missing(pair):
    nothing = Dense(pair[0].meaning, AXIS, np.zeros((3, 0), dtype=np.float32))
    empty = Indexed(pair[0].meaning, nothing, np.full(2, -1, dtype=np.int32))
    assert np.isnan(empty.at(0)).all()
    assert empty.window(0, 3).shape == (3, 2)
