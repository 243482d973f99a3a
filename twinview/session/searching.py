"""Files that were moved: found again by name and content, and linked anew with all beside them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.progress import Job, Progress, part_of
from twinview.readers.guard import file_hash
from twinview.session.following import following, names_after, told_of_both, told_of_held
from twinview.session.joining import collected, source_named
from twinview.session.opening import build, files_of, read_sources
from twinview.session.project import SUFFIX, Project, Source, relative
from twinview.session.store import Edited, State

MOST = 200_000
"""Files and folders that are looked at in one search."""
LISTED = 50
"""Candidates that are kept."""


@dataclass(frozen=True)
class Candidate:
    """A file that may be a source that was moved.

    Parameters
    ----------
    path
        Where it is.
    named
        Whether it has the source's name.
    same
        Whether its content is that of the source; None where the project does not know that.
    """

    path: Path
    named: bool
    same: bool | None


@dataclass(frozen=True, eq=False)
class Search:
    """What a search came to.

    Parameters
    ----------
    found
        Candidates, best first.
    looked_at
        Files and folders that were looked at.
    whole
        Whether that were all there are.
    """

    found: tuple[Candidate, ...]
    looked_at: int
    whole: bool


def gone(state: State) -> list[Source]:
    """Return the sources of a project that were not read because their files are not there."""
    files = files_of(state)
    return [
        source
        for source, file in zip(state.project.sources, files, strict=True)
        if file is None or not file.exists()
    ]


def place_of(state: State, source: Source) -> Path:
    """Return where a source should be."""
    return Path(os.path.normpath(_home(state).parent / source.path))


def _home(state: State) -> Path:
    return state.path or Path.cwd() / f"unnamed{SUFFIX}"


def search(state: State, source: Source, folders: Sequence[Path]) -> Job[Search]:
    """Look for a source below folders: by its name, and by its content under any name.

    Parameters
    ----------
    state
        What is open.
    source
        What is looked for.
    folders
        Where; the project's own one comes first in any case.
    """
    own = [_home(state).resolve().parent] if state.path is not None else []
    name = Path(source.path).name.casefold()
    seen: dict[Path, None] = {}
    looked_at, whole = 0, True
    for path in _below([*own, *folders]):
        looked_at += 1
        if looked_at % 500 == 0:
            yield Progress(0.0, _("{count} files looked at", count=looked_at))
        if looked_at > MOST:
            whole = False
            break
        if path.name.casefold() == name or _sized(path, source):
            seen.setdefault(path)
    found = []
    for k, path in enumerate(seen):
        yield Progress(k / len(seen), _("Comparing {file}", file=path.name))
        one = Candidate(path, path.name.casefold() == name, _same(path, source))
        if one.named or one.same:
            found.append(one)
    found.sort(key=lambda one: (one.same is not True, not one.named, len(one.path.parts)))
    return Search(tuple(found[:LISTED]), looked_at, whole)


def _below(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the files and folders below folders, none twice, without hidden ones and caches."""
    known: set[str] = set()
    for top in folders:
        for place, inner, files in os.walk(top):
            inner[:] = sorted(one for one in inner if not one.startswith(".")
                              and not one.endswith(".cache"))  # fmt: skip
            if place in known:
                inner[:] = []
                continue
            known.add(place)
            for one in sorted([*files, *inner]):
                yield Path(place) / one


def _sized(path: Path, source: Source) -> bool:
    try:
        return source.size > 0 and path.is_file() and path.stat().st_size == source.size
    except OSError:
        return False


def _same(path: Path, source: Source) -> bool | None:
    if not source.digest:
        return None
    try:
        return file_hash(path) == source.digest
    except OSError:
        return False


def together(state: State, source: Source, file: Path) -> list[tuple[Source, Path]]:
    """Return the source with its new file, and all others that moved with it.

    What the old and the new path end in alike stayed as it was; what stands before it moved. Other
    files that are gone and lay below the old place are looked for below the new one.
    """
    old, new = place_of(state, source), Path(os.path.normpath(file.absolute()))
    pairs = zip(reversed(old.parts), reversed(new.parts), strict=False)
    alike = next(
        (k for k, (a, b) in enumerate(pairs) if a != b), min(len(old.parts), len(new.parts))
    )
    cut = max(alike, 1)
    before, after = Path(*old.parts[:-cut]), Path(*new.parts[:-cut])
    found = [(source, new)]
    for other in gone(state):
        place = place_of(state, other)
        if other.id != source.id and place.is_relative_to(before):
            moved = after / place.relative_to(before)
            if moved.exists():
                found.append((other, moved))
    return found


def relinked(state: State, old: str, new: Path) -> Job[Edited]:
    """Return the edit that gives a source its new file, and all that moved with it theirs.

    Parameters
    ----------
    state
        What is open.
    old
        Id, path or name of a source.
    new
        The file, or a folder to look for it in.

    Raises
    ------
    CommandError
        For a source that is not known, and a file that is not there or not the only one.
    """
    source = source_named(state, old)
    file = yield from part_of(_file_for(state, source, new.expanduser()), 0.0, 0.3)
    moved = {one.id: path for one, path in together(state, source, file)}
    asked = _linked(state, moved, told_of_both)
    files = [moved.get(one.id, file) for one, file in
             zip(state.project.sources, files_of(state), strict=True)]  # fmt: skip
    content = yield from part_of(read_sources(asked, state.path, chosen=files), 0.3, 0.9)
    held = {id_: {layer.id for layer in part.layers} for id_, part in content.parts.items()}
    project = _linked(
        state, moved, lambda one, file: told_of_held(one, file, held.get(one.id, set()))
    )
    yield Progress(0.9, _("Putting the district together"))
    changed = [
        one
        for one in state.project.sources
        if one.id in moved and one.digest not in ("", content.hashes.get(one.id, ""))
    ]
    said = [_other_content(one) for one in changed]
    names = names_after(collected(content), state.project.sources, moved)
    made = build(following(project, names), state.view, state.path, content, said)
    return Edited(made.project, made.base, understood=made.understood, names=names)


def _linked(
    state: State, moved: Mapping[str, Path], told: Callable[[Source, Path], Source]
) -> Project:
    """Return the project with the new files of its sources, and what is told of their layers."""
    home = _home(state)
    sources = tuple(
        told(one, moved[one.id]).model_copy(update={"path": relative(moved[one.id], home)})
        if one.id in moved
        else one
        for one in state.project.sources
    )
    return state.project.model_copy(update={"sources": sources})


def _other_content(source: Source) -> Problem:
    return Problem(
        "warning",
        "source.changed",
        _("{path} was found, and holds other content than when it was last read.",
          path=Path(source.path).name),
        _("If it is another file, take the edit back and choose again."),
        source=source.path,
    )  # fmt: skip


def _file_for(state: State, source: Source, new: Path) -> Job[Path]:
    """Return the new file of a source: as named, or found in a folder."""
    if not new.exists():
        raise CommandError(_("{path} is not there; check the name.", path=new))
    name = Path(source.path).name
    if not new.is_dir() or (new.name == name and not Path(name).suffix):
        return new
    found = yield from search(replace(state, path=None), source, [new])
    same = [one for one in found.found if one.same] or list(found.found)
    if not same:
        raise CommandError(
            _("{name} was not found below {folder}; {count} files were looked at.",
              name=name, folder=new, count=found.looked_at)
        )  # fmt: skip
    if len(same) > 1 and not same[0].same:
        raise CommandError(
            _("Several files may be {name}; name one of {files}.",
              name=name, files=", ".join(str(one.path) for one in same[:5]))
        )  # fmt: skip
    return same[0].path
