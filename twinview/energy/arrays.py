"""Names for array types, and the checks that functions of this package make on their input."""

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]


def as_series(values: ArrayLike, name: str, count: int, steps: int | None = None) -> Floats:
    """Return `values` as float64 of shape [T, count].

    Parameters
    ----------
    values
        Anything numpy reads as a table; a vector of `count` is one step.
    name
        What to call it in the error.
    count
        Number of columns it must have.
    steps
        Number of rows it must have, if that is known.

    Raises
    ------
    ValueError
        The shape is another one.
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim == 1 and count in (0, table.size):
        table = table.reshape(1 if count else (steps or 0), count)
    if table.ndim != 2 or table.shape[1] != count or steps not in (None, table.shape[0]):
        wanted = f"[{'T' if steps is None else steps}, {count}]"
        raise ValueError(f"{name} must have the shape {wanted}, not {list(table.shape)}")
    return table


def as_places(values: ArrayLike, name: str, n_bus: int) -> Ints:
    """Return `values` as bus numbers 0 to `n_bus` - 1.

    Parameters
    ----------
    values
        One bus number for each element.
    name
        What to call it in the error.
    n_bus
        Number of buses.

    Raises
    ------
    ValueError
        A number is no bus, or the numbers are not whole.
    """
    places = np.asarray(values)
    if places.size == 0:
        return np.zeros(0, dtype=np.int64)
    if places.ndim != 1 or not np.issubdtype(places.dtype, np.integer):
        raise ValueError(f"{name} must be a vector of whole bus numbers")
    wrong = np.flatnonzero((places < 0) | (places >= n_bus))
    if wrong.size:
        first = int(wrong[0])
        raise ValueError(f"{name}[{first}] is {places[first]}, but buses go from 0 to {n_bus - 1}")
    return places.astype(np.int64)


def as_column(values: ArrayLike, name: str, count: int) -> Floats:
    """Return `values` as a float64 vector of `count`; a single number is repeated.

    Parameters
    ----------
    values
        A number or a vector.
    name
        What to call it in the error.
    count
        Wanted length.

    Raises
    ------
    ValueError
        The length is another one, or a value is not finite.
    """
    given = np.asarray(values, dtype=np.float64)
    if given.ndim > 1 or (given.ndim == 1 and given.size != count):
        raise ValueError(f"{name} must be one number or {count} numbers")
    if not np.isfinite(given).all():
        raise ValueError(f"{name} must be finite")
    return np.broadcast_to(given, (count,)).astype(np.float64)
