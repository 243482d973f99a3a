"""The verbs and their options, exactly as documented."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Group, Parameter

from twinview import __version__
from twinview.cli.wishes import (
    ALONE,
    AS_SEEN,
    AS_USUAL,
    EVERY_STEP,
    Beside,
    Finish,
    Frames,
    From,
    Picture,
    To,
)

USAGE = "twinview [FILE ...] | twinview COMMAND ..."

app = App(
    name="twinview",
    help="A desktop digital twin of a city's energy and carbon. Files alone open the window.",
    usage=f"Usage: {USAGE}",
    help_format="plaintext",
    version=f"twinview {__version__}",
    version_flags=["--version"],
    suppress_keyboard_interrupt=False,
    group_commands=Group("Commands"),
)

Json = Annotated[bool, Parameter(name="--json", negative="")]
Output = Annotated[Path, Parameter(name=["-o", "--output"])]


@Parameter(name="*")
@dataclass(frozen=True)
class Reading:
    """What the user says about data files.

    Parameters
    ----------
    crs
        Coordinate system of files that do not say theirs, such as EPSG:28992.
    tz
        Time zone of times without one, such as Europe/Berlin.
    lod
        Level of detail to take from a city model, such as 2.2.
    encoding
        Character encoding of texts, such as gb18030.
    unit
        Unit of series that do not say theirs, such as kW.
    kind
        What the elements of the layers are, such as building, or houses=building,parks=other.
    start
        First instant of series that have no times.
    origin
        Where the numbers come from: measured, given, modelled or generated. Measured values of
        single dwellings are shown for groups only.
    """

    crs: str | None = None
    tz: str | None = None
    lod: str | None = None
    encoding: str | None = None
    unit: str | None = None
    kind: str | None = None
    start: str | None = None
    origin: str | None = None


@app.command
def demo(*, out: Path | None = None) -> int:
    """Open the built-in demo district; without a display, or with --out, render it into a folder.

    Parameters
    ----------
    out
        Folder for demo.twin, one picture per overlay, and balance.json.
    """
    from twinview.cli.demo import render

    return render(out)


@app.command
def new(
    project: Path,
    /,
    *,
    add: Annotated[list[Path], Parameter(consume_multiple=True, negative="")],
    reading: Reading = Reading(),
    force: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> int:
    """Make a project from data files, guessing what each is; print the problems.

    Parameters
    ----------
    project
        The project file to make (.twin).
    add
        Data files.
    reading
        What is said about the files.
    force
        Replace a project that is there already.
    json
        Print one JSON object.
    """
    from twinview.cli import verbs

    return verbs.new(project, add, reading, force, json)


@app.command
def info(*files: Path, reading: Reading = Reading(), json: Json = False) -> int:
    """Tell what is in files or a project: layers, counts, CRS, extent, quantities, time, problems.

    Parameters
    ----------
    files
        Data files, or one project.
    reading
        What is said about the files.
    json
        Print one JSON object.
    """
    from twinview.cli import verbs

    return verbs.info(files, reading, json)


@app.command
def check(project: Path, /, *, json: Json = False) -> int:
    """List all problems of a project and how to mend them.

    Parameters
    ----------
    project
        The project file.
    json
        Print one JSON object.
    """
    from twinview.cli import verbs

    return verbs.check(project, json)


@app.command
def compute(
    project: Path,
    /,
    *,
    from_: From = None,
    to: To = None,
    scenario: str = "base",
    scheduler: str | None = None,
    json: Json = False,
) -> int:
    """Compute power flow, carbon tracing and storage; print balance and indicators.

    Parameters
    ----------
    project
        The project file.
    from_
        First instant, included; local to the project's time zone unless it has an offset.
    to
        End of the span, excluded.
    scenario
        Id of the scenario.
    scheduler
        Address of a cluster that shares the work.
    json
        Print one JSON object.
    """
    from twinview.cli import verbs

    return verbs.compute(project, (from_, to), scenario, scheduler, json)


@app.command
def snapshot(
    project: Path,
    /,
    *,
    output: Output,
    at: str | None = None,
    picture: Picture = AS_SEEN,
    beside: Beside = ALONE,
    finish: Finish = AS_USUAL,
    json: Json = False,
) -> int:
    """Make one picture with legend, clock and provenance, without a window.

    Parameters
    ----------
    project
        The project file.
    output
        The picture (.png).
    at
        Instant; local to the project's time zone unless it has an offset. 'live' is that of the
        newest values, which are shown as old where they are not the present's.
    picture
        What it shows.
    beside
        What stands side by side on it.
    finish
        What stands behind it and is written on it.
    json
        Print one JSON object.
    """
    from twinview.cli import snapshots

    return snapshots.snapshot(project, output, at, picture, beside, finish, json)


@app.command
def animate(
    project: Path,
    /,
    *,
    output: Output,
    frames: Frames = EVERY_STEP,
    picture: Picture = AS_SEEN,
    beside: Beside = ALONE,
    json: Json = False,
) -> int:
    """Make a film through time, or a folder of numbered pictures; finished pictures are kept.

    Parameters
    ----------
    project
        The project file.
    output
        The film (.mp4, .webm, .gif, .webp, .apng), or a folder.
    frames
        Which instants it shows.
    picture
        What it shows.
    beside
        What stands side by side on it.
    json
        Print one JSON object.
    """
    from twinview.cli import films

    return films.animate(project, output, frames, picture, beside, json)


@app.command
def export(
    project: Path,
    /,
    *,
    output: Output,
    what: Annotated[list[str] | None, Parameter(consume_multiple=True, negative="")] = None,
    layer: str | None = None,
    at: str | None = None,
    from_: From = None,
    to: To = None,
    scenario: str = "base",
) -> int:
    """Write the numbers under the picture, with units.

    Parameters
    ----------
    project
        The project file.
    output
        The table (.csv, .parquet or .xlsx), or the map (.gpkg; .geoparquet of one layer) with
        all quantities of the layers at the instant or over the span.
    what
        Quantities, or attribute columns; all quantities if not given. 'indicators' writes one row
        for each building with sums, intensities and own use of the span.
    layer
        Id of one layer; all if not given.
    at
        One instant.
    from_
        First instant, included; the whole span if not given.
    to
        End of the span, excluded.
    scenario
        Id of the scenario.
    """
    from twinview.cli import verbs

    return verbs.export(project, output, (what, layer), (at, from_, to), scenario)


@app.command
def do(
    project: str = "",
    /,
    *commands: Annotated[str, Parameter(allow_leading_hyphen=True)],
    file: Annotated[str | None, Parameter(name=["-f", "--file"], allow_leading_hyphen=True)] = None,
    list_: Annotated[bool, Parameter(name="--list", negative="")] = False,
    json: Json = False,
) -> int:
    """Run the commands of menus and palette, one per argument or one per line of a script.

    Parameters
    ----------
    project
        The project file; left out for commands that need none.
    commands
        Such as "overlay.show power" "time.go 2024-01-16T18:00" "export.picture path=x.png", or
        scripts (.twinscript), or - for the standard input.
    file
        A script; its commands come before those of the arguments. Lines with # are remarks.
    list_
        List all commands with their arguments.
    json
        Print the list as one JSON object.
    """
    from twinview.cli import scripts

    return scripts.say_commands(json) if list_ else scripts.do(project, commands, file)


@app.command
def desktop(what: Literal["install", "uninstall"], /) -> int:
    """Put twinview into the menu of a Linux desktop, with its file type, or take it out.

    Parameters
    ----------
    what
        install or uninstall.
    """
    from twinview.cli import scripts

    return scripts.run_bare([f"desktop.{what}"])


@app.command
def doctor(*, json: Json = False) -> int:
    """Tell what this machine offers and what is missing, with the remedy.

    Parameters
    ----------
    json
        Print one JSON object.
    """
    from twinview.cli.bench import show_doctor

    return show_doctor(json)


@app.command
def bench(
    what: str = "scrub",
    /,
    *,
    buildings: int | None = None,
    runs: int = 5,
    reference: Path | None = None,
    json: Json = False,
) -> int:
    """Measure this machine.

    Parameters
    ----------
    what
        scrub (a step of time in a picture that stands still), camera (frames while it moves), film
        (a frame of a film), slice (an instant and a series out of the time store), load (a city
        opened, and opened again), flow (a year of power flow and carbon tracing) or start (from
        nothing to a picture).
    buildings
        How many buildings the measured district has; for scrub, camera, film, slice and load.
    runs
        How many times to open, to start, or to compute the year; for load, start and flow.
    reference
        A Python that has pandapower, to compare with; for flow.
    json
        Print one JSON object.
    """
    from twinview.cli.bench import measure

    return measure(what, buildings, runs, reference, json)


def sentence(error: CycloptsError) -> str:
    """Return a usage error as one line."""
    text = " ".join(str(error).split())
    return text if text.endswith((".", "!", "?")) else f"{text}."
