"""One window takes the files of all starts."""

import subprocess
import sys

import pytest
from PySide6.QtNetwork import QLocalSocket

from twinview.gui import instance
from twinview.scene.view import View
from twinview.session.project import Project, save
from twinview.session.store import State

pytestmark = pytest.mark.needs_display


@pytest.fixture
def hosting(make_window):
    """Return a window that takes the files of later starts."""
    window = make_window(State())
    window.desk.host()
    assert window.desk._host.listening
    return window


def test_a_second_start_hands_its_file_over_and_ends(hosting, qtbot, tmp_path):
    file = tmp_path / "one & 二.twin"
    save(file, Project(name="Handed"), View())
    opened = []
    hosting.open_paths = opened.append
    second = subprocess.Popen([sys.executable, "-m", "twinview", file.name], cwd=tmp_path)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=60_000)
    assert second.returncode == 0
    assert opened == [[file]]


def test_another_window_of_the_user_does_not_take_over(hosting, make_window, qtbot):
    other = make_window(State())
    other.desk.host()
    assert not other.desk._host.listening
    assert hosting.desk._host.listening


def test_where_no_window_is_open_nothing_is_handed_over(tmp_path):
    assert not instance.hand_over([tmp_path / "a.twin"])


def test_what_a_killed_window_left_does_not_block_the_next(make_window, tmp_path):
    from pathlib import Path

    left = Path(instance.name())
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"")
    window = make_window(State())
    window.desk.host()
    assert window.desk._host.listening


@pytest.mark.parametrize("line", [b"nonsense\n", b"[1, 2]\n", b'{"a": 1}\n'])
def test_what_is_no_list_of_files_is_not_answered(hosting, qtbot, monkeypatch, line):
    opened, read, files = [], [], instance._files
    monkeypatch.setattr(instance, "_files", lambda one: read.append(one) or files(one))
    hosting.open_paths = opened.append
    socket = QLocalSocket()
    socket.connectToServer(instance.name())
    assert socket.waitForConnected(1000)
    socket.write(line)
    socket.flush()
    qtbot.waitUntil(lambda: read == [line])
    assert socket.bytesAvailable() == 0
    assert opened == []
    socket.abort()


def test_a_long_name_is_no_place_to_meet(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / ("x" * 100)))
    assert instance.name() == ""
    assert not instance.hand_over([tmp_path])
