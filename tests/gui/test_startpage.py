"""The start page in little room, beside panels: nothing that can be pressed or read is cut."""

import pytest

from twinview.gui.startpage import StartPage
from twinview.gui.style import NumberBox

pytestmark = pytest.mark.needs_display


@pytest.mark.parametrize(("width", "below"), [(700, True), (1200, False)])
def test_buttons_are_whole_beside_or_below_their_texts(qtbot, tmp_path, width, below):
    page = StartPage()
    qtbot.addWidget(page)
    page.show_recent([str(tmp_path / ("a" * 40) / ("b" * 40) / "quarter.twin")])
    page.resize(width, 600)
    page.show()
    qtbot.waitUntil(lambda: page.demo.width() > 100)
    assert page.demo.width() >= page.demo.sizeHint().width()
    assert (page.demo.y() > page.about.y() + 10) == below
    (row,) = page.recent.rows.values()
    assert row.where.fontMetrics().horizontalAdvance(row.where.text()) <= row.where.width()


def test_digits_of_a_spin_box_keep_their_distance_from_its_border(qtbot):
    box = NumberBox()
    qtbot.addWidget(box)
    assert box.lineEdit().textMargins().left() == 6
