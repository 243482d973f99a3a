"""Earlier versions of saved projects: the last few are kept in the user's state folder."""

import hashlib
import json
import logging
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from twinview import paths
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.progress import Job, Progress, part_of
from twinview.session.files import atomic_write
from twinview.session.opening import build, read_sources
from twinview.session.project import Project, from_data, load
from twinview.session.store import State

log = logging.getLogger(__name__)

MOST = 3
"""Versions of a project that are kept."""


@dataclass(frozen=True)
class Version:
    """An earlier version of a project.

    Parameters
    ----------
    number
        1 for the last one before the file as it is.
    file
        Where it is kept.
    when
        When it was put away, local.
    """

    number: int
    file: Path
    when: datetime


def folder(project: Path) -> Path:
    """Return where versions of a project are kept (not necessarily existing)."""
    key = hashlib.sha256(str(project.resolve()).encode()).hexdigest()[:24]
    return paths.user_state() / "versions" / key


def keep(project: Path) -> None:
    """Put the file of a project away, as it is, before it is written over.

    What cannot be kept is no reason not to save.
    """
    places = [folder(project) / f"{k}.json" for k in range(1, MOST + 1)]
    try:
        if not project.exists():
            return
        content = project.read_bytes()
        if places[0].exists() and places[0].read_bytes() == content:
            return
        for newer, older in reversed(list(pairwise(places))):
            if newer.exists():
                newer.replace(older)
        atomic_write(places[0], content, settled=False)
    except (OSError, CommandError) as error:
        log.info("the version before is not kept: %s", error)


def kept(project: Path) -> list[Version]:
    """Return the versions of a project that are kept, the last one first."""
    found = []
    for k in range(1, MOST + 1):
        file = folder(project) / f"{k}.json"
        if file.exists():
            when = datetime.fromtimestamp(file.stat().st_mtime).astimezone()
            found.append(Version(k, file, when))
    return found


def restore(project: Path, number: int) -> Job[State]:
    """Open an earlier version of a project in its place, unsaved: saving makes it the newest.

    Parameters
    ----------
    project
        The project's file, which is left alone.
    number
        Which version, 1 for the last.

    Raises
    ------
    CommandError
        When there is no such version, or it is damaged.
    """
    version = next((one for one in kept(project) if one.number == number), None)
    if version is None:
        known = ", ".join(str(one.number) for one in kept(project)) or _("none")
        raise CommandError(
            _("There is no version {number} of {path}; kept are: {known}.",
              number=number, path=project.name, known=known)
        )  # fmt: skip
    try:
        data = json.loads(version.file.read_bytes())
        decided, view, problems = from_data(project, data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(_("This version of {path} is damaged.", path=project.name)) from error
    content = yield from part_of(read_sources(decided, project), 0.0, 0.9)
    yield Progress(0.9, _("Putting the district together"))
    return replace(build(decided, view, project, content, problems), saved=_on_disk(project))


def _on_disk(project: Path) -> Project | None:
    try:
        return load(project)[0]
    except CommandError:
        return None


def offering(job: Job[State], project: Path) -> Job[State]:
    """Open a project; where that fails, say that earlier versions are kept."""
    try:
        return (yield from job)
    except CommandError as error:
        if not kept(project):
            raise
        raise CommandError(
            _("{why} An earlier version is kept: 'Restore an earlier version' opens it.", why=error)
        ) from error
