"""The camera by mouse, wheel and keys: what is under the pointer stays, the horizon is level."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from twinview.render import camera as cameras
from twinview.session import settings

pytestmark = pytest.mark.needs_display


def seen_at(canvas, place) -> np.ndarray:
    size = (canvas.width(), canvas.height())
    return cameras.project(np.array([place]), canvas.camera, size)[0, :2]


def test_an_orbit_turns_around_what_was_pressed(window):
    canvas = window.canvas
    start = QPoint(canvas.width() // 3, canvas.height() * 2 // 3)
    place = canvas.spot_at(start.toPointF(), snap=False).place
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for k in range(1, 6):
        QTest.mouseMove(canvas, start + QPoint(12 * k, 2 * k))
    before = window.session.state.view.camera
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 10))
    assert window.session.state.view.camera == canvas.camera != before
    assert seen_at(canvas, place) == pytest.approx([start.x(), start.y()], abs=1)
    turned = cameras.pose(canvas.camera).bearing - cameras.HOME_BEARING
    assert turned == pytest.approx(18, abs=0.5)
    right, up, _ = cameras.axes(canvas.camera)
    assert abs(right[2]) < 1e-9 < up[2]


def test_a_pan_keeps_the_ground_under_the_mouse(window):
    canvas = window.canvas
    start = QPoint(canvas.width() // 2, canvas.height() * 3 // 4)
    ground = canvas.painter.ground_at(start.x(), start.y())
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=start)
    QTest.mouseMove(canvas, start + QPoint(40, -10))
    QTest.mouseMove(canvas, start + QPoint(80, -30))
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=start + QPoint(80, -30))
    assert seen_at(canvas, ground) == pytest.approx([start.x() + 80, start.y() - 30], abs=1)


def under_cards(window) -> list[str]:
    """Return the corners of houses that lie under a card, by the card."""
    canvas, houses = window.canvas, window.session.state.twin.layers["houses"]
    size = (canvas.width(), canvas.height())
    seen = cameras.project(houses.geometry.coords, canvas.camera, size)[:, :2]
    assert len(window.stage.hud.taken) > 1
    return [
        name
        for name, card in window.stage.hud.taken.items()
        for x, y in seen
        if card.contains(round(x), round(y))
    ]


@pytest.mark.parametrize("size", [(1280, 760), (1000, 620)])
def test_a_district_that_is_opened_lies_beside_the_cards(make_window, qtbot, size):
    window = make_window(None, size)
    qtbot.waitUntil(lambda: bool(window.canvas.covered))
    assert under_cards(window) == []
    fitted = cameras.fit(window.session.state.twin, window.canvas.aspect)
    turned = cameras.pose(window.canvas.camera).bearing - cameras.pose(fitted).bearing
    assert turned == pytest.approx(0)


def test_everything_and_the_selection_are_shown_beside_the_cards(window, qtbot):
    canvas = window.canvas
    for key in (Qt.Key.Key_7, Qt.Key.Key_0):
        QTest.keyClick(canvas, key)
        qtbot.waitUntil(lambda: not canvas.pilot.busy)
        assert under_cards(window) == []
    window.run("select.all", "houses")
    QTest.keyClick(canvas, Qt.Key.Key_7)
    QTest.keyClick(canvas, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: not canvas.pilot.busy)
    assert under_cards(window) == []


def dragged(canvas, button: Qt.MouseButton, over: QPoint) -> tuple[cameras.Pose, cameras.Pose]:
    """Drag over the view and return how the camera stood and stands."""
    start, before = QPoint(canvas.width() // 2, canvas.height() * 3 // 4), canvas.camera
    QTest.mousePress(canvas, button, pos=start)
    QTest.mouseMove(canvas, start + over / 2)
    QTest.mouseMove(canvas, start + over)
    QTest.mouseRelease(canvas, button, pos=start + over)
    return cameras.pose(before), cameras.pose(canvas.camera)


@pytest.mark.parametrize(
    ("choice", "turning", "moving", "said"),
    [("", "LeftButton", "MiddleButton", "Turn the view"),
     ("pan", "RightButton", "LeftButton", "Move the view"),
     ("pan", "MiddleButton", "LeftButton", "Move the view")],
)  # fmt: skip
def test_the_left_button_turns_or_moves_as_the_user_likes_it(window, choice, turning, moving, said):
    window.desk.prefer("drag", choice)
    try:
        before, after = dragged(window.canvas, Qt.MouseButton[turning], QPoint(60, 0))
        assert after.bearing - before.bearing == pytest.approx(18, abs=0.5)
        before, after = dragged(window.canvas, Qt.MouseButton[moving], QPoint(60, 0))
        assert after.bearing == pytest.approx(before.bearing)
        assert np.hypot(*np.subtract(after.focus, before.focus)[:2]) > 1
        assert ("Left drag", said) in dict(window.actions_.key_groups())["In the view"]
        assert settings.load().drag == choice
    finally:
        window.desk.prefer("drag", "")


@pytest.mark.parametrize(
    ("key", "what", "sign"),
    [
        ("W", "ahead", 1), ("S", "ahead", -1), ("D", "right", 1), ("A", "right", -1),
        ("E", "bearing", 1), ("Q", "bearing", -1),
        ("PageUp", "distance", 1), ("PageDown", "distance", -1),
    ],
)  # fmt: skip
def test_keys_fly(window, qtbot, key, what, sign):
    canvas = window.canvas
    before = canvas.camera
    code = getattr(Qt.Key, f"Key_{key}")
    QTest.keyPress(canvas, code)
    qtbot.waitUntil(lambda: canvas.camera != before)
    QTest.keyRelease(canvas, code)
    assert not canvas.pilot.busy
    old, new = cameras.pose(before), cameras.pose(canvas.camera)
    right, _, _ = cameras.axes(before)
    moved = np.subtract(new.focus, old.focus)
    change = {
        "ahead": moved @ [-right[1], right[0], 0],
        "right": moved @ right,
        "bearing": (new.bearing - old.bearing + 180) % 360 - 180,
        "distance": new.distance - old.distance,
    }
    assert change.pop(what) * sign > 0
    assert list(change.values()) == pytest.approx([0, 0, 0], abs=1e-6)
    qtbot.waitUntil(lambda: window.session.state.view.camera == canvas.camera)


def test_keys_with_ctrl_do_not_fly_and_losing_the_focus_stops(window, qtbot):
    canvas = window.canvas
    before = canvas.camera
    QTest.keyClick(canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert canvas.camera == before
    QTest.keyPress(canvas, Qt.Key.Key_D)
    assert canvas.pilot.busy
    window.topbar.menu_button.setFocus()
    assert not canvas.pilot.busy


def test_moves_are_eased_but_not_for_those_who_want_no_motion(window, qtbot):
    canvas = window.canvas
    goal = cameras.orbit(canvas.camera, 40, 10)
    window.run("view.camera", *goal.position, *goal.focus)
    assert canvas.pilot.busy
    assert canvas.camera != goal
    qtbot.waitUntil(lambda: not canvas.pilot.busy)
    assert canvas.camera.position == pytest.approx(goal.position)
    settings.file().parent.mkdir(parents=True, exist_ok=True)
    settings.file().write_text(json.dumps({"reduced_motion": True}))
    goal = cameras.orbit(goal, 40, 0)
    window.run("view.camera", *goal.position, *goal.focus)
    assert not canvas.pilot.busy
    assert canvas.camera.position == pytest.approx(goal.position)


def test_numbers_keep_and_recall_views(window, qtbot):
    canvas, keys = window.canvas, Qt.KeyboardModifier
    place = cameras.orbit(canvas.camera, 30, 5)
    window.run("view.camera", *place.position, *place.focus)
    QTest.keyClick(canvas, Qt.Key.Key_2, keys.ControlModifier | keys.ShiftModifier)
    assert [one.number for one in window.session.state.project.bookmarks] == [2]
    assert "Ctrl+2" in window.stage.message.text.text()
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert window.session.state.view.camera is None
    QTest.keyClick(canvas, Qt.Key.Key_2, keys.ControlModifier)
    assert window.session.state.view.camera == place
    QTest.keyClick(canvas, Qt.Key.Key_Left, keys.AltModifier)
    assert window.session.state.view.camera is None
    QTest.keyClick(canvas, Qt.Key.Key_Right, keys.AltModifier)
    assert window.session.state.view.camera == place
    QTest.keyClick(canvas, Qt.Key.Key_5)
    assert cameras.is_parallel(window.session.state.view.camera)


def test_kept_views_are_managed_in_a_list(window, qtbot):
    from twinview.gui.viewpoints import KeptViews

    window.run("bookmark.store", 1, "Market")
    place = window.session.state.project.bookmarks[0].camera
    window.actions_.actions["gui.kept_views"].trigger()
    shown = window.findChild(KeptViews)
    QTest.mouseClick(shown.go, Qt.MouseButton.LeftButton)
    assert window.session.state.view.camera == place
    QTest.mouseClick(shown.rename, Qt.MouseButton.LeftButton)
    editor = shown.list.findChild(QLineEdit)
    editor.setText("Harbour")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    kept = window.session.state
    qtbot.waitUntil(lambda: window.session.state is not kept)
    assert [one.name for one in window.session.state.project.bookmarks] == ["Harbour"]
    QTest.mouseClick(shown.keep, Qt.MouseButton.LeftButton)
    assert len(window.session.state.project.bookmarks) == 2
    QTest.mouseClick(shown.remove, Qt.MouseButton.LeftButton)
    assert [one.number for one in window.session.state.project.bookmarks] == [2]
    shown.close()


def test_the_north_arrow_and_the_map_can_be_clicked(window, qtbot):
    canvas, targets = window.canvas, window.stage.targets
    assert targets.map.isHidden()
    QTest.mouseClick(targets.north, Qt.MouseButton.LeftButton)
    assert cameras.pose(window.session.state.view.camera).bearing == pytest.approx(0, abs=1e-6)
    QTest.keyClick(canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(targets.map.isVisible)
    sketch = canvas.scene.sketch
    column, row = sketch.cells(np.array([[24.0, 30.0]]))[0]
    at = QPoint(
        round(column / sketch.size[0] * targets.map.width()),
        round(row / sketch.size[1] * targets.map.height()),
    )
    QTest.mouseClick(targets.map, Qt.MouseButton.LeftButton, pos=at)
    # A pixel of the map is a few metres of the hamlet.
    assert window.session.state.view.camera.focus[:2] == pytest.approx((24, 30), abs=4)
    QTest.keyClick(canvas, Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(targets.map.isHidden)


def test_the_scale_bar_hides_where_it_would_say_nothing(window, qtbot):
    card = window.stage.hud.cards["scale"]
    goal = cameras.pose(window.canvas.camera)
    widths = {}
    for elevation in (31.0, 29.0):
        pose = cameras.Pose(goal.focus, 0.0, elevation, goal.distance)
        window.canvas.look(cameras.at(pose))
        widths[elevation] = card.width()
    assert widths[29.0] < widths[31.0]
