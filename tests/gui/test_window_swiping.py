"""Comparing in the window: a key begins, the line is dragged, Esc ends."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def sheet(window, qtbot):
    window.run("compare.swipe", "", -9.0)
    sheet = window.tools.swiping.sheet
    qtbot.waitUntil(sheet.isVisible)
    qtbot.waitUntil(lambda: window.canvas.frames.others[0].picture is not None)
    yield sheet
    window.run("compare.end")
    qtbot.waitUntil(lambda: not sheet.isVisible())


def pixels(window) -> np.ndarray:
    image = window.stage.grab().toImage()
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    return flat.reshape(image.height(), image.bytesPerLine() // 4, 4)[..., :3].astype(int)


def test_the_line_is_dragged_and_the_camera_stays(window, sheet):
    canvas, camera = window.canvas, window.canvas.camera
    start = QPoint(sheet.line, 120)
    QTest.mousePress(canvas, LEFT, pos=start)
    for k in range(1, 5):
        QTest.mouseMove(canvas, start + QPoint(-30 * k, 0))
    QTest.mouseRelease(canvas, LEFT, pos=start + QPoint(-120, 0))
    share = (start.x() - 120) / sheet.width()
    assert window.session.state.view.swipe.share == pytest.approx(share, abs=1e-3)
    assert canvas.camera == camera
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert window.session.state.view.swipe.share == pytest.approx(share + 0.05, abs=1e-3)


def test_left_of_the_line_is_the_other_instant_and_right_of_it_this_one(window, sheet, qtbot):
    window.canvas.motion.stop()
    assert not (window.canvas.frames.others[0].picture == window.canvas.frames.frame()).all()
    shown = pixels(window)
    window.run("compare.divide", 1.0)
    qtbot.waitUntil(lambda: sheet.share == 1)
    whole = pixels(window)
    # Right of where the line was only the names moved; everything else there is another picture.
    right = np.s_[60:200, sheet.width() // 2 + 200 : sheet.width() - 40]
    assert (shown[right] != whole[right]).any()


def test_escape_ends_it(window, qtbot):
    canvas = window.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert window.session.state.view.swipe is not None
    sheet = window.tools.swiping.sheet
    qtbot.waitUntil(sheet.isVisible)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert window.session.state.view.swipe is None
    qtbot.waitUntil(lambda: not sheet.isVisible())
    assert not canvas.frames.others


def test_the_line_does_not_run_through_the_numbers_on_the_view(window, sheet):
    from twinview.gui.style import look_now

    card = window.stage.hud.taken["readouts"]
    window.run("compare.divide", card.center().x() / sheet.width())
    drawn = window.stage.grab().toImage()
    accent = QColor(look_now().accent).rgb()

    def inked(y: int) -> bool:
        return any(drawn.pixel(sheet.line + x, y) == accent for x in (-1, 0, 1))

    assert inked(card.bottom() + 5)
    assert not any(inked(y) for y in range(card.top() + 2, card.bottom() - 1))


def test_both_names_stay_whole_and_apart_wherever_the_line_stands(window, sheet):
    for share in (0.02, 0.5, 0.98):
        window.run("compare.divide", share)
        left, right, _knob = sheet.covered()
        assert all(QRectF(sheet.rect()).contains(one) for one in (left, right))
        assert not left.intersects(right)
