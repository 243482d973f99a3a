"""A picture of the view: legend and clock on it, and in the file all that reopens the view."""

import contextlib
import io
import json
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from twinview.draw.fonts import ensure_application, shipped_fonts
from twinview.draw.hud import PARTS, Sight, draw_hud
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.render.footing import seen_ground
from twinview.render.studio import Shot, Stock, made_at_once, picture
from twinview.scene.paint import Scene

KEY = "twinview:view"
"""Name of the text in the PNG file that holds view, project hash, versions and sources as JSON."""
LARGEST = 16384
"""Pixels per side: what graphics drivers and the programs that open pictures can do."""
_PIECE = 1 << 20

Pixels = npt.NDArray[np.uint8]


def picture_job(  # noqa: PLR0913  (a picture has these parts)
    twin: Twin,
    scene: Scene,
    path: Path,
    size: tuple[int, int],
    *,
    title: str,
    meta: Mapping[str, Any],
    stock: Stock = made_at_once,
    transparent: bool = False,
    bare: bool = False,
) -> Job[None]:
    """Write what a scene shows as a PNG file, whole or not at all.

    Parameters
    ----------
    twin, scene
        The district, and what is to be seen of it.
    path
        The file, ending in ``.png``; one that exists is replaced only by a whole new one.
    size
        Width and height in pixels.
    title
        Text on top of the picture.
    meta
        What the file says of where it came from (JSON-able), under `KEY`.
    stock
        Brings the district to what draws.
    transparent
        True leaves sky and plain out: other things can be put behind the picture.
    bare
        True writes nothing on it; the file itself says as much as ever.

    Raises
    ------
    CommandError
        For other endings, sizes that cannot be, and places that cannot be written.
    """
    check_picture(path, size)
    shot = yield from picture(twin, scene, size, stock=stock, transparent=transparent)
    pixels = pixels_of(_canvas(shot.image)) if bare else compose(shot, scene, title)
    save_png(path, pixels, meta, title)


def compose(shot: Shot, scene: Scene, title: str = "", caption: str = "") -> Pixels:
    """Return the pixels of a shot with everything written on it, shape (height, width, 3).

    A shot without a sky gives a fourth number for the cover of each pixel.
    """
    ensure_application()
    canvas = _canvas(shot.image)
    write_on(canvas, shot, scene, (title, caption))
    return pixels_of(canvas)


def write_on(
    canvas: QImage,
    shot: Shot,
    scene: Scene,
    texts: tuple[str, str] = ("", ""),
    drawn: Collection[str] = PARTS,
) -> dict[str, QRectF]:
    """Write on a canvas all that belongs on a shot, or some parts of it; return their places.

    Parameters
    ----------
    canvas
        As large as the picture.
    shot, scene
        How places come into the picture, and what is to be written.
    texts
        Title and caption; empty ones are left out.
    drawn
        The parts that are drawn; the others only keep their places free.
    """
    places = np.array([label.place for label in scene.labels], dtype=float).reshape(-1, 3)
    aspect = canvas.width() / max(1, canvas.height())
    painter = QPainter(canvas)
    with shipped_fonts():
        taken = draw_hud(
            painter,
            scene,
            QSizeF(canvas.size()),
            metres_per_pixel=shot.metres_per_pixel,
            bearing_deg=shot.bearing_deg,
            tilt_deg=90.0 - shot.elevation_deg,
            projected_labels=shot.project(places),
            sight=Sight(shot.project, seen_ground(shot.camera, aspect), shot.camera.position[:2]),
            title=texts[0],
            caption=texts[1],
            drawn=drawn,
        )
    painter.end()
    return taken


