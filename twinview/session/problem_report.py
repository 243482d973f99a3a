"""A report to send when something is wrong: what this machine is, what is open, what was done."""

from datetime import UTC, datetime
from pathlib import Path

from twinview import __version__, paths
from twinview.i18n import _
from twinview.progress import Job, Progress
from twinview.session.doctor import examine, machine
from twinview.session.files import atomic_write
from twinview.session.store import Session, State
from twinview.session.told import Listed

LAST = 100
"""Commands that are told at most."""


def write(session: Session, path: Path | None) -> Job[Listed]:
    """Write a report; it holds no data, but names of files and commands.

    Parameters
    ----------
    session
        What is open, and what was done.
    path
        The file; None for one in the user's state folder.
    """
    now = datetime.now(UTC)
    file = path or paths.user_state() / "reports" / f"problem-{now:%Y%m%dT%H%M%S}.txt"
    lines = [f"twinview {__version__}, {now.isoformat(timespec='seconds')}", ""]
    lines += [f"{name}: {value}" for name, value in machine().items()]
    yield Progress(0.1, _("Looking at this machine"))
    lines += ["", *(_line(*one) for one in ((f.ok, f.title, f.found) for f in examine()))]
    yield Progress(0.9, _("Writing the report"))
    lines += ["", *_open(session.state), "", *session.log[-LAST:]]
    atomic_write(file, ("\n".join(lines) + "\n").encode(), settled=False)
    said = _("The report is written. It names files and commands, so read it before you send it.")
    return Listed(said, [file])


def _line(ok: bool, title: str, found: str) -> str:
    return f"{'ok' if ok else '--'}  {title}: {found}"


def _open(state: State) -> list[str]:
    """Return what is open, in counts."""
    twin = state.twin
    lines = [f"project: {len(state.project.sources)} sources, {len(twin.series)} series, "
             f"{twin.time.count} steps of {twin.time.step} s"]  # fmt: skip
    lines += [f"layer {one.kind}: {len(one)}" for one in twin.layers.values()]
    return lines + [f"{one.severity} {one.code}" for one in twin.problems[:LAST]]
