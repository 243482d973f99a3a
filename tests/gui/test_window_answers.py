"""How long the window keeps its user waiting is measured by what the event loop does."""

import sys

import pytest
from PySide6.QtCore import QObject

from tests.gui.conftest import ended
from twinview.gui import app, bench
from twinview.progress import drain


def _told(act):
    """Return a job that does something."""
    act()
    yield from ()


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


def test_the_call_that_took_the_most_of_the_longest_gap_is_named(qtbot, clock, monkeypatch):
    owner = QObject()
    watch = bench.Watch(owner)
    calls = iter(["a.draw", "a.paint", "a.paint", "a.wait"])
    monkeypatch.setattr(bench, "call_of", lambda _frame: next(calls))
    watch.begin()
    clock[0] += 0.04
    watch.look(0)  # too early to be looked at
    clock[0] += 0.2
    for _ in range(3):
        watch.look(0)
    qtbot.waitUntil(lambda: watch.longest > 0)
    clock[0] += 0.1
    watch.look(0)
    turns = watch.turns
    qtbot.waitUntil(lambda: watch.turns > turns)
    assert watch.call == "a.paint"
    owner.deleteLater()


def test_a_call_is_told_by_the_innermost_function_of_ours():
    seen: list[str] = []
    drain(_told(lambda: seen.append(bench.call_of(sys._getframe()))))
    assert seen == ["twinview.progress.drain"]
    assert bench.call_of(None) == ""


def test_threads_that_compute_leave_a_window_its_turn(qtbot, english, monkeypatch):
    """What a window is made of is left out of looking for garbage, and turns are short."""
    calls: list[object] = []
    monkeypatch.setattr(app.gc, "freeze", lambda: calls.append("freeze"))
    monkeypatch.setattr(app.sys, "setswitchinterval", calls.append)
    window = app.make_window()
    assert calls == [app.TURN_S, "freeze"]
    assert app.gc.isenabled()
    ended(window)
