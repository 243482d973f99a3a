"""Kernels: loops over arrays that numpy serves until a compiled version of them is ready.

Nothing is compiled, and numba not even imported, where a kernel is called: `start` does both in a
thread of its own and keeps the machine code in the user's cache folder. A window has it compiled by
another process and only loads it.

    double = kernel(_double, _double_loop, "void(float32[::1], float32[::1])")
    double(values, out)     # numpy at first, machine code as soon as there is some
"""

import importlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any, Generic, ParamSpec, TypeVar

from twinview import paths

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
        """Whether machine code of it lies in the cache, so that compiling is loading."""
        code = self.loop.__code__ if isinstance(self.loop, FunctionType) else None
        if code is None:
            return False
        name = f"{Path(code.co_filename).stem}.{self.loop.__qualname__}-{code.co_firstlineno}.py"
        return any(_folder().glob(f"*/{name}*.nbi"))

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
        fast: Callable[P, R] = numba.njit(self._signature, parallel=self.parallel, **options)(made)
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
        start_new_session=True,
    )
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
    return next((one for one in _all if one.wanting and (one.kept or not kept)), None)


def _with(function: Callable[..., Any], names: dict[str, Any]) -> FunctionType:
    """Return a function to which some names mean something else."""
    assert isinstance(function, FunctionType)
    made = FunctionType(
        function.__code__, {**function.__globals__, **names}, function.__name__,
        function.__defaults__, function.__closure__,
    )  # fmt: skip
    made.__module__, made.__qualname__ = function.__module__, function.__qualname__
    return made
