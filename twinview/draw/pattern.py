"""Swatches: the small boxes of a legend, with the same patterns that the city wears."""

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from twinview.draw.ink import colour, dark, faint
from twinview.scene.paint import State
from twinview.scene.theme import Look

WIDTH, HEIGHT, ROUND = 18.0, 12.0, 3.0

# Directions, distances and widths are those of the shaders (render/shaders.py); a stripe's distance
# there is measured along x, its width across both axes.
_HATCH, _CROSS, _STRIPE = 6.0, 7.0, 8.0
_HATCH_PEN, _STRIPE_PEN = 1.1, 1.7
_DENSE, _SPARSE = 4.5, 6.5
_DOT = 1.1


def swatch(
    painter: QPainter, rect: QRectF, fill: str, look: Look, state: State = State.VALUE
) -> None:
    """Draw a swatch of a colour (`fill`), with the pattern of a state."""
    painter.setPen(QPen(colour(look.text, faint(look, 0.22)), 0.8))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, ROUND, ROUND)
    inner = rect.adjusted(1, 1, -1, -1)
    if state == State.MISSING:
        _hatch(painter, inner, _HATCH, QPen(colour(look.text_soft, 0.8), _HATCH_PEN))
    elif state == State.FAILED:
        pen = QPen(colour(look.error, 0.9), _HATCH_PEN)
        _hatch(painter, inner, _CROSS, pen)
        _hatch(painter, inner, _CROSS, pen, rising=True)
    elif state == State.LACKING:
        chequer(painter, inner, QPen(colour(look.error, 0.9), _HATCH_PEN))
    elif state == State.OVER:
        pen = QPen(colour(look.text if dark(look) else look.panel, 0.85), _STRIPE_PEN)
        _hatch(painter, inner, _STRIPE, pen, rising=True)
    elif state == State.PENDING:
        _dots(painter, inner, _DENSE, colour(look.text_soft, 0.9))
    elif state == State.ESTIMATED:
        _dots(painter, inner, _SPARSE, colour(look.edge, 0.7))


def chequer(painter: QPainter, rect: QRectF, pen: QPen) -> None:
    """Draw lines across and upright: a value is missing, so nothing was computed.

    Parameters
    ----------
    painter, rect, pen
        Where, and in which ink.
    """
    painter.setPen(pen)
    for x in np.arange(rect.left() + _CROSS / 2, rect.right(), _CROSS).tolist():
        painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
    for y in np.arange(rect.top() + _CROSS / 2, rect.bottom(), _CROSS).tolist():
        painter.drawLine(QLineF(rect.left(), y, rect.right(), y))


def _hatch(painter: QPainter, rect: QRectF, step: float, pen: QPen, rising: bool = False) -> None:
    """Draw lines at 45 degrees, cut at the edges by reckoning: SVG knows no clipping."""
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    wide, high = rect.width(), rect.height()
    lines, offset = [], step / 2
    while offset < wide + high:
        a = (min(offset, wide), max(0.0, offset - wide))
        b = (max(0.0, offset - high), min(offset, high))
        ends = [a, b] if rising else [(a[0], high - a[1]), (b[0], high - b[1])]
        lines.append(QLineF(*(QPointF(rect.left() + x, rect.top() + y) for x, y in ends)))
        offset += step
    painter.drawLines(lines)


def _dots(painter: QPainter, rect: QRectF, step: float, ink: QColor) -> None:
    """Draw dots in rows, each second row moved by half a step."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    rows, columns = max(2, int(rect.height() / step)), int(rect.width() / step)
    for row in range(rows):
        y = rect.top() + (row + 0.5) * rect.height() / rows
        for column in range(columns):
            shift = 0.25 if row % 2 else -0.25
            x = rect.left() + (column + 0.5 + shift) * rect.width() / columns
            painter.drawEllipse(QPointF(x, y), _DOT, _DOT)
