"""Many refined pictures of one camera: drawn once, then recoloured at twice the size and halved."""

from collections import deque

import numpy as np
import numpy.typing as npt

from twinview.model.twin import Twin
from twinview.render.frames import Frames, Picture
from twinview.render.studio import Shot, check_pixels, fineness, shot_of
from twinview.scene.paint import Scene
from twinview.scene.view import Theme

_WORTH = 8
"""Frames that must be gained for each time that frames are made ready for recolouring."""
_BAND = 16
"""Rows halved at a time, so that they stay in the processor's cache."""
_LANES = np.uint64(0x00FF00FF00FF00FF)


class Reel:
    """Refined pictures one after another; those that differ only in colours come cheap.

    Parameters
    ----------
    twin, theme
        What is shown, light or dark.
    size
        Width and height of the pictures, pixels.
    """

    def __init__(self, twin: Twin, theme: Theme, size: tuple[int, int]) -> None:
        check_pixels(size)
        self._size, self._fine = size, fineness(size)
        self._frames = Frames((size[0] * self._fine, size[1] * self._fine))
        self._frames.painter.pixel = float(self._fine)
        self._frames.painter.show(twin, theme)
        self._image: Picture = np.empty((size[1], size[0], 4), dtype=np.uint8)
        self._prepared = self.recoloured = 0
        """How often frames were made ready for recolouring, and how many were recoloured."""

    def shoot(self, scene: Scene) -> Shot:
        """Return the picture of a scene.

        Its image is blue, green, red and an unused byte, and is written over by the next one.
        """
        self._frames.painter.draw(scene)
        fine = self._frames.frame()
        self.recoloured += self._frames.recoloured
        self._image[:] = halved(fine) if self._fine == 2 else fine
        if self._frames.promising and self.recoloured >= self._prepared * _WORTH:
            self._prepared += 1
            deque(self._frames.prepare(), maxlen=0)
        return shot_of(self._image, self._frames.painter.camera, self._size)

    def close(self) -> None:
        """Give the window and all that is in it back."""
        self._frames.close()


def halved(picture: Picture) -> npt.NDArray[np.uint8]:
    """Return a picture at half its size, each byte the rounded mean of four.

    Parameters
    ----------
    picture
        Shape (2 h, 2 w, 4), uint8, contiguous.
    """
    height, width = picture.shape[0] // 2, picture.shape[1] // 2
    rows = picture.reshape(height, 2, width * 8).view(np.uint64)
    made = np.empty((height, width), dtype=np.uint32)
    for first in range(0, height, _BAND):
        band = slice(first, first + _BAND)
        made[band] = _means(rows[band], 0) | _means(rows[band], 8) << np.uint32(8)
    return made.view(np.uint8).reshape(height, width, 4)


def _means(rows: npt.NDArray[np.uint64], shift: int) -> npt.NDArray[np.uint32]:
    """Return every second byte's mean: two pixels a word, with room for sums above each byte."""
    total = (rows[:, 0] >> np.uint64(shift)) & _LANES
    total += (rows[:, 1] >> np.uint64(shift)) & _LANES
    mean = total.astype(np.uint32) + (total >> np.uint64(32)).astype(np.uint32)
    mean += np.uint32(0x00020002)
    mean >>= np.uint32(2)
    mean &= np.uint32(0x00FF00FF)
    return mean
