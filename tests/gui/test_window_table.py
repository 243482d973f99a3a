"""Table, map and inspector share one selection, by real mouse and keys."""

from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hamlet import HOUSES, NOON, TIME
from twinview.model.series import Dense, Meaning
from twinview.scene.selecting import rows_of
from twinview.scene.words import value_text

LONG = 20_000
Role = Qt.ItemDataRole
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def table(window, qtbot):
    """Return the table, opened by its key, as fresh."""
    panel = window.exploring.table
    if not panel.isVisible():
        QTest.keyClick(window.canvas, Qt.Key.Key_T, CTRL)
    qtbot.waitUntil(lambda: panel.isVisible() and panel.model.layer is not None, timeout=LONG)
    panel.filter.clear()
    panel.only.setChecked(False)
    panel._filter()
    panel.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    panel.layers.setCurrentIndex(panel.layers.findData("houses"))
    panel.layers.activated.emit(panel.layers.currentIndex())
    panel.view.scrollToTop()
    return panel


def at(panel, row: int, column: int = 2) -> QPoint:
    """Return where a cell is."""
    return panel.view.visualRect(panel.model.index(row, column)).center()


def click(panel, row: int, modifier=NONE, column: int = 2) -> None:
    """Click a cell."""
    QTest.mouseClick(panel.view.viewport(), LEFT, modifier, at(panel, row, column))


def selection(window) -> list[str]:
    """Return the ids of what is selected."""
    return [element for _layer, element in window.session.state.view.selection]


def dragged(window, points: list[tuple[int, int]], modifier) -> None:
    """Drag the left button over the canvas."""
    canvas = window.canvas
    QTest.mousePress(canvas, LEFT, modifier, QPoint(*points[0]))
    for x, y in points[1:]:
        place = QPointF(x, y)
        move = QMouseEvent(QEvent.Type.MouseMove, place, canvas.mapToGlobal(place),
                           Qt.MouseButton.NoButton, LEFT, modifier)  # fmt: skip
        QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, LEFT, modifier, QPoint(*points[-1]))


def test_rows_become_the_selection_by_mouse(window, table):
    click(table, 3)
    assert selection(window) == ["h3"]
    click(table, 5, CTRL)
    assert selection(window) == ["h3", "h5"]
    click(table, 3, CTRL)
    assert selection(window) == ["h5"]
    click(table, 1)
    click(table, 4, SHIFT)
    assert selection(window) == ["h1", "h2", "h3", "h4"]
    box = table.view.visualRect(table.model.index(0, 0))
    QTest.mouseClick(table.view.viewport(), LEFT, NONE, QPoint(12, box.center().y()))
    assert selection(window) == ["h1", "h2", "h3", "h4", "h0"]


def test_rows_become_the_selection_by_keys_and_the_clock_stays(window, table):
    click(table, 0)
    view = table.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert selection(window) == ["h0"]
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert selection(window) == ["h0", "h2"]
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert selection(window) == ["h2", "h3"]
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert len(selection(window)) == HOUSES
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert window.session.state.view.time == NOON
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert selection(window) == []


def test_the_map_marks_rows_and_brings_them_into_sight(window, table):
    window.run("select.only", "houses", "h42")
    row = table.model.place_of(42)
    index = table.model.index(row, 0)
    assert index.data(Role.CheckStateRole) == Qt.CheckState.Checked.value
    assert table.view.viewport().rect().contains(table.view.visualRect(index).center())
    window.run("select.only", "cables", "c3")
    assert table.layer.id == "cables"
    assert table.model.marked.tolist() == [k == 3 for k in range(10)]


def test_the_numbers_follow_the_clock_and_stand_beside_their_unit(window, table, qtbot):
    series = window.session.state.twin.find("houses", "carbon_intensity")
    model = table.model
    head = model.headerData(1, Qt.Orientation.Horizontal)
    assert head == "Carbon intensity [g/kWh]"
    for step in (NOON, NOON + 7):
        window.run("time.index", step)
        wanted = "≈ " + value_text("carbon_intensity", float(series.at(step)[4])).split("\u00a0")[0]
        qtbot.waitUntil(lambda wanted=wanted: model.index(4, 1).data() == wanted, timeout=LONG)
    assert model.index(HOUSES - 1, 1).data() == "no data"
    window.run("overlay.show", "power")
    qtbot.waitUntil(
        lambda: model.headerData(1, Qt.Orientation.Horizontal) == "Power [kW]", timeout=LONG
    )


