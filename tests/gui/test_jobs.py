"""Long work in the window: answers, progress, errors, cancelling, late answers."""

import threading

import pytest

from twinview.gui.jobs import Jobs
from twinview.model.problem import CommandError
from twinview.progress import Job, Progress
from twinview.session.command import Command

pytestmark = pytest.mark.usefixtures("qapp")


def command(name: str = "test.work") -> Command:
    return Command(name, "Work", lambda: None)


@pytest.fixture
def jobs(qtbot):
    made = Jobs()
    yield made
    made.close()


def steps(count: int, closed: list | None = None, gate: threading.Event | None = None) -> Job[int]:
    try:
        for k in range(count):
            if gate is not None:
                gate.wait(5)
            yield Progress(k / count, f"step {k}")
        return count
    finally:
        if closed is not None:
            closed.append(threading.current_thread().name)


def test_the_answer_comes_in_the_windows_thread(jobs, qtbot):
    answers = []
    closed = []
    jobs.drive(
        command(), steps(5, closed), lambda one: answers.append((one, threading.current_thread()))
    )
    assert len(jobs.running) == 1
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [(5, threading.main_thread())]
    assert closed == ["job test.work"]
    assert not jobs.running


def test_progress_is_told(jobs, qtbot):
    gate = threading.Event()
    jobs.drive(command(), steps(3, gate=gate), lambda one: None)
    ticket = next(iter(jobs.running.values()))
    gate.set()
    qtbot.waitUntil(lambda: not jobs.running)
    assert ticket.progress.message.startswith("step")


def test_a_first_version_is_shown(jobs, qtbot):
    def work() -> Job[str]:
        yield Progress(0.5, "", "half")
        return "whole"

    seen = []
    jobs.drive(command(), work(), seen.append)
    qtbot.waitUntil(lambda: "whole" in seen)
    assert seen == ["half", "whole"]


def test_a_first_version_right_after_a_report_is_shown_too(jobs, qtbot):
    gate, seen = threading.Event(), []

    def work() -> Job[str]:
        yield Progress(0.1, "begun")
        yield Progress(0.5, "", "half")
        while not gate.wait(0.01):
            yield Progress(0.5, "waiting")
        return "whole"

    jobs.drive(command(), work(), seen.append)
    qtbot.waitUntil(lambda: seen == ["half"])
    gate.set()
    qtbot.waitUntil(lambda: seen == ["half", "whole"])


def test_cancelling_closes_the_generator_and_drops_the_answer(jobs, qtbot):
    gate, closed, answers = threading.Event(), [], []
    jobs.drive(command(), steps(1000, closed, gate), answers.append)
    jobs.cancel_all()
    gate.set()
    qtbot.waitUntil(lambda: bool(closed))
    assert not jobs.running
    assert answers == []


def test_an_error_is_told_with_its_command(jobs, qtbot):
    def work() -> Job[None]:
        yield Progress(0.0)
        raise CommandError("There is no grid.")

    with qtbot.waitSignal(jobs.failed) as told:
        jobs.drive(command(), work(), lambda one: None)
    assert told.args[0].name == "test.work"
    assert str(told.args[1]) == "There is no grid."


def test_an_answer_for_a_document_that_is_gone_is_dropped(jobs, qtbot):
    gate, closed, answers = threading.Event(), [], []
    jobs.drive(command(), steps(2, closed, gate), answers.append)
    jobs.supersede()
    gate.set()
    qtbot.waitUntil(lambda: bool(closed))
    assert answers == []


def test_the_same_command_again_replaces_the_first(jobs, qtbot):
    gate, answers = threading.Event(), []
    jobs.drive(command(), steps(7, gate=gate), answers.append)
    jobs.drive(command(), steps(2), answers.append)
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [2]


def test_who_ends_a_computation_keeps_the_picture_that_is_prepared(jobs, qtbot):
    gate, told = threading.Event(), []
    jobs.stopped.connect(lambda one: told.append(one.name))
    for name in ("view.parts", "compute.run"):
        jobs.drive(command(name), steps(5, None, gate), lambda _one: None)
    jobs.stop_all()
    assert told == ["compute.run"]
    assert [one.command.name for one in jobs.running.values()] == ["view.parts"]
    jobs.stop_all()
    assert told == ["compute.run", "view.parts"]
    assert not jobs.running
    gate.set()


def test_a_second_export_waits_for_the_first_and_both_are_done(jobs, qtbot):
    """Two files that were asked for are both wanted; the one that waits can be ended."""
    gate, ended, written = threading.Event(), [], []

    def job(name: str, stop: threading.Event | None = None):
        try:
            while stop is not None and not stop.wait(0.01):
                yield Progress(0.5)
            yield Progress(1.0)
            return name
        finally:
            ended.append(name)

    jobs.drive(command("export.table"), job("first", gate), written.append)
    jobs.drive(command("export.table"), job("second"), written.append)
    jobs.drive(command("export.table"), job("third"), written.append)
    jobs.drive(command("export.layer"), job("map"), written.append)
    qtbot.waitUntil(lambda: written == ["map"], timeout=20_000)  # of another kind: side by side
    waiting = list(jobs.running.values())[1:]
    assert [one.progress.message for one in waiting] == ["Waits for the one before"] * 2
    assert all(one.thread is None for one in waiting)
    jobs.end(waiting[1])
    assert ended == ["map"]  # it never began, so nothing of it is left to end
    gate.set()
    qtbot.waitUntil(lambda: len(written) == 3, timeout=20_000)
    assert written == ["map", "first", "second"]
    assert not jobs.running


def test_ending_all_leaves_nothing_that_begins_later(jobs, qtbot):
    begun, never = [], threading.Event()

    def job(name: str):
        begun.append(name)
        while not never.wait(0.01):
            yield Progress(0.5)

    for name in ("first", "second"):
        jobs.drive(command("export.table"), job(name), print)
    jobs.stop_all()
    assert not jobs.running
    qtbot.waitUntil(lambda: not any(one.is_alive() for one in jobs._threads), timeout=20_000)
    assert begun in ([], ["first"])
