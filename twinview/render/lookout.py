"""What can be asked about a picture: what is seen where, and where something is seen."""

import numpy as np
import numpy.typing as npt
from vtkmodules.vtkRenderingCore import vtkRenderer

from twinview.render import camera as eyes
from twinview.render.drawn import Drawn
from twinview.render.pace import Quality
from twinview.render.picking import Found, Hit, Pointer
from twinview.render.recolour import Air
from twinview.scene.paint import Scene
from twinview.scene.view import Camera, Theme

_REACH = 5.0
"""A line is found this far from the pointer, pixels."""


class Lookout:
    """Answers for what draws: it knows the camera, what is drawn, and the level of the ground."""

    pointer: Pointer
    renderer: vtkRenderer
    scene: Scene | None
    quality: Quality
    parts: int
    _camera: Camera
    _drawn: dict[str, Drawn]
    _level: float
    _seen: tuple[object, ...]
    _theme: Theme
    _wish = 0
    unhurried = True
    """Whether drawing reckons the shade of what is left out anew; a window has no time for that."""

    @property
    def camera(self) -> Camera:
        """The camera of the last scene."""
        return self._camera

    @property
    def drawn(self) -> dict[str, Drawn]:
        """What is drawn of each layer; another dictionary after all was made anew."""
        return self._drawn

    @property
    def through(self) -> bool:
        """Whether lines are seen through what stands before them."""
        return self.scene is not None and self.scene.view.through

    def standing(self) -> tuple[object, ...]:
        """Return what the picture depends on besides the texels; compare it by `==`."""
        visible = tuple((one.visible, one.sieve) for one in self._drawn.values())
        return (self._seen, self._theme, self._drawn, visible, self.quality, self.parts, self._wish)

    @property
    def plain(self) -> bool:
        """Whether nothing is seen through but lines, which lie above all other things as usual."""
        usual = self.scene is None or not self.scene.ranks
        return usual and not any(one.lets_through for one in self._drawn.values())

    def air(self) -> Air:
        """Return what all pixels of the picture share."""
        return Air(self._theme, self.pixel, self.size(), int(self.renderer.GetOrigin()[1]))

    @property
    def pixel(self) -> float:
        """Device pixels for one pixel as people see it."""
        raise NotImplementedError

    def size(self) -> tuple[int, int]:
        """Return width and height of the picture, device pixels."""
        raise NotImplementedError

    def pick(self, x: float, y: float) -> tuple[str, str, int] | None:
        """Return layer id, element id and row at a device pixel, counted from the top left."""
        found = self.look_at(x, y)
        return None if found is None else (found.layer, found.element, found.row)

    def look_at(self, x: float, y: float) -> Hit | None:
        """Return what is at a device pixel, counted from the top left, and where its surface is."""
        size = self.size()
        start, direction = eyes.ray(self._camera, size, x, y)
        best = self.pointer.body(start, direction) or self.nearest_wire(x, y)
        if best is None:
            return None
        layer_id, distance, row = best
        place = start + direction * distance
        element = self._drawn[layer_id].layer.id_at(row)
        return Hit(layer_id, element, row, (float(place[0]), float(place[1]), float(place[2])))

    def ground_at(self, x: float, y: float) -> tuple[float, float, float] | None:
        """Return the point of the ground at a device pixel, None in the sky."""
        start, direction = eyes.ray(self._camera, self.size(), x, y)
        drop = self._level - start[2]
        if direction[2] * drop <= 0:
            return None
        place = start + direction * (drop / direction[2])
        return float(place[0]), float(place[1]), float(place[2])

    def project(self, points: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Return pixels from the left, pixels from the top, metres in front of the eye; (n, 3).

        The third number is below 0 for points behind the eye.
        """
        return eyes.project(points, self._camera, self.size())

    def metres_per_pixel(self) -> float:
        """Return the size of a device pixel at the focus, metres."""
        return eyes.metres_per_pixel(self._camera, self.size()[1])

    def nearest_wire(self, x: float, y: float) -> Found | None:
        """Return layer id, metres to the eye and row of the line near a device pixel."""
        reach = _REACH * self.pixel
        return self.pointer.wire(self._camera, self.size(), x, y, reach)
