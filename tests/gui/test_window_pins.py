"""Cards that are pinned: by key, button and command, followed by clock and camera, in pictures."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tests.gui.hamlet import NOON, hamlet
from twinview.draw.pins import place_pins
from twinview.model.problem import CommandError
from twinview.scene.resolve import resolve
from twinview.scene.view import View
from twinview.scene.words import value_text
from twinview.session.sharing import from_link, link, restored
from twinview.session.why import Key

LONG = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _put_away(window):
    """Leave the next test a window without panels."""
    window.run("overlay.show", "power")
    yield
    window.docks["why"].hide()


def pinned(window) -> list:
    return [(one.layer, one.element) for one in window.canvas.scene.pinned]


def wait(window, qtbot) -> None:
    qtbot.waitUntil(lambda: window.canvas.scene.view == window.session.state.view, timeout=LONG)


def rest_on(window, qtbot, element: str) -> None:
    """Rest the mouse on the middle of a house of the view."""
    row = int(element[1:])
    place = window.stage._place_of(("houses", element, row))
    QTest.mouseMove(window.canvas, place.toPoint())
    qtbot.waitUntil(lambda: window.exploring.pointing.element is not None, timeout=LONG)


def test_a_key_pins_what_the_mouse_rests_on_and_again_unpins_it(window, qtbot):
    rest_on(window, qtbot, "h12")
    found = window.exploring.pointing.element
    QTest.keyClick(window.canvas, Qt.Key.Key_P)
    wait(window, qtbot)
    assert pinned(window) == [found[:2]]
    assert len(window.stage.hud.pins) == 1
    assert window.session.log[-1] == f"pin.toggle houses {found[1]}"
    QTest.keyClick(window.canvas, Qt.Key.Key_P)
    wait(window, qtbot)
    assert pinned(window) == []
    assert window.stage.hud.pins == []
    assert not any(one.isVisible() for one in window.stage.hud._pin_cards)


def test_the_inspectors_button_pins_the_selection_and_shift_p_unpins_all(window, qtbot):
    assert not window.inspector.pin.isVisible()
    window.run("select.these", "only", "houses", "h3", "houses", "h44")
    window.wishes.show_dock("inspector")
    qtbot.waitUntil(window.inspector.pin.isVisible, timeout=LONG)
    QTest.mouseClick(window.inspector.pin, LEFT)
    wait(window, qtbot)
    assert pinned(window) == [("houses", "h3"), ("houses", "h44")]
    assert window.inspector.pin.isChecked()
    one, other = (pin.rect for pin in window.stage.hud.pins)
    assert not one.intersects(other)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    wait(window, qtbot)
    assert pinned(window) == []
    assert not window.inspector.pin.isChecked()


def test_a_card_follows_clock_and_camera(window, qtbot):
    window.run("pin.toggle", "houses", "h27")
    wait(window, qtbot)
    hud = window.stage.hud
    before = hud.pins[0]
    series = window.session.state.twin.find("houses", "consumption")
    for step in (NOON, NOON + 5):
        window.run("time.index", step)
        wait(window, qtbot)
        said = value_text("power", float(series.of(27)[step]))
        assert hud.pins[0].pinned.lines[0] == f"Power: {said}"
    card = hud._pin_cards[0]
    qtbot.waitUntil(lambda: card._drawn is not None, timeout=LONG)
    drawn = card.drawings
    window.run("view.standard", "top")
    qtbot.waitUntil(
        lambda: (hud.pins[0].anchor - before.anchor).manhattanLength() > 5, timeout=LONG
    )
    qtbot.waitUntil(lambda: not window.canvas.pilot.busy, timeout=LONG)
    after = hud.pins[0]
    place = window.stage._place_of(("houses", "h27", 27))
    assert abs(after.anchor.x() - place.x()) < 12
    assert card.pos() == after.rect.topLeft().toPoint()
    assert card.drawings == drawn  # moved, not written anew


def test_the_cross_unpins_and_the_link_says_why(window, qtbot):
    window.run("pin.toggle", "houses", "h27")
    window.run("pin.toggle", "houses", "h2")
    wait(window, qtbot)
    targets = window.stage.targets
    qtbot.waitUntil(lambda: [one.isVisible() for one in targets.whys] == [True, True], timeout=LONG)
    QTest.mouseClick(targets.whys[1], LEFT)
    assert window.reading.panel.shown.key == Key("houses", "h2", "power")
    window.docks["why"].hide()
    qtbot.waitUntil(lambda: len(window.stage.hud.pins) == 2, timeout=LONG)
    targets.crosses[0].setFocus()
    QTest.keyClick(targets.crosses[0], Qt.Key.Key_Space)
    wait(window, qtbot)
    assert pinned(window) == [("houses", "h2")]
    assert [one.isVisible() for one in targets.crosses] == [True, False]


def test_what_is_hidden_or_out_of_sight_has_no_card_until_it_is_seen_again(window, qtbot):
    window.run("pin.toggle", "houses", "h27")
    window.run("layer.toggle", "houses")
    wait(window, qtbot)
    assert window.stage.hud.pins == []
    window.run("layer.toggle", "houses")
    wait(window, qtbot)
    assert len(window.stage.hud.pins) == 1


def test_a_view_that_is_shared_has_its_pins(window):
    window.run("pin.toggle", "houses", "h27")
    state = window.session.state
    view, _same = restored(state, from_link(link(state)))
    assert view.pins == (("houses", "h27"),)


def test_too_many_and_what_is_not_there_are_refused(window, qtbot):
    for element in ("gone", ""):
        with pytest.raises(CommandError):
            window.session.run("pin.toggle", "houses" if element else "", element)
    window.session.run("select.all", "houses")
    with pytest.raises(CommandError, match="No more than 12"):
        window.session.run("pin.toggle")


def test_pictures_show_the_cards(qapp):
    from PySide6.QtCore import QSizeF
    from PySide6.QtGui import QPainter

    from twinview.draw.hud import Sight, draw_hud

    twin = hamlet()
    view = View(time=NOON, overlay="power", pins=(("houses", "h27"), ("houses", "gone")))
    scene = resolve(twin, view)
    assert [one.element for one in scene.pinned] == ["h27"]
    sight = Sight(lambda points: np.tile([640.0, 400.0, 5.0], (len(points), 1)), (), (0.0, 0.0))

    def painted(what) -> tuple[QImage, dict]:
        image = QImage(1280, 800, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        painter = QPainter(image)
        taken = draw_hud(painter, what, QSizeF(1280, 800), sight=sight, parts={"pins"})
        painter.end()
        return image, taken

    image, taken = painted(scene)
    rect = taken["pin 0"].toAlignedRect()
    assert rect.left() > 640
    assert rect.bottom() < 400
    blank, _none = painted(replace(scene, pinned=()))
    assert image.copy(rect) != blank.copy(rect)
    assert image.pixel(640, 400) != blank.pixel(640, 400)  # the dot on the house


def test_cards_keep_off_each_other_and_off_what_else_stands_there(qapp):
    view = View(time=NOON, overlay="power", pins=tuple(("houses", f"h{k}") for k in range(4)))
    cards = resolve(hamlet(), view).pinned
    room, legend = QRectF(0, 0, 900, 600), QRectF(0, 300, 300, 300)
    points = [[310.0, 290.0, 1.0], [320.0, 300.0, 1.0], [330.0, 310.0, -1.0], [950.0, 20.0, 1.0]]
    placed = place_pins(cards, points, room, [legend])
    assert [one.pinned.element for one in placed] == ["h0", "h1"]  # behind the eye, off the view
    assert not placed[0].rect.intersects(placed[1].rect)
    assert not any(one.rect.intersects(legend) for one in placed)
    corner = place_pins(cards[:1], [[2.0, 2.0, 1.0]], room)[0]
    assert room.contains(corner.rect)
    assert not corner.rect.contains(QPointF(2, 2))
