"""Small curves on paper, for reports and pictures: one line, its area, a mark at the instant."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import GAP, NORMAL, SMALL, colour, line_height, write
from twinview.i18n import _
from twinview.scene.numbers import round_steps, ticks
from twinview.scene.theme import Look

_AREA, _GRID = 0.22, 0.12
_DAY, _HOUR = 86400.0, 3600.0
_STEPS = np.array([900, 1800, 3600, 7200, 10800, 21600, 43200, _DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY])
_MONTHLY = 60 * _DAY
_LABEL_ROOM = 64.0

Numbers = npt.NDArray[np.floating]


@dataclass(frozen=True)
class _Frame:
    """Where values lie on the paper."""

    area: QRectF
    t: tuple[float, float]
    y: tuple[float, float]

    def x_of(self, t: Numbers) -> Numbers:
        low, high = self.t
        return self.area.left() + (t - low) / (high - low or 1.0) * self.area.width()

    def y_of(self, y: Numbers) -> Numbers:
        low, high = self.y
        return self.area.bottom() - (y - low) / (high - low or 1.0) * self.area.height()


def draw_curve(  # noqa: PLR0913  (a picture of one curve has these parts)
    painter: QPainter,
    rect: QRectF,
    t: npt.ArrayLike,
    y: npt.ArrayLike,
    mark: float | np.datetime64 | None,
    look: Look,
    unit: str,
    title: str,
    *,
    ink: str = "",
    scale: float = 1.0,
) -> QRectF:
    """Draw one curve with axes and return where its values lie, in the painter's pixels.

    Parameters
    ----------
    painter, rect
        Where it is drawn.
    t
        Instants as they are written (local to the zone): datetime64, or numbers; ascending.
    y
        Values; NaN leaves a gap, which is hatched.
    mark
        The instant that is seen elsewhere, or None.
    look
        Colours.
    unit, title
        Written above the curve.
    ink
        Colour of the curve; the look's accent where it is not given.
    scale
        Pixels per design pixel.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.translate(rect.topLeft())
    painter.scale(scale, scale)
    page = QRectF(QPointF(0, 0), rect.size() / scale)
    _heading(painter, page, title, unit, look)
    frame = _plot(painter, page, np.asarray(t), np.asarray(y, dtype=float), look, ink)
    if mark is not None and frame is not None:
        _mark(painter, frame, float(_seconds(np.asarray([mark]))[0]), look)
    painter.restore()
    values = frame.area if frame else page
    return QRectF(rect.topLeft() + values.topLeft() * scale, values.size() * scale)


def _plot(
    painter: QPainter,
    page: QRectF,
    times: npt.NDArray[np.generic],
    values: Numbers,
    look: Look,
    ink: str,
) -> _Frame | None:
    """Draw axes, gaps and curve; None where there is no value at all."""
    x = _seconds(times)
    frame = _frame(page, x, values)
    if frame is None:
        empty = page.adjusted(0, line_height(ui_font(NORMAL)), 0, 0)
        write(painter, empty, _("No data"), ui_font(SMALL), look.text_soft, "centre")
        return None
    _value_axis(painter, frame, look)
    _time_axis(painter, frame, look, np.issubdtype(times.dtype, np.datetime64))
    _gaps(painter, frame, x, values, look)
    _curve(painter, frame, x, values, ink or look.accent)
    return frame


def _seconds(times: npt.NDArray[np.generic]) -> Numbers:
    if np.issubdtype(times.dtype, np.datetime64):
        return times.astype("datetime64[s]").astype(np.int64).astype(float)
    return times.astype(float)


def _heading(painter: QPainter, page: QRectF, title: str, unit: str, look: Look) -> None:
    bold, plain = ui_font(NORMAL, SEMIBOLD), ui_font(SMALL)
    line = QRectF(page.left(), page.top(), page.width(), line_height(bold))
    write(painter, line, title, bold, look.text)
    write(painter, line.translated(width(title, bold) + GAP, 0.4), unit, plain, look.text_soft)


def _frame(page: QRectF, x: Numbers, y: Numbers) -> _Frame | None:
    known = y[np.isfinite(y)]
    if not len(known) or len(x) != len(y):
        return None
    low, high = min(0.0, float(known.min())), max(0.0, float(known.max()))
    high = high if high > low else low + 1.0
    marks = _value_marks(low, high)
    wide = max(width(text, ui_font(SMALL, tabular=True)) for text in ticks(marks))
    top = line_height(ui_font(NORMAL)) + 6
    area = page.adjusted(wide + GAP, top, -1, -line_height(ui_font(SMALL)) - 2)
    span = (float(x[0]), float(x[-1]) if x[-1] > x[0] else float(x[0]) + 1.0)
    return _Frame(area, span, (min(low, marks[0]), max(high, marks[-1])))


def _value_marks(low: float, high: float) -> list[float]:
    marks = round_steps(low, high, 3)
    step = marks[1] - marks[0] if len(marks) > 1 else high - low
    # One more where the curve goes well past the last line, so that its top can be read.
    if high > marks[-1] + step / 2:
        marks.append(marks[-1] + step)
    if low < marks[0] - step / 2:
        marks.insert(0, marks[0] - step)
    return marks


