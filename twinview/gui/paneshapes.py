"""Cases of other shapes beside the view: made by a job, drawn for the first time between turns.

A pane says that its case is being made until it can be drawn as quickly as the others.
"""

import time
from collections.abc import Collection, Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from twinview.gui.canvas import Canvas
from twinview.gui.delivery import TURN_S, Delivery
from twinview.gui.jobs import Jobs
from twinview.i18n import N_, _
from twinview.model.twin import Twin
from twinview.render.alongside import Alongside, Held
from twinview.render.frames import Other
from twinview.scene.paint import Scene
from twinview.scene.view import Theme
from twinview.session.command import Command
from twinview.session.drawing import Wish, place
from twinview.session.store import Session

SHAPES = Command("view.panes", N_("Preparing a pane"), lambda _session: None)
"""What the job is called; nobody asks for it by name."""


class PaneShapes(QObject):
    """Has the painters of panes take on their cases, one after the other.

    Parameters
    ----------
    canvas
        It shows the first pane.
    jobs
        Runs what makes shapes.
    session
        Its project's cache keeps what was made.

    Signals
    -------
    ready
        One more case can be drawn.
    stopped
        The user has ended the job, or it failed: a pane stays without a picture.
    """

    ready = Signal()
    stopped = Signal()

    def __init__(self, canvas: Canvas, jobs: Jobs, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._session = canvas, session
        self.alongside = Alongside(canvas.frames)
        self._delivery = Delivery(SHAPES, jobs, self)
        self._delivery.ended.connect(self._delivered)
        self._scenes: dict[Held, Scene] = {}
        self._now: Held | None = None
        self._work: Iterator[None] = iter(())
        self._left: set[Held] = set()
        """Those that were not finished."""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)

    def painters(
        self, twins: Sequence[Twin], theme: Theme, painted: Collection[str]
    ) -> list[Held | None]:
        """Return what draws each case, and begin with those that are not ready.

        Parameters
        ----------
        twins, theme, painted
            As for `Alongside.painters`.
        """
        found = self.alongside.painters(twins, theme, painted)
        held = set(self.alongside.held)
        self._left &= held
        self._scenes = {one: scene for one, scene in self._scenes.items() if one in held}
        if self._now is not None and self._now not in held:
            self._drop()
        return found

    def await_(self, held: Held, scene: Scene) -> str:
        """Have a case made that is to show a scene; return what its pane says meanwhile."""
        self._scenes[held] = scene
        if held in self._left:
            return _("The picture of this case is not there: preparing it was ended.")
        if self._now is None:
            self._begin(held)
        return _("Preparing the picture of this case...")

    def again(self) -> None:
        """Go on with what was not finished."""
        self._left.clear()
        self.ready.emit()

    def _begin(self, held: Held) -> None:
        self._now, self._work = held, self._whole(held)
        self._timer.start(0)

    def _whole(self, held: Held) -> Iterator[None]:
        """Take on a case: what it lends from the first, what a job makes, then a first picture."""
        yield from self.alongside.begin(held)
        if held.wanted:
            canvas, camera = self._canvas, self._canvas.camera
            folder = place(self._session.state.path)
            wish = Wish(held.twin, held.wanted, folder, camera, canvas.aspect)
            self._delivery.begin(held.frames.painter, wish)
            while self._delivery.coming:
                yield
        held.frames.painter.whole()
        yield from self._canvas.frames.introduce(Other(self._scenes[held], held.frames))
        held.ready = True

    def _turn(self) -> None:
        """Go on, as long as a turn may take; what has come is taken in by turns of its own."""
        until = time.perf_counter() + TURN_S
        while time.perf_counter() < until and not self._delivery.coming:
            if next(self._work, self) is self:
                self._now = None
                self.ready.emit()
                return
        if not self._delivery.coming:
            self._timer.start(0)

    def _delivered(self, how: str) -> None:
        held = self._now
        if held is None:
            return
        if how == "whole":
            self._timer.start(0)
            return
        self._drop()
        if how != "superseded":
            self._left.add(held)
            self.stopped.emit()
        self.ready.emit()

    def _drop(self) -> None:
        """Go on with nothing."""
        self._timer.stop()
        self._delivery.drop()
        self._now, self._work = None, iter(())

    def close(self) -> None:
        """Give back what VTK holds."""
        self._drop()
        self._scenes.clear()
        self._left.clear()
        self.alongside.close()
