"""At 800x450, 853x480 and 960x540 logical pixels, as on small screens at 150 and 200 %, all fits.

The screen of the tests is larger; dialogs are told that it is as small as the window.
"""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolBar, QWidget

from tests.gui.hamlet import opened
from tests.gui.test_window_long_texts import cut, left_cut
from twinview.gui.fitting import Fitting
from twinview.gui.translate import speak
from twinview.session.store import State

pytestmark = pytest.mark.needs_display
SIZES = [(800, 450), (853, 480), (960, 540)]


@pytest.fixture(params=["en", "zh_CN"])
def spoken(request, english):
    """Speak each language."""
    speak(request.param)
    return request.param


def beyond(window: QWidget) -> list[str]:
    """Return the bars, panels and controls of bars that are not whole within their window."""
    held = [*window.docks.values(), *window.bars.values(), window.stage]
    for bar in window.findChildren(QToolBar):
        held += [one for one in bar.findChildren(QWidget) if not one.isWindow()]
    return [f"{type(one).__name__} {one.objectName()} {place(one, window)}" for one in held
            if one.isVisible() and not window.rect().contains(place(one, window))]  # fmt: skip


def place(widget: QWidget, window: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def overlapping(window: QWidget) -> list[str]:
    """Return the parts of the window that lie on one another."""
    parts = [one for one in (*window.docks.values(), *window.bars.values(), window.stage)
             if one.isVisible() and not one.visibleRegion().isEmpty()]  # fmt: skip
    return [
        f"{one.objectName()} on {other.objectName()}"
        for k, one in enumerate(parts)
        for other in parts[:k]
        if place(one, window).intersects(place(other, window))
    ]


@pytest.mark.parametrize("size", SIZES)
def test_everything_of_the_window_is_whole_and_on_it(make_window, qtbot, spoken, size):
    window = make_window(None, size)
    qtbot.waitUntil(lambda: window.size().toTuple() == size)
    assert left_cut(qtbot, window) == []
    assert beyond(window) == []
    assert window.stage.canvas.height() > size[1] / 2


@pytest.mark.parametrize("size", SIZES)
def test_every_panel_is_whole_beside_the_city(make_window, qtbot, spoken, size):
    window = make_window(None, size)
    window.run("select.only", "houses", "h7")
    found = {}
    for name in window.docks:
        for other, dock in window.docks.items():
            dock.setVisible(other in {name, "layers"})
        window.wishes.show_dock(name)
        cuts = left_cut(qtbot, window.docks[name])
        found[name] = cuts + beyond(window) + overlapping(window)
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize("size", SIZES)
def test_the_welcome_page_is_whole(make_window, spoken, size):
    window = make_window(State(), size)
    assert cut(window) == []
    start = window.stage.start
    assert start.demo.height() >= start.demo.minimumHeight()
    assert place(start.demo.parentWidget(), window).contains(place(start.demo, window))
    assert start.about.geometry().top() > start.picture.geometry().bottom()


@pytest.mark.parametrize("name", ["gui.preferences", "gui.about", "gui.keys", "gui.factors",
                                  "gui.kept_views", "gui.style", "export.picture",
                                  "data.join"])  # fmt: skip
def test_dialogs_are_no_larger_than_a_small_screen(make_window, qtbot, spoken, monkeypatch, name):
    window = make_window(None, (853, 480))
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, 853, 480))
    before = {id(one) for one in window.findChildren(QWidget) if one.isWindow()}
    window.actions_.actions[name].trigger()
    found = [one for one in window.findChildren(QWidget)
             if one.isWindow() and one.isVisible() and id(one) not in before]  # fmt: skip
    assert found
    for one in found:
        QTest.qWaitForWindowExposed(one)
        assert one.width() <= 853
        assert one.height() <= 480 - 32
        one.close()


def test_the_bars_unfold_in_a_larger_window(make_window, qtbot):
    window = make_window(opened(), (853, 480))
    bar = window.timebar
    low = bar.height()
    assert bar.span_button.isVisible()
    assert not bar.spans["day"].isVisible()
    window.resize(1280, 760)
    qtbot.waitUntil(bar.spans["day"].isVisible)
    assert not bar.span_button.isVisible()
    qtbot.waitUntil(lambda: bar.height() > low + 40)
    assert bar.overview.isVisible()


def test_the_menu_of_a_low_bar_shows_another_stretch(make_window):
    window = make_window(opened(), (853, 480))
    bar = window.timebar
    assert bar.span_button.text().startswith("Day")
    week = bar.span_button.menu().actions()[1]
    assert week.text() == "Week"
    week.trigger()
    assert bar.span == "week"
    assert bar.span_button.text().startswith("Week")


def test_a_new_window_is_no_larger_than_the_screen(make_window, monkeypatch):
    window = make_window(opened())
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: QRect(0, 0, 853, 480))
    Fitting(window)
    assert window.size().toTuple() == (853, 450)


def test_a_long_name_is_shortened_in_the_bar_and_whole_in_its_tooltip(make_window):
    window = make_window(opened(), (800, 450))
    window.run("project.rename", "A district with quite a long name " * 3)
    name = window.topbar.name
    assert "…" in name.text()
    assert name.text().endswith("•")
    assert "quite a long name A district" in name.toolTip()
    assert beyond(window) == []
