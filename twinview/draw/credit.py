"""Whose data are seen, on one small line; what a licence asks for comes first."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from twinview.draw.fonts import ui_font
from twinview.draw.ink import colour, faint, write
from twinview.i18n import _
from twinview.scene.theme import Look

_TYPE = 10
_HIGH = 15.0
_GROUND = 0.72
"""Opacity of the strip below the letters: houses shine through, and can be told from them."""


def credit_height() -> float:
    """Return how high the line is, design pixels."""
    return _HIGH


def credit(about: str) -> str:
    """Return the line: sources that must be named by a licence stand at its beginning."""
    named = _("© OpenStreetMap contributors")
    if "OpenStreetMap" not in about or about.startswith(named):
        return about
    return f"{named} · {about}"


def draw_credit(painter: QPainter, about: str, rect: QRectF, look: Look) -> None:
    """Write the line into a rectangle; what has no room ends with an ellipsis."""
    font = ui_font(_TYPE)
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(credit(about), Qt.TextElideMode.ElideRight, rect.width())
    if text:
        ground = QRectF(rect)
        ground.setWidth(min(rect.width(), metrics.horizontalAdvance(text)))
        painter.fillRect(ground.adjusted(-3, 0, 3, 0), colour(look.panel, faint(look, _GROUND)))
    write(painter, rect, text, font, look.text_soft)
