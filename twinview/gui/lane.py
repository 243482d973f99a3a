"""The lane above the track: the range, and the window that values are taken over."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from twinview.draw.ink import colour
from twinview.gui.trackink import Span
from twinview.model.time import TimeAxis
from twinview.model.window import Window
from twinview.scene.theme import Look

HIGH = 10.0
_GRIP, _NEAR = 3.0, 6.0
Part = Literal["begin", "end", "middle", ""]


@dataclass(frozen=True)
class Pull:
    """A drag of the range under way.

    Parameters
    ----------
    part
        Which end is pulled, or the middle; empty draws a new range from where it began.
    at
        Step below the mouse when it began.
    was
        The range then.
    """

    part: Part
    at: int
    was: range

    def to(self, index: int, count: int) -> range:
        """Return the range when the mouse has come to a step of `count`."""
        if self.part == "begin":
            return range(min(index, self.was.stop - 1), self.was.stop)
        if self.part == "end":
            return range(self.was.start, max(index + 1, self.was.start + 1))
        if self.part == "middle":
            moved = min(max(index - self.at, -self.was.start), count - self.was.stop)
            return range(self.was.start + moved, self.was.stop + moved)
        first, last = sorted((self.at, index))
        return range(first, last + 1)


def part_at(span: Span, window: Window, axis: TimeAxis, x: float) -> Part:
    """Return what of the range is below a place of the lane; empty where nothing of it is."""
    if not window.ranged:
        return ""
    held = window.span(axis)
    left, right = span.x_of(held.start), span.x_of(held.stop)
    if abs(x - left) <= _NEAR:
        return "begin"
    if abs(x - right) <= _NEAR:
        return "end"
    return "middle" if left < x < right else ""


def pull_of(part: Part, at: int, window: Window, axis: TimeAxis) -> Pull | None:
    """Return the drag that begins; None where a locked end keeps it from moving."""
    if part and window.holds(part):
        return None
    if part in {"middle", ""} and window.locked:
        return None
    return Pull(part, at, window.span(axis))


def draw_lane(
    painter: QPainter, look: Look, span: Span, window: Window, axis: TimeAxis, index: int
) -> None:
    """Draw the range with its ends, and a veil over what a window takes its values from."""
    steps = window.steps(axis, index)
    if window.kind in {"rolling", "cumulative", "range"} and len(steps):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(look.accent, 0.14))
        painter.drawRect(span.box(steps.start, steps.stop))
    if not window.ranged:
        return
    held = window.span(axis)
    box = span.box(held.start, held.stop)
    if box.width() <= 0 and not (span.shown.start < held.stop and held.start < span.shown.stop):
        return
    bar = QRectF(box.left(), span.area.top() - HIGH + 2, max(2.0, box.width()), HIGH - 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(look.accent, 0.55))
    painter.drawRoundedRect(bar, 2, 2)
    for name, edge in (("begin", held.start), ("end", held.stop)):
        x = span.x_of(edge)
        if not span.area.left() - 1 <= x <= span.area.right() + 1:
            continue
        painter.setPen(QPen(colour(look.accent, 0.9), 1))
        painter.drawLine(QPointF(x, bar.top() - 1), QPointF(x, span.area.bottom()))
        painter.setPen(QPen(QColor(look.panel), 1))
        painter.setBrush(QColor(look.text if window.holds(name) else look.accent))
        grip = QRectF(x - _GRIP, bar.top() - 2, 2 * _GRIP, bar.height() + 4)
        if window.holds(name):
            painter.drawRect(grip)  # square: locked
        else:
            painter.drawRoundedRect(grip, _GRIP, _GRIP)
