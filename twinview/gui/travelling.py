"""The arrows on the lines travel while time runs: as fast as their power asks for."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from twinview.gui.moving import motion_allowed

if TYPE_CHECKING:
    from twinview.gui.canvas import Canvas

TICK_MS = 50
PER_SECOND = 0.6
"""Spacings that arrows of usual power travel in a second."""
SLOW_MS = 50.0
"""From this cost of a frame on, arrows stand still between two steps."""
_LONGEST = 0.2
"""Seconds that one tick counts at most: after a pause nothing jumps."""


class Travelling(QObject):
    """Moves the arrows of a canvas.

    Parameters
    ----------
    canvas
        Whose painter draws them.
    refresh
        Has another frame made.
    """

    def __init__(self, canvas: "Canvas", refresh: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._canvas, self._refresh = canvas, refresh
        self._ticked = 0.0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def on(self) -> bool:
        """Whether arrows are to travel."""
        return self._timer.isActive()

    def run(self, on: bool) -> None:
        """Have them travel, where motion is wanted, or stand still."""
        self._ticked = time.monotonic()
        if on and motion_allowed():
            self._timer.start()
        else:
            self._timer.stop()

    def tick(self) -> None:
        """Move them by what has passed, where frames are cheap enough and motion is wanted."""
        canvas = self._canvas
        motion, waiting = canvas.motion, canvas.patience.waiting
        if canvas.painter is None or motion.moving or motion.busy or waiting:
            return
        passed, self._ticked = time.monotonic() - self._ticked, time.monotonic()
        if canvas.isVisible() and canvas.frame_ms < SLOW_MS and motion_allowed():
            canvas.painter.advance(min(passed, _LONGEST) * PER_SECOND)
            self._refresh()
