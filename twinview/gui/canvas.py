"""The 3D view: a picture of `resolve(twin, view)` that is drawn once per turn of the event loop.

Frames are made out of sight and painted as pictures: a window without OpenGL in it is put together
by Qt in a fraction of the time where no graphics card helps, and steps of time that only recolour
pixels never touch OpenGL at all.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from twinview.gui.hands import Hands, Pick
from twinview.gui.hud import Hud
from twinview.gui.motion import Motion
from twinview.gui.patience import Patience
from twinview.gui.pilot import Pilot
from twinview.gui.resting import Resting
from twinview.gui.travelling import Travelling
from twinview.gui.trying import Trying
from twinview.model.problem import CommandError
from twinview.render.clearing import Card, Frame
from twinview.render.frames import Frames, Picture
from twinview.render.snapping import Spot, spot
from twinview.scene.resolve import resolve
from twinview.scene.view import Camera, Theme
from twinview.session.looking import home
from twinview.session.store import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from twinview.model.twin import Layer, Twin
    from twinview.render.painter import Painter
    from twinview.scene.paint import Scene

STILL_MS = 200
"""After so long without another view, frames are made ready for recolouring."""


class Canvas(Hands):
    """The city.

    Signals
    -------
    moved
        ``(camera)``: the user has put the camera somewhere.
    refused
        ``(text)``: the view cannot be drawn, and why.
    resolved
        There is another scene, not drawn yet.
    looked
        ``(camera)``: it is seen from somewhere else.
    framed
        There is another picture.
    """

    moved = Signal(object)
    refused = Signal(str)
    resolved = Signal()
    looked = Signal(object)
    framed = Signal()
    look_up: Callable[[State], tuple["Twin", "Scene"]]
    """Tells what is to be seen of which district."""
    show_twin: Callable[["Twin", Theme], bool | None]
    """Brings a district and a theme to the painter."""
    draws, frame_ms = 0, 0.0
    """Scenes drawn so far, and what the last frame took to render."""

    covered: tuple[Card, ...] = ()
    """Cards that lie over the picture."""
    _homed: object = None
    """Layers of the district that was put beside them."""

    def __init__(self, hud: Callable[[], Hud], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.frames = Frames()
        self.painter: Painter | None = self.frames.painter
        self.painter.unhurried = False
        self.look_up = lambda one: (one.twin, resolve(one.twin, one.view, one.beside))
        self.show_twin = self.painter.show
        self.scene: Scene | None = None
        self.camera: Camera | None = None
        self._hud = hud
        self._state: State | None = None
        self._shown: tuple[Mapping[str, Layer], Theme] | None = None
        self._image = QImage()
        self._stale = False
        self._hurried = True
        """Whether somebody has asked for another view since the last scene."""
        self._standing: object = None
        self._draw_timer = self._single(self.draw_now)
        self._still_timer = self._single(self._prepare)
        self.trying = Trying(self.renew)
        self.pilot = Pilot(self)
        self.pilot.moved.connect(self.moved)
        self.pilot.landed.connect(lambda: self._still_timer.start(STILL_MS))
        self.motion = Motion(self.frames, self._bring, self)
        self.motion.sharp.connect(self._sharp)
        self.patience = Patience()
        self.resting = Resting(self.frames, self.motion, self._bring, self._finer)
        self.travelling = Travelling(self, self._refresh)

    def _single(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    # ------------------------------------------------------------------------------- what is seen
    def changed(self, old: State, new: State) -> None:
        """Take over a new state; the picture follows in the next turn of the event loop."""
        if self.painter is None:
            return
        first = self._state is None
        self._state = new
        self._hurried |= first or new.view != old.view or new.twin.layers is not old.twin.layers
        if not new.twin.layers:
            return
        if first or new.view.camera != old.view.camera or new.twin.layers is not old.twin.layers:
            self.pilot.go_to(self._wanted(new), fly=new.twin.layers is old.twin.layers)
        if not self._draw_timer.isActive():
            self._draw_timer.start(0)

    def _wanted(self, state: State) -> Camera:
        if state.view.camera is not None:
            return state.view.camera
        self._homed = state.twin.layers if self.covered else None
        return home(state.twin, Frame(self.aspect, self.covered))

    def cover(self, cards: tuple[Card, ...]) -> None:
        """Take note of the cards over the picture; a district that has just come is put beside."""
        self.covered, state = cards, self._state
        if not cards or state is None or self.camera is None or self.pilot.busy:
            return
        if state.view.camera is None and state.twin.layers is not self._homed:
            self.look(self._wanted(state))

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width() / max(1, self.height())

    def renew(self) -> None:
        """Draw the newest state in the next turn of the event loop."""
        self._draw_timer.start(0)

    def draw_now(self) -> None:
        """Draw the newest state."""
        if self.painter is None or self._state is None or not self._state.twin.layers:
            return
        view = self._state.view
        rest = replace(view, time=0, between=0.0)
        shown = self._state.twin, self._state.project, rest
        if self.patience.waits(shown, self._unready, self.frame_ms / 1000):
            return
        try:
            twin, scene = self.look_up(self._state)
            self.scene = self.trying.over(scene)
        except CommandError as error:
            self.refused.emit(str(error))
            return
        coming = False
        if self._shown is None or self._shown[0] is not twin.layers or self._shown[1] != view.theme:
            # Not before: a paint between showing and drawing would find half of what it needs.
            coming = self.show_twin(twin, view.theme) is False
            self._shown = (twin.layers, view.theme)
            self.motion.expect(sum(len(layer) for layer in twin.layers.values()))
        self.draws += 1
        self.resolved.emit()
        if self.camera is not None:
            self._hud().show_scene(self.scene, self.camera)
        if coming:  # the picture before stays until there is more to be seen than ground and sky
            self._bring()
            self._stale = False
        elif self._hurried or self.frames.served or self._stale:
            self.refresh()
        else:  # results have come, which nobody's hand waits for
            (self.motion.show if self.motion.held else self.relight)()
        self._hurried = False

    @property
    def _unready(self) -> bool:
        """Whether steps of time are drawn whole, but will not be once the view has come to rest."""
        drawing = self.motion.busy or (self.motion.moving and not self.motion.held)
        return not self.pilot.busy and (drawing or self.frames.promising)

    def refresh(self) -> None:
        """Bring scene and camera to the painter; the frame follows with the next paint."""
        if self.motion.busy:
            self.motion.begin()
        self._bring()
        self._refresh()

    def _bring(self) -> None:
        """Bring scene and camera to the painter."""
        if self.painter is None or self.scene is None or self.camera is None:
            return
        self.frames.fit(self._device_size(), self.devicePixelRatioF())
        self.painter.draw(replace(self.scene, view=replace(self.scene.view, camera=self.camera)))

    def _refresh(self) -> None:
        """Have a frame made with the next paint."""
        if self.frames.refined and not self.frames.served:
            self.resting.drop()
            self.frames.refine(False)
            self._bring()
        if self.motion.busy or (not self.motion.moving and self.frames.costly):
            # What is drawn in parts would mix two scenes: it is begun again after this frame.
            self.motion.begin()
            self._bring()
        self._stale = True
        self.update()

    def relight(self) -> None:
        """Show other light on the same; the picture before is seen until that one is whole."""
        # A view that moves, or flies, brings scene and camera again by itself.
        if self.scene is not None and not (self.motion.moving or self.pilot.busy):
            self.resting.drop()
            self.motion.release()

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame; it is made anew only after something has changed."""
        if self.painter is not None and self.scene is not None:
            if self.frames.size != self._device_size():
                # On another screen: the pixels have another size.
                (self.motion.show if self.motion.held else self.refresh)()
            if self._stale:
                self._make_frame()
        painter = QPainter(self)
        if self._image.isNull():
            painter.fillRect(self.rect(), self.palette().window())
        else:
            ratio = self._image.devicePixelRatioF()
            smooth = ratio != self.devicePixelRatioF()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
            # The whole place is named: Qt would not enlarge a picture by its ratio alone.
            painter.drawImage(
                QRectF(QPointF(0, 0), QSizeF(self._image.size()) / ratio), self._image
            )
        painter.end()

    def _make_frame(self) -> None:
        began = time.perf_counter()
        picture = self.frames.frame()
        self.frame_ms = (time.perf_counter() - began) * 1000
        self._stale = False
        self._take(picture)
        self.motion.took(self.frame_ms)

    def _sharp(self, picture: Picture) -> None:
        """Show the picture of a view that has come to rest."""
        self.frame_ms = self.motion.sharp_ms
        self._take(picture)
        self.update()

    def _finer(self, picture: Picture) -> None:
        """Show the finer picture of the same."""
        self._hold(picture)
        self.update()

    def _hold(self, picture: Picture) -> None:
        """Show a picture."""
        height, width = picture.shape[:2]
        self._image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGB32)
        scale = self.frames.painter.quality.scale
        self._image.setDevicePixelRatio(self.devicePixelRatioF() / scale)
        self.framed.emit()

    def _take(self, picture: Picture) -> None:
        """Show a frame, and have the next one of the same view made cheap."""
        self._hold(picture)
        if self.frames.promising and not self.motion.moving:
            standing = self.frames.painter.standing()
            if standing != self._standing or not self._still_timer.isActive():
                self.resting.drop()
                self._standing = standing
                self._still_timer.start(STILL_MS)
        elif not self.motion.moving:
            self._go_on()

    def _prepare(self) -> None:
        """Make the view finer and the next frames cheap, in parts: the window answers between."""
        moving = self.motion.moving or self.motion.busy or self.pilot.busy
        if self.painter is None or moving:
            return
        if self.resting.step(still=not self.travelling.on):
            self._still_timer.start(0)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Draw the step of time that has waited, if there is one."""
        if self.patience.done():
            self._draw_timer.start(0)

    def move_arrows(self, on: bool) -> None:
        """Have the arrows on the lines travel while time runs."""
        self.travelling.run(on)
        if not self.travelling.on:
            self._still_timer.start(STILL_MS)

    # ---------------------------------------------------------------------------------- the camera
    def look(self, camera: Camera) -> None:
        """Put the camera somewhere at once."""
        self._go_on()
        self.camera = camera
        self._hud().look(camera)
        self.looked.emit(camera)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what is seen; a view of everything fits the new shape."""
        super().resizeEvent(event)
        if self._state is not None and self._state.view.camera is None and self._state.twin.layers:
            self.camera = self._wanted(self._state)
        if self.camera is not None:
            self.look(self.camera)

    # ------------------------------------------------------------------------- below the mouse
    def point_out(self, found: Pick | None) -> None:
        """Mark what the mouse rests on, here or in a panel."""
        if self.painter is not None:
            drawn = None if found is None else self.painter.drawn.get(found[0])
            seen = found is not None and drawn is not None and drawn.visible
            layer, row = (found[0], found[2]) if found is not None and seen else (None, -1)
            if self.painter.hover(layer, row):
                self._refresh()

    def pick(self, at: QPointF) -> Pick | None:
        """Return what is seen at a place of the widget, in logical pixels."""
        if self.painter is None or self.scene is None:
            return None
        return self.frames.pick(at.x() * self._pixels, at.y() * self._pixels)

    def spot_at(self, at: QPointF, snap: bool = True) -> Spot | None:
        """Return the surface or ground that is pointed at, or a corner beside; None in the sky."""
        if self.painter is None or self.scene is None:
            return None
        return spot(self.painter, at.x() * self._pixels, at.y() * self._pixels, snap)

    @property
    def _pixels(self) -> float:
        """Pixels of the picture for each logical one."""
        scale = 1 if self.painter is None else self.painter.quality.scale
        return self.devicePixelRatioF() / scale

    # ------------------------------------------------------------------------------------- the rest
    def shut(self) -> None:
        """Give everything that VTK holds back; nothing is drawn any more."""
        for timer in self.findChildren(QTimer):
            timer.stop()
        self.motion.stop()
        self.resting.drop()
        if self.painter is not None:
            self.painter = None
            self._image = QImage()
            self.frames.close()
