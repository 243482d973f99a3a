"""Jobs done apart: by another process, whose Python has a lock of its own.

What computes in a thread of the window shares Python's lock with it, and whoever wants the window
waits for each large step of the arithmetic. Arrays that are mapped from files go over by name: both
processes have the same pages, and rows that are written there are seen here.
"""

import os
import pickle
import queue
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import IO, Any, ParamSpec, TypeVar

import numpy as np

from twinview.i18n import _, language, set_language
from twinview.model.problem import CommandError
from twinview.priority import lower
from twinview.progress import Job, Progress, drain

P = ParamSpec("P")
T = TypeVar("T")
_Said = tuple[str, Any]
"""What comes back: the kind, and a progress, an answer or an error."""

_COMMAND = "from twinview.session.apart import serve; serve()"
_BEAT = 0.05
"""Seconds between two looks whether the job is still wanted, and between two reports of it."""
_PARTIAL = 0.5
"""Seconds between two first versions of a result."""
_PATIENCE = 0.3
"""Seconds for a process that is told to end."""


def apart(job: Callable[P, Job[T]], *given: P.args, **named: P.kwargs) -> Job[T]:
    """Do a job in another process, and tell what it tells.

    Closing this one ends the process, which has no time to put anything in order: what it makes
    belongs into a folder of the caller's.

    Parameters
    ----------
    job
        A function of a module, which makes the job.
    given, named
        Its arguments. They and the result are pickled.

    Raises
    ------
    CommandError
        When the process ends without an answer.
    Exception
        What the job raised.
    """
    running = subprocess.Popen(
        [sys.executable, "-P", "-c", _COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # What is handed over are names of modules too: they must be the same ones.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        # Ctrl+C in the terminal that a window was started from is not meant for it.
        process_group=0,
    )
    lower(running.pid)
    assert running.stdin is not None
    assert running.stdout is not None
    said: queue.SimpleQueue[_Said] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(running.stdout, said), daemon=True)
    listener.start()
    try:
        with suppress(BrokenPipeError):  # that it has ended already is heard
            _send(running.stdin, (language(), job, given, named))
        return (yield from _followed(said))  # type: ignore[no-any-return]
    finally:
        call_back(running, _PATIENCE)
        with suppress(BrokenPipeError):  # what was left of the task
            running.stdin.close()
        listener.join()
        running.stdout.close()


def _listen(stream: IO[bytes], said: "queue.SimpleQueue[_Said]") -> None:
    while True:
        try:
            said.put(pickle.load(stream))  # noqa: S301  (from a child of ours)
        except EOFError:
            said.put(("gone", None))
            return
        except Exception as error:  # noqa: BLE001  (told where the job is waited for)
            said.put(("error", error))
            return


def _followed(said: "queue.SimpleQueue[_Said]") -> Job[Any]:
    """Yield progress until there is an answer."""
    last = Progress(0.0, _("Starting"))
    while True:
        try:
            kind, what = said.get(timeout=_BEAT)
        except queue.Empty:
            yield last
            continue
        if kind == "answer":
            return what
        if kind == "error":
            raise what
        if kind == "gone":
            raise CommandError(
                _("The work was ended by the system, which may have run out of memory; "
                  "close other programs and try again.")
            )  # fmt: skip
        yield what
        last = replace(what, partial=None)


def call_back(running: "subprocess.Popen[Any]", patience: float) -> None:
    """Have a process end, by itself if it does so in time.

    Parameters
    ----------
    running
        The process; nothing is done to one that has ended.
    patience
        Seconds after which it is ended by the system.
    """
    running.terminate()
    try:
        running.wait(patience)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def serve() -> None:
    """Do the job that is sent to this process, and send what becomes of it."""
    there = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # where libraries chatter
    tongue, job, given, named = pickle.load(sys.stdin.buffer)  # noqa: S301  (from who started it)
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()
    set_language(tongue)
    try:
        said = ("answer", drain(job(*given, **named), _Report(there)))
    except Exception as error:  # noqa: BLE001  (border: told where the job is waited for)
        error.add_note("".join(traceback.format_exception(error)))
        said = ("error", error)
    with suppress(BrokenPipeError):  # nobody waits any more
        _send(there, said)


def _end_with(given: IO[bytes]) -> None:
    """End with the one who waits, however that ended."""
    given.read()
    os._exit(1)


def _send(stream: IO[bytes], what: Any) -> None:
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(what)
    stream.flush()


class _Report:
    """Sends what a job says, no more often than anybody looks."""

    def __init__(self, there: IO[bytes]) -> None:
        self._there = there
        self._told = self._shown = -_PARTIAL

    def __call__(self, said: Progress) -> None:
        now = monotonic()
        if said.partial is not None and now - self._shown < _PARTIAL:
            said = replace(said, partial=None)
        if said.partial is None and now - self._told < _BEAT:
            return
        _send(self._there, ("progress", said))
        self._told = now
        if said.partial is not None:
            self._shown = now


class _Pickler(pickle.Pickler):
    """Has arrays that are mapped whole from a file go over as the name of that."""

    def reducer_override(self, one: Any) -> Any:
        if type(one) is not np.memmap:
            return NotImplemented
        file = one.filename
        if file is None or isinstance(one.base, np.ndarray) or not Path(file).is_file():
            return np.asarray(one).__reduce__()
        order = "C" if one.flags.c_contiguous else "F"
        return np.memmap, (file, one.dtype, "r", one.offset, one.shape, order)
