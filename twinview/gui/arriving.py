"""A large city comes part by part: made or mapped by a job, taken in between turns of the window.

The picture counts as moving until all is there: it is drawn at the quality that is quick enough,
anew a few times a second, and becomes sharp when the last part has come.
"""

import contextlib
import queue
import time
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from twinview.gui.canvas import Canvas
from twinview.gui.jobs import Jobs, Ticket
from twinview.i18n import N_
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.render.camera import fit
from twinview.render.pieces import ground_level
from twinview.scene.resolve import resolve
from twinview.scene.view import Theme
from twinview.session import bringing, drawing
from twinview.session.command import Command
from twinview.session.drawing import Came, News, Wish, place, supply
from twinview.session.store import Session, State

T = TypeVar("T")

TURN_S = 0.012
"""Seconds of one turn of the event loop for taking in what has come."""
LOOK_MS = 40
"""Time between two looks whether something has come."""
REFRESH_S = 0.25
"""Seconds between two pictures of what is there."""
GRACE_S = 0.12
"""Seconds that the picture before stays: most of a small city is there by then."""
SHARE = 4
"""Pictures of what is there take no more than one turn in so many."""
PARTS = Command("view.parts", N_("Preparing the picture"), lambda _session: None)
"""What the job is called; nobody asks for it by name."""


class Arrivals(QObject):
    """Brings districts to the painter of a canvas.

    Parameters
    ----------
    canvas
        It shows them.
    jobs
        Runs what makes them.
    session
        Its project's cache keeps what was made.

    Signals
    -------
    stopped
        The user has ended the job: the picture is not whole.
    short
        ``(text)``: there is not memory enough to draw all in full, and what is done.
    """

    stopped = Signal()
    short = Signal(str)
    share = bringing.SHARES[""]
    """Share of the machine's memory that drawing may take."""

    def __init__(self, canvas: Canvas, jobs: Jobs, session: Session) -> None:
        super().__init__(canvas)
        self._canvas, self._jobs, self._session = canvas, jobs, session
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._ticket: Ticket | None = None
        self._ended = self._changed = False
        self._refreshed = 0.0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        jobs.failed.connect(self._failed)
        canvas.show_twin = self.show
        self._warming = canvas.frames.warm(session.state.view.theme)
        self._warm_timer = QTimer(self, singleShot=True)
        self._warm_timer.timeout.connect(self._warm)

    def warm(self) -> None:
        """Get the graphics library ready, between turns, until there is a district to show."""
        self._warm_timer.start(0)

    def _warm(self) -> None:
        untouched = self._canvas.scene is None
        if untouched and next(self._warming, self) is None:
            self._warm_timer.start(0)

    @property
    def coming(self) -> bool:
        """Whether the picture is not whole yet."""
        return self._ticket is not None

    def show(self, twin: Twin, theme: Theme) -> bool:
        """Have a district drawn: a small one at once, a large one as its parts come.

        Returns whether there is anything new to be seen already.
        """
        painter = self._canvas.frames.painter
        painter.sparing = drawing.needed(twin) > bringing.room(self.share)
        if drawing.corners(twin) <= bringing.AT_ONCE:
            self._drop()
            painter.show(twin, theme)
            return True
        running = self.coming and painter.shows(twin)
        wanted = painter.begin(twin, theme)
        if not running:
            self._drop()
            if wanted:
                self._ask(twin, wanted)
        return not self.coming

    def again(self) -> None:
        """Go on with what is missing after the user has ended the job."""
        state = self._session.state
        self.show(state.twin, state.view.theme)

    def _ask(self, twin: Twin, wanted: list[str]) -> None:
        """Start the job that makes what is wanted."""
        canvas = self._canvas
        if short := bringing.shortage(twin, self.share):
            self.short.emit(short)
        camera = canvas.camera
        assert camera is not None
        for layer in wanted:
            canvas.frames.painter.lose(layer)
        self._news = queue.SimpleQueue()
        self._ended, self._changed = False, True
        self._refreshed = time.perf_counter() + GRACE_S - REFRESH_S
        wish = Wish(twin, tuple(wanted), place(self._session.state.path), camera, canvas.aspect)
        self._jobs.drive(PARTS, supply(wish, self._news.put), self._done)
        self._ticket = self._jobs.running[max(self._jobs.running)]
        canvas.motion.hold()
        self._timer.start(LOOK_MS)

    def _done(self, _result: None) -> None:
        self._ended = True

    def _failed(self, command: Command, _error: Exception) -> None:
        self._ended |= command is PARTS

    def _turn(self) -> None:
        """Take in what has come, as much as a turn may take."""
        ticket, painter = self._ticket, self._canvas.frames.painter
        if ticket is None:
            return
        until = time.perf_counter() + TURN_S
        while not self._news.empty() and time.perf_counter() < until:
            self._take(self._news.get())
        rest = max(REFRESH_S, SHARE * self._canvas.frame_ms / 1000)
        busy = self._canvas.motion.busy
        if self._changed and not busy and time.perf_counter() - self._refreshed > rest:
            self._canvas.motion.show()
            self._changed, self._refreshed = False, time.perf_counter()
        self._timer.start(LOOK_MS if self._news.empty() else 0)
        if not self._news.empty():
            return
        if self._ended:
            painter.whole()
            self._drop()
        elif ticket.number not in self._jobs.running:
            self._drop()
            if ticket.generation == self._jobs.generation:
                self.stopped.emit()

    def _take(self, news: News) -> None:
        painter = self._canvas.frames.painter
        self._changed = True
        bringing.tell(painter, news)
        if isinstance(news, Came):
            # What it looks like from afar: while moving the whole of it may be too much.
            next(painter.ready(), None)

    def _drop(self) -> None:
        """Wait for nothing more."""
        self._timer.stop()
        ticket, self._ticket = self._ticket, None
        if ticket is None:
            return
        if ticket.number in self._jobs.running:
            self._jobs.cancel(ticket)
        self._canvas.motion.release()


def looked_at(job: Job[T]) -> Job[T]:
    """Run a job; have what every first look at a district needs reckoned on the job's thread."""
    result = yield from job
    if isinstance(result, State) and drawing.corners(result.twin) > bringing.AT_ONCE:
        with contextlib.suppress(CommandError):
            resolve(result.twin, result.view, result.beside)
        _ = fit(result.twin), ground_level(result.twin), result.twin.bounds
        for layer in result.twin.layers.values():
            _ = None if layer.geometry is None else layer.geometry.centres
    return result
