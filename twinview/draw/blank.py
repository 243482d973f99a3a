"""Clear pictures to draw on, and to keep."""

import math

from PySide6.QtCore import QSize, QSizeF, Qt
from PySide6.QtGui import QPixmap


def blank(size: QSize | QSizeF, ratio: float) -> QPixmap:
    """Return a clear picture.

    Parameters
    ----------
    size
        In logical pixels.
    ratio
        Pixels of the screen in one of them.
    """
    wide, high = (max(1, math.ceil(side * ratio)) for side in (size.width(), size.height()))
    made = QPixmap(wide, high)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    return made
