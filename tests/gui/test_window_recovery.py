"""No work is lost: kept after edits and before jobs, brought back after a kill."""

import json
import subprocess
import sys

import pytest
from PySide6.QtWidgets import QLabel

from tests.gui.test_window_files import settled
from tests.village import write_village
from twinview.gui.keeping import AFTER_MS
from twinview.progress import Progress
from twinview.session import command, recovery
from twinview.session.store import State

pytestmark = pytest.mark.needs_display

CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from twinview.gui.app import make_application
application = make_application()
from twinview.gui.window import MainWindow
window = MainWindow()
window.show()
window.open_paths([Path(name) for name in sys.argv[1:]])
def look():
    state = window.session.state
    if state.twin.layers and state.project.name != "Kept":
        window.run("project.rename", "Kept")
    if window.desk.keeping.keeper.file.exists() and "Kept" in (
        window.desk.keeping.keeper.file.read_text()
    ):
        print("kept", flush=True)
timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
application.exec()
"""


@pytest.fixture
def keeping(window, monkeypatch):
    """Return what keeps the work of the window, its file in this test's own folder."""
    window.desk.keeping._kept = None
    yield window.desk.keeping
    window.desk.keeping._timer.stop()
    window.desk.keeping._drop()


def test_an_edit_is_kept_within_ten_seconds_and_put_away_when_undone(window, keeping, qtbot):
    window.run("project.rename", "Weiler")
    qtbot.waitUntil(keeping.keeper.file.exists, timeout=20_000)
    assert AFTER_MS < 10_000
    assert json.loads(keeping.keeper.file.read_text())["name"] == "Weiler"
    window.run("edit.undo")
    qtbot.waitUntil(lambda: not keeping.keeper.file.exists())


def test_work_is_kept_before_a_job_begins(window, keeping, monkeypatch, qtbot):
    seen = []

    def job():
        seen.append(keeping.keeper.file.exists())
        yield Progress(0.5)

    one = command.Command("test.job", "Test", lambda _session: job())
    monkeypatch.setitem(command._table, "test.job", one)
    window.run("project.rename", "Weiler")
    assert not keeping.keeper.file.exists()
    window.run("test.job")
    qtbot.waitUntil(lambda: not window.jobs.running)
    assert seen == [True]


def test_a_window_that_is_closed_leaves_nothing(make_window, qtbot):
    window = make_window()
    window.run("project.rename", "Weiler")
    file = window.desk.keeping.keeper.file
    qtbot.waitUntil(file.exists, timeout=20_000)
    window.may_lose = lambda: True
    window.close()
    assert not file.exists()


def test_after_a_kill_the_work_is_offered_and_comes_back(make_window, qtbot, tmp_path):
    files = [str(file) for file in write_village(tmp_path)]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *files], stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout.readline() == "kept\n"
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    window = make_window(State())
    card = window.stage.start.lost.itemAt(0).widget()
    assert "Unsaved work on Kept" in [label.text() for label in card.findChildren(QLabel)]
    card.recover.click()
    settled(window, qtbot)
    assert window.session.state.project.name == "Kept"
    assert window.unsaved()
    # It is kept under the window's own name now: a second kill loses nothing either.
    assert window.desk.keeping.keeper.file.exists()
    assert recovery.lost() == []


def test_opening_the_project_itself_offers_what_was_lost_of_it(make_window, qtbot, tmp_path):
    window = make_window(State())
    window.open_paths(write_village(tmp_path))
    settled(window, qtbot)
    home = tmp_path / "weiler.twin"
    window.run("file.save_as", home)
    keeper = recovery.Keeper()
    keeper.keep(window.session.state)
    data = json.loads(keeper.file.read_text())
    keeper.file.write_text(json.dumps(data | {"began": 1.0, "name": "Lost"}))
    window.jobs.cancel_all()
    window.run("file.open", home)
    qtbot.waitUntil(lambda: "was not saved" in window.stage.message.text.text(), timeout=60_000)
    assert window.desk.keeping._coming is None