def _value_axis(painter: QPainter, frame: _Frame, look: Look) -> None:
    font, area = ui_font(SMALL, tabular=True), frame.area
    marks = _value_marks(*frame.y)
    marks = [value for value in marks if frame.y[0] <= value <= frame.y[1]]
    high = line_height(font)
    least = high * 0.9
    last = math.inf
    for value, text, y in zip(marks, ticks(marks), frame.y_of(np.array(marks)), strict=True):
        strong = 2.5 if value == 0 else 1.0
        painter.setPen(QPen(colour(look.text, _GRID * strong), 1.0))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        if last - y >= least:
            line = QRectF(0, y - high / 2, area.left() - GAP, high)
            write(painter, line, text, font, look.text_soft, "right")
            last = y


# ------------------------------------------------------------------------------------------- time
def _time_axis(painter: QPainter, frame: _Frame, look: Look, dated: bool) -> None:
    font, area = ui_font(SMALL, tabular=True), frame.area
    most = max(2, int(area.width() / _LABEL_ROOM))
    at, texts = _dates(frame.t, most) if dated else _plain(frame.t, most)
    below = QRectF(area.left(), area.bottom() + 2, area.width(), line_height(font))
    last = -math.inf
    for x, text in zip(frame.x_of(at), texts, strict=True):
        long = width(text, font)
        left = min(max(x - long / 2, area.left()), area.right() - long)
        painter.setPen(QPen(colour(look.text, _GRID), 1.0))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        if left >= last + GAP:
            line = QRectF(left, below.top(), long, below.height())
            write(painter, line, text, font, look.text_soft)
            last = left + long


def _plain(span: tuple[float, float], most: int) -> tuple[Numbers, list[str]]:
    marks = round_steps(*span, most)
    return np.array(marks, dtype=float), ticks(marks)


def _dates(span: tuple[float, float], most: int) -> tuple[Numbers, list[str]]:
    """Return round instants within a span, and their texts: hours, days or months."""
    low, high = span
    if high - low > _MONTHLY:
        return _months(span, most)
    wanted = (high - low) / most
    step = float(next((one for one in _STEPS if one >= wanted), _STEPS[-1]))
    at = np.arange(math.ceil(low / step), math.floor(high / step) + 1, dtype=float) * step
    stamps = np.datetime_as_string(at.astype(np.int64).astype("datetime64[s]"), unit="m")
    if step >= _DAY:
        return at, [stamp[5:10] for stamp in stamps]
    one_day = high - low <= _DAY + _HOUR
    # Midnight names the day, where there is more than one.
    texts = [s[5:10] if s.endswith("00:00") and not one_day else s[11:16] for s in stamps]
    return at, texts


def _months(span: tuple[float, float], most: int) -> tuple[Numbers, list[str]]:
    first, last = (np.datetime64(int(second), "s").astype("datetime64[M]") for second in span)
    months = np.arange(first, last + 1)
    months = months[months.astype("datetime64[s]").astype(np.int64) >= span[0]]
    months = months[:: max(1, math.ceil(len(months) / most))]
    at = months.astype("datetime64[s]").astype(np.int64).astype(float)
    return at, [str(month) for month in months]


# ------------------------------------------------------------------------------------------ curve
def _curve(painter: QPainter, frame: _Frame, x: Numbers, y: Numbers, ink: str) -> None:
    zero = float(frame.y_of(np.array([0.0]))[0])
    for part in _stretches(y):
        px, py = _thinned(frame.x_of(x[part]), frame.y_of(y[part]), frame.area.width())
        points = [QPointF(a, b) for a, b in zip(px, py, strict=True)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ink, _AREA))
        foot = [QPointF(px[-1], zero), QPointF(px[0], zero)]
        painter.drawPolygon(QPolygonF([*points, *foot]))
        pen = QPen(QColor(ink), 1.5)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(points) == 1:
            painter.drawEllipse(points[0], 1.2, 1.2)
        painter.drawPolyline(points)


def _stretches(y: Numbers) -> list[slice]:
    """Return the stretches between gaps."""
    known = np.concatenate([[False], np.isfinite(y), [False]])
    edges = np.flatnonzero(known[1:] != known[:-1])
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _thinned(x: Numbers, y: Numbers, room: float) -> tuple[Numbers, Numbers]:
    """Return the lowest and the highest point of each half pixel: thousands draw the same line."""
    if len(x) <= 4 * room:
        return x, y
    bins = np.floor((x - x[0]) * 2).astype(np.int64)
    starts = np.flatnonzero(np.diff(bins, prepend=-1))
    low, high = np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.column_stack([low, high]).ravel()


def _gaps(painter: QPainter, frame: _Frame, x: Numbers, y: Numbers, look: Look) -> None:
    """Hatch where there is no value: nothing is not zero."""
    edge = np.append(x, frame.t[1])
    painter.setPen(QPen(colour(look.text_soft, 0.45), 0.8))
    area = frame.area
    for part in _stretches(np.where(np.isfinite(y), np.nan, 0.0)):
        left, right = frame.x_of(edge[[max(part.start - 1, 0), min(part.stop, len(x) - 1)]])
        for foot in np.arange(left - area.height(), right, 6.0):
            a, b = max(foot, left), min(foot + area.height(), right)
            start, stop = area.bottom() - (a - foot), area.bottom() - (b - foot)
            painter.drawLine(QPointF(a, start), QPointF(b, stop))


def _mark(painter: QPainter, frame: _Frame, at: float, look: Look) -> None:
    if frame.t[0] <= at <= frame.t[1]:
        x = float(frame.x_of(np.array([at]))[0])
        painter.setPen(QPen(colour(look.text, 0.85), 1.2))
        painter.drawLine(QPointF(x, frame.area.top() - 4), QPointF(x, frame.area.bottom()))
