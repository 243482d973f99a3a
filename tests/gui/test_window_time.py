"""The time bar in the window: windows, ranges, zoom, marks, the carpet, instants by text."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.hamlet import NOON, TIME, opened
from twinview.gui.player import SPEEDS
from twinview.model.time import TimeAxis
from twinview.session.marks import Mark

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def dragged(widget, begin: QPoint, end: QPoint) -> None:
    """Drag with the left button."""
    QTest.mousePress(widget, LEFT, pos=begin)
    for k in range(1, 6):
        at = QPointF(begin + (end - begin) * k / 5)
        moved = QMouseEvent(
            QEvent.Type.MouseMove, at, widget.mapToGlobal(at), Qt.MouseButton.NoButton, LEFT, PLAIN
        )
        QApplication.sendEvent(widget, moved)
    QTest.mouseRelease(widget, LEFT, pos=end)


def turned(widget, at: QPoint, by: int, modifiers=PLAIN) -> None:
    """Turn the wheel."""
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), QPoint(0, by),
        Qt.MouseButton.NoButton, modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def window_of(window):
    return window.session.state.view.window


def lane(track, step: float) -> QPoint:
    """Return a place in the lane above the curve."""
    return QPoint(round(track.x_of(step)), 4)


def test_values_over_the_last_hours_are_named_everywhere(window, qtbot):
    window.run("overlay.show", "power")
    window.timebar._window_menu.aboutToShow.emit()
    action = next(one for one in window.timebar._window_menu.actions() if "24" in one.text())
    action.trigger()
    assert window_of(window).kind == "rolling"
    qtbot.waitUntil(lambda: window.canvas.scene.legend.window.startswith("Sum · 24 h"))
    assert window.canvas.scene.legend.unit == "kWh"
    assert window.timebar.window_button.text().startswith("Last 24 h")
    assert window.inspector.over.isVisible()
    titles = [chart.title for chart in window.inspector.charts.values()]
    assert "Load, sum, kWh, this day" in titles
    window.canvas.hovered.emit(("houses", "h3", 3), QPointF(200, 200))
    assert "kWh" in window.stage.hover.lines.text()
    assert "Sum · 24 h" in window.stage.hover.lines.text()
    window.run("time.window", "instant")
    assert not window.inspector.over.isVisible()


def test_keys_set_the_range_and_the_mouse_moves_it(window):
    QTest.keyClick(window, Qt.Key.Key_I)
    window.run("time.index", NOON + 5)
    QTest.keyClick(window, Qt.Key.Key_O)
    assert window_of(window).span(TIME) == range(NOON, NOON + 6)
    track = window.timebar.track
    window.timebar.show_span("day")
    dragged(track, lane(track, NOON + 6), lane(track, NOON + 8.5))
    assert window_of(window).span(TIME) == range(NOON, NOON + 9)
    dragged(track, lane(track, NOON + 2.5), lane(track, NOON - 1.5))
    assert window_of(window).span(TIME) == range(NOON - 4, NOON + 5)
    assert window.session.state.view.time == NOON + 5
    QTest.mouseDClick(track, LEFT, pos=lane(track, NOON - 4))
    assert window_of(window).locked == "begin"
    dragged(track, lane(track, NOON - 4), lane(track, NOON - 7.5))
    assert window_of(window).span(TIME) == range(NOON - 4, NOON + 5)
    assert window.session.state.view.time == NOON + 5
    window.run("time.range_clear")
    dragged(track, lane(track, NOON + 0.5), lane(track, NOON + 3.5))
    assert window_of(window).span(TIME) == range(NOON, NOON + 4)


def test_the_wheel_zooms_where_the_mouse_is(window):
    track = window.timebar.track
    window.timebar.show_span("month")
    wide = track.shown
    at = QPoint(round(track.x_of(NOON + 0.5)), round(track.area.center().y()))
    for _k in range(6):
        turned(track, at, 120)
    assert len(track.shown) < len(wide) / 3
    assert abs(track.index_at(at.x()) - NOON) <= 1
    assert not any(button.isChecked() for button in window.timebar.spans.values())
    assert any(one.title.endswith("as shown") for one in window.inspector.charts.values())
    near = track.shown
    turned(track, at, -120, Qt.KeyboardModifier.ShiftModifier)
    assert track.shown.start > near.start
    assert len(track.shown) == len(near)
    for _k in range(30):
        turned(track, at, -120)
    assert track.shown == range(TIME.count)
    turned(track, at, 120, CTRL)
    assert window.session.state.view.time == NOON + 1


def test_dragging_the_ruler_moves_the_stretch_and_the_stretch_follows_the_clock(window):
    track = window.timebar.track
    window.timebar.show_stretch(range(48, 96))
    low = round(track.area.bottom() + 12)
    x = round(track.area.center().x())
    dragged(track, QPoint(x, low), QPoint(x - round(track.area.width() / 4), low))
    assert track.shown == range(60, 108)
    assert window.session.state.view.time == NOON
    window.run("time.index", 130)
    assert track.shown == range(108, 156)


def test_an_instant_is_found_by_its_name(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_G, CTRL)
    card = window.stage.message
    assert card.entry.completer() is not None
    card.entry.clear()
    QTest.keyClicks(card.entry, "lowest load")
    QTest.keyClick(card.entry, Qt.Key.Key_Return)
    assert window.session.log[-1] == "time.go 'lowest load'"
    assert not card.isVisible()
    window.ask("time.go")
    card.entry.setText("soon")
    QTest.keyClick(card.entry, Qt.Key.Key_Return)
    assert card.waiting
    assert "peak load" in card.text.text()
    window.ask("project.rename")
    assert card.entry.completer() is None


def test_marks_are_ticks_that_can_be_reached(window, qtbot):
    track = window.timebar.track
    window.run("mark.add", "Storm")
    qtbot.waitUntil(lambda: any(one.title == "Storm" for one in track.marks))
    window.run("time.index", NOON - 3)
    QTest.keyClick(window, Qt.Key.Key_Right, CTRL)
    first = window.session.state.view.time
    assert first in {one.step for one in track.marks}
    window.timebar.show_span("day")
    storm = next(one for one in track.marks if one.title == "Storm")
    head = QPoint(round(track.x_of(storm.step + 0.5)), round(track.area.top() + 5))
    window.run("time.index", NOON - 3)
    QTest.mouseMove(track, head)
    QTest.mouseClick(track, LEFT, pos=head)
    assert window.session.state.view.time == NOON
    assert track.mark_at(QPointF(head)) == storm
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: not any(one.title == "Storm" for one in track.marks))


def test_what_can_be_done_at_an_instant(window, qtbot):
    window.run("mark.add", "Storm")
    track = window.timebar.track
    track.menu_wanted.emit(NOON, Mark(NOON, "note", "Storm"), window.mapToGlobal(QPoint(300, 300)))
    menu = next(one for one in window.timebar.findChildren(QMenu) if one.isVisible())
    texts = {one.text().split("\t")[0]: one for one in menu.actions()}
    texts["Range begins here"].trigger()
    assert window_of(window).begin == TIME.seconds(NOON)
    texts["Remove 'Storm'"].trigger()
    assert window.session.state.project.marks == ()
    menu.hide()


def test_pages_on_the_carpet_go_by_months_and_not_the_window(make_window, qtbot):
    year = TimeAxis(1_704_063_600, 3600, 8784, "Europe/Berlin")  # 2024 from its first hour
    state = opened()
    twin = replace(state.twin, time=year, series={})
    window = make_window(replace(state, twin=twin, view=replace(state.view, time=30 * 24 + 18)))
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    carpet = window.timebar.carpet
    qtbot.waitUntil(carpet.isVisible)
    carpet.setFocus()
    camera, found = window.canvas.camera, []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_PageUp):
        QTest.keyClick(carpet, key)
        found.append(f"{year.at(window.session.state.view.time):%m-%d %H:%M}")
    # February is short, and months go on from the day that is shown.
    assert found == ["02-29 18:00", "03-29 18:00", "02-29 18:00", "01-29 18:00"]
    assert window.canvas.camera == camera


def test_the_carpet_goes_anywhere(window, qtbot):
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    carpet = window.timebar.carpet
    qtbot.waitUntil(carpet.isVisible)
    assert carpet.total.quantity == "carbon_intensity"
    place = carpet.rect_of(100).center().toPoint()
    QTest.mouseClick(carpet, LEFT, pos=place)
    assert window.session.state.view.time == 100
    carpet.setFocus()
    QTest.keyClick(carpet, Qt.Key.Key_Right)
    QTest.keyClick(carpet, Qt.Key.Key_Down)
    assert window.session.state.view.time == 125
    window.run("overlay.show", "power")
    assert carpet.total.quantity == "load"
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    assert not carpet.isVisible()


def test_days_that_do_not_count_are_stepped_over(window):
    window.run("time.days", "weekends")
    window.run("time.go", "2024-03-31T23:00")  # a Sunday; the next week-end begins on the 6th
    window.canvas.setFocus()
    QTest.keyClick(window, Qt.Key.Key_Right)
    when = TIME.at(window.session.state.view.time)
    assert when.strftime("%Y-%m-%dT%H:%M") == "2024-04-06T00:00"
    assert window.timebar.player.keep is not None


def test_the_menu_combines_days_and_seasons(window):
    bar = window.timebar
    window.session._set(
        replace(window.session.state,
                twin=replace(window.session.state.twin, holidays=(date(2024, 4, 1),)))
    )  # fmt: skip

    def choose(text: str) -> None:
        bar._fill_window()
        days = bar._window_menu.actions()[-1].menu()
        next(one for one in days.actions() if one.text() == text).trigger()

    choose("Monday to Friday without holidays")
    choose("March to May")
    held = window_of(window)
    assert (held.days, held.season, held.holidays) == ("workdays", "spring", ())
    bar._fill_window()
    days = bar._window_menu.actions()[-1].menu()
    assert [one.text() for one in days.actions() if one.isChecked()] == [
        "Monday to Friday without holidays", "March to May",
    ]  # fmt: skip
    assert "holidays" in bar.window_button.toolTip()
    # Without Monday, 1 April: Friday the 29th, Tuesday to Friday, and an hour of the 8th.
    assert bar.player.keep.sum() == 5 * 24 + 1
    choose("weekends and holidays")
    choose("all days")
    choose("the whole year")
    assert bar.player.keep is None


def test_holidays_are_named_below_the_days_that_count(window):
    bar = window.timebar
    bar._fill_window()
    days = bar._window_menu.actions()[-1].menu()
    next(one for one in days.actions() if one.text() == "Holidays...").trigger()
    entry = window.stage.message.entry
    assert entry.hasFocus()
    QTest.keyClicks(entry, "2024-04-01, 2024-03-29")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert window.session.state.twin.holidays == (date(2024, 3, 29), date(2024, 4, 1))
    window.run("time.days", "workdays")
    assert bar.player.keep.sum() == 4 * 24 + 1
    window.ask("time.holidays")
    assert entry.text() == "2024-03-29, 2024-04-01"  # to be added to
    QTest.keyClick(entry, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.session.state.twin.holidays == ()
    assert bar.player.keep.sum() == 6 * 24 + 1


def test_a_speed_is_typed(window):
    window.timebar.set_speed(len(SPEEDS))  # the last line of the menu: another one
    card = window.stage.message
    assert card.entry.isVisible()
    card.entry.setText("30min/s")
    QTest.keyClick(card.entry, Qt.Key.Key_Return)
    assert window.timebar.player.speed == 0.5
    assert window.timebar.speed_button.text().startswith("0.5 h/s")
    QTest.keyClick(window, Qt.Key.Key_L)
    assert window.timebar.player.speed == 1.0
    window.timebar.player.pause()
    window.timebar.set_speed(2)


def test_months_as_steps(window):
    window.timebar.set_step(5)
    QTest.keyClick(window, Qt.Key.Key_Right)
    when = TIME.at(window.session.state.view.time)
    assert when.strftime("%Y-%m-%dT%H:%M") == "2024-04-06T12:00"


def test_the_player_shows_steps_of_the_chosen_length(window, qtbot):
    bar = window.timebar
    bar.set_step(4)  # days
    bar.play_at(168.0)
    assert "1 day" in bar.speed_button.toolTip()
    bar.player.play()
    qtbot.waitUntil(lambda: window.session.state.view.time != NOON)
    bar.player.pause()
    assert TIME.at(window.session.state.view.time).strftime("%H:%M") == "12:00"
    bar.loop_button.click()  # a day holds one of them: that is said, and nothing moves
    bar.player.play()
    assert not bar.player.playing
    assert "shorter steps" in window.stage.message.text.text()
    bar.loop_button.click()
    bar.set_speed(2)


def test_smooth_playing_says_that_it_interpolates(window, qtbot):
    window.timebar.smooth(True)
    window.timebar.player.between.emit(NOON, 0.5)
    assert window.session.state.view.between == 0.5
    qtbot.waitUntil(lambda: window.canvas.scene.clock.time == "12:30")
    assert window.canvas.scene.legend.window == "Interpolated between two steps"
    assert window.timebar.clock[1].text() == "12:30"
    assert window.inspector.over.text() == "Values of the step at 12:00"
    QTest.keyClick(window, Qt.Key.Key_Right)
    assert (window.session.state.view.time, window.session.state.view.between) == (NOON + 1, 0.0)
    assert not window.inspector.over.isVisible()
    window.timebar.smooth(False)
