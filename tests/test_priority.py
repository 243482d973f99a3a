"""Who goes first: tried in a process of its own, as ranks are not given back."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has ranks of threads")

TRIED = """
import os, subprocess, sys, threading
from twinview import priority

def rank(one):
    return os.getpriority(os.PRIO_PROCESS, one)

if {window}:
    priority.window_first()
ranks = []
solver = threading.Thread(
    target=lambda: (priority.step_back(), ranks.append(rank(threading.get_native_id())))
)
solver.start()
solver.join()
with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
    priority.lower(other.pid)
    ranks.append(rank(other.pid))
    other.communicate(b"\\n")
priority.lower(other.pid)  # it has ended: nothing happens
print(*ranks, rank(0))
"""


@pytest.mark.parametrize("window", [True, False])
def test_solvers_and_other_programs_step_back_behind_a_window_only(window):
    code = TRIED.replace("{window}", str(window))
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    solver, other, own = map(int, ran.stdout.split())
    assert own < 10 or not window
    assert (solver, other) == ((10, 10) if window else (own, own))
