"""Files through the window: data dropped, saved, reopened; the demo; errors of jobs."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QPushButton

from tests.village import write_village
from twinview.paths import demo_file
from twinview.session.store import Session, State

pytestmark = pytest.mark.needs_display


def drop(window, files: list[Path]) -> None:
    """Drop files on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    event = QDropEvent(
        QPointF(300, 300), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


def settled(window, qtbot) -> None:
    """Wait until something is open and no job runs."""
    qtbot.waitUntil(
        lambda: bool(window.session.state.twin.layers) and not window.jobs.running, timeout=60_000
    )


def test_drop_compute_save_and_reopen(make_window, qtbot, tmp_path):
    window = make_window(State())
    drop(window, write_village(tmp_path))
    settled(window, qtbot)
    # The grid is there and no results: they are computed without being asked for.
    qtbot.waitUntil(window.topbar.overlays["carbon"].isEnabled, timeout=60_000)
    settled(window, qtbot)
    assert window.unsaved()
    window.run("project.rename", "Village")
    window.run("time.index", 14)
    window.run("file.save_as", tmp_path / "village.twin")
    assert not window.unsaved()
    assert json.loads((tmp_path / "village.twin").read_text())["name"] == "Village"

    other = make_window(State())
    other.open_paths([tmp_path / "village.twin"])
    settled(other, qtbot)
    assert other.session.state.view.time == 14
    assert other.topbar.name.text() == "Village"
    qtbot.waitUntil(lambda: other.settings.recent == (str(tmp_path / "village.twin"),))
    assert "Opened" in other.stage.message.text.text()


def said(window, qtbot, text: str) -> str:
    """Return what the window says, once a text is in it."""
    qtbot.waitUntil(lambda: text in window.stage.message.text.text(), timeout=60_000)
    return window.stage.message.text.text()


def test_what_is_dropped_beside_a_project_and_left_out_is_named(make_window, qtbot, tmp_path):
    files = write_village(tmp_path)
    session = Session()
    session.run("file.new", *files)
    for name in ("a.twin", "b.twin"):
        session.run("file.save_as", tmp_path / name)
    window = make_window(State())
    drop(window, [files[0], tmp_path / "a.twin", tmp_path / "b.twin", tmp_path / "c.png"])
    settled(window, qtbot)
    text = said(window, qtbot, "left out")
    assert text.endswith(f"Only a.twin was opened; left out: {files[0].name}, b.twin, c.png. "
                         "Drop those again to add them.")  # fmt: skip
    assert "Opened" in text
    drop(window, [tmp_path / "b.twin"])
    qtbot.waitUntil(lambda: window.session.state.path == tmp_path / "b.twin", timeout=60_000)
    qtbot.waitUntil(lambda: "left out" not in window.stage.message.text.text(), timeout=60_000)


def test_a_picture_dropped_beside_data_is_named(make_window, qtbot, tmp_path):
    window = make_window(State())
    drop(window, [*write_village(tmp_path), tmp_path / "c.png"])
    settled(window, qtbot)
    assert "Only the data were read; left out: c.png." in said(window, qtbot, "left out")


def test_nothing_is_said_of_files_beside_one_that_cannot_be_read(make_window, qtbot, tmp_path):
    window = make_window(State())
    (tmp_path / "nothing.geojson").write_text("not json")
    drop(window, [tmp_path / "nothing.geojson", tmp_path / "c.png"])
    qtbot.waitUntil(lambda: window.stage.message.waiting, timeout=60_000)
    drop(window, write_village(tmp_path))
    settled(window, qtbot)
    assert "left out" not in window.stage.message.text.text()


def test_a_file_that_cannot_be_read_is_a_message(make_window, qtbot, tmp_path):
    window = make_window(State())
    bad = tmp_path / "nothing.geojson"
    bad.write_text("not json")
    drop(window, [bad])
    qtbot.waitUntil(lambda: window.stage.message.waiting, timeout=60_000)
    assert not window.session.state.twin.layers
    assert window.stage.start.isVisible()


@pytest.mark.skipif(not demo_file().exists(), reason="the demo is not built yet")
def test_the_demo_opens_from_the_start_page(make_window, qtbot):
    window = make_window(State())
    window.stage.start.demo.click()
    qtbot.waitUntil(lambda: window.canvas.draws > 0, timeout=60_000)
    assert window.session.state.twin.name == "Schutterwald"
    qtbot.waitUntil(lambda: "compute.run" in [t.command.name for t in window.jobs.running.values()])
    qtbot.waitUntil(window.stage.job.isVisible)
    window.wishes.escape()  # the tour comes with the first sample
    assert window.jobs.running
    window.wishes.escape()
    assert not window.jobs.is_running("compute.run")  # the picture may still be coming
    card = window.stage.message
    assert card.text.text() == "The computation was cancelled."
    button = next(one for one in card.findChildren(QPushButton) if "again" in one.text())
    assert button.text() == "Compute again (Ctrl+R)"
    button.click()
    qtbot.waitUntil(lambda: window.jobs.is_running("compute.run"))
    window.jobs.stop()


def test_closing_remembers_the_layout(make_window, qtbot):
    from twinview.session import settings

    window = make_window()
    window.docks["inspector"].hide()
    window.may_lose = lambda: True
    window.close()
    assert settings.load().layout
    again = make_window()
    assert again.docks["inspector"].isHidden()
    assert again.docks["layers"].isVisible()


def test_files_are_added_to_what_is_open_and_taken_back(make_window, qtbot, tmp_path):
    houses, grid, _curves = write_village(tmp_path)
    window = make_window(State())
    drop(window, [houses])
    settled(window, qtbot)
    before = set(window.session.state.twin.layers)
    drop(window, [grid])
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=60_000)
    qtbot.waitUntil(lambda: len(window.session.state.twin.layers) > len(before))
    assert window.topbar.undo.isEnabled()
    window.run("edit.undo")
    assert set(window.session.state.twin.layers) == before
    assert set(window.layers.rows) <= before
