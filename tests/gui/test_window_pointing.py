"""What is under the pointer is marked everywhere: view, table, ranking, curves and their legend."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hamlet import HOUSES, NOON
from twinview.gui.plotlines import nearest

LONG = 20_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def table(window, qtbot):
    """Return the table, opened, with the houses in it."""
    panel = window.exploring.table
    window.wishes.show_dock("table")
    qtbot.waitUntil(lambda: panel.isVisible() and panel.model.layer is not None, timeout=LONG)
    panel.filter.clear()
    panel.only.setChecked(False)
    panel._filter()
    panel.layers.setCurrentIndex(panel.layers.findData("houses"))
    panel.layers.activated.emit(panel.layers.currentIndex())
    panel.view.scrollToTop()
    return panel


@pytest.fixture
def panel(window, qtbot):
    """Return the panel of the selection, opened, as fresh."""
    made = window.exploring.selection
    window.wishes.show_dock("selection")
    qtbot.waitUntil(made.isVisible, timeout=LONG)
    made.choice.choose("statistics")
    made.statistics.scope.choose("all")
    made.statistics.time.choose("instant")
    made.curves.kinds.choose("curves")
    return made


@pytest.fixture
def curves(window, panel, qtbot):
    """Return the curves of three houses whose use is clearly apart."""
    used = window.session.state.twin.find("houses", "consumption").at(NOON)[: HOUSES - 1]
    order = np.argsort(used)
    rows = [int(order[k]) for k in (0, 29, 58)]
    window.run("select.these", "only", *[w for k in rows for w in ("houses", f"h{k}")])
    panel.choice.choose("curves")
    page = panel.curves
    page.quantity.setCurrentIndex(page.quantity.findData("consumption"))
    page._timer.start()
    qtbot.waitUntil(
        lambda: page.material is not None and list(page.material.singles) == rows, timeout=LONG
    )
    page.rows = rows
    return page


def move(widget, at: QPoint) -> None:
    """Move the pointer to a place of a widget: by way of a place beside, as a hand does."""
    for step in (QPoint(1, 1), QPoint()):
        QTest.mouseMove(widget, at - step)


def marked(window) -> tuple[str, int] | None:
    """Return what the view marks."""
    return window.canvas.painter._hovered


def selection(window) -> list[str]:
    """Return the ids of what is selected."""
    return [element for _layer, element in window.session.state.view.selection]


def cell(panel, row: int) -> QPoint:
    """Return where a row of the table is."""
    return panel.view.visualRect(panel.model.index(row, 2)).center()


def house(window, row: int) -> QPoint:
    """Return where a house is seen, looking straight at it."""
    window.run("select.only", "houses", f"h{row}")
    window.run("view.selection")
    window.stage.message.hide()
    canvas = window.canvas
    return QPoint(canvas.width() // 2, canvas.height() // 2)


def framed(rows) -> int:
    """Return the row that a table frames; -1 for none in sight."""
    if not rows.frame.isVisible():
        return -1
    return rows.rowAt(rows.frame.geometry().center().y())


def test_a_row_of_the_table_marks_its_element_in_the_view(window, table, qtbot):
    draws, told = window.canvas.draws, []
    window.exploring.pointing.changed.connect(told.append)
    move(table.view.viewport(), cell(table, 3))
    qtbot.waitUntil(lambda: marked(window) == ("houses", 3), timeout=LONG)
    assert framed(table.view) == 3
    card = window.stage.hover
    assert card.isVisible()
    assert card.title.text() == "Building h3"
    assert "g/kWh" in card.lines.text()
    before = window.canvas._image.copy()
    qtbot.waitUntil(lambda: not window.canvas._stale, timeout=LONG)
    move(table.view.viewport(), cell(table, 2))
    qtbot.waitUntil(lambda: marked(window) == ("houses", 2), timeout=LONG)
    qtbot.waitUntil(lambda: window.canvas._image != before, timeout=LONG)
    move(table.filter, table.filter.rect().center())
    qtbot.waitUntil(lambda: marked(window) is None, timeout=LONG)
    assert framed(table.view) == -1
    assert not card.isVisible()
    window.exploring.pointing.changed.disconnect(told.append)
    assert told[-1] is None
    assert told.count(None) == 1  # nothing comes back to where the pointer is
    assert window.canvas.draws == draws  # no scene was made for it


def test_the_view_marks_the_row_and_does_not_scroll(window, table, qtbot):
    at = house(window, 1)
    qtbot.waitUntil(lambda: not window.canvas.pilot.busy, timeout=LONG)
    window.canvas.draw_now()
    bar = table.view.verticalScrollBar()
    table.view.scrollToTop()
    move(window.canvas, at)
    qtbot.waitUntil(lambda: marked(window) == ("houses", 1), timeout=LONG)
    assert framed(table.view) == 1
    bar.setValue(bar.maximum())
    assert framed(table.view) == -1
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    assert framed(table.view) == 1
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    place = table.model.place_of(1)
    assert place > 1
    assert framed(table.view) == -1  # far below what is in sight
    table.view.scrollTo(table.model.index(place, 0))
    assert framed(table.view) == place
    table.view.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)


def test_the_ranking_marks_and_is_marked(window, panel, qtbot):
    page = panel.statistics
    values = window.session.state.twin.find("houses", "carbon_intensity").at(NOON)
    order = np.argsort(-values[:-1])
    qtbot.waitUntil(
        lambda: page.found is not None and page.found.statistics.ranking == tuple(order[:20]),
        timeout=LONG,
    )
    rows = page.ranking
    move(rows.viewport(), rows.visualRect(rows.model().index(1, 0)).center())
    qtbot.waitUntil(lambda: marked(window) == ("houses", order[1]), timeout=LONG)
    window.exploring.pointing.in_view(("houses", f"h{order[2]}", int(order[2])))
    assert framed(rows) == 2
    window.exploring.pointing.in_view(("cables", "c2", 2))
    assert framed(rows) == -1


def test_a_legend_entry_marks_its_house_and_its_curve(window, curves, qtbot):
    entry = curves.legend.entries[1]
    move(entry, entry.rect().center())
    qtbot.waitUntil(lambda: marked(window) == ("houses", curves.rows[1]), timeout=LONG)
    assert curves.plot._bold == 1
    assert [one.frame.isVisible() for one in curves.legend.entries] == [False, True, False]
    move(curves.note, curves.note.rect().center())
    window.exploring.pointing.in_view(("houses", f"h{curves.rows[2]}", curves.rows[2]))
    assert curves.plot._bold == 2
    window.exploring.pointing.in_view(None)
    assert curves.plot._bold == -1


def on_line(curves, k: int, step: int = NOON) -> QPoint:
    """Return a place on the k-th curve at a step, noon where none is named."""
    plot, figure = curves.plot, curves.plot.figure
    at = int(np.searchsorted(figure.x, step + 0.5))
    x, y = plot._x(figure, float(figure.x[at])), plot._y(figure, float(figure.lines[k][at]))
    return QPoint(round(x), round(y))


def test_a_curve_marks_its_house_and_a_click_selects_it(window, curves, qtbot):
    plot = curves.plot
    move(plot, on_line(curves, 2))
    qtbot.waitUntil(lambda: marked(window) == ("houses", curves.rows[2]), timeout=LONG)
    assert plot._bold == 2
    assert plot.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(plot, LEFT, CTRL, on_line(curves, 2))
    assert selection(window) == [f"h{k}" for k in curves.rows[:2]]
    qtbot.waitUntil(lambda: len(curves.legend.entries) == 2, timeout=LONG)
    QTest.mouseClick(plot, LEFT, NONE, on_line(curves, 0))
    assert selection(window) == [f"h{curves.rows[0]}"]
    assert window.session.state.view.time == NOON


def test_esc_brings_back_the_curves_that_a_click_on_one_has_let_go(window, curves, qtbot):
    every = selection(window)
    QTest.mouseClick(curves.legend.entries[1], LEFT)
    assert selection(window) == [f"h{curves.rows[1]}"]
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert selection(window) == every
    qtbot.waitUntil(lambda: len(curves.legend.entries) == len(every), timeout=LONG)
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert selection(window) == []
    QTest.keyClick(window.canvas, Qt.Key.Key_Backspace, CTRL)
    assert selection(window) == every


def test_beside_the_curves_a_click_moves_the_clock_and_a_drag_does_everywhere(window, curves):
    plot, chosen = curves.plot, selection(window)
    step = plot.area.width() / len(curves._shown)
    between = (on_line(curves, 1, NOON + 3) + on_line(curves, 2, NOON + 3)) / 2
    QTest.mouseClick(plot, LEFT, NONE, between)
    assert abs(window.session.state.view.time - (NOON + 3)) <= 1
    start = on_line(curves, 2)
    QTest.mousePress(plot, LEFT, NONE, start)
    there = QPointF(start + QPoint(-round(step * 5), 0))
    drag = QMouseEvent(QEvent.Type.MouseMove, there, plot.mapToGlobal(there),
                       Qt.MouseButton.NoButton, LEFT, NONE)  # fmt: skip
    QApplication.sendEvent(plot, drag)
    QTest.mouseRelease(plot, LEFT, NONE, there.toPoint())
    assert abs(window.session.state.view.time - (NOON - 5)) <= 1
    assert selection(window) == chosen


def test_entries_of_the_legend_select_by_mouse_and_keys(window, curves, qtbot):
    QTest.mouseClick(curves.legend.entries[0], LEFT, CTRL)
    assert selection(window) == [f"h{k}" for k in curves.rows[1:]]
    qtbot.waitUntil(lambda: len(curves.legend.entries) == 2, timeout=LONG)
    entry = curves.legend.entries[1]
    entry.setFocus()
    assert entry.frame.isVisible()
    QTest.keyClick(entry, Qt.Key.Key_Space)
    assert selection(window) == [f"h{curves.rows[2]}"]
    assert not window.timebar.player.playing
    assert window.session.state.view.time == NOON


def test_the_ranking_takes_ctrl_and_shift_as_the_table_does(window, panel, qtbot):
    page = panel.statistics
    qtbot.waitUntil(lambda: page.found is not None, timeout=LONG)
    values = window.session.state.twin.find("houses", "carbon_intensity").at(NOON)
    order = [f"h{k}" for k in np.argsort(-values[:-1])]
    qtbot.waitUntil(
        lambda: [f"h{k}" for k in page.found.statistics.ranking] == order[:20], timeout=LONG
    )
    rows = page.ranking

    def click(row: int, modifier=NONE) -> None:
        place = rows.visualRect(rows.model().index(row, 0)).center()
        QTest.mouseClick(rows.viewport(), LEFT, modifier, place)

    click(2)
    assert selection(window) == [order[2]]
    qtbot.waitUntil(lambda: rows.said(2).startswith("✓"), timeout=LONG)
    click(4, CTRL)
    assert selection(window) == [order[2], order[4]]
    click(2, CTRL)
    assert selection(window) == [order[4]]
    click(1)
    click(3, SHIFT)
    assert selection(window) == order[1:4]
    click(5, CTRL | SHIFT)
    assert selection(window) == order[1:6]
    rows.setFocus()
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Space)
    assert selection(window) == order[1:7]
    assert not window.timebar.player.playing


def test_the_nearest_line_is_that_of_its_segments_and_gaps_are_no_line():
    x = np.array([0.0, 10.0, 20.0, 30.0])
    flat, steep = np.zeros(4), np.array([0.0, 10.0, np.nan, 30.0])
    lines, scale = (flat, steep), (2.0, 2.0)
    assert nearest(x, lines, (15.0, 1.0), scale, 5.0) == 0  # 2 px above the flat one
    assert nearest(x, lines, (15.0, 3.0), scale, 5.0) == -1  # 6 px
    # At (5, 4) the rising line is 1 / sqrt 2 away, or 1.41 px; the flat one 8 px.
    assert nearest(x, lines, (5.0, 4.0), scale, 1.5) == 1
    assert nearest(x, lines, (5.0, 4.0), scale, 1.3) == -1
    assert nearest(x, lines, (20.0, 20.0), scale, 5.0) == -1  # a gap
    assert nearest(x, lines, (-9.0, 0.0), scale, 5.0) == -1
