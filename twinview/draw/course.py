"""Curves on pixels: a line, or the band between smallest and largest where steps share a pixel.

A band is painted as columns of whole pixels: smooth outlines of a year would take the painter a
hundred times as long, and show no more. Only its edge is a line, as thin as the screen has it.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

Floats = npt.NDArray[np.float64]
_DOT = 2.0
_TOOTH = 5.0
_BAND = 0.5
"""Opacity of a band: paler than its edges, darker than the area below."""
_CALM = 3.0
"""Ways of a line, in widths of the picture, up to which it is drawn in full width."""


@dataclass(frozen=True, eq=False)
class Course:
    """Where a curve runs, logical pixels.

    Parameters
    ----------
    edges
        Where places begin, and where the last one ends. Shape (k + 1,).
    low, high
        Heights of the smallest and of the largest value from above, NaN in gaps; the same array
        where each place has one value. Shape (k,).
    """

    edges: Floats
    low: Floats
    high: Floats

    @property
    def single(self) -> bool:
        """Whether each place has one value."""
        return self.low is self.high

    @cached_property
    def x(self) -> Floats:
        """Middles of the places. Shape (k,)."""
        return (self.edges[:-1] + self.edges[1:]) / 2

    @cached_property
    def runs(self) -> list[slice]:
        """The stretches between gaps."""
        known = np.concatenate([[0], np.isfinite(self.high).astype(np.int8), [0]])
        ends = np.flatnonzero(np.diff(known)).reshape(-1, 2)
        return [slice(int(a), int(b)) for a, b in ends]

    @cached_property
    def calm(self) -> bool:
        """Whether the upper edge is a line and not a brush of peaks."""
        ways = np.abs(np.diff(self.high))
        return bool(np.nansum(ways) <= _CALM * (self.edges[-1] - self.edges[0]))


def points(x: Floats, y: Floats) -> list[QPointF]:
    """Return places as points."""
    return [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def area(painter: QPainter, course: Course, upper: Floats, lower: Floats, brush: QBrush) -> None:
    """Fill what lies between two heights at each place of a curve; gaps are left out."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    for run in course.runs:
        x, above, below = course.x[run], upper[run], lower[run]
        if course.single:
            painter.drawPolygon(QPolygonF(points(x, above) + points(x, below)[::-1]))
            continue
        smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        left, wide = course.edges[run], course.edges[run.start + 1 : run.stop + 1]
        sides = (left, above, wide - left, np.maximum(below - above, 0.0))
        table = np.stack(sides, axis=1).tolist()
        painter.drawRects([QRectF(*one) for one in table])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def fill(painter: QPainter, course: Course, base: float, ink: QColor) -> None:
    """Fill what lies between a curve and a height."""
    level = np.full(len(course.x), base)
    if course.single:
        area(painter, course, course.high, level, QBrush(ink))
    else:
        upper, lower = np.minimum(course.high, level), np.maximum(course.low, level)
        area(painter, course, upper, lower, QBrush(ink))


def stroke(painter: QPainter, course: Course, pen: QPen, band: float = _BAND) -> None:
    """Draw a curve; a place by itself is a dot.

    Parameters
    ----------
    painter, course
        The curve, and where it is drawn.
    pen
        Its line: that of the largest values where several share a place.
    band
        Opacity of the band down to the smallest, as a share of the line's.
    """
    edge = QPen(pen)
    if not course.single:
        ink = pen.color()
        ink.setAlphaF(ink.alphaF() * band)
        area(painter, course, course.high, _joined(course), QBrush(ink))
        edge = pen if course.calm else thin(pen)
    for run in course.runs:
        if run.stop - run.start == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(pen.color())
            painter.drawEllipse(QPointF(course.x[run][0], course.high[run][0]), _DOT, _DOT)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(edge)
        painter.drawPolyline(QPolygonF(points(course.x[run], course.high[run])))


def teeth(
    painter: QPainter, edges: Floats, found: npt.NDArray[np.bool_], ground: float, ink: QColor
) -> None:
    """Mark places on the ground: gaps that are too short to be seen as such.

    Parameters
    ----------
    painter, ink
        With what it is drawn.
    edges
        Where places begin, and where the last one ends, logical pixels. Shape (k + 1,).
    found
        Which places are marked. Shape (k,).
    ground
        Height of the ground from above.
    """
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    left, wide = edges[:-1][found].tolist(), np.diff(edges)[found].tolist()
    painter.drawRects([
        QRectF(x, ground - _TOOTH, max(1.0, across), _TOOTH)
        for x, across in zip(left, wide, strict=True)
    ])  # fmt: skip
    painter.setBrush(Qt.BrushStyle.NoBrush)


def thin(pen: QPen) -> QPen:
    """Return a pen of one pixel of the screen."""
    made = QPen(pen)
    made.setWidthF(1.0)
    made.setCosmetic(True)
    return made


def _joined(course: Course) -> Floats:
    """Return the lower edge, let down where a place would hang above the next or the last one."""
    highest = np.concatenate([[np.nan], course.high, [np.nan]])
    beside = np.fmax(highest[:-2], highest[2:])
    return np.asarray(np.fmax(course.low, beside))
