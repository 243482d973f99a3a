"""Kernels: loops over arrays that numpy serves until a compiled version of them is ready.

Nothing is compiled, and numba not even imported, where a kernel is called: `start` does both in a
thread of its own and keeps the machine code in the user's cache folder. A window has it compiled by
another process and only loads it.

    double = kernel(_double, _double_loop, "void(float32[::1], float32[::1])")
    double(values, out)     # numpy at first, machine code as soon as there is some
"""

import hashlib
import importlib
import logging
import os
import platform
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

from twinview import paths
from twinview.priority import lower

P = ParamSpec("P")
R = TypeVar("R")

SWITCH = "TWINVIEW_KERNELS"
"""Environment variable; ``numpy`` keeps everything on numpy."""
prange = range
"""A range whose turns are shared among cores in a kernel that is compiled as parallel."""

_COMMAND = "import sys; from twinview.kernels import serve; serve(sys.argv[1:])"
_log = logging.getLogger(__name__)
_all: "list[Kernel[..., Any]]" = []
_state = threading.Lock()
_one_at_a_time = threading.Lock()
"""Not every way in which numba shares work among cores bears two callers at once."""
_thread: threading.Thread | None = None


class Kernel(Generic[P, R]):
    """A function with a plain and a compiled version; made by `kernel`."""

    def __init__(
        self,
        plain: Callable[P, R] | None,
        loop: Callable[P, R],
        signature: str | list[str],
        helpers: tuple[Callable[..., Any], ...],
        parallel: bool,
    ) -> None:
        self.plain: Callable[P, R] = plain or loop
        self.loop = loop
        self._signature, self._helpers, self.parallel = signature, helpers, parallel
        self._fast: Callable[P, R] | None = None
        self._failed = False

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the compiled version if it is ready, else the plain one."""
        if self._fast is None:
            return self.plain(*args, **kwargs)
        if not self.parallel:
            return self._fast(*args, **kwargs)
        with _one_at_a_time:
            return self._fast(*args, **kwargs)

    @property
    def ready(self) -> bool:
        """Whether the compiled version serves."""
        return self._fast is not None

    @property
    def wanting(self) -> bool:
        """Whether compiling has not been tried yet."""
        return self._fast is None and not self._failed

    @property
    def kept(self) -> bool:
        """Whether machine code of it lies in the cache, so that compiling is loading.

        That of another source, numba, Python or processor does not count: numba throws it away.
        """
        made_of = self._made_of()
        if not made_of or not any(_folder().glob(f"*/{self._name}*.nbi")):
            return False
        try:
            return self._note.read_text("utf-8") == made_of
        except OSError:
            return False

    @property
    def _source(self) -> Path:
        """File that it is written in; no file where that is not known."""
        return Path(self.loop.__code__.co_filename if isinstance(self.loop, FunctionType) else "")

    @property
    def _name(self) -> str:
        """What the names of all its files begin with."""
        assert isinstance(self.loop, FunctionType)
        line = self.loop.__code__.co_firstlineno
        return f"{self._source.stem}.{self.loop.__qualname__}-{line}.py"

    @property
    def _note(self) -> Path:
        """File that says what its machine code was made of."""
        where = hashlib.sha256(str(self._source).encode()).hexdigest()[:16]
        return _folder() / f"{self._name}.{where}.txt"

    def _made_of(self) -> str:
        """Return what machine code depends on besides the kernel; empty where that is not known."""
        try:
            stat = self._source.stat()
            source = _digest(self._source, stat.st_mtime_ns, stat.st_size)
            return "\n".join((source, str(stat.st_mtime_ns), _surroundings()))
        except (OSError, metadata.PackageNotFoundError):
            return ""

    def compile(self) -> None:
        """Compile, or load from the cache, on the calling thread; what fails stays plain."""
        try:
            self._fast = self._compiled()
        except Exception:  # border: numba's errors share no class, and numpy does as well
            self._failed = True
            _log.warning("%s stays on numpy", self.loop.__qualname__, exc_info=True)

    def _compiled(self) -> Callable[P, R]:
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        folder = _folder()
        os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))
        import numba

        options: dict[str, Any] = {
            "cache": paths.writable(folder),
            "nogil": True,
            "error_model": "numpy",
        }
        names: dict[str, Any] = {"prange": numba.prange}
        for helper in self._helpers:
            # A call hands over each array in ten words: without calls a kernel is twice as quick.
            inlined = numba.njit(forceinline=True, **options)
            names[helper.__name__] = inlined(_with(helper, names))
        made = _with(self.loop, names)
        # Before: what changes while it is compiled is to count as changed.
        made_of = self._made_of() if options["cache"] else ""
        fast: Callable[P, R] = numba.njit(self._signature, parallel=self.parallel, **options)(made)
        if made_of:
            with suppress(OSError):  # it is compiled once more, then
                self._note.write_text(made_of, "utf-8")
        return fast


def kernel(
    plain: Callable[P, R] | None,
    loop: Callable[P, R],
    signature: str | list[str],
    *,
    helpers: tuple[Callable[..., Any], ...] = (),
    parallel: bool = False,
) -> Kernel[P, R]:
    """Return a function that is served by `plain` until `loop` is compiled.

    Parameters
    ----------
    plain
        Written in numpy; its results are the truth, and a test compares both. None where the
        caller has another way of its own and asks first whether the kernel is ready.
    loop
        The same in the part of Python that numba compiles.
    signature
        Types as numba writes them, one or several: ``"void(uint8[::1], float32[:, ::1])"``. An
        array that may be read-only is ``Array(uint8, 1, 'C', readonly=True)``; it takes others too.
    helpers
        Functions of the same file that `loop` calls, each after those it calls itself.
    parallel
        Whether `prange` in `loop` is shared among cores.
    """
    made = Kernel(plain, loop, signature, helpers, parallel)
    _all.append(made)
    return made


@lru_cache(maxsize=64)
def _digest(source: Path, _modified: int, _size: int) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest()


@lru_cache(maxsize=1)
def _surroundings() -> str:
    """Return numba, Python and processor; numba itself is not imported, for that takes long."""
    told = [metadata.version("numba"), sys.version, platform.machine()]
    told += [os.environ.get(one, "") for one in ("NUMBA_CPU_NAME", "PROCESSOR_IDENTIFIER")]
    described = Path("/proc/cpuinfo")
    if described.is_file():
        first = described.read_text("utf-8", "replace").partition("\n\n")[0].splitlines()
        # Others, as that of the frequency, are another each time.
        told += [one for one in first if one.startswith(("model", "flags", "CPU ", "Features"))]
    return "\n".join(told)


def _folder() -> Path:
    """Return where machine code is kept."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or paths.user_cache() / "kernels")


