"""The child's side of reading: lock the process down, run one reader, check its result, write it.

Started as ``python -I -m twinview.readers.child`` with one request as JSON on its input; says what
it does as JSON lines on its output.
"""

import contextlib
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

_NEW_NET, _NEW_USER = 0x40000000, 0x10000000


def main() -> int:
    """Serve one request and return the exit code."""
    talk = _private_output()
    request = json.loads(sys.stdin.readline())
    _lock_down(request["limits"])
    try:
        _serve(request, talk)
    except MemoryError:
        return _say_no_memory(request, talk)
    except Exception as error:  # the one border: whatever a stranger's bytes make a library raise
        return _say_failure(error, request, talk)
    return 0


def _private_output() -> IO[str]:
    """Return the output as a stream of our own; what libraries print goes where errors go."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8", buffering=1)


def _say(talk: IO[str], **said: object) -> None:
    talk.write(json.dumps(said, ensure_ascii=False) + "\n")
    talk.flush()


def _serve(request: Mapping[str, Any], talk: IO[str]) -> None:
    from twinview.progress import Progress, drain
    from twinview.readers.part_format import write_part
    from twinview.readers.registry import Options, readers

    def report(step: Progress) -> None:
        _say(talk, progress=step.fraction, message=step.message)

    folder = Path(request["folder"])
    work = folder / "work"
    work.mkdir()
    tempfile.tempdir = str(work)
    reader = readers()[request["reader"]]
    job = reader.read(Path(request["path"]), Options.from_dict(request["options"]))
    part = drain(job, report)
    write_part(part, folder)
    shutil.rmtree(work, ignore_errors=True)
    _say(talk, done=True)


def _say_no_memory(request: Mapping[str, Any], talk: IO[str]) -> int:
    from twinview.i18n import _

    _say(
        talk,
        error=_(
            "{file} was given up: it needs more memory than a reader may use; nothing of it was "
            "kept. Cut it into smaller files.",
            file=Path(request["path"]).name,
        ),
    )
    return 0


def _say_failure(error: Exception, request: Mapping[str, Any], talk: IO[str]) -> int:
    from twinview.i18n import _
    from twinview.model.problem import CommandError, NeedsAnswer
    from twinview.readers.common.drivers import MoreDrivers

    if isinstance(error, NeedsAnswer):
        _say(talk, ask=str(error), option=error.option, choices=list(error.choices))
    elif isinstance(error, CommandError):
        _say(talk, error=str(error))
    elif isinstance(error, MoreDrivers):
        _say(talk, drivers=error.names)
    elif isinstance(error, RecursionError):
        name = Path(request["path"]).name
        _say(
            talk,
            error=_(
                "{file} is nested too deep to be genuine; nothing of it was read. "
                "Export it again from the program it comes from.",
                file=name,
            ),
        )
    else:
        reason = f"{type(error).__name__}: {error}"[:300]
        _say(talk, bug=traceback.format_exc()[-4000:], reason=reason)
    return 0


def _lock_down(limits: Mapping[str, Any]) -> None:
    """Take the network, core files and endless time, memory and disk from this process."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(_NEW_NET):
            libc.unshare(_NEW_NET | _NEW_USER)
    with contextlib.suppress(ImportError):
        import resource

        seconds = int(limits["seconds"]) + 1
        memory, disk = int(limits["memory"]), int(limits["disk"])
        for what, most, ever in (
            # The rest is for maps of our own files (grids.mapped), which take room, not memory.
            (resource.RLIMIT_AS, memory, memory + 2 * disk),
            (resource.RLIMIT_CPU, seconds, seconds),
            (resource.RLIMIT_FSIZE, disk, disk),
            (resource.RLIMIT_CORE, 0, 0),
        ):
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(what, (most, ever))


if __name__ == "__main__":
    sys.exit(main())
