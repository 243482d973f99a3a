"""`packaging/screens`: its states and variants are all there, and a state gives a picture."""

import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.needs_display


@pytest.fixture(scope="module")
def screens():
    """Return the script as a module."""
    sys.path.insert(0, str(ROOT / "packaging"))  # as where it is run
    loader = importlib.machinery.SourceFileLoader("screens", str(ROOT / "packaging" / "screens"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("screens", loader))
    loader.exec_module(module)
    yield module
    sys.path.remove(str(ROOT / "packaging"))


def test_every_panel_and_window_has_a_state_and_every_state_can_be_brought_about(screens, window):
    shown = {"gui." + name for name in screens.STATES} & window.actions_.actions.keys()
    assert shown >= {"gui.carpet", "gui.factors", "gui.keys", "gui.palette", "gui.preferences",
                     "gui.problems", "gui.scenario", "gui.table", "gui.why"}  # fmt: skip
    assert {"welcome", "carbon", "summer", "night", "selection", "window", "measuring", "section",
            "help", "swipe", "panes", "layers", "style", "join", "live", "curves", "supply",
            "error", "tour", "houses", "empty"} <= screens.STATES.keys()  # fmt: skip
    assert len(screens.VARIANTS) == len(set(screens.VARIANTS)) == 8
    assert {one.rsplit("-", 1)[1] for one in screens.VARIANTS} == {"1", "2"}
    assert {one.rsplit("-", 1)[1] for one in screens.ASKED} == {"1.5", "3"}


def test_a_state_is_a_picture_with_what_stands_over_the_window(screens, window, tmp_path):
    camera = screens.Camera(window)
    screens.STATES["keys"](camera)
    camera.settle()
    camera.take(tmp_path / "keys.png")
    (dialog,) = importlib.import_module("screen_states").others(window)
    picture = QImage(str(tmp_path / "keys.png"))
    assert picture.size() == window.size() * window.devicePixelRatio()
    bare = window.grab().toImage()
    middle = dialog.geometry().center() - window.geometry().topLeft()
    around = [(middle.x() + x, middle.y() + y) for x in range(-90, 90, 3) for y in (-60, 0, 60)]
    assert any(picture.pixel(*at) != bare.pixel(*at) for at in around)
    dialog.close()


def test_the_welcome_page_is_one(screens, make_window, tmp_path):
    from twinview.session.store import State

    assert not screens.pictures(make_window(State()), ["welcome"], tmp_path, "en-light-1")
    assert not QImage(str(tmp_path / "welcome-en-light-1.png")).isNull()


def test_a_state_that_fails_is_told_and_keeps_no_other_back(
    screens, make_window, tmp_path, monkeypatch
):
    from twinview.session.store import State

    monkeypatch.setattr(screens.Camera, "fresh", lambda _camera: None)
    monkeypatch.setitem(screens.STATES, "broken", lambda _camera: 1 / 0)
    made = screens.pictures(make_window(State()), ["broken", "welcome"], tmp_path, "en-light-1")
    assert [one.split(":")[0] for one in made] == ["broken-en-light-1.png"]
    assert (tmp_path / "welcome-en-light-1.png").exists()


def test_the_command_takes_a_picture_in_a_language_and_at_a_scale(tmp_path):
    words = [sys.executable, ROOT / "packaging" / "screens", tmp_path, "--only", "welcome"]
    ran = subprocess.run([*words, "--variant", "zh_CN-dark-2"], capture_output=True, check=False,
                         timeout=120)  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    picture = QImage(str(tmp_path / "welcome-zh_CN-dark-2.png"))
    assert (picture.width(), picture.height()) == (2560, 1600)
    assert picture.pixelColor(20, 1500).lightness() < 80


def test_other_scales_and_sizes_can_be_asked_for(tmp_path):
    words = [sys.executable, ROOT / "packaging" / "screens", tmp_path, "--only", "welcome"]
    ran = subprocess.run([*words, "--variant", "en-light-1.5", "--size", "854x480"],
                         capture_output=True, check=False, timeout=120)  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    picture = QImage(str(tmp_path / "welcome-en-light-1.5.png"))
    assert (picture.width(), picture.height()) == (1281, 720)
