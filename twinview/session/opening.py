"""Opening: sources are read in child processes (or mapped from the cache) and become a twin."""

import itertools
from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from twinview.i18n import _, language
from twinview.model.assemble import assemble
from twinview.model.part import Part
from twinview.model.problem import CommandError, NeedsAnswer, Problem, worst_first
from twinview.model.scenario import misnamed
from twinview.model.time import TimeAxis
from twinview.progress import Job, Progress, part_of
from twinview.readers.common.hours import with_times
from twinview.readers.common.origins import with_origin
from twinview.readers.common.said import checked
from twinview.readers.crs import district_crs, reproject
from twinview.readers.guard import READER_VERSION, Options, file_hash, probe, read_file
from twinview.readers.part_format import load_part
from twinview.scene.metered import remembering
from twinview.scene.view import View
from twinview.session import cache, trust
from twinview.session.asking import check_kinds, check_layer
from twinview.session.cases import make_cases
from twinview.session.digest import digest_of
from twinview.session.following import taken_too
from twinview.session.guarding import guess_said
from twinview.session.modelling import modelled
from twinview.session.project import SUFFIX, Project, Source, load, relative
from twinview.session.store import State, Understood

Shelf = MutableMapping[str, tuple[Part, str]]
"""Parts and hashes of files that need not be looked at again while one question is answered."""


@dataclass(frozen=True, eq=False)
class Content:
    """What a project's sources hold, before it becomes a twin.

    Parameters
    ----------
    parts, hashes, sizes
        By source id, for those that could be read: content, its hash, bytes of the file (0 for a
        folder).
    problems
        Of those that could not.
    """

    parts: Mapping[str, Part]
    hashes: Mapping[str, str]
    sizes: Mapping[str, int]
    problems: tuple[Problem, ...]


def open_project(path: Path) -> Job[State]:
    """Open a project file.

    Sources that are missing, not allowed or unreadable become problems; the rest opens.

    Parameters
    ----------
    path
        The ``.twin`` file.
    """
    project, view, problems = load(path)
    content = yield from part_of(read_sources(project, path), 0.0, 0.9)
    yield Progress(0.9, _("Putting the district together"))
    state = build(project, view, path, content, problems)
    return replace(state, saved=state.project)


def open_files(files: Sequence[Path], project_path: Path | None, options: Options) -> Job[State]:
    """Make a new project of data files, guessing what each is.

    Parameters
    ----------
    files
        What to open.
    project_path
        Where the project will be kept; None while that is open.
    options
        Answers given beforehand.

    Raises
    ------
    CommandError
        When none of the files can be opened.
    NeedsAnswer
        When a file needs an answer that `options` does not hold.
    """
    options = checked(options)  # refused before anything is read
    missing = [str(file) for file in files if not file.exists()]
    if missing:
        raise CommandError(_("{files} is not there; check the name.", files=", ".join(missing)))
    home = project_path or Path.cwd() / f"unnamed{SUFFIX}"
    name = project_path.stem if project_path else files[0].stem.removesuffix(".city")
    sources = _sources(files, home, options)
    if project_path is not None:
        trust.allow(project_path, list(files))
    project = Project(name=name, sources=sources, tz=options.tz or "")
    content = yield from part_of(read_sources(project, project_path, chosen=files), 0.0, 0.9)
    if not content.parts:
        raise CommandError(
            content.problems[0].message if content.problems else _("There is nothing to open.")
        )
    check_kinds(options, content.parts.values())
    check_layer(options, files, content.parts.values())
    yield Progress(0.9, _("Putting the district together"))
    state = build(project, View(), project_path, content, [])
    return replace(state, saved=None if project_path is None else state.project)


def _sources(files: Sequence[Path], home: Path, options: Options) -> tuple[Source, ...]:
    taken: dict[str, int] = {}
    sources = []
    for file in files:
        stem = file.name.split(".")[0] or "source"
        taken[stem] = taken.get(stem, 0) + 1
        unique = stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"
        sources.append(Source(id=unique, path=relative(file, home), options=options.as_dict()))
    return tuple(sources)


