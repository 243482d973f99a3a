"""Series: a quantity over time for the elements of one layer.

Two kinds stand behind one protocol. *Dense* holds one number per step and element, in memory or
mapped from files, large ones in both orders (`twinview.model.orders`), so that an instant is one
row of one file and an element's year one row of the other. *Profiled* holds a few profiles and
says which of them, and how much of each, makes up an element: a million buildings cost a few
megabytes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from twinview.model.entries import Entries
from twinview.model.time import TimeAxis

if TYPE_CHECKING:
    from twinview.model.lacking import Lacking

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
        Where they come from: ``measured``, ``given``, ``modelled``, ``generated``, ``computed``,
        or ``forecast``, which says how they stand to the present.
    source
        What they were made from, in words for a reader.
    spread
        How far a single value may be off, as a share of it; 0 where nobody says.
    told
        Whether the user said the origin.
    """

    layer: str
    quantity: str
    unit: str
    scenario: str = "base"
    origin: str = "given"
    source: str = ""
    spread: float = 0.0
    told: bool = False


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
    across
        The same values element-major, shape (size, count); None where one order is enough.
    sums
        Known sum over all elements at each step, shape (count,), missing ones left out; None where
        nobody has added them up.
    lacking
        Steps without a solution because an input has no value there; None for none.
    """

    meaning: Meaning
    time: TimeAxis
    values: Floats
    done: npt.NDArray[np.bool_] | None = None
    solved: npt.NDArray[np.bool_] | None = None
    bounds: tuple[float, float] | None = None
    across: Floats | None = None
    sums: Floats | None = None
    lacking: "Lacking | None" = None

    def __post_init__(self) -> None:
        """Refuse values that do not fit the axis, and two orders that do not fit each other."""
        if self.values.ndim != 2 or len(self.values) != self.time.count:
            raise ValueError(f"{self.values.shape} values do not fit {self.time.count} steps")
        if self.across is not None and self.across.shape != self.values.shape[::-1]:
            raise ValueError(f"{self.across.shape} is not {self.values.shape} the other way")

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self.values.shape[1])

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        return np.asarray(self.values[i], dtype=np.float32)

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps; steps not computed yet are NaN."""
        source = self.values[:, j] if self.across is None else self.across[j]
        column = np.array(source, dtype=np.float32)
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
        return extremes(self.values)


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

    def __post_init__(self) -> None:
        """Refuse profiles and entries that do not fit."""
        if len(self.profiles) != self.time.count:
            raise ValueError(
                f"{len(self.profiles)} profile rows do not fit {self.time.count} steps"
            )
        _ = self.makeup

    @cached_property
    def makeup(self) -> Entries:
        """Which profiles make up which element."""
        return Entries(self.index, self.scale, self.element, self.size)

    def at(self, i: int) -> Floats:
        """Return the values of all elements at step `i`."""
        return self.makeup.row(self.profiles[i])

    def of(self, j: int) -> Floats:
        """Return the values of element `j` at all steps."""
        entries = self.entries(j)
        if not len(entries):
            return np.full(self.time.count, np.nan, dtype=np.float32)
        return np.asarray(self.scale[entries] @ self._across[self.index[entries]], dtype=np.float32)

    @cached_property
    def _across(self) -> Floats:
        """The profiles one after the other, shape (K, count): a few megabytes."""
        return np.ascontiguousarray(self.profiles.T)

    def entries(self, j: int) -> npt.NDArray[np.int64]:
        """Return which entries (places in `index` and `scale`) make up element `j`."""
        return self.makeup.of(j)

    def window(self, a: int, b: int) -> Floats:
        """Return the values of steps a to b (excluded)."""
        return self.makeup.rows(self.profiles[a:b])

    def total(self) -> Floats:
        """Return the sum over all elements at each step, shape (count,)."""
        return self._total

    @cached_property
    def _total(self) -> Floats:
        per_profile = np.bincount(self.index, self.scale, minlength=self.profiles.shape[1])
        made = np.asarray(self.profiles @ per_profile, dtype=np.float32)
        made.flags.writeable = False
        return made

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
    known = known_total(series)
    if known is not None:
        return known
    sums = np.empty(series.time.count, dtype=np.float32)
    for first in range(0, series.time.count, STRIDE):
        values = series.window(first, min(first + STRIDE, series.time.count))
        sums[first : first + STRIDE] = np.nansum(values, axis=1, dtype=np.float64)
    return sums


def known_total(series: Series) -> Floats | None:
    """Return what `total` does where that costs next to nothing, else None."""
    if isinstance(series, Profiled):
        return series.total()
    found: Floats | None = getattr(series, "sums", None)
    return found


def extremes(values: Floats) -> tuple[float, float]:
    """Return the smallest and largest finite number, (nan, nan) where there is none.

    Parameters
    ----------
    values
        Shape (rows, columns); looked at some rows at a time.
    """
    low, high = np.nan, np.nan
    for first in range(0, len(values), STRIDE):
        part = values[first : first + STRIDE]
        known = part[np.isfinite(part)]
        if known.size:
            low, high = np.fmin(low, known.min()), np.fmax(high, known.max())
    return float(low), float(high)


@dataclass(frozen=True, eq=False)
class Seen:
    """A series seen in another way: what is said of its numbers stays what it is.

    Parameters
    ----------
    source
        The series.
    """

    source: Series

    @property
    def meaning(self) -> Meaning:
        """What the numbers mean."""
        return self.source.meaning

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.source.size

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.source.limits
