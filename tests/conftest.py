"""What every test is held to, and the fixtures that tests share.

Silence and tidiness are conditions: an unexpected log record, Python warning or Qt warning, a
surviving thread or window fails the test. `pyproject.toml` holds the part that pytest does itself.
"""

import gc
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parents[1]
USER_FOLDERS = ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"]

# The machine is shared: how long one example takes says nothing. A check tries the same examples
# each time; TWINVIEW_EXPLORE=1 looks for new ones, and what it finds becomes a pinned example.
EXPLORE = os.environ.get("TWINVIEW_EXPLORE") == "1"
hypothesis.settings.register_profile("twinview", deadline=None, derandomize=not EXPLORE)
hypothesis.settings.load_profile("twinview")


def has_display() -> bool:
    """Return whether a window can be opened here."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _take_display() -> None:
    """Give a process that shares the tests with others its own display, where there is one."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    displays = os.environ.get("TWINVIEW_DISPLAYS", "").split()
    if worker and displays:
        os.environ["DISPLAY"] = displays[int(worker.removeprefix("gw")) % len(displays)]


def pytest_configure(config: pytest.Config) -> None:
    """Set what must be set before Qt or matplotlib is first imported."""
    _take_display()
    if not has_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Outside the user folders of a test, or each process would list the machine's fonts again.
    os.environ.setdefault("MPLCONFIGDIR", str(config.cache.mkdir("matplotlib")))
    # Tests of kernels compile what they compare; no other test shall depend on when that is done.
    os.environ.setdefault("TWINVIEW_KERNELS", "numpy")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(config.cache.mkdir("kernels")))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs a window system where there is none, saying so."""
    if item.get_closest_marker("needs_display") and not has_display():
        pytest.skip("needs a display (DISPLAY is not set)")


@pytest.fixture(autouse=True)
def user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Redirect the user's cache, settings and state to a folder of the test, and return it."""
    folder = tmp_path_factory.mktemp("user")
    for name in USER_FOLDERS:
        monkeypatch.setenv(name, str(folder / name.removeprefix("XDG_").lower()))
    return folder


@pytest.fixture(autouse=True, scope="session")
def one_application(qapp: object) -> None:
    """Make the widgets' application first: there can be one only, and drawing would make less."""


@pytest.fixture(autouse=True)
def quiet_logs(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on a log record of WARNING or above, unless `@pytest.mark.expected_logs(...)` names it.

    A pattern that no record matches fails too: the expected did not happen.
    """
    yield
    marks = request.node.iter_markers("expected_logs")
    patterns = [pattern for mark in marks for pattern in mark.args]
    records = [record for when in ("setup", "call") for record in caplog.get_records(when)]
    said = [record for record in records if record.levelno >= logging.WARNING]
    texts = [f"{record.name}: {record.getMessage()}" for record in said]
    unexpected = [text for text in texts if not any(re.search(p, text) for p in patterns)]
    assert not unexpected, "Unexpected log records:\n" + "\n".join(unexpected)
    missing = [p for p in patterns if not any(re.search(p, text) for text in texts)]
    assert not missing, "Expected log records did not come:\n" + "\n".join(missing)


@pytest.fixture(autouse=True)
def no_stray_threads() -> Iterator[None]:
    """Fail if a thread that began in the test still runs two seconds after it."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        # A thread that Qt or VTK started is known to Python only as a dummy, and cannot be joined.
        if not isinstance(thread, threading._DummyThread):
            thread.join(timeout=2)
            assert not thread.is_alive(), f"The thread {thread.name} survived its test."


@pytest.fixture(autouse=True)
def no_stray_windows() -> Iterator[None]:
    """Fail if a window that was made in the test survives it, and close it for the next test."""
    before = {address for address, _ in _windows()}
    yield
    left = [window for address, window in _windows() if address not in before]
    names = [f"{type(window).__name__} {window.windowTitle()!r}" for window in left]
    for window in left:
        window.close()
        window.deleteLater()
    del left
    _windows()
    assert not names, "Windows that survived their test: " + ", ".join(names)


def _windows() -> list:
    """Return address and widget of each top-level widget, once the deleted ones are really gone."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if any(w.parent() is None for w in widgets.QApplication.topLevelWidgets()):
        gc.collect()
    return [
        (shiboken6.getCppPointer(widget)[0], widget)
        for widget in widgets.QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() != "QTipLabel"
    ]


@pytest.fixture
def no_vtk_leak() -> Iterator[None]:
    """Fail if a VTK object that was made in the test is still held after it (for render tests)."""
    before = _vtk_objects()
    yield
    left = {key: name for key, name in _vtk_objects().items() if key not in before}
    assert not left, "VTK objects that survived their test: " + ", ".join(sorted(left.values()))


def _vtk_objects() -> dict[int, str]:
    core = sys.modules.get("vtkmodules.vtkCommonCore")
    if core is None:
        return {}
    gc.collect()
    # By type: isinstance would ask a weak proxy whose object is gone, and that raises.
    held = [thing for thing in gc.get_objects() if issubclass(type(thing), core.vtkObjectBase)]
    return {id(thing): thing.GetClassName() for thing in held}


_calls: list[str] | None = None


def _watch_network(event: str, arguments: tuple) -> None:
    if _calls is None or event not in {"socket.connect", "socket.getaddrinfo"}:
        return
    address = arguments[1] if event == "socket.connect" else arguments[0]
    host = address[0] if isinstance(address, tuple) else address
    host = host.decode() if isinstance(host, bytes) else host
    # A path, or a name after a zero byte, is a Unix socket: X11, D-Bus.
    local = host is None or host in {"", "localhost", "::1"} or host.startswith(("127.", "/", "\0"))
    if not local:
        _calls.append(f"{event} {address}")
        raise PermissionError(f"A test may not use the network: {event} {address}")


@pytest.fixture(scope="session")
def _network_watch() -> None:
    sys.addaudithook(_watch_network)  # cannot be taken out again, so it is put in once


@pytest.fixture
def no_network(_network_watch: None) -> Iterator[None]:
    """Fail if Python code connects to, or looks up, any other machine (C code is not seen)."""
    global _calls  # noqa: PLW0603  (an audit hook takes no argument of ours)
    _calls = calls = []
    yield
    _calls = None
    assert not calls, "Network use: " + ", ".join(calls)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of public data and reference cases beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    return folder
