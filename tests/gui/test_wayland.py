"""The window under Wayland, which places windows itself and knows no other program's pixels."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.conftest import ROOT

SOCKET = "twinview-test"


@pytest.fixture
def compositor(qtbot, tmp_path) -> Iterator[dict[str, str]]:
    """Start a compositor without a screen; return what the environment of its programs is."""
    if shutil.which("weston") is None:
        pytest.skip("needs weston, a Wayland compositor")
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    there = {**os.environ, "XDG_RUNTIME_DIR": str(folder)}
    arguments = ["--backend=headless-backend.so", f"--socket={SOCKET}", "--idle-time=0"]
    with subprocess.Popen(
        ["weston", *arguments, "--width=1280", "--height=800"],
        env=there, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as weston:  # fmt: skip
        try:
            qtbot.waitUntil((folder / SOCKET).exists, timeout=20_000)
            there.pop("DISPLAY", None)
            yield {**there, "WAYLAND_DISPLAY": SOCKET, "QT_QPA_PLATFORM": "wayland"}
        finally:
            weston.terminate()


def test_the_window_is_used_under_wayland(compositor, tmp_path):
    picture = tmp_path / "window.png"
    ran = subprocess.run(
        [sys.executable, "-m", "tests.gui.wayland_trial", str(picture)],
        cwd=Path(ROOT), env=compositor, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["platform"] == "wayland"
    assert [(step, clock) for step, clock, _ in said["stops"]] == [
        (30, "06:00"), (36, "12:00"), (44, "20:00"),
    ]  # fmt: skip
    assert len({seen for *_, seen in said["stops"]}) == 3  # each step is another picture
    assert said["menu"] == [True, [0, 0]]
    assert said["docked"]
    assert said["size"] == [1100, 700]
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1100, 700)
    # Without a mouse or a keyboard there is nothing that a menu could take hold of.
    lines = ran.stderr.splitlines()
    assert not [line for line in lines if "qt.qpa" in line and "grabbing popup" not in line]
