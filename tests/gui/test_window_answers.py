"""How long the window keeps its user waiting is measured by what the event loop does."""

import pytest
from PySide6.QtCore import QObject

from tests.gui.conftest import ended
from twinview.gui import app, bench


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """Let a clock of the test stand for the machine's; its only item is what it shows."""
    now = [100.0]
    monkeypatch.setattr(bench.time, "perf_counter", lambda: now[0])
    return now


def test_the_longest_gap_is_noted_and_forgotten(qtbot, clock):
    owner = QObject()
    watch = bench.Watch(owner)
    watch.begin()
    clock[0] += 0.25  # the loop has not turned since
    qtbot.waitUntil(lambda: watch.longest > 0)
    clock[0] += 0.1
    qtbot.waitUntil(lambda: watch.turns > 1)
    assert watch.longest == pytest.approx(0.25)
    watch.begin()
    assert watch.longest == 0
    owner.deleteLater()


def test_threads_that_compute_leave_a_window_its_turn(qtbot, english, monkeypatch):
    """What a window is made of is left out of looking for garbage, and turns are short."""
    calls: list[object] = []
    monkeypatch.setattr(app.gc, "freeze", lambda: calls.append("freeze"))
    monkeypatch.setattr(app.sys, "setswitchinterval", calls.append)
    window = app.make_window()
    assert calls == [app.TURN_S, "freeze"]
    assert app.gc.isenabled()
    ended(window)
