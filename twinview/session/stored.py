"""Series of results in files: one array each, a large one in both orders."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from twinview.model.orders import WORTH, agree, other_name, turn
from twinview.model.series import Dense, Meaning, extremes
from twinview.model.time import TimeAxis
from twinview.progress import Job, part_of

Key = tuple[str, str]
Floats = npt.NDArray[np.float32]

_arrays: WeakValueDictionary[tuple[int, int, int], Floats] = WeakValueDictionary()
"""Arrays in use by the file they are mapped from: one for all names that a file has."""


def file_name(key: Key) -> str:
    """Return the name of the file that holds a layer's quantity."""
    return "~".join(part.replace("/", "_") for part in key) + ".npy"


def index_name(key: Key) -> str:
    """Return the name of the file that says which column each element has, where they share."""
    return file_name(key).removesuffix(".npy") + ".index.npy"


def key_of(said: Mapping[str, Any]) -> Key:
    """Return the layer and the quantity of a series in a manifest."""
    return said["layer"], said["quantity"]


def written(folder: Path, arrays: Mapping[Key, Floats]) -> Job[list[dict[str, Any]]]:
    """Write the other order of large arrays and return what the manifest says of all.

    Parameters
    ----------
    folder
        Where each array already is, under its `file_name`.
    arrays
        Shape (count, size) each.
    """
    manifest: list[dict[str, Any]] = []
    for k, (key, values) in enumerate(arrays.items()):
        limits, across = None, values.nbytes >= WORTH
        if across:
            source = folder / file_name(key)
            job = turn(source, folder / other_name(source.name))
            facts = yield from part_of(job, k / len(arrays), (k + 1) / len(arrays))
            np.save(_sums(source), facts.sums, allow_pickle=False)
            limits = (facts.low, facts.high)
        low, high = limits or extremes(values)
        known = [low, high] if np.isfinite(low) else None
        manifest.append({"layer": key[0], "quantity": key[1], "limits": known, "across": across})
    return manifest


def dense(folder: Path, said: Mapping[str, Any], meaning: Meaning, axis: TimeAxis) -> Dense:
    """Return a series mapped from its files.

    Raises
    ------
    ValueError
        Where the two orders of it do not hold the same numbers.
    """
    source = folder / file_name(key_of(said))
    values = mapped(source)
    across = sums = None
    if said["across"]:
        across = mapped(folder / other_name(source.name))
        sums = np.load(_sums(source), allow_pickle=False)
        if not agree(values, across):
            raise ValueError(f"{source.name}: the two orders do not hold the same values")
    low, high = said["limits"] or (np.nan, np.nan)
    return Dense(meaning, axis, values, bounds=(low, high), across=across, sums=sums)


def mapped(file: Path) -> Floats:
    """Return an array mapped from its file; the same one for files that are hard links."""
    about = file.stat()
    key = (about.st_dev, about.st_ino, about.st_mtime_ns)
    array = _arrays.get(key)
    if array is None:
        array = _arrays[key] = np.load(file, mmap_mode="r", allow_pickle=False)
    return array


def _sums(source: Path) -> Path:
    return source.with_suffix(".sums.npy")
