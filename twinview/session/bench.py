"""How fast an instant and an element's year come out of the time store: ours against usual ways.

Warm means that the pages are in memory; what is only a view of a file is copied out of it. Cold
means that the kernel was told to drop the file's pages (``posix_fadvise``) and that the file is
mapped anew before each sample; how many bytes came from the disk is counted, so that a system that
keeps them is found out.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from twinview import kernels, paths
from twinview.model.orders import put, write_header
from twinview.model.series import Dense, Meaning, Profiled, Series
from twinview.model.time import TimeAxis
from twinview.progress import drain
from twinview.session import stored

HOURS = 8760
MOST_DENSE = 1_000_000_000
"""Numbers up to which each building has values of its own; beyond, they share profiles."""
PROFILES = 200
_WARM, _COLD = 60, 9
_COLUMNS = 2000  # of the Parquet file that is compared with: fewer than ours, in its favour
_GROUP = 730
_AXIS = TimeAxis(0, 3600, HOURS)
_MEANING = Meaning("buildings", "consumption", "kW", origin="generated")
_KEY = ("buildings", "consumption")
Floats = npt.NDArray[np.float32]


def slices(buildings: int) -> dict[str, Any]:
    """Measure one instant of all buildings and one year of a building.

    Parameters
    ----------
    buildings
        Number of buildings; beyond `MOST_DENSE` numbers they share `PROFILES` profiles.

    Returns
    -------
    dict
        ``kind``, ``buildings``, ``size``, ``median_ms`` (the warm instant), ``samples``, ``parts``
        in milliseconds and ``ratios``: how many times faster than the named way;
        ``copy_of_bytes`` is how many times slower than copying as many bytes in memory.
    """
    kernels.wait()
    if buildings * HOURS > MOST_DENSE:
        return _profiled(buildings)
    with tempfile.TemporaryDirectory(dir=_place()) as folder:
        return _dense(Path(folder), buildings)


def _place() -> Path:
    place = paths.user_cache()
    place.mkdir(parents=True, exist_ok=True)
    return place


def _dense(folder: Path, size: int) -> dict[str, Any]:
    source = folder / stored.file_name(_KEY)
    _write(source, size)
    values: Floats = np.load(source, mmap_mode="r")
    begun = time.perf_counter()
    (said,) = drain(stored.written(folder, {_KEY: values}))
    turned = time.perf_counter() - begun
    del values

    def opened() -> Dense:
        return stored.dense(folder, said, _MEANING, _AXIS)

    def one_order() -> Dense:
        return Dense(_MEANING, _AXIS, np.load(source, mmap_mode="r"))

    warm = _warm(opened())
    instant, from_disk = _cold(folder, opened, _instant)
    series, more = _cold(folder, opened, _series)
    across, _bytes = _cold(folder, one_order, _series, 2)
    table = _parquet(folder, min(size, _COLUMNS))
    parts = {
        "instant_warm": warm["instant"],
        "series_warm": warm["series"],
        "instant_cold": instant,
        "series_cold": series,
        "series_cold_one_order": across,
        "second_order_written": turned * 1000,
    }
    return {
        **_found("dense", size, warm),
        "parts": parts,
        "disk_bytes": 8 * size * HOURS,
        "read_from_disk": {"instant": from_disk, "series": more},
        "ratios": {
            **_copies(warm),
            "one_order_series_cold": across / series,
            "parquet_instant": table["instant"] / warm["instant"],
            "parquet_series": table["series"] / warm["series"],
        },
    }


def _profiled(size: int) -> dict[str, Any]:
    draw = np.random.default_rng(3)
    series = Profiled(
        _MEANING,
        _AXIS,
        draw.random((HOURS, PROFILES), dtype=np.float32),
        draw.integers(0, PROFILES, size, dtype=np.int32),
        draw.random(size, dtype=np.float32),
        np.arange(size, dtype=np.int32),
        size,
    )
    warm = _warm(series)
    held = series.profiles.nbytes + series.index.nbytes * 3
    return {
        **_found("profiled", size, warm),
        "parts": {"instant_warm": warm["instant"], "series_warm": warm["series"]},
        "memory_bytes": held,
        "ratios": _copies(warm),
    }


def _found(kind: str, size: int, warm: Mapping[str, float]) -> dict[str, Any]:
    return {
        "kind": kind,
        "buildings": size,
        "size": [HOURS, size],
        "median_ms": warm["instant"],
        "samples": _WARM,
    }


def _copies(warm: Mapping[str, float]) -> dict[str, float]:
    return {
        "copy_of_bytes": warm["instant"] / warm["instant_copy"],
        "series_copy_of_bytes": warm["series"] / warm["series_copy"],
    }


def _write(path: Path, size: int) -> None:
    draw = np.random.default_rng(1)
    with path.open("wb", buffering=0) as file:
        write_header(file, (HOURS, size))
        for _hour in range(HOURS):
            put(file, draw.random(size, dtype=np.float32))
        os.fsync(file.fileno())


def _instant(series: Series, k: int) -> Floats:
    return series.at(k * 131 % series.time.count)


def _series(series: Series, k: int) -> Floats:
    return series.of(k * 7919 % series.size)


def _warm(series: Series) -> dict[str, float]:
    """Return milliseconds of instants and series, and of copies of as many bytes in memory."""

    def read(values: Floats, target: Floats) -> None:
        if not values.flags.owndata:
            np.copyto(target, values)

    found = {}
    for name, take in (("instant", _instant), ("series", _series)):
        kept = [take(series, k).copy() for k in range(_WARM)]
        target = np.empty_like(kept[0])
        found[name] = _median(lambda k, take=take, to=target: read(take(series, k), to))  # type: ignore[misc]
        found[f"{name}_copy"] = _median(lambda k, kept=kept, to=target: np.copyto(to, kept[k]))  # type: ignore[misc]
    return found


def _median(step: Callable[[int], object]) -> float:
    """Return the median milliseconds of the second round over the samples."""
    times = []
    for k in [*range(_WARM), *range(_WARM)]:
        begun = time.perf_counter()
        step(k)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[_WARM:]) * 1000


def _cold(
    folder: Path,
    opened: Callable[[], Series],
    take: Callable[[Series, int], Floats],
    runs: int = _COLD,
) -> tuple[float, int]:
    """Return the median milliseconds from the disk, and the bytes that each sample read from it."""
    times, read = [], 0
    for k in range(runs):
        _drop(folder)
        series = opened()
        before = _read_bytes()
        begun = time.perf_counter()
        take(series, k + 1).sum()
        times.append(time.perf_counter() - begun)
        read += _read_bytes() - before
        del series
    return statistics.median(times) * 1000, read // runs


def _drop(folder: Path) -> None:
    """Have the kernel forget the pages of the files, where it can be told to."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _read_bytes() -> int:
    process = psutil.Process()
    return int(process.io_counters().read_bytes) if hasattr(process, "io_counters") else 0


def _parquet(folder: Path, size: int) -> dict[str, float]:
    """Return milliseconds of an instant and a series read from a wide Parquet file, warm."""
    draw = np.random.default_rng(2)
    path = folder / "wide.parquet"
    names = [f"b{k}" for k in range(size)]
    pq.write_table(
        pa.table({name: draw.random(HOURS, dtype=np.float32) for name in names}),
        path,
        row_group_size=_GROUP,
        use_dictionary=False,
    )
    file = pq.ParquetFile(path)

    def instant(k: int) -> object:
        step = k * 131 % HOURS
        return file.read_row_group(step // _GROUP, use_threads=False).slice(step % _GROUP, 1)

    def series(k: int) -> object:
        return file.read([names[k * 7919 % size]], use_threads=False).column(0).to_numpy()

    found = {}
    for name, step in (("instant", instant), ("series", series)):
        times = []
        for k in range(_COLD):
            begun = time.perf_counter()
            step(k)
            times.append(time.perf_counter() - begun)
        found[name] = statistics.median(times) * 1000
    return found
