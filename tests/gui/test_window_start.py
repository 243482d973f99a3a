"""The start page: sample, recent projects with pictures, lost work, language and theme."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from twinview.gui import pictures
from twinview.i18n import language
from twinview.scene.view import View
from twinview.session import settings
from twinview.session.project import Project, save
from twinview.session.store import State

pytestmark = pytest.mark.needs_display


@pytest.fixture
def projects(tmp_path):
    """Write two projects, list them and one that is gone, and return their files."""
    files = [tmp_path / f"{name}.twin" for name in ("one & two", "three", "gone")]
    for file in files[:2]:
        save(file, Project(name=file.stem), View())
    settings.save(settings.Settings(recent=tuple(str(file) for file in files)))
    return files


@pytest.fixture
def start(make_window, projects):
    """Return the start page of a window with recent projects."""
    return make_window(State()).stage.start


def test_recent_projects_are_listed_and_what_is_gone_says_so(start, projects, qtbot):
    rows = start.recent.rows
    assert list(rows) == projects
    qtbot.waitUntil(lambda: rows[projects[2]].missing)
    assert not rows[projects[0]].missing
    assert not rows[projects[2]].button.isEnabled()
    assert "not there" in rows[projects[2]].where.text()


def test_a_project_is_taken_out_of_the_list_with_its_picture(start, projects):
    place = pictures.place_of(projects[1])
    place.parent.mkdir(parents=True)
    place.write_bytes(b"")
    QTest.mouseClick(start.recent.rows[projects[1]].remove, Qt.MouseButton.LeftButton)
    assert list(start.recent.rows) == [projects[0], projects[2]]
    assert settings.load().recent == (str(projects[0]), str(projects[2]))
    assert not place.exists()


def test_a_click_on_a_line_opens_the_project(start, projects):
    opened = []
    start.opened.disconnect()
    start.opened.connect(opened.append)
    QTest.mouseClick(start.recent.rows[projects[0]].where, Qt.MouseButton.LeftButton)
    QTest.keyClick(start.recent.rows[projects[1]].button, Qt.Key.Key_Space)
    assert opened == [projects[0], projects[1]]


def test_saving_keeps_a_picture_that_the_page_shows(window, tmp_path):
    file = tmp_path / "hamlet.twin"
    window.run("file.save_as", file)
    picture = QImage(str(pictures.place_of(file)))
    assert picture.size() == pictures.SIZE
    colours = {picture.pixelColor(x, y).name() for x in range(0, 480, 16) for y in range(0, 270, 9)}
    assert len(colours) > 20
    assert window.settings.recent[0] == str(file)


def test_the_sample_has_a_picture_of_each_theme(start):
    assert not start.picture._image.isNull()
    light = start.picture._file
    start.asked.emit("theme")
    assert not start.picture._image.isNull()
    assert start.picture._file != light


def test_language_is_switched_there(start):
    QTest.mouseClick(start.language, Qt.MouseButton.LeftButton)
    assert language() == "zh_CN"
    assert start.language.text().strip() == "English"
    QTest.mouseClick(start.language, Qt.MouseButton.LeftButton)
    assert language() == "en"
