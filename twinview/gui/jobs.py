"""Long work: a thread for each job consumes its generator; answers come back by a queued signal.

A worker touches neither Qt's widgets nor VTK. Cancel closes the generator; an answer that comes
after something newer has replaced what it was about is dropped by its generation number.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from twinview.i18n import _
from twinview.progress import Job, Progress
from twinview.session.command import Command
from twinview.session.pace import Pace

log = logging.getLogger(__name__)

BEAT = 0.05
"""Seconds between two reports of progress."""
PARTIAL = 2.0
"""Seconds between two first versions of a result that are shown."""
GLIMPSE = "compute.instant"
"""The command that looks ahead while another one computes."""
BETWEEN = 0.05
"""Seconds that it rests after each step: the window has the lock meanwhile."""
UNSEEN = 5.0
"""Seconds that an errand may take without being shown."""
PATIENCE = 3.0
"""Seconds that closing the window waits for workers."""
QUEUED = "export."
"""Commands whose jobs wait for one another: two files that were asked for are both wanted."""


@dataclass(eq=False)
class Ticket:
    """One running job.

    Parameters
    ----------
    number
        Rank of its start.
    command
        The command it belongs to.
    job, done
        What is to be done, and what takes the result.
    generation
        Number of the open document at its start.
    """

    number: int
    command: Command
    job: Job[Any]
    done: Callable[[Any], None]
    generation: int
    progress: Progress = field(default_factory=lambda: Progress(0.0))
    cancelled: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    began: float = field(default_factory=time.monotonic)
    pace: Pace = field(default_factory=lambda: Pace(time.monotonic()))


class Jobs(QObject):
    """Runs jobs and tells how they fare.

    Signals
    -------
    changed
        A job began, went on or ended.
    failed
        ``(command, exception)``: a job ended with an error.
    stopped
        ``(command)``: somebody ended a job that was shown.
    """

    changed = Signal()
    failed = Signal(object, object)
    stopped = Signal(object)
    _reported = Signal(object, object)
    _ended = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.generation = 0
        self.errands: set[str] = set()
        """Commands that run by themselves now, and are shown only where they take long."""
        self.running: dict[int, Ticket] = {}
        self._threads: list[threading.Thread] = []
        self._numbers = itertools.count(1)
        self._reported.connect(self._on_report)
        self._ended.connect(self._on_end)

    def is_running(self, name: str) -> bool:
        """Tell whether a command's job runs."""
        return any(one.command.name == name for one in self.running.values())

    @property
    def shown(self) -> list[Ticket]:
        """Jobs that a user waits for, oldest first: a look ahead is none, nor is a short errand."""
        return [one for one in self.running.values() if self._awaited(one)]

    def _awaited(self, ticket: Ticket) -> bool:
        name = ticket.command.name
        errand = name in self.errands and time.monotonic() - ticket.began < UNSEEN
        return name != GLIMPSE and not errand

    def drive(self, command: Command, job: Job[Any], done: Callable[[Any], None]) -> None:
        """Run a job in a thread; an older one of the same command is cancelled, or waited for."""
        older = [one for one in self.running.values() if one.command.name == command.name]
        queued = command.name.startswith(QUEUED)
        for one in older if not queued else ():
            self.cancel(one)
        ticket = Ticket(next(self._numbers), command, job, done, self.generation)
        self.running[ticket.number] = ticket
        if queued and older:
            ticket.progress = Progress(0.0, _("Waits for the one before"))
            self.changed.emit()
        else:
            self._start(ticket)

    def _start(self, ticket: Ticket) -> None:
        ticket.thread = threading.Thread(
            target=self._work, args=(ticket,), name=f"job {ticket.command.name}", daemon=True
        )
        ticket.began = time.monotonic()
        self._threads = [one for one in self._threads if one.is_alive()] + [ticket.thread]
        self.changed.emit()
        ticket.thread.start()

    def _start_next(self, name: str) -> None:
        """Start the oldest job of a command that waits, unless one is under way."""
        some = [one for one in self.running.values() if one.command.name == name]
        if some and all(one.thread is None for one in some):
            some[0].progress = Progress(0.0)
            self._start(some[0])

    def cancel(self, ticket: Ticket) -> None:
        """End a job: its generator is closed at its next step and its answer is dropped."""
        ticket.cancelled.set()
        self.running.pop(ticket.number, None)
        if ticket.thread is None:
            ticket.job.close()
        self._start_next(ticket.command.name)
        self.changed.emit()

    def stop(self) -> None:
        """End the newest of the jobs that are shown; others go on."""
        if self.shown:
            self.end(self.shown[-1])

    def end(self, ticket: Ticket) -> None:
        """End a job because somebody asked for it."""
        self.cancel(ticket)
        self.stopped.emit(ticket.command)

    def stop_all(self) -> None:
        """End all jobs because somebody asked for it; of the view's own only if alone."""
        shown = self.shown
        told = [one for one in shown if not one.command.name.startswith("view.")] or shown
        for ticket in reversed(told):  # those that wait first, or they would begin
            self.end(ticket)

    def cancel_all(self) -> None:
        """End all jobs."""
        for ticket in self.running.values():
            ticket.cancelled.set()
        waiting = [one for one in self.running.values() if one.thread is None]
        self.running.clear()
        for ticket in waiting:
            ticket.job.close()
        self.changed.emit()

    def supersede(self) -> None:
        """Note that another document is open: what runs for the old one is cancelled."""
        self.generation += 1
        self.cancel_all()

    def close(self) -> None:
        """End all jobs and wait for their threads."""
        self.cancel_all()
        stop = time.monotonic() + PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, stop - time.monotonic()))

    def _work(self, ticket: Ticket) -> None:
        """Consume a generator (in its own thread)."""
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._consume(ticket, ticket.job)
        except BaseException as problem:  # noqa: BLE001  (border: a job's error becomes a message)
            error = problem
        finally:
            ticket.job.close()
        if not ticket.cancelled.is_set():
            self._tell(self._ended, ticket, result, error)

    def _consume(self, ticket: Ticket, job: Job[Any]) -> Any:
        told = shown = -PARTIAL
        while not ticket.cancelled.is_set():
            try:
                step = next(job)
            except StopIteration as end:
                return end.value
            now = time.monotonic()
            # A first version is told even right after a report: others may be long in coming.
            first = step.partial is not None and now - shown > PARTIAL
            if first or now - told > BEAT:
                told, shown = now, now if first else shown
                self._tell(self._reported, ticket, step if first else replace(step, partial=None))
            if ticket.command.name == GLIMPSE:
                ticket.cancelled.wait(BETWEEN)
        return None

    @staticmethod
    def _tell(signal: Any, *what: Any) -> None:
        try:
            signal.emit(*what)
        except RuntimeError:  # the window is gone; nobody is left to be told
            log.debug("an answer came after the window was closed")

    def _on_report(self, ticket: Ticket, progress: Progress) -> None:
        if ticket.number not in self.running:
            return
        ticket.progress = progress
        now = time.monotonic()
        ticket.pace.note(progress.fraction, now)
        if progress.partial is not None:
            ticket.done(progress.partial)
        self.changed.emit()

    def _on_end(self, ticket: Ticket, result: Any, error: BaseException | None) -> None:
        current = self.running.pop(ticket.number, None) is not None
        self._start_next(ticket.command.name)
        self.changed.emit()
        if not current or ticket.generation != self.generation:
            return
        if error is not None:
            self.failed.emit(ticket.command, error)
            return
        try:
            ticket.done(result)
        except Exception as problem:  # noqa: BLE001  (border: a slot's error becomes a message)
            self.failed.emit(ticket.command, problem)
