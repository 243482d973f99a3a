"""What a city is drawn as: mapped from the project's cache, else made by a child that writes it.

The window draws; it makes nothing itself. A part that is there is mapped and told at once, a
missing one as soon as the child has written it.
"""

import contextlib
import itertools
import json
import logging
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job, Progress
from twinview.render import levels, making, shelf
from twinview.render.making import Part
from twinview.render.meshes.ground import Occlusion
from twinview.scene.view import Camera
from twinview.session import cache

FOLDER = "meshes"
MOST_BYTES = 4 << 30
"""What a project's cache holds of parts; what was not used for longest goes first."""
_BEAT = 0.1
_COMMAND = [sys.executable, "-I", "-m", "twinview.render.maker"]
_numbers = itertools.count()
_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Wish:
    """What shall be drawn.

    Parameters
    ----------
    twin
        The district.
    layers
        Ids of the layers whose parts are wanted.
    place
        Folder of the cache for parts.
    camera, aspect
        Who looks at it: what is seen comes first, nearest first; None where only the whole counts.
    """

    twin: Twin
    layers: tuple[str, ...]
    place: Path
    camera: Camera | None = None
    aspect: float = 1.6


@dataclass(frozen=True, eq=False)
class Shadows:
    """News: the map of what stands; parts that know it come after it."""

    chart: Occlusion | None


@dataclass(frozen=True, eq=False)
class Came:
    """News: a part of a layer."""

    layer: str
    part: Part


@dataclass(frozen=True, eq=False)
class Lost:
    """News: the parts of a layer that were told are not all; they come again from the first."""

    layer: str


News = Shadows | Came | Lost
_PER_CORNER = 430
"""Bytes of memory that a corner of a shape takes when it is drawn in full (boxes, measured)."""


def place(project: Path | None) -> Path:
    """Return the folder of the cache for a project's parts."""
    return cache.folder(project) / FOLDER


def needed(twin: Twin) -> int:
    """Return about how many bytes of memory drawing a district in full takes."""
    return _PER_CORNER * corners(twin)


def corners(twin: Twin) -> int:
    """Return how many corners the shapes of a district have."""
    shapes = (one.geometry for one in twin.layers.values())
    return sum(len(one.coords) for one in shapes if one is not None)


def supply(wish: Wish, tell: Callable[[News], None]) -> Job[None]:
    """Have all parts of a district made or mapped, and tell each; closing the job ends the child.

    Parameters
    ----------
    wish
        What shall be drawn.
    tell
        Takes the news, on the thread that runs the job.

    Raises
    ------
    CommandError
        When the child was ended from outside, as by a system without memory.
    """
    yield Progress(0.0, _message())
    keys = _keys(wish)
    chart = _chart(wish, keys.chart)
    if isinstance(chart, Shadows):
        _ready(chart)
        tell(chart)
    missing: dict[str, str] = {}
    for layer_id, key in keys.layers.items():
        whole = yield from _stored(wish, layer_id, key, tell)
        if not whole:
            missing[layer_id] = key
    if missing or (keys.chart and chart is None):
        yield from _made(wish, keys.chart, missing, tell)
    cache.trim(wish.place, MOST_BYTES)


def _message() -> str:
    return _("Preparing the picture")


@dataclass(frozen=True, eq=False)
class _Keys:
    chart: str | None
    layers: Mapping[str, str]


def _keys(wish: Wish) -> _Keys:
    """Return the names of what is wanted; the chart's is None where nothing wanted knows it."""
    twin = wish.twin
    standing = [one for one in making.casting(twin) if making.drawable(one)]
    hashes = {one: shelf.content(twin.layers[one]) for one in wish.layers}
    wants = any(twin.layers[one].kind in making.CASTING for one in wish.layers)
    chart = None
    if wants:
        chart = shelf.chart_key(hashes.get(one.id) or shelf.content(one) for one in standing)
    layers = {
        one: shelf.layer_key(twin.layers[one].kind, hashes[one], chart or "") for one in wish.layers
    }
    return _Keys(chart, layers)


def _ready(news: Shadows) -> None:
    """Have the picture of the map ready: the window shall not wait for it."""
    if news.chart is not None:
        news.chart.picture()


# ----------------------------------------------------------------------------------------- mapping
def _chart(wish: Wish, key: str | None) -> Shadows | None:
    """Return the map of what stands, None where it is wanted and not there."""
    if key is None:
        return None
    folder = wish.place / key
    try:
        known = shelf.listed(folder)
        if known is None:
            return None
        _use(folder)
        return Shadows(shelf.load_chart(folder, known[0]) if known else None)
    except shelf.Damaged as error:
        _forget(folder, error)
        return None


def _stored(wish: Wish, layer_id: str, key: str, tell: Callable[[News], None]) -> Job[bool]:
    """Tell the parts of a layer that are in the cache; return whether these are all."""
    folder, elements = wish.place / key, len(wish.twin.layers[layer_id])
    told = False
    try:
        known = shelf.listed(folder)
        if known is None:
            return False
        for k, said in enumerate(_nearest(known, wish)):
            tell(Came(layer_id, shelf.load_part(folder, said, elements)))
            told = True
            yield Progress((k + 1) / len(known), _message())
    except shelf.Damaged as error:
        _forget(folder, error)
        if told:
            tell(Lost(layer_id))
        return False
    _use(folder)
    return True


