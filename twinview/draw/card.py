"""A card: rows under each other on a panel. A row knows its size and how to draw itself, so that
measuring and drawing cannot differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QPainter

from twinview.draw.fonts import width
from twinview.draw.ink import PAD, line_height, panel, write
from twinview.scene.theme import Look


@dataclass(frozen=True)
class Row:
    """One row of a card.

    Parameters
    ----------
    width, height
        What it needs.
    draw
        Draws it into a rectangle at least that large.
    """

    width: float
    height: float
    draw: Callable[[QPainter, QRectF], None]


def text_row(text: str, font: QFont, ink: str, align: str = "left") -> Row:
    """Return a row of one line of text."""
    return Row(
        width(text, font),
        line_height(font),
        lambda painter, rect: write(painter, rect, text, font, ink, align),
    )


def space(height: float) -> Row:
    """Return an empty row."""
    return Row(0.0, height, lambda painter, rect: None)


def beside(rows: Sequence[Row], gap: float) -> Row:
    """Return one row that holds others side by side, their tops level."""

    def draw(painter: QPainter, rect: QRectF) -> None:
        left = rect.left()
        for row in rows:
            row.draw(painter, QRectF(left, rect.top(), row.width, row.height))
            left += row.width + gap

    total = sum(row.width for row in rows) + gap * max(0, len(rows) - 1)
    return Row(total, max((row.height for row in rows), default=0.0), draw)


def under(rows: Sequence[Row]) -> Row:
    """Return one row that holds others under each other."""

    def draw(painter: QPainter, rect: QRectF) -> None:
        top = rect.top()
        for row in rows:
            row.draw(painter, QRectF(rect.left(), top, rect.width(), row.height))
            top += row.height

    return Row(max((row.width for row in rows), default=0.0), sum(row.height for row in rows), draw)


def card_size(rows: Sequence[Row], scale: float = 1.0) -> QSizeF:
    """Return the size of a card in the painter's pixels."""
    content = under(rows)
    return QSizeF(content.width + 2 * PAD, content.height + 2 * PAD) * scale


def draw_card(
    painter: QPainter, rows: Sequence[Row], where: QRectF | QPointF, look: Look, scale: float = 1.0
) -> QRectF:
    """Draw a card and return where it stands.

    Of `where`, a point is its top left corner; of a rectangle it takes the bottom left corner.
    """
    size = card_size(rows, scale)
    corner = where if isinstance(where, QPointF) else where.bottomLeft() - QPointF(0, size.height())
    painter.save()
    painter.translate(corner)
    painter.scale(scale, scale)
    whole = QRectF(QPointF(0, 0), size / scale)
    panel(painter, whole, look)
    under(rows).draw(painter, whole.adjusted(PAD, PAD, -PAD, -PAD))
    painter.restore()
    return QRectF(corner, size)
