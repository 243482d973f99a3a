"""Frames without a window of their own: drawn by VTK, or recoloured while the camera is still."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkRenderer

from twinview.render.painter import Painter
from twinview.render.pixels import halve
from twinview.render.still import UNKNOWN, Still, read
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
    fine
        2 draws and recolours everything at twice the size and averages: clean edges.
    """

    def __init__(self, size: tuple[int, int] = (64, 64), fine: int = 1) -> None:
        self._fine = fine
        self._window = window(self._drawn_size(size))
        self._window.SetAlphaBitPlanes(1)
        self._renderer = vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self.painter = Painter(self._renderer, pixel=float(fine))
        self.size = size
        self._forget()
        self._vain: tuple[object, ...] | None = None
        """What the painter showed when recolouring could not follow a step."""
        self.recoloured = False
        """Whether the last frame was made without drawing everything."""

    def resize(self, size: tuple[int, int]) -> None:
        """Take another size; frames of the old size are forgotten."""
        if size != self.size:
            self.size = size
            self._window.SetSize(*self._drawn_size(size))
            self._forget()

    def _drawn_size(self, size: tuple[int, int]) -> tuple[int, int]:
        return size[0] * self._fine, size[1] * self._fine

    def _forget(self) -> None:
        """Begin with black pictures of the present size."""
        self._still: Still | None = None
        self._picture: Picture = np.zeros((self.size[1], self.size[0], 4), dtype=np.uint8)
        self._drawn = self._picture
        if self._fine > 1:
            width, height = self._drawn_size(self.size)
            self._drawn = np.zeros((height, width, 4), dtype=np.uint8)

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
        self.recoloured = self._still is not None and self._still.frame(self._drawn)
        if not self.recoloured:
            if self._still is not None and self._still.serves(self.painter):
                self._vain = self.painter.standing()
            self._still = None
            self._window.Render()
            self._drawn[..., :3] = read(self._window)[::-1, :, 2::-1]
        if self._fine > 1:
            halve(self._drawn, self._picture)
        return self._picture

    def pick(self, x: float, y: float) -> tuple[str, str, int] | None:
        """Return layer id, element id and row at a device pixel, counted from the top left.

        While the camera is still that is one look into what was captured, else a line of sight.
        """
        if self._still is None or not self._still.standing():
            return self._by_sight(x, y)
        body = self._still.body_at(x * self._fine, y * self._fine)
        if body == UNKNOWN:
            return self._by_sight(x, y)
        if body is None:
            wire = self.painter.nearest_wire(x * self._fine, y * self._fine)
            body = None if wire is None else (wire[0], wire[2])
        if body is None:
            return None
        layer, row = body
        return layer, str(self.painter.drawn[layer].layer.ids[row]), row

    def _by_sight(self, x: float, y: float) -> tuple[str, str, int] | None:
        return self.painter.pick(x * self._fine, y * self._fine)

    def close(self) -> None:
        """Give the window and all that is in it back."""
        self._still = None
        self.painter.close()
        self._window.RemoveRenderer(self._renderer)
        self._window.Finalize()
