"""The instant is shown at once while the computation of all has not reached it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.quarter import write_quarter
from tests.village import write_village
from twinview.model.twin import DISTRICT
from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session import glimpse as glimpses
from twinview.session.computing import compute, results_of
from twinview.session.opening import open_files

pytestmark = pytest.mark.needs_display


@pytest.fixture(autouse=True)
def nothing_seen():
    """Forget what was looked at of the same data."""
    glimpses._held.clear()


def test_a_step_that_is_not_reached_is_shown_as_provisional(
    tmp_path, make_window, qtbot, monkeypatch
):
    window = make_window(drain(open_files(write_village(tmp_path), None, Options(tz="UTC"))))
    assert window.session.state.twin.find(DISTRICT, "emission") is None
    monkeypatch.setattr(window.jobs, "is_running", lambda name: name == "compute.run")
    lines = len(window.session.log)
    window.run("time.index", 30)

    def known(step: int) -> bool:
        series = window.session.state.twin.find(DISTRICT, "emission")
        return series is not None and series.ready(step)

    qtbot.waitUntil(lambda: known(30), timeout=60_000)
    window.run("time.index", 31)
    qtbot.waitUntil(lambda: known(31), timeout=60_000)
    # The day of both, by and by; that before is nobody's wish yet.
    day = window.session.state.twin.time.day_of(31)
    qtbot.waitUntil(lambda: all(known(step) for step in day), timeout=60_000)
    assert not known(day.start - 1)
    window.run("time.index", day.start - 1)
    qtbot.waitUntil(lambda: known(day.start - 1), timeout=60_000)
    window.run("time.index", 31)
    qtbot.waitUntil(lambda: known(31), timeout=60_000)
    # A look ahead is nobody's wish: it neither stands in the log nor shows a card.
    assert len(window.session.log) == lines + 4
    assert not window.jobs.shown
    window.run("overlay.show", "carbon")
    qtbot.waitUntil(lambda: "Provisional" in window.canvas.scene.legend.note, timeout=60_000)
    said = [text for _q, _t, text in window.inspector.subject.values(31)]
    assert any("provisional" in one for one in said)


def test_pipes_are_looked_at_too(tmp_path, make_window, qtbot, monkeypatch):
    window = make_window(drain(open_files(write_quarter(tmp_path), None, Options(tz="UTC"))))
    monkeypatch.setattr(window.jobs, "is_running", lambda name: name == "compute.run")
    window.run("time.index", 30)

    def known() -> bool:
        series = window.session.state.twin.find("heat_pipe", "power")
        return series is not None and series.ready(30)

    qtbot.waitUntil(known, timeout=60_000)


def test_the_day_is_looked_at_with_the_pointer_and_stays_while_results_come(
    tmp_path, make_window, qtbot, monkeypatch
):
    state = drain(open_files(write_village(tmp_path), None, Options(tz="UTC")))
    window = make_window(state)
    monkeypatch.setattr(window.jobs, "is_running", lambda name: name == "compute.run")
    track, day = window.timebar.track, state.twin.time.day_of(12)

    def load() -> list[bool]:
        series = window.session.state.twin.find(DISTRICT, "load")
        return [series is not None and series.ready(step) for step in day]

    window.run("time.index", 5)
    QTest.mouseClick(
        track,
        Qt.MouseButton.LeftButton,
        pos=QPoint(round(track.x_of(12.5)), round(track.area.center().y())),
    )
    qtbot.waitUntil(lambda: window.session.state.view.time == 12, timeout=20_000)
    qtbot.waitUntil(lambda: all(load()), timeout=60_000)
    # A first version of the results knows nothing of the looks; they come back at once.
    window.session._computed(state.twin)
    assert not any(load())
    begun = window.session.state.twin
    computed = []
    monkeypatch.setattr(glimpses, "_look", lambda *given: computed.append(given))
    qtbot.waitUntil(lambda: window.session.state.twin is not begun, timeout=60_000)
    qtbot.waitUntil(lambda: all(load()), timeout=60_000)
    assert not computed


def test_results_of_a_part_do_not_stand_for_all(tmp_path, make_window, qtbot):
    state = drain(open_files(write_village(tmp_path), None, Options(tz="UTC")))
    twin = drain(results_of(state.twin, state.project, None, range(3, 5))).twin
    window = make_window(replace(state, twin=twin))
    assert twin.find(DISTRICT, "emission").time.count == 2
    window.unasked.compute_if_missing()
    whole = twin.time.count
    qtbot.waitUntil(
        lambda: window.session.state.twin.find(DISTRICT, "emission").time.count == whole,
        timeout=60_000,
    )
    qtbot.waitUntil(lambda: not window.jobs.running)
    window.unasked.compute_if_missing()
    assert not window.jobs.running


def test_results_are_drawn_in_parts_and_change_the_numbers_in_their_places(
    tmp_path, make_window, qtbot
):
    state = drain(open_files(write_village(tmp_path), None, Options(tz="UTC")))
    window = make_window(state)
    canvas, inspector = window.canvas, window.inspector
    qtbot.waitUntil(lambda: not canvas.motion.moving and not canvas.motion.busy)
    whole = []
    canvas.frames.frame = lambda frame=canvas.frames.frame: whole.append(1) or frame()
    before = dict(inspector.numbers.values)
    old, twin = canvas.scene, drain(compute(state.twin, state.project, None))
    window.session._set(replace(state, twin=twin))
    qtbot.waitUntil(lambda: canvas.motion.busy)
    qtbot.waitUntil(lambda: not canvas.motion.busy)
    assert canvas.scene is not old
    assert not whole
    assert inspector.numbers.values.keys() > before.keys()
    known = dict(inspector.numbers.values)
    window.session._set(replace(state, twin=drain(compute(state.twin, state.project, None))))
    assert dict(inspector.numbers.values) == known
