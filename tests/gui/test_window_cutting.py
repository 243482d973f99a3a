"""Sections in the window: X cuts, handles move the plane, another X shows all again."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from twinview.draw.handles import where

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton


def spot(window, name: str) -> QPoint:
    handle = next(one for one in window.stage.hud.handles if one.name == name)
    return where(handle, window.tools.cutting._project)[0].toPoint()


def drag(window, start: QPoint, by: QPoint) -> None:
    canvas = window.canvas
    QTest.mousePress(canvas, LEFT, pos=start)
    for k in range(1, 5):
        QTest.mouseMove(canvas, start + by * k / 4)
    QTest.mouseRelease(canvas, LEFT, pos=start + by)


def test_a_handle_moves_the_plane_with_the_mouse(window):
    canvas = window.canvas
    QTest.keyClick(canvas, Qt.Key.Key_X)
    before, camera = window.session.state.view.cut, canvas.camera
    start = spot(window, "near")
    drag(window, start, QPoint(0, -60))
    after = window.session.state.view.cut
    # Away from the eye is inwards: more is hidden; the handle stays under the mouse.
    assert after.along[0] > before.along[0]
    assert (after.along[1], after.across, after.bearing) == (
        before.along[1], before.across, before.bearing,
    )  # fmt: skip
    end = spot(window, "near")
    assert abs(end.x() - start.x()) <= 2
    assert abs(end.y() - (start.y() - 60)) <= 6
    assert canvas.camera == camera
    drag(window, spot(window, "turn"), QPoint(50, 0))
    turned = (window.session.state.view.cut.bearing - before.bearing) % 360
    assert turned == pytest.approx(360 - 20)
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert window.session.state.view.cut is None
    assert window.stage.hud.handles == ()


def test_beside_the_handles_the_camera_turns_as_ever(window):
    canvas = window.canvas
    QTest.keyClick(canvas, Qt.Key.Key_X)
    before = canvas.camera
    drag(window, spot(window, "near") + QPoint(-60, -60), QPoint(40, 0))
    assert canvas.camera != before
    window.run("cut.clear")
