"""A large district comes part by part: the window goes on answering meanwhile."""

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from tests.gui.hamlet import hamlet, opened
from twinview.model.twin import Layer
from twinview.session import bringing, drawing


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every district for a large one."""
    monkeypatch.setattr(bringing, "AT_ONCE", 0)


def again(window) -> object:
    """Return a state whose houses are others than those that are drawn."""
    state = opened()
    houses = state.twin.layers["houses"]
    fresh = Layer("houses", houses.title, houses.kind, houses.attributes, houses.geometry)
    twin = replace(state.twin, layers={**state.twin.layers, "houses": fresh})
    return replace(state, twin=twin, view=window.session.state.view)


def test_parts_come_and_the_picture_becomes_whole(large, make_window, qtbot) -> None:
    window = make_window()
    stage, canvas = window.stage, window.canvas
    assert stage.arrivals.coming
    assert not stage.whole
    qtbot.waitUntil(stage.job.isVisible, timeout=20_000)
    assert stage.job.rows[0].text.text() == "Preparing the picture"
    qtbot.waitUntil(lambda: stage.whole and not canvas.motion.moving, timeout=60_000)
    qtbot.waitUntil(lambda: not canvas.motion.busy, timeout=20_000)
    assert not stage.job.isVisible()
    drawn = canvas.painter.drawn
    assert sorted(int(row) for part in drawn["houses"].parts for row in part.rows) == list(
        range(60)
    )
    assert drawn["cables"].parts
    assert drawn["stores"].parts


def test_the_second_time_no_child_is_needed(large, make_window, qtbot, monkeypatch) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.stage.whole, timeout=60_000)
    picture = settled(window, qtbot)
    monkeypatch.setattr(drawing, "_COMMAND", ["a-program-that-is-not-there"])
    monkeypatch.setattr(drawing, "_here", None)
    window.session._set(again(window))
    qtbot.waitUntil(lambda: window.stage.arrivals.coming, timeout=20_000)
    qtbot.waitUntil(lambda: window.stage.whole, timeout=20_000)
    assert settled(window, qtbot) == picture


def settled(window, qtbot) -> object:
    canvas = window.canvas
    canvas.resting.wanted = False
    qtbot.waitUntil(
        lambda: (
            not (
                canvas.motion.moving
                or canvas.motion.busy
                or window.stage.job.isVisible()
                or canvas.frames.refined
            )
        ),
        timeout=30_000,
    )
    window.stage.message.hide()
    return canvas._image.copy()


def test_it_is_the_picture_of_a_small_district(make_window, qtbot, monkeypatch) -> None:
    window = make_window()
    at_once = settled(window, qtbot)
    monkeypatch.setattr(bringing, "AT_ONCE", 0)
    window.session._set(again(window))
    qtbot.waitUntil(lambda: window.stage.arrivals.coming, timeout=20_000)
    qtbot.waitUntil(lambda: window.stage.whole, timeout=60_000)
    assert settled(window, qtbot) == at_once


def test_the_user_ends_it_and_goes_on(large, make_window, qtbot) -> None:
    window = make_window()
    qtbot.waitUntil(window.stage.job.isVisible, timeout=20_000)
    qtbot.mouseClick(window.stage.job.rows[-1].cancel, Qt.MouseButton.LeftButton)
    message = window.stage.message
    qtbot.waitUntil(lambda: message.waiting, timeout=20_000)
    assert message.text.text() == "The picture is not whole: preparing it was cancelled."
    assert not window.stage.arrivals.coming
    button = next(one for one in message.findChildren(QPushButton) if one.text() == "Go on")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.stage.arrivals.coming, timeout=20_000)
    qtbot.waitUntil(lambda: window.stage.whole, timeout=60_000)
    parts = window.canvas.painter.drawn["houses"].parts
    assert sorted(int(row) for part in parts for row in part.rows) == list(range(60))


def test_another_district_ends_it_without_a_word(large, make_window, qtbot) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.stage.arrivals.coming, timeout=20_000)
    first = window.stage.arrivals._delivery._ticket
    state = again(window)
    window.session._open(
        replace(state, project=state.project.model_copy(update={"name": "another"}))
    )
    qtbot.waitUntil(
        lambda: window.stage.arrivals._delivery._ticket not in (None, first), timeout=20_000
    )
    assert first.cancelled.is_set()
    qtbot.waitUntil(lambda: window.stage.whole, timeout=60_000)
    assert not window.stage.message.waiting


def test_a_district_beyond_the_memory_is_drawn_coarser_and_that_is_said(
    large, make_window, qtbot, monkeypatch
) -> None:
    # The hamlet's corners, 430 bytes each, against the half of a machine of 0.1 MB.
    monkeypatch.setattr(bringing.psutil, "virtual_memory", lambda: Machine(100_000))
    window = make_window()
    need = 430 * sum(len(one.geometry.coords) for one in hamlet().layers.values()) / 1e9
    assert need > 0.00005
    qtbot.waitUntil(window.stage.message.isVisible, timeout=20_000)
    assert "far buildings are drawn as boxes and blocks" in window.stage.message.text.text()
    qtbot.waitUntil(lambda: window.stage.whole, timeout=60_000)
    qtbot.waitUntil(lambda: not window.canvas.motion.moving, timeout=20_000)
    assert window.canvas.painter.quality.levels
    # Nine tenths of a larger one are enough.
    monkeypatch.setattr(bringing.psutil, "virtual_memory", lambda: Machine(10**9))
    window.session._set(again(window))
    qtbot.waitUntil(lambda: not window.canvas.painter.sparing, timeout=20_000)
    qtbot.waitUntil(lambda: window.stage.whole, timeout=60_000)
    qtbot.waitUntil(lambda: not window.canvas.motion.moving, timeout=20_000)
    assert not window.canvas.painter.quality.levels


@dataclass
class Machine:
    total: int
