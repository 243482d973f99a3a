"""What is drawn on the track of the time bar around its curves: nights, hours, marks, handle."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from twinview.draw.ink import colour, dark
from twinview.draw.pattern import chequer
from twinview.gui.stretch import Tick
from twinview.gui.style import SMALL, text_font
from twinview.scene.theme import Look
from twinview.session.marks import CLEANEST, FAILED, NOTE, OVERLOAD, PEAK, VOLTAGE, Mark

Floats = npt.NDArray[np.float64]
GENERATION = {True: "#ffd873", False: "#d9a520"}
"""Colour of the generation curve, in the dark and in the light look."""
STORED = {True: "#6fd3c1", False: "#3f948f"}
"""Colour of what stores give, in the dark and in the light look."""
KNOB, MARK = 6.0, 4.5
_EDGE = 20
FADED = 0.72
"""How far steps that do not count fade into the panel."""


@dataclass(frozen=True)
class Span:
    """Where the steps of a stretch stand.

    Parameters
    ----------
    area
        Logical pixels of the curve.
    shown
        The steps.
    """

    area: QRectF
    shown: range

    def x_of(self, index: float) -> float:
        """Return where a step begins."""
        share = (index - self.shown.start) / max(1, len(self.shown))
        return self.area.left() + share * self.area.width()

    def xs_of(self, places: npt.NDArray[np.int64]) -> Floats:
        """Return where steps begin. Shape (k,)."""
        share = (places - self.shown.start) / max(1, len(self.shown))
        return self.area.left() + share * self.area.width()

    def box(self, first: float, last: float) -> QRectF:
        """Return what steps from the first to the last (excluded) cover, cut to the area."""
        left = max(self.area.left(), self.x_of(first))
        right = min(self.area.right(), self.x_of(last))
        return QRectF(left, self.area.top(), max(0.0, right - left), self.area.height())


def draw_nights(
    painter: QPainter, look: Look, span: Span, found: list[tuple[float, float]]
) -> None:
    """Shade nights, given as shares of the stretch."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour("#000000", 0.30) if dark(look) else colour(look.text, 0.08))
    area, wide = span.area, span.area.width()
    painter.drawRects([
        QRectF(area.left() + a * wide, area.top(), (b - a) * wide, area.height()) for a, b in found
    ])  # fmt: skip


def draw_left_out(
    painter: QPainter, look: Look, span: Span, keep: npt.NDArray[np.bool_] | None
) -> None:
    """Cover the steps that a choice of days leaves out."""
    if keep is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(look.panel, FADED))
    begin = span.shown.start
    left_out = runs(~keep[begin : span.shown.stop])
    painter.drawRects([span.box(begin + first, begin + last) for first, last in left_out])


def draw_lacking(painter: QPainter, look: Look, span: Span, steps: Iterable[int]) -> None:
    """Mark the steps that were not computed because a value is missing."""
    pen = QPen(colour(look.error, 0.8), 1.0)
    for step in steps:
        if step in span.shown:
            chequer(painter, span.box(step, step + 1), pen)


def draw_ticks(painter: QPainter, look: Look, span: Span, found: list[Tick], high: float) -> None:
    """Write hours, days or months below the curve."""
    area = span.area
    painter.setFont(text_font(SMALL - 1, tabular=True))
    for tick in found:
        x = span.x_of(tick.index)
        painter.setPen(QPen(colour(look.text_soft, 0.6), 1))
        painter.drawLine(
            QPointF(x, area.bottom()), QPointF(x, area.bottom() + (4 if tick.text else 2))
        )
        painter.setPen(QColor(look.text_soft))
        box = QRectF(x - 40, area.bottom() + 3, 80, high - 3)
        aligned = Qt.AlignmentFlag.AlignHCenter
        if x - area.left() < _EDGE:
            box = QRectF(area.left(), box.top(), 80, box.height())
            aligned = Qt.AlignmentFlag.AlignLeft
        elif area.right() - x < _EDGE:
            box = QRectF(area.right() - 80, box.top(), 80, box.height())
            aligned = Qt.AlignmentFlag.AlignRight
        painter.drawText(box, aligned | Qt.AlignmentFlag.AlignVCenter, tick.text)


def draw_marks(painter: QPainter, look: Look, span: Span, marks: tuple[Mark, ...]) -> None:
    """Draw a tick with a head for each mark: told apart by shape, not by colour alone."""
    last: dict[str, float] = {}
    for mark in marks:
        if mark.step not in span.shown:
            continue
        if span.x_of(mark.step) - last.get(mark.kind, -MARK) < MARK and mark.kind != NOTE:
            continue  # a year of alarms: those that would lie on each other are drawn once
        last[mark.kind] = span.x_of(mark.step)
        x, y = span.x_of(mark.step + 0.5), span.area.top() + MARK + 1
        ink = QColor(mark_ink(look, mark.kind))
        painter.setPen(QPen(colour(ink.name(), 0.55), 1))
        painter.drawLine(QPointF(x, y), QPointF(x, span.area.bottom()))
        painter.setPen(QPen(QColor(look.panel), 1))
        painter.setBrush(ink)
        painter.drawPath(head(mark.kind, x, y))


def mark_ink(look: Look, kind: str) -> str:
    """Return the colour of a kind of marks."""
    green = STORED[dark(look)]
    return {PEAK: look.text, CLEANEST: green, NOTE: look.accent}.get(
        kind, look.error if kind in {OVERLOAD, FAILED} else look.warning
    )


def head(kind: str, x: float, y: float) -> QPainterPath:
    """Return the head of a mark: a disc for notes, triangles for peaks, a diamond for alarms."""
    made, r = QPainterPath(), MARK
    if kind == NOTE:
        made.addEllipse(QPointF(x, y), r, r)
        return made
    shapes = {
        PEAK: ((-r, r), (0, -r), (r, r)), CLEANEST: ((-r, -r), (0, r), (r, -r)),
        VOLTAGE: ((-r, 0), (0, -r), (r, 0), (0, r)), OVERLOAD: ((-r, 0), (0, -r), (r, 0), (0, r)),
        FAILED: ((-r, -r), (r, -r), (r, r), (-r, r)),
    }  # fmt: skip
    made.addPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in shapes[kind]]))
    made.closeSubpath()
    return made


def draw_handle(painter: QPainter, look: Look, span: Span, index: int) -> None:
    """Draw the handle on a step."""
    area, x = span.area, span.x_of(index + 0.5)
    painter.setPen(QPen(QColor(look.accent), 2))
    painter.drawLine(QPointF(x, area.top() - 2), QPointF(x, area.bottom()))
    painter.setPen(QPen(QColor(look.panel), 1.5))
    painter.setBrush(QColor(look.accent))
    painter.drawEllipse(QPointF(x, area.bottom()), KNOB, KNOB)


def runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the stretches of True as pairs of first and last (excluded)."""
    ends = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in ends.reshape(-1, 2)]
