"""Scale bar and north arrow, on one small card."""

import math

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from twinview.draw.card import Row, beside, card_size, draw_card
from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import PAD, SMALL, line_height, write
from twinview.i18n import _
from twinview.scene.numbers import number, round_down
from twinview.scene.theme import LOOKS, Look

LONGEST = 128.0
"""Room for the bar in design pixels."""
GRAZING = 60.0
"""Tilt from straight down, in degrees, from which a length at the centre says nothing any more."""
_STEEP = 5.0
_COMPASS = 40.0
_NEEDLE, _SLIM, _FLATTEST = 14.0, 5.5, 0.75
_KILOMETRE = 1000.0


def bar_length(metres_per_pixel: float) -> tuple[float, str] | None:
    """Return a round length (1, 2 or 5 times a power of ten) and its text; None without a scale.

    Parameters
    ----------
    metres_per_pixel
        Metres that one design pixel covers at the centre of the view.
    """
    if not (math.isfinite(metres_per_pixel) and metres_per_pixel > 0):
        return None
    metres = round_down(LONGEST * metres_per_pixel)
    if metres >= _KILOMETRE:
        return metres, number(round(metres / _KILOMETRE), unit="km")
    if metres >= 1:
        return metres, number(round(metres), unit="m")
    return metres, number(metres, 1, "m")


def scalebar_size(
    metres_per_pixel: float | None, bearing: float | None, tilt: float, scale: float = 1.0
) -> QSizeF:
    """Return the size of the card; empty where there is nothing to show."""
    rows = _rows(metres_per_pixel, bearing, tilt, LOOKS["light"], scale)
    return card_size(rows, scale) if rows else QSizeF(0, 0)


def draw_scalebar(
    painter: QPainter,
    where: QRectF | QPointF,
    look: Look,
    scale: float = 1.0,
    *,
    metres_per_pixel: float | None,
    bearing: float | None,
    tilt: float,
) -> QRectF:
    """Draw scale bar and north arrow and return where they stand.

    Of `where`, a point is its top left corner; of a rectangle it takes the bottom left corner.
    `metres_per_pixel` counts at the centre of the view, in the painter's pixels; `bearing` is
    where the camera looks, in degrees clockwise from north; None leaves bar or arrow out. `tilt`
    goes from straight down (0) to the horizon (90 degrees).
    """
    rows = _rows(metres_per_pixel, bearing, tilt, look, scale)
    return draw_card(painter, rows, where, look, scale) if rows else QRectF()


def needle_place(card: QRectF) -> QRectF:
    """Return where the north arrow stands on a card of its own size."""
    return QRectF(card.left() + PAD, card.top() + PAD, _COMPASS, _COMPASS)


def _rows(
    metres_per_pixel: float | None, bearing: float | None, tilt: float, look: Look, scale: float
) -> list[Row]:
    parts = []
    if bearing is not None and math.isfinite(bearing):
        parts.append(_north(bearing, tilt, look))
    scaled = bar_length(metres_per_pixel * scale) if metres_per_pixel and tilt < GRAZING else None
    if scaled is not None and metres_per_pixel:
        metres, text = scaled
        # In perspective the bar is true only where the eye rests, and says so.
        text = _("{length} at centre", length=text) if tilt > _STEEP else text
        parts.append(_bar(metres / (metres_per_pixel * scale), text, look))
    return [beside(parts, 12.0)] if parts else []


def _bar(long: float, text: str, look: Look) -> Row:
    font = ui_font(SMALL, tabular=True)

    def draw(painter: QPainter, rect: QRectF) -> None:
        line = QRectF(rect.left(), rect.top() + 5, rect.width(), line_height(font))
        write(painter, line, text, font, look.text)
        pen = QPen(QColor(look.text), 1.6)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        bottom, left = line.bottom() + 10, rect.left() + 0.8
        right = left + long
        painter.drawPolyline(
            [QPointF(left, bottom - 6), QPointF(left, bottom), QPointF(right, bottom),
             QPointF(right, bottom - 6)]
        )  # fmt: skip

    return Row(max(long + 1.6, width(text, font)), _COMPASS, draw)


def _north(bearing: float, tilt: float, look: Look) -> Row:
    """Return a needle lying on the ground: turned with the camera, flattened by its tilt."""
    font = ui_font(SMALL, SEMIBOLD)

    def draw(painter: QPainter, rect: QRectF) -> None:
        middle = QPointF(rect.left() + _COMPASS / 2, rect.top() + _COMPASS / 2)
        flat = max(math.cos(math.radians(min(max(tilt, 0), 90))), _FLATTEST)
        angle = math.radians(bearing)
        north = QPointF(-math.sin(angle), -math.cos(angle) * flat)
        aside = QPointF(math.cos(angle), -math.sin(angle) * flat)
        # The letter stands at the needle's tip, so the needle moves back by half of it.
        foot = middle - north * 6
        _needle(painter, foot, north, aside, look)
        at = foot + north * (_NEEDLE + 7)
        write(painter, QRectF(at.x() - 8, at.y() - 8, 16, 16), _("N"), font, look.text, "centre")

    return Row(_COMPASS, _COMPASS, draw)


def _needle(painter: QPainter, at: QPointF, north: QPointF, aside: QPointF, look: Look) -> None:
    """Draw a kite: its northern half in the accent colour, the other half quiet."""
    painter.setPen(Qt.PenStyle.NoPen)
    for end, ink in ((north * _NEEDLE, look.accent), (north * -_NEEDLE, look.text_soft)):
        painter.setBrush(QColor(ink))
        painter.drawPolygon(QPolygonF([at + aside * _SLIM, at + end, at - aside * _SLIM]))
