"""Pictures by keys: as the last one, numbered beside it, bare; nothing is written over."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from twinview.gui import shooting
from twinview.gui.shooting import Choices, Shooting, beside, kept, known
from twinview.session import settings

pytestmark = pytest.mark.needs_display
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def asked(window, monkeypatch, tmp_path):
    """Return what the window is asked to do, and a place that is named when it asks."""
    said, places = [], []

    def place(*_question):
        places.append(tmp_path / "a.png")
        return places[-1]

    window.settings = replace(window.settings, picture=())
    window.wishes.shooting.__init__(window)
    ask = window.ask
    monkeypatch.setattr(
        window, "ask", lambda *words: said.append(words) if words[1:] else ask(*words)
    )
    monkeypatch.setattr(shooting, "ask_save", place)
    said.append(places)
    yield said
    window.wishes.shooting.__init__(window)


def test_f12_asks_for_a_place_once_and_numbers_what_follows(window, asked, tmp_path):
    places = asked.pop()
    for _k in range(3):
        QTest.keyClick(window, Qt.Key.Key_F12)
    assert places == [tmp_path / "a.png"]
    assert [words[1].name for words in asked] == ["a.png", "a-2.png", "a-3.png"]
    assert {words[2:] for words in asked} == {(1920, 1080, False, False, False, "")}


def test_ctrl_f12_writes_nothing_on_it_this_once(window, asked):
    asked.pop()
    QTest.keyClick(window, Qt.Key.Key_F12, CTRL)
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert [words[6] for words in asked] == [True, False]


def test_shift_f12_opens_the_dialog_whose_choices_f12_takes_again(window, asked):
    asked.pop()
    QTest.keyClick(window, Qt.Key.Key_F12, SHIFT)
    dialog = window.wishes.picture_window
    assert dialog.isVisible()
    dialog.wide.setValue(640)
    dialog.high.setValue(400)
    dialog.title.setText("A winter evening")
    QTest.mouseClick(dialog.write, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert [words[2:] for words in asked] == 2 * [
        (640, 400, False, False, False, "A winter evening")
    ]
    assert settings.load().picture == ("640", "400")
    dialog.written.setChecked(False)
    assert not dialog.title.isEnabled()


def test_the_keys_are_those_of_the_page(window):
    table = dict(window.actions_.key_table())
    assert table["F12"] == "Picture as the last one"
    assert table["Shift+F12"] == "Picture..."
    assert table["Ctrl+F12"] == "Bare picture as the last one"


def test_another_project_is_asked_for_its_place_anew(window, asked):
    places = asked.pop()
    QTest.keyClick(window, Qt.Key.Key_F12)
    window.run("project.rename", "Another")
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert len(places) == 2


def test_files_that_exist_keep_their_names(tmp_path):
    for name in ("a.png", "a-2.png"):
        (tmp_path / name).touch()
    assert beside(tmp_path / "a.png", ()) == tmp_path / "a-3.png"
    assert beside(tmp_path / "a.png", {tmp_path / "a-3.png"}) == tmp_path / "a-4.png"


def test_choices_are_kept_and_found_again():
    bare = Choices(1200, 800, transparent=True, bare=True, title="of one district")
    assert known(kept(bare)) == Choices(1200, 800, transparent=True, bare=True)
    assert known(()) == Choices()


def test_a_window_begins_with_the_choices_of_last_time(window, monkeypatch):
    kept_before = replace(window.settings, picture=("300", "200", "bare"))
    monkeypatch.setattr(window, "settings", kept_before)
    assert Shooting(window).choices == Choices(300, 200, bare=True)
