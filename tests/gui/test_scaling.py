"""At 300 % the window of 1280x720 logical pixels is whole, on a screen of 3840x2160.

The scaling of a program is settled as it starts, and the screen of the other tests is smaller: the
window has a process and a screen of its own.
"""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(
    shutil.which("xvfb-run") is None, reason="needs xvfb-run, a screen of any size"
)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_nothing_of_the_window_is_cut_at_three_hundred_per_cent(tmp_path, language):
    screen = ["xvfb-run", "-a", "-s", "-screen 0 3840x2160x24"]
    trial = [sys.executable, "-m", "tests.gui.scaling_trial", language, str(tmp_path / "w.png")]
    there = {**os.environ, "QT_SCALE_FACTOR": "3", "QT_QPA_PLATFORM": "xcb"}
    there.pop("WAYLAND_DISPLAY", None)
    ran = subprocess.run([*screen, *trial], cwd=ROOT, env=there, capture_output=True, text=True,
                         check=False, timeout=120)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert (said["ratio"], said["size"], said["pixels"]) == (3, [1280, 720], [3840, 2160])
    assert said["panels"] > 3
    assert said["cut"] == {}
