"""The carpet: each day a column, each hour a cell, coloured by what the city shows; click to go."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from twinview.draw.ink import colour, dark
from twinview.gui.figures import unit_of
from twinview.gui.stretch import ticks
from twinview.gui.style import SMALL, Translated, look_now, text_font
from twinview.gui.trackink import FADED
from twinview.gui.value import Place, offer_why_at
from twinview.i18n import _
from twinview.model.time import TimeAxis
from twinview.model.window import DAY, day_numbers, local_seconds
from twinview.scene.aggregation import window_in
from twinview.scene.numbers import number
from twinview.scene.theme import Look, colours, stops
from twinview.scene.totals import Total, total_of
from twinview.scene.view import Theme
from twinview.scene.words import quantity_title, value_text
from twinview.session.store import State
from twinview.session.walking import stepped

_HEAD, _FOOT, _LEFT, _RIGHT = 24.0, 18.0, 44.0, 16.0
_RAMP = 120.0
HALVES = 2
"""Rows of the picture for each step of a day: an hour that comes twice has one for each time."""
_KEYS = {
    Qt.Key.Key_Left: ("day", -1), Qt.Key.Key_Right: ("day", 1), Qt.Key.Key_Up: ("data", -1),
    Qt.Key.Key_Down: ("data", 1), Qt.Key.Key_PageUp: ("month", -1),
    Qt.Key.Key_PageDown: ("month", 1),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Cells:
    """Which step stands where.

    Parameters
    ----------
    steps
        Step of each place, -1 where there is none, shape (rows x 2, days).
    first
        First day, days since 1970.
    """

    steps: npt.NDArray[np.int64]
    first: int

    @property
    def rows(self) -> int:
        """Cells of a common day."""
        return len(self.steps) // HALVES

    def place(self, step: int) -> tuple[int, int, int] | None:
        """Return column, first row and count of rows of a step; None where it has no place."""
        found = np.argwhere(self.steps == step)
        if not len(found):
            return None
        return int(found[0, 1]), int(found[0, 0]), len(found)


@lru_cache(maxsize=4)
def cells_of(time: TimeAxis) -> Cells | None:
    """Return the cells of a clock; None where its steps are longer than half a day.

    A day on which clocks go forward has no cell for the hour that is skipped; where they go back,
    the hour that comes twice has two halves.
    """
    if time.static or time.step > DAY // 2 or DAY % time.step:
        return None
    days, seconds = day_numbers(time), local_seconds(time) % DAY
    rows = DAY // time.step
    steps = np.full((rows * HALVES, int(days[-1] - days[0]) + 1), -1, dtype=np.int64)
    column, row = days - days[0], seconds // time.step * HALVES
    each = np.arange(time.count)
    # Backwards, so that the first of two keeps its place; the second then takes the lower half.
    for half in range(HALVES):
        steps[row[::-1] + half, column[::-1]] = each[::-1]
    twice = steps[row, column] != each
    steps[row[twice] + 1, column[twice]] = each[twice]
    return Cells(steps, int(days[0]))


class Carpet(Translated, QWidget):
    """Click, drag or use the arrow keys to go to another hour of another day.

    Signals
    -------
    chosen
        ``(step)``: where the user wants to be.
    wondered
        ``(quantity)``: what the value of the clock's cell is made of is wanted.
    """

    chosen = Signal(int)
    wondered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = 0
        self.total: Total | None = None
        self.time: TimeAxis | None = None
        self._state: State | None = None
        self._image: QImage | None = None
        self._keep: npt.NDArray[np.bool_] | None = None
        self._under: int | None = None
        self.setMinimumHeight(120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        offer_why_at(self, self._cell_at)
        self.retranslate()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Ask for a low strip: the city gets the rest."""
        return QSize(640, 170)

    def retranslate(self) -> None:
        """Write the texts anew."""
        self.setAccessibleName(_("Carpet of days and hours"))
        self.setAccessibleDescription(
            _("Left and right go a day, up and down an hour, page up and down a month")
        )
        self.update()

    def changed(self, _old: State, new: State) -> None:
        """Follow the session; nothing is worked out while the carpet is hidden."""
        self._state = new
        if self.isVisible():
            self._follow()

    def showEvent(self, event: object) -> None:  # noqa: N802
        """Catch up with the session."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._follow()

    def _follow(self) -> None:
        state = self._state
        if state is None:
            return
        total = total_of(state.twin, state.view.overlay, state.view.scenario)
        if total is not self.total or state.twin.time != self.time:
            self.total, self.time = total, state.twin.time
            self._image = None
        keep = window_in(state.twin, state.view).mask(state.twin.time)
        if keep is not self._keep:
            self._keep, self._image = keep, None
        self.index = min(state.view.time, state.twin.time.count - 1)
        self.update()

    # ------------------------------------------------------------------------------------- geometry
    @property
    def area(self) -> QRectF:
        """Where the cells stand."""
        wide, high = self.width() - _LEFT - _RIGHT, self.height() - _HEAD - _FOOT
        return QRectF(_LEFT, _HEAD, max(1.0, wide), max(1.0, high))

    def rect_of(self, step: int) -> QRectF | None:
        """Return where the cell of a step stands, logical pixels."""
        cells = cells_of(self.time) if self.time is not None else None
        place = cells.place(step) if cells is not None else None
        if cells is None or place is None:
            return None
        (column, row, count), (rows, columns) = place, cells.steps.shape
        wide, high = self.area.width() / columns, self.area.height() / rows
        left, top = self.area.left() + column * wide, self.area.top() + row * high
        return QRectF(left, top, wide, count * high)

    def step_at(self, place: QPointF) -> int | None:
        """Return the step below a place; None where there is none."""
        cells = cells_of(self.time) if self.time is not None else None
        if cells is None:
            return None
        rows, columns = cells.steps.shape
        column = int((place.x() - self.area.left()) / self.area.width() * columns)
        row = int((place.y() - self.area.top()) / self.area.height() * rows)
        if not (0 <= column < columns and 0 <= row < rows and self.area.contains(place)):
            return None
        step = int(cells.steps[row, column])
        return None if step < 0 else step

    # --------------------------------------------------------------------------------------- events
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go to the cell below the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(self.step_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Say what is below the mouse; go along while the button is held."""
        self._under = self.step_at(event.position())
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self._under)
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802
        """Forget the mouse."""
        self._under = None
        self.update()

    def _go(self, step: int | None) -> None:
        if step is not None and step != self.index:
            self.chosen.emit(step)

    def _cell_at(self, place: QPoint) -> Place | None:
        """Return what the value of a cell leads to, and its text."""
        step, total = self.step_at(QPointF(place)), self.total
        if step is None or total is None:
            return None

        def ask() -> None:
            self._go(step)
            self.wondered.emit(total.quantity)

        return ask, value_text(total.quantity, float(total.values[step]))

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the carpet from the window's shortcuts while it has the focus."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _KEYS
            and _bare(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go a day, an hour or a month."""
        key = Qt.Key(event.key())
        if key in _KEYS and self.time is not None and _bare(event):
            length, direction = _KEYS[key]
            self._go(stepped(self.time, self.index, length, direction, self._keep))
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keys go."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Take the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange:
            self._image = None
        super().changeEvent(event)

    # ------------------------------------------------------------------------------------- painting
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the cells from memory, the hours and months, and the cell of the clock."""
        painter, look = QPainter(self), look_now()
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        cells = cells_of(self.time) if self.time is not None else None
        if cells is None or self.total is None or self.time is None:
            painter.setPen(QColor(look.text_soft))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter,
                _("A carpet needs steps of a day's parts, such as hours."),
            )  # fmt: skip
            painter.end()
            return
        if self._image is None:
            left_out = None if self._keep is None else ~self._keep
            self._image = dimmed(picture(cells, self.total, _theme(look)), cells, left_out, look)
        # Where nothing is known the hatch shows through.
        painter.fillRect(
            self.area, QBrush(colour(look.text_soft, 0.35), Qt.BrushStyle.BDiagPattern)
        )
        painter.drawImage(self.area, self._image)
        self._draw_hours(painter, look, self.time, cells)
        self._draw_head(painter, look, self.time, self.total)
        self._draw_cell(painter, look)
        painter.end()

    def _draw_hours(self, painter: QPainter, look: Look, time: TimeAxis, cells: Cells) -> None:
        area = self.area
        painter.setFont(text_font(SMALL - 1.5, tabular=True))
        painter.setPen(QColor(look.text_soft))
        for hour in (0, 6, 12, 18, 24):
            y = area.top() + hour / 24 * area.height()
            box = QRectF(0, min(max(y - 7, area.top() - 4), area.bottom() - 10), _LEFT - 6, 14)
            aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, aligned, f"{hour:02}:00")
        columns = cells.steps.shape[1]
        days = day_numbers(time)
        for tick in ticks(time, range(time.count), area.width()):
            if not tick.text:
                continue
            x = area.left() + (days[tick.index] - cells.first) / columns * area.width()
            painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + 3))
            if x + painter.fontMetrics().horizontalAdvance(tick.text) + 3 < area.right():
                painter.drawText(QPointF(x + 3, area.bottom() + 13), tick.text)

    def _draw_head(self, painter: QPainter, look: Look, time: TimeAxis, total: Total) -> None:
        step = self.index if self._under is None else self._under
        value = value_text(total.quantity, float(total.values[step]))
        title = f"{quantity_title(total.quantity)}   {time.at(step):%Y-%m-%d %H:%M %Z}   {value}"
        painter.setFont(text_font(SMALL, tabular=True))
        painter.setPen(QColor(look.text))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(_LEFT, 0, self.width(), _HEAD - 2), left, title)
        scale = 100.0 if total.quantity == "soc" else 1.0
        low, high = (number(one * scale) for one in total.limits)
        high = f"{high} {unit_of(total.quantity)}".strip()
        wide = painter.fontMetrics().horizontalAdvance(high)
        bar = QRectF(self.width() - _RIGHT - wide - 6 - _RAMP, 7, _RAMP, 9)
        if bar.left() < _LEFT + painter.fontMetrics().horizontalAdvance(title) + 40:
            return
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        names = stops(total.ramp, _theme(look))
        for k, name in enumerate(names):
            gradient.setColorAt(k / (len(names) - 1), QColor(name))
        painter.fillRect(bar, gradient)
        painter.setPen(QColor(look.text_soft))
        painter.drawText(QRectF(bar.right() + 6, 0, wide + 2, _HEAD - 2), left, high)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(bar.left() - 46, 0, 40, _HEAD - 2), right, low)

    def _draw_cell(self, painter: QPainter, look: Look) -> None:
        """Mark the cell of the clock with lines to the edges, so that it is found at once."""
        found = self.rect_of(self.index)
        if found is None:
            return
        area, middle = self.area, found.center()
        painter.setPen(QPen(colour(look.accent, 0.75), 1))
        painter.drawLine(QPointF(middle.x(), area.top()), QPointF(middle.x(), found.top() - 3))
        painter.drawLine(
            QPointF(middle.x(), found.bottom() + 3), QPointF(middle.x(), area.bottom())
        )
        painter.drawLine(QPointF(area.left(), middle.y()), QPointF(found.left() - 4, middle.y()))
        painter.drawLine(QPointF(found.right() + 4, middle.y()), QPointF(area.right(), middle.y()))
        box = found.adjusted(-2.5, -1.5, 1.5, 0.5)
        painter.setPen(QPen(QColor(look.text if self.hasFocus() else look.accent), 2))
        painter.drawRect(box)


