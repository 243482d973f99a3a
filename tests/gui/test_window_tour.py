"""The tour: five steps that point at things, by keyboard alone, once by itself."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from twinview.session.store import Session
from twinview.session.tour import STEPS

pytestmark = pytest.mark.needs_display


@pytest.fixture
def tour(window):
    """Return the tour of a window, asked for."""
    QApplication.processEvents()  # a district that has just opened takes the focus
    window.run("help.tour")
    yield window.desk._tour
    window.desk.leave()


def test_it_is_walked_through_by_enter(window, tour):
    for k, step in enumerate(STEPS):
        assert tour.title.text() == step.title
        assert tour.count.text() == f"{k + 1} of 5"
        assert window.rect().contains(tour.geometry())
        assert tour.next.hasFocus()
        QTest.keyClick(tour.next, Qt.Key.Key_Return)
    assert not tour.isVisible()
    assert not tour.frame.isVisible()
    assert window.canvas.hasFocus()


def test_its_card_covers_no_panel(window, tour):
    for dock in ("layers", "inspector"):
        window.wishes.show_dock(dock)
    QApplication.processEvents()
    panels = [one for one in window.docks.values() if one.isVisible()]
    assert panels
    for _step in STEPS:
        tour.place()
        for one in panels:
            place = QRect(one.mapTo(window, QPoint(0, 0)), one.size())
            assert not tour.geometry().intersects(place)
        tour.next.click()
        QApplication.processEvents()


def test_its_card_leaves_what_is_written_on_the_view_free(window, tour):
    corner = window.stage.hud.mapTo(window, QPoint(0, 0))
    cards = [card.translated(corner) for card in window.stage.hud.taken.values()]
    assert len(cards) > 2
    for _step in STEPS:
        assert not any(tour.geometry().intersects(card) for card in cards), tour.title.text()
        tour.next.click()


def test_it_goes_back_and_is_left_by_skip_and_by_esc(window, tour):
    assert not tour.back.isEnabled()
    QTest.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tour.back, Qt.MouseButton.LeftButton)
    assert tour.step == 0
    QTest.mouseClick(tour.skip, Qt.MouseButton.LeftButton)
    assert not tour.isVisible()
    window.run("help.tour")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not tour.isVisible()


def test_space_presses_next_and_does_not_play(window, tour):
    QTest.keyClick(tour.next, Qt.Key.Key_Space)
    assert tour.step == 1
    assert not window.timebar.player.playing


def test_the_frame_is_around_what_it_speaks_of_and_lets_clicks_through(window, tour):
    track = window.timebar.track
    place = QRect(track.mapTo(window, QPoint(0, 0)), track.size())
    assert tour.frame.geometry().contains(place)
    assert not tour.geometry().intersects(place)
    at = window.childAt(place.center())
    assert at is track


def test_a_step_about_a_panel_brings_it_up(window, tour):
    window.docks["layers"].hide()
    for _k in range(2):
        tour.next.click()
    assert window.docks["layers"].isVisible()


def test_it_comes_by_itself_with_the_first_sample_only(window, monkeypatch, tmp_path):
    from dataclasses import replace

    from twinview.gui import desk
    from twinview.session import settings

    shown = []
    monkeypatch.setattr(window.desk, "show_tour", lambda: shown.append(True))
    monkeypatch.setattr(desk, "shipped", lambda _path: True)
    window.session.state = replace(window.session.state, path=tmp_path / "demo.twin")
    window.settings = replace(window.settings, toured=False)
    window.desk.settled()
    window.desk.settled()
    assert shown == [True]
    assert settings.load().toured


def test_without_a_window_it_is_text():
    told = []
    session = Session()
    session.teller = told.append
    session.do("help.tour")
    lines = told[0].as_text().splitlines()
    assert [line[:2] for line in lines] == [f"{k}." for k in range(1, 6)]
