"""The command line: the documented verbs, each a few lines over the session.

Exit codes: 0 done, 1 done but errors were found in the data, 2 bad usage or unreadable input, 3 an
answer is needed, 130 cancelled.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType

from twinview.i18n import _

DONE, FOUND_ERRORS, USAGE, ASKS, CANCELLED = 0, 1, 2, 3, 130


def main(argv: Sequence[str]) -> int:
    """Run one verb and return the exit code."""
    from twinview.cli.output import complain

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with _ended_like_interrupted():
            code = _run(argv)
            sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        complain(_("Cancelled; nothing was left half-written."))
        return CANCELLED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody to tell, now or when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _run(argv: Sequence[str]) -> int:
    from cyclopts import CycloptsError

    from twinview.cli.app import app, sentence
    from twinview.cli.output import complain
    from twinview.model.problem import CommandError, NeedsAnswer

    try:
        code = app(list(argv), exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        complain(sentence(error))
        return USAGE
    except NeedsAnswer as error:
        complain(str(error))
        return ASKS
    except CommandError as error:
        complain(str(error))
        return USAGE
    except BrokenPipeError:
        raise
    except OSError as error:
        place = error.filename or _("A file")
        complain(_("{place}: {why}.", place=place, why=error.strerror or error))
        return USAGE
    return int(code or DONE)


@contextlib.contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """Treat a polite request to end (SIGTERM) like Ctrl+C, so that everything is put in order."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
