"""The first ten minutes of a planner, from the welcome page to a picture, by mouse and keys."""

import re

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.village import HOURS, write_village
from twinview.i18n import language
from twinview.render import camera as cameras
from twinview.session import settings
from twinview.session.project import load
from twinview.session.sharing import from_picture
from twinview.session.store import Session, State

pytestmark = pytest.mark.needs_display
LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def window(make_window, tmp_path):
    """Return the welcome page of a window that knows one project."""
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    session.run("project.rename", "Village")
    session.run("file.save_as", tmp_path / "village.twin")
    settings.save(settings.Settings(recent=(str(tmp_path / "village.twin"),), toured=True))
    return make_window(State())


def test_the_first_ten_minutes(window, qtbot, tmp_path, monkeypatch):
    opens_by_a_click(window, qtbot, tmp_path / "village.twin")
    drags_the_clock(window, qtbot)
    looks_at_a_house(window, qtbot)
    selects_two(window)
    asks_why(window)
    shows_power(window, qtbot)
    goes_to_the_peak(window)
    finds_in_chinese(window)
    notes(window)
    measures(window)
    plans_a_battery(window, qtbot)
    takes_back(window)
    changes_language_and_theme(window, qtbot)
    saves_as(window, monkeypatch, tmp_path / "plan.twin")
    exports_a_picture(window, qtbot, monkeypatch, tmp_path / "plan.png")


# ------------------------------------------------------------------------------------------- tools
def pixel(window, place) -> QPoint:
    """Return where a place of the scene is seen."""
    canvas = window.canvas
    x, y, _depth = cameras.project([place], canvas.camera, (canvas.width(), canvas.height()))[0]
    return QPoint(round(x), round(y))


def house(window, k: int) -> QPoint:
    """Return where the roof of a house is seen."""
    layer = window.session.state.twin.layers["houses"]
    return pixel(window, layer.geometry.centres[k] + [0, 0, 6.0 + k])


def held(widget, at: QPointF) -> None:
    """Move the mouse with its left button held; `QTest.mouseMove` knows no buttons."""
    none = Qt.MouseButton.NoButton
    move = QEvent.Type.MouseMove
    QApplication.sendEvent(widget, QMouseEvent(move, at, widget.mapToGlobal(at), none, LEFT, PLAIN))


def press(widget, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(widget, key, modifier)


def answer(window, text: str) -> None:
    """Type an answer to the question over the view."""
    entry = window.stage.message.entry
    assert entry.isVisible()
    assert entry.hasFocus()
    entry.selectAll()
    QTest.keyClicks(entry, text)
    press(entry, Qt.Key.Key_Return)
    if not window.stage.message.isVisible():
        assert window.canvas.hasFocus()


def buttons(parent, text: str) -> list[QPushButton]:
    """Return the buttons with a text that are seen."""
    found = parent.findChildren(QPushButton)
    return [one for one in found if one.text() == text and one.isVisible()]


def rested(window, qtbot) -> None:
    """Wait until nothing is computed and the picture is that of the state."""
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=60_000)
    qtbot.waitUntil(lambda: window.canvas.scene.view == window.session.state.view, timeout=20_000)


# ------------------------------------------------------------------------------------------- steps
def opens_by_a_click(window, qtbot, file):
    row = window.stage.start.recent.rows[file]
    QTest.mouseClick(row.where, LEFT)
    qtbot.waitUntil(lambda: window.canvas.draws > 0, timeout=60_000)
    # There is a grid and no results are kept: they are computed without being asked for.
    qtbot.waitUntil(window.topbar.overlays["carbon"].isEnabled, timeout=60_000)
    rested(window, qtbot)
    assert not window.stage.start.isVisible()
    assert window.topbar.name.text() == "Village"
    assert "Opened Village: " in window.stage.message.text.text()
    press(window, Qt.Key.Key_Escape)
    assert not window.stage.message.isVisible()


def drags_the_clock(window, qtbot):
    QTest.mouseClick(window.timebar.spans["week"], LEFT)
    track = window.timebar.track
    y = round(track.area.center().y())
    begin, end = (QPoint(round(track.x_of(step + 0.5)), y) for step in (2, 14))
    QTest.mousePress(track, LEFT, pos=begin)
    for k in range(1, 13):
        held(track, QPointF(begin + (end - begin) * k / 12))
    QTest.mouseRelease(track, LEFT, pos=end)
    qtbot.waitUntil(lambda: window.session.state.view.time == 14)
    rested(window, qtbot)
    # The curves begin at 23:00 UTC of a Saturday and know no other zone.
    assert window.canvas.scene.clock.time == "13:00"


def looks_at_a_house(window, qtbot):
    QTest.mouseMove(window.canvas, QPoint(5, 200))
    QTest.mouseMove(window.canvas, house(window, 0))
    card = window.stage.hover
    qtbot.waitUntil(card.isVisible, timeout=5_000)
    said = card.lines.text()
    assert re.search(r"\d\s*g/kWh", said)
    assert "13:00 UTC" in said


def selects_two(window):
    for k, modifier in ((1, PLAIN), (0, CTRL)):
        QTest.mouseClick(window.canvas, LEFT, modifier, house(window, k))
    assert window.session.state.view.selection == (("houses", "house 1"), ("houses", "house 0"))
    assert "2" in window.inspector.title.text()
    QTest.mouseClick(window.canvas, LEFT, PLAIN, house(window, 0))
    assert "house 0" in window.inspector.title.text()
    # By hand: a load of 1 kW; the second hour of each pair is the full one, and 14 is the first.
    assert window.inspector.numbers.values["consumption"].text() == "0.500\u00a0kW"


