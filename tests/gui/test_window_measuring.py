"""Measuring with the mouse: clicks, corners that catch the pointer, keys that end it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from twinview.render import camera as cameras

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def put_away(window):
    """Have the window as it was, whatever a test has begun."""
    yield
    window.tools.measuring.end()


def pixel(canvas, place) -> QPoint:
    size = (canvas.width(), canvas.height())
    x, y, _depth = cameras.project(np.array([place], dtype=float), canvas.camera, size)[0]
    return QPoint(round(x), round(y))


def click(canvas, place) -> None:
    QTest.mouseMove(canvas, pixel(canvas, place))
    QTest.mouseClick(canvas, LEFT, pos=pixel(canvas, place))


def test_a_distance_from_corner_to_corner(window):
    # Two front corners of the roof of the first house, 11 m long and 6 m high.
    canvas = window.canvas
    QTest.keyClick(canvas, Qt.Key.Key_M)
    click(canvas, (0, 0, 0))
    click(canvas, (11, 0, 0))
    assert window.session.state.view.measures == ()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    (made,) = window.session.state.view.measures
    assert made.points == ((0, 0, 0), (11, 0, 0))
    assert made.slack == (0, 0)
    assert window.session.state.view.selection == ()
    window.canvas.draw_now()
    assert window.canvas.scene.measured[0].main == "11.00\u00a0m"
    window.stage.measure.copy.click()
    assert QGuiApplication.clipboard().text().splitlines()[0].startswith("Distance\t11.00")


def test_an_area_of_the_ground_is_closed_by_a_double_click(window):
    canvas = window.canvas
    window.actions_.actions["gui.measure_area"].trigger()
    corners = [(-20.0, -20.0, 0.0), (-20.0, -12.0, 0.0), (40.0, -12.0, 0.0), (40.0, -20.0, 0.0)]
    for place in corners:
        click(canvas, place)
    QTest.mouseDClick(canvas, LEFT, pos=pixel(canvas, corners[-1]))
    (made,) = window.session.state.view.measures
    assert made.kind == "area"
    assert np.array(made.points) == pytest.approx(np.array(corners), abs=2)
    assert min(made.slack) > 0


def test_the_height_of_a_house_is_that_of_the_data(window):
    window.actions_.actions["gui.measure_height"].trigger()
    click(window.canvas, (5.5, 4.5, 6.0))
    (made,) = window.session.state.view.measures
    assert made.element == ("houses", "h0")
    window.canvas.draw_now()
    assert window.canvas.scene.measured[0].main == "6.0\u00a0m"
    assert "6.0" in window.stage.measure.text.text()


def test_what_is_begun_is_taken_back_step_by_step(window):
    canvas = window.canvas
    QTest.keyClick(canvas, Qt.Key.Key_M)
    click(canvas, (0, 0, 0))
    click(canvas, (-30, -15, 0))
    QTest.keyClick(canvas, Qt.Key.Key_Backspace)
    assert len(window.tools.measuring._spots) == 1
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert window.stage.measure.isVisible()
    assert not window.tools.measuring._spots
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not window.stage.measure.isVisible()
    click(canvas, (5.5, 4.5, 6.0))
    assert window.session.state.view.selection == (("houses", "h0"),)


def test_the_pointer_is_marked_where_a_corner_has_caught_it(window):
    canvas, hud = window.canvas, window.stage.hud
    QTest.keyClick(canvas, Qt.Key.Key_M)
    QTest.mouseMove(canvas, pixel(canvas, (131, 90, 0)) + QPoint(3, 2))
    assert hud._marks == [pytest.approx((131, 90, 0), abs=1e-3)]
    QTest.mouseMove(canvas, pixel(canvas, (60, -15, 0)))
    assert hud._marks == []
