"""The panel of the selection: histogram, ranking, curves and sources, by mouse and keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.hamlet import HOUSES, NOON, TIME
from tests.village import write_village
from twinview.gui.plotlines import pen_of
from twinview.model.series import Dense, Meaning
from twinview.scene.numbers import number
from twinview.session.store import Session

LONG = 20_000
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def panel(window, qtbot):
    """Return the panel, opened by its key, as fresh."""
    made = window.exploring.selection
    if not made.isVisible():
        QTest.keyClick(window.canvas, Qt.Key.Key_T, CTRL | SHIFT)
    qtbot.waitUntil(made.isVisible, timeout=LONG)
    made.choice.choose("statistics")
    made.statistics.scope.choose("all")
    made.statistics.time.choose("instant")
    made.curves.kinds.choose("curves")
    return made


def selection(window) -> list[str]:
    """Return the ids of what is selected."""
    return [element for _layer, element in window.session.state.view.selection]


def values(window, step: int = NOON) -> np.ndarray:
    """Return the intensities of the houses."""
    return window.session.state.twin.find("houses", "carbon_intensity").at(step)


def test_a_brush_over_the_histogram_selects_what_its_bars_hold(window, panel, qtbot):
    page = panel.statistics
    qtbot.waitUntil(lambda: bool(page.bars.bars), timeout=LONG)
    bars = page.bars
    assert sum(bars.bars) == HOUSES - 1
    wide = bars.area.width() / len(bars.bars)
    middle = int(bars.area.center().y())
    from_, to = (QPoint(int(bars.area.left() + wide * (k + 0.5)), middle) for k in (1, 3))
    QTest.mousePress(bars, LEFT, NONE, from_)
    move = QMouseEvent(QEvent.Type.MouseMove, QPointF(to), bars.mapToGlobal(QPointF(to)),
                       Qt.MouseButton.NoButton, LEFT, NONE)  # fmt: skip
    QApplication.sendEvent(bars, move)
    QTest.mouseRelease(bars, LEFT, NONE, to)
    low, high = bars.edges[1], bars.edges[4]
    wanted = np.flatnonzero((values(window) >= low) & (values(window) < high))
    assert selection(window) == [f"h{k}" for k in wanted]


def test_keys_brush_too_and_the_clock_stays(window, panel, qtbot):
    page = panel.statistics
    qtbot.waitUntil(lambda: bool(page.bars.bars), timeout=LONG)
    page.bars.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(page.bars, key)
    assert len(selection(window)) == page.bars.bars[page.bars._to]
    assert window.session.state.view.time == NOON


def test_the_ranking_is_tied_to_the_selection(window, panel, qtbot):
    page = panel.statistics
    qtbot.waitUntil(lambda: page.found is not None, timeout=LONG)
    order = np.argsort(-values(window)[:-1])
    qtbot.waitUntil(lambda: page.found.statistics.ranking == tuple(order[:20]), timeout=LONG)
    rows = page.ranking
    place = rows.visualRect(rows.model().index(2, 0)).center()
    QTest.mouseClick(rows.viewport(), LEFT, NONE, place)
    assert selection(window) == [f"h{order[2]}"]
    qtbot.waitUntil(lambda: rows.said(2).startswith("✓"), timeout=LONG)


def test_numbers_of_the_selection_now_and_over_the_day(window, panel, qtbot):
    window.run("overlay.show", "power")
    window.run("select.these", "only", "houses", "h1", "houses", "h2")
    page = panel.statistics
    page.scope.choose("selection")
    used = window.session.state.twin.find("houses", "consumption")
    now = float(used.at(NOON)[1:3].sum())
    qtbot.waitUntil(
        lambda: page.found is not None and page.found.statistics.count == 2, timeout=LONG
    )
    assert page.found.statistics.total == pytest.approx(now)
    page.time.choose("span")
    day = window.timebar.track.shown
    wanted = float(used.window(day.start, day.stop)[:, 1:3].sum())
    qtbot.waitUntil(lambda: page.found is not None and page.found.over is not None, timeout=LONG)
    assert page.found.shown.unit == "kWh"
    assert page.found.statistics.total == pytest.approx(wanted, rel=1e-5)


def test_curves_of_several_have_one_legend_and_follow_the_clock(window, panel, qtbot):
    window.run("select.these", "only", "houses", "h3", "houses", "h8", "houses", "h9")
    panel.choice.choose("curves")
    page = panel.curves
    page.quantity.setCurrentIndex(page.quantity.findData("consumption"))
    qtbot.waitUntil(
        lambda: page.material is not None and list(page.material.singles) == [3, 8, 9], timeout=LONG
    )
    used = window.session.state.twin.find("houses", "consumption")
    assert page.plot.figure.title == "Consumption"
    assert page.plot.figure.unit == "kW"
    np.testing.assert_allclose(page.plot.figure.lines[1],
                               used.of(8)[page._shown.start : page._shown.stop])  # fmt: skip
    window.run("time.index", NOON + 3)
    assert page.legend.entries[2].value.text() == number(float(used.of(9)[NOON + 3]), 3, "kW")
    beside = QPoint(round(page.plot.area.center().x()), round(page.plot.area.top()) + 1)
    QTest.mouseClick(page.plot, LEFT, NONE, beside)
    assert abs(window.session.state.view.time - (page._shown.start + 12)) <= 1
    page.copy_data()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "Time\tBuilding h3 [kW]\tBuilding h8 [kW]\tBuilding h9 [kW]"
    assert len(lines) == 1 + len(page._shown)


def test_what_a_filter_hides_is_told_and_not_counted(window, panel, qtbot):
    window.run("overlay.show", "power")
    window.run("select.these", "only", *[w for k in (3, 4, 5, 8) for w in ("houses", f"h{k}")])
    used = window.session.state.twin.find("houses", "consumption").at(NOON)
    window.run("layer.filter", "houses", "height_m > 8")  # houses are 6 + k % 5 high: 3, 4 and 8
    several = window.inspector.several
    shown = number(float(used[[3, 4, 8]].astype(float).sum()), 3, "kW")
    assert several.values["houses", "power"].text() == f"≈ {shown}"
    assert several.left_out.text() == "1 hidden by the filter: not counted"
    assert window.inspector.title.text() == "4 selected"
    page = panel.statistics
    page.scope.choose("selection")
    qtbot.waitUntil(lambda: page.found is not None and page.found.statistics.count == 3,
                    timeout=LONG)  # fmt: skip
    assert page.note.text().startswith("1 hidden by the filter")
    panel.choice.choose("curves")
    curves = panel.curves
    curves.quantity.setCurrentIndex(curves.quantity.findData("consumption"))
    qtbot.waitUntil(
        lambda: curves.material is not None and list(curves.material.singles) == [3, 4, 8],
        timeout=LONG,
    )
    assert curves.note.text() == "1 hidden by the filter."
    window.run("layer.filter", "houses", "none")
    assert not several.left_out.isVisible()
    everything = number(float(used[[3, 4, 5, 8]].astype(float).sum()), 3, "kW")
    assert several.values["houses", "power"].text() == f"≈ {everything}"
    qtbot.waitUntil(lambda: list(curves.material.singles) == [3, 4, 5, 8], timeout=LONG)


def test_a_hidden_layer_counts_nothing_in_any_panel(window, panel, qtbot):
    window.run("overlay.show", "power")
    window.run("select.these", "only", "houses", "h3", "houses", "h4")
    window.run("layer.toggle", "houses")
    assert window.inspector.several.left_out.text() == "2 in hidden layers: not counted"
    assert window.inspector.several.values == {}
    page = panel.statistics
    qtbot.waitUntil(lambda: "is hidden" in page.note.text(), timeout=LONG)
    panel.choice.choose("curves")
    qtbot.waitUntil(lambda: "is hidden" in panel.curves.note.text(), timeout=LONG)
    window.run("layer.toggle", "houses")
    assert ("houses", "power") in window.inspector.several.values
    qtbot.waitUntil(lambda: panel.curves.material is not None, timeout=LONG)


def test_months_durations_and_days_name_what_was_put_together(window, panel, qtbot):
    window.run("select.these", "only", "houses", "h3", "houses", "h8")
    panel.choice.choose("curves")
    page = panel.curves
    page.quantity.setCurrentIndex(page.quantity.findData("consumption"))
    qtbot.waitUntil(
        lambda: page.material is not None and list(page.material.singles) == [3, 8], timeout=LONG
    )
    used = window.session.state.twin.find("houses", "consumption")
    both = used.of(3).astype(float) + used.of(8)
    page.kinds.choose("months")
    assert page.plot.figure.title == "Consumption · sum of 2 · months, sum"
    assert page.plot.figure.unit == "kWh"
    march = [TIME.at(i).month == 3 for i in range(TIME.count)]
    assert page.plot.figure.lines[0][0] == pytest.approx(both[march].sum(), rel=1e-5)
    page.kinds.choose("duration")
    np.testing.assert_allclose(page.plot.figure.lines[0], np.sort(both)[::-1], rtol=1e-5)
    page.kinds.choose("day")
    assert page.plot.figure.band is not None
    assert "median and 10-90 %" in page.plot.figure.title


def test_figures_take_the_days_and_the_range_that_count(window, panel, qtbot):
    # Ten days from Friday, 29 March: two week-ends, of which the first Sunday has 23 hours.
    used = window.session.state.twin.find("houses", "consumption")
    weekend = np.array([TIME.at(i).weekday() > 4 for i in range(TIME.count)])
    window.run("overlay.show", "power")
    window.run("select.these", "only", "houses", "h3")
    window.run("time.days", "weekends")
    panel.choice.choose("curves")
    page = panel.curves
    page.quantity.setCurrentIndex(page.quantity.findData("consumption"))
    qtbot.waitUntil(
        lambda: page.material is not None and list(page.material.singles) == [3], timeout=LONG
    )
    own = used.of(3).astype(float)
    page.kinds.choose("duration")
    assert weekend.sum() == 95
    np.testing.assert_allclose(page.plot.figure.lines[0], np.sort(own[weekend])[::-1], rtol=1e-5)
    assert page.plot.figure.foot == "2024-03-29 – 2024-04-08, only weekends"
    window.run("time.range", "2024-04-01", "2024-04-07")
    april = weekend & np.array([TIME.at(i).strftime("%m-%d") == "04-06" for i in range(TIME.count)])
    qtbot.waitUntil(lambda: len(page.plot.figure.lines[0]) == 24, timeout=LONG)
    page.kinds.choose("months")
    assert page.plot.figure.lines[0].tolist() == pytest.approx([own[april].sum()], rel=1e-5)
    assert page.plot.figure.foot == "2024-04-01 00:00 to 2024-04-07 00:00, only weekends"
    panel.choice.choose("statistics")
    made = panel.statistics
    made.scope.choose("selection")
    made.time.choose("span")
    window.timebar.show_span("year")
    qtbot.waitUntil(
        lambda: (
            made.found is not None
            and made.found.statistics.total == pytest.approx(own[april].sum(), rel=1e-5)
        ),
        timeout=LONG,
    )
    assert made.note.text().endswith("2024-04-01 00:00 to 2024-04-07 00:00, only weekends")
    window.timebar.show_span("day")  # 30 March, before the range
    qtbot.waitUntil(lambda: made.found is None, timeout=LONG)
    assert "outside of the stretch" in made.note.text()


def test_no_two_of_twelve_lines_share_colour_and_dashes():
    pens = {(pen_of(k).color().name(), tuple(pen_of(k).dashPattern())) for k in range(12)}
    assert len(pens) == 12


def test_metered_dwellings_have_no_curve_of_their_own(window, panel, qtbot):
    meter = Dense(Meaning("houses", "consumption", "kW", origin="measured"), TIME,
                  np.ones((TIME.count, HOUSES), dtype=np.float32))  # fmt: skip
    state = window.session.state
    view = replace(state.view, selection=(("houses", "h0"), ("houses", "h1")))
    window.session._set(replace(state, twin=state.twin.with_series(meter), view=view))
    panel.choice.choose("curves")
    page = panel.curves
    page.quantity.setCurrentIndex(page.quantity.findData("consumption"))
    page._timer.start()
    qtbot.waitUntil(
        lambda: page.material is not None and list(page.material.singles) == [1], timeout=LONG
    )
    assert page.material.together.withheld == 1
    assert "1 withheld" in page.note.text()


def supplied(qtbot, make_window, folder):
    """Return a window that shows where the power of two houses of the village comes from."""
    session = Session()
    session.run("file.new", *write_village(folder))
    session.run("compute.run")
    window = make_window(session.state)
    layer = next(one for one in session.state.twin.layers.values() if one.kind == "building")
    window.run("time.index", 13)
    window.run("select.these", "only", layer.id, "house 0", layer.id, "house 1")
    window.wishes.show_dock("selection")
    panel = window.exploring.selection
    panel.choice.choose("sources")
    page = panel.sources
    qtbot.waitUntil(lambda: page.picture.bands is not None, timeout=LONG)
    return window, layer, page


def test_sources_of_the_selection_add_up(qtbot, make_window, tmp_path):
    window, layer, page = supplied(qtbot, make_window, tmp_path)
    used = window.session.state.twin.find(layer.id, "consumption").at(13)
    assert page.picture.bands.energy == pytest.approx(float(used[:2].sum()), rel=1e-5)
    assert page.picture.accessibleDescription()
    page.copy_data()
    assert QGuiApplication.clipboard().text().startswith("Source\tUse\tEnergy [kW]\tCarbon [kg/h]")
    window.run("select.clear")
    qtbot.waitUntil(lambda: "Select buildings" in page.note.text(), timeout=LONG)


def test_bands_and_their_ends_lead_to_what_they_are_made_of(qtbot, make_window, tmp_path):
    window, _layer, page = supplied(qtbot, make_window, tmp_path)
    picture, panel = page.picture, window.reading.panel
    (source, use), path = picture._ribbons()[0]
    middle = path.boundingRect().center().toPoint()
    while picture.flow_at(middle.toPointF()) != (source, use):
        middle.setY(middle.y() + 1)
        assert picture.rect().contains(middle)
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=middle)
    band = next(one for one in picture.bands.items if (one.source, one.use) == (source, use))
    assert panel.shown.key.figure == f"supply:{source}:{use}"
    assert panel.shown.value == pytest.approx(band.energy)
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_Down)
    QTest.keyClick(picture, Qt.Key.Key_Down)
    QTest.keyClick(picture, Qt.Key.Key_Return)
    assert panel.shown.key.figure == "supply:{}:{}".format(*picture._ribbons()[1][0])
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(3, 8))
    assert panel.shown.value == pytest.approx(picture._sources[0].energy)
    page.time.choose("span")
    qtbot.waitUntil(lambda: picture.bands is not None and picture.bands.span, timeout=LONG)
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(3, 8))
    assert panel.shown.value == pytest.approx(picture._sources[0].energy)
    assert panel.shown.text.endswith("kWh")


def test_sources_over_a_window_are_a_job_that_can_be_ended(
    qtbot, make_window, tmp_path, monkeypatch
):
    monkeypatch.setattr("twinview.gui.supply.SOON", 0)
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.run("compute.run")
    window = make_window(session.state)
    layer = next(one for one in session.state.twin.layers.values() if one.kind == "building")
    window.run("select.these", "only", layer.id, "house 0", layer.id, "house 1")
    window.run("time.window", "cumulative")
    window.run("time.index", 9)
    window.wishes.show_dock("selection")
    window.exploring.selection.choice.choose("sources")
    page = window.exploring.selection.sources
    page.time.choose("window")
    qtbot.waitUntil(lambda: page.row is not None, timeout=LONG)
    page.row.cancel.click()
    assert page.row is None
    assert page.again.isVisible()
    page.again.click()
    qtbot.waitUntil(lambda: page.picture.bands is not None, timeout=LONG)
    assert page.picture.bands.energy == pytest.approx(15.0, rel=1e-6)  # 5 hours of 1, 5 of 0.5 kW
    assert "10 h" in page.title.text()
    assert page.row is None
    assert not page.again.isVisible()
    # One hour more: that hour alone is traced, now without a job.
    monkeypatch.setattr("twinview.gui.supply.SOON", 1)
    window.run("time.index", 10)
    qtbot.waitUntil(lambda: page.picture.bands.energy > 15.5, timeout=LONG)
    assert page.picture.bands.energy == pytest.approx(16.0, rel=1e-6)


def test_numbers_stand_at_the_ends_of_their_lines_and_only_crowded_ones_move():
    from twinview.gui.plotlines import spread

    assert spread([], 100.0) == []
    assert spread([10.0, 50.0], 100.0) == [10.0, 50.0]
    # Three that end at the bottom stand above each other there; the first stays where it is.
    assert spread([10.0, 99.0, 99.5, 100.0], 100.0) == [10.0, 78.0, 89.0, 100.0]
