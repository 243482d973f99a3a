"""Films: one instant after another, each written on like a picture; as numbered pictures or a file.

Pictures are made by the way that a window scrubs by: what stands still is drawn once, and what is
written changes only where a number or the clock does.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from PySide6.QtGui import QImage, QPainter

from twinview.draw.fonts import ensure_application
from twinview.draw.hud import PARTS
from twinview.exporters.encoder import check_kind, encoder, program
from twinview.exporters.panes import Easel
from twinview.exporters.picture import check_size, read_meta, save_png, write_on
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job, Progress, part_of
from twinview.render.reel import Reel
from twinview.render.studio import Shot, Stock, made_at_once
from twinview.scene.paint import Scene
from twinview.scene.painting import NOTHING, Beside
from twinview.scene.panes import panes_of
from twinview.scene.resolve import resolve
from twinview.scene.view import View

Pixels = npt.NDArray[np.uint8]
FASTEST = 240
"""Pictures a second that players and ffmpeg's kinds of files still agree about."""
_BROUGHT = 0.1
"""Share of the work that bringing the district before the camera is."""
_MOVING = frozenset({"clock", "pins", "readouts"})
_NUMBERED = re.compile(r"frame-(\d{5,})\.png")


@dataclass(frozen=True, eq=False)
class Film:
    """What a film shows.

    Parameters
    ----------
    twin
        The district.
    views
        One for each frame, of one theme: settled as `resolve` returns them, where frames of one
        camera come quickest, or all with panes.
    size
        Width and height, pixels.
    title
        Text on top of each frame.
    fps
        Frames a second.
    meta
        What a frame says of where it came from, by its view (JSON-able).
    beside
        Styles, and the cases that a difference may be taken from.
    stock
        Brings the district to what draws.
    """

    twin: Twin
    views: Sequence[View]
    size: tuple[int, int]
    title: str
    fps: int = 30
    meta: Callable[[View], Mapping[str, Any]] = field(default=lambda _view: {})
    beside: Beside = NOTHING
    stock: Stock = made_at_once


@dataclass(frozen=True)
class Made:
    """How many frames a film has, how many of them were there already, and how many came cheap."""

    frames: int
    kept: int
    recoloured: int


class Writer:
    """Writes on frames; what stays as it was is drawn once.

    Parameters
    ----------
    size
        Width and height of the frames.
    title
        Text on top of each.
    """

    def __init__(self, size: tuple[int, int], title: str) -> None:
        ensure_application()
        self._title = title
        self._still = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        self._key: object = None

    def write(self, shot: Shot, scene: Scene) -> Pixels:
        """Write on a shot's image (blue, green, red and a byte each), and return it."""
        height, width = shot.image.shape[:2]
        canvas = QImage(shot.image.data, width, height, width * 4, QImage.Format.Format_RGB32)
        texts = (self._title, "")
        taken = write_on(canvas, shot, scene, texts, _MOVING)
        places = [(name, rect.getRect()) for name, rect in taken.items()]
        key = (scene.legend, scene.labels, scene.about, scene.theme, shot.camera, places)
        if key != self._key:
            self._still.fill(0)
            write_on(self._still, shot, scene, texts, PARTS - _MOVING)
            self._key = key
        painter = QPainter(canvas)
        painter.drawImage(0, 0, self._still)
        painter.end()
        return shot.image


def check(path: Path, size: tuple[int, int], fps: int) -> None:
    """Refuse what cannot become a film, before anything is computed.

    Raises
    ------
    CommandError
        For endings, sizes and speeds that cannot be, and where ffmpeg is missing.
    """
    check_size(size)
    if not 1 <= fps <= FASTEST:
        raise CommandError(_("--fps is 1 to {most}, not {fps}.", most=FASTEST, fps=fps))
    if not into_folder(path):
        check_kind(path.suffix.lower(), size)
        program(path.suffix.lower())


def into_folder(path: Path) -> bool:
    """Tell whether a film goes into a folder as numbered pictures."""
    return path.is_dir() or not path.suffix


