"""The table of keys that mean something in one place agrees with what the places do."""

import pytest
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

from twinview.gui import carpet, layer_row
from twinview.gui.localkeys import PLACES, VIEW, also, groups, warning
from twinview.gui.navigation import FLYING

LISTS = {place.title: place for place in PLACES}


def texts(title: str) -> set[str]:
    """Return the keys of a place as Qt writes them."""
    return {QKeySequence(key).toString() for keys, _what in LISTS[title].rows for key in keys}


def pressed(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
    return QKeySequence(QKeyCombination(modifier, key)).toString()


def test_the_keys_that_fly_are_those_that_the_camera_takes():
    assert texts(VIEW.title) == {key.replace("Page", "Pg") for key in FLYING}


def test_the_keys_of_a_layer_are_those_that_its_row_takes():
    taken = {pressed(key, modifier) for modifier, key in layer_row.KEYS}
    assert texts("In the list of layers") == taken


def test_the_keys_of_the_carpet_are_those_that_it_takes():
    assert texts("On the carpet") == {pressed(key) for key in carpet._KEYS}


@pytest.mark.parametrize(
    ("key", "places"),
    [("W", ["In the view"]), (",", ["While two pictures are swiped"]),
     ("Backspace", ["While measuring"]), ("F", ["In the list of layers"]), ("F6", []),
     ("Return", ["While measuring", "In the list of layers", "In the table",
                 "On the calendar of 'Go to time'", "On a histogram"])],
)  # fmt: skip
def test_a_key_is_found_wherever_it_means_something(key, places):
    assert [place.title for place, _what in also(key)] == places


def test_the_warning_tells_what_is_lost_and_what_stays():
    assert warning("W").endswith(
        "(In the view: Fly ahead, left, back, right) and would not any more."
    )
    assert "goes on meaning something else (In the list of layers: Zoom to it)" in warning("F")
    assert warning("Ctrl+F6") == ""


def test_the_page_of_keys_writes_both_keys_for_enter_as_one():
    rows = dict(dict(groups())["While measuring"])
    assert rows == {"Enter": "Keep what is measured", "Backspace": "Take the last point back"}
