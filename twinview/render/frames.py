"""Frames without a window of their own: drawn by VTK, or recoloured while the camera is still."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkRenderer

from twinview.render.painter import Painter
from twinview.render.still import Still, read
from twinview.render.studio import window

Picture = npt.NDArray[np.uint8]


class Frames:
    """A painter and the pictures of what it shows.

    Pictures have the shape (height, width, 4), uint8: blue, green, red and an unused byte, first
    row on top, as Qt and most screens want them.

    Parameters
    ----------
    size
        Width and height, device pixels.
    """

    def __init__(self, size: tuple[int, int] = (64, 64)) -> None:
        self._window = window(size)
        self._window.SetAlphaBitPlanes(1)
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self.painter = Painter(self._renderer)
        self.size = size
        self._picture: Picture = np.zeros((size[1], size[0], 4), dtype=np.uint8)
        self._still: Still | None = None
        self._vain: tuple[object, ...] | None = None
        """What the painter showed when recolouring could not follow a step."""
        self.recoloured = False
        """Whether the last frame was made without drawing everything."""

    def resize(self, size: tuple[int, int]) -> None:
        """Take another size; frames of the old size are forgotten."""
        if size != self.size:
            self.size = size
            self._window.SetSize(*size)
            self._picture = np.zeros((size[1], size[0], 4), dtype=np.uint8)
            self._still = None

    @property
    def promising(self) -> bool:
        """Whether making ready for recolouring is worth it."""
        idle = self._still is None or not self._still.serves(self.painter)
        return idle and self.painter.standing() != self._vain

    def prepare(self) -> Iterator[None]:
        """Make ready for recolouring, in parts: stop in between when the view changes."""
        if not self.promising:
            return
        still = Still(self._window, self._renderer, self.painter)
        for _ in still.capture():
            yield
            if not still.serves(self.painter, whole=False):
                return
        self._still = still

    def frame(self) -> Picture:
        """Return the picture of what the painter shows; it is written over by the next one."""
        self.recoloured = self._still is not None and self._still.frame(self._picture)
        if not self.recoloured:
            if self._still is not None and self._still.serves(self.painter):
                self._vain = self.painter.standing()
            self._still = None
            self._window.Render()
            self._picture[..., :3] = read(self._window)[::-1, :, 2::-1]
        return self._picture

    def close(self) -> None:
        """Give the window and all that is in it back."""
        self._still = None
        self.painter.close()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()
