"""Swatches: the small squares of a legend, with the same patterns that the city wears."""

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from twinview.draw.ink import colour
from twinview.scene.paint import State
from twinview.scene.theme import Look

WIDTH, HEIGHT, ROUND = 18.0, 12.0, 3.0
_STEP, _DOT = 4.0, 0.95
_BRIGHT = 0.45


def swatch(
    painter: QPainter, rect: QRectF, fill: str, look: Look, state: State = State.VALUE
) -> None:
    """Draw a swatch of a colour (`fill`), with the pattern of a state."""
    painter.setPen(QPen(colour(look.text, 0.22), 0.8))
    painter.setBrush(QColor(fill))
    painter.drawRoundedRect(rect, ROUND, ROUND)
    inner = rect.adjusted(1, 1, -1, -1)
    ink = _ink(fill)
    if state in {State.MISSING, State.FAILED}:
        painter.setPen(QPen(ink, 1.0))
        painter.drawLines(_hatching(inner, rising=True))
    if state == State.FAILED:
        painter.drawLines(_hatching(inner, rising=False))
    if state == State.OVER:
        pen = QPen(ink, 2.0)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLines(_hatching(inner.adjusted(0.6, 0.6, -0.6, -0.6), rising=True, step=5.0))
    if state in {State.PENDING, State.ESTIMATED}:
        _dots(painter, inner, ink, sparse=state == State.ESTIMATED)


def _ink(fill: str) -> QColor:
    """Return the colour of a pattern: seen on its ground, but quieter than text."""
    return (
        colour("#101418", 0.62) if QColor(fill).lightnessF() > _BRIGHT else colour("#ffffff", 0.62)
    )


def _hatching(rect: QRectF, rising: bool, step: float = _STEP) -> list[QLineF]:
    """Return lines at 45 degrees, cut at the edges by reckoning: SVG knows no clipping."""
    lines, offset = [], step / 2
    while offset < rect.width() + rect.height():
        x1, y1 = min(offset, rect.width()), max(0.0, offset - rect.width())
        x2, y2 = max(0.0, offset - rect.height()), min(offset, rect.height())
        ends = (
            [(x1, y1), (x2, y2)] if rising else [(x1, rect.height() - y1), (x2, rect.height() - y2)]
        )
        a, b = (QPointF(rect.left() + x, rect.top() + y) for x, y in ends)
        lines.append(QLineF(a, b))
        offset += step
    return lines


def _dots(painter: QPainter, rect: QRectF, ink: QColor, sparse: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    columns, rows = (3, 2) if sparse else (5, 3)
    for row in range(rows):
        for column in range(columns):
            across = (column + 0.5 + (0.25 if row % 2 else -0.25)) / columns
            down = (row + 0.5) / rows
            at = QPointF(rect.left() + across * rect.width(), rect.top() + down * rect.height())
            painter.drawEllipse(at, _DOT, _DOT)
