"""The shade on the ground follows what is left out; the window goes on while it is reckoned."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twinview.gui.asking import Asker
from twinview.render.sunshine import Lamp, Shade, quick, reckon

if TYPE_CHECKING:
    from twinview.gui.canvas import Canvas

REST_MS = 500
"""Rest after a scene before its shade is reckoned, where the next may leave out other things."""


class Shading(QObject):
    """Has a canvas drawn once more with the shade of what is left, as soon as that is reckoned.

    Parameters
    ----------
    canvas
        The view.
    """

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._asker = Asker(self, rest=0)
        self._asker.answered.connect(self._answered)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        canvas.resolved.connect(self._resolved)
        canvas.framed.connect(self._framed)

    def close_down(self) -> None:
        """Reckon nothing any more."""
        self._timer.stop()
        self._asker.close()

    def _resolved(self) -> None:
        """Let a scene rest that another one follows."""
        if self._timer.isActive():
            self._timer.start(self._rest)

    def _framed(self) -> None:
        """See whether something is to be reckoned for what was drawn."""
        if self._waiting is not None and not self._timer.isActive():
            self._timer.start(self._rest)

    @property
    def _rest(self) -> int:
        scene = self._canvas.scene
        return 0 if scene is None or quick(scene) else REST_MS

    @property
    def _waiting(self) -> Lamp | None:
        """Lamp of the first painter whose shade is not that of what is left."""
        frames = self._canvas.frames
        drawing = (frames, *(one.frames for one in frames.others if one.frames is not None))
        return next((one.painter.lamp for one in drawing if one.painter.lamp.wish), None)

    def _ask(self) -> None:
        lamp = self._waiting
        if lamp is None or lamp.wish is None or self._asker.busy:
            return  # what is under way looks for more when it ends
        wish = lamp.wish
        self._asker.ask(lamp, lambda: reckon(wish))

    def _answered(self, lamp: Lamp, shade: Shade | None) -> None:
        if self._canvas.painter is None:
            return
        if shade is not None and lamp.take(shade):
            self._canvas.relight()
        if shade is not None:
            self._framed()
