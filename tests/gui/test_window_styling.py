"""The window of the style: a key opens it, what is chosen holds at once and is undone."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QDialogButtonBox, QLineEdit, QMenu

from twinview.gui.style_dialog import StyleDialog
from twinview.scene.theme import stops

pytestmark = pytest.mark.needs_display
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(window, qtbot):
    QTest.keyClick(window.canvas, Qt.Key.Key_C, SHIFT)
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is not None)
    found = window.findChild(StyleDialog)
    yield found
    for one in window.findChildren(StyleDialog):
        one.close()
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is None)


def pick(box, key: str) -> None:
    """Choose a line of a list with the keys, as its user does."""
    box.setFocus()
    steps = box.findData(key) - box.currentIndex()
    for _k in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)


def typed(field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def drawn(window, qtbot):
    """Return the legend that is on the view once the newest state is."""
    before = window.canvas.draws
    window.session.begin("view.refresh")
    qtbot.waitUntil(lambda: window.canvas.draws > before)
    return window.canvas.scene.legend


def test_colours_limits_and_classes_are_chosen(window, dialog, qtbot):
    assert "Carbon intensity" in dialog.what.text()
    assert (dialog.low.text(), dialog.high.text()) == ("0", "500")
    pick(dialog.ramp, "cividis")
    assert drawn(window, qtbot).colours == stops("cividis", window.theme)
    QTest.mouseClick(dialog.reverse, LEFT, pos=dialog.reverse.rect().center() * 0.1)
    typed(dialog.high, "300")
    assert drawn(window, qtbot).limits == (0, 300)
    assert dialog.limits.currentData() == "hand"
    pick(dialog.method, "equal")
    assert dialog.breaks.text() == "60 120 180 240"
    typed(dialog.breaks, "50 100")
    assert drawn(window, qtbot).classes == ("below 50", "50 to 100", "100 and more")
    assert dialog.method.currentData() == "manual"
    pick(dialog.limits, "now")
    assert not dialog.low.isEnabled()
    QTest.mouseClick(dialog.reset, LEFT)
    assert drawn(window, qtbot).limits == (0, 500)
    assert window.session.state.project.styles == {}
    window.run("edit.undo")
    assert window.session.state.project.styles["carbon"].within


def test_a_style_goes_to_another_overlay_and_wrong_breaks_are_said(window, dialog):
    window.run("style.colours", "grey")
    QTest.mouseClick(dialog.copy, LEFT)
    window.run("overlay.show", "power")
    assert "Power" in dialog.what.text()
    QTest.mouseClick(dialog.paste, LEFT)
    assert window.session.state.project.styles["power"].ramp == "grey"
    assert dialog.ramp.currentData() == "grey"
    pick(dialog.method, "natural")
    typed(dialog.breaks, "five")
    assert "numbers" in window.stage.message.text.text()


def chosen(window, qtbot, colour: str) -> None:
    """Write a colour into the dialog that asks for one, and take it."""
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(QColorDialog)))
    asks = next(one for one in window.findChildren(QColorDialog) if one.isVisible())
    field = next(one for one in asks.findChildren(QLineEdit) if one.text().startswith("#"))
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, colour)
    buttons = asks.findChild(QDialogButtonBox)
    QTest.mouseClick(buttons.button(QDialogButtonBox.StandardButton.Ok), LEFT)
    qtbot.waitUntil(lambda: not window.findChildren(QColorDialog))


def test_words_have_a_button_each_whose_colour_is_chosen_and_taken_back(window, dialog, qtbot):
    window.run("overlay.attribute", "houses.use")
    assert not dialog.ramp.isVisible()
    assert [one.text() for one in dialog.words.buttons.values()] == ["dwelling", "office", "school"]
    assert not dialog.words.more.isVisible()
    QTest.mouseClick(dialog.words.buttons["school"], LEFT)
    chosen(window, qtbot, "#ff0000")
    assert drawn(window, qtbot).colours == ("#4477aa", "#ee8866", "#ff0000")
    assert "chosen" in dialog.words.buttons["school"].toolTip()
    dialog.activateWindow()  # as a desktop does when its dialog closes
    qtbot.waitUntil(dialog.isActiveWindow)
    dialog.words.buttons["office"].setFocus()
    QTest.keyClick(dialog.words.buttons["office"], Qt.Key.Key_Space)
    chosen(window, qtbot, "#00ff00")
    assert drawn(window, qtbot).colours == ("#4477aa", "#00ff00", "#ff0000")
    window.run("edit.undo")
    assert drawn(window, qtbot).colours[1] == "#ee8866"
    button = dialog.words.buttons["school"]
    at = button.rect().center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, button.mapToGlobal(at))
    QApplication.sendEvent(button, asked)
    menu = next(one for one in dialog.words.findChildren(QMenu) if one.isVisible())
    assert [one.text() for one in menu.actions()] == ["Another colour...", "Usual colour"]
    menu.actions()[1].trigger()
    menu.close()
    assert window.session.state.project.styles == {}
    assert not dialog.reset.isEnabled()
    window.run("overlay.show", "carbon")
    assert dialog.ramp.isVisible()
    assert not dialog.words.isVisible()


def test_a_layer_gets_colours_of_its_own_and_their_style_in_the_same_window(window, dialog, qtbot):
    window.run("overlay.show", "storage")
    assert not dialog.of.isVisible()
    dialog.form.show_layer("houses")
    pick(dialog.form.colour, "height_m")
    assert dialog.of.currentData() == "houses"
    assert dialog.of.currentText() == "Houses: Height"
    assert "own colours: Height" in window.layers.rows["houses"].toolTip()
    assert not dialog.hint.isVisible()
    pick(dialog.ramp, "grey")
    assert drawn(window, qtbot).more[0].colours == stops("grey", window.theme)
    assert list(window.session.state.project.styles) == ["attribute:houses.height_m"]
    pick(dialog.method, "equal")
    typed(dialog.breaks, "8")
    assert drawn(window, qtbot).more[0].classes == ("below 8", "8 and more")
    window.run("overlay.show", "carbon")
    assert dialog.hint.isVisible()  # the overlay colours the houses now
    pick(dialog.of, "")
    assert drawn(window, qtbot).classes == ()
    pick(dialog.of, "houses")
    QTest.mouseClick(dialog.reset, LEFT)
    assert window.session.state.project.styles == {}
    pick(dialog.form.colour, "none")
    assert window.session.state.project.layers == {}
    assert not dialog.of.isVisible()


def test_a_layer_gets_one_colour_and_its_row_copies_the_style(window, dialog, qtbot):
    window.run("overlay.show", "storage")
    dialog.form.show_layer("houses")
    pick(dialog.form.colour, "#")
    chosen(window, qtbot, "#aa4499")
    assert drawn(window, qtbot).more[0].colours == ("#aa4499",)
    assert tuple(window.canvas.scene.paints["houses"].colour[0]) == (0xAA, 0x44, 0x99)
    rows = window.layers.rows
    rows["houses"].asked.emit("copy_style", "houses")
    rows["cables"].asked.emit("paste_style", "cables")
    assert window.session.state.project.layers["cables"].colour == "#aa4499"
    assert len(drawn(window, qtbot).more) == 2


def test_the_legend_has_a_menu(window, qtbot):
    legend = window.stage.targets.legend
    legend.customContextMenuRequested.emit(legend.rect().center())
    menu = next(one for one in window.findChildren(QMenu) if one.isVisible())
    action = next(one for one in menu.actions() if one.text().startswith("Style"))
    action.trigger()
    menu.close()
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is not None)
    window.findChild(StyleDialog).close()


def test_a_clock_marks_layers_whose_values_change_with_time_and_their_menu_has_the_style(
    window, qtbot
):
    rows = window.layers.rows
    assert all(rows[key].clock.isVisible() for key in ("houses", "cables", "stores"))
    state = window.session.state
    bare = replace(state.twin, series={k: v for k, v in state.twin.series.items()
                                       if k[0] != "cables"})  # fmt: skip
    window.session._set(replace(state, twin=bare))
    assert not rows["cables"].clock.isVisible()
    assert rows["houses"].clock.isVisible()
    rows["houses"].asked.emit("style", "houses")
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is not None)
    window.findChild(StyleDialog).close()


def test_the_fields_of_quantity_and_layer_begin_below_each_other(window, qtbot):
    window.tools.styling.open()
    dialog = window.findChild(StyleDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and dialog.form.layer.width() > 100)
    fields = (dialog.ramp, dialog.limits, dialog.method, dialog.form.layer, dialog.form.labels)
    assert len({one.mapTo(dialog, QPoint(0, 0)).x() for one in fields}) == 1
    legend = window.stage.targets.legend
    assert not dialog.frameGeometry().intersects(
        QRect(legend.mapToGlobal(QPoint(0, 0)), legend.size()))  # fmt: skip
    dialog.close()


def test_the_view_is_seen_as_others_see_it_while_the_window_is_open(window, dialog, qtbot):
    stage = window.stage

    def colours() -> set[tuple[int, int, int]]:
        image = stage.grab().toImage()
        every = (image.pixelColor(x, y) for x in range(0, 600, 6) for y in range(0, 500, 6))
        return {one.getRgb()[:3] for one in every}

    assert any(max(one) - min(one) > 40 for one in colours())
    pick(dialog.check.vision, "grey")
    qtbot.waitUntil(lambda: all(max(one) - min(one) <= 1 for one in colours()))
    dialog.close()
    qtbot.waitUntil(lambda: any(max(one) - min(one) > 40 for one in colours()))


def test_classes_that_look_alike_are_named(window, dialog):
    said = dialog.check.told
    assert not said.isVisible()  # a ramp has no neighbours
    pick(dialog.method, "equal")
    assert said.text() == "All classes can be told apart, in grey as well."
    legend = replace(window.canvas.scene.legend, colours=("#c44e52", "#6f8540"),
                     classes=("bad", "good"), words=("bad", "good"))  # fmt: skip
    dialog.check.say(legend)
    assert "Without green (deuteranopia): 'bad' and 'good' look alike." in said.text().split("\n")
    assert not said.text().startswith("Usual")
