"""Reading changed files of an open project again, with view and edits staying as they are."""

from pathlib import Path

from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.progress import Job, Progress, part_of
from twinview.session.opening import Content, build, digest_of, files_of, read_sources
from twinview.session.store import Reread, State


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
    if digest_of(content, project.joins or (), project.crs) == state.base.digest:
        return None
    yield Progress(0.9, _("Putting the district together"))
    kept = [one for one in state.base.problems if one.code == "source.changed"]
    return Reread(build(project, state.view, state.path, content, kept), project)


def _lost(path: str, content: Content) -> str:
    """Say why a file could not be read again."""
    found: Problem | None = next((one for one in content.problems if one.source == path), None)
    return _(
        "{file} has changed and could not be read; what was read before stays. {why}",
        file=Path(path).name,
        why=found.message if found is not None else "",
    ).strip()
