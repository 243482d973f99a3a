"""A step that lacks a meter value is marked on the time bar and says which meter it is."""

import json

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.village import houses, metered
from twinview.gui.style import look_now
from twinview.model.twin import DISTRICT
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.scene.paint import State
from twinview.scene.telling import hover_lines
from twinview.session.opening import open_files

pytestmark = pytest.mark.needs_display

WHY = "Not computed: 'load 0' has no value"


def opened(folder, kind: str = "office"):
    """Return a day of the village in which the first meter has no value at 6 and 7 o'clock."""
    network, curves = metered(24, range(5, 7))
    files = {"houses.geojson": json.dumps(houses(kind)), "grid.json": json.dumps(network),
             "curves.csv": curves}  # fmt: skip
    for name, text in files.items():
        (folder / name).write_text(text)
    return drain(open_files([folder / name for name in files], None, Options(tz="Europe/Berlin")))


def reds(track, step: int) -> int:
    """Return how many pixels of a step on the time bar have the colour of errors."""
    image, ratio = track.grab().toImage(), track.devicePixelRatioF()
    red, area = QColor(look_now().error), track.area
    left, right = (round(track.x_of(at) * ratio) for at in (step + 0.1, step + 0.9))
    rows = range(round(area.top() * ratio) + 1, round(area.bottom() * ratio) - 12)
    found = 0
    for x in range(left, right):
        for y in rows:
            one = image.pixelColor(x, y)
            near = (one.red() - red.red(), one.green() - red.green(), one.blue() - red.blue())
            found += max(map(abs, near)) < 60
    return found


def test_steps_that_lack_a_value_are_marked_and_say_so(tmp_path, make_window, qtbot):
    window = make_window(opened(tmp_path))
    window.run("compute.run")
    qtbot.waitUntil(
        lambda: (
            window.session.state.twin.find(DISTRICT, "load") is not None
            and not window.jobs.is_running("compute.run")
        ),
        timeout=120_000,
    )
    track = window.timebar.track
    assert reds(track, 5) > 20
    assert reds(track, 6) > 20
    assert reds(track, 4) == reds(track, 7) == reds(track, 15) == 0
    y = round(track.area.center().y())
    QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(5.5)), y))
    qtbot.waitUntil(lambda: WHY in window.canvas.scene.legend.note, timeout=60_000)
    paint = window.canvas.scene.paints["houses"]
    assert set(paint.state[:2].tolist()) == {State.LACKING}
    assert np.isnan(paint.values[:2]).all()
    texts = {q: text for q, _title, text in window.inspector.subject.values(5)}
    assert texts["load"] == "Not computed"
    QTest.mouseClick(track, Qt.MouseButton.LeftButton, pos=QPoint(round(track.x_of(8.5)), y))
    qtbot.waitUntil(lambda: WHY not in window.canvas.scene.legend.note, timeout=60_000)
    assert State.LACKING not in window.canvas.scene.paints["houses"].state


def test_a_dwelling_with_gaps_is_withheld_and_its_steps_are_marked_all_the_same(
    tmp_path, make_window, qtbot
):
    """Nobody says what the curves are of, and three dwellings are fewer than a group."""
    window = make_window(opened(tmp_path, "house"))
    window.run("compute.run")
    qtbot.waitUntil(
        lambda: (
            window.session.state.twin.exact.find(DISTRICT, "load") is not None
            and not window.jobs.is_running("compute.run")
        ),
        timeout=120_000,
    )
    qtbot.waitUntil(lambda: reds(window.timebar.track, 5) > 20)
    window.run("overlay.show", "power")
    window.run("time.index", 8)
    qtbot.waitUntil(lambda: window.canvas.scene.view.time == 8, timeout=60_000)
    scene = window.canvas.scene
    assert np.isnan(scene.paints["houses"].values).all()
    assert scene.legend.withheld == 2
    said = hover_lines(window.session.state.twin, scene, "houses", 0)[1]
    assert any(one.startswith("Withheld: fewer than 5 dwellings") for one in said)
