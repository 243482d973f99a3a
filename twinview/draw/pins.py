"""Cards that stay beside their elements: where each finds a place, and how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QPainter, QPen

from twinview.draw.card import Row, beside, card_size, draw_card, space, text_row
from twinview.draw.fonts import SEMIBOLD, ui_font
from twinview.draw.ink import NORMAL, PAD, SMALL, colour, faint, line_height, shorten, wrap
from twinview.i18n import _
from twinview.scene.paint import Pinned
from twinview.scene.theme import Look

WIDEST = 240.0
"""Design pixels from which on lines wrap."""
CROSS = 16.0
"""Edge of the cross that unpins a card in a window."""
_AWAY, _RISE, _DOT = 18.0, 26.0, 3.0


@dataclass(frozen=True)
class PlacedPin:
    """A card with its place, in the painter's pixels.

    Parameters
    ----------
    pinned
        What it says.
    anchor
        The point that it stands beside.
    rect
        Where it stands.
    """

    pinned: Pinned
    anchor: QPointF
    rect: QRectF


def pin_size(one: Pinned, scale: float = 1.0, live: bool = False) -> QSizeF:
    """Return the size of a card; in a window (`live`) it has a cross and the way to its number."""
    return card_size(_rows(one, None, live), scale)


def draw_pin(
    painter: QPainter, one: Pinned, where: QPointF, look: Look, scale: float = 1.0,
    live: bool = False,
) -> QRectF:  # fmt: skip
    """Draw a card and return where it stands."""
    rect = draw_card(painter, _rows(one, look, live), where, look, scale)
    if live:
        _cross(painter, cross_place(rect), look)
    return rect


def draw_leads(
    painter: QPainter, placed: Sequence[PlacedPin], look: Look, scale: float = 1.0
) -> None:
    """Draw the line from each card to what it speaks about, to be done before the cards."""
    for one in placed:
        near = QPointF(
            min(max(one.anchor.x(), one.rect.left()), one.rect.right()),
            min(max(one.anchor.y(), one.rect.top()), one.rect.bottom()),
        )
        painter.setPen(QPen(colour(look.text, faint(look, 0.75)), 1.2 * scale))
        painter.drawLine(QLineF(one.anchor, near))
        painter.setPen(QPen(QColor(look.panel), 1.2 * scale))
        painter.setBrush(QColor(look.text))
        painter.drawEllipse(one.anchor, _DOT * scale, _DOT * scale)


def place_pins(
    pinned: Sequence[Pinned],
    points: npt.ArrayLike,
    room: QRectF,
    obstacles: Sequence[QRectF] = (),
    scale: float = 1.0,
    live: bool = False,
) -> list[PlacedPin]:
    """Return where cards stand whose elements are seen: each beside its own, none on another.

    Parameters
    ----------
    pinned
        What they say, the first one wins.
    points
        Place of each element in the painter's pixels, shape (n, 2) or (n, 3) with the distance in
        front of the eye; what is behind it or outside of the room has no card.
    room
        What a card may take.
    obstacles
        What no card covers, if there is any other place for it.
    scale, live
        As of `pin_size`.
    """
    taken, placed = list(obstacles), []
    for one, seen in zip(pinned, np.asarray(points, dtype=float), strict=True):
        anchor = QPointF(float(seen[0]), float(seen[1]))
        if not np.isfinite(seen).all() or (len(seen) > 2 and seen[2] <= 0):
            continue
        if not room.contains(anchor):
            continue
        size = pin_size(one, scale, live)
        places = [_inside(rect, room) for rect in _beside(anchor, size, scale)]
        rect = min(places, key=lambda rect: (_covered(rect, taken), rect.contains(anchor)))
        taken.append(rect)
        placed.append(PlacedPin(one, anchor, rect))
    return placed


def _beside(anchor: QPointF, size: QSizeF, scale: float) -> list[QRectF]:
    """Return places around a point, the most wanted first: to the right and above, then around."""
    away, rise = _AWAY * scale, _RISE * scale
    wide, high = size.width(), size.height()
    near = [
        QPointF(anchor.x() + away, anchor.y() - rise - high),
        QPointF(anchor.x() - away - wide, anchor.y() - rise - high),
        QPointF(anchor.x() + away, anchor.y() + rise),
        QPointF(anchor.x() - away - wide, anchor.y() + rise),
    ]
    far = [QPointF(anchor.x() - wide / 2, anchor.y() + side * k * (high + 8 * scale) - rise)
           for k in (2, 3, 4) for side in (-1, 1)]  # fmt: skip
    return [QRectF(corner, size) for corner in (*near, *far)]


def _covered(rect: QRectF, taken: Sequence[QRectF]) -> float:
    """Return how much of what stands there already a card would cover."""
    both = (rect.intersected(other) for other in taken if rect.intersects(other))
    return sum(one.width() * one.height() for one in both)


def _inside(rect: QRectF, room: QRectF) -> QRectF:
    """Return a card moved into the room."""
    left = min(max(rect.left(), room.left()), max(room.left(), room.right() - rect.width()))
    top = min(max(rect.top(), room.top()), max(room.top(), room.bottom() - rect.height()))
    return QRectF(QPointF(left, top), rect.size())


def cross_place(rect: QRectF) -> QRectF:
    """Return where the cross stands on a card in a window."""
    return QRectF(rect.right() - PAD / 2 - CROSS, rect.top() + PAD / 2, CROSS, CROSS)


def why_place(rect: QRectF) -> QRectF:
    """Return where the way to the number stands on a card in a window."""
    high = line_height(ui_font(SMALL))
    return QRectF(rect.left() + PAD, rect.bottom() - PAD - high, rect.width() - 2 * PAD, high)


def _rows(one: Pinned, look: Look | None, live: bool) -> list[Row]:
    """Return the rows of a card; without a look only their sizes count."""
    head, body = ui_font(NORMAL, SEMIBOLD), ui_font(SMALL, tabular=True)
    ink = ("", "", "") if look is None else (look.text, look.text_soft, look.accent)
    title = shorten(wrap(one.title, head, WIDEST), 2, head, WIDEST)
    rows = [text_row(line, head, ink[0]) for line in title]
    if live:
        rows[0] = beside([rows[0], Row(CROSS, 0.0, lambda painter, rect: None)], 2)
    for text in one.lines:
        rows += [text_row(line, body, ink[1]) for line in wrap(text, body, WIDEST)]
    if live and one.quantity:
        rows += [space(3), text_row(_("Why this number"), ui_font(SMALL), ink[2])]
    return rows


def _cross(painter: QPainter, rect: QRectF, look: Look) -> None:
    middle, arm = rect.center(), 3.6
    painter.setPen(QPen(QColor(look.text_soft), 1.4))
    for side in (-arm, arm):
        painter.drawLine(QLineF(middle.x() - arm, middle.y() - side, middle.x() + arm,
                                middle.y() + side))  # fmt: skip
