"""A histogram that can be brushed: dragging over it selects the elements between two values."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from twinview.draw.ink import colour
from twinview.gui.style import SMALL, look_now, text_font
from twinview.i18n import _
from twinview.scene.numbers import number
from twinview.scene.numbers import ticks as tick_texts

_FOOT, _HEAD, _SIDE = 18, 18, 8
_HIGH = 132
_APART = 0.4
"""Part of the width left free on both sides of a bar that stands for one value."""

_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter


class Histogram(QWidget):
    """Bars of how many elements lie between two values.

    Signals
    -------
    brushed
        ``(low, high)``: elements with values from low to high are wanted.
    """

    brushed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edges: tuple[float, ...] = ()
        self.bars: tuple[int, ...] = ()
        self.unit = ""
        self._from: int | None = None
        self._to = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HIGH)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(_("Drag over bars to select what they stand for"))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that fits a dock."""
        return QSize(260, _HIGH)

    def show_bars(self, edges: tuple[float, ...], bars: tuple[int, ...], unit: str) -> None:
        """Show another distribution."""
        self.edges, self.bars, self.unit = edges, bars, unit
        self._from, self._to = None, min(self._to, max(len(bars) - 1, 0))
        parts = [self.said(k) for k in range(len(bars))]
        self.setAccessibleName(_("Histogram"))
        self.setAccessibleDescription("; ".join(parts))
        self.update()

    def said(self, k: int) -> str:
        """Return between which values a bar stands, and how many elements it has."""
        a, b, n = self.edges[k], self.edges[k + 1], number(self.bars[k])
        if self.alike:
            return f"{number(a, 3, self.unit)}: {n}"
        return f"{number(a)} {_('to')} {number(b, 3, self.unit)}: {n}"

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:  # noqa: N802
        """Say where the brush ends: there the menu key opens the menu."""
        if query == Qt.InputMethodQuery.ImCursorRectangle and self.bars:
            wide = self.area.width() / len(self.bars)
            left = self.area.left() + self._to * wide
            return QRectF(left, self.area.top(), wide, self.area.height()).toRect()
        return super().inputMethodQuery(query)

    @property
    def area(self) -> QRectF:
        """Where bars stand."""
        high = self.height() - _HEAD - _FOOT
        return QRectF(_SIDE, _HEAD, max(1, self.width() - 2 * _SIDE), max(1, high))

    @property
    def alike(self) -> bool:
        """Whether all values are the same: one bar, that has no width on the axis."""
        return len(self.bars) == 1

    def bar_at(self, x: float) -> int:
        """Return which bar stands at a place."""
        share = (x - self.area.left()) / self.area.width()
        return min(max(int(share * len(self.bars)), 0), len(self.bars) - 1)

    # -------------------------------------------------------------------------------------- events
    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a brush."""
        if self.bars and event.button() == Qt.MouseButton.LeftButton:
            self._from = self._to = self.bar_at(event.position().x())
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Widen the brush."""
        if self._from is not None:
            self._to = self.bar_at(event.position().x())
            self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:  # noqa: N802
        """Select what lies under the brush."""
        if self._from is not None:
            self._emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the brush with the arrows, widen it with Shift, select with Return."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.key() in _ENTER and self._from is not None:
            self._emit()
        elif step is not None and self.bars:
            self._to = min(max(self._to + (step if self._from is not None else 0), 0),
                           len(self.bars) - 1)  # fmt: skip
            wide = self._from is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._from = self._from if wide else self._to
            self.update()
        else:
            super().keyPressEvent(event)

    def event(self, event: object) -> bool:
        """Keep the arrows from the clock while the histogram has the focus."""
        keys = (Qt.Key.Key_Left, Qt.Key.Key_Right, *_ENTER)
        asks = isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.ShortcutOverride
        if asks and event.key() in keys:  # type: ignore[attr-defined]
            event.accept()  # type: ignore[attr-defined]
            return True
        return super().event(event)  # type: ignore[arg-type]

    def _emit(self) -> None:
        assert self._from is not None
        first, last = sorted((self._from, self._to))
        self.brushed.emit(self.edges[first], self.edges[last + 1])

    # ------------------------------------------------------------------------------------- drawing
    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw bars, the brush, and the values at both ends and in the middle."""
        if not self.bars:
            return
        painter = QPainter(self)
        look, area = look_now(), self.area
        top, wide = max(self.bars), area.width() / len(self.bars)
        first, last = sorted((self._from, self._to)) if self._from is not None else (1, 0)
        for k, count in enumerate(self.bars):
            high = count / top * area.height()
            bar = QRectF(area.left() + k * wide, area.bottom() - high, max(wide - 1, 1), high)
            if self.alike:
                bar.adjust(wide * _APART, 0, -wide * _APART, 0)
            brushed = first <= k <= last
            painter.fillRect(bar, QColor(look.accent if brushed else look.line))
            if brushed:
                whole = QRectF(bar.left(), area.top(), bar.width(), area.height())
                painter.fillRect(whole, colour(look.accent, 0.18))
        painter.setPen(QPen(QColor(look.text_soft), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setFont(text_font(SMALL - 1.5, tabular=True))
        head = _("at most {count} in a bar", count=number(top))
        if self.alike:
            head = _("{count} elements, all with the same value", count=number(top))
        painter.drawText(QRectF(area.left(), 0, area.width(), _HEAD), 0, head)
        self._write_values(painter, area)
        if self.hasFocus():
            painter.setPen(QPen(QColor(look.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _write_values(self, painter: QPainter, area: QRectF) -> None:
        if self.alike:
            place = QRectF(area.left(), area.bottom(), area.width(), _FOOT)
            middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, middle, number(self.edges[0], 3, self.unit))
            return
        places = sorted({0, len(self.bars) // 2, len(self.bars)})
        texts = tick_texts([self.edges[k] for k in places])
        for k, text in zip(places, texts, strict=True):
            said = f"{text} {self.unit}".rstrip() if k == len(self.bars) else text
            wide = painter.fontMetrics().horizontalAdvance(said)
            x = area.left() + k / len(self.bars) * area.width() - wide / 2
            x = min(max(x, 0.0), self.width() - wide)
            painter.drawText(QPointF(x, area.bottom() + 13), said)
