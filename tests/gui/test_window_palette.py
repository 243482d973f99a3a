"""The palette: everything by typing, in either language, with keys and reasons."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hamlet import TIME
from twinview.gui.translate import speak
from twinview.session.command import commands
from twinview.session.store import State

pytestmark = pytest.mark.needs_display
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def palette(window):
    """Return the palette of a window, called by its key."""
    QApplication.processEvents()  # a district that has just opened takes the focus
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert window.desk.palette.isVisible()
    assert window.desk.palette.entry.hasFocus()
    yield window.desk.palette
    window.desk.palette.dismiss()


def ask(palette, text: str) -> list[str]:
    """Type and return what is listed."""
    palette.entry.clear()
    QTest.keyClicks(palette.entry, text)
    return palette.titles


def press(palette, key: Qt.Key) -> None:
    QTest.keyClick(palette.entry, key)


def test_both_keys_call_it_and_esc_gives_the_focus_back(window):
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_P, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert window.desk.palette.isVisible()
    press(window.desk.palette, Qt.Key.Key_Escape)
    assert not window.desk.palette.isVisible()
    assert window.canvas.hasFocus()


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_english_and_chinese_find_the_same_whatever_the_language(palette, window, code):
    speak(code)
    palette.dismiss()
    palette.open()
    first = {}
    for text in ("show everything", "显示全部"):
        palette.entry.setText(text)
        first[text] = palette.model.entries[0].id
    assert set(first.values()) == {"view.fit"}


def test_enter_does_it_and_it_comes_first_next_time(palette, window):
    assert ask(palette, "first step")[0] == "First step"
    press(palette, Qt.Key.Key_Return)
    assert window.session.state.view.time == 0
    assert not palette.isVisible()
    QTest.keyClick(window, Qt.Key.Key_K, CONTROL)
    assert palette.titles[0] == "First step"
    assert window.settings.used[0] == "time.start"


def test_a_line_that_scrolls_below_a_mouse_at_rest_is_not_marked(palette, window, qtbot):
    view = palette.list.viewport()
    at = QPoint(40, view.height() - 60)
    QCursor.setPos(view.mapToGlobal(at))
    qtbot.waitUntil(lambda: palette.list.currentIndex() == palette.list.indexAt(at))
    for _k in range(40):
        press(palette, Qt.Key.Key_PageDown)
    last = len(palette.titles) - 1
    QApplication.processEvents()
    QCursor.setPos(view.mapToGlobal(at))
    turns = []
    for k in range(5):
        QTimer.singleShot(20 * k, lambda: turns.append(palette.list.currentIndex().row()))
    qtbot.waitUntil(lambda: len(turns) == 5)
    assert turns[-1] == last
    QCursor.setPos(view.mapToGlobal(at - QPoint(0, 60)))
    qtbot.waitUntil(lambda: palette.list.currentIndex().row() < last)


def test_arrows_move_the_mark_and_not_the_clock(palette, window):
    before = window.session.state.view.time
    press(palette, Qt.Key.Key_Down)
    press(palette, Qt.Key.Key_Down)
    press(palette, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == 1
    press(palette, Qt.Key.Key_Up)
    press(palette, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == len(palette.titles) - 1
    press(palette, Qt.Key.Key_Left)
    assert window.session.state.view.time == before


def test_what_cannot_be_done_says_why_and_stays(palette, window):
    assert ask(palette, "undo")[0] == "Undo"
    entry = palette.model.entries[0]
    assert (entry.hindrance, entry.keys) == ("There is nothing to undo", "Ctrl+Z")
    press(palette, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert not window.stage.message.waiting


def test_choices_are_lines_of_their_own(palette, window):
    ask(palette, "overlay storage")
    assert palette.model.entries[0].id == "overlay.show storage"
    press(palette, Qt.Key.Key_Return)
    assert window.session.state.view.overlay == "storage"


def test_what_needs_an_answer_asks_as_the_menu_does(palette, window):
    ask(palette, "rename project")
    press(palette, Qt.Key.Key_Return)
    entry = window.stage.message.entry
    assert entry.isVisible()
    assert entry.hasFocus()
    QTest.keyClicks(entry, "Weiler")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert window.session.state.project.name == "Weiler"


def test_names_on_the_map_and_instants_are_found(palette, window):
    palette.entry.setText("储能电站")  # Qt's tests press no Chinese keys
    entry = palette.model.entries[-1]
    assert entry.title == "储能电站 Storage 3"
    entry.act()
    assert window.session.state.view.selection == (("stores", "s0"),)
    assert ask(palette, "2024-03-31T12:00")[0] == "Go to 2024-03-31T12:00"
    press(palette, Qt.Key.Key_Return)
    assert TIME.at(window.session.state.view.time).isoformat() == "2024-03-31T12:00:00+02:00"


def test_instants_have_names(palette, window):
    assert ask(palette, "lowest load")[0] == "Go to lowest load"
    press(palette, Qt.Key.Key_Return)
    assert window.session.log[-1] == "time.go 'lowest load'"


def test_a_whole_line_of_a_script_runs(palette, window):
    assert ask(palette, "select.only houses h7")[0] == "Run select.only houses h7"
    press(palette, Qt.Key.Key_Return)
    assert window.session.state.view.selection == (("houses", "h7"),)


def test_nothing_fits_says_so(palette):
    assert ask(palette, "qqqqzz") == []
    assert palette.about.text().startswith("Nothing fits")
    press(palette, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_a_click_elsewhere_puts_it_away(palette, window):
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 300))
    assert not palette.isVisible()


def test_every_command_with_a_menu_can_be_found(palette):
    ids = {one.id.split(" ")[0] for one in palette.model.entries}
    wanted = {one.name for one in commands().values() if one.menu}
    assert wanted - ids <= {"select.clear", "time.step", "time.day", "layer.toggle"}


def test_without_a_district_the_demo_can_be_opened_and_the_rest_says_why(make_window):
    window = make_window(State())
    palette = window.desk.palette
    palette.open()
    by_id = {one.id: one for one in palette.model.entries}
    assert by_id["file.demo"].hindrance == ""
    assert by_id["view.fit"].hindrance == "Open a district first"
