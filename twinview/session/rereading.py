"""Reading files of an open project again: what changed, or in another way; the rest stays."""

from collections.abc import Mapping
from pathlib import Path

from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.progress import Job, Progress, part_of
from twinview.readers.common.said import checked
from twinview.readers.registry import Options
from twinview.session.asking import check_kinds, check_layer
from twinview.session.digest import digest_of
from twinview.session.joining import source_named
from twinview.session.opening import (
    Content,
    build,
    files_of,
    read_sources,
)
from twinview.session.store import Edited, Reread, State

ANSWERS = ("crs", "tz", "lod", "encoding", "unit", "kind", "layer", "start", "origin")
"""What can be said of a file beside what a join says of it."""


def reread(state: State) -> Job[Reread | None]:
    """Return what is open with its files as they are now; None where they hold the same.

    Only files that changed are parsed; others come from the cache.

    Raises
    ------
    CommandError
        Where a file that could be read before can be read no longer: what is open stays.
    """
    project = state.project
    content = yield from part_of(
        read_sources(project, state.path, chosen=files_of(state)), 0.0, 0.9
    )
    for source in project.sources:
        if source.id in state.understood and source.id not in content.parts:
            raise CommandError(_lost(source.path, content))
    digest = digest_of(content.hashes, project.sources, project.joins or (), project.crs)
    if digest == state.base.digest:
        return None
    yield Progress(0.9, _("Putting the district together"))
    kept = [one for one in state.base.problems if one.code == "source.changed"]
    return Reread(build(project, state.view, state.path, content, kept), project)


def answered(state: State, name: str, said: Mapping[str, str]) -> Job[Edited]:
    """Return the edit that has a source read in another way.

    Another coordinate system of a source also settles that of the district anew.

    Parameters
    ----------
    state
        What is open.
    name
        Id, path or name of a source.
    said
        Answers by their words: `ANSWERS`.

    Raises
    ------
    CommandError
        For a source that is not known, or cannot be read so.
    """
    asked = checked(Options.from_dict(said))
    said = {key: text for key, text in asked.as_dict().items() if key in said}
    source = source_named(state, name)
    new = source.model_copy(update={"options": {**source.options, **said}})
    sources = tuple(new if one.id == source.id else one for one in state.project.sources)
    crs = "" if asked.crs else state.project.crs
    project = state.project.model_copy(update={"sources": sources, "crs": crs})
    files = files_of(state)
    content = yield from part_of(read_sources(project, state.path, chosen=files), 0.0, 0.9)
    if source.id not in content.parts:
        raise CommandError(
            next(one.message for one in content.problems if one.source == source.path)
        )
    check_kinds(asked, [content.parts[source.id]])
    check_layer(
        asked,
        [one for one in (files[sources.index(new)],) if one is not None],
        [content.parts[source.id]],
    )
    yield Progress(0.9, _("Putting the district together"))
    made = build(project, state.view, state.path, content, [])
    return Edited(made.project, made.base, understood=made.understood)


def _lost(path: str, content: Content) -> str:
    """Say why a file could not be read again."""
    found: Problem | None = next((one for one in content.problems if one.source == path), None)
    return _(
        "{file} has changed and could not be read; what was read before stays. {why}",
        file=Path(path).name,
        why=found.message if found is not None else "",
    ).strip()
