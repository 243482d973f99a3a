"""Geometry as ragged coordinates: four flat arrays whatever the shapes are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["point", "line", "polygon", "surface"]
Offsets = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Geometry:
    """Shapes of the elements of a layer, in metres around the twin's origin.

    Element e owns parts ``elements[e]:elements[e + 1]``, part p owns rings
    ``parts[p]:parts[p + 1]``, ring r owns points ``rings[r]:rings[r + 1]``. A *polygon*'s first
    ring is its outline and the others are holes, closing point left out; it lies flat and is
    extruded when drawn. A *surface* part is one planar face of a body in 3D (walls, roofs) with the
    same ring rule. A *line* part is one polyline, a *point* part one point.

    Parameters
    ----------
    kind
        What the parts are.
    coords
        Shape (N, 3), float64, metres: east, north, up.
    rings, parts, elements
        Offsets into `coords`, `rings` and `parts`; each starts with 0 and ends with the length.
    semantics
        Shape (parts,), uint8, for surfaces: an index into `SEMANTICS`; None where unknown.
    """

    kind: Kind
    coords: npt.NDArray[np.float64]
    rings: Offsets
    parts: Offsets
    elements: Offsets
    semantics: npt.NDArray[np.uint8] | None = None

    def __len__(self) -> int:
        """Return the number of elements."""
        return len(self.elements) - 1

    @cached_property
    def points_of(self) -> npt.NDArray[np.int64]:
        """Offsets of each element's points in `coords`, shape (elements + 1,)."""
        return np.asarray(self.rings[self.parts[self.elements]], dtype=np.int64)

    @cached_property
    def element_of_point(self) -> npt.NDArray[np.int32]:
        """Element of each point, shape (N,)."""
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.points_of))

    @cached_property
    def centres(self) -> npt.NDArray[np.float64]:
        """Mean point of each element, shape (elements, 3); NaN where an element has no point."""
        counts = np.diff(self.points_of)
        sums = np.stack(
            [
                np.bincount(self.element_of_point, self.coords[:, k], minlength=len(self))
                for k in range(3)
            ],
            axis=1,
        )
        with np.errstate(invalid="ignore"):
            return np.asarray(sums / counts[:, None], dtype=np.float64)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float, float, float]:
        """Extent (x0, x1, y0, y1, z0, z1) of all points; zeros where there is none."""
        if not len(self.coords):
            return (0.0,) * 6
        low, high = self.coords.min(axis=0), self.coords.max(axis=0)
        return (
            float(low[0]),
            float(high[0]),
            float(low[1]),
            float(high[1]),
            float(low[2]),
            float(high[2]),
        )

    def moved(self, coords: npt.NDArray[np.float64]) -> "Geometry":
        """Return the same shapes with other coordinates."""
        return Geometry(self.kind, coords, self.rings, self.parts, self.elements, self.semantics)

    def taken(self, rows: npt.NDArray[np.int64]) -> "Geometry":
        """Return the shapes of some elements, in the order of `rows`."""
        elements, parts = _spans(self.elements, rows)
        part_offsets, rings = _spans(self.parts, parts)
        ring_offsets, points = _spans(self.rings, rings)
        meanings = None if self.semantics is None else self.semantics[parts]
        return Geometry(
            self.kind, self.coords[points], ring_offsets, part_offsets, elements, meanings
        )


def _spans(starts: Offsets, which: npt.NDArray[np.int64]) -> tuple[Offsets, npt.NDArray[np.int64]]:
    """Return new offsets of some spans, and the members that they hold, one after the other."""
    begin = starts[which].astype(np.int64)
    counts = starts[which + 1] - begin
    fresh = offsets(counts)
    members = np.arange(int(fresh[-1])) + np.repeat(begin - fresh[:-1], counts)
    return fresh, np.asarray(members, dtype=np.int64)


def offsets(counts: Iterable[int] | npt.NDArray[np.integer]) -> Offsets:
    """Return offsets from counts: 0, then the running sum."""
    array = np.asarray(counts if isinstance(counts, np.ndarray) else list(counts), dtype=np.int64)
    return np.concatenate([[0], np.cumsum(array)]).astype(np.int32)


def points(coords: npt.NDArray[np.float64]) -> Geometry:
    """Return one point per row of `coords`, shape (n, 2) or (n, 3)."""
    one = np.arange(len(coords) + 1, dtype=np.int32)
    return Geometry("point", with_height(coords), one, one, one)


def lines(paths: Sequence[npt.NDArray[np.float64]]) -> Geometry:
    """Return one polyline per array of shape (m, 2) or (m, 3)."""
    rings = offsets([len(path) for path in paths])
    one = np.arange(len(paths) + 1, dtype=np.int32)
    stacked = (
        np.concatenate([with_height(path) for path in paths]) if len(paths) else np.empty((0, 3))
    )
    return Geometry("line", stacked, rings, one, one)


def with_height(coords: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return coordinates with three columns, height 0 where there was none."""
    array = np.asarray(coords, dtype=np.float64)
    return array if array.shape[1] == 3 else np.column_stack([array, np.zeros(len(array))])


SEMANTICS = ("unknown", "ground", "wall", "roof", "closure", "other")
