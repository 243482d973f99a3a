"""Series: a quantity over time for the elements of one layer.

Two kinds stand behind one protocol. *Dense* holds one number per step and element, in memory or
mapped from a file. *Profiled* holds a few profiles and says which of them, and how much of each,
makes up an element: a million buildings cost a few megabytes.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from twinview.model.time import TimeAxis

Floats = npt.NDArray[np.float32]

STRIDE = 1000
"""Steps looked at in one go."""


@dataclass(frozen=True)
class Meaning:
    """What the numbers of a series mean.

    Parameters
    ----------
    layer
        Id of the layer whose elements the numbers belong to.
    quantity
        Id of the quantity (`twinview.model.quantities`).
    unit
        Unit of the numbers as held: always the quantity's own unit.
    scenario
        Id of the scenario; ``base`` is the base case.
    origin
        Where they come from: ``measured``, ``given``, ``modelled``, ``generated``, ``computed``.
    source
        What they were made from, in words for a reader.
    spread
        How far a single value may be off, as a share of it; 0 where nobody says.
    """

    layer: str
    quantity: str
    unit: str
    scenario: str = "base"
    origin: str = "given"
    source: str = ""
    spread: float = 0.0


@runtime_checkable
class Series(Protocol):
    """One quantity over time for the elements of one layer."""

    @property
    def meaning(self) -> Meaning:
        """What the numbers mean."""

    @property
    def time(self) -> TimeAxis:
        """The steps."""

    @property
    def size(self) -> int:
        """Number of elements."""

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`, shape (size,)."""

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps, shape (count,)."""

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded), shape (b - a, size)."""

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed."""

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value over all steps and elements (bounds for profiled series)."""

    def __hash__(self) -> int:
        """Series are themselves: hashed and compared by identity."""


@dataclass(frozen=True, eq=False)
class Dense:
    """One number per step and element.

    Parameters
    ----------
    meaning, time
        What the numbers mean, and when.
    values
        Shape (count, size), float32, time-major; NaN is missing.
    done
        Shape (count,), bool: steps that hold results; None where all do.
    solved
        Shape (count,), bool: steps that have a solution; None where all do.
    bounds
        Known smallest and largest value; None to look for them on first use.
    """

    meaning: Meaning
    time: TimeAxis
    values: Floats
    done: npt.NDArray[np.bool_] | None = None
    solved: npt.NDArray[np.bool_] | None = None
    bounds: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        """Refuse values that do not fit the axis."""
        if self.values.ndim != 2 or len(self.values) != self.time.count:
            raise ValueError(f"{self.values.shape} values do not fit {self.time.count} steps")

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.values.shape[1])

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        return np.asarray(self.values[i], dtype=np.float32)

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps; steps not computed yet are NaN."""
        column = np.array(self.values[:, j], dtype=np.float32)
        if self.done is not None:
            column[~self.done] = np.nan
        return column

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        return np.asarray(self.values[a:b], dtype=np.float32)

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed."""
        return self.done is None or bool(self.done[i])

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution."""
        return self.solved is not None and self.ready(i) and not self.solved[i]

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest finite value; (nan, nan) where there is none."""
        if self.bounds is not None:
            return self.bounds
        finite = self.values[np.isfinite(self.values)]
        return (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)


