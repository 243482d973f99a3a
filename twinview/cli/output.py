"""What the command line says: results on stdout, everything else on stderr."""

import contextlib
import json
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from twinview import paths
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.progress import Job, Progress, drain
from twinview.session.errand import TOLD
from twinview.session.pace import Pace, left_in_words

T = TypeVar("T")
WIDTH = 80
"""Columns of tables that go to a file or a pipe."""
PATIENCE = 2.0
"""Seconds of work before progress is written to a file or a pipe."""


def say(text: str = "") -> None:
    """Write a line to stdout."""
    sys.stdout.write(printable(text) + "\n")


def complain(text: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(printable(text) + "\n")


def printable(text: str) -> str:
    """Return a text without anything that moves a terminal's cursor or turns its direction."""
    return "".join(c if c.isprintable() or c in "\n\u202f\u00a0" else "\ufffd" for c in text)


def say_json(thing: Mapping[str, Any]) -> None:
    """Write one JSON object to stdout; what is no finite number becomes null."""
    sys.stdout.write(json.dumps(plain(thing), indent=1, allow_nan=False) + "\n")


def plain(thing: Any) -> Any:
    """Return a value made of what JSON knows."""
    if isinstance(thing, Mapping):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, np.generic):
        return plain(thing.item())
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else None
    if isinstance(thing, str | int | None):
        return thing
    if isinstance(thing, Iterable):
        return [plain(one) for one in thing]
    return str(thing)


def check_place(path: Path) -> None:
    """Refuse a file whose folder is not there or takes no files, before any work is done."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise CommandError(
            _("{path} cannot be written: there is no folder {folder}.", path=path, folder=folder)
        )
    if not paths.writable(folder) or path.is_dir():
        raise CommandError(_("{path} cannot be written there; choose another place.", path=path))


def say_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a table to stdout; a column whose cells are numbers stands to the right.

    Parameters
    ----------
    title
        Written above; empty for none.
    columns
        Headers; those that begin with ``>`` stand to the right.
    rows
        Cells, written as they are.
    """
    from rich import box
    from rich.table import Table
    from rich.text import Text

    heading = Text(title, style="bold") if title else None
    table = Table(title=heading, title_justify="left", box=box.SIMPLE_HEAD, show_edge=False)
    for name in columns:
        right = name.startswith(">")
        table.add_column(
            Text(name.removeprefix(">")), justify="right" if right else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(printable(str(cell))) for cell in row))
    _console().print(table)
    say()


def _console() -> Any:
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH
    return Console(file=sys.stdout, markup=False, highlight=False, emoji=False, width=width)


def say_problems(problems: Sequence[Problem]) -> None:
    """Write problems to stdout, worst first, each with its remedy."""
    words = {"error": _("error"), "warning": _("warning"), "info": _("note")}
    if not problems:
        say(_("No problems were found."))
        return
    for problem in problems:
        where = " ".join(one for one in (problem.source, problem.layer) if one)
        say(f"{words[problem.severity]}: {problem.message}" + (f" [{where}]" if where else ""))
        if problem.fix:
            say(f"    {problem.fix}")
    say()
    say(counted(problems))


def counted(problems: Sequence[Problem]) -> str:
    """Return how many problems there are of each severity, in words."""
    count = {s: sum(p.severity == s for p in problems) for s in ("error", "warning", "info")}
    return _(
        "Errors: {errors}, warnings: {warnings}, notes: {notes}.",
        errors=count["error"],
        warnings=count["warning"],
        notes=count["info"],
    )


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem is an error."""
    return any(problem.severity == "error" for problem in problems)


def follow(job: Job[T]) -> T:
    """Run a job to its end and show its progress on stderr."""
    with _reporter() as report:
        return drain(job, report)


@contextlib.contextmanager
def _reporter() -> Iterator[Callable[[Progress], None]]:
    if os.environ.get(TOLD) == "json":
        yield lambda step: complain(
            json.dumps({"progress": step.fraction, "message": step.message}, ensure_ascii=False)
        )
        return
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    text = TextColumn("{task.description}", markup=False)
    columns = (BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeRemainingColumn(), text)
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda step: bar.update(
            task, completed=step.fraction, description=printable(step.message)
        )


class _Lines:
    """Progress for files and pipes: nothing for short work, then a line at each tenth."""

    def __init__(self) -> None:
        self.begun = time.monotonic()
        self.pace = Pace(self.begun)
        self.shown = 0

    def __call__(self, step: Progress) -> None:
        tenth, now = int(step.fraction * 10), time.monotonic()
        self.pace.note(step.fraction, now)
        if self.shown < tenth < 10 and now - self.begun > PATIENCE:
            self.shown = tenth
            left = left_in_words(self.pace.left(now))
            complain(f"{tenth * 10:3} % {step.message}" + (f", {left}" if left else ""))
