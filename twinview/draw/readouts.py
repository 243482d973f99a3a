"""The numbers of the district at the instant, on one card."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF

from twinview.draw.card import Row, beside, card_size, draw_card, space, text_row, under
from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import NORMAL, PAD, line_height, write
from twinview.scene.paint import Readout
from twinview.scene.theme import LOOKS, Look

_VALUE, _BETWEEN, _SIGN = 20, 28.0, 14.0
_APART = 10.0


def readouts_size(
    readouts: Sequence[Readout], scale: float = 1.0, columns: int | None = None
) -> QSizeF:
    """Return the size of the card in the painter's pixels."""
    return card_size(_rows(readouts, LOOKS["light"], columns), scale)


def draw_readouts(
    painter: QPainter,
    readouts: Sequence[Readout],
    where: QRectF | QPointF,
    look: Look,
    scale: float = 1.0,
    columns: int | None = None,
) -> QRectF:
    """Draw the card and return where it stands.

    Of `where`, a point is its top left corner; of a rectangle it takes the bottom left corner.
    `columns` numbers stand side by side; None puts all into one line.
    """
    return draw_card(painter, _rows(readouts, look, columns), where, look, scale)


def readout_places(readouts: Sequence[Readout], columns: int | None = None) -> list[QRectF]:
    """Return where each number stands, from the corner of the card, in its own pixels."""
    count = max(1, columns or len(readouts))
    cells = [_cell(readout, LOOKS["light"]) for readout in readouts]
    widths = [cell.width for cell in cells]
    if len(cells) > count:
        widths = [max(widths)] * len(cells)
    places, top = [], PAD
    for first in range(0, len(cells), count):
        line, left = cells[first : first + count], PAD
        for k, cell in enumerate(line):
            places.append(QRectF(left, top, widths[first + k], cell.height))
            left += widths[first + k] + _BETWEEN
        top += max(cell.height for cell in line) + _APART
    return places


def _rows(readouts: Sequence[Readout], look: Look, columns: int | None) -> list[Row]:
    count = max(1, columns or len(readouts))
    cells = [_cell(readout, look) for readout in readouts]
    if len(cells) > count:
        # Under each other they read as a table, so columns get one width.
        wide = max(cell.width for cell in cells)
        cells = [Row(wide, cell.height, cell.draw) for cell in cells]
    lines = [beside(cells[k : k + count], _BETWEEN) for k in range(0, len(cells), count)]
    rows: list[Row] = []
    for line in lines:
        rows += [space(_APART), line] if rows else [line]
    return rows


def _cell(readout: Readout, look: Look) -> Row:
    big, unit = ui_font(_VALUE, SEMIBOLD, tabular=True), ui_font(NORMAL)
    ink = look.warning if readout.warning else look.text
    indent = _SIGN + 4 if readout.warning else 0.0
    number_width = width(readout.text, big)
    gap = 4.0 if readout.unit else 0.0

    def draw(painter: QPainter, rect: QRectF) -> None:
        if readout.warning:
            _warning_sign(painter, rect, look)
        line = rect.translated(indent, 0)
        write(painter, line, readout.text, big, ink)
        # The unit stands on the number's baseline: its own line box ends where the number's does.
        drop = (big.pixelSize() - unit.pixelSize()) * 0.36
        write(
            painter, line.translated(number_width + gap, drop), readout.unit, unit, look.text_soft
        )

    top = Row(indent + number_width + gap + width(readout.unit, unit), line_height(big) - 3, draw)
    return under([top, text_row(readout.label, ui_font(NORMAL), look.text_soft)])


def _warning_sign(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Draw a triangle with a mark: a warning is never said by colour alone."""
    middle = rect.center().y()
    corners = [(_SIGN / 2, -6.5), (_SIGN, 6.0), (0.0, 6.0)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.warning))
    painter.drawPolygon(QPolygonF([QPointF(rect.left() + x, middle + y) for x, y in corners]))
    painter.setBrush(QColor(look.panel))
    at = rect.left() + _SIGN / 2
    painter.drawRect(QRectF(at - 0.9, middle - 2.8, 1.8, 5.0))
    painter.drawRect(QRectF(at - 0.9, middle + 3.0, 1.8, 1.8))
