"""Work that was not saved: kept in the user's state folder while a window is open.

Each window writes one file after edits and takes it away when there is nothing to lose. A file
whose program does not run any more is what a crash, a kill or a power cut has left.
"""

import itertools
import json
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

from twinview import paths
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import Job, Progress, part_of
from twinview.session.files import atomic_write, settle
from twinview.session.opening import build, read_sources
from twinview.session.project import SUFFIX, Project, from_data, load, relative, to_text
from twinview.session.store import State

log = logging.getLogger(__name__)

_SUFFIX, _BEFORE, _PICTURE = ".json", ".before.json", ".png"
_SAME = 1.0
"""Seconds within which two starts of a process are one."""
_numbers = itertools.count(1)


def folder() -> Path:
    """Return where unsaved work is kept (not necessarily existing)."""
    return paths.user_state() / "recovery"


@dataclass(frozen=True, eq=False)
class Lost:
    """Work that somebody has not saved.

    Parameters
    ----------
    key
        Names it among others.
    name
        Of the project.
    home
        The project's own file; None where it had none.
    when
        When it was kept, local.
    data
        As it was written.
    """

    key: str
    name: str
    home: Path | None
    when: datetime
    data: Mapping[str, Any]

    @property
    def picture(self) -> Path:
        """Where a picture of it lies, if there is one."""
        return folder() / (self.key + _PICTURE)


def content_of(state: State) -> dict[str, Any]:
    """Return what is open as it is written: project and view, where its files are, and whose it is.

    Parameters
    ----------
    state
        What is open.
    """
    home = state.path or Path.cwd() / f"unnamed{SUFFIX}"
    understood = state.understood
    return {
        "name": state.project.name,
        "home": None if state.path is None else str(state.path.resolve()),
        # Only what could be read: a project does not gain rights by being recovered.
        "files": [str((home.parent / one.path).resolve()) if one.id in understood else None
                  for one in state.project.sources],
        "when": datetime.now().astimezone().isoformat(timespec="seconds"),
        "pid": os.getpid(),
        "began": psutil.Process().create_time(),
        "project": json.loads(to_text(state.project, state.view)),
    }  # fmt: skip


class Keeper:
    """Keeps the unsaved work of one window."""

    def __init__(self) -> None:
        self.key = f"{os.getpid()}-{next(_numbers)}"

    @property
    def file(self) -> Path:
        """Where the work is kept."""
        return folder() / (self.key + _SUFFIX)

    @property
    def picture(self) -> Path:
        """Where a picture of it may be put."""
        return folder() / (self.key + _PICTURE)

    def keep(self, state: State) -> None:
        """Write what is open; what was kept before stays beside it.

        It is safe from a crash of the program at once, and from a power cut after `settle`.

        Raises
        ------
        CommandError
            When nothing can be written there.
        """
        content = content_of(state)
        try:
            if self.file.exists():
                self.file.replace(folder() / (self.key + _BEFORE))
        except OSError as error:
            log.info("the earlier recovery file was not kept: %s", error)
        atomic_write(
            self.file, json.dumps(content, ensure_ascii=False, indent=1).encode(), settled=False
        )

    def settle(self) -> None:
        """Wait until what was kept is on the disk."""
        try:
            settle(self.file)
        except OSError as error:
            log.info("the recovery file is not on the disk yet: %s", error)

    def forget(self) -> None:
        """Take away what was kept: there is nothing to lose any more."""
        forget(self.key)


def forget(key: str) -> None:
    """Take away what was kept under a key."""
    for suffix in (_SUFFIX, _BEFORE, _PICTURE):
        try:
            (folder() / (key + suffix)).unlink(missing_ok=True)
        except OSError as error:
            log.info("a recovery file stays: %s", error)


def lost() -> list[Lost]:
    """Return what programs that do not run any more have left, newest first."""
    return sorted(_left(), key=lambda one: one.when, reverse=True)


def find(key: str = "") -> Lost:
    """Return lost work by its key, the newest where none is named; or raise CommandError."""
    known = lost()
    if not known:
        raise CommandError(_("There is no unsaved work to recover."))
    found = next((one for one in known if key in {"", one.key}), None)
    if found is None:
        keys = ", ".join(one.key for one in known)
        raise CommandError(
            _("There is no unsaved work '{key}'; there is {known}.", key=key, known=keys)
        )
    return found


def _left() -> Iterator[Lost]:
    if not folder().is_dir():
        return
    names = {file.name for file in folder().glob(f"*{_SUFFIX}")}
    for key in sorted({name.removesuffix(_SUFFIX).removesuffix(".before") for name in names}):
        found = _read(key)
        if found is not None and not _runs(found.data):
            yield found


def _read(key: str) -> Lost | None:
    """Return what was kept under a key: the last, or the one before where that is damaged."""
    for suffix in (_SUFFIX, _BEFORE):
        try:
            data = json.loads((folder() / (key + suffix)).read_bytes())
            home = data["home"]
            when = datetime.fromisoformat(data["when"])
            from_data(folder(), dict(data["project"]))
            return Lost(key, str(data["name"]), None if home is None else Path(home), when, data)
        except (OSError, ValueError, KeyError, TypeError, CommandError) as error:
            log.info("%s%s cannot be recovered: %s", key, suffix, error)
    return None


def _runs(data: Mapping[str, Any]) -> bool:
    """Tell whether the program that kept something is running, and not another of its number."""
    try:
        began = psutil.Process(int(data["pid"])).create_time()
        return abs(began - float(data["began"])) < _SAME
    except (psutil.Error, ValueError, KeyError, TypeError):
        return False


def recover(work: Lost) -> Job[State]:
    """Open unsaved work as it was, still unsaved.

    Parameters
    ----------
    work
        What is to come back.
    """
    project, view, problems = from_data(work.home or folder(), dict(work.data["project"]))
    named = [None if one is None else Path(one) for one in work.data["files"]]
    files = [*named, *[None] * len(project.sources)][: len(project.sources)]
    if work.home is None:
        project = _from_here(project, files)
    content = yield from part_of(read_sources(project, work.home, chosen=files), 0.0, 0.9)
    yield Progress(0.9, _("Putting the district together"))
    state = build(project, view, work.home, content, problems)
    return replace(state, saved=_saved(work.home))


def _from_here(project: Project, files: Sequence[Path | None]) -> Project:
    """Return a project that has no file, its sources written relative to the folder we are in."""
    here = Path.cwd() / f"unnamed{SUFFIX}"
    sources = tuple(
        source if file is None else source.model_copy(update={"path": relative(file, here)})
        for source, file in zip(project.sources, files, strict=True)
    )
    return project.model_copy(update={"sources": sources})


def _saved(home: Path | None) -> Project | None:
    """Return the project as it is on disk; None where it is not."""
    try:
        return None if home is None else load(home)[0]
    except CommandError:
        return None