def read_sources(
    project: Project,
    home: Path | None,
    chosen: Sequence[Path | None] | None = None,
    shelf: Shelf | None = None,
) -> Job[Content]:
    """Read all sources of a project, each in a child process unless the cache has it.

    Parameters
    ----------
    project
        The project.
    home
        Its file, to which sources are relative; None while it has none.
    chosen
        The sources' files where the user has chosen them, None for those that may not be read;
        None for the whole looks them up by the project's own rules of what it may read.
    shelf
        What was read for the same question before, by path and options; more is put on it.
    """
    parts: dict[str, Part] = {}
    hashes: dict[str, str] = {}
    sizes: dict[str, int] = {}
    problems: list[Problem] = []
    place = cache.folder(home)
    for k, source in enumerate(project.sources):
        file = chosen[k] if chosen is not None else _allowed(home, source)
        step = 1 / len(project.sources)
        yield Progress(k * step, _("Reading {file}", file=Path(source.path).name))
        try:
            if file is None or not file.exists():
                problems.append(_unread(source, file))
                continue
            part, digest = yield from part_of(
                _taken(file, source, place, shelf), k * step, (k + 1) * step
            )
        except NeedsAnswer:
            raise
        except CommandError as error:
            problems.append(Problem("error", "source.unreadable", str(error), source=source.path))
            continue
        parts[source.id] = with_origin(part, source.options.get("origin"))
        hashes[source.id] = digest
        sizes[source.id] = file.stat().st_size if file.is_file() else 0
    return Content(parts, hashes, sizes, tuple(problems))


def _taken(file: Path, source: Source, place: Path, shelf: Shelf | None) -> Job[tuple[Part, str]]:
    """Return what a shelf has of a file, else what is read of it."""
    name = cache.key(file, source.options)
    known = None if shelf is None else shelf.get(name)
    found = known or (yield from _read_cached(file, source, place))
    if shelf is not None:
        shelf[name] = found
    return found


def _allowed(home: Path | None, source: Source) -> Path | None:
    return None if home is None else trust.resolved(home, source.path)


def _unread(source: Source, file: Path | None) -> Problem:
    if file is None:
        return Problem(
            "error",
            "source.outside",
            _("{path} was not opened: it lies outside the project's folder.", path=source.path),
            _(
                "If you trust it, choose it with 'Find...' under Problems or with 'file.relink "
                "{path} FILE', or move it beside the project.",
                path=source.path,
            ),
            source=source.path,
        )
    return Problem(
        "error",
        "source.missing",
        _("{path} is not there; the rest was opened.", path=source.path),
        _(
            "It stays in the project. Find it with 'Find...' under Problems, or with 'file.relink "
            "{path} NEW', where NEW is the file or a folder it is in.",
            path=source.path,
        ),
        source=source.path,
    )


def _read_cached(file: Path, source: Source, place: Path) -> Job[tuple[Part, str]]:
    """Return a file's content and hash, read anew only where the cache has nothing whole."""
    digest = file_hash(file)
    options = replace(Options.from_dict(source.options), origin=None)  # no reader asks for it
    # Titles and problems of a part are in the language of its reader.
    said = (READER_VERSION, language())
    name = cache.key(digest, probe(file), *said, options.as_dict(), file.name)
    folder = place / "parts" / name
    if folder.is_dir():
        try:
            return load_part(folder), digest
        except (OSError, ValueError, KeyError, CommandError):  # damaged: made again
            cache.discard(folder)
    working = cache.fresh(folder)
    try:
        yield from read_file(file, options, working)
        cache.publish(working, folder)
    finally:
        cache.discard(working)
    return load_part(folder), digest


def build(
    project: Project,
    view: View,
    path: Path | None,
    content: Content,
    problems: Sequence[Problem],
    fresh: Collection[str] = (),
) -> State:
    """Make the state of what was read, with the results that the cache holds for it.

    Joins are guessed for all of a project that has none yet, else for the `fresh` sources alone.
    """
    parts = dict(zip(content.parts, with_times(list(content.parts.values())), strict=True))
    crs = project.crs or _district_crs(parts)
    assembly = assemble(project.name, parts, project.joins, crs, reproject, fresh)
    twin = replace(
        assembly.twin,
        problems=worst_first(
            [*problems, *misnamed(project.scenarios), *content.problems, *assembly.twin.problems]
        ),
        digest=digest_of(content.hashes, project.sources, assembly.joins, crs),
        taken=frozenset(project.taken_metered),
    )
    if project.tz:
        twin = replace(twin, time=_in_zone(twin.time, project.tz))
    twin = modelled(remembering(twin), project.settings, project.holidays)
    known = tuple(_recorded(source, content) for source in project.sources)
    said = {"crs": crs, "joins": assembly.joins, "sources": known}
    project = taken_too(project.model_copy(update=said), twin)
    understood = {
        source: Understood(part.crs, part.crs_reason, part.rows) for source, part in parts.items()
    }
    noticed = guess_said(twin, project.private_group)
    twin = replace(twin, problems=worst_first([*twin.problems, *noticed])) if noticed else twin
    cases = make_cases(twin, project, path)
    shown = cases.of(view.scenario)
    view = replace(view, scenario=shown.scenario)
    return State(shown, project, view, path, understood=understood, cases=cases)


