"""The app's side of reading: start a child process, watch it, take over the flat result.

What a file can do to its reader (crash, hang, eat memory, reach for the network) ends in the child;
here it is one sentence.
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from twinview.i18n import _, language
from twinview.model.part import Part
from twinview.model.problem import NeedsAnswer
from twinview.priority import lower
from twinview.progress import Job, Progress
from twinview.readers.common.drivers import KNOWN, MoreDrivers
from twinview.readers.common.policy import check_path
from twinview.readers.part_format import load_part
from twinview.readers.registry import READER_VERSION, Options, ReadError, choose

__all__ = ["READER_VERSION", "Limits", "Options", "ReadError", "file_hash", "probe", "read_file"]

_BEAT = 0.05
_COMMAND = [sys.executable, "-I", "-m", "twinview.readers.child"]
_more_drivers: list[str] = []
_PIECE = 1 << 20
_SLOWEST = 2e6  # bytes of a file that are read in a second at least
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What a child process may use.

    Parameters
    ----------
    memory
        Address space in bytes.
    seconds
        Time on the clock; processor time is limited to the same number.
    disk
        Size of a written file in bytes.
    """

    memory: int = 3 << 30
    seconds: float = 600.0
    disk: int = 8 << 30


def read_file(
    path: Path, options: Options, folder: Path, *, limits: Limits | None = None
) -> Job[Part]:
    """Read a file in a child process.

    The child is ended, with all processes that it started, and the folder is emptied, when the job
    is closed before its end or the file cannot be read.

    Parameters
    ----------
    path
        File or folder to read.
    options
        What the user says about it.
    folder
        An empty folder for the result; it is made where it does not exist. The part's arrays are
        mapped from it, so it must stay as long as the part is used.
    limits
        What the child may use.

    Returns
    -------
    Part
        The content of the file.

    Raises
    ------
    NeedsAnswer
        Where only the user knows how to go on; the sentence names the option.
    ReadError
        Where the file cannot be read.
    """
    check_path(path)
    request = _request(path, options, folder, limits or _limits(path))
    whole = False
    try:
        try:
            yield from _run_child(request, path)
        except MoreDrivers as found:  # a newer GDAL: once more with these switched off as well
            _more_drivers.extend(found.names)
            _empty(folder)
            yield from _run_child(request, path)
        part = load_part(folder)
        whole = True
        return part
    finally:
        if not whole:
            _empty(folder)


def _limits(path: Path) -> Limits:
    """Return what the child of a file may use: a large one takes its time."""
    usual = Limits()
    size = path.stat().st_size if path.is_file() else 0
    return replace(usual, seconds=usual.seconds + size / _SLOWEST)


def _request(path: Path, options: Options, folder: Path, limits: Limits) -> dict[str, Any]:
    """Return what the child is told; the folder is made, and must be empty."""
    name = choose(path).name
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise ValueError(f"{folder} is not empty")
    return {
        "path": str(path.absolute()),
        "reader": name,
        "options": options.as_dict(),
        "folder": str(folder.absolute()),
        "limits": asdict(limits),
    }


