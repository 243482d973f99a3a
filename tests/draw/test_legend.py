"""The legend says everything, in both themes, and no more than fits."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from tests.draw.support import canvas, classes, pixels, ramp
from twinview.draw.legend import (
    STATES,
    _placed_ticks,
    _summary,
    draw_legend,
    legend_size,
    shortened,
)
from twinview.draw.pattern import swatch
from twinview.scene.numbers import GROUP
from twinview.scene.paint import State
from twinview.scene.theme import LOOKS


def test_summary_counts():
    assert _summary(ramp(states=())) == f"1{GROUP}498 shown · 8 without data"
    assert _summary(ramp()) == f"1{GROUP}498 shown"
    waiting = ramp(states=((State.PENDING, 5),))
    assert _summary(waiting) == f"1{GROUP}498 shown · 3 without data"
    assert _summary(ramp(missing=0)) == f"1{GROUP}498 shown"


OVER = "Sum · 24 h, 2024-06-30 15:00 to 2024-07-01 15:00, only Monday to Friday"


def test_a_window_has_lines_of_its_own():
    low, high = (legend_size(ramp(window=one)).height() for one in ("", OVER))
    assert high > low + 20


@pytest.mark.parametrize(
    "legend",
    [ramp(), classes(), classes(count=8), ramp(unit="", ticks=()), ramp(window=OVER)],
)
@pytest.mark.parametrize("scale", [1.0, 2.5])
def test_drawn_as_large_as_said(legend, scale):
    image = canvas(1200, 1200)
    painter = QPainter(image)
    rect = draw_legend(painter, legend, QPointF(20, 30), LOOKS["light"], scale)
    painter.end()
    assert rect.size() == legend_size(legend, scale)
    inked = np.argwhere(np.any(pixels(image) != pixels(canvas(1, 1))[0, 0], axis=2))
    top, left = inked.min(axis=0)
    bottom, right = inked.max(axis=0)
    assert (
        QRectF(rect).adjusted(-1, -1, 1, 1).contains(QRectF(left, top, right - left, bottom - top))
    )


def picture(legend) -> np.ndarray:
    image = canvas(700, 900)
    painter = QPainter(image)
    draw_legend(painter, legend, QPointF(0, 0), LOOKS["light"])
    painter.end()
    return pixels(image).copy()


def _more(count: int, title: str = "Houses: Use"):
    made = tuple(replace(classes(count=3), title=f"{title} {k}", states=()) for k in range(count))
    return ramp(more=made)


def test_layers_with_colours_of_their_own_have_a_section_each():
    high = [legend_size(_more(count)).height() for count in range(4)]
    steps = {round(b - a) for a, b in pairwise(high)}
    assert len(steps) == 1
    assert steps.pop() > 3 * 19  # a title and three rows
    # Beside a picture it is only the difference that matters.
    brief = [legend_size(_more(count), brief=True).height() for count in (0, 1)]
    assert brief[0] == brief[1]


def test_where_room_is_short_the_layers_that_are_left_out_are_counted():
    whole = _more(4)
    high = legend_size(whole).height()
    assert shortened(whole, high) == whole
    less = shortened(whole, high - 1)
    assert (len(less.more), less.left) == (3, 1)
    assert legend_size(less).height() <= high - 1
    none = shortened(whole, 0)
    assert (none.more, none.left) == ((), 4)
    assert shortened(ramp(), 0) == ramp()
    assert legend_size(replace(none, left=0)).height() < legend_size(none).height() - 10


def test_layers_of_one_colour_stand_together_behind_the_others():
    one = replace(classes(count=1), title="", states=())
    trees, roads = replace(one, classes=("Trees",)), replace(one, classes=("Roads",))
    use = _more(1).more[0]
    orders = ((trees, use, roads), (use, trees, roads))
    mixed, apart = (picture(ramp(more=one)) for one in orders)
    assert (mixed == apart).all()


def test_in_a_rectangle_it_stands_at_the_bottom_left():
    image = canvas(900, 900)
    painter = QPainter(image)
    rect = draw_legend(painter, ramp(), QRectF(10, 10, 800, 700), LOOKS["light"])
    painter.end()
    assert (rect.left(), rect.bottom()) == (10, 710)


@pytest.mark.parametrize(
    ("ticks", "limits"),
    [
        ((0, 125, 250, 375, 500), (0, 500)),
        (tuple(range(0, 1000, 10)), (0, 1000)),
        ((0.9, 0.95, 1.0, 1.05, 1.1), (0.9, 1.1)),
        ((-1e6, 0.0, 1e6), (-1e6, 1e6)),
        ((1.0,), (1.0, 1.0)),
    ],
)
def test_tick_texts_do_not_touch(ticks, limits):
    placed = sorted(_placed_ticks(ticks, limits))
    assert placed
    for (left, _, text), (other, _, _) in pairwise(placed):
        assert left + 5 * len(text) < other


def test_each_state_has_a_name_and_a_pattern_of_its_own():
    looks = set()
    for state in STATES:
        image = canvas(40, 30)
        painter = QPainter(image)
        swatch(painter, QRectF(5, 5, 30, 20), "#c9572f", LOOKS["light"], state)
        painter.end()
        looks.add(pixels(image).tobytes())
    assert len(looks) == len(STATES) == len(State) - 2
