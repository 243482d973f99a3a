"""The calendar of 'Go to time': days and times of the data, by mouse and keys, beside the field."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from tests.gui.hamlet import NOON, TIME, opened
from twinview.gui.daypicker import DayPicker, steps_on
from twinview.gui.localkeys import PLACES
from twinview.gui.monthview import KEYS, dates_of, later
from twinview.gui.translate import speak
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT
from twinview.session.when import written

pytestmark = pytest.mark.needs_display
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton
AUTUMN = TimeAxis(1_729_893_600, 3600, 72, "Europe/Berlin")
"""Three days from 2024-10-26, of which the second has 25 hours."""


@pytest.fixture(autouse=True)
def list_closed(window):
    """Leave no list of completions open, which is a window of its own."""
    yield
    window.stage.message.notice("")
    window.stage.message.hide()


def asked(window) -> DayPicker:
    """Press the key of 'Go to time' and return the calendar."""
    QTest.keyClick(window, Qt.Key.Key_G, CTRL)
    return next(one for one in window.stage.message.findChildren(DayPicker) if one.isVisible())


def button_of(picker: DayPicker, text: str) -> QToolButton:
    return next(one for one in picker.month.buttons if one.text() == text)


def open_days(picker: DayPicker) -> list[str]:
    return [one.text() for one in picker.month.buttons if one.isEnabled()]


def checked(picker: DayPicker) -> list[str]:
    return [one.text() for one in picker.month.buttons if one.isChecked()]


def test_a_click_on_a_day_and_a_time_write_into_the_field_and_ok_goes_there(window):
    picker, card = asked(window), window.stage.message
    assert (checked(picker), picker.month.title.text()) == (["30"], "Mar 2024")
    QTest.mouseClick(button_of(picker, "31"), LEFT)
    assert card.entry.text() == "2024-03-31T12:00"
    assert picker.zone.text() == "Europe/Berlin\nCEST (UTC+2)"
    picker.times.setFocus()
    QTest.keyClick(picker.times, Qt.Key.Key_Down)
    assert card.entry.text() == "2024-03-31T13:00"
    QTest.keyClick(picker.times, Qt.Key.Key_Return)
    assert not card.isVisible()
    assert TIME.at(window.session.state.view.time).isoformat() == "2024-03-31T13:00:00+02:00"


def test_what_is_typed_is_marked_and_what_names_nothing_marks_nothing(window):
    picker, entry = asked(window), window.stage.message.entry
    entry.clear()
    QTest.keyClicks(entry, "+6h")
    assert (checked(picker), picker.times.currentText()) == (["30"], "18:00")
    entry.clear()
    QTest.keyClicks(entry, "2024-04-0")
    assert checked(picker) == []
    QTest.keyClicks(entry, "3")
    assert (checked(picker), picker.month.title.text()) == (["3"], "Apr 2024")
    assert entry.text() == "2024-04-03"  # following writes nothing into what is being typed


def test_only_days_of_the_data_can_be_chosen(window):
    picker = asked(window)
    assert open_days(picker) == ["29", "30", "31"]
    QTest.mouseClick(button_of(picker, "28"), LEFT)
    assert window.stage.message.entry.text() == "2024-03-30T12:00"
    assert not picker.month.arrows[-1].isEnabled()
    QTest.mouseClick(picker.month.arrows[1], LEFT)
    assert open_days(picker) == [str(k) for k in range(1, 9)]
    assert checked(picker) == []


def test_keys_go_through_days_weeks_and_months_and_enter_goes_there(window):
    picker, entry = asked(window), window.stage.message.entry
    before = window.session.state.view.time
    QTest.keyClick(entry, Qt.Key.Key_Tab)
    assert picker.month.hasFocus()
    found = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_Left,
                Qt.Key.Key_PageDown, Qt.Key.Key_End):  # fmt: skip
        QTest.keyClick(picker.month, key)
        found.append(entry.text()[5:10])
    assert found == ["03-31", "04-07", "04-01", "03-31", "04-08", "04-08"]
    assert window.session.state.view.time == before, "the keys are the calendar's, not the window's"
    QTest.keyClick(picker.month, Qt.Key.Key_Enter)
    assert TIME.at(window.session.state.view.time).isoformat() == "2024-04-08T00:00:00+02:00"


def test_escape_leaves_it_and_nothing_has_moved(window):
    picker = asked(window)
    QTest.mouseClick(button_of(picker, "31"), LEFT)
    QTest.keyClick(picker.month, Qt.Key.Key_Escape)
    assert not window.stage.message.isVisible()
    assert window.session.state.view.time == NOON
    window.ask("project.rename")
    assert not window.stage.message.findChildren(DayPicker)[-1].isVisible()


def test_a_low_window_has_the_field_alone(make_window):
    window = make_window(None, (853, 480))
    QTest.keyClick(window, Qt.Key.Key_G, CTRL)
    card = window.stage.message
    assert card.entry.isVisible()
    assert not any(one.isVisible() for one in card.findChildren(DayPicker))
    assert window.stage.rect().contains(card.geometry())


def test_chinese(window):
    speak("zh_CN")
    picker = asked(window)
    assert picker.month.title.text() == "2024年3月"
    QTest.mouseClick(button_of(picker, "31"), LEFT)
    assert window.stage.message.entry.text() == "2024-03-31T12:00"


@pytest.fixture
def field(window):
    """Return a field, and a maker of calendars beside it for other clocks and weeks."""
    entry = window.stage.message.entry

    def make(time: TimeAxis, step: int = 0, first_day: int = 0, load: object = None):
        state = opened()
        twin = replace(state.twin, time=time, series={})
        if load is not None:
            known = Dense(
                Meaning(DISTRICT, "load", "kW"), time, np.array(load, np.float32)[:, None]
            )
            twin = twin.with_series(known)
        made.append(DayPicker(entry, replace(state, twin=twin, view=replace(state.view, time=step)),
                              first_day))  # fmt: skip
        return made[-1]

    made: list[DayPicker] = []
    yield entry, make
    for one in made:
        one.deleteLater()


def test_an_hour_that_comes_twice_is_there_twice(field):
    entry, make = field
    picker = make(AUTUMN)
    button_of(picker, "27").click()
    texts = [picker.times.itemText(k) for k in range(picker.times.count())]
    assert len(texts) == 25
    assert texts[1:5] == ["01:00", "02:00 CEST", "02:00 CET", "03:00"]
    picker.times.activated.emit(3)
    assert entry.text() == "2024-10-27T02:00+01:00"
    assert picker.step == 27
    assert picker.times.currentText() == "02:00 CET"


def test_a_day_without_values_is_grey_and_stepped_over(field):
    entry, make = field
    time = TimeAxis(1_704_067_200, 3600, 96, "UTC")  # four days from 2024-01-01
    picker = make(time, load=[1.0] * 24 + [np.nan] * 24 + [1.0] * 48)
    assert open_days(picker) == ["1", "3", "4"]
    assert button_of(picker, "2").toolTip() == "No values on this day"
    QTest.keyClick(picker.month, Qt.Key.Key_Right)
    assert entry.text() == "2024-01-03T00:00"


def test_steps_of_days_have_no_times_and_years_have_arrows(field):
    entry, make = field
    picker = make(TimeAxis(1_704_067_200, 86400, 500, "UTC"))
    assert picker.times.isHidden()
    assert not picker.month.arrows[12].isHidden()
    QTest.keyClick(picker.month, Qt.Key.Key_PageDown, SHIFT)
    assert entry.text() == "2025-01-01"


@pytest.mark.parametrize(("first_day", "head"), [(0, "Mon"), (6, "Sun"), (5, "Sat")])
def test_weeks_begin_as_the_country_has_it(field, first_day, head):
    picker = field[1](AUTUMN, first_day=first_day)
    grid = picker.month.layout()
    assert grid.itemAtPosition(1, 0).widget().text() == head
    assert button_of(picker, "1").pos().y() == picker.month.buttons[0].pos().y()
    assert dates_of(date(2024, 10, 1), first_day)[0].weekday() == first_day


def test_a_step_of_weeks_holds_all_its_days():
    weeks = TimeAxis(1_704_067_200, 7 * 86400, 4, "UTC")
    assert steps_on(weeks, date(2024, 1, 10)) == range(1, 2)
    assert len(steps_on(weeks, date(2024, 2, 1))) == 0
    assert len(steps_on(AUTUMN, date(2024, 10, 27))) == 25


@pytest.mark.parametrize(
    ("months", "day"),
    [(1, date(2024, 2, 29)), (-1, date(2023, 12, 31)), (13, date(2025, 2, 28)),
     (12, date(2025, 1, 31)), (-2, date(2023, 11, 30))],
)  # fmt: skip
def test_months_keep_the_day_as_far_as_they_have_it(months, day):
    assert later(date(2024, 1, 31), months) == day


def test_an_instant_is_written_so_that_it_is_read_again():
    assert written(AUTUMN, 26) == "2024-10-27T02:00+02:00"
    assert written(AUTUMN, 28) == "2024-10-27T03:00"
    assert written(TimeAxis(1_704_067_200, 20, 9, "UTC"), 1) == "2024-01-01T00:00:20"


def test_the_keys_on_the_page_are_those_that_it_takes():
    rows = next(one for one in PLACES if "calendar" in one.title).rows
    said = {key.removeprefix("Shift+") for keys, _what in rows for key in keys} - {
        "Return",
        "Enter",
    }
    names = {one.name.removeprefix("Key_").replace("Page", "Pg") for one in KEYS}
    assert said == names
