"""Write pictures, films and tables."""

from pathlib import Path

from twinview.exporters.tables import write_table
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import format_instant
from twinview.progress import Job
from twinview.scene.resolve import resolve
from twinview.session.command import command
from twinview.session.errand import errand
from twinview.session.project import view_text
from twinview.session.provenance import provenance, title_of
from twinview.session.store import Session, State
from twinview.session.told import Written


@command("export.picture", N_("Picture..."), menu=N_("Export"), keys="F12", icon="fa6s.camera")
def picture(session: Session, path: Path, width: int = 1920, height: int = 1080) -> None:
    """Write the view as a picture with legend, clock and provenance."""
    from twinview.exporters.picture import write_picture

    state = session.state
    scene = resolve(state.twin, state.view)
    write_picture(
        state.twin, scene, path, (width, height), title=title_of(state), meta=provenance(state)
    )


@command("export.film", N_("Film..."), menu=N_("Export"), icon="fa6s.film")
def film(
    session: Session,
    path: Path,
    begin: str = "",
    end: str = "",
    step: str = "",
    fps: int = 30,
    size: str = "1920x1080",
) -> Job[Written]:
    """Make a film of the view through time: of the day in view if no span is given."""
    state = session.state
    if state.path is None or state.project != state.saved:
        raise CommandError(_("Save the project first: the film is made from its file."))
    ends = (begin, end) if begin or end else _day(state)
    options = {"--from": ends[0], "--to": ends[1], "--step": step}
    given = [word for option, text in options.items() if text for word in (option, text)]
    return _filmed(
        [
            "animate", str(state.path.resolve()), "-o", str(path.absolute()), *given,
            "--fps", str(fps), "--size", size, "--look", view_text(state.view),
        ],
        path,
    )  # fmt: skip


def _filmed(arguments: list[str], path: Path) -> Job[Written]:
    yield from errand(arguments)
    return Written(path)


def _day(state: State) -> tuple[str, str]:
    """Return the ends of the day in view as the command line takes them."""
    axis = state.twin.time
    if axis.static:
        return "", ""
    day = axis.day_of(min(state.view.time, axis.count - 1))
    first, last = axis.seconds(day.start), axis.seconds(day.stop - 1) + axis.step
    return format_instant(first, axis.tz), format_instant(last, axis.tz)


@command("export.table", N_("Table..."), menu=N_("Export"), icon="fa6s.table")
def table(session: Session, path: Path) -> None:
    """Write the numbers under the picture, at its instant, with units."""
    state = session.state
    write_table(state.twin, path, at=(state.view.time, state.view.time + 1))
