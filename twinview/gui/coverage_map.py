"""A small map of when which element has a value: elements down, time across."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from twinview.gui.style import Translated, look_now, mixed, text_font
from twinview.i18n import N_, _
from twinview.model.coverage import OUTSIDE, Coverage
from twinview.model.time import format_instant
from twinview.scene.theme import Look

WORDS = {"there": N_("there"), "missing": N_("missing"), "outside": N_("no step of the table")}
_FOOT, _HEAD, _SWATCH = 42, 20, 10


def image_of(coverage: Coverage, look: Look) -> QImage:
    """Return the cells as a picture, one pixel each; cells outside the table are transparent."""
    missing, there = (QColor(one) for one in colours(look))
    low = np.array([missing.red(), missing.green(), missing.blue()], dtype=np.float64)
    high = np.array([there.red(), there.green(), there.blue()], dtype=np.float64)
    share = np.clip(coverage.shares, 0, 1)[..., None]
    cells = np.empty((*coverage.shares.shape, 4), dtype=np.uint8)
    cells[..., :3] = np.round(low + (high - low) * share)
    cells[..., 3] = np.where(coverage.shares == OUTSIDE, 0, 255)
    height, width = coverage.shares.shape
    form = QImage.Format.Format_RGBA8888
    return QImage(cells.tobytes(), width, height, 4 * width, form).copy()


def colours(look: Look) -> tuple[str, str]:
    """Return the colours of what is missing and of what is there, far apart in lightness."""
    return mixed(look.panel, look.warning, 0.45), look.accent


class CoverageMap(Translated, QWidget):
    """Paints a coverage; hovering a cell says how much of it is there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coverage: Coverage | None = None
        self._tz = "UTC"
        self.setMinimumHeight(150)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the usual size."""
        return QSize(560, 200)

    def show_coverage(self, coverage: Coverage | None, tz: str = "UTC") -> None:
        """Paint another coverage; None for nothing."""
        self._coverage, self._tz = coverage, tz
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts anew."""
        found = self._coverage
        self.setAccessibleName(_("When which element has a value"))
        if found is not None:
            said = _(
                "{matched} of {all} elements have a column; {share:.1f} % of their values are "
                "there.",
                matched=found.matched, all=found.elements, share=found.percent,
            )  # fmt: skip
            self.setAccessibleDescription(said)
        self.update()

    def _place(self) -> QRect:
        return self.rect().adjusted(0, _HEAD, 0, -_FOOT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint cells, ends of time and legend."""
        look, found = look_now(), self._coverage
        painter = QPainter(self)
        painter.setFont(text_font(9.0))
        place = self._place()
        if found is None or not found.shares.size:
            painter.setPen(QColor(look.text_soft))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Nothing to show yet."))
            return
        painter.fillRect(place, QColor(look.panel))
        painter.fillRect(place, _hatched(look))
        painter.drawImage(place, image_of(found, look))
        painter.setPen(QColor(mixed(look.panel, look.text, 0.2)))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        self._write(painter, look, found)

    def _write(self, painter: QPainter, look: Look, found: Coverage) -> None:
        painter.setPen(QColor(look.text_soft))
        place, sides = self._place(), Qt.AlignmentFlag
        head = QRect(0, 0, self.width(), _HEAD - 2)
        painter.drawText(head, sides.AlignLeft, _("Elements down, time across"))
        below = QRect(0, place.bottom() + 4, self.width(), 16)
        ends = (format_instant(one, self._tz)[:10] for one in (found.begin, found.end))
        for text, side in zip(ends, (sides.AlignLeft, sides.AlignRight), strict=True):
            painter.drawText(below, side, text)
        missing, there = colours(look)
        x, y = 0.0, float(self.height() - _SWATCH - 4)
        for name, colour in (("there", there), ("missing", missing), ("outside", "")):
            swatch = QRectF(x, y, _SWATCH, _SWATCH)
            painter.fillRect(swatch, QColor(colour) if colour else _hatched(look))
            painter.setPen(QColor(mixed(look.panel, look.text, 0.2)))
            painter.drawRect(swatch)
            painter.setPen(QColor(look.text_soft))
            text = _(WORDS[name])
            painter.drawText(QPointF(x + _SWATCH + 5, y + _SWATCH - 1), text)
            x += _SWATCH + 22 + painter.fontMetrics().horizontalAdvance(text)

    def said_at(self, x: float, y: float) -> str:
        """Return what a point of the widget says; empty beside the cells."""
        found, place = self._coverage, self._place()
        if found is None or not found.shares.size or not place.contains(int(x), int(y)):
            return ""
        rows, columns = found.shares.shape
        i = int((y - place.top()) * rows / place.height())
        k = int((x - place.left()) * columns / place.width())
        share = float(found.shares[i, k])
        instant = found.begin + k * (found.end - found.begin) // columns
        said = _(WORDS["outside"]) if share == OUTSIDE else f"{100 * share:.0f} %"
        first, last = i * found.elements // rows + 1, (i + 1) * found.elements // rows
        which = str(first) if last <= first else f"{first}-{last}"
        return _("Element {which}, {instant}: {said}", which=which, said=said,
                 instant=format_instant(instant, self._tz))  # fmt: skip

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = event.pos()
            QToolTip.showText(event.globalPos(), self.said_at(at.x(), at.y()), self)
            return True
        return super().event(event)


def _hatched(look: Look) -> QBrush:
    return QBrush(QColor(mixed(look.panel, look.text_soft, 0.5)), Qt.BrushStyle.BDiagPattern)
