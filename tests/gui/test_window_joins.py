"""The dialog of joins: a table is looked at, joined, changed and parted by mouse and keys."""

import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.village import houses
from twinview.gui import join_window
from twinview.gui.coverage_map import colours, image_of
from twinview.gui.style import look_now
from twinview.session.store import Session

pytestmark = pytest.mark.needs_display
LONG = 60_000

METERS = """when,meter,place,power [kW]
2024-01-01T00:00Z,m1,house 0,1
2024-01-01T00:00Z,m2,house 0,3
2024-01-01T00:00Z,m3,house 1,5
2024-01-01T01:00Z,m3,house 1,
2024-01-01T01:00Z,m9,house 9,7
"""


@pytest.fixture
def dialog(make_window, tmp_path, monkeypatch, qtbot):
    """Return the dialog over three houses, with a long table of meters chosen as its file."""
    (tmp_path / "houses.geojson").write_text(json.dumps(houses("office")), encoding="utf-8")
    file = tmp_path / "meters.csv"
    file.write_text(METERS, encoding="utf-8")
    session = Session()
    session.run("file.new", tmp_path / "houses.geojson")
    window = make_window(session.state)
    window.ask("data.join")
    found = window.wishes.join_window
    assert not found.accept_.isEnabled()
    monkeypatch.setattr(join_window, "ask_open", lambda *_a: [file])
    QTest.mouseClick(found.file, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: found.form.boxes["key"].count() > 1, timeout=LONG)
    yield found
    found.close()


def choose(dialog, field: str, value: str, qtbot) -> None:
    """Choose a value of a field by keys, and wait for the look that follows."""
    box = dialog.form.boxes[field]
    box.setFocus()
    place = box.findData(value)
    assert place >= 0
    while box.currentIndex() != place:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < place else Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: dialog.look is not None and not dialog.asker.busy, timeout=LONG)


def press(dialog, button, done, qtbot) -> None:
    """Press a button, and wait until something is so and the dialog has looked anew."""
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(done, timeout=LONG)
    qtbot.waitUntil(lambda: not dialog.asker.busy, timeout=LONG)


def copied(part) -> str:
    QTest.mouseClick(part.copy, Qt.MouseButton.LeftButton)
    return QGuiApplication.clipboard().text()


def test_a_look_shows_guesses_and_both_sides_of_what_does_not_fit(dialog, qtbot):
    """The reader takes the meters for elements; told better, two of three houses have a column."""
    form, preview = dialog.form, dialog.preview
    qtbot.waitUntil(lambda: dialog.look is not None and not dialog.asker.busy, timeout=LONG)
    assert not dialog.accept_.isEnabled()
    assert (form.value("key"), form.marks["key"].text()) == ("meter", "guess")
    choose(dialog, "key", "place", qtbot)
    assert (form.value("key"), form.marks["key"].text()) == ("place", "")
    assert (form.value("pattern"), form.marks["pattern"].text()) == ("{id}", "guess")
    assert preview.headline.text().startswith("2 of 3 elements have a column; 50.0 %")
    assert copied(preview.without) == "house 2"
    assert copied(preview.unused) == "house 9"
    assert dialog._session.state.project.joins == ()


def test_a_join_is_made_changed_and_removed(dialog, qtbot):
    state = lambda: dialog._session.state  # noqa: E731
    for field, value in (("key", "place"), ("several", "sum"), ("quantity", "consumption")):
        choose(dialog, field, value, qtbot)
    press(dialog, dialog.accept_, lambda: bool(state().project.joins), qtbot)
    values = state().twin.find("houses", "consumption").at(0)
    np.testing.assert_allclose(values, [4, 5, np.nan])
    # The join that was made is shown, to be changed.
    qtbot.waitUntil(lambda: dialog.number == 1 and dialog.look is not None, timeout=LONG)
    assert not dialog.form.boxes["source"].isEnabled()
    choose(dialog, "several", "max", qtbot)
    press(dialog, dialog.accept_, lambda: state().project.joins[0].several == "max", qtbot)
    values = state().twin.find("houses", "consumption").at(0)
    np.testing.assert_allclose(values, [3, 5, np.nan])
    press(dialog, dialog.remove, lambda: state().project.joins == (), qtbot)
    titles = ["Part a join...", "Change a join...", "Join a table..."]
    assert dialog._session.undo_titles == titles


def test_the_map_has_the_colours_of_its_legend_and_says_what_is_under_the_pointer(dialog, qtbot):
    """Two hours of three houses: there and missing, missing twice (no value, no column)."""
    choose(dialog, "key", "place", qtbot)
    found, shown = dialog.look.coverage, dialog.preview.map
    image = image_of(found, look_now())
    missing, there = colours(look_now())
    seen = [[image.pixelColor(k, i).name() for k in range(2)] for i in range(3)]
    assert seen == [[there, missing], [there, missing], [missing, missing]]
    place = shown._place()
    assert shown.said_at(place.left() + 2, place.top() + 2) == (
        "Element 1, 2024-01-01T00:00+00:00: 100 %"
    )
    assert shown.said_at(place.right() - 2, place.bottom() - 2).endswith(" 0 %")
    assert shown.said_at(0, 0) == ""
