"""Panes in the window: a key begins, heads and mouse change them, Esc ends."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest

from tests.gui.hamlet import opened
from tests.village import write_village
from twinview.gui.panes import corner
from twinview.gui.paneshapes import SHAPES
from twinview.progress import Progress
from twinview.render import making
from twinview.render.camera import project
from twinview.render.frames import Frames
from twinview.scene.panetotals import shown_sum
from twinview.scene.view import Pane
from twinview.session.command import find
from twinview.session.store import Session

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton
DIFFERENCE = Pane(difference=True)


def begun(window, qtbot, *panes: Pane):
    """Show panes and return them when they are drawn."""
    spread, view = window.tools.spread, window.session.state.view
    window.session._set(replace(window.session.state, view=replace(view, panes=panes)))
    qtbot.waitUntil(lambda: len(spread.shown) == len(panes) == len(spread.slots))
    qtbot.waitUntil(lambda: all(one.picture is not None for one in window.canvas.frames.others))
    return spread


@pytest.fixture
def spread(window, qtbot):
    begun(window, qtbot, Pane("", -24.0), Pane(""), DIFFERENCE)
    window.stage.message.hide()
    yield window.tools.spread
    window.run("compare.off")
    qtbot.waitUntil(lambda: not window.tools.spread.slots)


def alone(window, twin, scene) -> np.ndarray:
    """Return the picture of a scene drawn alone, from the window's camera and at its quality."""
    own = window.canvas.frames
    frames = Frames()
    frames.painter.show(twin, scene.theme)
    frames.painter.quality = own.painter.quality
    frames.refine(own.refined)
    frames.fit(own.size, window.canvas.devicePixelRatioF())
    frames.painter.draw(replace(scene, view=replace(scene.view, camera=window.canvas.camera)))
    made = frames.frame().copy()
    frames.close()
    return made[..., :3].astype(int)


def off(picture: np.ndarray, other: np.ndarray) -> int:
    """Return by how much two pictures differ at most."""
    return np.abs(picture[..., :3].astype(int) - other).max()


def test_a_key_begins_and_escape_ends(window, qtbot):
    canvas, whole = window.canvas, window.canvas.size()
    for _round in range(2):
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier
                       | Qt.KeyboardModifier.ShiftModifier)  # fmt: skip
        spread = window.tools.spread
        qtbot.waitUntil(lambda: len(window.tools.spread.shown) == 2)
        assert [one.pane for one in spread.shown] == [Pane("", -168.0), Pane("")]
        # There is no scenario: the window says what to do.
        assert window.stage.message.isVisible()
        assert "Make a scenario" in window.stage.message.text.text()
        window.stage.message.hide()
        left, right = (slot.view.geometry() for slot in spread.slots)
        assert left.size() == right.size() == canvas.size()
        assert left.right() < right.left()
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert window.session.state.view.panes == ()
        qtbot.waitUntil(lambda: not window.tools.spread.slots)
        assert canvas.size() == whole
        assert not canvas.frames.others
        assert not spread.shapes.alongside.held


def test_what_panes_say_goes_with_them_and_nothing_else_does(window, qtbot):
    message = window.stage.message
    for said in ("", "Written: a.csv"):
        window.run("compare.panes", 2)
        qtbot.waitUntil(lambda: message.isVisible() and "Make a scenario" in message.text.text())
        if said:
            message.notice(said)
        window.run("compare.off")
        qtbot.waitUntil(lambda: not window.tools.spread.slots)
        assert message.isVisible() == bool(said)
    message.hide()


def test_each_pane_is_the_single_view_of_it_and_the_difference_closes(window, spread, qtbot):
    one, two, less = spread.shown
    canvas = window.canvas
    qtbot.waitUntil(lambda: not canvas.motion.moving and not canvas.motion.busy)
    assert one.scene.legend.limits == two.scene.legend.limits
    pictures = [canvas.frames.frame(), *(other.picture for other in canvas.frames.others)]
    for shown, picture in zip(spread.shown, pictures, strict=True):
        off = np.abs(picture[..., :3].astype(int) - alone(window, shown.twin, shown.scene))
        assert off.max() <= 2, shown.title
    assert (pictures[0] != pictures[1]).any()
    assert shown_sum(less.scene) == pytest.approx(shown_sum(two.scene) - shown_sum(one.scene))


