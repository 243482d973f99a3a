"""The program's icon: drawn from one SVG file to any size."""

from pathlib import Path

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from twinview.draw.fonts import ensure_application
from twinview.paths import assets_folder

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
"""Sizes in pixels that desktops ask for."""


def icon(size: int = 256) -> QImage:
    """Return the icon as a square picture with a transparent ground."""
    ensure_application()
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    QSvgRenderer(str(assets_folder() / "icon.svg")).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


def write_icons(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[Path]:
    """Write the icon as PNG files ``twinview-SIZE.png`` (for installers) and return their paths."""
    files = [folder / f"twinview-{size}.png" for size in sizes]
    for size, file in zip(sizes, files, strict=True):
        if not icon(size).save(str(file)):
            raise OSError(f"{file} could not be written")
    return files