def _theme(look: Look) -> Theme:
    return "dark" if dark(look) else "light"


def _bare(event: QKeyEvent) -> bool:
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def picture(cells: Cells, total: Total, theme: Theme) -> QImage:
    """Return the cells as a picture, clear where there is no step or no value."""
    known = (cells.steps >= 0) & np.isfinite(total.values[cells.steps])
    values = np.where(known, total.values[cells.steps], 0.0).astype(np.float32)
    rows, columns = values.shape
    made = np.zeros((rows, columns, 4), dtype=np.uint8)
    shown = colours(values.ravel(), total.limits, total.ramp, theme)
    made[..., :3] = shown.reshape(rows, columns, 3)
    made[..., 3] = np.where(known, 255, 0)
    made[~known] = 0
    image = QImage(made.tobytes(), columns, rows, columns * 4, QImage.Format.Format_RGBA8888)
    return image.copy()


def dimmed(
    image: QImage, cells: Cells, left_out: npt.NDArray[np.bool_] | None, look: Look
) -> QImage:
    """Return the picture with the cells of steps that do not count faded as on the time bar."""
    if left_out is None:
        return image
    veil = QColor(look.panel)
    made = np.zeros((*cells.steps.shape, 4), dtype=np.uint8)
    made[(cells.steps >= 0) & left_out[cells.steps]] = (
        veil.red(), veil.green(), veil.blue(), round(255 * FADED),
    )  # fmt: skip
    rows, columns = cells.steps.shape
    cover = QImage(made.tobytes(), columns, rows, columns * 4, QImage.Format.Format_RGBA8888)
    painter = QPainter(image)
    painter.drawImage(0, 0, cover)
    painter.end()
    return image
