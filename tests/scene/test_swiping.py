"""The left side of a comparison: on the scale of the right one, of the same elements."""

from dataclasses import replace

import numpy as np

from tests.scene.support import AXIS, hamlet
from tests.scene.test_painting import rising, twin
from twinview.model.series import Dense, Meaning
from twinview.model.twin import DISTRICT
from twinview.scene.paint import State
from twinview.scene.painting import Beside
from twinview.scene.resolve import resolve
from twinview.scene.styling import Style
from twinview.scene.swiping import companion
from twinview.scene.view import Swipe, View


def with_load(made, *values: float):
    """Return a twin whose district uses `values` in its first hours."""
    rows = np.zeros((AXIS.count, 1), dtype=np.float32)
    rows[: len(values), 0] = values
    meaning = Meaning(DISTRICT, "load", "kW", made.scenario)
    return made.with_series(Dense(meaning, AXIS, rows))


def test_the_left_side_is_an_instant_before_with_the_totals_and_their_change():
    one = with_load(twin(rising(1, 2, 3)), 0, 10, 20, 26)
    view = View(overlay="power", time=3, swipe=Swipe(hours=-2))
    scene = resolve(one, view)
    found = companion(one, scene, Beside())
    np.testing.assert_allclose(found.scene.paints["h"].values, [1, 2, 3])
    assert found.left == ("2024-03-31 01:00", "10.0\u00a0kW")
    assert found.right == ("2024-03-31 04:00", "26.0\u00a0kW (+16.0)")
    assert found.scene.view.swipe is None
    assert companion(one, resolve(one, replace(view, swipe=None)), Beside()) is None


def test_both_sides_have_one_scale_even_where_it_follows_the_values():
    one = twin(rising(1, 2, 3))
    for style in (Style(within=True), Style(within=True, method="equal", count=3)):
        beside = Beside({"power": style})
        scene = resolve(one, View(overlay="power", time=40, swipe=Swipe(hours=-20)), beside)
        found = companion(one, scene, beside)
        assert found.scene.legend.limits == scene.legend.limits == (40, 120)
        assert found.scene.legend.colours == scene.legend.colours
        # 20 h before, the third used 60 and the first, now, uses 40: the same class or less.
        assert found.scene.legend.classes == scene.legend.classes


def test_a_case_is_drawn_with_the_elements_of_the_one_at_the_right():
    base, plan = twin(rising(1, 2), ids="ab"), twin(rising(5, 2, 9), "plan", ids="cba")
    beside = Beside(twins={"base": base, "plan": plan}, titles={"plan": "More"})
    scene = resolve(plan, View(overlay="power", time=2, scenario="plan", swipe=Swipe("base")))
    found = companion(plan, scene, beside)
    paint = found.scene.paints["h"]
    assert paint.state.tolist() == [State.PLAIN, State.VALUE, State.VALUE]
    np.testing.assert_allclose(paint.values, [np.nan, 4, 2])
    assert (found.left[0], found.right[0]) == ("Base case", "More")


def test_outside_the_data_there_is_no_picture():
    one = hamlet()
    found = companion(one, resolve(one, View(time=1, swipe=Swipe(hours=-2))), Beside())
    assert found.scene is None
    assert found.left == ("outside the data",)
