"""Statistics, sums of selections and spans: numbers that a hand can check."""

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import AXIS, hamlet, squares
from twinview.model.series import Dense, Meaning
from twinview.model.twin import Layer, Twin
from twinview.model.window import Window
from twinview.scene.private import groups_for, veiled
from twinview.scene.resolve import resolve
from twinview.scene.selecting import rows_of
from twinview.scene.shown import shown
from twinview.scene.statistics import histogram, statistics
from twinview.scene.summary import summaries
from twinview.scene.view import View


def houses(n: int, values: list, origin: str = "given", quantity: str = "consumption") -> Twin:
    """Return a twin with n houses; row k of the values is step k."""
    layer = Layer("houses", "Houses", "building", pa.table({"id": [f"h{k}" for k in range(n)]}),
                  squares(n))  # fmt: skip
    rows = np.full((AXIS.count, n), np.nan, dtype=np.float32)
    rows[: len(values)] = values
    series = Dense(Meaning("houses", quantity, "kW", origin=origin), AXIS, rows)
    return Twin("T", "", (0, 0, 0), {"houses": layer}, time=AXIS).with_series(series)


def test_the_quartiles_are_those_of_the_textbook():
    """Hyndman and Fan (1996), type 7, as in R's quantile(1:10): 1, 3.25, 5.5, 7.75, 10."""
    twin = houses(11, [[*range(1, 11), np.nan]])
    layer = twin.layers["houses"]
    now = shown(twin, View(overlay="power"), layer)
    found = statistics(now, np.arange(11), None)
    assert found.quartiles == (1.0, 3.25, 5.5, 7.75, 10.0)
    assert (found.count, found.known, found.missing, found.withheld) == (11, 10, 1, 0)
    assert found.total == 55.0
    assert found.mean == 5.5
    assert found.ranking[:3] == (9, 8, 7)
    assert sum(found.bars) == 10


def test_without_any_value_there_is_no_number_and_no_zero():
    twin = houses(2, [[np.nan, np.nan]])
    layer = twin.layers["houses"]
    found = statistics(shown(twin, View(overlay="power"), layer), np.arange(2), None)
    assert np.isnan([found.total, found.mean, *found.quartiles]).all()
    assert (found.known, found.missing, found.bars, found.ranking) == (0, 2, (), ())


def test_the_bins_are_round_and_hold_everything():
    edges, bars = histogram(np.array([0.0, 0.3, 0.7, 9.9]))
    assert edges[0] == 0.0
    assert edges[1] - edges[0] == pytest.approx(1.0)
    assert bars[0] == 3
    assert sum(bars) == 4
    assert histogram(np.array([4.0, 4.0])) == ((4.0, 4.0), (2,))


def test_private_dwellings_are_in_no_ranking_and_enter_by_groups():
    twin = veiled(houses(6, [[1.0, 2.0, 3.0, 4.0, 5.0, 9.0]], origin="measured"), None)
    layer, groups = twin.layers["houses"], groups_for(twin, "houses", "power")
    now = shown(twin, View(overlay="power"), layer)
    assert now.grouped.all()
    found = statistics(now, np.arange(6), groups)
    assert found.ranking == ()
    assert found.quartiles == (4.0, 4.0, 4.0, 4.0, 4.0)
    assert (found.total, found.grouped, found.withheld) == (24.0, True, 0)
    some = statistics(now, np.arange(5), groups)
    assert (some.known, some.withheld) == (0, 5)
    assert np.isnan(some.total)


def test_the_sum_of_a_selection_is_that_of_the_map():
    twin = hamlet()
    for overlay in ("power", "emission"):
        view = View(overlay=overlay, selection=(("houses", "low"), ("houses", "high")))
        paint = resolve(twin, view).paints["houses"]
        rows = rows_of(twin.layers, view.selection)
        found = next(s for s in summaries(twin, view, rows) if s.quantity == paint.quantity)
        assert found.how == "sum"
        assert found.value == pytest.approx(float(paint.values[rows["houses"]].sum()))
    # used 2 and 9 kW, made 5 kW; 2 kW at 100 g/kWh and 9 kW at 480 g/kWh
    assert found.value == pytest.approx(0.2 + 4.32)


def test_an_intensity_is_weighted_by_use_and_missing_ones_are_counted():
    twin = hamlet()
    view = View(selection=tuple(("houses", one) for one in ("low", "high", "unknown")))
    found = summaries(twin, view, rows_of(twin.layers, view.selection))
    carbon = next(one for one in found if one.quantity == "carbon_intensity")
    assert carbon.how == "weighted"
    assert carbon.value == pytest.approx((2 * 100 + 9 * 480) / 11)
    assert (carbon.known, carbon.count) == (2, 3)


def test_lines_do_not_add_up():
    twin = hamlet()
    view = View(selection=(("line", "l"),))
    found = summaries(twin, view, rows_of(twin.layers, view.selection))
    power = next(one for one in found if one.quantity == "power")
    assert (power.how, power.value) == ("largest", -30.0)


def test_the_sum_over_a_window_is_energy_as_on_the_map():
    twin = houses(2, [[1.0, np.nan], [2.0, np.nan], [4.0, np.nan]])
    layer = twin.layers["houses"]
    window = Window("range", begin=AXIS.start, end=AXIS.seconds(3))
    view = View(overlay="power", window=window, selection=(("houses", "h0"), ("houses", "h1")))
    found = shown(twin, view, layer)
    assert found.unit == "kWh"
    assert found.values[0] == 7.0
    assert np.isnan(found.values[1])
    assert found.over
    made = summaries(twin, view, rows_of(twin.layers, view.selection))
    assert {(one.unit, one.value, one.known) for one in made} == {("kWh", 7.0, 1)}


def test_the_rows_of_a_selection_are_looked_up_once():
    twin, selection = hamlet(), (("houses", "high"), ("gone", "x"), ("houses", "gone"))
    first = rows_of(twin.layers, selection)
    assert first["houses"].tolist() == [2]
    assert list(first) == ["houses"]
    assert rows_of(twin.layers, selection) is first
    assert resolve(twin, View(selection=selection)).selected is first
