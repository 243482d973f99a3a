"""Lines and handles over the view by which something in it is moved. Never on pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from twinview.draw.ink import colour
from twinview.draw.measures import Project, in_view
from twinview.scene.theme import Look
from twinview.scene.view import Point

RADIUS = 9.0
"""Of a handle, design pixels."""


@dataclass(frozen=True)
class Handle:
    """A round knob with two arrows along the way it can be moved.

    Parameters
    ----------
    name
        What it moves.
    place
        Local metres.
    way
        Direction in which it is moved outwards, local metres; its length does not matter.
    turns
        Whether it turns instead.
    """

    name: str
    place: Point
    way: Point
    turns: bool = False


Segment = tuple[Point, Point]


def draw_frame(
    painter: QPainter, segments: Sequence[Segment], project: Project, look: Look
) -> None:
    """Draw dashed lines in the scene."""
    for ink, wide in ((colour(look.panel, 0.7), 3.5), (QColor(look.accent), 1.6)):
        pen = QPen(ink, wide)
        pen.setDashPattern([18 / wide, 12 / wide])
        painter.setPen(pen)
        for a, b in segments:
            points = np.array([a, b], dtype=float)
            piece = in_view(points, project(points), project)
            if piece is not None:
                painter.drawLine(QLineF(*piece))


def draw_handles(
    painter: QPainter, handles: Sequence[Handle], project: Project, look: Look
) -> None:
    """Draw handles."""
    for one in handles:
        spot = where(one, project)
        if spot is None:
            continue
        at, way = spot
        painter.setPen(QPen(QColor(look.panel), 2.0))
        painter.setBrush(QColor(look.accent))
        painter.drawEllipse(at, RADIUS, RADIUS)
        aside = QPointF(-way.y(), way.x())
        along = aside if one.turns else way
        across = way if one.turns else aside
        painter.setPen(Qt.PenStyle.NoPen)
        for sign in (1, -1):
            tip, foot = at + along * (sign * (RADIUS + 9)), at + along * (sign * (RADIUS + 2))
            painter.drawPolygon(QPolygonF([tip, foot + across * 5, foot - across * 5]))


def where(one: Handle, project: Project) -> tuple[QPointF, QPointF] | None:
    """Return where a handle is seen and the direction of its way there; None behind the eye."""
    step = _step(one, project)
    seen = project(np.array([one.place]))[0]
    if seen[2] <= 0.5:  # noqa: PLR2004 - metres in front of the eye
        return None
    length = float(np.hypot(*step))
    way = QPointF(*(step / length)) if length > 1e-6 else QPointF(0, -1)  # noqa: PLR2004
    return QPointF(seen[0], seen[1]), way


def metres(one: Handle, moved: QPointF, project: Project) -> float:
    """Return how many metres outwards a movement on the screen means."""
    step = _step(one, project)
    length = float(step @ step)
    if length < 1e-9:  # noqa: PLR2004 - its way points at the eye
        return 0.0
    return float(np.array([moved.x(), moved.y()]) @ step) / length


def _step(one: Handle, project: Project) -> npt.NDArray[np.float64]:
    """Return how far a metre along a handle's way is on the screen, pixels."""
    place, way = np.array(one.place), np.array(one.way, dtype=float)
    way /= max(float(np.linalg.norm(way)), 1e-9)
    a, b = project(np.stack([place, place + way]))
    return np.asarray((b - a)[:2])