def test_a_click_on_a_title_sorts_and_missing_ones_stay_last(window, table):
    values = window.session.state.twin.find("houses", "carbon_intensity").at(NOON)
    header = table.view.horizontalHeader()
    middle = header.sectionViewportPosition(1) + header.sectionSize(1) // 2
    for wanted in (np.argsort(values[:-1]), np.argsort(-values[:-1])):
        QTest.mouseClick(header.viewport(), LEFT, NONE, QPoint(middle, header.height() // 2))
        assert table.model.order[:-1].tolist() == wanted.tolist()
        assert table.model.order[-1] == HOUSES - 1


def test_the_filter_takes_words_and_expressions_and_says_what_is_wrong(window, table, qtbot):
    table.filter.setFocus()
    QTest.keyClicks(table.filter, "offi")
    qtbot.waitUntil(lambda: len(table.model.order) == HOUSES // 3, timeout=LONG)
    table.filter.clear()
    QTest.keyClicks(table.filter, 'height_m > 9 and use == "office"')
    QTest.keyClick(table.filter, Qt.Key.Key_Return)
    assert table.model.order.tolist() == [4, 19, 34, 49]
    QTest.keyClick(table.view, Qt.Key.Key_A, CTRL)
    assert selection(window) == ["h4", "h19", "h34", "h49"]
    table.filter.setText("height_m >")
    QTest.keyClick(table.filter, Qt.Key.Key_Return)
    assert "missing at its end" in table.said.text()
    table.filter.clear()
    table.only.click()
    assert table.model.order.tolist() == [4, 19, 34, 49]


def test_rows_are_copied_with_titles(window, table):
    click(table, 2)
    click(table, 4, CTRL)
    QTest.keyClick(table.view, Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Id\tCarbon intensity [g/kWh]\tUse\tHeight [m]")
    assert [line.split("\t")[0] for line in lines[1:]] == ["h2", "h4"]


def test_screen_readers_hear_column_value_unit_and_selection(window, table):
    click(table, 2)
    said = table.model.index(2, 1).data(Role.AccessibleTextRole)
    assert said.startswith("Carbon intensity: ")
    assert said.endswith(" g/kWh, selected")
    assert table.model.index(HOUSES - 1, 1).data(Role.AccessibleTextRole) == (
        "Carbon intensity: no data"
    )
    for widget in (table.view, table.filter, table.layers, table.copy, table.zoom, table.export):
        assert widget.accessibleName()


def test_a_rectangle_with_shift_selects_and_the_camera_stays(window, qtbot):
    camera, canvas = window.canvas.camera, window.canvas
    wide, high = canvas.width() - 1, canvas.height() - 1
    dragged(window, [(1, 1), (wide // 2, high // 2), (wide, high)], SHIFT)
    layers = {layer for layer, _element in window.session.state.view.selection}
    assert layers == {"houses", "cables", "stores"}
    assert window.canvas.camera == camera
    dragged(window, [(1, 1), (2, 1)], SHIFT)
    dragged(window, [(1, 1), (1, 4), (8, 8)], SHIFT)
    assert selection(window) == []


def test_a_line_drawn_around_a_house_selects_it_and_escape_leaves_drawing(window, qtbot):
    from twinview.render.camera import project

    canvas = window.canvas
    layer = window.session.state.twin.layers["houses"]
    x, y, _depth = project(
        layer.geometry.centres[[22]] + [0, 0, 4], canvas.camera, (canvas.width(), canvas.height())
    )[0]
    around = [(-9, -9), (9, -9), (9, 9), (-9, 9)]
    QTest.keyClick(canvas, Qt.Key.Key_L, SHIFT)
    assert window.exploring.lasso.armed
    dragged(window, [(round(x + dx), round(y + dy)) for dx, dy in around], NONE)
    assert "h22" in selection(window)
    assert len(selection(window)) < 8
    assert not window.exploring.lasso.armed
    QTest.keyClick(canvas, Qt.Key.Key_L, SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not window.exploring.lasso.armed
    assert "h22" in selection(window)


def test_the_inspector_adds_up_what_the_map_shows(window, qtbot):
    window.run("overlay.show", "power")
    window.run("select.where", 'houses: use == "school" or height_m > 9')
    qtbot.waitUntil(lambda: window.canvas.scene.view == window.session.state.view, timeout=LONG)
    state, several = window.session.state, window.inspector.several
    rows = rows_of(state.twin.layers, state.view.selection)["houses"]
    painted = window.canvas.scene.paints["houses"].values[rows]
    assert np.isnan(painted).sum() == 1
    one = next(one for one in several.summaries if one.quantity == "power")
    assert one.value == pytest.approx(float(np.nansum(painted.astype(np.float64))))
    label = several.values["houses", "power"]
    assert label.text() == f"≈ {value_text('power', one.value)}"
    assert window.inspector.title.text() == f"{len(rows)} selected"
    window.run("time.index", NOON + 5)
    assert label.text() != f"≈ {value_text('power', one.value)}"
    window.run("select.only", "houses", "h3")
    assert several.isHidden()
    assert window.inspector.title.text() == "Building h3"


def test_metered_dwellings_show_their_groups_in_table_inspector_and_hover(window, table, qtbot):
    values = np.tile(np.arange(1.0, HOUSES + 1, dtype=np.float32), (TIME.count, 1))
    meter = Dense(Meaning("houses", "consumption", "kW", origin="measured"), TIME, values)
    state = window.session.state
    view = replace(state.view, overlay="power", selection=(("houses", "h0"),))
    window.session._set(replace(state, twin=state.twin.with_series(meter), view=view))
    # Houses 0, 3, 12, 21 and 30 are neighbours and use 1 + 4 + 13 + 22 + 31 = 71 kW together.
    qtbot.waitUntil(lambda: table.model.index(0, 1).data() == "14.2", timeout=LONG)
    assert "group" in table.model.index(0, 1).data(Role.ToolTipRole)
    assert table.model.index(1, 1).data() == "2.00"
    inspector = window.inspector
    assert inspector.numbers.values["consumption"].text() == "14.2\u00a0kW"
    assert inspector._more.text() == "Mean of a group of 5 dwellings, for privacy"
    from twinview.scene.telling import hover_lines

    qtbot.waitUntil(lambda: window.canvas.scene.view.overlay == "power", timeout=LONG)
    said = hover_lines(window.session.state.twin, window.canvas.scene, "houses", 0)
    assert said[1][:2] == ["Power: 14.2\u00a0kW", "Mean of a group of 5 dwellings, for privacy"]
    window.run("select.these", "only", "houses", "h0", "houses", "h3")
    assert inspector.several.values["houses", "power"].text() == "Withheld"
    window.run("select.where", 'use == "dwelling"')
    assert inspector.several.values["houses", "power"].text() == "590\u00a0kW"


def test_the_inspector_says_of_what_nothing_is_shown_that_it_is_withheld_and_why(window, qtbot):
    """Houses 0 and 3 have meters, the other dwellings of their group have none."""
    values = np.full((TIME.count, HOUSES), np.nan, dtype=np.float32)
    values[:, [0, 3]] = 2.5
    meter = Dense(Meaning("houses", "consumption", "kW", origin="measured"), TIME, values)
    state = window.session.state
    view = replace(state.view, overlay="power", selection=(("houses", "h0"),))
    window.session._set(replace(state, twin=state.twin.with_series(meter), view=view))
    inspector, why = window.inspector, "Withheld: fewer than 5 dwellings have values."
    number = inspector.numbers.values["consumption"]
    assert number.isVisible()
    assert number.text() == "Withheld"
    assert why in number.toolTip()
    assert inspector._more.text() == why
    assert "consumption" not in inspector.charts
    window.run("select.only", "houses", "h1")  # an office
    assert "consumption" not in inspector.numbers.values
    assert inspector._more.isHidden()


@pytest.mark.parametrize("stays", [True, False], ids=["written", "given up"])
def test_rows_are_written_beside_the_window_and_can_be_given_up(
    window, table, qtbot, monkeypatch, tmp_path, stays
):
    file = tmp_path / "rows.xlsx"
    monkeypatch.setattr("twinview.gui.exploring.ask_save", lambda *_asked: file)
    window.stage.message.text.clear()
    QTest.mouseClick(table.export, LEFT)
    qtbot.waitUntil(window.stage.job.isVisible)
    assert "Written" not in window.stage.message.text.text()  # not before it is there
    if stays:
        qtbot.waitUntil(lambda: not window.jobs.running, timeout=LONG)
        assert f"Written: {file}" in window.stage.message.text.text()
        rows = list(openpyxl.load_workbook(file)["Values"].iter_rows(values_only=True))
        assert len(rows) == 1 + HOUSES
    else:
        # Its process is there, and may have begun.
        qtbot.waitUntil(lambda: any(tmp_path.iterdir()), timeout=LONG)
        QTest.mouseClick(window.stage.job.rows[-1].cancel, LEFT)
        window.jobs.close()
        assert not list(tmp_path.iterdir())
        assert "Written" not in window.stage.message.text.text()
