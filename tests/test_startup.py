"""What must hold for the program to start and stay alive on the installed versions."""

import os
import subprocess
import sys

COUNT = """
import sys
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
widget = QWidget()
before = sys.getrefcount(None)
for _ in range(3000):
    widget.update()
print(sys.getrefcount(None) - before)
"""


def test_void_qt_calls_keep_their_reference_to_none():
    """PySide6 6.12.0 on Python 3.11 loses one each time and dies after some thousand calls."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", COUNT], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert abs(int(ran.stdout)) < 100


LATE = {"power_grid_model", "scipy.sparse", "scipy.signal", "scipy.stats", "matplotlib", "h5py"}


def test_the_window_loads_no_solvers_before_its_first_picture():
    code = "import sys, twinview.gui.window, twinview.readers.cgmes; print(*sys.modules)"
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert not LATE & set(ran.stdout.split())
