"""What can be asked about a picture: what is seen where, and where something is seen."""

import numpy as np
import numpy.typing as npt

from twinview.render import camera as eyes
from twinview.render.drawn import Drawn
from twinview.render.picking import Found, Hit, Pointer
from twinview.scene.view import Camera

_REACH = 5.0
"""A line is found this far from the pointer, pixels."""


class Lookout:
    """Answers for what draws: it knows the camera, what is drawn, and the level of the ground."""

    pointer: Pointer
    _camera: Camera
    _drawn: dict[str, Drawn]
    _level: float

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
