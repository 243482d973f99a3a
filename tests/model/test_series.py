"""Series: both kinds answer alike; what is not computed is not shown as a number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from twinview.model.series import Dense, Meaning, Profiled, Series, broken, total
from twinview.model.time import TimeAxis

MEANING = Meaning("houses", "power", "kW")
numbers = st.floats(-1e3, 1e3, width=32)


@st.composite
def profiled(draw) -> Profiled:
    """Draw a profiled series: some elements with several entries, some with none."""
    count, kinds, size = draw(st.integers(1, 8)), draw(st.integers(1, 4)), draw(st.integers(1, 6))
    entries = draw(st.integers(0, 12))
    profiles = draw(hnp.arrays(np.float32, (count, kinds), elements=numbers))
    index = draw(hnp.arrays(np.int32, entries, elements=st.integers(0, kinds - 1)))
    scale = draw(hnp.arrays(np.float32, entries, elements=st.floats(-10, 10, width=32)))
    element = draw(hnp.arrays(np.int32, entries, elements=st.integers(0, size - 1)))
    return Profiled(MEANING, TimeAxis(0, 3600, count), profiles, index, scale, element, size)


def by_hand(series: Profiled) -> np.ndarray:
    """Return all values, entry by entry."""
    values = np.full((series.time.count, series.size), np.nan)
    for kind, scale, element in zip(series.index, series.scale, series.element, strict=True):
        before = np.nan_to_num(values[:, element])
        values[:, element] = before + series.profiles[:, kind].astype(float) * float(scale)
    return values


@given(profiled())
def test_profiled_agrees_with_sums_by_hand(series):
    values = by_hand(series)
    close = {"rtol": 1e-4, "atol": 1e-1}
    for i in range(series.time.count):
        np.testing.assert_allclose(series.at(i), values[i], **close)
    for j in range(series.size):
        np.testing.assert_allclose(series.of(j), values[:, j], **close)
    np.testing.assert_allclose(series.window(0, series.time.count), values, **close)
    np.testing.assert_allclose(series.total(), np.nansum(values, axis=1), **close)
    assert isinstance(series, Series)


@given(profiled())
def test_limits_hold_all_values(series):
    values = by_hand(series)
    low, high = series.limits
    if np.isnan(values).all():
        assert np.isnan(low)
        assert np.isnan(high)
        return
    assert low <= np.nanmin(values) + 0.1
    assert high >= np.nanmax(values) - 0.1


@given(profiled())
def test_dense_of_the_same_numbers_answers_alike(series):
    dense = Dense(MEANING, series.time, series.window(0, series.time.count))
    for i in range(series.time.count):
        np.testing.assert_allclose(dense.at(i), series.at(i), rtol=1e-4, atol=1e-1)
    for j in range(series.size):
        np.testing.assert_allclose(dense.of(j), series.of(j), rtol=1e-4, atol=1e-1)
    np.testing.assert_allclose(total(dense), total(series), rtol=1e-3, atol=0.5)


def test_limits_are_exact_where_each_element_has_one_entry():
    profiles = np.array([[1.0], [3.0]], dtype=np.float32)
    series = Profiled(
        MEANING, TimeAxis(0, 3600, 2), profiles, np.zeros(2, np.int32),
        np.array([2.0, -1.0], np.float32), np.array([0, 2], np.int32), 3,
    )  # fmt: skip
    assert series.limits == (-3.0, 6.0)


def test_steps_not_computed_yet_are_not_numbers():
    done = np.array([True, False])
    series = Dense(MEANING, TimeAxis(0, 3600, 2), np.ones((2, 3), np.float32), done)
    assert (series.ready(0), series.ready(1)) == (True, False)
    assert np.isnan(series.of(0)).tolist() == [False, True]


def test_limits_of_nothing_are_nan_and_known_ones_are_taken():
    empty = Dense(MEANING, TimeAxis(0, 3600, 2), np.full((2, 3), np.nan, np.float32))
    assert np.isnan(empty.limits).all()
    known = Dense(MEANING, TimeAxis(0, 3600, 1), np.ones((1, 1), np.float32), bounds=(0.0, 9.0))
    assert known.limits == (0.0, 9.0)


def test_values_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit 3 steps"):
        Dense(MEANING, TimeAxis(0, 3600, 3), np.ones((2, 2), np.float32))
    one, scale = np.zeros(1, np.int32), np.ones(1, np.float32)
    profiles = np.ones((2, 1), np.float32)
    with pytest.raises(ValueError, match="rows do not fit"):
        Profiled(MEANING, TimeAxis(0, 3600, 3), profiles, one, scale, one, 1)
    with pytest.raises(ValueError, match="names element 5 of 2"):
        Profiled(MEANING, TimeAxis(0, 3600, 2), profiles, one, scale, one + 5, 2)


def test_a_million_buildings_cost_a_few_megabytes():
    rng = np.random.default_rng(1)
    n = 1_000_000
    profiles = rng.random((48, 20), dtype=np.float32)
    series = Profiled(
        MEANING, TimeAxis(0, 3600, 48), profiles, rng.integers(0, 20, n).astype(np.int32),
        rng.random(n, dtype=np.float32), np.arange(n, dtype=np.int32), n,
    )  # fmt: skip
    assert series.at(3).shape == (n,)
    assert series.of(77).shape == (48,)
    np.testing.assert_allclose(series.total()[3], series.at(3).sum(dtype=float), rtol=1e-4)


@pytest.mark.parametrize("kind", ["dense", "profiled"])
def test_elements_with_gaps_are_told_from_those_without_data(kind):
    nan, time = np.nan, TimeAxis(0, 3600, 3)
    values = np.array([[1, nan, nan], [1, 2, nan], [1, 2, nan]], dtype=np.float32)
    series: Series = Dense(MEANING, time, values)
    if kind == "profiled":
        own, one = np.arange(3, dtype=np.int32), np.ones(3, dtype=np.float32)
        series = Profiled(MEANING, time, values, own, one, own, 3)
    assert broken(series).tolist() == [False, True, False]
