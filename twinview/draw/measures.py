"""What is measured, drawn over the view: lines, their ends, and the number beside each."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import NORMAL, colour, faint, line_height, panel, write
from twinview.scene.paint import Measured
from twinview.scene.theme import Look

Project = Callable[[npt.NDArray[np.floating]], npt.NDArray[np.float64]]
_NEAREST = 0.5
"""Metres in front of the eye from which on lines are drawn."""
_LINE, _HALO, _DOT = 2.0, 5.0, 3.5
_PAD = 7.0


def draw_measures(
    painter: QPainter,
    measured: Sequence[Measured],
    project: Project,
    look: Look,
    scale: float = 1.0,
) -> None:
    """Draw measures over a view.

    Parameters
    ----------
    painter, look
        Where, and in which colours.
    measured
        What.
    project
        From local metres, shape (n, 3), to the painter's pixels from the left and the top and
        metres in front of the eye.
    scale
        Pixels per design pixel.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for one in measured:
        points = np.asarray(one.points, dtype=float)
        seen = project(points)
        _fill(painter, one, seen, look)
        _lines(painter, _pieces(one, points, seen, project), look, scale)
        _dots(painter, seen, look, scale)
    for one in measured:
        _number(painter, one, project, look, scale)


def draw_marks(painter: QPainter, seen: npt.NDArray[np.float64], look: Look) -> None:
    """Draw squares around corners that a pointer has caught; `seen` is as `Project` returns it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, wide in ((look.panel, 4.0), (look.accent, 2.0)):
        painter.setPen(QPen(QColor(ink), wide))
        for x, y, depth in seen:
            if depth > _NEAREST:
                painter.drawRect(QRectF(x - 6, y - 6, 12, 12))


def _pieces(
    one: Measured,
    points: npt.NDArray[np.float64],
    seen: npt.NDArray[np.float64],
    project: Project,
) -> list[tuple[QPointF, QPointF]]:
    """Return the pieces of a line that lie in front of the eye."""
    ends = [(k, k + 1) for k in range(len(points) - 1)]
    if one.closed:
        ends.append((len(points) - 1, 0))
    pieces = (in_view(points[[a, b]], seen[[a, b]], project) for a, b in ends)
    return [one for one in pieces if one is not None]


def in_view(
    points: npt.NDArray[np.float64], seen: npt.NDArray[np.float64], project: Project
) -> tuple[QPointF, QPointF] | None:
    """Return the piece of a line that lies in front of the eye; None where there is none.

    Parameters
    ----------
    points, seen
        Both ends, local metres, and where `project` puts them; shape (2, 3) each.
    project
        See `draw_measures`.
    """
    near, far = np.argsort(seen[:, 2])
    if seen[far, 2] <= _NEAREST:
        return None
    start = seen[near]
    if start[2] < _NEAREST:
        # Depth is even along a line in space: where it comes into view is a share of it.
        share = (_NEAREST - start[2]) / (seen[far, 2] - start[2])
        place = points[near] + (points[far] - points[near]) * min(share * 1.0001, 1.0)
        start = project(place[None])[0]
    return QPointF(start[0], start[1]), QPointF(seen[far, 0], seen[far, 1])


def _fill(painter: QPainter, one: Measured, seen: npt.NDArray[np.float64], look: Look) -> None:
    if one.closed and (seen[:, 2] > _NEAREST).all():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(look.accent, 0.18))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y, _depth in seen]))


def _lines(
    painter: QPainter, pieces: list[tuple[QPointF, QPointF]], look: Look, scale: float
) -> None:
    for ink, wide in ((colour(look.panel, faint(look, 0.8)), _HALO), (QColor(look.accent), _LINE)):
        pen = QPen(ink, wide * scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for a, b in pieces:
            painter.drawLine(a, b)


def _dots(painter: QPainter, seen: npt.NDArray[np.float64], look: Look, scale: float) -> None:
    painter.setPen(QPen(QColor(look.panel), 1.5 * scale))
    painter.setBrush(QColor(look.accent))
    for x, y, depth in seen:
        if depth > _NEAREST:
            painter.drawEllipse(QPointF(x, y), _DOT * scale, _DOT * scale)


def _number(painter: QPainter, one: Measured, project: Project, look: Look, scale: float) -> None:
    """Write the number on a small card, halfway along the line or in the middle of the area."""
    x, y, depth = project(_middle(one)[None])[0]
    if depth <= _NEAREST:
        return
    font = ui_font(NORMAL, SEMIBOLD, tabular=True)
    wide, high = width(one.main, font) + 2 * _PAD, line_height(font) + 4.0
    painter.save()
    painter.translate(x, y)
    painter.scale(scale, scale)
    # Beside an upright line, above a level one.
    left, top = (10.0, -high / 2) if _upright(one) else (-wide / 2, -high - 8.0)
    rect = QRectF(left, -high / 2 if one.closed else top, wide, high)
    panel(painter, rect, look)
    write(painter, rect, one.main, font, look.text, "centre")
    painter.restore()


def _upright(one: Measured) -> bool:
    return len(one.points) == 2 and one.points[0][:2] == one.points[1][:2]


def _middle(one: Measured) -> npt.NDArray[np.float64]:
    """Return the place halfway along a line, or between the corners of an area."""
    points = np.asarray(one.points, dtype=float)
    if one.closed:
        return np.asarray(points.mean(axis=0))
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    return np.array([np.interp(way[-1] / 2, way, points[:, k]) for k in range(3)])
