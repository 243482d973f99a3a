"""Measures over a view: lines where they are, and nothing of what is behind the eye."""

import numpy as np
from PySide6.QtGui import QColor, QImage, QPainter

from twinview.draw.measures import draw_measures
from twinview.render import camera as cameras
from twinview.scene.paint import Measured
from twinview.scene.theme import LOOKS
from twinview.scene.view import Camera

SIZE = (400, 300)
CAMERA = Camera((0.0, -100.0, 50.0), (0.0, 0.0, 0.0))


def drawn(points, closed=False) -> np.ndarray:
    """Return which pixels have the accent's colour."""
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    painter = QPainter(image)
    made = Measured(tuple(points), closed, "1 m", (), "")
    draw_measures(painter, [made], lambda p: cameras.project(p, CAMERA, SIZE), LOOKS["light"])
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(SIZE[1], SIZE[0], 4)[..., :3]
    accent = QColor(LOOKS["light"].accent)
    wanted = np.array([accent.blue(), accent.green(), accent.red()])
    return np.abs(pixels.astype(int) - wanted).max(axis=2) < 12


def test_a_line_goes_from_end_to_end():
    ends = [(-20.0, 0.0, 0.0), (20.0, 0.0, 0.0)]
    seen = cameras.project(np.array(ends), CAMERA, SIZE)
    rows, columns = np.nonzero(drawn(ends))
    assert abs(columns.min() - seen[0, 0]) < 5
    assert abs(columns.max() - seen[1, 0]) < 5
    assert abs(np.median(rows) - seen[0, 1]) < 2


def test_a_line_that_passes_the_eye_is_drawn_as_far_as_it_is_before_it():
    inside = drawn([(3.0, 0.0, 0.0), (3.0, -400.0, 0.0)])
    rows, columns = np.nonzero(inside)
    end = cameras.project(np.array([[3.0, 0.0, 0.0]]), CAMERA, SIZE)[0]
    # Downwards from its end to the lower edge; drawn as if nothing were behind, it would go up.
    assert rows.min() > end[1] - 6
    assert rows.max() > SIZE[1] - 3
    assert columns.min() > SIZE[0] / 2
    assert not drawn([(3.0, -300.0, 0.0), (3.0, -400.0, 0.0)]).any()
