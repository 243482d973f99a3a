"""The histogram by itself: bars, values on the axis, brushing."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from twinview.gui.histogram import Histogram
from twinview.i18n import set_language
from twinview.scene.statistics import histogram


@pytest.fixture
def chart(qtbot):
    """Return a histogram on the screen."""
    set_language("en")
    made = Histogram()
    qtbot.addWidget(made)
    made.resize(260, 132)
    made.show()
    return made


def test_equal_values_are_one_bar_with_its_value(chart):
    import numpy as np

    chart.show_bars(*histogram(np.array([4.0, 4.0, 4.0])), "kW")
    assert chart.alike
    assert chart.accessibleDescription() == "4.00\u00a0kW: 3"
    heard = []
    chart.brushed.connect(lambda *pair: heard.append(pair))
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(130, 60))
    assert heard == [(4.0, 4.0)]
    picture = chart.grab().toImage()
    # The bar stands in the middle and leaves both sides free.
    ground, middle = picture.pixelColor(20, 60), picture.pixelColor(130, 60)
    assert middle != ground
    assert picture.pixelColor(240, 60) == ground


def test_different_values_have_edges(chart):
    chart.show_bars((0.0, 1.0, 2.0), (1, 3), "kW")
    assert not chart.alike
    assert chart.accessibleDescription().count(";") == 1