def _recorded(source: Source, content: Content) -> Source:
    """Return a source with what its file is known by; one that was not read keeps what it had."""
    if source.id not in content.hashes:
        return source
    said = {"size": content.sizes[source.id], "digest": content.hashes[source.id]}
    return source.model_copy(update=said)


def _in_zone(time: TimeAxis, tz: str) -> TimeAxis:
    """Return the axis in the zone that the user or the project names."""
    try:
        return replace(time, tz=tz)
    except ValueError as error:
        raise CommandError(f"{error}.") from error


def _district_crs(parts: Mapping[str, Part]) -> str:
    """Return the system of the first part with buildings, else of the first with any shapes."""
    shaped = [
        (part, layer)
        for part in parts.values()
        for layer in part.layers
        if layer.geometry is not None and len(layer.geometry.coords) and part.crs
    ]
    shaped.sort(key=lambda pair: pair[1].kind != "building")
    if not shaped:
        return ""
    part, layer = shaped[0]
    assert layer.geometry is not None
    return district_crs(part.crs, layer.geometry.bounds)


def add_files(state: State, files: Sequence[Path], options: Options | None = None) -> Job[State]:
    """Return the state with more files read into it; joins are guessed for what is new.

    Parameters
    ----------
    state
        What is open.
    files
        The files.
    options
        Answers for them alone, such as their coordinate system.
    """
    asked = checked(options or Options())
    more = _added(state, files, asked)
    old = files_of(state)
    project = state.project.model_copy(update={"sources": state.project.sources + more})
    content = yield from read_sources(project, state.path, chosen=[*old, *files])
    fresh = {source.id for source in more}
    parts = [content.parts[one] for one in fresh if one in content.parts]
    check_kinds(asked, parts)
    check_layer(asked, files, parts)
    made = build(project, state.view, state.path, content, [], fresh)
    return replace(made, saved=state.saved)


def _added(state: State, files: Sequence[Path], options: Options) -> tuple[Source, ...]:
    """Return files as sources with ids that the project does not have."""
    home = state.path or Path.cwd() / f"unnamed{SUFFIX}"
    taken = {source.id for source in state.project.sources}
    more = []
    for source in _sources(files, home, options):
        names = itertools.chain([source.id], (f"{source.id}-{k}" for k in itertools.count(2)))
        more.append(source.model_copy(update={"id": next(n for n in names if n not in taken)}))
        taken.add(more[-1].id)
    return tuple(more)


def new_source(state: State, file: Path) -> Source:
    """Return a file as a source that a project does not have yet.

    Parameters
    ----------
    state
        What is open.
    file
        The file.
    """
    return _added(state, [file], Options())[0]


def files_of(state: State) -> list[Path | None]:
    """Return the file of each source of what is open, None for those that may not be read."""
    home = state.path or Path.cwd() / f"unnamed{SUFFIX}"
    return [
        home.parent / source.path
        if state.path is None or source.id in state.understood
        else trust.resolved(home, source.path)
        for source in state.project.sources
    ]


def moved(state: State, path: Path) -> Project:
    """Return the project with its sources written relative to a new place, and allowed there."""
    home = state.path or Path.cwd() / f"unnamed{SUFFIX}"
    files = [home.parent / source.path for source in state.project.sources]
    trust.allow(
        path, [file for file in files if not file.resolve().is_relative_to(path.resolve().parent)]
    )
    sources = tuple(
        source.model_copy(update={"path": relative(file, path)})
        for source, file in zip(state.project.sources, files, strict=True)
    )
    return state.project.model_copy(
        update={"sources": sources, "name": state.project.name or path.stem}
    )
