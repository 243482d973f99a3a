"""Writing files so that a kill or a full disk never leaves half of one."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from twinview.model.problem import writing

_PIECE = 1 << 20


def atomic_write(path: Path, content: bytes, settled: bool = True) -> None:
    """Write `content` to `path`, whole or not at all; an old file stays until the new one is safe.

    A temporary file in the same folder is written in pieces whose counts are checked, flushed to
    the disk, read back, renamed over the old one, and the folder is flushed too.

    Parameters
    ----------
    path, content
        The file, and what it will hold.
    settled
        False does not wait for the disk, which may take seconds: the file outlives the program, but
        perhaps not a power cut.

    Raises
    ------
    CommandError
        When the file cannot be written; the old one is untouched.
    """
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path) as temporary:
            _write_checked(temporary, content, settled)
            temporary.replace(path)
        if settled:
            _flush_folder(path.parent)


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        else:
            temporary.chmod(0o666 & ~_umask())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write_checked(path: Path, content: bytes, settled: bool) -> None:
    with path.open("wb", buffering=0) as file:
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            if file.write(piece) != len(piece):
                raise OSError(28, "the disk is full")
        if settled:
            os.fsync(file.fileno())
    if path.read_bytes() != content:
        raise OSError(5, "what was read back differs from what was written")


def settle(path: Path) -> None:
    """Wait until a file that was written is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