@dataclass(frozen=True, eq=False)
class Profiled:
    """Sums of scaled profiles.

    Entry m adds ``profiles[:, index[m]] * scale[m]`` to element ``element[m]``; an element may have
    several entries (household and heat pump) or none (missing).

    Parameters
    ----------
    meaning, time
        What the numbers mean, and when.
    profiles
        Shape (count, K), float32.
    index, scale, element
        Shape (M,): profile, factor and element of each entry.
    size
        Number of elements.
    """

    meaning: Meaning
    time: TimeAxis
    profiles: Floats
    index: npt.NDArray[np.int32]
    scale: Floats
    element: npt.NDArray[np.int32]
    size: int
    _order: npt.NDArray[np.int64] = field(init=False)
    _begin: npt.NDArray[np.int64] = field(init=False)
    _absent: npt.NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the entries by element once, so that one element is one slice."""
        if len(self.profiles) != self.time.count:
            raise ValueError(
                f"{len(self.profiles)} profile rows do not fit {self.time.count} steps"
            )
        counts = np.bincount(self.element, minlength=self.size)
        if len(counts) > self.size:
            raise ValueError(f"an entry names element {self.element.max()} of {self.size}")
        object.__setattr__(self, "_order", np.argsort(self.element, kind="stable"))
        object.__setattr__(self, "_begin", np.concatenate([[0], np.cumsum(counts)]))
        object.__setattr__(self, "_absent", np.flatnonzero(counts == 0))

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        parts = self.profiles[i, self.index] * self.scale
        values = np.bincount(self.element, parts, minlength=self.size).astype(np.float32)
        values[self._absent] = np.nan
        return values

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps."""
        entries = self.entries(j)
        if not len(entries):
            return np.full(self.time.count, np.nan, dtype=np.float32)
        return np.asarray(
            self.profiles[:, self.index[entries]] @ self.scale[entries], dtype=np.float32
        )

    def entries(self, j: int) -> npt.NDArray[np.int64]:
        """Return which entries (places in `index` and `scale`) make up element `j`."""
        return self._order[self._begin[j] : self._begin[j + 1]]

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        values = np.asarray(self.profiles[a:b] @ self._weights, dtype=np.float32)
        values[:, self._absent] = np.nan
        return values

    @cached_property
    def _weights(self) -> Floats:
        weights = np.zeros((self.profiles.shape[1], self.size), dtype=np.float32)
        np.add.at(weights, (self.index, self.element), self.scale)
        return weights

    def total(self) -> Floats:
        """Return the sum over all elements at each step, shape (count,)."""
        per_profile = np.bincount(self.index, self.scale, minlength=self.profiles.shape[1])
        return np.asarray(self.profiles @ per_profile, dtype=np.float32)

    def ready(self, i: int) -> bool:
        """Tell whether step `i` has been computed: always."""
        return True

    def failed(self, i: int) -> bool:
        """Tell whether step `i` was computed without a solution: never."""
        return False

    @cached_property
    def limits(self) -> tuple[float, float]:
        """Bounds of the values: exact where each element has one entry, else wide enough."""
        if not len(self.index):
            return np.nan, np.nan
        low, high = (
            np.nanmin(self.profiles, axis=0)[self.index],
            np.nanmax(self.profiles, axis=0)[self.index],
        )
        ends = np.stack([low * self.scale, high * self.scale])
        lows = np.bincount(self.element, ends.min(axis=0), minlength=self.size)
        highs = np.bincount(self.element, ends.max(axis=0), minlength=self.size)
        return float(lows.min()), float(highs.max())


def broken(series: Series) -> npt.NDArray[np.bool_]:
    """Tell which elements have values at some steps and none at others, shape (size,)."""
    if isinstance(series, Profiled):
        holes = np.isnan(series.profiles)
        partly = np.asarray(holes.any(axis=0) & ~holes.all(axis=0))
        return np.isin(np.arange(series.size), series.element[partly[series.index]])
    some = np.zeros(series.size, dtype=np.bool_)
    every = np.ones(series.size, dtype=np.bool_)
    for first in range(0, series.time.count, STRIDE):
        known = np.isfinite(series.window(first, min(first + STRIDE, series.time.count)))
        some |= known.any(axis=0)
        every &= known.all(axis=0)
    return np.asarray(some & ~every)


def total(series: Series) -> Floats:
    """Return the sum over all elements at each step, missing ones left out, shape (count,)."""
    if isinstance(series, Profiled):
        return series.total()
    values = series.window(0, series.time.count)
    return np.asarray(np.nansum(values, axis=1, dtype=np.float64), dtype=np.float32)
