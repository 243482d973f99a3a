"""Files of numbers that are handed on: a window is free for its user while they are written."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from twinview.model.problem import writing
from twinview.progress import Job
from twinview.session.apart import apart
from twinview.session.store import Session
from twinview.session.told import Written

C = TypeVar("C")


def filed(
    session: Session, path: Path, write: Callable[[Path, C, Path | None], Job[int]], content: C
) -> Job[Written | None]:
    """Write a file, by another process where a window would wait for Python's lock meanwhile.

    Parameters
    ----------
    session
        The store; where nobody sees it, nothing is said at the end.
    path
        The file; it is there whole, or as it was.
    write
        A function of a module that writes content to a file, which it keeps in a folder until it
        is whole.
    content
        What goes into it.

    Raises
    ------
    CommandError
        The file cannot be written.
    """
    if not session.seen:
        yield from write(path, content, None)
        return None
    with _workplace(path) as folder:
        yield from apart(write, path, content, folder)
    return Written(path)


@contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """Return a folder beside a file, where a process that is ended may leave half of it."""
    with writing(path), tempfile.TemporaryDirectory(prefix=f".{path.stem}.", dir=path.parent) as on:
        yield Path(on)