def probe(path: Path) -> str:
    """Return the name of the reader that fits a file, or raise ReadError."""
    check_path(path)
    return choose(path).name


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's content, or of the names and contents of a folder's files."""
    digest = hashlib.sha256()
    if path.is_dir():
        for one in content_of(path):
            digest.update(f"{one.relative_to(path)}\0{file_hash(one)}\n".encode())
        return digest.hexdigest()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    for mate in content_of(path):
        digest.update(file_hash(mate).encode())
    return digest.hexdigest()


def content_of(path: Path) -> list[Path]:
    """Return the files that are read with a source: those in a folder, the mates of a shapefile."""
    if path.is_dir():
        return [one for one in sorted(path.rglob("*")) if one.is_file()]
    return _mates(path)


def _mates(path: Path) -> list[Path]:
    """Return the files that belong to a shapefile."""
    if path.suffix.lower() != ".shp":
        return []
    return [
        one
        for one in sorted(path.parent.glob(path.stem + ".*"))
        if one.suffix.lower() in {".dbf", ".shx", ".prj", ".cpg"}
    ]


def child_environment(folder: str) -> dict[str, str]:
    """Return the whole environment of the child: nothing of the user's but the language.

    Parameters
    ----------
    folder
        Where temporary files go.
    """
    kept = {key: os.environ[key] for key in ("SYSTEMROOT", "PATH") if key in os.environ}
    return {
        **kept,
        "TWINVIEW_LANG": language(),
        "LC_ALL": "C.UTF-8",
        "PYTHONUTF8": "1",
        "TMPDIR": folder,
        "HOME": folder,
        # One file needs one thread; a dozen idle ones would count against the memory limit.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        # Read once, when GDAL's library is loaded: later settings are ignored without a word.
        "GDAL_SKIP": _skipped_drivers(),
        "GDAL_HTTP_PROXY": "http://127.0.0.1:1",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_PAM_ENABLED": "NO",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GML_DOWNLOAD_SCHEMA": "NO",
        "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
        "OGR_SQLITE_LOAD_EXTENSIONS": "",
        "PROJ_NETWORK": "OFF",
    }


def _skipped_drivers() -> str:
    return ",".join((*KNOWN, *_more_drivers))


def _run_child(request: dict[str, Any], path: Path) -> Generator[Progress]:
    """Run the child to its end and yield what it reports, something at least every 50 ms."""
    seconds = float(request["limits"]["seconds"])
    deadline = time.monotonic() + seconds
    last = Progress(0.0, _("Opening {file}", file=path.name))
    with tempfile.TemporaryFile() as errors, _child(request, errors) as child:
        lines = _lines(child)
        yield last
        for line in lines:
            if line is not None:
                last = _understand(line, path) or last
            elif time.monotonic() > deadline:
                raise ReadError(
                    _(
                        "{file} was given up after {seconds} s; nothing of it was kept. "
                        "Cut it into smaller files.",
                        file=path.name,
                        seconds=round(seconds),
                    )
                )
            yield last
        code = child.wait()
        errors.seek(0)
        text = errors.read()[-2000:].decode(errors="replace")
    if code:
        _log.info("The reader of %s ended with %s: %s", path, code, text)
        raise ReadError(_death(path, code))


@contextlib.contextmanager
def _child(request: dict[str, Any], errors: IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    """Start the child and end its process group at the end, whatever happens."""
    child = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env=child_environment(request["folder"]),
        cwd=request["folder"],
        process_group=0,
    )
    lower(child.pid)
    try:
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.close()
        yield child
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
    else:
        child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()


def _lines(child: "subprocess.Popen[bytes]") -> Iterator[bytes | None]:
    """Yield the child's lines as they come, and None whenever none came for a moment."""
    import selectors

    assert child.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(_BEAT):
                yield None
                continue
            piece = os.read(child.stdout.fileno(), 65536)
            if not piece:
                return
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole


def _understand(line: bytes, path: Path) -> Progress | None:
    """Turn a line of the child into progress, or raise what it says."""
    try:
        said = json.loads(line)
    except ValueError:
        return None  # a library's own chatter
    if "ask" in said:
        raise NeedsAnswer(said["ask"], said["option"], said["choices"])
    if "error" in said:
        raise ReadError(said["error"])
    if "drivers" in said:
        raise MoreDrivers(set(said["drivers"]))
    if "bug" in said:
        _log.info("The reader of %s failed: %s", path, said["bug"])
        raise ReadError(
            _(
                "{file} could not be read: it holds something that the reader does not know "
                "({reason}); nothing of it was kept. Export it again or in another format.",
                file=path.name,
                reason=said["reason"],
            )
        )
    return Progress(said["progress"], said["message"]) if "progress" in said else None


def _death(path: Path, code: int) -> str:
    if code == -signal.SIGXCPU:
        return _(
            "{file} was given up: it took too much time; nothing of it was kept. "
            "Cut it into smaller files.",
            file=path.name,
        )
    if code in {-signal.SIGKILL, -signal.SIGABRT}:
        return _(
            "{file} was given up: it needs more memory than a reader may use; nothing of it was "
            "kept. Cut it into smaller files.",
            file=path.name,
        )
    return _(
        "{file} is damaged: its reader stopped (signal {code}); nothing of it was kept. "
        "Fetch or export it again.",
        file=path.name,
        code=abs(code),
    )


def _empty(folder: Path) -> None:
    for one in list(folder.iterdir()) if folder.is_dir() else []:
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
