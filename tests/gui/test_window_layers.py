"""The layer panel with mouse and keys: order, opacity, filter, labels, colours; each undone."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton

from twinview.gui.style_dialog import StyleDialog

pytestmark = pytest.mark.needs_display
LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


def kept(window, layer: str = "houses"):
    return window.session.state.project.layers.get(layer)


def drawn(window, qtbot):
    """Return the scene on the view once the newest state is drawn."""
    before = window.canvas.draws
    window.session.begin("view.refresh")
    qtbot.waitUntil(lambda: window.canvas.draws > before)
    return window.canvas.scene


@pytest.fixture
def dialog(window, qtbot):
    window.layers.rows["houses"].setFocus()
    QTest.keyClick(window.layers.rows["houses"], Key.Key_Return)
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is not None)
    found = window.findChild(StyleDialog)
    assert found.form.layer.currentData() == "houses"
    yield found
    found.close()
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is None)


def test_keys_move_toggle_raise_go_to_and_remove(window, qtbot):
    panel = window.layers
    assert panel.order == ["cables", "houses", "stores"]
    rows = panel.rows
    rows["cables"].setFocus()
    QTest.keyClick(rows["cables"], Key.Key_Down)
    assert rows["houses"].hasFocus()
    QTest.keyClick(rows["houses"], Key.Key_Space)
    assert window.session.state.view.hidden == {"houses"}
    assert not window.timebar.player.playing
    assert "hidden" in rows["houses"].accessibleName()
    QTest.keyClick(rows["houses"], Key.Key_Space)
    QTest.keyClick(rows["houses"], Key.Key_Up, CONTROL)
    assert panel.order == ["houses", "cables", "stores"]
    assert rows["houses"].hasFocus()
    qtbot.waitUntil(lambda: rows["houses"].y() < rows["cables"].y())
    camera = window.session.state.view.camera
    QTest.keyClick(rows["houses"], Key.Key_F)
    assert window.session.state.view.camera != camera
    QTest.keyClick(rows["houses"], Key.Key_Delete)
    assert panel.order == ["cables", "stores"]
    assert not rows["houses"].isVisible()
    assert rows["cables"].hasFocus()
    assert panel.restore.isVisible()
    assert "houses" not in drawn(window, qtbot).paints
    QTest.mouseClick(panel.restore, LEFT)
    assert panel.order == ["houses", "cables", "stores"]
    for _k in range(3):
        window.run("edit.undo")
    assert panel.order == ["cables", "houses", "stores"]


def test_undo_of_a_notice_takes_back_that_edit_only(window):
    window.run("layer.opacity", "stores", 40)
    row, message = window.layers.rows["houses"], window.stage.message
    row.setFocus()
    QTest.keyClick(row, Key.Key_Delete)
    undo = next(one for one in message.findChildren(QPushButton) if one.text() == "Undo")
    window.run("edit.undo")
    QTest.mouseClick(undo, LEFT)
    assert kept(window, "stores").opacity == 0.4
    assert "houses" in window.layers.order
    assert window.topbar.undo.toolTip().startswith("Undo Opacity of a layer  (")
    window.run("edit.undo")


def test_a_row_is_dragged_to_another_place(window):
    panel = window.layers
    row, last = panel.rows["cables"], panel.rows["stores"]
    start = row.name.geometry().center()
    QTest.mousePress(row, LEFT, pos=start)
    foot = row.mapFromGlobal(last.mapToGlobal(QPoint(start.x(), last.height() - 2)))
    QTest.mouseMove(row, pos=(start + foot) / 2)
    QTest.mouseMove(row, pos=foot)
    assert panel._marker.isVisible()
    QTest.mouseRelease(row, LEFT, pos=foot)
    assert panel.order == ["houses", "stores", "cables"]
    assert not panel._marker.isVisible()
    assert len(window.session.undo_titles) == 1
    QTest.mouseClick(row, LEFT, pos=start)
    assert len(window.session.undo_titles) == 1


def test_an_opacity_is_seen_while_the_hand_moves_and_kept_as_one_step(window, dialog, qtbot):
    slider = dialog.form.slider
    slider.setSliderDown(True)
    for value in (80, 60, 45):
        slider.setValue(value)
    assert dialog.form.percent.value() == 45
    assert kept(window) is None
    qtbot.waitUntil(lambda: window.canvas.scene.opacity.get("houses") == 0.45)
    slider.setSliderDown(False)
    assert kept(window).opacity == 0.45
    assert len(window.session.undo_titles) == 1
    assert "45" in window.layers.rows["houses"].toolTip()
    dialog.form.percent.setFocus()
    for _k in range(5):
        QTest.keyClick(dialog.form.percent, Key.Key_Up)
    qtbot.waitUntil(lambda: kept(window).opacity == 0.5)
    assert len(window.session.undo_titles) == 2
    assert drawn(window, qtbot).opacity == {"houses": 0.5}
    window.run("edit.undo")
    assert slider.value() == 45


def typed(field, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_a_filter_is_written_with_help_counted_and_taken_away_by_one_click(window, dialog, qtbot):
    form, row = dialog.form, window.layers.rows["houses"]
    typed(form.filter, "hei")
    assert form.filter.popup.isVisible()
    QTest.keyClick(form.filter.popup, Key.Key_Return)
    assert form.filter.text() == "height_m"
    typed(form.filter, 'use == "office" and heigt_m > 8')
    qtbot.waitUntil(lambda: form.said.text().startswith("Letter 21"))
    assert "Did you mean height_m?" in form.said.text()
    QTest.keyClick(form.filter, Key.Key_Return)
    assert kept(window) is None
    assert form.filter.text().endswith("heigt_m > 8")
    typed(form.filter, "height_m > 9")
    qtbot.waitUntil(lambda: form.said.text() == "12 of 60 elements")
    QTest.keyClick(form.filter, Key.Key_Return)
    assert kept(window).filter == "height_m > 9"
    scene = drawn(window, qtbot)
    assert int((~scene.paints["houses"].out).sum()) == 12
    # The last house, of 10 m, has no intensity.
    assert (scene.legend.shown, scene.legend.missing, scene.legend.whole) == (11, 1, 60)
    assert row.filter.isVisible()
    assert row.count.text().startswith("12")
    assert "12 of 60 elements" in row.accessibleName()
    assert "Totals of the district stay whole" in row.filter.toolTip()
    QTest.mouseClick(row.filter, LEFT)
    assert kept(window) is None
    assert not row.filter.isVisible()
    assert form.filter.text() == ""
    window.run("edit.undo")
    assert row.filter.isVisible()


def test_table_and_statistics_follow_the_filter_of_the_layer(window, qtbot):
    window.run("layer.filter", "houses", "height_m > 9")
    table, panel = window.exploring.table, window.exploring.selection.statistics
    window.wishes.show_dock("table")
    qtbot.waitUntil(lambda: table.model.layer is not None)
    table.layers.setCurrentIndex(table.layers.findData("houses"))
    table.layers.activated.emit(table.layers.currentIndex())
    assert len(table.model.order) == 12
    assert "12 of 60 elements" in table.said.text()
    assert "height_m > 9" in table.said.text()
    window.wishes.show_dock("selection")
    qtbot.waitUntil(lambda: panel.found is not None and panel.found.statistics.count == 12)
    window.run("layer.filter", "houses", "none")
    qtbot.waitUntil(lambda: len(table.model.order) == 60)
    qtbot.waitUntil(lambda: panel.found.statistics.count == 60)
    for name in ("table", "selection"):
        window.docks[name].hide()


def test_labels_are_chosen_or_written(window, dialog, qtbot):
    box = dialog.form.labels
    box.setFocus()
    box.setCurrentIndex(box.findData("floor_area_m2"))
    box.activated.emit(box.currentIndex())
    assert kept(window).labels == "floor_area_m2"
    assert any(one.text == "139\u00a0m²" for one in drawn(window, qtbot).labels)
    typed(box.lineEdit(), "{id}: {height_m}")
    QTest.keyClick(box.lineEdit(), Key.Key_Return)
    assert kept(window).labels == "{id}: {height_m}"
    typed(box.lineEdit(), "{nothing}")
    QTest.keyClick(box.lineEdit(), Key.Key_Return)
    assert "cannot be made of 'nothing'" in window.stage.message.text.text()
    assert box.currentText() == "{id}: {height_m}"


def test_colours_stand_on_the_row_and_open_the_style(window, qtbot):
    row = window.layers.rows["houses"]
    qtbot.waitUntil(lambda: row._swatch.colours == window.canvas.scene.legend.colours)
    window.run("style.colours", "grey")
    qtbot.waitUntil(lambda: row._swatch.colours[0] == "#f2f2f2")
    QTest.mouseClick(row.swatch, LEFT)
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is not None)
    assert window.findChild(StyleDialog).form.layer.currentData() == "houses"
    window.findChild(StyleDialog).close()


def test_the_menu_of_a_row_comes_by_key_and_has_everything(window):
    row = window.layers.rows["houses"]
    middle, reason = row.rect().center(), QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(row, QContextMenuEvent(reason, middle, row.mapToGlobal(middle)))
    menu = next(one for one in window.findChildren(QMenu) if one.isVisible())
    said = [one.text().split("\t")[0] for one in menu.actions() if one.text()]
    assert {"Filter...", "Raise", "Lower", "Zoom to it", "Remove from the list"} <= set(said)
    next(one for one in menu.actions() if one.text().startswith("Lower")).trigger()
    menu.close()
    assert window.layers.order == ["cables", "stores", "houses"]


def test_a_double_click_on_the_legend_opens_the_style_and_not_the_manual(window, qtbot):
    legend, reading = window.stage.targets.legend, window.reading
    before = reading.manual is not None and reading.manual.isVisible()
    QTest.mouseClick(legend, LEFT)
    QTest.mouseDClick(legend, LEFT)
    qtbot.waitUntil(lambda: window.findChild(StyleDialog) is not None)
    assert not legend._wait.isActive()
    assert (reading.manual is not None and reading.manual.isVisible()) == before
    window.findChild(StyleDialog).close()


def test_a_command_about_a_layer_asks_for_what_is_missing_with_the_layers_at_hand(window, qtbot):
    message = window.stage.message
    window.ask("layer.opacity")
    buttons = {one.text(): one for one in message.findChildren(QPushButton) if one.isVisible()}
    assert {"cables", "houses", "stores"} <= buttons.keys()
    QTest.mouseClick(buttons["houses"], LEFT)
    qtbot.waitUntil(lambda: message.waiting)
    field = next(one for one in message.findChildren(QLineEdit) if one.isVisible())
    typed(field, "35")
    QTest.keyClick(field, Key.Key_Return)
    assert kept(window).opacity == 0.35


def test_a_row_gives_its_name_the_room_before_clock_and_second_count(qtbot, window):
    from twinview.gui.layer_row import LayerRow
    from twinview.scene.layering import LayerChoice
    from twinview.scene.swatches import Swatch

    row = LayerRow(window.session.state.twin.layers["houses"], visible=True)
    qtbot.addWidget(row)
    row.show_timed(True)
    row.show_wish(LayerChoice(filter="height_m > 9"))
    row.show_drawn(Swatch(()), 1, "")
    row.show()
    for width, clock, count in ((400, True, "1 / 60"), (163, False, "1")):
        row.resize(width, 27)
        qtbot.waitUntil(lambda width=width: row.width() == width)
        row.layout().activate()
        whole = row.name.fontMetrics().horizontalAdvance(row.name.text())
        assert row.name.width() >= whole
        assert (row.clock.isVisible(), row.count.text()) == (clock, count)
