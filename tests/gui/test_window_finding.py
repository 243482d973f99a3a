"""Files that are not there, found from the list of problems by mouse; other small dialogs."""

import shutil

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton

from tests.village import write_village
from twinview.gui import finding, shooting
from twinview.session.store import Session

pytestmark = pytest.mark.needs_display
LONG = 60_000


@pytest.fixture
def project(tmp_path):
    """Return the saved project of a village, its files in a folder beside it."""
    (tmp_path / "work" / "raw").mkdir(parents=True)
    session = Session()
    session.run("file.new", *write_village(tmp_path / "work" / "raw"))
    session.run("file.save_as", tmp_path / "work" / "v.twin")
    return tmp_path / "work" / "v.twin"


def finds(part) -> list[QPushButton]:
    """Return the buttons that look for a file."""
    shown = [one for one in part.findChildren(QPushButton) if not one.isHidden()]
    return [one for one in shown if one.text() == "Find..."]


def test_files_that_moved_are_found_from_the_problems(
    project, make_window, tmp_path, monkeypatch, qtbot
):
    away = tmp_path / "away"
    (away / "old" / "raw").mkdir(parents=True)
    for name in ("grid.json", "curves.csv"):
        shutil.move(project.parent / "raw" / name, away / "old" / "raw")
    session = Session()
    session.run("file.open", project)
    window = make_window(session.state)
    window.wishes.show_dock("problems")
    assert len(finds(window.problems)) == 2
    QTest.mouseClick(finds(window.problems)[0], Qt.MouseButton.LeftButton)
    dialog = window.wishes.find_window
    assert dialog.which.currentText() == "raw/grid.json"
    qtbot.waitUntil(lambda: "Nothing was found" in dialog.said.text(), timeout=LONG)
    assert not dialog.use.isEnabled()
    monkeypatch.setattr(finding, "ask_folder", lambda *_a: away)
    QTest.mouseClick(dialog.folder, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.candidates), timeout=LONG)
    cells = [dialog.table.item(0, k).text() for k in range(3)]
    assert cells == [str(away / "old" / "raw" / "grid.json"), "the same", "curves.csv"]
    QTest.mouseClick(dialog.use, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.session.undo_titles != [], timeout=LONG)
    assert "sym_load" in window.session.state.twin.layers
    qtbot.waitUntil(lambda: not dialog.isVisible())
    qtbot.waitUntil(lambda: finds(window.problems) == [], timeout=LONG)


def test_a_project_of_which_nothing_is_there_offers_to_look(project, make_window, qtbot):
    from twinview.session.store import State

    shutil.rmtree(project.parent / "raw")
    window = make_window(State())
    window.run("file.open", project)
    qtbot.waitUntil(lambda: finds(window.stage.message) != [], timeout=LONG)
    assert "nothing of the project is lost" in window.stage.message.text.text()
    QTest.mouseClick(finds(window.stage.message)[0], Qt.MouseButton.LeftButton)
    assert window.wishes.find_window.which.count() == 3
    window.session._open(State())
    assert not window.wishes.find_window.isVisible()


def test_the_dialog_of_a_picture_asks_for_size_and_background(window, monkeypatch, tmp_path):
    window.ask("export.picture")
    dialog, asked = window.wishes.picture_window, []
    monkeypatch.setattr(window, "ask", lambda *said: asked.append(said))
    monkeypatch.setattr(shooting, "ask_save", lambda *_a: tmp_path / "a.png")
    dialog.wide.setFocus()
    dialog.wide.selectAll()
    QTest.keyClicks(dialog.wide, "1200")
    QTest.keyClick(dialog.wide, Qt.Key.Key_Tab)
    assert dialog.size_.currentText() == "Another size"
    at = QPoint(10, dialog.transparent.height() // 2)
    QTest.mouseClick(dialog.transparent, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseClick(dialog.write, Qt.MouseButton.LeftButton)
    assert asked == [("export.picture", tmp_path / "a.png", 1200, 1080, True, False, False, "")]
    assert not dialog.isVisible()
    monkeypatch.setattr(window.desk.live, "on", True)
    dialog.write.click()
    assert asked[-1][5] is True  # what follows the present says how old it is


def test_the_menu_of_a_layer_begins_a_join_for_it(window):
    row = window.layers.rows["houses"]
    row.customContextMenuRequested.emit(row.rect().center())
    menu = next(one for one in window.findChildren(QMenu) if one.isVisible())
    next(one for one in menu.actions() if one.text().startswith("Join a table")).trigger()
    menu.close()
    dialog = window.wishes.join_window
    assert dialog.form.value("layer") == "houses"
    assert not dialog.accept_.isEnabled()
    dialog.close()
