"""Entries: machine code adds up the same numbers, bit by bit, as numpy does."""

import numpy as np
import pytest

from twinview.model import summing
from twinview.model.entries import Entries

RNG = np.random.default_rng(8)
COLUMNS = RNG.normal(0, 1e3, 40).astype(np.float32)


@pytest.fixture(params=["numpy", "machine code"], autouse=True)
def _way(request, monkeypatch) -> None:
    for one in (summing.scaled, summing.summed):
        monkeypatch.setattr(one, "_fast", None)
        if request.param != "numpy":
            one.compile()
        assert one.ready == (request.param != "numpy")


def entries(element: np.ndarray, size: int) -> Entries:
    """Return entries of some elements with any columns and factors."""
    index = RNG.integers(0, len(COLUMNS), len(element)).astype(np.int32)
    scale = RNG.normal(0, 3, len(element)).astype(np.float32)
    return Entries(index, scale, element.astype(np.int32), size)


def by_hand(one: Entries, columns: np.ndarray) -> np.ndarray:
    """Return what entries add up to, one after the other."""
    sums, known = np.zeros(one.size), np.zeros(one.size, bool)
    for index, scale, element in zip(one.index, one.scale, one.element, strict=True):
        sums[element] += columns[index] * scale
        known[element] = True
    return np.where(known, sums, np.nan).astype(columns.dtype)


@pytest.mark.parametrize(
    ("element", "size"),
    [
        (np.arange(5000), 5000),
        (np.sort(RNG.integers(0, 3000, 5000)), 3000),
        (RNG.permutation(np.repeat(np.arange(900), 3))[:2500], 1000),
        (np.zeros(0), 3),
    ],
    ids=["one each", "sorted", "any order", "none"],
)
@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_rows_are_sums_in_the_order_of_the_entries(element, size, precision) -> None:
    one, columns = entries(element, size), COLUMNS.astype(precision)
    row = one.row(columns)
    assert row.dtype == precision
    np.testing.assert_array_equal(row, by_hand(one, columns))
    np.testing.assert_array_equal(one.rows(columns[None]), row.astype(np.float32)[None])


def test_columns_that_lie_apart_in_memory_are_taken() -> None:
    table = np.repeat(COLUMNS[:, None], 3, axis=1)
    one = entries(np.arange(100), 100)
    np.testing.assert_array_equal(one.row(table[:, 1]), one.row(COLUMNS))
