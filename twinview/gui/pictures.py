"""Small pictures of districts, for the start page: kept in the user's state folder."""

import hashlib
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from twinview import paths

SIZE = QSize(480, 270)
"""Of a small picture, in pixels: sharp at twice the size it is shown in."""


def small(widget: QWidget) -> QImage:
    """Return what a widget shows as a small picture, cut to its proportions from the middle."""
    image = widget.grab().toImage()
    mode = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = image.scaled(SIZE, mode, Qt.TransformationMode.SmoothTransformation)
    scaled.setDevicePixelRatio(1.0)
    left, top = (scaled.width() - SIZE.width()) // 2, (scaled.height() - SIZE.height()) // 2
    return scaled.copy(left, top, SIZE.width(), SIZE.height())


def place_of(project: Path) -> Path:
    """Return where the small picture of a project lies (not necessarily existing).

    The project's own file is not touched: it may lie on a share that does not answer.
    """
    key = hashlib.sha256(str(project.absolute()).encode()).hexdigest()[:24]
    return paths.user_state() / "pictures" / f"{key}.png"


def keep(widget: QWidget, project: Path) -> None:
    """Keep what a widget shows as the small picture of a project; a full disk stops nobody."""
    place = place_of(project)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    small(widget).save(str(place))


def forget(project: Path) -> None:
    """Take the small picture of a project away."""
    place_of(project).unlink(missing_ok=True)
