"""Files that come to the window, and what is copied and pasted."""

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from tests.gui.hamlet import NOON
from tests.gui.test_window_files import drop, settled
from tests.session.test_sharing import SEEN, picture
from tests.village import write_village
from twinview.gui.answers import AnswerDialog
from twinview.session.answer import Answer
from twinview.session.store import State

pytestmark = pytest.mark.needs_display
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def close(window) -> None:
    for dialog in window.findChildren(AnswerDialog):
        dialog.close()


def test_a_report_says_what_was_read_of_dropped_files(make_window, qtbot, tmp_path):
    houses, grid, curves = write_village(tmp_path)
    window = make_window(State())
    drop(window, [houses, curves])
    settled(window, qtbot)
    qtbot.waitUntil(lambda: window.findChild(AnswerDialog) is not None)
    table = window.findChild(AnswerDialog).table
    assert [table.item(k, 0).text() for k in range(table.rowCount())] == [
        "houses.geojson", "curves.csv"
    ]  # fmt: skip
    window.findChild(AnswerDialog).close()
    qtbot.waitUntil(lambda: window.findChild(AnswerDialog) is None)
    drop(window, [grid])
    qtbot.waitUntil(lambda: window.findChild(AnswerDialog) is not None, timeout=60_000)
    table = window.findChild(AnswerDialog).table
    assert [table.item(k, 0).text() for k in range(table.rowCount())] == ["grid.json"]
    close(window)


def test_a_dropped_picture_brings_its_view_back(window, tmp_path):
    drop(window, [picture(tmp_path / "seen.png")])
    view = window.session.state.view
    assert (view.time, view.overlay, view.selection) == (40, "storage", SEEN.selection)


def test_a_picture_of_something_else_is_a_message(window, tmp_path):
    drop(window, [picture(tmp_path / "other.png", key="Comment")])
    assert "holds no view" in window.stage.message.text.text()


def test_copy_takes_the_view_and_paste_brings_it_to_another_time(window):
    window.run("time.index", 40)
    window.run("overlay.show", "storage")
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_C, CONTROL)
    data = QGuiApplication.clipboard().mimeData()
    assert data.hasImage()
    assert QGuiApplication.clipboard().image().width() >= window.stage.width()
    window.run("time.index", NOON)
    window.run("overlay.show", "power")
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    view = window.session.state.view
    assert (view.time, view.overlay) == (40, "storage")


def test_the_view_is_copied_as_text_alone(window):
    QTest.keyClick(window, Qt.Key.Key_C, CONTROL | SHIFT)
    data = QGuiApplication.clipboard().mimeData()
    assert data.text().startswith("twinview:")
    assert not data.hasImage()


def test_pasting_words_says_that_they_are_no_view(window):
    QGuiApplication.clipboard().setText("some words")
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    assert "no view" in window.stage.message.text.text()


def test_pasted_files_are_opened(window):
    opened = []
    before, window.desk.open_paths = window.desk.open_paths, opened.append
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a b.geojson")])
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(window, Qt.Key.Key_V, CONTROL)
    window.desk.open_paths = before
    assert [str(path) for path in opened[0]] == ["/tmp/a b.geojson"]


def test_marked_rows_of_a_table_are_copied_for_a_spreadsheet(window, qtbot):
    answer = Answer("Title", ("Name", ">Value"), (("one", "1"), ("two\tlines", "2"), ("three", "")))
    dialog = AnswerDialog(answer, window.reading.help, window)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    # Not by `selectRow`, which looks at keys that an earlier test may have left held.
    how = QItemSelectionModel.SelectionFlag
    place = dialog.table.model().index(1, 0)
    dialog.table.selectionModel().select(place, how.ClearAndSelect | how.Rows)
    QTest.keyClick(dialog.table, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "Name\tValue\ntwo lines\t2"
    dialog.table.clearSelection()
    QTest.keyClick(dialog.table, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Name\tValue", "one\t1", "two lines\t2", "three\t"
    ]  # fmt: skip
    dialog.close()
    window.activateWindow()
