"""What all blocks on a picture share: type sizes, panels, lines of text, text with a halo.

Everything is drawn in design pixels under a scaled painter, so that sizes are decided once. No
clipping: Qt's SVG writer does not know it.
"""

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPaintEngine,
    QPainter,
    QPainterPath,
    QPen,
    QTextLayout,
    QTextOption,
)

from twinview.draw.fonts import width
from twinview.scene.theme import Look

LARGE, MEDIUM, NORMAL, SMALL = 22, 14, 12, 11
"""Type sizes in design pixels."""
PAD, GAP, RADIUS = 12.0, 8.0, 8.0
LEADING = 1.45
"""Height of a line, in type sizes."""
PANEL_OPACITY = 0.94
HALO = 1.6
"""Width of the light around letters that stand on the picture itself."""
_CIRCLE = [(HALO * math.cos(k * math.pi / 6), HALO * math.sin(k * math.pi / 6)) for k in range(12)]
_DRAWN = 96


def line_height(font: QFont) -> float:
    """Return the height that a line of text takes, the same for Latin and Chinese."""
    return round(font.pixelSize() * LEADING)


def colour(name: str, opacity: float = 1.0) -> QColor:
    """Return ``#rrggbb`` with an opacity as Qt's colour."""
    made = QColor(name)
    made.setAlphaF(opacity)
    return made


def dark(look: Look) -> bool:
    """Tell whether a look has light text on dark ground."""
    return QColor(look.text).lightnessF() > QColor(look.panel).lightnessF()


def faint(look: Look, opacity: float) -> float:
    """Return how much of a line or a ground is seen: all of it where the look is a strong one."""
    return 1.0 if look.strong else opacity


def panel(painter: QPainter, rect: QRectF, look: Look) -> None:
    """Draw the card on which a block stands."""
    hairline = colour(look.text, faint(look, 0.13 if dark(look) else 0.10))
    painter.setPen(QPen(hairline, 1.0))
    painter.setBrush(colour(look.panel, faint(look, PANEL_OPACITY)))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def write(
    painter: QPainter, rect: QRectF, text: str, font: QFont, ink: str, align: str = "left"
) -> None:
    """Write one line into the height of `rect`, its capitals centred.

    `align` is ``left``, ``centre`` or ``right`` within `rect`.
    """
    share = {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
    left = rect.left() + share * (rect.width() - width(text, font))
    _put(painter, QPointF(left, baseline(rect, font)), text, font, ink)


def write_haloed(
    painter: QPainter, rect: QRectF, text: str, font: QFont, ink: str, ground: str
) -> None:
    """Write one line, centred in `rect`, that can be read on any picture."""
    at = QPointF(rect.center().x() - width(text, font) / 2, baseline(rect, font))
    if painter.paintEngine().type() == QPaintEngine.Type.Raster:
        # Letters in a circle: fifty times as fast as an outline, and labels move with the camera.
        for x, y in _CIRCLE:
            _put(painter, at + QPointF(x, y), text, font, ground, 0.55)
    else:
        outline = QPainterPath()
        outline.addText(at, font, text)
        pen = QPen(colour(ground, 0.85), 2 * HALO)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(outline, pen)
    _put(painter, at, text, font, ink)


def _put(
    painter: QPainter, at: QPointF, text: str, font: QFont, ink: str, opacity: float = 1.0
) -> None:
    """Draw letters from a large size scaled down.

    Qt has FreeType thicken the stems of small type in CFF fonts, which Chinese ones are, by the
    size asked for and not by the size seen: beside plain Latin they would look bold.
    """
    large = QFont(font)
    large.setPixelSize(_DRAWN)
    painter.save()
    painter.translate(at)
    painter.scale(font.pixelSize() / _DRAWN, font.pixelSize() / _DRAWN)
    painter.setFont(large)
    painter.setPen(colour(ink, opacity))
    painter.drawText(QPointF(0, 0), text)
    painter.restore()


def baseline(rect: QRectF, font: QFont) -> float:
    """Return where letters stand so that capitals are centred in `rect`.

    Not the font's own line box: with Chinese in the line that one grows and the line would jump.
    """
    return rect.center().y() + QFontMetricsF(font).capHeight() / 2


def wrap(text: str, font: QFont, room: float) -> list[str]:
    """Break a text into lines no wider than `room`, by the rules of each script."""
    layout = QTextLayout(text, font)
    layout.setTextOption(_wrapping())
    layout.beginLayout()
    lines = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return [one for one in lines if one]


def shorten(lines: list[str], most: int, font: QFont, room: float) -> list[str]:
    """Return at most `most` lines; the last one ends with an ellipsis where some are left out."""
    if len(lines) <= most:
        return lines
    last = " ".join(lines[most - 1 :])
    short = QFontMetricsF(font).elidedText(last, Qt.TextElideMode.ElideRight, room)
    return [*lines[: most - 1], short]


def _wrapping() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option
