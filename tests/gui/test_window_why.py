"""Why this number in a window: spans and differences, and the ways in, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.gui.hamlet import NOON
from twinview.gui.richtext import link
from twinview.model.twin import DISTRICT
from twinview.scene.words import value_text
from twinview.session.why import Key

LONG = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _put_away(window):
    """Leave the next test a window without panels."""
    yield
    for name in ("why", "table", "selection"):
        window.docks[name].hide()


def click(widget) -> None:
    QTest.mouseClick(widget, LEFT, pos=widget.rect().center())


def menu_at(widget, place: QPoint, owner=None) -> dict:
    """Open a context menu as the mouse does; return its lines by their text."""
    owner = owner or widget
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    menus = [one for one in owner.findChildren(QMenu) if one.isVisible()]
    if not menus:
        return {}
    lines = {one.text(): one for one in menus[-1].actions()}
    menus[-1].hide()
    return lines


def used(window, row: int, steps: range) -> float:
    """Return the kWh of a house over some steps."""
    series = window.session.state.twin.find("houses", "consumption")
    return float(series.of(row)[steps.start : steps.stop].astype(np.float64).sum())


# ------------------------------------------------------------------------------------ in the panel
def test_a_window_is_explained_and_its_steps_stay_where_they_are(window, qtbot):
    window.run("time.window", "rolling", "6h")
    window.run("select.only", "houses", "h7")
    click(window.inspector.numbers.values["consumption"])
    panel = window.reading.panel
    whole = used(window, 7, range(NOON - 5, NOON + 1))
    assert panel.shown.value == pytest.approx(whole, rel=1e-5)
    assert panel.shown.text == value_text("consumption", whole, "kWh")
    text = panel.text.toPlainText()
    assert "Sum: 6 h, " in text
    assert "What weighs most" in text
    assert not panel.over.isVisible()
    step = panel.shown.parts.weighty[0]
    panel.text.anchorClicked.emit(QUrl(link(step.about)))
    assert panel.shown.key == Key("houses", "h7", "consumption", step.about.step, "instant")
    assert panel.over.isVisible()
    window.run("time.index", NOON + 3)
    click(panel.copy)
    assert panel.shown.key.step == step.about.step
    assert QGuiApplication.clipboard().text() == panel.shown.as_text()
    click(panel.back)
    later = used(window, 7, range(NOON - 2, NOON + 4))
    assert panel.shown.value == pytest.approx(later, rel=1e-5)
    window.run("time.window", "instant")
    qtbot.waitUntil(lambda: panel.shown.text.endswith("kW"), timeout=LONG)


def test_the_legend_explains_the_difference_and_the_inspector_its_own_number(window, qtbot):
    window.run("select.only", "houses", "h7")
    window.run("overlay.difference", "power", "", -1.0)
    qtbot.waitUntil(lambda: window.canvas.scene.view == window.session.state.view, timeout=LONG)
    panel = window.reading.panel
    click(window.stage.targets.legend)
    qtbot.waitUntil(lambda: panel.shown is not None and panel.isVisible(), timeout=LONG)
    painted = float(window.canvas.scene.paints["houses"].values[7])
    qtbot.waitUntil(lambda: panel.shown.key == Key("houses", "h7", "power"), timeout=LONG)
    assert panel.shown.value == pytest.approx(painted)
    now, before = used(window, 7, range(NOON, NOON + 1)), used(window, 7, range(NOON - 1, NOON))
    assert painted == pytest.approx(now - before, abs=1e-6)
    assert panel.title.text() == "Power: B − A"
    assert "B: 2024-03-30 12:00" in panel.text.toPlainText()
    click(window.inspector.numbers.values["consumption"])
    assert panel.shown.key == Key("houses", "h7", "consumption", None, "value")
    assert panel.shown.value == pytest.approx(now)


# ----------------------------------------------------------------------------------------- ways in
def test_a_cell_of_the_table_leads_to_its_number(window, qtbot):
    window.run("overlay.show", "power")
    table = window.exploring.table
    window.wishes.show_dock("table")
    qtbot.waitUntil(lambda: table.isVisible() and table.model.layer is not None, timeout=LONG)
    table.layers.setCurrentIndex(table.layers.findData("houses"))
    table.layers.activated.emit(table.layers.currentIndex())
    view, names = table.view, [one.name for one in table.model.columns]

    def lines(column: int) -> dict:
        place = view.visualRect(table.model.index(3, column)).center()
        return menu_at(view.viewport(), place, view)

    assert list(lines(0)) == ["Copy"]
    lines(names.index("power"))["Why this number"].trigger()
    panel = window.reading.panel
    assert panel.shown.key == Key("houses", "h3", "power")
    assert panel.shown.value == pytest.approx(used(window, 3, range(NOON, NOON + 1)))
    lines(names.index("height_m"))["Why this number"].trigger()
    assert panel.shown.key.quantity == "height_m"


def test_the_sum_of_several_leads_to_what_each_gives(window, qtbot):
    window.run("overlay.show", "power")
    window.run("select.these", "only", "houses", "h1", "houses", "h2", "houses", "h3")
    value = window.inspector.several.values["houses", "power"]
    click(value)
    panel = window.reading.panel
    assert window.session.log[-1] == "why houses selected power"
    each = [used(window, k, range(NOON, NOON + 1)) for k in (1, 2, 3)]
    assert panel.shown.value == pytest.approx(sum(each), rel=1e-5)
    assert panel.shown.text in value.text()
    given = [one.value for one in panel.shown.parts.weighty]
    assert given == pytest.approx(sorted(each, reverse=True), rel=1e-5)
    window.run("select.these", "only", "houses", "h1", "houses", "h2")
    qtbot.waitUntil(lambda: len(panel.shown.parts.weighty) == 2, timeout=LONG)
    window.run("select.clear")
    qtbot.waitUntil(lambda: panel.shown is None, timeout=LONG)


def test_rows_of_the_ranking_and_the_sum_lead_to_their_numbers(window, qtbot):
    window.run("overlay.show", "power")
    window.run("select.these", "only", "houses", "h1", "houses", "h2")
    made = window.exploring.selection
    window.wishes.show_dock("selection")
    made.choice.choose("statistics")
    page = made.statistics
    page.scope.choose("selection")
    qtbot.waitUntil(
        lambda: page.found is not None and page.found.statistics.count == 2, timeout=LONG
    )
    qtbot.waitUntil(lambda: page.ranking.model().rowCount() == 2, timeout=LONG)
    table, panel = page.ranking, window.reading.panel
    place = table.visualRect(table.model().index(1, 1)).center()
    menu_at(table.viewport(), place, table)["Why this number"].trigger()
    second = page.found.statistics.ranking[1]
    assert panel.shown.key == Key("houses", f"h{second}", "power")
    menu_at(page.numbers.values["sum"], QPoint(2, 2))["Why this number"].trigger()
    assert panel.shown.key == Key("houses", "selected", "power", figure="sum")
    assert panel.shown.value == pytest.approx(page.found.statistics.total)
    page.scope.choose("all")


def test_a_curve_leads_to_the_number_of_the_instant(window, qtbot):
    window.run("time.window", "rolling", "6h")
    window.run("select.these", "only", "houses", "h3", "houses", "h8")
    made = window.exploring.selection
    window.wishes.show_dock("selection")
    made.choice.choose("curves")
    page = made.curves
    page.quantity.setCurrentIndex(page.quantity.findData("consumption"))
    qtbot.waitUntil(
        lambda: page.material is not None and list(page.material.singles) == [3, 8], timeout=LONG
    )
    qtbot.waitUntil(lambda: len(page.legend.entries) == 2, timeout=LONG)
    entry = page.legend.entries[1]
    menu_at(entry, entry.rect().center())["Why this number"].trigger()
    panel = window.reading.panel
    assert panel.shown.key == Key("houses", "h8", "consumption", None, "instant")
    assert panel.shown.text == entry.value.text()
    made.choice.choose("statistics")


def test_the_time_bar_leads_to_the_load_of_an_instant(window):
    window.run("time.window", "rolling", "6h")
    place = window.mapToGlobal(QPoint(300, 300))
    window.timebar.track.menu_wanted.emit(NOON + 2, None, place)
    menu = next(one for one in window.timebar.findChildren(QMenu) if one.isVisible())
    lines = {one.text(): one for one in menu.actions()}
    lines["Why this load"].trigger()
    menu.hide()
    assert window.session.state.view.time == NOON + 2
    assert window.reading.panel.shown.key == Key(DISTRICT, DISTRICT, "load", None, "instant")
    load = window.session.state.twin.find(DISTRICT, "load").at(NOON + 2)[0]
    assert window.reading.panel.shown.value == pytest.approx(float(load))


# ------------------------------------------------------------------------ figures of a selection
@pytest.fixture
def page(window, qtbot):
    """Return the panel of the selection, open, with power on the map and nothing selected."""
    window.run("overlay.show", "power")
    window.wishes.show_dock("selection")
    made = window.exploring.selection
    qtbot.waitUntil(made.isVisible, timeout=LONG)
    yield made
    made.choice.choose("statistics")
    made.statistics.time.choose("instant")
    made.statistics.scope.choose("all")
    made.curves.kinds.choose("curves")


def test_every_number_of_the_statistics_over_a_stretch_leads_to_what_it_is_made_of(
    window, qtbot, page
):
    made, panel = page.statistics, window.reading.panel
    made.time.choose("span")
    qtbot.waitUntil(lambda: made.found is not None and made.found.over is not None, timeout=LONG)
    day = range(NOON - 12, NOON + 12)
    each = [used(window, k, day) for k in range(59)]
    for key, wanted in (("median", np.median(each)), ("sum", sum(each)), ("maximum", max(each))):
        click(made.numbers.values[key])
        assert panel.shown.value == pytest.approx(float(wanted), rel=1e-5)
        assert panel.shown.key.figure == key
        assert panel.over.isVisible()
        assert "24 h, 2024-03-30 00:00 to 2024-03-31 00:00" in panel.text.toPlainText()
    for key in made.numbers.values:
        click(made.numbers.values[key])
        assert panel.shown.text == made.numbers.values[key].text() or key == "sum"
    top = int(np.argmax(each))
    place = made.ranking.visualRect(made.ranking.model().index(0, 1)).center()
    menu_at(made.ranking.viewport(), place, made.ranking)["Why this number"].trigger()
    assert panel.shown.key.element == f"h{top}"
    assert panel.shown.value == pytest.approx(max(each), rel=1e-5)


def test_a_bar_of_the_histogram_names_its_elements_by_mouse_and_by_key(window, qtbot, page):
    made, panel = page.statistics, window.reading.panel
    qtbot.waitUntil(lambda: made.found is not None and bool(made.found.statistics.bars))
    bars = made.bars
    wide = bars.area.width() / len(bars.bars)
    place = QPoint(round(bars.area.left() + 1.5 * wide), 40)
    menu_at(bars, place)["Why this number"].trigger()
    assert panel.shown.value == bars.bars[1]
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Right)
    QTest.keyClick(bars, Qt.Key.Key_Right)
    QTest.keyClick(bars, Qt.Key.Key_Right)
    query = bars.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert bars.bar_at(query.center().x()) == bars._to == 2


def test_months_durations_and_the_course_of_a_day_lead_to_their_steps(window, qtbot, page):
    page.choice.choose("curves")
    made, panel = page.curves, window.reading.panel
    made.quantity.setCurrentIndex(made.quantity.findData("consumption"))
    made.quantity.activated.emit(made.quantity.currentIndex())
    qtbot.waitUntil(
        lambda: (
            made.material is not None
            and made.material.whole
            and made.material.quantity == "consumption"
        ),
        timeout=LONG,
    )
    whole = made.material.together.values

    def ask(kind: str, i: int, k: int = 0) -> None:
        made.kinds.choose(kind)
        plot = made.plot
        figure = plot.figure
        line = (*figure.lines, *(figure.band or ()))[k]
        place = QPoint(round(plot._x(figure, float(figure.x[i]))), round(plot._y(figure, line[i])))
        menu_at(plot, place)["Why this number"].trigger()

    ask("months", 1)
    april = [k for k in range(240) if window.session.state.twin.time.at(k).month == 4]
    assert panel.shown.value == pytest.approx(whole[april].sum(), rel=1e-6)
    ask("duration", 3)
    near = np.sort(whole)[::-1]
    assert panel.shown.value in near[:8]
    assert panel.shown.value == whole[panel.shown.parts.inputs[0].about.step]
    ask("day", 12, 2)
    noons = [whole[k] for k in range(240) if window.session.state.twin.time.at(k).hour == 12]
    assert panel.shown.value == pytest.approx(np.quantile(noons, 0.9))
    assert panel.shown.title.endswith("12:00 · 90% of the days")
    ask("curves", 15)
    assert window.session.state.view.time == 24 + 15
    assert panel.shown.value == pytest.approx(whole[39])


def test_a_cell_of_the_carpet_leads_to_its_hour(window, qtbot):
    window.wishes.show_dock("carpet")
    carpet = window.timebar.carpet
    qtbot.waitUntil(lambda: carpet.isVisible() and carpet.total is not None, timeout=LONG)
    place = carpet.rect_of(50).center().toPoint()
    step = carpet.step_at(place.toPointF())
    value = float(carpet.total.values[step])
    menu_at(carpet, place)["Why this number"].trigger()
    assert window.session.state.view.time == step
    assert window.reading.panel.shown.value == pytest.approx(value)
    window.docks["carpet"].hide()


def test_the_legend_leads_to_how_its_values_are_spread(window, qtbot):
    window.run("overlay.show", "power")
    legend = window.stage.targets.legend
    qtbot.waitUntil(lambda: window.canvas.scene.view == window.session.state.view, timeout=LONG)
    menu_at(legend, legend.rect().center())["Why this number"].trigger()
    panel = window.reading.panel
    assert panel.shown.key == Key("houses", "all", "power", figure="elements")
    assert "No data" in panel.text.toPlainText()


def test_numbers_below_panes_lead_to_those_of_each_case(window, qtbot):
    window.run("compare.panes", 2)
    foot = window.tools.spread.foot
    qtbot.waitUntil(lambda: foot.isVisible() and bool(foot._rows), timeout=LONG)
    card = foot.cards["totals"]
    lines = menu_at(card, card.rect().center(), foot)
    first = next(one for text, one in lines.items() if text.startswith("2 · load"))
    first.trigger()
    shown = window.reading.panel.shown
    assert shown.key.quantity == "load"
    assert shown.value == pytest.approx(
        foot._rows[[r.label for r in foot._rows].index("load")].values[1]
    )
    window.run("compare.end")
