"""The clock: date, time, offset and named zone of what is seen."""

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from twinview.draw.card import Row, card_size, draw_card, text_row
from twinview.draw.fonts import SEMIBOLD, ui_font
from twinview.draw.ink import LARGE, NORMAL, SMALL
from twinview.i18n import _
from twinview.scene.paint import Clock
from twinview.scene.theme import LOOKS, Look


def clock_size(clock: Clock, scale: float = 1.0) -> QSizeF:
    """Return the size of the clock in the painter's pixels."""
    return card_size(_rows(clock, LOOKS["light"]), scale)


def draw_clock(
    painter: QPainter, clock: Clock, where: QRectF | QPointF, look: Look, scale: float = 1.0
) -> QRectF:
    """Draw the clock and return where it stands.

    Of `where`, a point is its top left corner; of a rectangle it takes the bottom left corner.
    """
    return draw_card(painter, _rows(clock, look), where, look, scale)


def _rows(clock: Clock, look: Look) -> list[Row]:
    if clock.static:
        return [text_row(_("No time in the data"), ui_font(NORMAL), look.text_soft, "right")]
    zone = " · ".join(part for part in (clock.offset, clock.zone) if part)
    big = ui_font(LARGE + 4, SEMIBOLD, tabular=True)
    rows = [
        text_row(clock.date, ui_font(NORMAL, tabular=True), look.text, "right"),
        text_row(clock.time, big, look.text, "right"),
        text_row(zone, ui_font(SMALL), look.text_soft, "right"),
    ]
    if clock.age:
        rows.append(
            text_row(clock.age, ui_font(SMALL, SEMIBOLD, tabular=True), look.warning, "right")
        )
    return rows
