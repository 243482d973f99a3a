"""Machine code for entries: columns of a table, scaled and added up per element.

The loops stand here apart because machine code that is kept in the cache is made anew when its own
file changes.
"""

import numpy as np
import numpy.typing as npt

from twinview.kernels import kernel

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
Starts = npt.NDArray[np.int64]


def _scaled(columns: Floats, index: Places, scale: Floats, out: Floats) -> None:
    np.take(columns, index, mode="clip", out=out)  # places are checked: four times as fast
    out *= scale


def _scaled_loop(columns: Floats, index: Places, scale: Floats, out: Floats) -> None:
    for k in range(len(out)):
        out[k] = columns[index[k]] * scale[k]


scaled = kernel(
    _scaled, _scaled_loop,
    "void(Array(float32, 1, 'A', readonly=True), Array(int32, 1, 'C', readonly=True),"
    " Array(float32, 1, 'C', readonly=True), float32[::1])",
)  # fmt: skip
"""Write column ``index[m]`` times ``scale[m]`` for each entry m. Every column named is there."""


def _summed(columns: Floats, index: Places, scale: Floats, begin: Starts, out: Floats) -> None:
    parts = np.take(columns, index, mode="clip") * scale
    counts = np.diff(begin)
    element = np.repeat(np.arange(len(out)), counts)
    out[:] = np.bincount(element, parts, minlength=len(out))
    out[counts == 0] = np.nan


def _summed_loop(columns: Floats, index: Places, scale: Floats, begin: Starts, out: Floats) -> None:
    for j in range(len(out)):
        total = 0.0
        for m in range(begin[j], begin[j + 1]):
            total += columns[index[m]] * scale[m]
        out[j] = total if begin[j] < begin[j + 1] else np.nan


summed = kernel(
    _summed, _summed_loop,
    "void(Array(float32, 1, 'A', readonly=True), Array(int32, 1, 'C', readonly=True),"
    " Array(float32, 1, 'C', readonly=True), Array(int64, 1, 'C', readonly=True), float32[::1])",
)  # fmt: skip
"""Write the sum of the entries ``begin[j]`` to ``begin[j + 1]`` for each element j, NaN for none.

Sums are taken in double precision, in the order of the entries.
"""
