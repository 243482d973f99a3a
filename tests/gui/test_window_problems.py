"""From a problem to all the elements it names, with keys alone."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tests.gui.hamlet import hamlet, opened
from twinview.model.problem import Problem

pytestmark = pytest.mark.needs_display


def finding(*ids: str) -> Problem:
    return Problem("warning", "height.assumed", "Heights were assumed.", layer="houses",
                   element_ids=ids)  # fmt: skip


@pytest.fixture
def button(make_window):
    """Return what makes a window whose one problem names elements, and returns both."""

    def make(*ids: str):
        twin = replace(hamlet(), problems=(finding(*ids),))
        window = make_window(replace(opened(), twin=twin))
        window.wishes.show_dock("problems")
        (found,) = window.problems.findChildren(QPushButton)
        return window, found

    return make


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_key_selects_every_element_of_a_problem_and_shows_them(button, key):
    window, link = button("h0", "h3", "h9")
    camera = window.session.state.view.camera
    link.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.focusWidget() is link
    QTest.keyClick(link, key)
    assert window.session.state.view.selection == (
        ("houses", "h0"), ("houses", "h3"), ("houses", "h9"),
    )  # fmt: skip
    assert window.session.state.view.camera != camera
    assert not window.timebar.player.playing


def test_the_button_says_what_it_does_and_how_many_it_is_about(button):
    _window, link = button("h0", "h3", "h9")
    assert link.text() == "h0 and 2 more"
    assert link.accessibleName() == "Select and show: h0 and 2 more"


def test_a_long_id_is_shortened_on_the_button_only(button):
    name = "DEBW_" + "0" * 60 + "_17"
    _window, link = button(name)
    assert link.text() == "DEBW_000000000…0000000_17"
    assert link.accessibleName().endswith(name)


def test_elements_that_were_left_out_are_not_selected(button):
    window, link = button("gone", "h3")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert window.session.state.view.selection == (("houses", "h3"),)


def test_where_none_is_there_the_window_says_so(button):
    window, link = button("gone")
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert window.session.state.view.selection == ()
    assert "None of them is in the district" in window.stage.message.text.text()
