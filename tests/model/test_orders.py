"""Tables in both orders: the same numbers, little memory, and damage noticed."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.model.orders import agree, other_name, turn
from twinview.progress import drain


def saved(folder, values):
    """Return the file of an array, and where its other order goes."""
    source = folder / "values.npy"
    np.save(source, np.ascontiguousarray(values, dtype=np.float32))
    return source, folder / other_name(source.name)


@given(
    st.integers(0, 300), st.integers(0, 40), st.integers(1, 5000), st.sampled_from([0.0, 0.3, 1.0])
)
def test_the_other_order_is_the_transpose_for_any_shape_and_block(
    tmp_path_factory, count, size, block, gaps
):
    draw = np.random.default_rng(count)
    values = draw.normal(size=(count, size)).astype(np.float32)
    values[draw.random(values.shape) < gaps] = np.nan
    source, target = saved(tmp_path_factory.mktemp("orders"), values)
    facts = drain(turn(source, target, block=block))
    np.testing.assert_array_equal(np.load(target), values.T)
    np.testing.assert_allclose(facts.sums, np.nansum(values, axis=1), rtol=1e-4, atol=1e-4)
    known = values[~np.isnan(values)]
    if known.size:
        assert (facts.low, facts.high) == (known.min(), known.max())
    else:
        assert np.isnan([facts.low, facts.high]).all()
    assert agree(values, np.load(target))


def test_sums_of_steps_are_found_from_either_order(tmp_path):
    values = np.arange(12.0).reshape(3, 4)
    source, target = saved(tmp_path, values.T)
    facts = drain(turn(source, target, "elements"))
    np.testing.assert_array_equal(facts.sums, [6, 22, 38])


def test_memory_stays_within_the_block(tmp_path):
    source, target = saved(tmp_path, np.ones((2000, 3000), dtype=np.float32))
    block = 1 << 20
    tracemalloc.start()
    drain(turn(source, target, block=block))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * block < source.stat().st_size / 7


def test_an_infinite_number_is_no_limit(tmp_path):
    source, target = saved(tmp_path, [[1.0, np.inf], [-np.inf, 2.0]])
    facts = drain(turn(source, target))
    assert (facts.low, facts.high) == (1, 2)
    np.testing.assert_array_equal(facts.sums, [1, 2])


@pytest.mark.parametrize("values", [np.ones((2, 2)), np.ones(4, dtype=np.float32)])
def test_other_arrays_are_refused(tmp_path, values):
    source = tmp_path / "values.npy"
    np.save(source, values)
    with pytest.raises(ValueError, match="no table of float32"):
        drain(turn(source, tmp_path / "other.npy"))


def test_a_file_that_ends_early_is_noticed(tmp_path):
    source, target = saved(tmp_path, np.ones((50, 60)))
    source.write_bytes(source.read_bytes()[:-100])
    with pytest.raises(ValueError, match="ends too early"):
        drain(turn(source, target))


def test_orders_that_differ_do_not_agree():
    values = np.arange(600.0, dtype=np.float32).reshape(20, 30)
    assert agree(values, values.T.copy())
    assert not agree(values, values.T + 1)
    assert not agree(values, values)
    assert agree(values[:0], values[:0].T)