def _canvas(image: Pixels) -> QImage:
    """Return a picture with rows of four bytes per pixel, as the painter likes them.

    Where it is not opaque, colours are multiplied by their cover: only so are texts blended right.
    """
    height, width = image.shape[:2]
    straight = np.ascontiguousarray(image)
    opaque = bool((image[..., 3] == 255).all())
    form = QImage.Format.Format_RGBX8888 if opaque else QImage.Format.Format_RGBA8888
    # The copy lets go of the array's memory, which Qt does not keep alive.
    made = QImage(straight.tobytes(), width, height, 4 * width, form).copy()
    if opaque:
        return made
    return made.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)


def pixels_of(image: QImage) -> Pixels:
    """Return the pixels of a canvas with rows of four bytes, their cover where it is not opaque."""
    opaque = image.format() != QImage.Format.Format_RGBA8888_Premultiplied
    straight = image if opaque else image.convertToFormat(QImage.Format.Format_RGBA8888)
    flat = np.frombuffer(straight.constBits(), dtype=np.uint8)
    rows = flat.reshape(straight.height(), straight.bytesPerLine())[:, : 4 * straight.width()]
    whole = rows.reshape(straight.height(), straight.width(), 4)
    return whole[..., : 3 if opaque else 4].copy()


def save_png(path: Path, pixels: Pixels, meta: Mapping[str, Any], title: str = "") -> None:
    """Write pixels and provenance as PNG, read it back, and only then put it in its place.

    Raises
    ------
    CommandError
        When the file cannot be written; an old one is unchanged.
    """
    text = json.dumps(dict(meta), ensure_ascii=False, sort_keys=True)
    content = _encoded(pixels, {KEY: text, "Title": title, "Software": "twinview"})
    try:
        with temporary(path) as made:
            _write(made, content)
            _read_back(made, pixels, text)
            made.replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise CommandError(_("{path} could not be written: {why}.", path=path, why=why)) from error


def read_meta(path: Path) -> dict[str, Any]:
    """Return what a picture written here says of where it came from; empty for other pictures."""
    with Image.open(path, formats=["PNG"]) as image:
        image.load()
        text = getattr(image, "text", {}).get(KEY, "{}")
    found = json.loads(text)
    return found if isinstance(found, dict) else {}


def check_picture(path: Path, size: tuple[int, int]) -> None:
    """Refuse endings and sizes that a picture cannot have."""
    if path.suffix.lower() != ".png":
        raise CommandError(
            _("A picture is written as .png, not as '{suffix}'.", suffix=path.suffix or path.name)
        )
    check_size(size)


def check_size(size: tuple[int, int]) -> None:
    """Refuse sizes that pictures cannot have."""
    if not all(1 <= side <= LARGEST for side in size):
        wide, high = size
        raise CommandError(
            _(
                "A picture has 1 to {most} pixels per side, not {wide} x {high}.",
                most=LARGEST,
                wide=wide,
                high=high,
            )
        )


def _encoded(pixels: Pixels, texts: Mapping[str, str]) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        # iTXt and nothing older: it is the only kind that holds Chinese.
        info.add_itxt(key, text)
    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(pixels))
    # Level 4 is a third of the time of the default for a few percent of size.
    image.save(buffer, format="PNG", pnginfo=info, compress_level=4)
    return buffer.getvalue()


@contextlib.contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """Make an empty file beside `path`, to be renamed to it when it is whole; it is gone after."""
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    made = Path(name)
    try:
        # mkstemp lets only the owner read; a picture gets what a plain new file would.
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o666 & ~mask)
        yield made
    finally:
        made.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            if file.write(piece) != len(piece):
                raise OSError(28, _("the disk is full"))
        os.fsync(file.fileno())


def _read_back(path: Path, pixels: Pixels, text: str) -> None:
    try:
        with Image.open(path, formats=["PNG"]) as image:
            same = image.size == pixels.shape[1::-1] and np.array_equal(np.asarray(image), pixels)
            same = same and getattr(image, "text", {}).get(KEY) == text
    except (OSError, SyntaxError, ValueError) as error:
        raise OSError(5, _("what was read back differs from what was written")) from error
    if not same:
        raise OSError(5, _("what was read back differs from what was written"))
