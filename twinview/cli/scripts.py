"""Commands of menus and palette on the command line: one by one, from scripts, from stdin."""

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from twinview.cli import DONE
from twinview.cli.output import follow, say, say_json, say_table
from twinview.cli.verbs import code_of, opened
from twinview.i18n import _
from twinview.model.problem import CommandError, NeedsAnswer
from twinview.progress import Job
from twinview.session.command import Command, commands
from twinview.session.project import SUFFIX
from twinview.session.store import Session

SCRIPT = ".twinscript"
STDIN = "-"
_KINDS = {int: "number", float: "number", bool: "yes|no", Path: "file", datetime: "instant"}

Line = tuple[str, str]
"""Where a command stands, and the command."""


def do(project: str, arguments: Sequence[str], script: str | None) -> int:
    """Run commands one after another, on a project where one is named.

    Parameters
    ----------
    project, arguments
        A project, commands, scripts and ``-`` for the standard input, in any order.
    script
        A script whose commands come first.
    """
    given = [project, *arguments] if project else list(arguments)
    projects = [one for one in given if _is_project(one)]
    if len(projects) > 1:
        raise CommandError(_("Name one project, not '{one}' and '{two}'.",
                             one=projects[0], two=projects[1]))  # fmt: skip
    lines = list(_all_lines([one for one in given if one not in projects], script))
    if not lines:
        raise CommandError(_("Name at least one command, or a script with -f."))
    state = opened(Path(projects[0])) if projects else None
    return run(Session(state, driver=_driver), lines)


def run(session: Session, lines: Sequence[Line]) -> int:
    """Run commands in a session; what goes wrong says where it stands."""
    session.teller = lambda told: say(told.as_text() + "\n")
    for place, line in lines:
        try:
            session.do(line)
        except NeedsAnswer:
            raise
        except CommandError as error:
            raise CommandError(
                _("{place} ({line}): {why}", place=place, line=line, why=error)
            ) from error
    return code_of(session.state.twin.problems, tell=True)


def run_bare(lines: Sequence[str]) -> int:
    """Run commands that need no project, as verbs of their own."""
    session = Session(driver=_driver)
    session.teller = lambda told: say(told.as_text())
    for line in lines:
        session.do(line)
    return DONE


def say_commands(as_json: bool) -> int:
    """List all commands with their arguments."""
    table = commands().values()
    if as_json:
        say_json({"commands": [_as_dict(one) for one in table]})
        return DONE
    rows = [(one.name, " ".join(_written(p) for p in one.parameters.values()), one.help)
            for one in table]  # fmt: skip
    say_table("", [_("command"), _("arguments"), _("does")], rows)
    return DONE


def _as_dict(one: Command) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": _(one.title),
        "help": one.help,
        "menu": one.menu,
        "keys": list(one.keys),
        "arguments": [
            {
                "name": p.name,
                "kind": _KINDS.get(p.annotation, "text"),
                "needed": p.default is p.empty and p.kind is not p.VAR_POSITIONAL,
                "many": p.kind is p.VAR_POSITIONAL,
            }
            for p in one.parameters.values()
        ],
    }


def _written(one: inspect.Parameter) -> str:
    name = one.name.upper()
    if one.kind is one.VAR_POSITIONAL:
        return f"{name}..."
    return name if one.default is one.empty else f"[{name}]"


def _is_project(argument: str) -> bool:
    """Tell whether an argument is no command and no script, but a file."""
    if (
        argument == STDIN
        or argument.split(" ", maxsplit=1)[0] in commands()
        or _is_script(argument)
    ):
        return False
    path = Path(argument)
    return path.suffix.lower() == SUFFIX or path.exists()


def _is_script(argument: str) -> bool:
    return argument.lower().endswith(SCRIPT)


def _all_lines(given: Sequence[str], script: str | None) -> Iterator[Line]:
    if script is not None:
        yield from _lines(script)
    for k, one in enumerate(given, 1):
        if one == STDIN or _is_script(one):
            yield from _lines(one)
        else:
            yield _("command {k}", k=k), one


def _lines(script: str) -> list[Line]:
    path = Path(script)
    try:
        text = sys.stdin.read() if script == STDIN else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise CommandError(_("{path} could not be read: {why}.", path=path, why=why)) from error
    numbered = [(k, line.strip()) for k, line in enumerate(text.splitlines(), 1)]
    return [
        (_("{path}, line {k}", path=path.name, k=k), line)
        for k, line in numbered
        if line and not line.startswith("#")
    ]


def _driver(_command: Command, job: Job[Any], done: Callable[[Any], None]) -> None:
    done(follow(job))
