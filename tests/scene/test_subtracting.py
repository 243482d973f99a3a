"""What differences add up to: worked out by hand, and the same wherever it is said."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.support import squares
from tests.scene.test_painting import rising, twin
from twinview.model.series import Dense, Meaning
from twinview.model.twin import Layer, Twin
from twinview.scene.layering import LayerChoice
from twinview.scene.numbers import number
from twinview.scene.painting import Beside
from twinview.scene.panes import panes_of
from twinview.scene.panetotals import Totals, totals
from twinview.scene.subtracting import Subtracted
from twinview.scene.view import Pane, View

TWELVE = "abcdefghijkl"
STEP = 5
PANES = (Pane("base"), Pane("plan"), Pane(difference=True))


def compared(base: Twin, plan: Twin, panes=PANES, **layers: LayerChoice) -> tuple[Totals, str]:
    """Return the numbers of what is in the pictures, and what the difference's legend says."""
    beside = Beside(twins={"base": base, "plan": plan}, layers=layers)
    shown = panes_of(base, View(overlay="power", time=STEP, panes=panes), beside)
    return totals(shown)[0], shown[2].scene.legend.note


def gaps() -> tuple[Twin, Twin]:
    """Return twelve houses that use 5 kW, one of which lacks this hour, and 15 kW in the plan."""
    values = rising(*[1.0] * 12)
    values[STEP, 0] = np.nan
    return twin(values, ids=TWELVE), twin(rising(*[3.0] * 12), "plan", ids=TWELVE)


def test_a_house_that_lacks_the_hour_is_left_out_and_named():
    # The eleven others use 10 kW more each. Their sums are 11 x 5 and 12 x 15.
    row, note = compared(*gaps())
    assert row.values == (55, 180, 110)
    np.testing.assert_array_equal(row.changes, [np.nan, 110, np.nan])
    assert row.left == (0, 1, 1)
    assert "sum 110\u00a0kW; left out: 1 with a value on one side only" in note


def test_what_a_filter_leaves_out_is_in_neither_sum():
    # Of a, b and c, the filter keeps b and c: 20 kW more.
    row, note = compared(*gaps(), h=LayerChoice(filter='id in ("b", "c")'))
    assert row.values == (10, 30, 20)
    assert row.left == (0, 0, 0)
    assert "sum 20.0\u00a0kW" in note
    assert "left out" not in note


def with_kiosks(made: Twin) -> Twin:
    """Return a twin with a layer more: two kiosks that use 7 kW each."""
    layer = Layer("k", "Kiosks", "building", made.layers["h"].attributes.slice(0, 2), squares(2))
    values = np.full((made.time.count, 2), 7.0, np.float32)
    meaning = Meaning("k", "consumption", "kW", made.scenario)
    return replace(made, layers={**made.layers, "k": layer}).with_series(
        Dense(meaning, made.time, values)
    )


def test_what_only_one_side_has_counts_in_full_either_way():
    # Houses: 3 x 10 kW more; the kiosks add 14 kW, or take them away.
    base, plan = twin(rising(1, 1, 1)), twin(rising(3, 3, 3), "plan")
    row, note = compared(base, with_kiosks(plan))
    assert row.values == (15, 59, 44)
    assert "sum 44.0\u00a0kW" in note
    back = (Pane("plan"), Pane("base"), Pane(difference=True))
    row, note = compared(base, with_kiosks(plan), back)
    assert row.values == (59, 15, -44)
    assert f"sum {number(-44.0, 3, 'kW')}" in note
    assert f"{number(-14.0, 3, 'kW')} of it is of 2 elements that only A has" in note


@pytest.mark.parametrize("seed", range(5))
def test_legend_and_table_always_say_the_same(seed):
    rng = np.random.default_rng(seed)
    made = []
    for scenario in ("base", "plan"):
        ids = "".join(rng.permutation(list("abcdefghij"))[: rng.integers(4, 10)])
        values = rng.normal(size=(rising(1).shape[0], len(ids)))
        values[rng.random(values.shape) < 0.3] = np.nan
        made.append(twin(values, scenario, ids))
    row, note = compared(*made)
    assert f"sum {number(row.values[2], 3, 'kW')}" in note
    assert row.changes[1] == row.values[2]
    left = f"left out: {row.left[2]} with"
    assert (left in note) == bool(row.left[2])


def test_nothing_is_said_where_nothing_is_known():
    assert Subtracted().words("kW") == ""
    assert Subtracted(left=3).words("kW") == "left out: 3 with a value on one side only"
