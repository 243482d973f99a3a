"""Kernels: numpy until machine code is there, which is never made on the calling thread."""

import importlib
import logging
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

from twinview import kernels


def _square(values: np.ndarray, out: np.ndarray) -> None:
    out[:] = values * values + np.float32(1)


def _more(value: float) -> float:
    return value * value + np.float32(1)


def _square_loop(values: np.ndarray, out: np.ndarray) -> None:
    for k in kernels.prange(len(values)):
        out[k] = _more(values[k])


def _broken_loop(values: np.ndarray, out: np.ndarray) -> None:
    out[:] = values.nothing_of_the_kind()


_TYPES = "void(Array(float32, 1, 'C', readonly=True), float32[::1])"


@pytest.fixture
def alone(monkeypatch, tmp_path) -> None:
    """Leave only the kernels of a test to be compiled, into a folder of its own."""
    monkeypatch.setattr(kernels, "_all", [])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(kernels.SWITCH, raising=False)


@pytest.mark.parametrize("parallel", [False, True])
def test_both_versions_are_equal_and_the_compiled_one_serves(alone, parallel) -> None:
    one = kernels.kernel(_square, _square_loop, _TYPES, helpers=(_more,), parallel=parallel)
    values = np.linspace(-3, 3, 1001, dtype=np.float32)
    plain, fast = np.zeros_like(values), np.zeros_like(values)
    one(values, plain)
    assert not one.ready
    kernels.wait()
    assert one.ready
    values.flags.writeable = False
    one(values, fast)
    np.testing.assert_array_equal(plain, fast)


def test_nothing_is_compiled_on_the_calling_thread(alone, monkeypatch) -> None:
    seen: list[threading.Thread] = []
    monkeypatch.setattr(
        kernels.Kernel, "_compiled", lambda one: seen.append(threading.current_thread()) or one.loop
    )
    kernels.kernel(_square, _square_loop, _TYPES)
    kernels.wait()
    assert seen
    assert threading.current_thread() not in seen


def test_a_process_that_ends_soon_loads_only_what_was_compiled_before(alone) -> None:
    other = kernels.kernel(_square, _broken_loop, _TYPES)
    kernels.start(kept=True)
    assert other.wanting
    one = kernels.kernel(_square, _square_loop, _TYPES, helpers=(_more,))
    one.compile()
    assert one.kept
    again = kernels.kernel(_square, _square_loop, _TYPES, helpers=(_more,))
    kernels.start(kept=True)
    kernels._thread.join()
    assert again.ready
    assert other.wanting


_MODULE = """
from twinview.kernels import kernel

def _twice(values, out):
    for k in range(len(values)):
        out[k] = values[k] + values[k]

twice = kernel(None, _twice, "void(float32[::1], float32[::1])")
"""


def test_for_a_window_another_process_compiles_and_this_one_loads(alone, tmp_path, monkeypatch):
    (tmp_path / "doubling.py").write_text(_MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    one = importlib.import_module("doubling").twice
    kernels.start(apart=True)
    kernels._thread.join()
    assert one.ready
    assert not one._fast.stats.cache_misses
    assert sum(one._fast.stats.cache_hits.values()) == 1
    out = np.zeros(3, np.float32)
    one(np.arange(3, dtype=np.float32), out)
    assert out.tolist() == [0, 2, 4]


_LOOK = """
import sys
from twinview import kernels
from doubling import twice

print(twice.kept)
if "window" in sys.argv:
    kernels.start(apart=True)
    kernels._thread.join()
    print(sum(twice._fast.stats.cache_misses.values()))
"""


def test_after_an_update_of_the_source_another_process_compiles_again(alone, tmp_path, monkeypatch):
    """The window's own process only loads, before an update and after it."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *filter(None, sys.path)]))
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # that looks at the stamp alone

    def told(*how: str) -> list[str]:
        command = [sys.executable, "-c", _LOOK, *how]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    source = tmp_path / "doubling.py"
    source.write_text(_MODULE)
    assert told("window") == ["False", "0"]
    assert told() == ["True"]
    # As long as before, in the same lines, and stamped with the same time.
    stamp = source.stat().st_mtime_ns
    source.write_text(_MODULE.replace("values[k] + values[k]", "values[k] - values[k]"))
    os.utime(source, ns=(stamp, stamp))
    assert told("window") == ["False", "0"]
    assert told() == ["True"]


@pytest.mark.parametrize("what", ["numba", "processor"])
def test_machine_code_of_another_numba_or_processor_is_not_kept(alone, monkeypatch, what) -> None:
    one = kernels.kernel(_square, _square_loop, _TYPES, helpers=(_more,))
    one.compile()
    assert one.kept
    kernels._surroundings.cache_clear()
    if what == "numba":
        monkeypatch.setattr(kernels.metadata, "version", lambda name: "0.1")
    else:
        monkeypatch.setattr(kernels.platform, "machine", lambda: "another")
    assert not one.kept
    kernels._surroundings.cache_clear()


@pytest.mark.expected_logs("stays on numpy")
def test_what_another_process_cannot_compile_is_told_here(alone, tmp_path, monkeypatch, caplog):
    broken = _MODULE.replace("values[k] + values[k]", "values.nothing_of_the_kind()")
    (tmp_path / "breaking.py").write_text(broken)
    monkeypatch.syspath_prepend(str(tmp_path))
    one = importlib.import_module("breaking").twice
    kernels.start(apart=True)
    kernels._thread.join()
    assert not one.ready
    assert "_twice stays on numpy" in caplog.text


def test_the_switch_keeps_everything_on_numpy(alone, monkeypatch) -> None:
    monkeypatch.setenv(kernels.SWITCH, "numpy")
    one = kernels.kernel(_square, _square_loop, _TYPES, helpers=(_more,))
    kernels.wait()
    assert not one.ready


@pytest.mark.expected_logs("stays on numpy")
def test_what_does_not_compile_stays_on_numpy_and_says_so(alone, caplog) -> None:
    one = kernels.kernel(_square, _broken_loop, _TYPES)
    with caplog.at_level(logging.WARNING):
        kernels.wait()
    assert not one.ready
    assert not one.wanting
    out = np.zeros(3, np.float32)
    one(np.ones(3, np.float32), out)
    assert out.tolist() == [2, 2, 2]
    assert "_broken_loop stays on numpy" in caplog.text


def test_kernels_cost_no_import_before_they_are_wanted() -> None:
    code = "import sys, twinview.kernels, twinview.render.recolour; print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
