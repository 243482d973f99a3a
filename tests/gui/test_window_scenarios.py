"""Scenarios in the window: made, changed, computed, compared, taken back, by mouse and keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from tests.village import write_village
from twinview.session.store import Session

pytestmark = pytest.mark.needs_display


@pytest.fixture
def village(make_window, tmp_path):
    """Return a window with a village open and the panel of scenarios shown."""
    session = Session()
    session.run("file.new", *write_village(tmp_path))
    window = make_window(session.state)
    window.wishes.show_dock("scenario")
    return window


def answered(window, text: str) -> None:
    """Type an answer to the question that stands over the view."""
    assert window.stage.message.entry.isVisible()
    window.stage.message.entry.setText(text)
    QTest.keyClick(window.stage.message.entry, Qt.Key.Key_Return)


def pressed(window, qtbot, text: str) -> None:
    """Press a button of the panel."""

    def found() -> list[QPushButton]:
        buttons = window.scenarios.findChildren(QPushButton)
        return [one for one in buttons if one.text() == text and one.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1)
    QTest.mouseClick(found()[0], Qt.MouseButton.LeftButton)


def says(window, qtbot, text: str) -> None:
    """Wait until a text stands in the panel."""
    labels = window.scenarios.findChildren
    qtbot.waitUntil(lambda: text in [one.text() for one in labels(QLabel) if one.isVisible()])


def computed(window, qtbot) -> None:
    """Press what offers to compute, and wait for the end."""
    QTest.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not window.jobs.running, timeout=60_000)


def test_a_scenario_from_its_name_to_its_totals(village, qtbot):
    bar = village.topbar.scenario
    assert bar.button.text().startswith("Base case")
    pressed(village, qtbot, "New scenario...")
    answered(village, "More")
    assert village.session.state.view.scenario == "more"
    assert bar.button.text().startswith("More")
    assert bar.note.isVisible()
    village.run("select.only", "houses", "house 0")
    offers = {one.text(): one for one in village.scenarios.offers.actions()}
    offers["Scale the loads..."].trigger()
    answered(village, "2")
    says(village, qtbot, "Loads (house 0): Power × 2")
    QTest.mouseClick(bar.note, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not village.jobs.running, timeout=60_000)
    assert not bar.note.isVisible()
    assert village.scenarios.comparison is None
    village.run("scenario.show", "base")
    computed(village, qtbot)
    village.run("scenario.show", "more")
    # By hand: one of two loads of 36 kWh each is doubled.
    found = village.scenarios.comparison
    assert found.difference["energy_kwh"]["load"] == pytest.approx(36.0, rel=1e-6)
    says(village, qtbot, "Change")


def test_changes_are_taken_out_and_brought_back(village, qtbot):
    village.run("scenario.new", "Plan")
    village.run("scenario.scale", 1.5)
    village.run("scenario.set_factor", "x0.5")
    says(village, qtbot, "Intensity of imports × 0.5")
    remove = [
        one
        for one in village.scenarios.findChildren(QToolButton)
        if one.isVisible() and one.accessibleName() == "Remove this change"
    ]
    QTest.mouseClick(remove[0], Qt.MouseButton.LeftButton)
    (left,) = village.session.state.project.scenarios[0].changes
    assert left.kind == "factor"
    QTest.keyClick(village, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(village.session.state.project.scenarios[0].changes) == 2
    assert village.stage.isVisible()


def test_the_menu_shows_cases_and_what_can_be_done_with_them(village):
    village.run("scenario.new", "Plan & more")
    bar = village.topbar.scenario
    bar.fill()
    titles = [one.text() for one in bar.menu.actions() if one.text()]
    assert titles[:3] == ["Base case", "Plan && more", "New scenario..."]
    bar.menu.actions()[0].trigger()
    assert village.session.state.view.scenario == "base"
    bar.fill()
    able = {one.text(): one.isEnabled() for one in bar.menu.actions()}
    assert not able["Remove the scenario"]
    assert able["New scenario..."]


def test_an_edit_of_a_scenario_is_not_another_district(village):
    before = village.jobs.generation
    village.run("scenario.new", "Stores")
    village.run("select.only", "houses", "house 0")
    village.run("scenario.add_storage", 5.0, 2.0)
    assert len(village.session.state.twin.layers["storage"]) == 2
    assert village.jobs.generation == before
