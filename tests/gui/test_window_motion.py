"""Dragging the view: frames as fine as time allows, and the sharp picture when it rests."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.test_window_still import rest, seen
from twinview.gui.travelling import SLOW_MS
from twinview.render import camera as cameras
from twinview.render import portions
from twinview.render.pace import QUALITIES, Pace
from twinview.session import settings

pytestmark = pytest.mark.needs_display


def drag(canvas, steps: int, release: bool = True) -> None:
    middle = QPoint(canvas.width() // 2, canvas.height() // 2)
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    for k in range(1, steps + 1):
        QTest.mouseMove(canvas, middle + QPoint(12 * k, 0))
        canvas.repaint()
    if release:
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(12 * steps, 0))


def test_a_drag_lowers_the_resolution_and_rest_brings_it_back(window, qtbot):
    rest(window, qtbot)
    canvas = window.canvas
    before = canvas.camera
    canvas.motion.pace = Pace(3, patience=64)
    drag(canvas, 4, release=False)
    assert canvas.camera != before
    assert canvas.motion.moving
    assert canvas._image.width() == -(-canvas._device_size()[0] // 3)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not canvas.motion.moving and not canvas.motion.busy, timeout=20_000)
    assert canvas.painter.quality is QUALITIES[0]
    assert canvas._image.width() == canvas._device_size()[0]
    sharp = seen(window).copy()
    rest(window, qtbot)
    canvas.frames._still = None
    canvas._refresh()
    assert (seen(window) == sharp).all()


def test_a_move_drops_the_sharp_picture_that_is_being_drawn(window, qtbot, monkeypatch):
    rest(window, qtbot)
    monkeypatch.setattr(portions, "PORTION", 1)
    canvas = window.canvas
    drag(canvas, 2)
    qtbot.waitUntil(lambda: canvas.motion.busy, timeout=20_000)
    drag(canvas, 1, release=False)
    assert not canvas.motion.busy
    assert canvas.motion.moving
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton)
    monkeypatch.undo()
    rest(window, qtbot)
    assert np.ptp(seen(window)) > 0


def test_what_is_below_the_mouse_is_found_at_any_resolution(window, qtbot):
    rest(window, qtbot)
    canvas = window.canvas
    layer = window.session.state.twin.layers["houses"]
    place = layer.geometry.centres[layer.row_of["h22"]] + [0, 0, 5]
    found = []
    for step in (0, 3):
        canvas.motion.pace = Pace(step)
        canvas.motion.begin()
        canvas.look(canvas.camera)
        size = (canvas.width(), canvas.height())
        x, y, _ = cameras.project(place[None], canvas.camera, size)[0]
        found.append(canvas.pick(QPoint(round(x), round(y)).toPointF()))
    assert found[0] == found[1]
    assert found[0][:2] == ("houses", "h22")
    rest(window, qtbot)


def test_a_coarse_picture_fills_the_view(window, qtbot):
    rest(window, qtbot)
    canvas = window.canvas
    canvas.motion.pace = Pace(3)
    canvas.motion.begin()
    canvas.look(cameras.orbit(canvas.camera, 1, 0))
    shown = canvas.grab().toImage()
    assert canvas._image.width() < canvas.width() / 2
    for x, y in ((0.9, 0.9), (0.9, 0.1), (0.1, 0.9), (0.5, 0.5)):
        here = shown.pixelColor(round(x * shown.width()), round(y * shown.height()))
        there = canvas._image.pixelColor(
            round(x * canvas._image.width()), round(y * canvas._image.height())
        )
        assert abs(here.lightness() - there.lightness()) < 30
    rest(window, qtbot)


def lead(window) -> np.ndarray:
    return window.canvas.painter.drawn["cables"]._lead.copy()


def test_arrows_travel_only_while_motion_is_wanted_and_frames_are_cheap(window, qtbot, monkeypatch):
    rest(window, qtbot)
    canvas = window.canvas
    canvas.move_arrows(True)
    canvas.frame_ms = 1.0
    before = lead(window)
    qtbot.waitUntil(lambda: bool((lead(window) != before).any()), timeout=20_000)
    canvas.move_arrows(False)
    canvas.frame_ms = SLOW_MS + 1
    stood = lead(window)
    canvas.travelling.tick()
    assert (lead(window) == stood).all()
    canvas.frame_ms = 1.0
    settings.file().parent.mkdir(parents=True, exist_ok=True)
    settings.save(settings.Settings(reduced_motion=True))
    canvas.travelling.tick()
    assert (lead(window) == stood).all()
    settings.save(settings.Settings())
    canvas.travelling.tick()
    assert (lead(window) != stood).any()
    rest(window, qtbot)
