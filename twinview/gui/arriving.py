"""A large city comes part by part: made or mapped by a job, taken in between turns of the window.

The picture counts as moving until all is there: it is drawn at the quality that is quick enough,
anew a few times a second, and becomes sharp when the last part has come.
"""

import contextlib
import time
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from twinview.gui.canvas import Canvas
from twinview.gui.delivery import Delivery
from twinview.gui.jobs import Jobs
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
from twinview.session.drawing import Wish, place
from twinview.session.store import Session, State

T = TypeVar("T")

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
        self._canvas, self._session = canvas, session
        self._delivery = Delivery(PARTS, jobs, self)
        self._delivery.turned.connect(self._turned)
        self._delivery.ended.connect(self._ended)
        self._changed = False
        self._refreshed = 0.0
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
        return self._delivery.coming

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
        self._changed = True
        self._refreshed = time.perf_counter() + GRACE_S - REFRESH_S
        wish = Wish(twin, tuple(wanted), place(self._session.state.path), camera, canvas.aspect)
        self._delivery.begin(canvas.frames.painter, wish)
        canvas.motion.hold()

    def _turned(self, changed: bool) -> None:
        """Show what is there, a few times a second."""
        self._changed |= changed
        rest = max(REFRESH_S, SHARE * self._canvas.frame_ms / 1000)
        busy = self._canvas.motion.busy
        if self._changed and not busy and time.perf_counter() - self._refreshed > rest:
            self._canvas.motion.show()
            self._changed, self._refreshed = False, time.perf_counter()

    def _ended(self, how: str) -> None:
        """Let the view come to rest."""
        self._canvas.motion.release()
        if how == "stopped":
            self.stopped.emit()

    def _drop(self) -> None:
        """Wait for nothing more."""
        if self._delivery.coming:
            self._delivery.drop()
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