def start(kept: bool = False, apart: bool = False) -> None:
    """Compile in a thread what is not compiled yet; cheap to call again.

    Parameters
    ----------
    kept
        Only what was compiled once before: for a process that ends soon.
    apart
        What was never compiled is compiled by another process: for a window, whose own thread would
        wait at every turn, since compiling is Python's work and leaves it much garbage to look at.
    """
    global _thread  # noqa: PLW0603 - one compiler per process, as numba itself has
    with _state:
        busy = _thread is not None and _thread.is_alive()
        if busy or os.environ.get(SWITCH) == "numpy" or not _next(kept):
            return
        _thread = threading.Thread(target=_run, args=(kept, apart), name="kernels")
        _thread.start()


def wait() -> None:
    """Return when everything known so far is compiled: for work that pays the wait back."""
    start()
    thread = _thread
    if thread is not None:
        thread.join()


def _run(kept: bool, apart: bool) -> None:
    """Compile one after the other; a program that is about to end does not wait for all."""
    if apart and paths.writable(_folder()) and any(one.wanting and not one.kept for one in _all):
        _by_child()
    while (one := _next(kept)) and threading.main_thread().is_alive():
        one.compile()


def _by_child() -> None:
    """Have another process compile, and load each as soon as it is there."""
    modules = sorted({one.loop.__module__ for one in _all if one.wanting})
    running = subprocess.Popen(
        [sys.executable, "-P", "-c", _COMMAND, *modules],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what fails there is tried again here, and told
        # Machine code is kept for a file where it lies: the same files must be found.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        process_group=0,
    )
    lower(running.pid)
    assert running.stdout is not None
    with running:
        for _line in running.stdout:
            while one := _next(kept=True):
                one.compile()
            if not threading.main_thread().is_alive():
                running.kill()


def serve(modules: Sequence[str]) -> None:
    """Compile the kernels of some modules into the cache; write a line after each."""
    for name in modules:
        importlib.import_module(name)
    for one in _all:
        one.compile()
        sys.stdout.write("\n")
        sys.stdout.flush()


def _next(kept: bool) -> "Kernel[..., Any] | None":
    return next((one for one in _all if one.wanting and (not kept or one.kept)), None)


def _with(function: Callable[..., Any], names: dict[str, Any]) -> FunctionType:
    """Return a function to which some names mean something else."""
    assert isinstance(function, FunctionType)
    made = FunctionType(
        function.__code__, {**function.__globals__, **names}, function.__name__,
        function.__defaults__, function.__closure__,
    )  # fmt: skip
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    return made
