"""Preferences: they hold at once, are kept, and keys cannot be taken unseen."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.gui.hamlet import NOON
from twinview.gui import style
from twinview.gui.moving import motion_allowed
from twinview.gui.preferences import Preferences
from twinview.i18n import language
from twinview.scene.manner import Manner, set_manner
from twinview.session import settings

pytestmark = pytest.mark.needs_display


@pytest.fixture
def preferences(window):
    """Return the preferences of a window, called by their key; all is put back afterwards."""
    before = window.settings
    QTest.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    found = window.findChild(Preferences)
    assert found.isVisible()
    yield found
    found.close()
    window.settings = replace(before, keys=())
    window.desk.reset_keys()
    window.canvas.motion.level = ""
    window.canvas.motion.expect(1)
    set_manner(Manner())
    style.set_contrast(False)
    style.dress(window._application(), window.theme)


def choose(preferences, name: str, value: str) -> None:
    """Choose a line of a box by the keyboard, as a user does."""
    box = preferences.boxes[name]
    steps = box.findData(value) - box.currentIndex()
    key = Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up
    for _k in range(abs(steps)):
        QTest.keyClick(box, key)
    box.activated.emit(box.currentIndex())
    assert box.currentData() == value


def test_times_are_written_anew_at_once_and_the_choice_is_kept(window, preferences, qtbot):
    choose(preferences, "hours", "12")
    qtbot.waitUntil(lambda: window.canvas.scene.clock.time == "12:00 pm")
    assert settings.load().hours == "12"
    choose(preferences, "hours", "")
    qtbot.waitUntil(lambda: window.canvas.scene.clock.time == "12:00")


def test_language_switches_without_losing_anything(window, preferences):
    window.run("select.only", "houses", "h7")
    window.run("project.rename", "Weiler")
    window.run("layer.toggle", "cables")
    window.docks["scenario"].show()
    choose(preferences, "language", "zh_CN")
    assert language() == "zh_CN"
    view = window.session.state.view
    assert (view.selection, view.time, view.hidden) == ((("houses", "h7"),), NOON, {"cables"})
    assert window.session.state.project.name == "Weiler"
    assert window.session.undo_title
    assert window.docks["scenario"].isVisible()
    assert preferences.isVisible()
    window.docks["scenario"].hide()
    choose(preferences, "language", "en")
    assert language() == "en"


def test_the_system_language_stays_the_system_s(preferences):
    choose(preferences, "language", "en")
    choose(preferences, "language", "")
    assert settings.load().language == ""


def test_reduced_motion_and_quality(window, preferences):
    preferences.checks["reduced_motion"].click()
    assert not motion_allowed()
    assert not window.isAnimated()
    window.canvas.move_arrows(True)
    assert not window.canvas.travelling.on
    preferences.checks["reduced_motion"].click()
    assert motion_allowed()
    choose(preferences, "quality", "quick")
    window.canvas.motion.begin()
    assert window.canvas.motion.pace.quality.scale == 3
    choose(preferences, "quality", "fine")
    window.canvas.motion.begin()
    assert window.canvas.motion.pace.quality.scale == 1
    assert not window.canvas.motion.pace.quality.levels


def test_high_contrast_is_black_on_white(preferences, window):
    choose(preferences, "contrast", "high")
    look = style.look_now()
    assert {look.panel, look.text} == {"#000000", "#ffffff"}
    assert look.text_soft == look.text
    choose(preferences, "contrast", "usual")
    assert style.look_now().text_soft != style.look_now().text


def test_cards_over_the_view_wear_high_contrast_too(preferences, window):
    def seen(name: str) -> QImage:
        """Return a card on magenta, which shows through where it is not opaque."""
        card = window.stage.hud.cards[name]
        made = QImage(card.size(), QImage.Format.Format_ARGB32)
        made.fill(QColor("#ff00ff"))
        card.render(made, QPoint(), card.rect(), QWidget.RenderFlag.DrawChildren)
        return made

    cards = ("legend", "readouts", "scale")
    assert all(seen(name).pixelColor(20, 3).name() != "#ffffff" for name in cards)
    choose(preferences, "contrast", "high")
    for name in cards:  # black lines around opaque white
        assert seen(name).pixelColor(20, 3).name() == "#ffffff"
        assert seen(name).pixelColor(0, seen(name).height() // 2).name() == "#000000"
    choose(preferences, "contrast", "usual")
    assert all(seen(name).pixelColor(20, 3).name() != "#ffffff" for name in cards)


def test_high_contrast_follows_the_system_until_the_user_chooses(preferences, window, monkeypatch):
    hints = QGuiApplication.styleHints()
    changed = hints.accessibility().contrastPreferenceChanged
    monkeypatch.setattr(style, "system_contrast", lambda: True)
    changed.emit(Qt.ContrastPreference.HighContrast)
    assert style.look_now().strong
    choose(preferences, "contrast", "usual")
    changed.emit(Qt.ContrastPreference.HighContrast)
    assert not style.look_now().strong
    choose(preferences, "contrast", "")
    assert style.look_now().strong


def test_a_wish_for_high_contrast_of_an_earlier_version_is_kept():
    settings.file().parent.mkdir(parents=True, exist_ok=True)
    settings.file().write_text('{"contrast": true}')
    assert settings.load().contrast == "high"
    settings.file().write_text('{"contrast": false}')
    assert settings.load().contrast == ""


def line_of(keys, name: str):
    """Mark a line of the list of keys."""
    for k in range(keys.list.topLevelItemCount()):
        item = keys.list.topLevelItem(k)
        if item.data(0, Qt.ItemDataRole.UserRole) == name:
            keys.list.setCurrentItem(item)
            return item
    raise AssertionError(name)


def test_a_key_is_changed_used_kept_and_put_back(window, preferences, qtbot):
    keys = preferences.keys
    preferences.tabs.setCurrentWidget(keys)
    line_of(keys, "time.start")
    QTest.keyClick(keys.field, Qt.Key.Key_F6)
    assert keys.take.isEnabled()
    QTest.mouseClick(keys.take, Qt.MouseButton.LeftButton)
    assert line_of(keys, "time.start").text(1) == "F6"
    assert settings.load().keys == ("time.start\tF6",)
    preferences.hide()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F6)
    assert window.session.state.view.time == 0
    assert ("F6", "First step") in window.actions_.key_table()
    window.desk.bind("time.start", None)
    assert window.actions_.actions["time.start"].shortcut() == QKeySequence("Home")
    assert settings.load().keys == ()


def test_a_key_that_is_taken_says_whose_it_is(window, preferences):
    keys = preferences.keys
    preferences.tabs.setCurrentWidget(keys)
    line_of(keys, "time.start")
    keys.field.setKeySequence(QKeySequence("Ctrl+Y"))
    assert "already the key of 'Redo'" in keys.note.text()
    assert keys.take.text() == "Take it"
    QTest.mouseClick(keys.take, Qt.MouseButton.LeftButton)
    assert window.desk.owner_of("Ctrl+Y") == "time.start"
    assert window.desk.keys_of("edit.redo") == ["Ctrl+Shift+Z"]
    QTest.mouseClick(keys.reset_all, Qt.MouseButton.LeftButton)
    assert window.desk.owner_of("Ctrl+Y") == "edit.redo"


def test_a_key_that_flies_says_so_and_does_not_fly_any_more(window, preferences, qtbot):
    keys = preferences.keys
    preferences.tabs.setCurrentWidget(keys)
    line_of(keys, "time.start")
    QTest.keyClick(keys.field, Qt.Key.Key_W)
    assert "(In the view: Fly ahead, left, back, right) and would not" in keys.note.text()
    QTest.mouseClick(keys.take, Qt.MouseButton.LeftButton)
    preferences.hide()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.canvas.setFocus()
    camera = window.canvas.camera
    QTest.keyClick(window.canvas, Qt.Key.Key_W)
    assert window.session.state.view.time == 0
    assert window.canvas.camera == camera


def test_the_page_of_keys_lists_those_of_one_place_only(window):
    table = window.actions_.key_table()
    assert (", · .", "While two pictures are swiped: Move the line left, right") in table
    assert ("W · A · S · D", "Fly ahead, left, back, right") in table
    headings = [heading for heading, _rows in window.actions_.key_groups()]
    assert headings[-2:] == ["On a histogram", "On the time bar"]


def test_keys_are_searched_by_title_and_by_key(preferences):
    keys = preferences.keys
    keys.search.setText("undo")
    assert keys.list.topLevelItem(0).text(0) == "Undo"
    keys.search.setText("F11")
    assert "Full screen" in {
        keys.list.topLevelItem(k).text(0) for k in range(keys.list.topLevelItemCount())
    }


def test_no_two_actions_are_delivered_with_the_same_key(window):
    owners: dict[str, str] = {}
    for name in window.actions_.actions:
        for key in window.desk.keys_of(name):
            assert key not in owners or {name, owners[key]} <= {"gui.escape", "select.clear"}
            owners[key] = name


def test_memory_for_large_cities_is_kept_and_holds_at_once(window, preferences):
    assert window.stage.arrivals.share == 0.5
    choose(preferences, "memory", "quarter")
    assert settings.load().memory == "quarter"
    assert window.stage.arrivals.share == 0.25
    choose(preferences, "memory", "")
    assert window.stage.arrivals.share == 0.5
