"""With a camera at rest the window recolours its frames; everything else draws them anew."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.hamlet import NOON
from twinview.render import camera as cameras

pytestmark = pytest.mark.needs_display


@pytest.fixture
def rested(window, qtbot):
    """Return the window after its camera has come to rest."""
    rest(window, qtbot)
    return window


def rest(window, qtbot) -> None:
    """Wait until frames are recoloured; at the size of the view, as they are drawn anew there."""
    canvas = window.canvas
    canvas.resting.wanted = False

    def ready() -> bool:
        waiting = canvas._stale or canvas._draw_timer.isActive()
        settled = canvas.frames.size == canvas._device_size() and not canvas.pilot.busy
        return canvas.frames.served and settled and not (waiting or canvas.frames.refined)

    qtbot.waitUntil(ready, timeout=20_000)


def seen(window) -> np.ndarray:
    """Return the picture that the canvas shows."""
    window.canvas.repaint()
    held = np.asarray(window.canvas._image.constBits(), dtype=np.uint8)
    return held.reshape(window.canvas._image.height(), -1, 4)[..., :3].astype(int)


def drawn_anew(window) -> np.ndarray:
    window.canvas.frames._still = None
    window.canvas._refresh()
    return seen(window)


def test_a_step_of_time_is_recoloured_and_equals_the_drawn_picture(rested, qtbot):
    for step in (NOON + 3, NOON + 9, NOON - 7):
        rest(rested, qtbot)
        rested.timebar.track.chosen.emit(step)
        qtbot.waitUntil(lambda step=step: rested.canvas.scene.view.time == step)
        mine = seen(rested)
        assert rested.canvas.frames.recoloured
        off = np.abs(mine - drawn_anew(rested)).max(axis=2)
        assert not rested.canvas.frames.recoloured
        assert (off <= 2).mean() >= 0.999


def test_the_camera_the_size_and_the_theme_are_drawn_anew(rested, qtbot):
    canvas = rested.canvas
    canvas.look(cameras.orbit(canvas.camera, 20, 0))
    seen(rested)
    assert not canvas.frames.recoloured
    rest(rested, qtbot)
    rested.resize(rested.width() - 60, rested.height() - 40)
    qtbot.waitUntil(lambda: canvas.frames.size == canvas._device_size())
    assert seen(rested).shape[:2] == (canvas.height(), canvas.width())
    assert not canvas.frames.recoloured
    rest(rested, qtbot)
    rested.choose_theme("dark")
    qtbot.waitUntil(lambda: canvas.scene.theme == "dark")
    dark = seen(rested)
    assert np.abs(dark - drawn_anew(rested)).max() <= 2
    rested.choose_theme("light")
    rested.resize(rested.width() + 60, rested.height() + 40)
    qtbot.waitUntil(lambda: canvas.frames.size == canvas._device_size())
    rest(rested, qtbot)


def test_clicking_and_hovering_work_at_rest(rested, qtbot):
    canvas = rested.canvas
    layer = rested.session.state.twin.layers["houses"]
    place = layer.geometry.centres[layer.row_of["h22"]] + [0, 0, 5]
    x, y, _ = cameras.project(place[None], canvas.camera, (canvas.width(), canvas.height()))[0]
    before = seen(rested).copy()
    canvas.painter.hover(None)
    assert canvas.painter.hover("houses", 22)
    canvas._refresh()
    assert (np.abs(seen(rested) - before).max(axis=2) > 2).sum() > 10
    assert canvas.frames.recoloured
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert rested.session.state.view.selection == (("houses", "h22"),)
    qtbot.waitUntil(lambda: canvas.scene.view.selection != ())
    seen(rested)
    assert not canvas.frames.recoloured
    rest(rested, qtbot)


def test_what_lies_over_the_city_is_seen(rested):
    legend = rested.stage.hud.taken["legend"]
    shot = rested.stage.grab().toImage()
    under = rested.canvas.grab().toImage()
    ratio = shot.devicePixelRatio()
    at = QPoint(round(legend.center().x() * ratio), round((legend.top() + 4) * ratio))
    assert shot.pixelColor(at) != under.pixelColor(at)


def test_after_a_drag_frames_are_made_ready_again(rested, qtbot):
    middle = rested.canvas.rect().center()
    QTest.mousePress(rested.canvas, Qt.MouseButton.LeftButton, pos=middle)
    for k in range(1, 6):
        QTest.mouseMove(rested.canvas, middle + QPoint(6 * k, 0))
        seen(rested)
    qtbot.waitUntil(lambda: not rested.canvas._still_timer.isActive())
    assert rested.canvas.frames._still is None
    QTest.mouseRelease(rested.canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(30, 0))
    rest(rested, qtbot)


def test_steps_that_never_end_let_the_view_get_ready_once(window, qtbot):
    canvas, steps = window.canvas, iter(range(1, 1_000_000))
    canvas.resting.wanted = False
    rest(window, qtbot)
    window.session.run("view.standard", "north")
    qtbot.waitUntil(lambda: not canvas.frames.served and not canvas.pilot.busy)

    def go_on() -> bool:
        window.timebar.track.chosen.emit(NOON + next(steps) % 9)
        return canvas.frames.served

    qtbot.waitUntil(go_on, timeout=30_000)
    qtbot.waitUntil(lambda: canvas.scene.view.time == window.session.state.view.time)
    seen(window)
    assert canvas.frames.recoloured
    assert not canvas.patience.waiting
