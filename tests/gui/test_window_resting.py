"""A view at rest becomes finer and keeps that for steps of time; what moves comes first."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.hamlet import NOON
from tests.gui.test_window_still import seen
from twinview.gui.patience import APART_S, Patience
from twinview.gui.resting import Resting
from twinview.render import camera as cameras
from twinview.render.frames import Frames
from twinview.scene.resolve import resolve

pytestmark = pytest.mark.needs_display


@pytest.fixture
def finer(window, qtbot, monkeypatch):
    """Return the window after its view has become finer."""
    # However slow this machine is, and without machine code.
    monkeypatch.setattr(Resting, "affordable", property(lambda self: self.wanted))
    window.canvas.resting.wanted = True
    window.canvas._still_timer.start(0)
    become_finer(window, qtbot)
    return window


def become_finer(window, qtbot) -> None:
    frames = window.canvas.frames
    qtbot.waitUntil(lambda: frames.refined and frames.served, timeout=20_000)


def averaged(window) -> np.ndarray:
    """Return the picture that a painter of twice the size makes, each pixel the mean of four."""
    canvas = window.canvas
    state = window.session.state
    frames = Frames(canvas._device_size(), fine=2)
    frames.painter.show(state.twin, state.view.theme)
    scene = resolve(state.twin, state.view)
    frames.painter.draw(scene if scene.view.camera else _with(scene, canvas.camera))
    picture = frames.frame()[..., :3].astype(int).copy()
    frames.close()
    return picture


def _with(scene, camera):
    return replace(scene, view=replace(scene.view, camera=camera))


def test_a_view_at_rest_is_the_mean_of_four_times_as_many_pixels(finer, qtbot):
    assert seen(finer).shape[:2] == finer.canvas._device_size()[::-1]
    off = np.abs(seen(finer) - averaged(finer)).max(axis=2)
    assert (off <= 2).mean() >= 0.999
    finer.timebar.track.chosen.emit(NOON + 5)
    qtbot.waitUntil(lambda: finer.canvas.scene.view.time == NOON + 5)
    mine = seen(finer)
    assert finer.canvas.frames.recoloured
    assert finer.canvas.frames.refined
    off = np.abs(mine - averaged(finer)).max(axis=2)
    assert (off <= 2).mean() >= 0.999


def test_a_drag_is_drawn_at_once_and_what_is_below_the_mouse_stays(finer, qtbot):
    canvas = finer.canvas
    layer = finer.session.state.twin.layers["houses"]
    place = layer.geometry.centres[layer.row_of["h22"]] + [0, 0, 5]
    size = (canvas.width(), canvas.height())
    x, y, _ = cameras.project(place[None], canvas.camera, size)[0]
    found = canvas.pick(QPoint(round(x), round(y)).toPointF())
    assert found[:2] == ("houses", "h22")
    middle = canvas.rect().center()
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    for k in range(1, 4):
        QTest.mouseMove(canvas, middle + QPoint(8 * k, 0))
        seen(finer)
        assert not canvas.frames.refined
        assert not canvas.frames.recoloured
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(24, 0))
    become_finer(finer, qtbot)


def test_what_happens_while_it_becomes_finer_drops_the_rest(finer, qtbot, monkeypatch):
    monkeypatch.setattr("twinview.render.portions.PORTION", 1)
    canvas = finer.canvas
    canvas.look(cameras.orbit(canvas.camera, 5, 0))
    qtbot.waitUntil(lambda: canvas.frames.refined and not canvas.frames.served, timeout=20_000)
    canvas._refresh()
    assert not canvas.frames.refined
    fast = seen(finer).copy()
    canvas.resting.wanted = False
    canvas._refresh()
    assert (seen(finer) == fast).all()


def test_only_steps_of_time_wait_until_the_view_is_fine(window, monkeypatch):
    canvas, now = window.canvas, [0.0]
    canvas.patience = Patience(lambda: now[0])
    monkeypatch.setattr(type(canvas), "_unready", property(lambda _self: True))
    for k in range(7):
        now[0] += APART_S / 2
        window.run("time.index", NOON + k)
        canvas.draw_now()
    assert canvas.patience.waiting
    assert canvas.scene.view.time < NOON + 6
    window.run("layer.opacity", "houses", 40)
    canvas.draw_now()
    assert canvas.scene.opacity == {"houses": 0.4}
    assert canvas.scene.view.time == NOON + 6
