"""How long the window keeps its user waiting is measured by what the event loop does."""

import time

import pytest
from PySide6.QtCore import QObject

from twinview.gui.bench import Watch


def test_the_longest_gap_is_noted_and_forgotten(qtbot):
    owner = QObject()
    watch = Watch(owner)
    qtbot.wait(5)
    watch.begin()
    time.sleep(0.08)  # nobody turns the loop
    qtbot.wait(5)
    assert watch.longest >= 0.08
    watch.begin()
    assert watch.longest == pytest.approx(0.0)
    owner.deleteLater()
