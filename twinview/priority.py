"""What goes first where the machine has more to do than it can: a window, which somebody waits for.

Threads that run Python keep the rank of the window: one that holds Python's lock and waits for a
processor would have the window wait with it. Threads of solvers, which let go of that lock, and
other programs step back; but what makes the shapes of a city, which is waited for, stays before
them (`twinview.render.maker`).
"""

import contextlib
import os
import sys
import threading

RANK = 10
"""What `nice` calls the rank of work that no next click waits for."""

_window = False


def window_first() -> None:
    """Have what this process starts from now on step back: it has a window."""
    global _window  # noqa: PLW0603 - a process is one with a window or it is none
    _window = True


def step_back() -> None:
    """Have the system serve this thread after the window; only Linux has ranks of threads."""
    if sys.platform == "linux":
        _lower(threading.get_native_id())


def lower(process: int) -> None:
    """Have the system serve a program that was started just now after the window.

    Parameters
    ----------
    process
        Its number.
    """
    if sys.platform != "win32":
        _lower(process)


def _lower(one: int) -> None:
    if _window:
        with contextlib.suppress(OSError):  # it may have ended already
            os.setpriority(os.PRIO_PROCESS, one, RANK)
