"""Pieces of overlays: which numbers are estimated, and states of numbers made of two."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.support import hamlet, spy
from twinview.model.twin import DISTRICT
from twinview.scene.paint import State
from twinview.scene.parts import estimated, modelled_note, noted, of_both, of_either, pace
from twinview.scene.resolve import readouts
from twinview.scene.view import View

VIEW = View()
NONE, WAIT, GUESS, SURE = State.MISSING, State.PENDING, State.ESTIMATED, State.VALUE


def states(*which: State) -> np.ndarray:
    """Return states as an array."""
    return np.array(which, dtype=np.uint8)


def modelled():
    """Return the hamlet with modelled use, results and no grid."""
    twin = replace(hamlet(), networks={})
    used = twin.series["houses", "consumption", "base"]
    meaning = replace(used.meaning, origin="modelled", spread=0.5)
    load = spy(DISTRICT, "load", "kW", np.array([12.0]))
    made = replace(load, meaning=replace(load.meaning, origin="computed"))
    return twin.with_series(replace(used, meaning=meaning), made)


def test_a_number_that_needs_two_others_lacks_what_they_lack():
    first, second = states(SURE, GUESS, GUESS, NONE), states(SURE, SURE, WAIT, SURE)
    assert of_both(first, second).tolist() == [SURE, GUESS, WAIT, NONE]


def test_a_sum_is_known_where_one_part_is():
    first, second = states(SURE, NONE, NONE, WAIT), states(GUESS, SURE, NONE, NONE)
    assert of_either(first, second).tolist() == [GUESS, SURE, NONE, WAIT]


def test_what_is_computed_of_modelled_use_is_estimated_unless_there_is_a_grid():
    twin = modelled()
    load = twin.series[DISTRICT, "load", "base"]
    assert estimated(twin, load, VIEW)
    assert not estimated(replace(twin, networks=hamlet().networks), load, VIEW)
    assert not estimated(hamlet(), hamlet().series["houses", "consumption", "base"], VIEW)


def test_the_district_says_about_before_an_estimate():
    assert {one.id: one.text for one in readouts(modelled(), VIEW)}["load"] == "≈ 12.0"
    assert not any("≈" in one.text for one in readouts(hamlet(), VIEW))


def test_the_note_names_the_range():
    twin = modelled()
    houses = [twin.layers["houses"]]
    assert modelled_note(twin, houses, ("consumption",), VIEW) == "modelled, ±50 % each"
    assert modelled_note(twin, houses, ("generation",), VIEW) == ""
    used = twin.series["houses", "consumption", "base"]
    ahead = replace(used, meaning=replace(used.meaning, origin="forecast", spread=0.0))
    assert modelled_note(twin.with_series(ahead), houses, ("consumption",), VIEW) == "forecast"
    assert noted("", "a", "b") == "a; b"


def test_arrows_travel_faster_with_more_power_within_bounds():
    # Half the usual pace without power, half of it more for each tenfold of 5 kW: 45 kW with the
    # 5 make 50, one decade; never more than twice the usual.
    found = pace(np.array([0.0, 45.0, 495.0, 1e9]))
    assert found == pytest.approx([0.5, 1.0, 1.5, 2.0])
    assert (np.diff(pace(np.linspace(0, 4000, 100))) > 0).all()
