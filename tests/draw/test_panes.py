"""Where panes stand, and what is written around them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF, QSizeF

from twinview.draw.legend import legend_size
from twinview.draw.panes import brief, fitting, names, plan, totals_size, totals_text
from twinview.scene.paint import Legend
from twinview.scene.panes import Shown
from twinview.scene.panetotals import Totals
from twinview.scene.view import Pane, View

NAN = float("nan")
ROWS = [Totals(name, "kW", (1.0, 3.5, 2.5), (NAN, 2.5, NAN)) for name in "abcde"]
HEADS = ["1", "2", "2 \N{MINUS SIGN} 1"]


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("size", [(774, 548), (1415, 900), (1920, 1050), (320, 240)])
def test_pictures_are_of_one_size_and_nothing_lies_on_anything(qapp, count, size):
    laid = plan(QSizeF(*size), count, (QSizeF(296, 110), QSizeF(330, 160)), low=15)
    assert len({(one.width(), one.height()) for one in laid.pictures}) == 1
    assert all(one.width() == int(one.width()) for one in laid.pictures)
    whole = QRectF(0, 0, *size)
    rects = [*laid.heads, *laid.pictures, laid.foot]
    assert all(whole.contains(one) for one in rects)
    for k, one in enumerate(rects):
        assert not any(one.intersects(other) for other in rects[k + 1 :])
    # Two stand side by side, more in two rows.
    assert len({one.y() for one in laid.pictures}) == (1 if count == 2 else 2)


def test_of_three_panes_the_foot_takes_the_fourth_place_where_it_fits(qapp):
    foot = (QSizeF(296, 110), QSizeF(330, 160))
    assert plan(QSizeF(1415, 900), 3, foot).tall
    assert not plan(QSizeF(774, 400), 3, foot).tall
    assert not plan(QSizeF(1415, 900), 4, foot).tall


def test_numbers_that_have_no_room_under_the_legend_are_left_out(qapp):
    legend = QSizeF(296, 100)
    two = totals_size(ROWS[:2], HEADS).height() + 124
    assert fitting(ROWS, HEADS, legend, two) == ROWS[:2]
    assert fitting(ROWS, HEADS, legend, 900) == ROWS


def test_numbers_take_the_same_room_where_a_pane_has_nothing_to_show(qapp):
    away = [replace(one, values=(NAN, 3.5, NAN), changes=(NAN,) * 3) for one in ROWS]
    assert totals_size(away, HEADS) == totals_size(ROWS, HEADS)


def test_numbers_are_told_to_those_who_do_not_see_them():
    assert totals_text(ROWS[:1], HEADS) == "a, kW. 1: 1.00, 2: 3.50 +2.50, 2 \N{MINUS SIGN} 1: 2.50"


def test_what_is_in_no_difference_is_said_below_the_row_and_takes_no_room(qapp):
    some = [replace(one, left=(0, 3, 3)) for one in ROWS]
    assert totals_size(some, HEADS) == totals_size(ROWS, HEADS)
    assert totals_text(some[:1], HEADS).endswith(", 3 with one value left out")


def test_a_difference_is_named_by_what_it_is_of():
    panes = [Pane("a"), Pane("b"), Pane(difference=True), Pane("c")]
    shown = [Shown(one, None, None, "", "", View()) for one in panes]
    assert names(shown) == ["1", "2", "2 \N{MINUS SIGN} 1", "4"]


def test_a_legend_on_a_small_picture_is_its_colours_alone_or_nothing(qapp):
    legend = Legend("Power", "kW", (-1, 1), ("#000000", "#ffffff"), note="sum 4 kW; " * 8)
    assert brief(legend, QSizeF(800, 600)) is legend
    assert brief(legend, QSizeF(400, 160)).note == ""
    assert brief(legend, QSizeF(200, 160)) is None
    assert legend_size(legend, brief=True).height() < legend_size(legend).height()
