"""Machine code for ramps: the colour of each of many numbers.

The loop stands here apart because machine code that is kept in the cache is made anew when its own
file changes.
"""

import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel, prange

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_PIECE = 1 << 14
"""Numbers that one core takes at a time."""
_EVEN = np.float32(1.5 * (1 << 23))


def _tint(values: npt.NDArray[np.floating], ends: Floats, table: Bytes, out: Bytes) -> None:
    low, span = ends[0], ends[1]
    last = len(table) - 2
    with np.errstate(invalid="ignore", over="ignore"):
        position = np.nan_to_num((values - low) / span, nan=0.0, posinf=1.0, neginf=0.0)
    rows = (np.clip(position, 0, 1) * last).round().astype(np.intp)
    rows[np.isnan(values)] = last + 1
    np.take(table, rows, axis=0, out=out)


def _tinted(values: Floats, ends: Floats, table: Bytes, out: Bytes) -> None:
    low, span, one, zero = ends[0], ends[1], np.float32(1), np.float32(0)
    last, none = np.float32(len(table) // 3 - 2), np.int32(len(table) // 3 - 1)
    row = np.empty(len(values), np.int32)
    for k in range(len(values)):
        position = (values[k] - low) / span
        position = position if position > zero else zero
        position = position if position < one else one
        # Adding and taking away rounds to the nearest, halves to even, without a call.
        row[k] = np.int32((position * last + _EVEN) - _EVEN)
        row[k] = none if np.isnan(values[k]) else row[k]
    for k in range(len(values)):
        first = 3 * row[k]
        out[3 * k], out[3 * k + 1], out[3 * k + 2] = (
            table[first],
            table[first + 1],
            table[first + 2],
        )


def _tint_loop(values: Floats, ends: Floats, table: Bytes, out: Bytes) -> None:
    n, flat, colours = len(values), out.reshape(-1), table.reshape(-1)
    for piece in prange((n + _PIECE - 1) // _PIECE):
        a, b = piece * _PIECE, min(n, (piece + 1) * _PIECE)
        _tinted(values[a:b], ends, colours, flat[3 * a : 3 * b])


tint = kernel(
    _tint, _tint_loop,
    "void(Array(float32, 1, 'C', readonly=True), Array(float32, 1, 'C', readonly=True),"
    " Array(uint8, 2, 'C', readonly=True), uint8[:, ::1])", helpers=(_tinted,), parallel=True,
)  # fmt: skip
"""Write the colour of each value, shape (n, 3).

Takes the values, the lower end of the ramp and its span, and the ramp's colours from low to high
with one more behind them: that of NaN.
"""
