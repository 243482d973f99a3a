"""Fixtures of the window's tests: the application, windows with the hamlet, real mouse and keys."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import has_display
from tests.gui.hamlet import opened

if not has_display():
    collect_ignore_glob = ["test_window*.py"]

# Outside the user folders of a test, which come and go, or the driver complains and compiles anew.
os.environ.setdefault("MESA_SHADER_CACHE_DIR", str(Path(tempfile.gettempdir()) / "twinview-mesa"))


@pytest.fixture(scope="session")
def qapp() -> object:
    """Return the application, made as the program makes it."""
    from twinview.gui.app import make_application

    return make_application()


@pytest.fixture
def english() -> Iterator[None]:
    """Speak English in the test, and go back to it afterwards."""
    from twinview.gui.translate import speak

    speak("en")
    yield
    speak("en")


def shown(qtbot, state: object, size: tuple[int, int] = (1280, 760)):
    """Return a new window on the screen, active, with its first picture drawn."""
    from twinview.gui.window import MainWindow
    from twinview.session.store import Session

    window = MainWindow(Session(state))
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    if window.session.state.twin.layers:
        qtbot.waitUntil(lambda: window.canvas.draws > 0, timeout=20_000)
    return window


def ended(window) -> None:
    """Close a window and have it deleted."""
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent

    if shiboken6.isValid(window):
        window.may_lose = lambda: True
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def make_window(qtbot, english) -> Iterator[Callable[..., object]]:
    """Return a maker of windows that are closed and gone after the test."""
    made = []

    def make(state: object = None, size: tuple[int, int] = (1280, 760)):
        made.append(shown(qtbot, opened() if state is None else state, size))
        return made[-1]

    yield make
    for window in made:
        ended(window)


@pytest.fixture(scope="module")
def _one_window(qapp, tmp_path_factory) -> Iterator[object]:
    """One window for all tests of a file: making one takes a second.

    It is made before and closed after the tests' own user folders, so it gets folders too: what
    was kept of another window would decide where its panels stand.
    """
    from pytestqt.qtbot import QtBot

    from twinview.gui.translate import speak

    class _Request:
        node = type("Node", (), {})()

    speak("en")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        window = shown(QtBot(_Request()), opened())
        yield window
        ended(window)


@pytest.fixture
def window(_one_window, qtbot, english):
    """Return a window with the hamlet open, as fresh."""
    window = _one_window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
    window.timebar.player.pause()
    window.timebar.show_span("day")
    window.timebar.set_step(0)
    window.stage.message.hide()
    window.wishes.bring_back()
    state = opened()
    window.session._undo.clear()
    window.session._redo.clear()
    window.session._set(state)
    window.session.log.clear()
    window.canvas.setFocus()
    qtbot.waitUntil(
        lambda: window.canvas.scene is not None and window.canvas.scene.view == state.view
    )
    yield window
    window.may_lose = lambda: True
