"""The middle of the window: the canvas, and what lies over it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from twinview.gui.arriving import Arrivals
from twinview.gui.canvas import Canvas
from twinview.gui.cards import MessageCard
from twinview.gui.hands import Pick
from twinview.gui.hover import HoverCard
from twinview.gui.hud import Hud
from twinview.gui.jobcard import JobCard
from twinview.gui.jobs import Jobs
from twinview.gui.measuring import MeasureCard
from twinview.gui.shading import Shading
from twinview.gui.startpage import StartPage
from twinview.gui.style import Translated
from twinview.gui.targets import Targets
from twinview.i18n import _
from twinview.render.camera import project
from twinview.render.clearing import Frame
from twinview.scene.telling import hover_lines
from twinview.session.store import Session, State

if TYPE_CHECKING:
    from collections.abc import Callable


class Stage(Translated, QWidget):
    """Holds canvas, writing, start page and cards over each other.

    Parameters
    ----------
    session
        The store.
    jobs
        The running jobs.
    """

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.seen = True
        self.canvas = Canvas(lambda: self.hud, self)
        self.shading = Shading(self.canvas)
        self.arrivals = Arrivals(self.canvas, jobs, session)
        self.hud = Hud(self)
        self.start = StartPage(self)
        self.hover = HoverCard(self)
        self.job = JobCard(jobs, self)
        self.message = MessageCard(self)
        self.message.left.connect(self.canvas.setFocus)
        self.measure = MeasureCard(self)
        self._led: Pick | None = None
        """What is pointed at in a panel."""
        self.canvas.hovered.connect(self._hovered)
        self.canvas.looked.connect(lambda _camera: self._follow())
        self.arrivals.stopped.connect(self._stopped)
        self.arrivals.short.connect(self.message.notice)
        self.targets = Targets(self.hud, self)
        self.hud.arranged.connect(self._place_cards)
        self.room: Callable[[QRect], QRect] = QRect
        """Tells which part of the stage the canvas takes."""
        self.linked: Callable[[Pick | None, QPointF], bool] = lambda _found, _at: False
        """Says by itself what the mouse rests on, and tells whether it did."""
        self.setMinimumSize(240, 120)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Everything that covers the stage takes its size."""
        super().resizeEvent(event)
        self.start.setGeometry(self.rect())
        self.lay_out()

    def lay_out(self) -> None:
        """Give the canvas, and what is written on it, their part of the stage."""
        room = self.room(self.rect())
        for widget in (self.hud, self.canvas):
            widget.setGeometry(room)
        self.targets.place()
        self._place_cards()

    @property
    def whole(self) -> bool:
        """Whether a picture of the whole district is on the screen."""
        canvas = self.canvas
        return canvas.frame_ms > 0 and not (self.arrivals.coming or canvas.motion.busy)

    def retranslate(self) -> None:
        """Forget what was said in another language."""
        self.hover.hide()

    def _place_cards(self) -> None:
        """Keep cards off what is written on the view."""
        self._cover()
        readouts = self.hud.taken.get("readouts")
        self.message.clear = self.hud.y()
        if readouts is not None and self.hud.isVisible():
            self.message.clear += readouts.bottom() - 4
        self.message.place_in()
        shown = self.hud.isVisible()
        self.job.obstacles = [*self.hud.taken.values()] if shown else []
        self.job.place_in()
        self.measure.place_in()

    def _cover(self) -> None:
        """Say what lies over the picture, so that what is to be seen is put beside it."""
        wide, high = max(1, self.canvas.width()), max(1, self.canvas.height())
        alone = self.hud.isVisible() and not self._session.state.view.panes
        cards = tuple(
            (one.left() / wide, one.top() / high, (one.right() + 1) / wide,
             (one.bottom() + 1) / high)
            for one in (self.hud.taken.values() if alone else ())
        )  # fmt: skip
        self._session.frame = Frame(wide / high, cards)
        self.canvas.cover(cards)

    def changed(self, old: State, new: State) -> None:
        """Follow the session."""
        loaded = bool(new.twin.layers)
        self.start.setVisible(not loaded)
        self.hud.setVisible(loaded)
        self.targets.place()
        said = (new.view.time, new.view.overlay) != (old.view.time, old.view.overlay)
        if said or new.twin is not old.twin:
            self.hover.hide()
        if new.view.panes != old.view.panes:
            self.lay_out()
        self.canvas.changed(old, new)

    def _stopped(self) -> None:
        text = _("The picture is not whole: preparing it was cancelled.")
        self.message.choice(text, [(_("Go on"), self.arrivals.again)])

    def point_out(self, found: Pick | None) -> None:
        """Mark what is pointed at in a panel as if the mouse were on it here, where it is seen."""
        self._led, at = found, None if found is None else self._place_of(found)
        self._say(found if at is not None else None, QPointF() if at is None else at)
        self.canvas.point_out(found)

    def _place_of(self, found: Pick) -> QPointF | None:
        """Return where the middle of an element is seen; None outside the picture."""
        layer, canvas = self._session.state.twin.layers.get(found[0]), self.canvas
        if layer is None or layer.geometry is None or canvas.camera is None or found[2] < 0:
            return None
        seen = project(layer.geometry.centres[found[2] : found[2] + 1], canvas.camera,
                       (canvas.width(), canvas.height()))[0]  # fmt: skip
        at = QPointF(float(seen[0]), float(seen[1]))
        return at if seen[2] > 0 and QRectF(canvas.rect()).contains(at) else None

    def _follow(self) -> None:
        """Keep what is said of an element that is pointed at in a panel beside it."""
        if self._led is not None:
            self.point_out(self._led)

    def _hovered(self, found: Pick | None, at: QPointF) -> None:
        """Take what the mouse rests on here."""
        self._led = None
        self._say(found, at)

    def _say(self, found: Pick | None, at: QPointF) -> None:
        scene = self.canvas.scene
        if self.linked(found, at) or found is None or scene is None:
            self.hover.hide()
            return
        layer_id, _element, row = found
        said = hover_lines(self._session.state.twin, scene, layer_id, row)
        self.hover.say(said, at)
