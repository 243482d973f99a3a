"""Every key of the table of local keys does in its place what the table says.

The places whose own tables of keys `test_localkeys` compares with the page of keys are missing.
"""

from collections.abc import Callable
from itertools import chain

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest

from tests.gui.test_window_measuring import click as click_spot
from tests.gui.test_window_table import click, selection, table
from tests.gui.test_window_time import turned
from twinview.gui.histogram import Histogram
from twinview.gui.localkeys import PLACES, WHEEL

__all__ = ["table"]

pytestmark = pytest.mark.needs_display
MIDDLE, COLUMN = 40, 2
"""Row and column that are current before a key of the table is pressed."""


def keys_of(title: str) -> set[str]:
    (place,) = [one for one in PLACES if one.title == title]
    return set(chain.from_iterable(keys for keys, _what in place.rows))


def press(widget, key: str) -> None:
    """Press a key that is written as in the table."""
    combination = QKeySequence(key)[0]
    QTest.keyClick(widget, combination.key(), combination.keyboardModifiers())


# ------------------------------------------------------------------------------------------ swiping
@pytest.mark.parametrize(("key", "way"), [(",", -1), (".", 1)])
def test_the_line_between_two_pictures_moves(window, qtbot, key, way):
    assert keys_of("While two pictures are swiped") == {",", "."}
    window.run("compare.swipe", "", -9.0)
    qtbot.waitUntil(window.tools.swiping.sheet.isVisible)
    before = window.session.state.view.swipe.share
    window.canvas.setFocus()
    press(window.canvas, key)
    assert (window.session.state.view.swipe.share - before) * way > 0.01
    window.run("compare.end")
    press(window.canvas, key)
    assert window.session.state.view.swipe is None


# ---------------------------------------------------------------------------------------- measuring
@pytest.mark.parametrize("key", ["Return", "Enter", "Backspace"])
def test_what_is_measured_is_kept_or_taken_back(window, key):
    assert keys_of("While measuring") == {"Return", "Enter", "Backspace"}
    canvas, tool = window.canvas, window.tools.measuring
    QTest.keyClick(canvas, Qt.Key.Key_M)
    for place in ((0, 0, 0), (11, 0, 0)):
        click_spot(canvas, place)
    assert len(tool._spots) == 2
    press(canvas, key)
    kept = [one.points for one in window.session.state.view.measures]
    assert kept == ([] if key == "Backspace" else [((0, 0, 0), (11, 0, 0))])
    assert len(tool._spots) == (1 if key == "Backspace" else 0)
    tool.end()
    window.run("measure.clear")


# -------------------------------------------------------------------------------------------- table
MOVES: dict[str, Callable[[int, int, int], bool]] = {
    "Up": lambda row, column, _last: (row, column) == (MIDDLE - 1, COLUMN),
    "Down": lambda row, column, _last: (row, column) == (MIDDLE + 1, COLUMN),
    "Left": lambda row, column, _last: (row, column) == (MIDDLE, COLUMN - 1),
    "Right": lambda row, column, _last: (row, column) == (MIDDLE, COLUMN + 1),
    "PgUp": lambda row, column, _last: row < MIDDLE - 1 and column == COLUMN,
    "PgDown": lambda row, column, _last: row > MIDDLE + 1 and column == COLUMN,
    "Home": lambda row, column, _last: (row, column) == (MIDDLE, 0),
    "End": lambda row, column, last: (row, column) == (MIDDLE, last),
}
"""Where each key goes: tells of row and column, and the last column there is."""


@pytest.fixture
def chosen(table):
    """Return the table with one row selected and current."""
    table.view.scrollTo(table.model.index(MIDDLE, COLUMN))
    click(table, MIDDLE, column=COLUMN)
    table.view.setFocus()
    return table


@pytest.mark.parametrize("key", MOVES)
def test_rows_and_columns_are_gone_through(window, chosen, key):
    time = window.session.state.view.time
    press(chosen.view, key)
    index = chosen.view.currentIndex()
    assert MOVES[key](index.row(), index.column(), chosen.model.columnCount() - 1)
    assert window.session.state.view.time == time
    assert selection(window) == [f"h{MIDDLE}"]


ROWS = {"Space", "Shift+Up", "Shift+Down", "Return", "Enter", "Ctrl+A", "Ctrl+C"}


def test_rows_are_selected_flown_to_and_copied(window, chosen, qtbot):
    assert keys_of("In the table") == MOVES.keys() | ROWS
    view = chosen.view
    press(view, "Space")
    assert selection(window) == []
    press(view, "Space")
    assert selection(window) == [f"h{MIDDLE}"]
    press(view, "Shift+Up")
    assert set(selection(window)) == {f"h{MIDDLE}", f"h{MIDDLE - 1}"}
    click(chosen, MIDDLE, column=COLUMN)
    press(view, "Shift+Down")
    assert set(selection(window)) == {f"h{MIDDLE}", f"h{MIDDLE + 1}"}
    press(view, "Ctrl+C")
    copied = QGuiApplication.clipboard().text().splitlines()[1:]
    assert [line.split("\t")[0] for line in copied] == [f"h{MIDDLE}", f"h{MIDDLE + 1}"]
    press(view, "Ctrl+A")
    assert len(selection(window)) == chosen.model.rowCount()


@pytest.mark.parametrize("key", ["Return", "Enter"])
def test_a_row_is_flown_to(window, chosen, qtbot, key):
    qtbot.waitUntil(lambda: not window.canvas.pilot.busy)
    before = window.canvas.camera
    press(chosen.view, key)
    qtbot.waitUntil(lambda: not window.canvas.pilot.busy and window.canvas.camera != before)


# ---------------------------------------------------------------------------------------- histogram
@pytest.mark.parametrize("enter", ["Return", "Enter"])
def test_a_mark_on_a_histogram_is_moved_widened_and_selected(qtbot, enter):
    assert keys_of("On a histogram") == {
        "Left", "Right", "Shift+Left", "Shift+Right", "Return", "Enter"
    }  # fmt: skip
    chart, heard = Histogram(), []
    qtbot.addWidget(chart)
    chart.show_bars((0.0, 1.0, 2.0, 3.0, 4.0), (1, 1, 1, 1), "kW")
    chart.brushed.connect(lambda *pair: heard.append(pair))
    chart.show()
    for keys, expected in (
        (["Right"], (0, 1)), (["Right"], (1, 2)), (["Shift+Right"], (1, 3)),
        (["Shift+Left"], (1, 2)), (["Right", "Right"], (3, 4)), (["Left"], (2, 3)),
        (["Shift+Left"], (1, 3)),
    ):  # fmt: skip
        for key in keys:
            press(chart, key)
        press(chart, enter)
        assert heard.pop() == expected, keys


# ----------------------------------------------------------------------------------------- time bar
def test_the_wheel_on_the_time_bar_zooms_steps_and_moves(window):
    assert keys_of("On the time bar") == {WHEEL, f"Ctrl+{WHEEL}", f"Shift+{WHEEL}"}
    track, state = window.timebar.track, lambda: window.session.state.view.time
    window.timebar.show_stretch(range(48, 96))
    place = QPoint(round(track.area.center().x()), round(track.area.center().y()))
    time = state()
    turned(track, place, 120)
    near = track.shown
    assert len(near) < 48
    turned(track, place, -120, Qt.KeyboardModifier.ShiftModifier)
    assert (len(track.shown), track.shown.start > near.start) == (len(near), True)
    assert state() == time
    moved = track.shown
    turned(track, place, 120, Qt.KeyboardModifier.ControlModifier)
    assert state() == time + 1
    assert len(track.shown) == len(moved)
