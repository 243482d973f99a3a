"""Live in the window: the clock goes along, files that grow are read, a step by hand ends it."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.meters import QUARTERS, append, instant, metered
from twinview.scene.resolve import resolve
from twinview.scene.telling import hover_lines

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(make_window, tmp_path):
    """Return a window with the meters open, half an hour before their end."""
    window = make_window(metered(tmp_path))
    set_now(window, 6.5)
    window.run("select.only", "houses", "house 1")
    window.canvas.setFocus()
    return window


def set_now(window, quarter: float) -> None:
    """Set the present."""
    present = instant(quarter)
    window.desk.live.now = lambda: present
    window.desk.live.tick() if window.desk.live.on else None


def step(window) -> int:
    return window.session.state.view.time


def went_live(window, qtbot) -> None:
    """Press N and wait until the files are watched."""
    QTest.keyClick(window, Qt.Key.Key_N)
    live = window.desk.live
    qtbot.waitUntil(lambda: live.on and bool(live._watcher.files()), timeout=20_000)
    qtbot.waitUntil(lambda: not window.jobs.is_running("file.reread"), timeout=20_000)


def test_the_present_is_followed_until_a_hand_goes_elsewhere(window, qtbot):
    pill = window.timebar.pill
    assert (pill.state, pill.button.text()) == ("off", "Go live")
    went_live(window, qtbot)
    assert (pill.state, pill.button.text(), step(window)) == ("good", "LIVE", 6)
    assert "12:30" not in pill.button.toolTip()
    assert "Last value: Mon 2026-05-04 13:30" in pill.button.toolTip()
    set_now(window, 7.5)
    assert (pill.state, step(window)) == ("good", 7)
    QTest.keyClick(window, Qt.Key.Key_Left)
    assert (pill.state, step(window)) == ("off", 6)
    set_now(window, 7.6)
    assert step(window) == 6
    QTest.keyClick(window, Qt.Key.Key_N)
    assert (pill.state, step(window)) == ("good", 7)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert window.timebar.player.playing
    assert pill.state == "off"
    QTest.mouseClick(pill.button, LEFT)
    assert pill.state == "good"
    assert not window.timebar.player.playing
    track = window.timebar.track
    QTest.mouseClick(track, LEFT, pos=track.rect().center())
    assert pill.state == "off"
    window.run("time.live", True)
    QTest.mouseClick(pill.button, LEFT)
    assert pill.state == "off"
    assert not window.desk.live._watcher.files()


def test_a_file_that_grows_is_read_and_nothing_else_changes(window, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr("twinview.gui.jobs.UNSEEN", 1e6)
    went_live(window, qtbot)
    window.run("project.rename", "Row of houses")
    set_now(window, QUARTERS + 2.5)
    pill = window.timebar.pill
    assert (pill.state, step(window)) == ("old", QUARTERS - 1)
    assert pill.behind.text() == "behind by 37 min"
    selection, camera = window.session.state.view.selection, window.session.state.view.camera
    cards = []
    window.jobs.changed.connect(lambda: cards.extend(window.jobs.shown))
    append(tmp_path, QUARTERS)
    append(tmp_path, QUARTERS + 1)
    qtbot.waitUntil(lambda: step(window) == QUARTERS + 1, timeout=20_000)
    state = window.session.state
    assert pill.state == "good"
    assert state.twin.find("houses", "consumption").at(QUARTERS + 1)[1] == pytest.approx(9.1)
    assert (state.view.selection, state.view.camera) == (selection, camera)
    assert cards == []
    assert state.project.name == "Row of houses"
    assert window.session.undo_title == "Rename the project..."
    qtbot.waitUntil(lambda: "9.1" in _shown(window), timeout=20_000)


def test_the_city_shows_that_the_last_values_are_old(window, qtbot, tmp_path):
    canvas, layer = window.canvas, "houses"

    def colour():
        return canvas.scene.paints[layer].colour.astype(int)

    window.run("overlay.show", "power")
    went_live(window, qtbot)
    set_now(window, QUARTERS + 0.5)
    qtbot.waitUntil(lambda: canvas.scene.view.time == QUARTERS - 1)
    assert canvas.scene.legend.old == canvas.scene.clock.age == ""
    spread, before = np.ptp(colour(), axis=1), canvas.frames.frame().copy()
    # The last quarter-hour has ended 37 min ago, more than two steps.
    set_now(window, QUARTERS + 2.5)
    qtbot.waitUntil(lambda: canvas.scene.legend.old == "37 min old")
    assert (canvas.scene.clock.age, canvas.scene.legend.shown) == ("37 min old", 3)
    assert (np.ptp(colour(), axis=1) <= 0.31 * spread + 1).all()
    assert (spread > 0).any()
    assert (canvas.frames.frame() != before).any()
    said = hover_lines(window.session.state.twin, canvas.scene, layer, 1)
    assert said[1][-1].endswith("· 37 min old")
    # An hour later it says so by itself; values that come in bring the colours back.
    set_now(window, QUARTERS + 6.5)
    qtbot.waitUntil(lambda: canvas.scene.legend.old == "97 min old")
    for quarter in range(QUARTERS, QUARTERS + 6):
        append(tmp_path, quarter)
    qtbot.waitUntil(lambda: step(window) == QUARTERS + 5, timeout=20_000)
    qtbot.waitUntil(lambda: canvas.scene.view.time == QUARTERS + 5)
    qtbot.waitUntil(lambda: canvas.scene.legend.old == "")
    state = window.session.state
    np.testing.assert_array_equal(colour(), resolve(state.twin, state.view).paints[layer].colour)
    # Somebody who looks at the past is not told that it is old.
    set_now(window, QUARTERS + 20)
    qtbot.waitUntil(lambda: canvas.scene.legend.old != "")
    QTest.keyClick(window, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: canvas.scene.legend.old == "")


def _shown(window) -> str:
    """Return the texts of the inspector."""
    from PySide6.QtWidgets import QAbstractButton, QLabel

    parts = [
        *window.inspector.findChildren(QLabel),
        *window.inspector.findChildren(QAbstractButton),
    ]
    return " ".join(one.text() for one in parts)


def test_a_broken_file_keeps_what_was_read_and_says_so(window, qtbot, tmp_path):
    went_live(window, qtbot)
    before, pill = window.session.state.twin, window.timebar.pill
    whole = (tmp_path / "meter.csv").read_text()
    (tmp_path / "meter.csv").write_bytes(b"\x00\x01\xff" * 30)
    qtbot.waitUntil(lambda: pill.state == "error", timeout=20_000)
    assert window.session.state.twin is before
    assert window.stage.message.text.text().startswith(
        "meter.csv has changed and could not be read"
    )
    assert "meter.csv has changed" in pill.button.toolTip()
    fresh = tmp_path / "fresh.csv"
    fresh.write_text(whole)
    fresh.replace(tmp_path / "meter.csv")
    qtbot.waitUntil(lambda: pill.state == "good", timeout=20_000)


def test_data_that_end_before_the_present_say_so_once(window, qtbot):
    set_now(window, QUARTERS + 96)
    went_live(window, qtbot)
    assert window.timebar.pill.state == "old"
    assert step(window) == QUARTERS - 1
    assert window.stage.message.isVisible()
    window.stage.message.hide()
    set_now(window, QUARTERS + 97)
    assert not window.stage.message.isVisible()
    assert "the last instant, 2026-05-04T13:45+02:00" in window.stage.message.text.text()