def asks_why(window):
    value = window.inspector.numbers.values["carbon_intensity"]
    QTest.mouseClick(value, LEFT)
    panel = window.reading.panel
    assert panel.isVisible()
    assert panel.title.text() == "Carbon intensity"
    assert "g/kWh" in panel.shown.text


def shows_power(window, qtbot):
    QTest.mouseClick(window.topbar.overlays["power"], LEFT)
    rested(window, qtbot)
    assert window.canvas.scene.legend.unit == "kW"


def goes_to_the_peak(window):
    press(window, Qt.Key.Key_G, CTRL)
    answer(window, "peak load")
    # By hand: both loads draw 1 kW in every second hour, the first of which is step 1.
    assert window.session.state.view.time == 1
    assert window.session.log[-1] == "time.go 'peak load'"


def finds_in_chinese(window):
    press(window, Qt.Key.Key_K, CTRL)
    palette = window.desk.palette
    palette.entry.setText("显示全部")  # Qt's tests press no Chinese keys
    press(palette.entry, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.session.log[-1] == "view.fit"


def notes(window):
    press(window, Qt.Key.Key_M, CTRL)
    answer(window, "Ask the utility")
    (mark,) = window.session.state.project.marks
    assert mark.title == "Ask the utility"


def measures(window):
    canvas = window.canvas
    press(canvas, Qt.Key.Key_M)
    coords = window.session.state.twin.layers["houses"].geometry.coords
    low, high = coords.min(axis=0), coords.max(axis=0)
    front = [(low[0], low[1], 0.0), (high[0], low[1], 0.0)]
    for place in front:
        QTest.mouseMove(canvas, pixel(window, place))
        QTest.mouseClick(canvas, LEFT, pos=pixel(window, place))
    press(canvas, Qt.Key.Key_Return)
    (made,) = window.session.state.view.measures
    assert made.kind == "distance"
    canvas.draw_now()
    # 9e-4 degrees of longitude at 48 degrees north: 111.6 km times the cosine, a degree.
    length = float(canvas.scene.measured[0].main.split("\u00a0")[0])
    assert length == pytest.approx(9e-4 * 111_600 * 0.66913, abs=0.7)
    press(canvas, Qt.Key.Key_Escape)
    assert not window.stage.measure.isVisible()


def plans_a_battery(window, qtbot):
    press(window, Qt.Key.Key_6, ALT)
    qtbot.waitUntil(lambda: bool(buttons(window.scenarios, "New scenario...")))
    QTest.mouseClick(buttons(window.scenarios, "New scenario...")[0], LEFT)
    answer(window, "Battery")
    offers = {one.text(): one for one in window.scenarios.offers.actions()}
    offers["Add storage..."].trigger()
    answer(window, "10")
    answer(window, "5")
    assert len(window.session.state.twin.layers["storage"]) == 2
    QTest.mouseClick(window.topbar.scenario.note, LEFT)
    rested(window, qtbot)
    found = window.scenarios.comparison
    assert found is not None
    # A battery changes no load and no sun, and it begins half full: that much is not imported.
    energy = found.difference["energy_kwh"]
    assert (energy["load"], energy["generation"]) == pytest.approx((0, 0), abs=1e-6)
    assert energy["import"] < 0
    ways_in = energy["import"] + energy["storage_out"]
    assert ways_in == pytest.approx(
        energy["storage_in"] + energy["export"] + energy["loss"], abs=1e-6
    )
    heads = {"Energy, kWh", "Base", "Scenario", "Change"}

    def seen() -> set[str]:
        labels = window.scenarios.findChildren(QLabel)
        return heads & {one.text() for one in labels if one.isVisible()}

    qtbot.waitUntil(lambda: seen() == heads)  # what is put into a panel is shown a turn later


def takes_back(window):
    press(window, Qt.Key.Key_Z, CTRL)
    assert len(window.session.state.twin.layers["storage"]) == 1
    press(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert len(window.session.state.twin.layers["storage"]) == 2


def changes_language_and_theme(window, qtbot):
    QTest.mouseClick(window.topbar.language, LEFT)
    assert language() == "zh_CN"
    assert window.topbar.overlays["power"].text() == "功率"
    before = window.theme
    QTest.mouseClick(window.topbar.theme, LEFT)
    rested(window, qtbot)
    assert window.canvas.scene.theme != before
    QTest.mouseClick(window.topbar.language, LEFT)
    QTest.mouseClick(window.topbar.theme, LEFT)
    assert (language(), window.theme) == ("en", before)


def saves_as(window, monkeypatch, file):
    monkeypatch.setattr("twinview.gui.doing.ask_save", lambda *_asked: file)
    press(window, Qt.Key.Key_S, CTRL | SHIFT)
    assert not window.unsaved()
    project, view, _problems = load(file)
    assert [one.name for one in project.scenarios] == ["Battery"]
    assert view.time == 1
    assert str(file) in window.stage.message.text.text()
    # What was computed comes along.
    assert window.scenarios.comparison is not None


def exports_a_picture(window, qtbot, monkeypatch, file):
    monkeypatch.setattr("twinview.gui.shooting.ask_save", lambda *_asked: file)
    QApplication.processEvents()
    press(window, Qt.Key.Key_F12, SHIFT)
    press(window.wishes.picture_window, Qt.Key.Key_Return)
    rested(window, qtbot)
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1920, 1080)
    colours = {
        picture.pixelColor(x, y).name() for x in range(0, 1920, 40) for y in range(0, 1080, 40)
    }
    assert len(colours) > 20
    assert from_picture(file)["view"]["time"] == 1
    window.run("time.index", HOURS - 1)
    window.run("view.from_picture", file)
    assert window.session.state.view.time == 1
