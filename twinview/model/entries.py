"""Which columns of a table, and how much of each, make up each element."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from twinview.model.summing import scaled, summed

Floats = npt.NDArray[np.float32]

FEW = 64
"""Elements up to which many rows are made at once."""


@dataclass(frozen=True, eq=False)
class Entries:
    """Entry m adds column ``index[m]`` times ``scale[m]`` to element ``element[m]``.

    Parameters
    ----------
    index, scale, element
        Shape (M,): column, factor and element of each entry.
    size
        Number of elements; one without an entry has no value.
    """

    index: npt.NDArray[np.int32]
    scale: Floats
    element: npt.NDArray[np.int32]
    size: int

    def __post_init__(self) -> None:
        """Refuse entries of elements that are not there."""
        if len(self.element) and self.element.max() >= self.size:
            raise ValueError(f"an entry names element {self.element.max()} of {self.size}")

    @cached_property
    def _pieces(self) -> tuple[npt.NDArray[np.int32], Floats]:
        """Column and factor of each entry, as machine code wants them: element after element."""
        index, scale = self.index, self.scale
        if not (self.plain or bool((np.diff(self.element) >= 0).all())):
            index, scale = index[self._order], scale[self._order]
        return np.ascontiguousarray(index, np.int32), np.ascontiguousarray(scale, np.float32)

    @cached_property
    def _span(self) -> tuple[int, int]:
        """Lowest and highest column that an entry names."""
        return (int(self.index.min()), int(self.index.max())) if len(self.index) else (0, -1)

    @cached_property
    def _counts(self) -> npt.NDArray[np.int64]:
        return np.bincount(self.element, minlength=self.size)

    @cached_property
    def _order(self) -> npt.NDArray[np.int64]:
        return np.argsort(self.element, kind="stable")

    @cached_property
    def _begin(self) -> npt.NDArray[np.int64]:
        return np.concatenate([[0], np.cumsum(self._counts)])

    @cached_property
    def plain(self) -> bool:
        """Tell whether entry m is the one entry of element m."""
        return len(self.element) == self.size and bool((np.diff(self.element) == 1).all())

    def of(self, j: int) -> npt.NDArray[np.int64]:
        """Return which entries make up element `j`."""
        return self._order[self._begin[j] : self._begin[j + 1]]

    def row(self, columns: Floats) -> Floats:
        """Return the values of all elements, shape (size,), of those of all columns (K,).

        They are as precise as the columns are.
        """
        if self._span[0] < 0 or self._span[1] >= len(columns):
            raise IndexError(f"an entry names column {self._span} of {len(columns)}")
        values, compiled = np.empty(self.size, columns.dtype), columns.dtype == np.float32
        if self.plain:
            (scaled if compiled else scaled.plain)(columns, *self._pieces, values)
        else:
            (summed if compiled else summed.plain)(columns, *self._pieces, self._begin, values)
        return values

    def rows(self, columns: Floats) -> Floats:
        """Return the values of all elements, shape (R, size), of R rows of all columns (R, K)."""
        if self.plain and self.size <= FEW:  # one by one, calls would cost more than numbers
            if self._span[0] < 0 or self._span[1] >= columns.shape[1]:
                raise IndexError(f"an entry names column {self._span} of {columns.shape[1]}")
            return np.asarray(columns[:, self.index] * self.scale, dtype=np.float32)
        values = np.empty((len(columns), self.size), dtype=np.float32)
        for one, row in zip(values, columns, strict=True):
            one[:] = self.row(row)
        return values
