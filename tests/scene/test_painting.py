"""Differences: B - A of two instants or two cases, around zero, with a sum that closes."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.scene.support import AXIS, hamlet, squares
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Twin
from twinview.model.window import Window
from twinview.scene.paint import State
from twinview.scene.painting import Beside, comparable, shifted
from twinview.scene.resolve import resolve
from twinview.scene.theme import rgb, stops
from twinview.scene.view import Against, View


def twin(values: np.ndarray, scenario: str = "base", ids: str = "abc") -> Twin:
    """Return houses whose use is given for each step and house, without carbon."""
    table = pa.table({"id": list(ids)})
    layer = Layer("h", "Houses", "building", table, squares(len(ids)))
    made = Twin("x", "", (0, 0, 0), {"h": layer}, time=AXIS, scenario=scenario)
    meaning = Meaning("h", "consumption", "kW", scenario)
    return made.with_series(Dense(meaning, AXIS, np.asarray(values, dtype=np.float32)))


def rising(*each: float) -> np.ndarray:
    """Return values that are `each` times the step."""
    return np.arange(AXIS.count)[:, None] * np.array(each, dtype=float)


def view(**more) -> View:
    return View(overlay="difference", **more)


def test_an_instant_less_one_before_has_the_sum_of_the_differences_of_totals():
    # At step 30 they use 30, 60 and -; at step 28 they used 28, 56 and -: 2 + 4 = 6 kW more.
    values = rising(1, 2, 0)
    values[:, 2] = np.nan
    scene = resolve(twin(values), view(time=30, against=Against("power", "", -2)))
    paint = scene.paints["h"]
    np.testing.assert_allclose(paint.values, [2, 4, np.nan])
    assert paint.state.tolist() == [State.VALUE, State.VALUE, State.MISSING]
    assert "sum 6.00" in scene.legend.note
    assert scene.legend.title == "Power: B \N{MINUS SIGN} A"
    assert scene.legend.window == "B: 2024-04-01 07:00; A: 2024-04-01 05:00"
    low, high = scene.legend.limits
    assert low == -high < 0
    assert scene.legend.colours == stops("difference", "light")


def test_no_difference_has_the_colour_of_the_middle():
    scene = resolve(twin(rising(0, 0, 1)), view(time=30, against=Against("power", "", -1)))
    middle = np.array(rgb(stops("difference", "light")[2]))
    assert np.abs(scene.paints["h"].colour[0].astype(int) - middle).max() <= 2
    assert (scene.paints["h"].colour[0] == scene.paints["h"].colour[1]).all()
    assert (scene.paints["h"].colour[2] != scene.paints["h"].colour[0]).any()


def test_a_scenario_less_the_base_matches_elements_by_their_ids():
    # The base has a and b; the scenario has c besides, in another order: c adds all that it uses.
    base = twin(rising(1, 2), ids="ab")
    changed = twin(rising(5, 2, 1.5), "plan", ids="cba")
    beside = Beside(twins={"base": base, "plan": changed}, titles={"plan": "New roofs"})
    scene = resolve(
        changed, view(time=10, scenario="plan", against=Against("power", "base")), beside
    )
    np.testing.assert_allclose(scene.paints["h"].values, [50, 0, 5])
    assert "sum 55.0" in scene.legend.note
    assert scene.legend.window == "B: New roofs; A: Base case"
    # A scenario is compared with the base where nothing is said.
    again = resolve(changed, view(time=10, scenario="plan"), beside)
    assert again.legend.window == scene.legend.window


def test_over_a_window_sums_are_subtracted():
    # 3 hours that end with step 10: 9 + 10 + 8 = 27 kWh; a day later 24 more in each hour: 72 kWh.
    window = Window("rolling", 3 * 3600)
    wish = view(time=34, window=window, against=Against("power", "", -24.5))
    scene = resolve(twin(rising(1, 0, 0)), wish)
    assert scene.legend.unit == "kWh"
    assert "Sum" in scene.legend.window
    exact = replace(wish, against=Against("power", "", -23.0))
    assert resolve(twin(rising(1, 0, 0)), exact).paints["h"].values[0] == 3 * 23


def test_days_are_those_of_the_local_clock():
    # On 2024-03-31 Berlin's clocks skip an hour: from Monday 10:00 back to Sunday 10:00 it is 24 h,
    # from Sunday 10:00 back to Saturday 10:00 it is 23 h.
    axis = TimeAxis(AXIS.start - 24 * 3600, 3600, 72, "Europe/Berlin")
    sunday = axis.index_of(axis.parse("2024-03-31T10:00"))
    found = shifted(axis, sunday, -24)
    assert found == sunday - 23
    assert f"{axis.at(found):%d %H:%M}" == "30 10:00"
    assert shifted(axis, 3, -24) is None
    assert shifted(axis, 3, -1.0) == 2


def test_outside_the_data_nothing_is_compared_and_that_is_said():
    scene = resolve(twin(rising(1, 2, 3)), view(time=1, against=Against("power", "", -2)))
    assert set(scene.paints["h"].state) == {State.MISSING}
    assert "A lies outside the data" in scene.legend.note
    assert "sum" not in scene.legend.note
    assert scene.legend.shown == 0


@pytest.mark.parametrize("of", comparable(hamlet()))
def test_all_that_stay_the_same_differ_by_nothing(of):
    scene = resolve(hamlet(), view(time=20, against=Against(of, "", -2)))
    values = np.concatenate([one.values[np.isfinite(one.values)]
                             for one in scene.paints.values() if one.over])  # fmt: skip
    assert values.size
    assert not values.any()
