"""The shade on the ground follows what is left out, once the picture rests."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twinview.render.sunshine import quick

if TYPE_CHECKING:
    from twinview.gui.canvas import Canvas

REST_MS = 500
"""Rest after a scene before its shade is reckoned, which takes longer than a frame may."""


class Shading(QObject):
    """Has a canvas drawn once more with the shade of what is left.

    Parameters
    ----------
    canvas
        The view.
    """

    def __init__(self, canvas: "Canvas") -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._shade)
        canvas.resolved.connect(self._resolved)

    def _resolved(self) -> None:
        scene = self._canvas.scene
        if scene is not None and not quick(scene):
            self._timer.start()
        else:
            self._timer.stop()

    def _shade(self) -> None:
        canvas = self._canvas
        if canvas.painter is None:
            return
        if canvas.motion.moving or canvas.motion.busy or canvas.travelling.on:
            self._timer.start()
            return
        if not canvas.painter.lamp.waits:
            return
        canvas.painter.unhurried = True
        canvas.refresh()
        canvas.painter.unhurried = False