def test_the_mouse_in_any_pane_moves_all_selects_in_all_and_is_told_in_all(window, spread, qtbot):
    canvas, view = window.canvas, spread.slots[1].view
    before, middle = canvas.camera, QPoint(view.width() // 2, view.height() // 2)
    QTest.mousePress(view, LEFT, pos=middle)
    for k in range(1, 5):
        QTest.mouseMove(view, middle + QPoint(10 * k, 3 * k))
    QTest.mouseRelease(view, LEFT, pos=middle + QPoint(40, 12))
    assert canvas.camera != before
    assert window.session.state.view.camera == canvas.camera
    qtbot.waitUntil(lambda: not canvas.motion.moving and not canvas.motion.busy)
    row = 22
    layer = window.session.state.twin.layers["houses"]
    x, y, z = layer.geometry.centres[row]
    at = project(np.array([[x, y, z + 6.0]]), canvas.camera, (canvas.width(), canvas.height()))[0]
    place = QPoint(round(at[0]), round(at[1]))
    found = canvas.pick(QPointF(place))
    assert found is not None
    assert found[0] == "houses"
    QTest.mouseClick(view, LEFT, pos=place)
    assert window.session.state.view.selection == (("houses", found[1]),)
    qtbot.waitUntil(lambda: len(spread.shown[1].scene.selected) == 1)
    # The real pointer: what it rests in is asked of the screen.
    QCursor.setPos(view.mapToGlobal(place))
    qtbot.waitUntil(view.underMouse)
    QTest.mouseMove(view, place)
    qtbot.waitUntil(lambda: all(slot.hover.isVisible() for slot in spread.slots))
    # The mouse is in the second one: a mark stands in the others, at the same place.
    assert [slot.mark.isVisible() for slot in spread.slots] == [True, False, True]
    values = [shown.scene.paints["houses"].values[found[2]] for shown in spread.shown]
    assert values[2] == pytest.approx(values[1] - values[0], abs=1e-4)
    assert "from the first" in spread.slots[1].hover.lines.text()
    assert "from the first" not in spread.slots[0].hover.lines.text()


def test_heads_change_add_and_close_panes_and_say_what_is_missing(window, spread, qtbot):
    def panes():
        return window.session.state.view.panes

    head = spread.slots[0].head
    head.menus[1].aboutToShow.emit()
    texts = [one.text() for one in head.menus[1].actions()]
    assert texts[:3] == ["The clock's own instant", "−1 d", "−7 d"]
    head.menus[1].actions()[3].trigger()
    assert panes()[0].hours == -8736
    # A year before lies outside of ten days of data.
    qtbot.waitUntil(lambda: "outside the data" in spread.slots[0].view.accessibleDescription())
    qtbot.waitUntil(spread.slots[0].view.isVisible)
    head.offset_wanted.emit()
    window.stage.message.entry.setText("-12h")
    QTest.keyClick(window.stage.message.entry, Qt.Key.Key_Return)
    assert panes()[0].hours == -12
    qtbot.waitUntil(lambda: spread.shown[0].scene is not None)
    assert spread.slots[0].view.isHidden()
    QTest.mouseClick(spread.slots[2].head.add, LEFT)
    qtbot.waitUntil(lambda: len(spread.shown) == 4)
    assert spread.slots[3].head.case.accessibleName().startswith("Pane 4, Base case")
    cases = spread.slots[3].head
    cases.menus[0].aboutToShow.emit()
    less = next(a for a in cases.menus[0].actions() if "Difference" in a.text())
    less.trigger()
    assert panes()[3] == DIFFERENCE
    qtbot.waitUntil(lambda: spread.shown[3].title == "Difference: 2 − 1")
    QTest.mouseClick(spread.slots[3].head.close_button, LEFT)
    qtbot.waitUntil(lambda: len(spread.shown) == 3)
    assert "load, kW. 1:" in spread.foot.cards["totals"].accessibleName()
    assert "limits common to all panes" in spread.foot.cards["legend"].accessibleName()


@pytest.fixture
def other_shapes(make_window, qtbot, tmp_path, monkeypatch):
    """Return a window with a scenario that has a higher house; panes are not begun yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.do("scenario.new 'Higher'")
    house = session.state.twin.of_kind("building")[0].id_at(0)
    session.run("scenario.set", "houses", "height_m", "60", house)
    session.do("scenario.show base")
    session.do("overlay.show attribute")
    window = make_window(session.state)
    qtbot.waitUntil(lambda: window.stage.whole)
    return window


def made_elsewhere(monkeypatch):
    """Have shapes that the window makes by itself fail."""
    main = threading.main_thread()

    def watched(make):
        def made(*given):
            assert threading.current_thread() is not main, "the window waits for shapes"
            return make(*given)

        return made

    for name in ("shadows", "parts"):
        monkeypatch.setattr(making, name, watched(getattr(making, name)))


def test_a_scenario_with_other_shapes_is_drawn_with_them(other_shapes, qtbot, monkeypatch):
    window, canvas = other_shapes, other_shapes.canvas
    spread = window.tools.spread
    made_elsewhere(monkeypatch)
    begun(window, qtbot, Pane("base"), Pane("higher"))
    # Until it is made, the pane says so; there is no picture, and no label of it.
    slot = spread.slots[1]
    assert not canvas.frames.others
    assert "Preparing the picture of this case" in slot.view.why
    assert slot.view.accessibleDescription() == slot.view.why
    assert not slot.hud.isVisible()
    turns = []
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: turns.append(len(canvas.frames.others)))
    timer.start()
    qtbot.waitUntil(lambda: len(canvas.frames.others) == 1, timeout=60_000)
    timer.stop()
    assert turns.count(0) > 20  # the window answers all the while
    assert not slot.view.why
    assert slot.hud.isVisible()
    assert len(spread.shapes.alongside.held) == 1
    qtbot.waitUntil(lambda: not canvas.motion.moving and not canvas.motion.busy)
    (other,) = canvas.frames.others
    qtbot.waitUntil(lambda: other.picture is not None)
    shown = spread.shown[1]
    monkeypatch.undo()

    # What is being refined is soon the finer one.
    qtbot.waitUntil(lambda: off(other.picture, alone(window, shown.twin, shown.scene)) <= 2)
    assert (other.picture != canvas.frames.frame()).any()
    window.run("compare.off")
    qtbot.waitUntil(lambda: not spread.slots)
    assert not spread.shapes.alongside.held


def test_making_a_pane_can_be_ended_and_gone_on_with(other_shapes, qtbot):
    window, canvas = other_shapes, other_shapes.canvas
    spread = begun(window, qtbot, Pane("base"), Pane("higher"))
    name = SHAPES.name
    qtbot.waitUntil(lambda: window.jobs.is_running(name), timeout=60_000)
    window.jobs.stop()
    qtbot.waitUntil(lambda: "was ended" in spread.slots[1].view.why)
    assert "preparing it was cancelled" in window.stage.message.text.text()
    with qtbot.waitSignal(canvas.resolved):
        window.run("time.step", 1)
    assert not window.jobs.is_running(name)
    spread.shapes.again()
    qtbot.waitUntil(lambda: len(canvas.frames.others) == 1, timeout=60_000)
    assert not spread.slots[1].view.why
    # Another comparison while it is being made leaves nothing behind.
    window.run("compare.off")
    qtbot.waitUntil(lambda: not spread.slots)
    begun(window, qtbot, Pane("base"), Pane("higher"))
    window.run("compare.off")
    qtbot.waitUntil(lambda: not spread.slots)
    assert not window.jobs.is_running(name)


def test_nothing_to_subtract_is_a_sentence_not_an_empty_question(make_window):
    state = opened()
    bare = replace(state, twin=replace(state.twin, series={}))
    window = make_window(bare)
    window.ask("overlay.difference")
    assert "nothing to subtract yet" in window.stage.message.text.text()
    assert window.stage.message.entry.isHidden()


def test_a_pane_says_how_far_its_computation_is_and_offers_no_other(tmp_path, make_window, qtbot):
    """The whole district is computed of one case; the other one waits for its turn."""
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.do("scenario.new Plan")
    session.do("scenario.scale 2")
    window = make_window(session.state)
    spread = begun_without_pictures(window, qtbot, Pane("base"), Pane("plan"))
    base, plan = (slot.head.compute for slot in spread.slots)
    assert [one.text() for one in (base, plan)] == ["Compute", "Compute"]

    def endless():
        yield Progress(0.42, "")
        while True:
            yield Progress(0.42, "")

    window.jobs.drive(find("compute.run"), endless(), lambda _made: None)
    qtbot.waitUntil(lambda: plan.text() == "42\u00a0%")
    assert plan.accessibleName() == "Computing, 42\u00a0%…"
    assert not plan.isEnabled()
    assert not base.isVisible()
    assert plan.isVisible()
    window.jobs.cancel_all()
    assert [one.text() for one in (base, plan)] == ["Compute", "Compute"]
    assert base.isVisible()
    assert plan.isEnabled()


def begun_without_pictures(window, qtbot, *panes: Pane):
    """Show panes of cases that may have nothing to draw."""
    spread, view = window.tools.spread, window.session.state.view
    window.session._set(replace(window.session.state, view=replace(view, panes=panes)))
    qtbot.waitUntil(lambda: len(spread.shown) == len(panes) == len(spread.slots))
    qtbot.waitUntil(lambda: spread.slots[1].head.compute.text() != "")
    return spread


def test_the_legend_of_a_difference_hides_as_few_names_as_can_be(window, spread):
    whole, size = QSize(360, 300), QSize(100, 50)
    assert corner(whole, size, []) == QRect(8, 241, 100, 50)
    assert corner(whole, size, [QPoint(20, 260)]) == QRect(252, 241, 100, 50)
    assert corner(whole, size, [QPoint(20, 260), QPoint(300, 260)]).left() == 8
    slot = spread.slots[2]
    card = slot.legend.geometry().translated(-slot.view.pos())
    assert slot.view.rect().contains(card)
    assert not any(one.rect.intersects(QRectF(card)) for one in slot.hud._placed)
