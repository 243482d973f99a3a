"""What is written on the view in the window: legend, readouts, scale bar, north, labels."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from twinview.draw.hud import draw_hud
from twinview.render import camera as cameras
from twinview.scene.paint import Label, Scene
from twinview.scene.view import Camera

ALWAYS = frozenset({"legend", "readouts", "scalebar", "north", "labels"})


class Hud(QWidget):
    """A clear sheet over the canvas; the mouse goes through it.

    Attributes
    ----------
    parts
        What is drawn (`twinview.draw.hud.PARTS`); the clock joins when the time bar is hidden.
    taken
        Where each part stands, after painting.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.parts = ALWAYS
        self.taken: dict[str, QRectF] = {}
        self._scene: Scene | None = None
        self._camera: Camera | None = None

    def show_scene(self, scene: Scene, camera: Camera) -> None:
        """Write what belongs to a scene."""
        self._scene, self._camera = scene, camera
        self.update()

    def look(self, camera: Camera) -> None:
        """Follow the camera."""
        self._camera = camera
        self.update()

    def with_clock(self, on: bool) -> None:
        """Show the clock on the view, or leave it to the time bar."""
        self.parts = ALWAYS | {"clock"} if on else ALWAYS
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw everything; what finds no place is left out."""
        if self._scene is None or self._camera is None:
            return
        size = QSizeF(self.size())
        pose = cameras.pose(self._camera)
        painter = QPainter(self)
        self.taken = draw_hud(
            painter,
            self._scene,
            size,
            metres_per_pixel=cameras.metres_per_pixel(self._camera, self.height()),
            bearing_deg=pose.bearing,
            tilt_deg=90.0 - pose.elevation,
            projected_labels=places(self._scene.labels, self._camera, self.width(), self.height()),
            scale=1.0,
            parts=self.parts,
            inside=QRectF(QPointF(0, 0), size),
        )
        painter.end()


def places(
    labels: tuple[Label, ...], camera: Camera, width: int, height: int
) -> npt.NDArray[np.float64]:
    """Return where labels stand in logical pixels, shape (n, 2); NaN behind the eye."""
    if not labels:
        return np.empty((0, 2))
    points = np.array([label.place for label in labels], dtype=float)
    seen = cameras.project(points, camera, (width, height))
    seen[seen[:, 2] <= 0] = np.nan
    return seen[:, :2]
