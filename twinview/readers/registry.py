"""The list of readers: what each opens, and which of them fits a file."""

import importlib
import logging
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from twinview.i18n import N_, _
from twinview.model.part import Part
from twinview.model.problem import CommandError
from twinview.progress import Job

READER_VERSION = 8
"""Part of every cache key: raise it when a reader's result changes."""

HEAD = 4096
GROUP = "twinview.readers"
_MACHINERY = {"child", "guard", "registry", "part_format", "crs"}
_log = logging.getLogger(__name__)


class ReadError(CommandError):
    """A file cannot be read; the sentence says which, why and what to do."""


@dataclass(frozen=True)
class Options:
    """What the user says about a file; None where the reader is to find out.

    Parameters
    ----------
    crs
        Coordinate system, such as ``EPSG:25832``; ``:yx`` behind it says that the file writes
        north (latitude) before east.
    tz
        IANA name of the time zone of times without an offset.
    lod
        Level of detail of a city model, such as ``2.2``.
    encoding
        Character encoding of texts.
    unit
        Unit of the numbers of a series.
    kind
        Kind of the layers (`twinview.model.twin.Layer`), or of some of them by their names
        (`twinview.readers.common.kinds_told.told`).
    layer
        Name of the one layer to read.
    start
        First instant of a series that has no times (ISO 8601).
    time, key
        Columns of a table of series that hold the times and, in a long one, the elements.
    form
        ``wide`` (a column for each element) or ``long`` (a row for each time and element).
    origin
        Where the numbers come from, such as ``measured`` or ``modelled``; readers leave it to
        `twinview.readers.common.origins.with_origin`.
    several
        What becomes of several rows for one time and element: ``sum``, ``mean``, ``max`` or
        ``min``; where nothing is said, the later row counts.
    head
        Number of rows: only the names of the columns and these are read
        (`twinview.readers.common.heads`).
    """

    crs: str | None = None
    tz: str | None = None
    lod: str | None = None
    encoding: str | None = None
    unit: str | None = None
    kind: str | None = None
    layer: str | None = None
    start: str | None = None
    time: str | None = None
    key: str | None = None
    form: str | None = None
    origin: str | None = None
    several: str | None = None
    head: str | None = None

    def as_dict(self) -> dict[str, str]:
        """Return what was said, for JSON and cache keys."""
        return {key: value for key, value in asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, said: Mapping[str, Any]) -> "Options":
        """Return the options said in a mapping; keys that are not known are left out."""
        known = cls.__dataclass_fields__
        return cls(**{k: None if v is None else str(v) for k, v in said.items() if k in known})


Read = Callable[[Path, Options], Job[Part]]
Sniff = Callable[[Path, bytes], int]


@dataclass(frozen=True)
class Reader:
    """A format that can be opened.

    Parameters
    ----------
    name
        Name of the format.
    patterns
        File names that it may have, in small letters.
    score
        Rank among the readers of the same name pattern.
    read
        The reader.
    sniff
        Returns the score for a path and its first bytes, 0 for a file of another format.
    folders
        Names of folders that it may be; none for a format of single files.
    """

    name: str
    patterns: tuple[str, ...]
    score: int
    read: Read
    sniff: Sniff | None = None
    folders: tuple[str, ...] = ()

    def named(self, path: Path) -> bool:
        """Tell whether a file's name is one of this format."""
        patterns = self.folders if path.is_dir() else self.patterns
        return any(fnmatch(path.name.lower(), pattern) for pattern in patterns)

    def judge(self, path: Path, head: bytes) -> int:
        """Return how well the reader fits a file with these first bytes."""
        return self.score if self.sniff is None else self.sniff(path, head)


_readers: dict[str, Reader] = {}


def reader(
    name: str,
    patterns: Sequence[str],
    score: int = 50,
    sniff: Sniff | None = None,
    folders: Sequence[str] = (),
) -> Callable[[Read], Read]:
    """Register the decorated function as the reader of a format.

    Parameters
    ----------
    name, patterns, score, sniff, folders
        See `Reader`.
    """

    def register(read: Read) -> Read:
        _readers[name] = Reader(name, tuple(patterns), score, read, sniff, tuple(folders))
        return read

    return register


@cache
def readers() -> Mapping[str, Reader]:
    """Load this folder and the plug-ins, and return all readers by name."""
    import twinview.readers as folder

    for module in pkgutil.iter_modules(folder.__path__):
        if not module.ispkg and module.name not in _MACHINERY:
            importlib.import_module(f"{folder.__name__}.{module.name}")
    for point in entry_points(group=GROUP):
        try:
            point.load()
        except Exception as error:  # a stranger's module may raise anything
            _log.warning("The reader %s is left out: %s", point.value, error)
    return dict(sorted(_readers.items()))


_HINTS = {
    (".p", ".pkl", ".pickle"): N_(
        "{file} is a pickle, which can run code, and is never opened; "
        "save the network as pandapower JSON (pandapower.to_json) and add that."
    ),
    (".h5", ".hdf5"): N_("{file} is an HDF5 file, which twinview does not open; export it as CSV."),
}


def choose(path: Path) -> Reader:
    """Return the reader that fits a file or folder, by its name and its first bytes.

    Raises
    ------
    ReadError
        For an empty file, a name of no known format, and a file that is not what its name says.
    """
    head = first_bytes(path)
    if not path.is_dir() and not head:
        raise ReadError(_("{file} is empty (0 bytes); fetch or export it again.", file=path.name))
    named = [one for one in readers().values() if one.named(path)]
    if not named:
        raise ReadError(_unknown(path))
    score, best = max(((one.judge(path, head), one) for one in named), key=lambda pair: pair[0])
    if score > 0:
        return best
    if path.is_dir():
        raise ReadError(
            _(
                "{file} is a folder that twinview does not know as a whole ({formats}); "
                "add the files in it.",
                file=path.name,
                formats=", ".join(one.name for one in named),
            )
        )
    raise ReadError(
        _(
            "{file} is not a {formats} file, although its name says so; nothing of it was read. "
            "Export it again from the program it comes from.",
            file=path.name,
            formats=_(" or ").join(one.name for one in named),
        )
    )


def first_bytes(path: Path) -> bytes:
    """Return the first bytes of a file; none of a folder."""
    if path.is_dir():
        return b""
    with path.open("rb") as file:
        return file.read(HEAD)


def _unknown(path: Path) -> str:
    for suffixes, hint in _HINTS.items():
        if path.suffix.lower() in suffixes:
            return _(hint, file=path.name)
    return _(
        "{file} is of no kind that twinview opens; it opens {formats}.",
        file=path.name,
        formats=", ".join(f"{one.name} ({' '.join(one.patterns)})" for one in readers().values()),
    )
