"""Parts of a district that a job makes, taken in by a painter between turns of the window."""

import queue
import time
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from twinview.gui.jobs import Jobs, Ticket
from twinview.render.painter import Painter
from twinview.session import bringing
from twinview.session.command import Command
from twinview.session.drawing import Came, News, Wish, supply

TURN_S = 0.012
"""Seconds of one turn of the event loop for taking in what has come."""
LOOK_MS = 40
"""Time between two looks whether something has come."""
End = Literal["whole", "failed", "stopped", "superseded"]


class Delivery(QObject):
    """Brings the parts of one district to a painter at a time.

    Parameters
    ----------
    command
        What the job is called.
    jobs
        Runs it.

    Signals
    -------
    turned
        ``(changed)``: a turn is over, and whether something was taken in.
    ended
        ``(how)``: nothing more comes: all is there, it failed, the user has stopped it, or another
        document has taken its place.
    """

    turned = Signal(bool)
    ended = Signal(str)

    def __init__(self, command: Command, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._command, self._jobs = command, jobs
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._ticket: Ticket | None = None
        self._painter: Painter | None = None
        self._done: End | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        jobs.failed.connect(self._failed)

    @property
    def coming(self) -> bool:
        """Whether something is still to come."""
        return self._ticket is not None

    def begin(self, painter: Painter, wish: Wish) -> None:
        """Start the job that makes what is wanted, in the place of an older one."""
        self.drop()
        self._painter, self._news, self._done = painter, queue.SimpleQueue(), None
        self._jobs.drive(self._command, supply(wish, self._news.put), self._finished)
        self._ticket = self._jobs.running[max(self._jobs.running)]
        self._timer.start(LOOK_MS)

    def drop(self) -> None:
        """Wait for nothing more."""
        self._timer.stop()
        ticket, self._ticket = self._ticket, None
        if ticket is not None and ticket.number in self._jobs.running:
            self._jobs.cancel(ticket)

    def _finished(self, _result: None) -> None:
        self._done = "whole"

    def _failed(self, command: Command, _error: Exception) -> None:
        if command is self._command:
            self._done = "failed"

    def _turn(self) -> None:
        """Take in what has come, as much as a turn may take."""
        ticket = self._ticket
        if ticket is None:
            return
        until, changed = time.perf_counter() + TURN_S, False
        while not self._news.empty() and time.perf_counter() < until:
            self._take(self._news.get())
            changed = True
        self.turned.emit(changed)
        self._timer.start(LOOK_MS if self._news.empty() else 0)
        if not self._news.empty():
            return
        if self._done is not None:
            self._end(self._done)
        elif ticket.number not in self._jobs.running:
            same = ticket.generation == self._jobs.generation
            self._end("stopped" if same else "superseded")

    def _end(self, how: End) -> None:
        if how in {"whole", "failed"} and self._painter is not None:
            self._painter.whole()
        self.drop()
        self.ended.emit(how)

    def _take(self, news: News) -> None:
        painter = self._painter
        assert painter is not None
        bringing.tell(painter, news)
        if isinstance(news, Came):
            # What it looks like from afar: while moving the whole of it may be too much.
            next(painter.ready(), None)
