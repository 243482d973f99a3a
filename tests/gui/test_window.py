"""The window, driven by mouse and keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from tests.gui.hamlet import HOUSES, NOON, TIME
from twinview.render import camera as cameras

pytestmark = pytest.mark.needs_display


def place_of(window, element: str) -> QPoint:
    """Return where a house is seen on the canvas."""
    layer = window.session.state.twin.layers["houses"]
    point = layer.geometry.centres[layer.row_of[element]] + [0, 0, 5]
    canvas = window.canvas
    x, y, _ = cameras.project(point[None], canvas.camera, (canvas.width(), canvas.height()))[0]
    return QPoint(round(x), round(y))


def test_the_hamlet_is_seen(window):
    assert window.timebar.isVisible()
    assert window.layers.rows.keys() == {"houses", "cables", "stores"}
    assert window.canvas.scene.clock.time == "12:00"
    assert not window.stage.start.isVisible()
    image = window.canvas.grab().toImage()
    colours = {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 20)
        for y in range(0, image.height(), 20)
    }
    assert len(colours) > 20


def test_dragging_the_handle_across_the_day(window, qtbot):
    track = window.timebar.track
    y = round(track.area.center().y())
    left, right = (
        QPoint(round(track.x_of(i + 0.5)), y) for i in (track.shown.start, track.shown.stop - 1)
    )
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=left)
    assert window.session.state.view.time == track.shown.start
    seen = []
    window.session.listen(lambda _old, new: seen.append(new.view.time))
    for x in range(left.x(), right.x() + 1, 5):
        QTest.mouseMove(track, QPoint(x, y))
        qtbot.mouseMove(track, QPoint(x, y))
    track.chosen.emit(track.shown.stop - 1)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=right)
    assert window.session.state.view.time == track.shown.stop - 1
    qtbot.waitUntil(lambda: window.canvas.scene.view.time == track.shown.stop - 1)
    assert window.canvas.scene.clock.time == "23:00"


def test_many_slider_events_give_few_draws_and_the_last_is_right(window, qtbot):
    before = window.canvas.draws
    for k in range(200):
        window.timebar.track.chosen.emit(24 + k % 24)
    qtbot.waitUntil(lambda: window.canvas.scene.view.time == window.session.state.view.time)
    assert window.canvas.draws - before <= 3
    assert window.canvas.scene.view.time == 24 + 199 % 24


def test_keys_move_time(window):
    keys = (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, NOON + 1),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, NOON),
        # The night to the 31st has 23 hours.
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier, NOON + 23),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 0),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, TIME.count - 1),
    )
    window.canvas.setFocus()
    for key, modifier, wanted in keys:
        QTest.keyClick(window, key, modifier)
        assert window.session.state.view.time == wanted


def test_playing_and_pausing(window, qtbot):
    window.timebar.set_speed(4)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert window.timebar.player.playing
    qtbot.waitUntil(lambda: window.session.state.view.time > NOON, timeout=5000)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not window.timebar.player.playing


def test_clicking_a_house_shows_its_curve(window, qtbot):
    at = place_of(window, "h22")
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert window.session.state.view.selection == (("houses", "h22"),)
    series = window.session.state.twin.find("houses", "consumption")
    chart = window.inspector.charts["consumption"]
    np.testing.assert_array_equal(chart.values, series.of(22))
    assert chart.index == NOON
    assert "h22" in window.inspector.title.text()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.session.state.view.selection == ()


def test_the_curves_show_the_stretch_of_the_time_bar(window):
    window.run("select.only", "houses", "h7")
    chart = next(iter(window.inspector.charts.values()))
    assert chart.title.endswith("this day")
    button = window.timebar.spans["week"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert chart.title.endswith("this week")
    assert chart.shown == window.timebar.track.shown


def test_the_district_says_where_its_data_come_from(window):
    from dataclasses import replace

    state = window.session.state
    twin = replace(state.twin, about="Invented by a test.")
    window.session._set(replace(state, twin=twin))
    assert window.inspector.about.text() == "Invented by a test."
    window.run("select.only", "houses", "h7")
    assert window.inspector.about.text() == ""


def test_ctrl_click_adds(window):
    for element, modifier in (
        ("h22", Qt.KeyboardModifier.NoModifier),
        ("h24", Qt.KeyboardModifier.ControlModifier),
    ):
        QTest.mouseClick(
            window.canvas, Qt.MouseButton.LeftButton, modifier, place_of(window, element)
        )
    assert window.session.state.view.selection == (("houses", "h22"), ("houses", "h24"))


def test_hovering_says_value_unit_and_time(window):
    window.canvas.hovered.emit(("houses", "h3", 3), place_of(window, "h3").toPointF())
    card = window.stage.hover
    assert card.isVisible()
    assert "g/kWh" in card.lines.text()
    assert "12:00 CET" in card.lines.text()
    window.canvas.hovered.emit(("houses", "h59", HOUSES - 1), place_of(window, "h3").toPointF())
    assert "No data" in card.lines.text()
    window.canvas.hovered.emit(None, QPoint().toPointF())
    assert not card.isVisible()


def test_switching_overlays(window, qtbot):
    for name in ("power", "storage", "attribute", "carbon"):
        QTest.mouseClick(window.topbar.overlays[name], Qt.MouseButton.LeftButton)
        assert window.session.state.view.overlay == name
        qtbot.waitUntil(lambda name=name: window.canvas.scene.view.overlay == name)
    assert not window.topbar.overlays["loading"].isEnabled()


def test_an_eye_hides_a_layer(window, qtbot):
    QTest.mouseClick(window.layers.rows["houses"].eye, Qt.MouseButton.LeftButton)
    assert window.session.state.view.hidden == {"houses"}
    qtbot.waitUntil(lambda: "houses" not in window.canvas.scene.paints)


def test_dragging_turns_the_camera_and_tells_the_session_once(window, qtbot):
    told = []
    window.session.listen(lambda old, new: told.append(new.view.camera != old.view.camera))
    before = cameras.pose(window.canvas.camera)
    middle = window.canvas.rect().center()
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=middle)
    for k in range(1, 11):
        QTest.mouseMove(window.canvas, middle + QPoint(6 * k, -2 * k))
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, -20))
    after = cameras.pose(window.canvas.camera)
    assert abs(after.bearing - before.bearing) > 5
    assert told == [True]
    assert window.session.state.view.camera == window.canvas.camera
    assert window.session.state.view.selection == ()


def test_the_wheel_zooms(window):
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QWheelEvent

    before = cameras.pose(window.canvas.camera).distance
    middle = QPointF(window.canvas.rect().center())
    turned = QWheelEvent(
        middle, window.canvas.mapToGlobal(middle), QPoint(), QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    window.canvas.wheelEvent(turned)
    assert cameras.pose(window.canvas.camera).distance < before * 0.7


def test_chinese_at_once_and_back(window):
    for say in (window.stage.message.notice, window.stage.message.error):
        window.ask("view.language", "en")
        say("Said in English.")
        assert window.stage.message.isVisible()
        window.ask("view.language", "zh_CN")
        assert not window.stage.message.isVisible()
    assert window.topbar.language.text() == "EN"
    assert window.settings.language == "zh_CN"
    window.ask("view.language", "en")
    assert window.topbar.language.text() == "中文"


def test_the_theme_changes_everything(window, qtbot):
    window.choose_theme("dark")
    assert window.session.state.view.theme == "dark"
    assert window.palette().window().color().lightnessF() < 0.3
    qtbot.waitUntil(lambda: window.canvas.scene.theme == "dark")
    window.choose_theme("light")


def test_the_theme_is_the_systems_until_one_is_chosen(window, monkeypatch):
    changed = QGuiApplication.styleHints().colorSchemeChanged
    window.settings = replace(window.settings, theme="")
    for theme in ("dark", "light"):
        monkeypatch.setattr("twinview.gui.window.system_theme", lambda theme=theme: theme)
        changed.emit(Qt.ColorScheme.Unknown)
        assert (window.theme, window.session.state.view.theme) == (theme, theme)
    window.choose_theme("light")
    monkeypatch.setattr("twinview.gui.window.system_theme", lambda: "dark")
    changed.emit(Qt.ColorScheme.Dark)
    assert (window.theme, window.session.state.view.theme) == ("light", "light")


def test_undo_and_redo_of_an_edit(window):
    window.run("project.rename", "Upper Hamlet")
    assert window.topbar.name.text() == "Upper Hamlet •"
    assert window.topbar.undo.isEnabled()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.topbar.name.text() == "Hamlet"
    QTest.keyClick(
        window,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert window.topbar.name.text() == "Upper Hamlet •"


def test_a_wish_that_cannot_be_done_is_a_message(window):
    assert not window.run("overlay.show", "nonsense")
    assert window.stage.message.isVisible()
    assert "nonsense" in window.stage.message.text.text()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.stage.message.isVisible()


def test_a_name_is_asked_for_in_the_window(window):
    window.ask("project.rename")
    card = window.stage.message
    assert card.entry.isVisible()
    card.entry.setText("Lower Hamlet")
    QTest.keyClick(card.entry, Qt.Key.Key_Return)
    assert window.session.state.project.name == "Lower Hamlet"


def test_a_message_over_another_one_has_room_for_its_buttons(window):
    from PySide6.QtWidgets import QPushButton

    card = window.stage.message
    card.error("First.")
    card.error("Second.", [("Do it", lambda: None)])
    button = next(one for one in card.findChildren(QPushButton) if one.text() == "Do it")
    assert button.isVisible()
    assert card.height() >= card.minimumSizeHint().height()
    card.hide()


def test_yes_or_no_is_asked_with_two_buttons(window):
    from PySide6.QtWidgets import QPushButton

    window.ask("project.netting")
    card = window.stage.message
    assert card.waiting
    assert not card.entry.isVisible()
    button = next(one for one in card.findChildren(QPushButton) if one.text() == "No")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.session.state.project.settings.netting is False


def test_the_keys_come_and_go(window, qtbot):
    from twinview.gui.help import KeysDialog

    for close in (Qt.Key.Key_Escape, Qt.Key.Key_Question):
        QTest.keyClick(window, Qt.Key.Key_Question)
        sheet = window.findChild(KeysDialog)
        assert sheet.isVisible()
        headings = [heading for heading, _rows in sheet.shown]
        assert headings[:3] == ["File", "Edit", "Select"]
        assert "In the view" in headings
        sheet.search.setText("redo")
        assert sheet.shown == [("Edit", [("Ctrl+Shift+Z · Ctrl+Y", "Redo")])]
        sheet.search.setText("zzzz")
        assert sheet.shown == []
        QTest.keyClick(window, close)
        qtbot.waitUntil(lambda: window.findChild(KeysDialog) is None)


def test_the_lines_of_keys_stand_evenly_whatever_wraps_beside_them(window, qtbot):
    from twinview.gui.help import KeysDialog

    QTest.keyClick(window, Qt.Key.Key_Question)
    sheet = window.findChild(KeysDialog)
    qtbot.waitUntil(sheet.isVisible)
    times = {what for _keys, what in dict(sheet.shown)["Time"]}
    lines = [one for one in sheet.findChildren(QLabel) if one.text() in times]
    assert len(lines) == len(times) > 8
    tops = sorted(one.mapTo(sheet, one.rect().center()).y() for one in lines)
    assert len(set(np.diff(tops))) == 1
    sheet.close()


def test_only_the_city(window):
    QTest.keyClick(window, Qt.Key.Key_F11, Qt.KeyboardModifier.ControlModifier)
    assert not window.timebar.isVisible()
    assert "clock" in window.stage.hud.taken
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.timebar.isVisible()


def test_the_start_page_when_nothing_is_open(make_window):
    from twinview.session.store import State

    window = make_window(State())
    assert window.stage.start.isVisible()
    assert not window.timebar.isVisible()
    assert window.stage.start.demo.isVisible()


def test_a_question_of_a_file_is_asked_in_the_window(window, tmp_path, qtbot):
    from PySide6.QtWidgets import QPushButton

    from twinview.model.problem import NeedsAnswer
    from twinview.session.command import find

    window.doer._last["file.new"] = (tmp_path / "gone.shp",)
    question = NeedsAnswer("Which system? Answer with --crs.", "--crs", ["EPSG:25832", "EPSG:4326"])
    window.doer.failed(find("file.new"), question)
    card = window.stage.message
    assert card.waiting
    button = next(
        one for one in card.findChildren(QPushButton) if one.text().startswith("EPSG:25832 ")
    )
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.session.log[-1].startswith("file.new_with crs=EPSG:25832 ")
    # The file is not there: that is said, and the hamlet stays.
    qtbot.waitUntil(lambda: card.waiting and "gone.shp" in card.text.text())
    assert window.session.state.twin.name == "Hamlet"


@pytest.mark.expected_logs("a slot failed")
def test_the_unexpected_is_a_message_with_a_report_to_copy(window):
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QPushButton

    try:
        raise ZeroDivisionError("by chance")
    except ZeroDivisionError as error:
        window.doer.unexpected(error, "a slot")
    button = window.stage.message.findChildren(QPushButton)[-1]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert "ZeroDivisionError: by chance" in QGuiApplication.clipboard().text()


def test_overlays_come_back_when_the_word_beside_them_goes(window, qtbot):
    bar = window.topbar
    bar.scenario.note.setVisible(False)
    narrow = bar.layout().sizeHint().width() + 20
    window.setMinimumWidth(0)
    window.resize(max(narrow, 960), window.height())
    whole = [one for one in bar.overlays.values() if not one.isHidden()]
    bar.scenario.note.setText("x" * 60)
    bar.scenario.note.setVisible(True)
    qtbot.waitUntil(bar.more.isVisible)
    bar.scenario.note.setVisible(False)
    qtbot.waitUntil(lambda: [one for one in bar.overlays.values() if not one.isHidden()] == whole)
