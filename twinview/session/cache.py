"""Where heavy things lie that can be made again: parts of files, results."""

import contextlib
import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

from twinview import paths

_numbers = itertools.count(1)


def folder(project: Path | None) -> Path:
    """Return the cache folder of a project.

    It is ``name.twin.cache`` beside the project; where that place is not writable, is shipped with
    the program, or nothing is saved yet, it lies in the user's cache folder.
    """
    if project is None:
        return paths.user_cache() / "unsaved"
    beside = project.with_name(project.name + ".cache")
    shipped = project.resolve().is_relative_to(paths.demo_folder().resolve())
    if not shipped and paths.writable(beside):
        return beside
    name = hashlib.sha256(os.fsencode(project.resolve())).hexdigest()[:16]
    return paths.user_cache() / "projects" / f"{project.stem}-{name}"


def key(*things: Any) -> str:
    """Return a name for content that depends on `things` (JSON-able)."""
    text = json.dumps(things, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def fresh(place: Path) -> Path:
    """Return an empty folder beside `place`, to be renamed to it when it is whole."""
    # A job that was told to end may still be in the one before: each gets a folder of its own.
    working = place.with_name(f"{place.name}.{os.getpid()}-{next(_numbers)}.part")
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True)
    _sweep(place.parent)
    return working


def _sweep(folder: Path) -> None:
    """Remove what processes that are gone left half made."""
    for left in folder.glob("*.part"):
        pid = left.name.rsplit(".", 2)[1].partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(left, ignore_errors=True)


def publish(working: Path, place: Path) -> None:
    """Give a finished folder its name; one that is already there stays."""
    try:
        working.rename(place)
    except OSError:
        if not place.is_dir():
            raise
        shutil.rmtree(working, ignore_errors=True)


def link(source: Path, place: Path) -> None:
    """Have a folder stand at another place too, by links to its files.

    Nothing is copied: where no links can be made, such as on another disk, nothing happens.
    """
    if place.exists() or not source.is_dir():
        return
    half_made = shutil.ignore_patterns("*.part")
    working = fresh(place)
    try:
        shutil.copytree(
            source, working, ignore=half_made, copy_function=os.link, dirs_exist_ok=True
        )
        publish(working, place)
    except OSError:
        discard(working)


def prune(folder: Path, keep: int, group: Callable[[str], str | None]) -> None:
    """Leave only the `keep` newest folders of each group, told by the name, in a folder."""
    groups: dict[str | None, list[Path]] = {}
    for place in folder.iterdir() if folder.is_dir() else ():
        if place.is_dir():
            groups.setdefault(group(place.name), []).append(place)
    for places in groups.values():
        newest = sorted(places, key=lambda one: one.stat().st_mtime, reverse=True)
        for place in newest[keep:]:
            shutil.rmtree(place, ignore_errors=True)


def trim(folder: Path, most: int) -> None:
    """Remove those folders in a folder that were used longest ago, until `most` bytes are left.

    The newest one stays, however large.
    """
    sized = []
    for place in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            size = sum(one.stat().st_size for one in place.iterdir())
            sized.append((place.stat().st_mtime, size, place))
    total = 0
    for k, (_time, size, place) in enumerate(sorted(sized, reverse=True)):
        total += size
        if k and total > most:
            shutil.rmtree(place, ignore_errors=True)


def discard(place: Path) -> None:
    """Remove a folder that is not whole, if it is there."""
    shutil.rmtree(place, ignore_errors=True)
