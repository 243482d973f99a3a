"""Single dwellings stay private: groups, sums over them, and differences of sums."""

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import AXIS, squares
from twinview.model.series import Dense, Meaning
from twinview.model.twin import Layer, Twin
from twinview.scene.private import LEAST, dwellings, groups, limit, smoothed, whole, withheld

EVERY = np.arange(12)


def street(**columns: list) -> Layer:
    """Return twelve houses in a row; the last is an office."""
    table = {"id": [f"h{k}" for k in range(12)], "use": ["dwelling"] * 11 + ["office"], **columns}
    return Layer("houses", "Houses", "building", pa.table(table), squares(12))


def twin_of(layer: Layer, origin: str, quantity: str = "consumption", unit: str = "kW") -> Twin:
    """Return a twin with one series: house k uses k + 1."""
    values = np.tile(np.arange(1.0, 13.0, dtype=np.float32), (AXIS.count, 1))
    series = Dense(Meaning(layer.id, quantity, unit, origin=origin), AXIS, values)
    return Twin("T", "", (0, 0, 0), {layer.id: layer}, time=AXIS).with_series(series)


def test_only_metered_values_are_private_where_the_project_says_nothing():
    layer = street()
    for origin, least in (("measured", LEAST), ("given", 0), ("modelled", 0)):
        assert limit(twin_of(layer, origin), layer, "consumption", None) == least
    assert limit(twin_of(layer, "given"), layer, "consumption", 3) == 3
    assert limit(twin_of(layer, "measured"), layer, "consumption", 0) == 0


def test_what_is_computed_of_metered_values_is_private_and_an_intensity_is_not():
    layer = street()
    twin = twin_of(layer, "measured")
    assert limit(twin, layer, "emission", None) == LEAST
    assert limit(twin, layer, "carbon_intensity", None) == 0
    line = Layer("line", "Lines", "line", pa.table({"id": ["l"]}))
    assert limit(twin, line, "power", 5) == 0


def test_offices_and_large_houses_are_open():
    assert dwellings(street()).tolist() == [1.0] * 11 + [0.0]
    counted = street(households=[1, 2, 6, None, 1, 1, 1, 1, 1, 1, 1, 0])
    assert dwellings(counted).tolist() == [1, 2, 6, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    kept = withheld(twin_of(counted, "measured"), counted, "consumption", None)
    assert kept.tolist() == [True, True, False, *[True] * 8, False]


def test_a_layer_that_says_nothing_of_use_is_taken_for_dwellings():
    bare = Layer("houses", "Houses", "building", pa.table({"id": [f"{k}" for k in range(6)]}))
    assert dwellings(bare).tolist() == [1.0] * 6


def test_groups_are_neighbours_and_large_enough():
    group = groups(street(), 5)
    # Eleven dwellings: five, and six, for one left over would be alone.
    assert group.tolist() == [0] * 5 + [1] * 6 + [-1]


def test_a_group_enters_whole_or_not_at_all():
    layer, values = street(), np.arange(1.0, 13.0)
    four, five = np.arange(4), np.arange(5)
    assert not whole(layer, four, values[four], 5).any()
    assert whole(layer, five, values[five], 5).all()
    nine = np.arange(9)
    assert whole(layer, nine, values[nine], 5).tolist() == [True] * 5 + [False] * 4
    assert whole(layer, np.array([11, 0]), values[[11, 0]], 5).tolist() == [True, False]
    assert whole(layer, four, values[four], 0).all()


def test_gaps_do_not_make_a_group_smaller_than_it_may_be():
    layer, values = street(), np.arange(1.0, 13.0)
    values[:4] = np.nan
    assert whole(layer, EVERY, values, 5).tolist() == [False] * 5 + [True] * 7


@pytest.mark.parametrize("most", [3])
def test_no_difference_of_two_sums_tells_of_fewer_dwellings_than_a_group(most):
    """All selections that leave out at most three houses: differences are of whole groups."""
    layer, values = street(), np.arange(1.0, 13.0)
    told = set()
    for k in range(most + 1):
        for gone in combinations(range(11), k):
            rows = np.setdiff1d(EVERY, gone)
            kept = rows[whole(layer, rows, values[rows], 5)]
            told.add(frozenset(kept.tolist()) - {11})
    assert len(told) == 4  # nothing, each of the two groups, and both
    for one, other in combinations(told, 2):
        assert len(one ^ other) >= 5


def test_too_few_dwellings_are_never_told():
    three = Layer("h", "H", "building", pa.table({"id": ["a", "b", "c"]}), squares(3))
    rows = np.arange(3)
    assert not whole(three, rows, np.ones(3), 5).any()


def test_statistics_take_dwellings_as_the_mean_of_their_group():
    layer, values = street(), np.arange(1.0, 13.0)
    rows, held = smoothed(layer, EVERY, values, 5)
    assert rows.tolist() == EVERY.tolist()
    # (1 + ... + 5) / 5 = 3 and (6 + ... + 11) / 6 = 8.5; the office keeps its own.
    assert held.tolist() == [3.0] * 5 + [8.5] * 6 + [12.0]
    assert held.sum() == values.sum()
