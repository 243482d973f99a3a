"""Write pictures, films and tables."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from twinview.exporters.maps import Rows, map_job
from twinview.exporters.table_files import content_job
from twinview.exporters.tables import rows_of, table_at, table_job
from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.time import format_instant
from twinview.model.twin import Layer
from twinview.progress import Job, Progress
from twinview.scene.sifting import SELECTED
from twinview.session.command import command
from twinview.session.errand import errand
from twinview.session.filing import filed
from twinview.session.handover import handed
from twinview.session.selected import chosen
from twinview.session.sheets import sheets
from twinview.session.spans import steps_of
from twinview.session.store import Session, State
from twinview.session.told import Written

AT_ONCE = 1_000_000
"""Rows of a table up to which it is made whole, for another process to write."""
ROWS = ("all", SELECTED)


@command("export.picture", N_("Picture..."), menu=N_("Export"), keys="Shift+F12",
         icon="fa6s.camera")  # fmt: skip
def picture(
    session: Session,
    path: Path,
    width: int = 1920,
    height: int = 1080,
    transparent: bool = False,
    live: bool = False,
    bare: bool = False,
    title: str = "",
) -> Job[Written]:
    """Write the view as a picture with legend, clock and provenance; without sky and plain
    behind it where it is to be transparent, at the newest values and with their age where live,
    with nothing written on it where bare, else with a title of its own where one is given.
    """
    options = ["--size", f"{width}x{height}", *(["--transparent"] if transparent else [])]
    options += ["--at", "live"] if live else []
    options += ["--bare"] if bare else []
    options += [f"--title={title}"] if title else []
    return _made(session.state, "snapshot", path, options)


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
    ends = (begin, end) if begin or end else _day(state)
    options = {"--from": ends[0], "--to": ends[1], "--step": step}
    given = [word for option, text in options.items() if text for word in (option, text)]
    return _made(state, "animate", path, [*given, "--fps", str(fps), "--size", size])


def _made(state: State, verb: str, path: Path, options: Sequence[str]) -> Job[Written]:
    """Have another process make a file of what is open; this one stays free for its user."""
    with handed(state) as file:
        yield from errand([verb, str(file), "-o", str(path.absolute()), *options])
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
def table(
    session: Session,
    path: Path,
    span: str = "instant",
    begin: str = "",
    end: str = "",
    layer: str = "",
    *what: str,
) -> Job[Written | None]:
    """Write the numbers under the picture, with units, a row for each step and element.

    Parameters
    ----------
    session
        The store.
    path
        The file.
    span
        instant: the step that is shown; window: the steps that count in that of the view; range:
        all between its ends; all: those of the data.
    begin, end
        Ends of a range, in place of those that are set.
    layer, what
        One layer, and some quantities; all where nothing is said.
    """
    state = session.state
    steps = steps_of(state, "range" if begin or end else span, begin, end)
    return _table(session, state, path, (steps, layer or None, what or None))


def _table(
    session: Session,
    state: State,
    path: Path,
    wanted: tuple[Sequence[int], str | None, Sequence[str] | None],
) -> Job[Written | None]:
    """Write a table of what was open when it was asked for; a large one piece by piece."""
    steps, layer, what = wanted
    yield Progress(0.0)
    said = sheets(state)
    if len(steps) * rows_of(state.twin, layer) > AT_ONCE:
        yield from table_job(state.twin, path, what=what, layer=layer, steps=steps, sheets=said)
        return Written(path) if session.seen else None
    content = table_at(state.twin, steps, what=what, layer=layer, sheets=said)
    return (yield from filed(session, path, content_job, content))


@command("export.layer", N_("Layer as a map..."), menu=N_("Export"), icon="fa6s.map")
def layer_(session: Session, path: Path, layer: str = "", rows: str = "all") -> Job[Written]:
    """Write a layer, or all, as a GeoPackage, or one as GeoParquet: shapes, attributes, and every
    quantity at the instant or over the window that is looked at; of all elements or those selected.
    """
    state = session.state
    layers = state.twin.layers
    if layer and layer not in layers:
        raise CommandError(
            _("There is no layer '{id}'; there are {known}.", id=layer, known=", ".join(layers))
        )
    if rows not in ROWS:
        raise CommandError(_("Write all or selected, not '{word}'.", word=rows))
    wanted = [one for one in layers.values() if layer in ("", one.id)]
    selected = chosen(state, layer).rows if rows == SELECTED else None
    if selected is not None and not selected:
        raise CommandError(_("Nothing is selected that is seen."))
    return _map(state, path, wanted, selected)


def _map(
    state: State, path: Path, layers: Sequence[Layer], rows: Mapping[str, Rows] | None
) -> Job[Written]:
    """Write layers as they were when it was asked for."""
    yield from map_job(state.twin, state.view, path, layers, rows)
    return Written(path)