def _nearest(known: list[shelf.Said], wish: Wish) -> list[shelf.Said]:
    """Return parts in the order in which they are wanted: what is seen first, nearest first."""
    try:
        corners = np.array([said["box"] for said in known], np.float64).reshape(-1, 2, 3)
    except (KeyError, ValueError, TypeError) as error:
        raise shelf.Damaged(str(error)) from error
    if wish.camera is None:
        return known
    order = levels.nearest(wish.camera, wish.aspect, corners[:, 0], corners[:, 1])
    return [known[k] for k in order]


def _use(folder: Path) -> None:
    """Note that a folder was used."""
    with contextlib.suppress(OSError):
        os.utime(folder)


def _forget(folder: Path, error: Exception) -> None:
    _log.info("%s is made again: %s", folder, error)
    cache.discard(folder)


# ------------------------------------------------------------------------------------------ making
def _made(
    wish: Wish, chart: str | None, missing: Mapping[str, str], tell: Callable[[News], None]
) -> Job[None]:
    """Have a child make what is missing; where it cannot write, make it here."""
    try:
        yield from _by_child(wish, chart, missing, tell)
    except OSError as error:  # no room, or no place to write
        _log.info("parts are made without a cache: %s", error)
        yield from _here(wish, missing, tell)


def _by_child(
    wish: Wish, chart: str | None, missing: Mapping[str, str], tell: Callable[[News], None]
) -> Job[None]:
    folder = cache.fresh(wish.place / f"hand-{next(_numbers)}")
    try:
        request = _request(wish, chart, missing, folder)
        yield Progress(0.0, _message())
        with _child(request) as lines:
            fraction = 0.0
            while (line := _line(lines)) != "":
                if line is not None:
                    said = json.loads(line)
                    fraction = said.get("progress", fraction)
                    _told(wish, chart, missing, said, tell)
                yield Progress(fraction, _message())
    finally:
        cache.discard(folder)


def _request(
    wish: Wish, chart: str | None, missing: Mapping[str, str], folder: Path
) -> dict[str, Any]:
    """Write what the child needs, and return what it is asked for."""
    needed = set(missing)
    if chart is not None and shelf.listed(wish.place / chart) is None:
        needed |= {one.id for one in making.casting(wish.twin)}
    handed = {}
    for k, (layer_id, layer) in enumerate(wish.twin.layers.items()):
        if layer_id in needed and making.drawable(layer):
            shelf.hand(layer, folder / str(k))
            handed[layer_id] = str(folder / str(k))
    eye = wish.camera
    return {
        "place": str(wish.place),
        "layers": handed,
        "wanted": dict(missing),
        "chart": chart,
        "camera": None if eye is None else [eye.position, eye.focus, eye.angle],
        "aspect": wish.aspect,
    }


def _told(
    wish: Wish, chart: str | None, missing: Mapping[str, str], said: dict[str, Any],
    tell: Callable[[News], None],
) -> None:  # fmt: skip
    """Pass on what the child says."""
    if "failed" in said:
        raise OSError(said["failed"])
    if "chart" in said:
        assert chart is not None
        known = said["chart"]
        found = Shadows(None if known is None else shelf.load_chart(wish.place / chart, known))
        _ready(found)
        tell(found)
    elif "part" in said:
        layer_id = said["layer"]
        folder, elements = wish.place / missing[layer_id], len(wish.twin.layers[layer_id])
        tell(Came(layer_id, shelf.load_part(folder, said["part"], elements)))


@contextlib.contextmanager
def _child(request: Mapping[str, Any]) -> "Iterator[queue.SimpleQueue[str]]":
    """Start the child and yield the queue of its lines; it has ended afterwards."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    with tempfile.TemporaryFile() as errors:
        running = subprocess.Popen(
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            encoding="utf-8",
            process_group=0,
        )
        assert running.stdin is not None
        assert running.stdout is not None
        listener = threading.Thread(target=_listen, args=(running.stdout, lines), daemon=True)
        listener.start()
        try:
            with contextlib.suppress(BrokenPipeError):
                running.stdin.write(json.dumps(request) + "\n")
                running.stdin.close()
            yield lines
            code = running.wait()
            errors.seek(0)
            _judge(code, errors.read()[-2000:].decode(errors="replace"))
        finally:
            running.kill()
            running.wait()
            listener.join()
            running.stdout.close()


def _listen(stream: IO[str], lines: "queue.SimpleQueue[str]") -> None:
    for line in stream:
        lines.put(line)
    lines.put("")


def _line(lines: "queue.SimpleQueue[str]") -> str | None:
    """Return the child's next line, "" when there are no more, None when none came for a while."""
    try:
        return lines.get(timeout=_BEAT)
    except queue.Empty:
        return None


def _judge(code: int, said: str) -> None:
    """Raise what the end of a child means."""
    if os.name == "posix" and code in {-signal.SIGKILL, -signal.SIGABRT}:
        raise CommandError(
            _(
                "The picture is not whole: making it needs more memory than there is. Close other "
                "programs and open the project again, or leave layers out."
            )
        )
    if code:
        _log.warning("The maker of parts ended with %s: %s", code, said)
        raise OSError(said)


def _here(wish: Wish, missing: Mapping[str, str], tell: Callable[[News], None]) -> Job[None]:
    """Make what is missing on this thread, and keep nothing."""
    chart = making.shadows(wish.twin)
    news = Shadows(chart)
    _ready(news)
    tell(news)
    for k, layer_id in enumerate(missing):
        tell(Lost(layer_id))
        layer = wish.twin.layers[layer_id]
        for part in making.parts(layer, chart, wish.camera, wish.aspect):
            tell(Came(layer_id, part))
            yield Progress(k / len(missing), _message())
