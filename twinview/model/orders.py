"""Large tables in files in both orders: by step and by element.

An array file (``.npy``) read across its order costs a page of the disk per number: a year of one
element out of a hundred thousand takes seconds. A second file in the other order costs as much disk
again and makes it one piece. It is made block by block, so that memory stays bounded however large
the table is.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.progress import Job, Progress

Floats = npt.NDArray[np.float32]
Order = Literal["steps", "elements"]

WORTH = 8 << 20
"""Bytes of a table from which a second order is worth its disk; a column of a smaller one is read
from the disk in less than 20 ms as it is."""
BLOCK = 64 << 20
"""Bytes that are turned at once; little more is held."""
_BAND = 128  # rows that are turned while they are in the processor's cache
_PLACES = 16


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a table once each of its numbers was looked at.

    Parameters
    ----------
    low, high
        Smallest and largest finite number; NaN where there is none.
    sums
        Sum of each step over all elements, missing ones left out, shape (count,).
    """

    low: float
    high: float
    sums: Floats


@dataclass(eq=False)
class _Survey:
    """Facts that grow band by band."""

    order: Order
    sums: npt.NDArray[np.float64]
    low: float = np.inf
    high: float = -np.inf

    def take(self, band: Floats, row: int, column: int) -> None:
        """Look at the numbers that begin in a row and a column of the file."""
        known = np.isfinite(band)
        if known.all():
            part, self.low = band, min(self.low, float(band.min()))
            self.high = max(self.high, float(band.max()))
        else:
            part = np.where(known, band, np.float32(0))
            self.low = min(self.low, float(band.min(initial=np.inf, where=known)))
            self.high = max(self.high, float(band.max(initial=-np.inf, where=known)))
        if self.order == "steps":
            self.sums[row : row + len(band)] += part.sum(axis=1, dtype=np.float64)
        else:
            self.sums[column : column + band.shape[1]] += part.sum(axis=0, dtype=np.float64)

    def facts(self) -> Facts:
        """Return what was found."""
        none = self.low > self.high
        low, high = (np.nan, np.nan) if none else (self.low, self.high)
        return Facts(low, high, self.sums.astype(np.float32))


def other_name(name: str) -> str:
    """Return the name of the file that holds an array file's numbers in the other order."""
    return f"{name.removesuffix('.npy')}.across.npy"


def turn(source: Path, target: Path, order: Order = "steps", *, block: int = BLOCK) -> Job[Facts]:
    """Write an array file in its other order and return its facts.

    Parameters
    ----------
    source
        A table of float32 with two dimensions in C order.
    target
        File to write.
    order
        What the rows of the source are.
    block
        Bytes that are turned at once.
    """
    with source.open("rb", buffering=0) as given, target.open("wb", buffering=0) as made:
        (rows, columns), begin = _header(given)
        write_header(made, (columns, rows))
        survey = _Survey(order, np.zeros(rows if order == "steps" else columns))
        width = min(max(1, block // (4 * max(rows, 1))), max(columns, 1))
        piece = np.empty((width, rows), dtype=np.float32)
        band = np.empty((_BAND, width), dtype=np.float32)
        for first in range(0, columns, width):
            high = min(width, columns - first)
            for row in range(0, rows, _BAND):
                part = np.ascontiguousarray(band[: min(_BAND, rows - row), :high])
                for k, line in enumerate(part):
                    given.seek(begin + 4 * ((row + k) * columns + first))
                    _fill(given, line)
                survey.take(part, row, first)
                piece[:high, row : row + len(part)] = part.T
            put(made, piece[:high])
            yield Progress((first + high) / columns, _("Writing the second order"))
    return survey.facts()


def agree(values: Floats, across: Floats) -> bool:
    """Tell whether two orders of a table hold the same numbers at some places spread over it.

    Parameters
    ----------
    values, across
        Shapes (count, size) and (size, count).
    """
    count, size = values.shape
    if across.shape != (size, count):
        return False
    if not values.size:
        return True
    share = np.arange(_PLACES) / (_PLACES - 1)
    i = (share * (count - 1)).astype(np.intp)
    j = ((share * 7.0 % 1.0) * (size - 1)).astype(np.intp)
    return bool(np.array_equal(values[i, j], across[j, i], equal_nan=True))


def write_header(file: IO[bytes], shape: tuple[int, int]) -> None:
    """Begin an array file of float32."""
    said = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, said)


def put(file: IO[bytes], values: Floats) -> None:
    """Write an array's numbers behind what is in a file, however many calls that takes."""
    view = np.ascontiguousarray(values).reshape(-1).view(np.uint8).data
    while len(view):
        view = view[file.write(view) :]


def _header(file: IO[bytes]) -> tuple[tuple[int, int], int]:
    """Return the shape of an array file and where its numbers begin."""
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"array file of version {version}")
    shape, fortran, kind = np.lib.format.read_array_header_1_0(file)
    if fortran or kind != np.float32 or len(shape) != 2:
        raise ValueError("no table of float32 in C order")
    return (int(shape[0]), int(shape[1])), file.tell()


def _fill(file: Any, target: Floats) -> None:
    """Read numbers into an array; a file that ends before is damaged."""
    view = target.reshape(-1).view(np.uint8).data
    while len(view):
        got = file.readinto(view)
        if not got:
            raise ValueError("an array file ends too early")
        view = view[got:]
