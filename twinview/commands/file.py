"""Open, make, save."""

from pathlib import Path

from twinview import paths
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.progress import Job
from twinview.readers.registry import Options
from twinview.session import loaded, recovery, rereading, results, versions
from twinview.session.answer import Answer
from twinview.session.answers import choices_in, from_text
from twinview.session.command import command
from twinview.session.opening import add_files, moved, open_files, open_project
from twinview.session.project import SUFFIX, save
from twinview.session.searching import relinked
from twinview.session.store import Edited, Reread, Session, State


@command("file.open", N_("Open..."), menu=N_("File"), keys="Ctrl+O", icon="fa6s.folder-open")
def open_(_session: Session, path: Path) -> Job[State]:
    """Open a project, or make one of a data file."""
    if path.suffix.lower() == SUFFIX:
        return versions.offering(open_project(path), path)
    return open_files([path], None, Options())


@command("file.demo", N_("Open the demo district"), menu=N_("File"), icon="fa6s.city")
def demo(_session: Session) -> Job[State]:
    """Open the built-in demo district."""
    if not paths.demo_file().exists():
        raise CommandError(_("The demo district is not installed; install twinview again."))
    return open_project(paths.demo_file())


@command(
    "file.new",
    N_("New from files..."),
    menu=N_("File"),
    keys="Ctrl+N",
    icon="fa6s.file-circle-plus",
)
def new(_session: Session, *files: Path) -> Job[State]:
    """Make a project of data files, guessing what each is."""
    return open_files(list(files), None, Options())


@command("file.new_with", N_("New from files, with answers"))
def new_with(_session: Session, answers: str, *files: Path) -> Job[State]:
    """Make a project of data files; what they need is answered beforehand, as crs=...;tz=..."""
    return open_files(list(files), None, Options.from_dict(from_text(answers)))


@command("file.add", N_("Add files..."), menu=N_("File"), icon="fa6s.plus")
def add(session: Session, *files: Path) -> Job[Edited]:
    """Add data files to the open project."""
    state = yield from add_files(session.state, list(files))
    return Edited(state.project, state.base, understood=state.understood)


@command("file.add_with", N_("Add files, with answers"))
def add_with(session: Session, answers: str, *files: Path) -> Job[Edited]:
    """Add data files; what they need is answered beforehand, as crs=...;tz=..."""
    options = Options.from_dict(from_text(answers))
    state = yield from add_files(session.state, list(files), options)
    return Edited(state.project, state.base, understood=state.understood)


@command(
    "file.relink", N_("Find a moved file..."), menu=N_("File"), icon="fa6s.file-circle-question"
)
def relink(session: Session, old: str, new: Path) -> Job[Edited]:
    """Give a source that is not there its new file, or the folder to look for it in; what moved
    together with it is found too.
    """
    return relinked(session.state, old, new)


@command("file.answer", N_("How a file is read..."), menu=N_("File"), icon="fa6s.file-pen")
def answer(session: Session, source: str, choices: str) -> Job[Edited]:
    """Say how a source is read, such as crs=EPSG:28992;tz=Europe/Berlin: crs, tz, lod, encoding,
    unit, kind, layer, start and origin (measured, given, modelled, ...) are known.
    """
    return rereading.answered(session.state, source, choices_in(choices, rereading.ANSWERS))


@command("file.reread", N_("Read changed files again"), menu=N_("File"), icon="fa6s.rotate")
def reread(session: Session) -> Job[Reread | None]:
    """Read files that changed on disk again; edits, view and selection stay."""
    return rereading.reread(session.state)


@command("file.save", N_("Save"), menu=N_("File"), keys="Ctrl+S", icon="fa6s.floppy-disk")
def save_(session: Session) -> None:
    """Save the project where it was opened."""
    path = session.state.path
    if path is None:
        raise CommandError(_("The project has no file yet; use 'Save as'."))
    _save(session, path)


@command("file.save_as", N_("Save as..."), menu=N_("File"), keys="Ctrl+Shift+S")
def save_as(session: Session, path: Path) -> None:
    """Save the project under another name."""
    _save(session, path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))


@command("file.report", N_("What was read"), menu=N_("File"), icon="fa6s.clipboard-check")
def report(session: Session) -> Answer:
    """Tell what was understood of each file: kind, coordinates, rows, heights, problems."""
    return loaded.report(session.state)


@command("file.recover", N_("Recover unsaved work"), menu=N_("File"), icon="fa6s.life-ring")
def recover(_session: Session, key: str = "") -> Job[State]:
    """Open work that was not saved before the program died: the newest, or that of a key."""
    return recovery.recover(recovery.find(key))


@command("file.restore", N_("Restore an earlier version..."), menu=N_("File"))
def restore(session: Session, version: int, path: str = "") -> Job[State]:
    """Open an earlier version of a project, 1 for the last; of the open one if none is named."""
    return versions.restore(_named(session, path), version)


@command("file.versions", N_("List earlier versions"), menu=N_("File"))
def list_versions(session: Session, path: str = "") -> Answer:
    """List the earlier versions of a project that are kept: of the open one if none is named."""
    project = _named(session, path)
    rows = tuple((str(one.number), f"{one.when:%Y-%m-%d %H:%M:%S}")
                 for one in versions.kept(project))  # fmt: skip
    title = _("Earlier versions of {path}", path=project.name)
    remarks = () if rows else (_("No earlier version is kept; saving keeps the one before."),)
    return Answer(title, (">" + _("Version"), _("Kept")), rows, remarks)


def _named(session: Session, path: str) -> Path:
    if path:
        return Path(path)
    if session.state.path is None:
        raise CommandError(_("The project has no file yet; use 'Save as'."))
    return session.state.path


@command("file.unsaved", N_("List unsaved work"), menu=N_("File"))
def unsaved(_session: Session) -> Answer:
    """List work that was not saved before the program died."""
    columns = (_("Key"), _("Project"), _("Kept"), _("File"))
    rows = tuple(
        (one.key, one.name, f"{one.when:%Y-%m-%d %H:%M:%S}", str(one.home or ""))
        for one in recovery.lost()
    )
    remarks = () if rows else (_("There is no unsaved work to recover."),)
    return Answer(_("Unsaved work"), columns, rows, remarks)


@command("file.forget", N_("Forget unsaved work"))
def forget(_session: Session, key: str) -> None:
    """Delete work that was not saved, by its key."""
    recovery.forget(recovery.find(key).key)


def _save(session: Session, path: Path) -> None:
    state = session.state
    if path.resolve().is_relative_to(paths.demo_folder().resolve()):
        raise CommandError(
            _("The demo district is part of the program; save it under another name.")
        )
    project = moved(state, path)
    versions.keep(path)
    save(path, project, state.view)
    if path != state.path:
        cases = [state.twin] if state.cases is None else state.cases.twins.values()
        results.bring(cases, project, state.path, path)
    session.mark_saved(path, project)
