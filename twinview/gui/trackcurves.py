"""The district's curves on the track of the time bar: load and generation, or what sources give.

Known values have a solid line, estimates a dotted one. What is to come, by the clock or because the
data are a forecast, is paler with a dashed line.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from twinview.draw.course import Course, area, fill, stroke, teeth
from twinview.draw.ink import colour, dark
from twinview.gui.style import SMALL, text_font
from twinview.gui.trackink import GENERATION, STORED, Span, runs
from twinview.i18n import _
from twinview.scene.curves import SOURCES, Curves, Floats, Mix
from twinview.scene.envelope import Envelope, envelope, means, per_column
from twinview.scene.natures import ESTIMATED, FORECAST, Natures
from twinview.scene.theme import Look

Line = Qt.PenStyle
Part = tuple[range, Line]
HEADROOM = 1.08
_FEWEST = 1.5
"""Logical pixels of a gap from which on it is seen as an area."""
_FILLED = {"load": 0.28, "generation": 0.20}
_STACKED = 0.62
_SUMS = 0.25
"""Opacity of the band of sums: the stack is seen through it."""
_PALER = 0.5
"""How much of its opacity an area keeps that is to come."""


def each_of(span: Span) -> int:
    """Return how many steps share a column of pixels."""
    return per_column(len(span.shown), span.area.width())


def draw_curves(painter: QPainter, look: Look, span: Span, curves: Curves, ahead: int) -> None:
    """Draw load and generation; steps from `ahead` on are to come."""
    inks = {"load": look.text_soft, "generation": GENERATION[dark(look)]}
    for name, ink in inks.items():
        values: Floats = getattr(curves, name)
        for part, line in styled(span.shown, ahead, curves.natures.get(name)):
            found = course(envelope(values, part, each_of(span)), span, curves.top * HEADROOM)
            later = line is Line.DashLine
            paler = _FILLED[name] * (_PALER if later else 1.0)
            fill(painter, found, span.area.bottom(), colour(ink, paler))
            stroke(painter, found, QPen(colour(ink, 0.75 if later else 1.0), 1.6, line))


def draw_mix(painter: QPainter, look: Look, span: Span, mix: Mix, ahead: int) -> None:
    """Stack what the sources give, below a line of their sum.

    Where steps share a column the stack is one of means: its areas are energies, as they are where
    each step has its own. A stack of largest values would show a sum that never was, and that of
    the step with the largest sum would pass one instant off as all. What single steps reach is
    shown by the band of the smallest and the largest sum.
    """
    nature = np.bitwise_or.reduce([mix.nature(name) for name in mix.parts])
    for part, line in styled(span.shown, ahead, nature):
        paler = _PALER if line is Line.DashLine else 1.0
        found = course(envelope(mix.total, part, each_of(span)), span, mix.top * HEADROOM)
        below = np.zeros(len(found.x))
        for name, values in mix.given.items():
            above = below + means(values, part, each_of(span))
            ink = colour(source_ink(look, name), _STACKED * paler)
            upper, lower = (_heights(span, one, mix.top * HEADROOM) for one in (above, below))
            area(painter, found, upper, lower, QBrush(ink))
            below = above
        stroke(painter, found, QPen(colour(look.text, 0.9 * paler**0.3), 1.2, line), _SUMS)


def styled(shown: range, ahead: int, natures: Natures | None) -> list[Part]:
    """Return the parts of a stretch and how their lines are drawn.

    Each part but the first begins one step early, so that lines meet.
    """
    kinds = np.zeros(len(shown), dtype=np.uint8)
    if natures is not None:
        held = natures[shown.start : shown.stop]
        kinds[: len(held)] = np.where(held & ESTIMATED, 1, 0)
        kinds[: len(held)][held & FORECAST > 0] = 2
    kinds[max(0, ahead - shown.start) :] = 2
    cuts = [0, *(np.flatnonzero(np.diff(kinds)) + 1).tolist(), len(shown)]
    lines = (Line.SolidLine, Line.DotLine, Line.DashLine)
    return [
        (range(shown.start + max(0, first - 1), shown.start + last), lines[int(kinds[first])])
        for first, last in pairwise(cuts)
        if last > first
    ]


def course(found: Envelope, span: Span, top: float) -> Course:
    """Return where values stand on the track; those below zero stand on its ground."""
    high = _heights(span, found.high, top)
    low = high if found.single else _heights(span, found.low, top)
    return Course(span.xs_of(found.edges), low, high)


def _heights(span: Span, values: npt.NDArray[np.float64], top: float) -> npt.NDArray[np.float64]:
    return span.area.bottom() - np.maximum(values, 0.0) / top * span.area.height()


def draw_gaps(painter: QPainter, look: Look, span: Span, values: Floats) -> None:
    """Hatch the steps without a value; those too short for an area have a tooth on the ground."""
    found = envelope(values, span.shown, each_of(span))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(colour(look.text_soft, 0.5), Qt.BrushStyle.BDiagPattern))
    short = ~found.whole
    for first, last in runs(np.isnan(found.high)):
        box = span.box(int(found.edges[first]), int(found.edges[last]))
        if box.width() >= _FEWEST:
            painter.drawRect(box)
            short[first:last] = False
    ground, ink = span.area.bottom(), colour(look.text_soft, 0.9)
    teeth(painter, span.xs_of(found.edges), short, ground, ink)


def source_ink(look: Look, name: str) -> str:
    """Return the colour of a source."""
    known = {"generation": GENERATION[dark(look)], "stores": STORED[dark(look)]}
    return known.get(name, look.text_soft if dark(look) else look.edge)


def draw_names(painter: QPainter, look: Look, span: Span, mix: Mix) -> None:
    """Write which colour is which source into the upper left corner."""
    painter.setFont(text_font(SMALL - 1))
    metrics = painter.fontMetrics()
    names = [(name, _(SOURCES[name])) for name in mix.parts]
    wide = sum(metrics.horizontalAdvance(text) + 26 for _name, text in names) + 2
    x, y = span.area.left() + 4, span.area.top() + 3
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(look.panel, 0.85))
    painter.drawRoundedRect(QRectF(x, y, wide, 16), 4, 4)
    for name, text in names:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(source_ink(look, name)))
        painter.drawRoundedRect(QRectF(x + 6, y + 4, 9, 9), 2, 2)
        painter.setPen(QColor(look.text))
        painter.drawText(QPointF(x + 19, y + 12), text)
        x += metrics.horizontalAdvance(text) + 26
