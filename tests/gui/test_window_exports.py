"""The dialog of tables and maps, by mouse and keys; what it asks for is what is written."""

import geopandas
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui.hamlet import HOUSES, NOON, TIME
from twinview.gui import export_window

LONG = 20_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def named(window, monkeypatch, tmp_path):
    """Return how the system's dialog is answered, and what it was asked."""
    said = {"name": "a.parquet", "kinds": []}

    def place(_parent, _title, _suggestion, kinds):
        said["kinds"].append(tuple(kinds))
        return tmp_path / said["name"]

    monkeypatch.setattr(export_window, "ask_save", place)
    yield said
    if window.wishes.export_window is not None:
        window.wishes.export_window.close()


def opened_for(window, qtbot, command: str):
    window.actions_.actions[command].trigger()
    dialog = window.wishes.export_window
    qtbot.waitUntil(dialog.isVisible, timeout=LONG)
    return dialog


def written(window, qtbot, path):
    qtbot.waitUntil(lambda: path.exists() and not window.jobs.running, timeout=LONG)
    return path


def test_a_table_over_the_window_of_one_layer(window, qtbot, named, tmp_path):
    window.run("time.window", "rolling", "6h")
    dialog = opened_for(window, qtbot, "export.table")
    assert dialog.span.currentData() == "window"
    assert "6 h, 2024-03-30 07:00 to 2024-03-30 13:00" in dialog.span.currentText()
    dialog.layer.setFocus()
    QTest.keyClicks(dialog.layer, "Houses")
    assert dialog.layer.currentData() == "houses"
    assert dialog.said.text() == "60 elements × 6 steps: 360 rows"
    QTest.mouseClick(dialog.write, LEFT)
    made = pq.read_table(written(window, qtbot, tmp_path / "a.parquet"))
    assert made.num_rows == 360
    assert not dialog.isVisible()


def test_a_range_is_typed_and_what_is_none_cannot_be_written(window, qtbot, named, tmp_path):
    dialog = opened_for(window, qtbot, "export.table")
    assert not dialog.begin_.isVisible()
    dialog.span.setFocus()
    QTest.keyClicks(dialog.span, "A r")
    assert dialog.begin_.isVisible()
    assert not dialog.write.isEnabled()
    assert "No range is set" in dialog.said.text()
    QTest.keyClicks(dialog.begin_, "2024-03-30T09:00")
    QTest.keyClicks(dialog.end_, "2024-03-30T06:00")
    assert not dialog.write.isEnabled()
    assert "ends before it begins" in dialog.said.text()
    dialog.end_.clear()
    QTest.keyClicks(dialog.end_, "2024-03-30T11:00")
    assert dialog.write.isEnabled()
    QTest.mouseClick(dialog.write, LEFT)
    made = pq.read_table(written(window, qtbot, tmp_path / "a.parquet"))
    assert len(set(made.column("time").to_pylist())) == 2


def test_a_map_of_what_is_selected_as_geoparquet(window, qtbot, named, tmp_path):
    window.run("select.these", "only", "houses", "h3", "houses", "h8")
    named["name"] = "a.geoparquet"
    dialog = opened_for(window, qtbot, "export.layer")
    dialog.layer.setCurrentIndex(0)
    assert dialog.selected.isChecked()
    assert not dialog.span.isVisible()
    QTest.mouseClick(dialog.write, LEFT)
    assert named["kinds"] == [("gpkg",)]  # all layers: only a GeoPackage holds them
    dialog = opened_for(window, qtbot, "export.layer")
    dialog.layer.setCurrentIndex(dialog.layer.findData("houses"))
    assert dialog.said.text().startswith("2 elements")
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow, timeout=LONG)
    dialog.selected.setFocus()
    QTest.keyClick(dialog.selected, Qt.Key.Key_Space)
    assert dialog.said.text().startswith(f"{HOUSES} elements")
    QTest.keyClick(dialog.selected, Qt.Key.Key_Space)
    QTest.mouseClick(dialog.write, LEFT)
    assert named["kinds"][1] == ("gpkg", "geoparquet", "parquet")
    found = geopandas.read_parquet(written(window, qtbot, tmp_path / "a.geoparquet"))
    assert sorted(found["id"]) == ["h3", "h8"]


def test_a_second_export_holds_the_instant_at_which_it_was_asked_for(window, qtbot, tmp_path):
    paths = [tmp_path / f"{k}.parquet" for k in range(3)]
    for k, path in enumerate(paths):
        window.run("time.index", NOON + k)
        window.run("export.table", path)
    window.run("time.index", 0)
    assert len(window.jobs.running) == 3
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=LONG)
    for k, path in enumerate(paths):
        (when,) = set(pq.read_table(path).column("time").to_pylist())
        assert when.timestamp() == TIME.seconds(NOON + k)
