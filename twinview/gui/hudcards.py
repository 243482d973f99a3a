"""Drawn once and put on the view with each frame: cards, and the texts of labels.

A frame under them has them painted again, several times a second while arrows travel or the camera
moves; letters with their halos would then cost more than the frame itself.
"""

from collections import OrderedDict
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from twinview.draw.blank import blank
from twinview.draw.ink import write_haloed
from twinview.scene.theme import LOOKS, Look

Draw = Callable[[QPainter, QPointF, Look], object]
MOST = 256
"""Texts that are kept."""
_SMOOTH = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing


class Card(QWidget):
    """One card: measures and draws itself by functions of `twinview.draw`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._said: object = None
        self._draw: Draw | None = None
        self._look = LOOKS["light"]
        self._drawn: QPixmap | None = None
        self.drawings = 0
        """How often it was drawn, not only put there."""

    def say(self, what: object, size: QSizeF, draw: Draw, look: Look) -> None:
        """Show something; drawn anew only where `what` differs from the last."""
        said = (what, look)
        if said == self._said:
            return
        self._said, self._draw, self._look, self._drawn = said, draw, look, None
        self.resize(int(np.ceil(size.width())), int(np.ceil(size.height())))
        self.update()

    def forget(self) -> None:
        """Take what comes next as new."""
        self._said = None

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Put the card there."""
        if self._draw is None:
            return
        ratio = self.devicePixelRatioF()
        if self._drawn is None or self._drawn.devicePixelRatioF() != ratio:
            self._drawn = blank(self.size(), ratio)
            painter = QPainter(self._drawn)
            painter.setRenderHints(_SMOOTH)
            self._draw(painter, QPointF(0, 0), self._look)
            painter.end()
            self.drawings += 1
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._drawn)
        painter.end()


class Stamps:
    """Texts with halos, each drawn once for its colours and the size of a pixel."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, QPixmap] = OrderedDict()

    def write(
        self, painter: QPainter, rect: QRectF, text: str, font: QFont, ink: str, ground: str
    ) -> None:
        """Write one line, centred in `rect`, as `twinview.draw.ink.write_haloed` does."""
        ratio = painter.device().devicePixelRatioF()
        key = (text, font.key(), ink, ground, ratio, rect.width(), rect.height())
        stamp = self._kept.get(key)
        if stamp is None:
            stamp = blank(rect.size() + QSizeF(4, 4), ratio)
            inner = QPainter(stamp)
            inner.setRenderHints(_SMOOTH)
            write_haloed(inner, QRectF(QPointF(2, 2), rect.size()), text, font, ink, ground)
            inner.end()
            self._kept[key] = stamp
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        # On whole pixels: between them every letter would blur.
        at = painter.transform().map(rect.topLeft() - QPointF(2, 2)) * ratio
        whole = QPointF(round(at.x()), round(at.y())) / ratio
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(whole, stamp)
        painter.restore()
