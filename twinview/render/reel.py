"""Many refined pictures of one camera: what stands still is drawn once, the rest recoloured."""

from collections import deque

import numpy as np

from twinview import kernels
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.render.frames import Frames, Picture
from twinview.render.studio import (
    Shot,
    Stock,
    check_pixels,
    fineness,
    made_at_once,
    settle,
    shot_of,
)
from twinview.scene.paint import Scene
from twinview.scene.view import Theme

_WORTH = 8
"""Frames that must be gained for each time that frames are made ready for recolouring."""
_MANY = 50
"""From so many frames on, waiting for machine code pays."""


class Reel:
    """Refined pictures one after another; those that differ only in colours come cheap.

    Parameters
    ----------
    size
        Width and height of the pictures, pixels.
    count
        How many pictures are to come.
    """

    def __init__(self, size: tuple[int, int], count: int) -> None:
        check_pixels(size)
        if count >= _MANY:
            kernels.wait()
        self._size = size
        self._frames = Frames(size, fineness(size))
        self._image: Picture = np.empty((size[1], size[0], 4), dtype=np.uint8)
        self._prepared = self.recoloured = 0
        """How often frames were made ready for recolouring, and how many were recoloured."""

    def show(self, twin: Twin, theme: Theme, stock: Stock = made_at_once) -> Job[None]:
        """Have a twin, light or dark, before the camera."""
        yield from stock(self._frames.painter, twin, theme)

    def shoot(self, scene: Scene) -> Shot:
        """Return the picture of a scene.

        Its image is blue, green, red and an unused byte, and is written over by the next one.
        """
        settle(self._frames.painter, scene)
        # A copy: what is written on it must not be taken for what was drawn.
        self._image[:] = self._frames.frame()
        self.recoloured += self._frames.recoloured
        if self._frames.promising and self.recoloured >= self._prepared * _WORTH:
            self._prepared += 1
            deque(self._frames.prepare(), maxlen=0)
        return shot_of(self._image, self._frames.painter.camera, self._size)

    def close(self) -> None:
        """Give the window and all that is in it back."""
        self._frames.close()
