"""Errands: long work done by another process, which runs the same command line.

Pictures are drawn by one thread of a process; a film made by the window's own would stop it.
"""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO

from twinview.i18n import _, language
from twinview.model.problem import CommandError
from twinview.priority import lower
from twinview.progress import Job, Progress
from twinview.session.apart import call_back

TOLD = "TWINVIEW_PROGRESS"
"""Environment variable that, being ``json``, has progress told line by line to standard error."""
_BEAT = 0.1
"""Seconds between two looks whether the errand is still wanted."""
_PATIENCE = 10.0
"""Seconds for an errand that is called back to put everything in order."""
_DONE = frozenset({0, 1})


def errand(arguments: Sequence[str]) -> Job[None]:
    """Run the command line in another process and tell its progress.

    Closing the job calls the process back: it removes what is half made.

    Parameters
    ----------
    arguments
        As after ``twinview``.

    Raises
    ------
    CommandError
        When it fails, with the sentence it ended with.
    """
    running = subprocess.Popen(
        [sys.executable, "-m", "twinview", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, TOLD: "json", "TWINVIEW_LANG": language()},
        encoding="utf-8",
        errors="replace",
        # Ctrl+C in the terminal that a window was started from is not meant for its errands.
        process_group=0,
    )
    lower(running.pid)
    assert running.stderr is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(running.stderr, lines), daemon=True)
    listener.start()
    try:
        said = yield from _followed(lines)
        if running.wait() not in _DONE:
            raise CommandError(said or _("The work ended without a reason."))
    finally:
        call_back(running, _PATIENCE)
        listener.join()
        running.stderr.close()


def _listen(stream: IO[str], lines: "queue.SimpleQueue[str | None]") -> None:
    for line in stream:
        lines.put(line.strip())
    lines.put(None)


def _followed(lines: "queue.SimpleQueue[str | None]") -> Job[str]:
    """Yield progress until the process says no more; return the last sentence it said."""
    last, said = Progress(0.0), ""
    while True:
        try:
            line = lines.get(timeout=_BEAT)
        except queue.Empty:
            yield last
            continue
        if line is None:
            return said
        told = _progress(line)
        if told is None:
            said = line or said
        else:
            last = told
            yield last


def _progress(line: str) -> Progress | None:
    """Return the progress that a line tells; None where it is a sentence."""
    if not line.startswith("{"):
        return None
    try:
        told = json.loads(line)
        return Progress(float(told["progress"]), str(told["message"]))
    except (ValueError, KeyError, TypeError):
        return None
