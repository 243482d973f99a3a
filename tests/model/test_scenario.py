"""Scenarios in a project file: what is not understood is kept and said, the rest is used."""

import pytest
from pydantic import ValidationError

from twinview.model.scenario import (
    Factor,
    Scale,
    Scenario,
    Unread,
    chain,
    free_id,
    misnamed,
    usable,
    why_unread,
)

WRITTEN = {
    "id": "plan",
    "title": "Plan",
    "mood": "good",
    "changes": [
        {"kind": "scale", "layer": "sym_load", "by": 1.2, "note": "growth"},
        {"kind": "weather", "year": 2035},
        {"kind": "scale", "layer": "sym_load", "by": "much"},
        {"kind": "factor", "by": 0.5, "g_per_kwh": 100},
        {"text": "no kind at all"},
    ],
}


def test_changes_have_their_own_types_and_others_are_kept():
    read = Scenario.model_validate(WRITTEN)
    first, *others = read.changes
    assert first == Scale(layer="sym_load", by=1.2, note="growth")
    assert all(isinstance(one, Unread) for one in others)
    again = read.model_dump(mode="json")
    assert again["mood"] == "good"
    assert again["changes"][0]["note"] == "growth"
    assert again["changes"][1] == {"kind": "weather", "year": 2035}
    assert again["changes"][2] == WRITTEN["changes"][2]
    assert Scenario.model_validate(again) == read


def test_it_is_said_why_a_change_is_not_understood():
    why = [why_unread(one) for one in Scenario.model_validate(WRITTEN).changes[1:]]
    assert why[0] == "its kind 'weather' is not known"
    assert why[1].startswith("'by' does not fit")
    assert "exactly one" in why[2]


@pytest.mark.parametrize("by", [-1.0, float("nan"), float("inf")])
def test_factors_below_zero_or_without_end_are_refused(by):
    with pytest.raises(ValidationError):
        Scale(layer="x", by=by)


def test_an_intensity_is_given_in_exactly_one_way():
    with pytest.raises(ValidationError):
        Factor()
    assert Factor(by=0.5).of == "import"


def test_a_chain_begins_at_the_base():
    low, high = Scenario(id="low"), Scenario(id="high", parent="low")
    assert chain((high, low), "high") == ((low, high), [])
    assert chain((high, low), "base") == ((), [])


def test_a_circle_and_a_missing_parent_are_cut_and_said():
    one, two = Scenario(id="one", parent="two"), Scenario(id="two", parent="one")
    steps, (problem,) = chain((one, two), "one")
    assert steps == (two, one)
    assert (problem.severity, problem.code) == ("error", "scenario.circle")
    steps, (problem,) = chain((Scenario(id="a", title="A", parent="gone"),), "a")
    assert [step.id for step in steps] == ["a"]
    assert problem.message == (
        "Scenario 'A' stands on 'gone', which is not there; it was put on the base."
    )


def test_scenarios_without_an_id_of_their_own_are_left_out():
    all_ = (Scenario(id="a"), Scenario(id="a", title="again"), Scenario(id="base"), Scenario())
    assert usable(all_) == all_[:1]
    assert [problem.code for problem in misnamed(all_)] == ["scenario.id"] * 3


def test_new_ids_are_free():
    taken = (Scenario(id="more-pv"), Scenario(id="scenario"))
    assert free_id((), "More PV!") == "more-pv"
    assert free_id(taken, "More PV!") == "more-pv-2"
    assert free_id(taken, "光伏") == "scenario-2"
    assert free_id((), "Base") == "base-2"
