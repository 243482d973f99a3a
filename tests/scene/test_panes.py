"""Pictures side by side: one scale, one clock with offsets, differences that close."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.support import AXIS, hamlet
from tests.scene.test_painting import rising, twin
from tests.scene.test_swiping import with_load
from twinview.model.problem import CommandError
from twinview.scene.paint import State
from twinview.scene.painting import Beside
from twinview.scene.panes import compared_to, offset_text, onto, panes_of, usual, without
from twinview.scene.panetotals import shown_sum, totals
from twinview.scene.resolve import resolve
from twinview.scene.styling import Style
from twinview.scene.view import Against, Pane, View

DIFFERENCE = Pane(difference=True)


def cases():
    """Return a base, a plan that uses five times as much and has a house more, and the rest."""
    base = with_load(twin(rising(1, 2), ids="ab"), *range(0, 20, 3))
    plan = with_load(twin(rising(5, 2, 10), "plan", ids="cba"), *range(0, 40, 5))
    return base, Beside(twins={"base": base, "plan": plan}, titles={"plan": "More"})


def test_all_panes_have_one_scale_that_holds_the_limits_of_all():
    base, beside = cases()
    view = View(overlay="power", time=5, panes=(Pane("base"), Pane("plan"), DIFFERENCE))
    one, two, less = panes_of(base, view, beside)
    alone = [
        resolve(made, replace(view, panes=(), scenario=made.scenario), beside)
        for made in beside.twins.values()
    ]
    lows, highs = zip(*(scene.legend.limits for scene in alone), strict=True)
    assert highs[0] != highs[1]
    assert one.scene.legend.limits == two.scene.legend.limits == (min(lows), max(highs))
    assert "limits common to all panes" in one.scene.legend.note
    assert "by hand" not in one.scene.legend.note
    # As the single view is drawn that has these limits.
    fixed = Style(limits=one.scene.legend.limits, unit="kW")
    styled = replace(beside, styles={"power": fixed})
    expected = resolve(base, replace(view, panes=()), styled)
    np.testing.assert_array_equal(one.scene.paints["h"].colour, expected.paints["h"].colour)
    assert less.scene.legend.centre == 0
    assert less.scene.legend.limits[0] == -less.scene.legend.limits[1]


def test_the_difference_has_the_sum_of_the_differences_of_totals():
    # At step 5 the base uses 5 + 10 = 15 kW, the plan 25 + 10 + 50 = 85: 70 kW more.
    base, beside = cases()
    view = View(overlay="power", time=5, panes=(Pane("base"), Pane("plan"), DIFFERENCE))
    panes = panes_of(base, view, beside)
    assert [shown_sum(one.scene) for one in panes] == [15, 85, 70]
    assert "sum 70.0" in panes[2].scene.legend.note
    assert (panes[0].title, panes[1].title) == ("Base case", "More")
    assert panes[2].title == "Difference: 2 \N{MINUS SIGN} 1"
    assert panes[2].instant == "More \N{MINUS SIGN} Base case"
    # What is of another instant as well is not passed off as the effect of the scenario.
    moved = replace(view, time=30, panes=(Pane("base"), Pane("plan", -24.0), DIFFERENCE))
    told = panes_of(base, moved, beside)[2].instant
    assert told == "More, \N{MINUS SIGN}1 d \N{MINUS SIGN} Base case"
    told = totals(panes)
    assert [(one.label, one.values) for one in told] == [
        ("Power in the picture", (15, 85, 70)),
        ("load", (15, 25, 10)),
    ]
    np.testing.assert_array_equal(told[0].changes, [np.nan, 70, np.nan])


def test_the_same_numbers_are_told_at_all_instants():
    # At step 5 both cases use what is in the picture; at step 0 one pane is before the data.
    base, _beside = cases()
    seen = [
        panes_of(base, View(overlay="power", time=step, panes=(Pane("", -1.0), Pane(""))), Beside())
        for step in (0, 5)
    ]
    first, later = (totals(panes) for panes in seen)
    labels = ["Power in the picture", "load"]
    assert [one.label for one in first] == [one.label for one in later] == labels
    assert [one.values for one in later] == [(12, 15), (12, 15)]
    np.testing.assert_array_equal([one.values for one in first], [(np.nan, 0)] * 2)


def test_colours_mean_the_same_before_a_case_has_data():
    base, beside = cases()
    wishes = (Pane("base"), Pane("plan", -2.0))
    early, late = (
        panes_of(base, View(overlay="power", time=step, panes=wishes), beside) for step in (1, 3)
    )
    assert [one.scene is None for one in early] == [False, True]
    legend, other = early[0].scene.legend, late[0].scene.legend
    assert (legend.limits, legend.note) == (other.limits, other.note)
    assert legend.limits != resolve(base, View(overlay="power", time=1)).legend.limits


def test_what_only_the_first_case_has_is_in_the_sum_and_said():
    # The other way round: the house that the base lacks takes its 25 kW away.
    base, beside = cases()
    view = View(overlay="power", time=5, panes=(Pane("plan"), Pane("base"), DIFFERENCE))
    less = panes_of(base, view, beside)[2]
    assert shown_sum(less.scene) == -45
    note = less.scene.legend.note
    assert "sum \N{MINUS SIGN}70.0" in note
    assert "\N{MINUS SIGN}25.0\u00a0kW of it is of 1 elements that only A has" in note


def test_values_outside_the_limits_of_a_difference_are_counted():
    one = twin(rising(1, 1, 1))
    scene = resolve(
        one, View(overlay="difference", time=30, against=Against("power", "", -2)), Beside()
    )
    assert "outside" not in scene.legend.note
    styled = Beside({"difference:power": Style(limits=(-1, 1), unit="kW")})
    scene = resolve(
        one, View(overlay="difference", time=30, against=Against("power", "", -2)), styled
    )
    assert "3 outside the limits" in scene.legend.note


def test_an_offset_is_kept_in_days_of_the_clock():
    one = twin(rising(1, 2, 3))
    view = View(overlay="power", time=30, panes=(Pane("", -24.0), Pane("")))
    before, now = panes_of(one, view, Beside())
    # Clocks went forward in the night before: 07:00 is 31 h after midnight by 30 h of data.
    assert before.instant == "2024-03-31 07:00 · \N{MINUS SIGN}1 d"
    assert now.instant == "2024-04-01 07:00"
    assert before.view.time == 6
    assert resolve(one, view).clock == now.scene.clock


def test_what_cannot_be_shown_says_why_and_what_to_do():
    base, beside = cases()
    wishes = (Pane(""), Pane("", -48.0), Pane("gone"), DIFFERENCE)
    panes = panes_of(base, View(overlay="power", time=5, panes=wishes), beside)
    assert [one.scene is None for one in panes] == [False, True, True, True]
    assert "Choose another offset" in panes[1].why
    assert "Choose another one" in panes[2].why
    assert panes[3].why == panes[2].why
    alone = panes_of(base, View(overlay="power", panes=(Pane(""), DIFFERENCE)), beside)
    assert "nothing to subtract from" in alone[1].why
    # Not at hand for the difference: shares of roofs are not compared.
    wishes = (Pane(""), Pane("", 1.0), DIFFERENCE)
    stored = panes_of(hamlet(), View(overlay="storage", panes=wishes), Beside())
    assert "Choose one of" in stored[2].why
    # A year ago at the same hour only the dates differ; else both are said in full.
    wishes = (Pane("", -24.0), Pane(""), DIFFERENCE)
    one = panes_of(hamlet(), View(overlay="power", time=30, panes=wishes), Beside())
    assert one[2].instant == "2024-04-01 \N{MINUS SIGN} 2024-03-31"


def test_a_case_in_another_order_is_brought_to_the_rows_that_are_drawn():
    base, beside = cases()
    view = View(overlay="power", time=2, panes=(Pane("plan"), Pane("base")))
    plan, one = panes_of(base, view, beside)
    laid = onto(one, plan)
    assert laid.scene.paints["h"].state.tolist() == [State.PLAIN, State.VALUE, State.VALUE]
    np.testing.assert_allclose(laid.scene.paints["h"].values, [np.nan, 4, 2])
    assert laid.scene.selected is plan.scene.selected


def test_a_comparison_begins_with_what_is_likely():
    one = hamlet()
    assert usual(one, ["base", "a", "b"], "base", 4) == (
        Pane("base"), Pane("a"), DIFFERENCE, Pane("b"),
    )  # fmt: skip
    assert usual(one, ["base", "a"], "a", 2) == (Pane("base"), Pane("a"))
    assert usual(one, ["base"], "base", 3) == (Pane("", -24.0), Pane(""), DIFFERENCE)
    long = replace(one, time=replace(AXIS, count=24 * 30))
    assert usual(long, ["base"], "base", 2)[0] == Pane("", -168.0)


def test_differences_are_of_the_pane_before_and_never_come_first():
    a, b = Pane("a"), Pane("b")
    assert compared_to((a, b, DIFFERENCE, a), 2) == 1
    assert compared_to((a, DIFFERENCE, b), 1) == 2
    assert without((a, DIFFERENCE, b), 0) == (b, DIFFERENCE)
    with pytest.raises(CommandError, match="last pane"):
        without((a, DIFFERENCE), 0)


@pytest.mark.parametrize(
    ("hours", "said"),
    [(0, ""), (-168, "−7 d"), (24, "+1 d"), (-6, "−6 h"), (-8736, "−1 year, same weekday"),
     (-30.0, "−30 h"), (1.5, "+1.50 h")],
)  # fmt: skip
def test_offsets_are_written_as_people_say_them(hours, said):
    assert offset_text(hours) == said