def film_job(film: Film, path: Path) -> Job[Made]:
    """Make a film; what is half made when this ends early is not left behind.

    Parameters
    ----------
    film
        What it shows.
    path
        A file (see `encoder.KINDS`), or a folder for ``frame-00001.png`` and so on: frames that a
        run before this one finished there are kept.
    """
    check(path, film.size, film.fps)
    made = yield from (_pictures if into_folder(path) else _encoded)(film, path)
    return made


def _encoded(film: Film, path: Path) -> Job[Made]:
    comment = json.dumps(dict(film.meta(film.views[0])), ensure_ascii=False, sort_keys=True)
    with encoder(path, film.size, film.fps, film.title, comment) as put:
        cheap = yield from _taken(film, film.views, lambda _k, pixels: put(pixels))
    return Made(len(film.views), 0, cheap)


def _pictures(film: Film, folder: Path) -> Job[Made]:
    folder.mkdir(parents=True, exist_ok=True)
    _check_folder(folder, len(film.views))
    every = [(view, folder / f"frame-{number:05}.png") for number, view in enumerate(film.views, 1)]
    wanted = [one for one in every if not _finished(*one, film)]

    def put(k: int, pixels: Pixels) -> None:
        view, place = wanted[k]
        save_png(place, pixels[..., 2::-1], film.meta(view), film.title)

    cheap = (yield from _taken(film, [view for view, _place in wanted], put)) if wanted else 0
    return Made(len(every), len(every) - len(wanted), cheap)


def _taken(film: Film, views: Sequence[View], put: Callable[[int, Pixels], None]) -> Job[int]:
    """Take the pictures of views, hand on each with its number; return how many came cheap.

    Pixels are blue, green, red and a byte without meaning; the next frame is written over them.
    """
    if views[0].panes:
        yield from _side_by_side(film, views, put)
        return 0
    reel, cheap = Reel(film.size, len(views)), 0
    try:
        yield from part_of(reel.show(film.twin, views[0].theme, film.stock), 0.0, _BROUGHT)
        writer, report = Writer(film.size, film.title), _Report(len(views))
        for k, view in enumerate(views):
            scene = resolve(film.twin, view, film.beside)
            before = reel.recoloured
            put(k, writer.write(reel.shoot(scene), scene))
            cheap += reel.recoloured - before
            yield report.next()
    finally:
        reel.close()
    return cheap


def _side_by_side(
    film: Film, views: Sequence[View], put: Callable[[int, Pixels], None]
) -> Job[None]:
    """Take the pictures of views with panes: the same to the pixel as each alone."""
    report = _Report(len(views))
    with closing(Easel(film.size, film.title, film.stock)) as easel:
        for k, view in enumerate(views):
            job = easel.picture(panes_of(film.twin, view, film.beside))
            # What is brought before the camera later is a case that had nothing to show before.
            begun = report.fraction
            pixels = yield from part_of(job, begun, max(begun, _BROUGHT))
            put(k, np.ascontiguousarray(pixels[..., [2, 1, 0, 3]]))
            yield report.next()


def _finished(view: View, place: Path, film: Film) -> bool:
    """Tell whether a frame is there, whole, and of the same project, view and size."""
    try:
        with Image.open(place, formats=["PNG"]) as image:
            same = image.size == film.size
        return same and read_meta(place) == json.loads(json.dumps(dict(film.meta(view))))
    except (OSError, SyntaxError, ValueError):
        return False


def _check_folder(folder: Path, count: int) -> None:
    """Refuse a folder with frames that would stay behind the film's last one."""
    found = (_NUMBERED.fullmatch(one.name) for one in folder.iterdir())
    beyond = [one[0] for one in found if one and not 1 <= int(one[1]) <= count]
    if beyond:
        raise CommandError(
            _(
                "{folder} holds frames of a longer film, such as {name}; choose another folder or "
                "remove them.",
                folder=folder,
                name=min(beyond),
            )
        )


class _Report:
    """Tells how far a film is."""

    def __init__(self, count: int) -> None:
        self._count, self.done = count, 0

    def next(self) -> Progress:
        """Return the progress after one more frame."""
        self.done += 1
        text = _("Frame {done} of {count}", done=self.done, count=self._count)
        return Progress(self.fraction, text)

    @property
    def fraction(self) -> float:
        """How much is done; nothing before the first frame."""
        return _BROUGHT + (1 - _BROUGHT) * self.done / self._count if self.done else 0.0
