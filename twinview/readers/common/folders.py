"""Formats of several files: a folder, or the same folder in a zip archive."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from twinview.readers.common import archive, texts

_PACKED = b"PK\x03\x04"


def holds(path: Path, head: bytes, names: Sequence[str]) -> bool:
    """Tell whether a folder, or an archive by its directory, holds files of these names.

    Parameters
    ----------
    path, head
        Folder or file, and its first bytes.
    names
        Names of files, all of which must be there.
    """
    if path.is_dir():
        return all((path / name).is_file() for name in names)
    packed = head.startswith(_PACKED)
    return packed and all(texts.mentions(path, head, _member(name)) for name in names)


def _member(name: str) -> str:
    """Return a pattern for a member's name that does not fit the end of a longer one."""
    return r"(?<![\w-])" + name.replace(".", r"\.")


@contextmanager
def opened(path: Path, wanted: set[str]) -> Iterator[Path]:
    """Give a folder, unpacked where it is an archive.

    Parameters
    ----------
    path
        Folder or archive.
    wanted
        Suffixes to unpack, in small letters.
    """
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory() as name:
        archive.unpack(path, Path(name), wanted)
        yield Path(name)
