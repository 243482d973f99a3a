"""The door: no argument or a file opens the window, anything else goes to the command line.

Exit codes are those of the command line (`twinview.cli`); 70 stands for an error of the program
itself, of which a report is written.
"""

import gc
import os
import platform
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from twinview import __version__
from twinview.i18n import _
from twinview.paths import has_display, user_state

BUG = 70
"""Exit code for an error of the program itself (``EX_SOFTWARE``)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code.

    Parameters
    ----------
    argv
        Arguments without the program's name; None takes those of the process.
    """
    # Idle threads of numerical libraries that spin would slow down every other one.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        sys.stdout.write(f"twinview {__version__}\n")
        return 0
    run = _window if wants_window(arguments) else _command_line
    return guarded(run, arguments)


def wants_window(arguments: Sequence[str]) -> bool:
    """Tell whether arguments ask for the window: none, the demo where it can be seen, or files."""
    if not arguments:
        return True
    if list(arguments) == ["demo"]:
        return has_display()
    return all(_is_file(one) for one in arguments)


def guarded(run: Callable[[Sequence[str]], int], arguments: Sequence[str]) -> int:
    """Run a front end; what nobody foresaw becomes a report in a file and one sentence."""
    try:
        return run(arguments)
    except Exception as error:  # border: the last one
        sys.stderr.write(_report(error, arguments) + "\n")
        return BUG


def _is_file(argument: str) -> bool:
    """Tell whether an argument names a file and not a command; a name with a suffix does."""
    return not argument.startswith("-") and (Path(argument).exists() or "." in argument)


def _command_line(arguments: Sequence[str]) -> int:
    from twinview.cli import main as run

    return run(arguments)


def _window(arguments: Sequence[str]) -> int:
    files = [] if list(arguments) == ["demo"] else list(arguments)
    missing = [file for file in files if not Path(file).exists()]
    if missing:
        sys.stderr.write(_("{file} is not there; check the name.", file=missing[0]) + "\n")
        return 2
    if not has_display():
        hint = _(
            "No display was found, so the window cannot open; 'twinview --help' lists what works."
        )
        sys.stderr.write(hint + "\n")
        return 2
    gc.disable()  # what is loaded now stays: `make_window` has garbage looked for again
    try:
        from twinview.gui.app import main as run

        return run(list(arguments))
    finally:
        gc.enable()


def _report(error: Exception, arguments: Sequence[str]) -> str:
    """Write what is known about an error to a file and return the sentence that names it."""
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    now = datetime.now(UTC)
    file = user_state() / "reports" / f"{now:%Y%m%dT%H%M%S%f}.txt"
    lines = [
        f"twinview {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"{now.isoformat(timespec='seconds')}, arguments: {list(arguments)}",
        "".join(traceback.format_exception(error)),
    ]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(lines), encoding="utf-8")
    except OSError:
        return _("twinview failed by a mistake of its own: {what}.", what=what)
    return _(
        "twinview failed by a mistake of its own: {what}. Please send the report {file}.",
        what=what,
        file=file,
    )


if __name__ == "__main__":
    sys.exit(main())
