"""Cards on the view stay clear of what is written on it."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from twinview.gui.cards import free_place

ROOM = QRect(16, 16, 600, 400)
CARD = QSize(200, 40)


def test_a_card_stands_low_and_in_the_middle() -> None:
    assert free_place(CARD, ROOM, []) == QPoint(216, 376)


def test_beside_what_is_in_the_middle() -> None:
    assert free_place(CARD, ROOM, [QRect(16, 300, 300, 116)]) == QPoint(416, 376)


def test_above_what_takes_the_whole_width() -> None:
    assert free_place(CARD, ROOM, [QRect(16, 396, 600, 20)]) == QPoint(216, 348)


@pytest.mark.parametrize("low", [16, 300])
def test_clear_of_everything(low: int) -> None:
    others = [QRect(16, 380, 250, 36), QRect(420, 390, 196, 26), QRect(200, low, 200, 60)]
    found = free_place(CARD, ROOM, others)
    assert found is not None
    assert not any(QRect(found, CARD).intersects(one) for one in others)


def test_no_place_is_said() -> None:
    assert free_place(CARD, ROOM, [ROOM]) is None
