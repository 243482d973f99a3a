"""Tables larger than a reader's memory: written into a file piece by piece, then in both orders."""

import contextlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.orders import Facts, Order, put, turn, write_header
from twinview.progress import Job
from twinview.readers.registry import ReadError

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]

MOST = 2_000_000_000
"""Numbers of one table: a file of 8 GB, in each of its two orders."""
_WINDOW = 16 << 20  # numbers that are mapped at once while cells are written
_BLANK = np.uint32(0x7FC0B1A4)
"""Bits of the missing number in cells that nothing was written to yet, a NaN like any other."""
_SPARE = 1.05


@dataclass(frozen=True, eq=False)
class Kept:
    """A table that lies in files.

    Parameters
    ----------
    values, across
        Shapes (count, size) and (size, count), mapped.
    facts
        What is known of the numbers.
    """

    values: Floats
    across: Floats
    facts: Facts


class Grid:
    """A table of float32 that grows in a file; no more than a window of it is ever in memory.

    Parameters
    ----------
    size
        Number of steps and of columns.
    order
        What the rows of the file are: ``steps`` or ``elements``.
    path
        The file that the numbers come from, for sentences.
    """

    def __init__(self, size: tuple[int, int], order: Order, path: Path) -> None:
        check(*size, path)
        self.order: Order = order
        self.shape = size if order == "steps" else size[::-1]
        self._file = Path(tempfile.mkdtemp(prefix="grid-")) / "values.npy"
        self._other = self._file.with_name("other.npy")
        with self._file.open("wb") as file:
            write_header(file, self.shape)
            self._begin = file.tell()

    def append(self, rows: Floats) -> None:
        """Write the next rows of the file, shape (any, columns of the file)."""
        with self._file.open("ab", buffering=0) as file:
            put(file, rows)

    def blank(self) -> None:
        """Fill the whole table with missing numbers, for cells to be written in any order."""
        rows = max(1, _WINDOW // max(self.shape[1], 1))
        empty = np.full((rows, self.shape[1]), _BLANK, dtype=np.uint32).view(np.float32)
        with self._file.open("ab", buffering=0) as file:
            for first in range(0, self.shape[0], rows):
                put(file, empty[: self.shape[0] - first])

    def scatter(self, step: Places, column: Places, values: Floats) -> int:
        """Write cells and return how many of them had been written before; the later ones stay.

        Parameters
        ----------
        step, column, values
            Place and number of each cell, shape (n,).
        """
        row, across = (step, column) if self.order == "steps" else (column, step)
        place, numbers, twice = _sorted(row * self.shape[1] + across, values)
        ends = np.arange(0, self.shape[0] * self.shape[1] + _WINDOW, _WINDOW)
        edges = np.searchsorted(place, ends)
        for k in np.flatnonzero(np.diff(edges)):
            part, start = slice(edges[k], edges[k + 1]), int(k) * _WINDOW
            window = self._window(start)
            cells = place[part] - start
            twice += int((window.view(np.uint32)[cells] != _BLANK).sum())
            window[cells] = numbers[part]
            del window
        return twice

    def _window(self, start: int) -> Any:
        length = min(_WINDOW, self.shape[0] * self.shape[1] - start)
        offset = self._begin + 4 * start
        return np.memmap(self._file, np.float32, "r+", offset=offset, shape=(length,))

    def finish(self) -> Job[Kept]:
        """Write the other order and return both, mapped."""
        facts = yield from turn(self._file, self._other, self.order)
        one, other = mapped(self._file), mapped(self._other)
        values, across = (one, other) if self.order == "steps" else (other, one)
        return Kept(values, across, facts)


def _sorted(place: Places, values: Floats) -> tuple[Places, Floats, int]:
    """Return cells in the order of the file, the later of equal ones, and how many were dropped."""
    numbers = np.where(np.isfinite(values), values, np.float32(np.nan))
    if not (np.diff(place) > 0).all():
        order = np.argsort(place, kind="stable")
        place, numbers = place[order], numbers[order]
        last = np.append(np.diff(place) > 0, True)
        return place[last], numbers[last], int((~last).sum())
    return place, numbers, 0


def check(count: int, size: int, path: Path) -> None:
    """Raise ReadError for a table that is larger than a store may be, or than the disk."""
    if count * size > MOST:
        raise ReadError(
            _(
                "{file} holds {count} steps of {width} columns, {size:.0f} GB on the disk, more "
                "than a table may take; nothing was read. Cut it into smaller files.",
                file=path.name,
                count=count,
                width=size,
                size=disk(count, size) / 1e9,
            )
        )
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < _SPARE * disk(count, size):
        raise ReadError(
            _(
                "{file} needs {size:.1f} GB on the disk of the project's cache, and {free:.1f} GB "
                "are free; nothing was read. Free some space.",
                file=path.name,
                size=disk(count, size) / 1e9,
                free=free / 1e9,
            )
        )


def disk(count: int, size: int) -> int:
    """Return the bytes that a table takes in its two orders."""
    return 2 * 4 * count * size


def mapped(path: Path) -> Floats:
    """Return an array file of our own as a map; its size does not count as a reader's memory."""
    room(path.stat().st_size)
    found: Floats = np.load(path, mmap_mode="r", allow_pickle=False)
    return found


def room(size: int) -> None:
    """Let this process map so many bytes of a file on top of what it may use."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            wish = soft + size + (1 << 20)
            most = wish if hard == resource.RLIM_INFINITY else min(wish, hard)
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))
