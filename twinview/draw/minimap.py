"""The district in small on a card, with the part of the ground that is seen."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from twinview.draw.ink import PAD, colour, panel
from twinview.scene.sketch import Sketch
from twinview.scene.theme import Look

LONGEST = 152.0
"""Room for the longer side in design pixels."""
_INSET = PAD / 2


def map_size(sketch: Sketch) -> QSizeF:
    """Return the size of the card in design pixels."""
    wide, high = sketch.size
    scale = LONGEST / max(wide, high)
    return QSizeF(wide * scale + 2 * _INSET, high * scale + 2 * _INSET)


def map_place(card: QRectF) -> QRectF:
    """Return where the map itself lies on its card."""
    return card.adjusted(_INSET, _INSET, -_INSET, -_INSET)


def draw_map(
    painter: QPainter,
    where: QPointF,
    look: Look,
    sketch: Sketch,
    seen: Sequence[tuple[float, float]],
    eye: tuple[float, float],
) -> QRectF:
    """Draw the map and return where its card stands.

    Parameters
    ----------
    painter, where, look
        Where the card's upper left corner lies, and in which colours.
    sketch
        The district.
    seen
        Corners of the ground that is seen, local metres, in order around.
    eye
        Where the camera stands, local metres.
    """
    card = QRectF(where, map_size(sketch))
    panel(painter, card, look)
    room = map_place(card)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    for ink, share, layer in ((look.line, 0.55, "ways"), (look.text_soft, 1.0, "houses")):
        painter.drawImage(room, _inked(sketch, layer, ink, share))
    scale = room.width() / sketch.size[0]
    corners = sketch.cells(np.array([*seen, eye], dtype=float)) * scale
    points = [QPointF(x, y) + room.topLeft() for x, y in corners]
    # Cut by geometry: not every paper that is drawn on can clip.
    wedge = QPolygonF(points[:-1]).intersected(QPolygonF(room))
    painter.setPen(QPen(QColor(look.accent), 1.4))
    painter.setBrush(colour(look.accent, 0.22))
    painter.drawPolygon(wedge)
    if room.contains(points[-1]):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.accent))
        painter.drawEllipse(points[-1], 3.0, 3.0)
    return card


@lru_cache(maxsize=8)
def _inked(sketch: Sketch, name: str, ink: str, share: float) -> QImage:
    """Return a picture of one colour, as opaque as a layer of the sketch says."""
    layer = sketch.ways if name == "ways" else sketch.houses
    rows, columns = layer.shape
    made = np.zeros((rows, columns, 4), np.uint8)
    tint = QColor(ink)
    made[..., :3] = (tint.blue(), tint.green(), tint.red())
    made[..., 3] = layer * share
    image = QImage(made.tobytes(), columns, rows, 4 * columns, QImage.Format.Format_ARGB32)
    return image.copy()
