"""Labels: few, important ones first, never one on another."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from tests.draw.support import canvas, pixels
from twinview.draw.labels import MOST, draw_labels, place_labels
from twinview.scene.paint import Label
from twinview.scene.theme import LOOKS

SIZE = QSizeF(800, 500)


def labels(count):
    """Return labels of rising importance."""
    return [Label(f"Station {k}", (0, 0, 0), k) for k in range(count)]


def fixed(text):
    """Return a size that no font decides."""
    return 7.0 * len(text), 16.0


@given(st.integers(0, 2**32 - 1), st.integers(1, 200))
def test_labels_lie_apart_inside_and_off_the_cards(seed, count):
    points = np.random.default_rng(seed).uniform(-50, 900, (count, 2))
    card = QRectF(0, 300, 300, 200)
    placed = place_labels(labels(count), points, SIZE, [card], measure=fixed)
    rects = [one.rect for one in placed]
    assert len(placed) <= MOST
    assert not any(a.intersects(b) for a, b in combinations(rects, 2))
    assert not any(rect.intersects(card) for rect in rects)
    assert all(QRectF(0, 0, 800, 500).contains(rect) for rect in rects)


def test_the_important_one_wins():
    points = np.full((5, 2), 200.0)
    assert [one.text for one in place_labels(labels(5), points, SIZE, measure=fixed)] == [
        "Station 4"
    ]


def test_what_is_not_seen_has_no_label():
    points = np.array([[np.nan, np.nan, 1.0], [-5, 20, 1.0], [400, 250, 1.0]])
    assert [one.text for one in place_labels(labels(3), points, SIZE)] == ["Station 2"]


def test_no_labels_are_no_trouble():
    assert place_labels([], np.empty((0, 2)), SIZE) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_dot_are_drawn(theme):
    image = canvas(800, 500, theme)
    before = pixels(image)
    placed = place_labels(labels(1), [[400, 250]], SIZE)
    painter = QPainter(image)
    draw_labels(painter, placed, LOOKS[theme])
    painter.end()
    changed = np.any(pixels(image) != before, axis=2)
    assert changed[250, 400]
    box = placed[0].rect.toAlignedRect()
    assert changed[box.top() : box.bottom(), box.left() : box.right()].any()
