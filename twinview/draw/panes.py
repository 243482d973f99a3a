"""What is written around pictures that stand side by side: heads, numbers, and where each goes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from twinview.draw.card import Row, card_size, draw_card, space
from twinview.draw.fonts import SEMIBOLD, ui_font, width
from twinview.draw.ink import (
    GAP,
    NORMAL,
    PAD,
    SMALL,
    colour,
    dark,
    faint,
    line_height,
    shorten,
    wrap,
    write,
)
from twinview.draw.legend import legend_size
from twinview.i18n import _
from twinview.scene.numbers import change, number
from twinview.scene.paint import Legend
from twinview.scene.panes import Shown, compared_to
from twinview.scene.panetotals import Totals
from twinview.scene.theme import LOOKS, Look

HEAD = 32.0
"""Height of the head of a pane, design pixels."""
BETWEEN = 2.0
"""Between two panes."""
BADGE = 20.0
CORNERED = 3
"""Panes of which the foot may take the fourth place."""
_COLUMN, _APART = 58.0, 14.0
_MOST_ROWS = 5
LEGEND_SHARE = 0.38
"""Of the height of all panes that the legend below them takes for colours of single layers."""
_SHARE = 0.5
"""Of a picture's height that a legend on it may cover."""


@dataclass(frozen=True)
class Plan:
    """Where everything stands, in whole pixels.

    Parameters
    ----------
    heads, pictures
        One of each for every pane; all pictures are of one size.
    foot
        Where legend and numbers stand.
    tall
        Whether the numbers stand under the legend, not beside it.
    """

    heads: tuple[QRectF, ...]
    pictures: tuple[QRectF, ...]
    foot: QRectF
    tall: bool


def plan(
    size: QSizeF, count: int, foot: tuple[QSizeF, QSizeF], zoom: float = 1.0, low: float = 0.0
) -> Plan:
    """Return where panes, legend and numbers stand.

    Two panes stand side by side, three and four in two rows; of three the legend and the numbers
    take the fourth place, where they fit into it.

    Parameters
    ----------
    size
        Of the whole, in pixels.
    count
        Panes, 2 to 4.
    foot
        Sizes that legend and numbers need, in design pixels.
    zoom
        Pixels per design pixel.
    low
        Height of what is written below legend and numbers, design pixels.
    """
    rows, gap = (1 if count <= 2 else 2), BETWEEN * zoom
    legend, told = (QSizeF(one.width() * zoom, one.height() * zoom) for one in foot)
    edge = (2 * GAP + low) * zoom
    deep = max(legend.height(), told.height()) + edge
    wide = float((size.width() - gap) // 2)
    tall = float((size.height() - gap) // 2)
    fits = (
        legend.height() + told.height() + edge + GAP * zoom <= tall
        and max(legend.width(), told.width()) + 2 * GAP * zoom <= wide
    )
    cornered = count == CORNERED and fits
    if not cornered:
        # However much there is to say, the pictures keep more than half.
        deep = float(min(deep, 0.45 * size.height()) // 1)
        tall = float((size.height() - deep - rows * gap) // rows)
    head = float(round(HEAD * zoom))
    places = [(k % 2 * (wide + gap), k // 2 * (tall + gap)) for k in range(4)]
    heads = tuple(QRectF(x, y, wide, head) for x, y in places[:count])
    pictures = tuple(QRectF(x, y + head, wide, tall - head) for x, y in places[:count])
    if cornered:
        return Plan(heads, pictures, QRectF(*places[3], wide, tall), True)
    top = rows * (tall + gap)
    return Plan(heads, pictures, QRectF(0, top, size.width(), size.height() - top), False)


# ----------------------------------------------------------------------------------------- the head
def names(panes: Sequence[Shown]) -> list[str]:
    """Return the short names of panes: their number, of a difference which two it is of."""
    wishes = [one.pane for one in panes]
    return [
        f"{compared_to(wishes, k) + 1} \N{MINUS SIGN} 1" if one.difference else str(k + 1)
        for k, one in enumerate(wishes)
    ]


def brief(legend: Legend, room: QSizeF) -> Legend | None:
    """Return what of a difference's legend has room on its picture; None where nothing has.

    Parameters
    ----------
    legend, room
        All that it says, and the size of the picture in design pixels.
    """
    for one in (legend, replace(legend, note="")):
        size = legend_size(one, brief=True)
        if size.width() <= 0.9 * room.width() and size.height() <= _SHARE * room.height():
            return one
    return None


def draw_head(painter: QPainter, rect: QRectF, shown: Shown, name: str, look: Look) -> None:
    """Draw the head of a pane: number, name and instant; of the painter's design pixels."""
    painter.fillRect(rect, QColor(look.panel))
    bold, plain = ui_font(NORMAL, SEMIBOLD), ui_font(NORMAL, tabular=True)
    left = rect.left() + PAD
    if not shown.pane.difference:
        draw_badge(painter, QPointF(left, rect.center().y()), name, look)
        left += BADGE + GAP
    room = rect.right() - PAD - left
    title = _short(shown.title, bold, room)
    write(painter, rect.adjusted(left - rect.left(), 0, 0, 0), title, bold, look.text)
    left += width(title, bold) + GAP
    said = _short(shown.instant, plain, rect.right() - PAD - left)
    write(painter, rect.adjusted(left - rect.left(), 0, 0, 0), said, plain, look.text_soft)


def draw_badge(painter: QPainter, at: QPointF, name: str, look: Look) -> None:
    """Draw a number in a circle; `at` is the middle of its left edge."""
    rect = QRectF(at.x(), at.y() - BADGE / 2, BADGE, BADGE)
    painter.setPen(QPen(colour(look.text, faint(look, 0.35)), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(rect.adjusted(0.6, 0.6, -0.6, -0.6))
    write(painter, rect, name, ui_font(SMALL, SEMIBOLD), look.text, "centre")


def draw_why(painter: QPainter, rect: QRectF, text: str, look: Look) -> None:
    """Draw an empty pane with the reason."""
    painter.fillRect(rect, QColor(look.ground))
    font = ui_font(NORMAL)
    lines = wrap(text, font, max(40.0, min(rect.width() - 4 * PAD, 360.0)))
    top = rect.center().y() - len(lines) * line_height(font) / 2
    for k, line in enumerate(lines):
        row = QRectF(rect.left(), top + k * line_height(font), rect.width(), line_height(font))
        write(painter, row, line, font, look.text, "centre")


def _short(text: str, font: QFont, room: float) -> str:
    return next(iter(shorten([text], 1, font, room))) if width(text, font) <= room else (
        shorten([text, " "], 1, font, max(0.0, room))[0])  # fmt: skip


# -------------------------------------------------------------------------------------- the numbers
def totals_size(rows: Sequence[Totals], heads: Sequence[str], scale: float = 1.0) -> QSizeF:
    """Return the size of the table of numbers in the painter's pixels."""
    return card_size(_table(rows, heads, LOOKS["light"]), scale)


def fitting(
    rows: Sequence[Totals], heads: Sequence[str], legend: QSizeF, room: float
) -> list[Totals]:
    """Return the first rows of numbers that have room under a legend; two at least, or all.

    Parameters
    ----------
    rows, heads
        As for `draw_totals`.
    legend
        Size of the legend.
    room
        Height for both, design pixels.
    """
    for count in range(min(len(rows), _MOST_ROWS), 1, -1):
        high = totals_size(rows[:count], heads).height()
        if legend.height() + high + 3 * GAP <= room:
            return list(rows[:count])
    return list(rows[:_MOST_ROWS])


def draw_totals(
    painter: QPainter,
    rows: Sequence[Totals],
    heads: Sequence[str],
    where: QRectF | QPointF,
    look: Look,
    scale: float = 1.0,
) -> QRectF:
    """Draw the table of numbers, a column for each pane, and return where it stands."""
    return draw_card(painter, _table(rows, heads, look), where, look, scale)


def totals_text(rows: Sequence[Totals], heads: Sequence[str]) -> str:
    """Return the table of numbers as sentences, for those who do not see it."""
    said = []
    for row in rows:
        cells = zip(heads, row.values, row.changes, strict=True)
        parts = [f"{head}: {_value(row, v)} {_change(row, c)}".rstrip() for head, v, c in cells]
        said.append(
            f"{row.label}, {row.unit}. " + ", ".join([*parts, *filter(None, [left_out(row)])])
        )
    return ". ".join(said)


def left_out(row: Totals) -> str:
    """Say how many elements are in no difference of a row; empty where all are."""
    count = max(row.left, default=0)
    return _("{count} with one value left out", count=number(count)) if count else ""


def _value(row: Totals, value: float) -> str:
    return number(value, 3, of=row.unit)


def _change(row: Totals, value: float) -> str:
    """Return a change with its sign; empty where there is none to tell."""
    return change(value, of=row.unit) if np.isfinite(value) else ""


def _table(rows: Sequence[Totals], heads: Sequence[str], look: Look) -> list[Row]:
    some = list(rows)
    bold, plain = ui_font(NORMAL, SEMIBOLD, tabular=True), ui_font(NORMAL)
    small = ui_font(SMALL, tabular=True)
    first = max([width(f"{one.label}  {one.unit}", plain) for one in some], default=0.0)
    wide = [_COLUMN, *(width(_change(one, c), small) for one in some for c in one.changes)]
    wide += [width(_signed(one, k, heads), bold) for one in some for k in range(len(heads))]
    column = max([*wide, *(width(one, small) for one in heads)])
    whole = first + len(heads) * (column + _APART)
    # Also where a pane has nothing to show just now: else all would move when it has.
    changing = sum("\N{MINUS SIGN}" not in one for one in heads) > 1
    below = line_height(small) if changing else 3

    def headline(painter: QPainter, rect: QRectF) -> None:
        for k, head in enumerate(heads):
            cell = QRectF(rect.left() + first + k * (column + _APART) + _APART, rect.top(), column,
                          rect.height())  # fmt: skip
            write(painter, cell, head, small, look.text_soft, "right")

    def line(one: Totals) -> Row:
        def draw(painter: QPainter, rect: QRectF) -> None:
            top = QRectF(rect.topLeft(), QSizeF(rect.width(), line_height(plain)))
            write(painter, top, one.label, plain, look.text)
            unit = top.translated(width(f"{one.label} ", plain) + 2, 0)
            write(painter, unit, one.unit, plain, look.text_soft)
            note = top.translated(0, line_height(plain) - 2)
            write(painter, note, _short(left_out(one), small, first), small, look.text_soft)
            for k in range(len(heads)):
                left = rect.left() + first + k * (column + _APART) + _APART
                cell = QRectF(left, rect.top(), column, line_height(plain))
                write(painter, cell, _signed(one, k, heads), bold, look.text, "right")
                under = cell.translated(0, line_height(plain) - 2)
                write(painter, under, _change(one, one.changes[k]), small, look.text_soft, "right")

        return Row(whole, line_height(plain) + below, draw)

    return [Row(whole, line_height(small), headline), space(2), *(line(one) for one in some)]


def _signed(one: Totals, k: int, heads: Sequence[str]) -> str:
    """Return a number of a pane; that of a difference with its sign."""
    difference = "\N{MINUS SIGN}" in heads[k]
    return _change(one, one.values[k]) if difference else _value(one, one.values[k])


def frame(painter: QPainter, laid: Plan, size: QSizeF, look: Look) -> None:
    """Draw what is behind and between panes: lines, and the ground of the foot."""
    painter.fillRect(QRectF(QPointF(0, 0), size), QColor(look.panel))
    line = colour(look.text, 0.22 if dark(look) else 0.16)
    for one, head in zip(laid.pictures, laid.heads, strict=True):
        painter.fillRect(head.united(one).adjusted(-BETWEEN, -BETWEEN, BETWEEN, BETWEEN), line)


def label(shown: Shown, name: str) -> str:
    """Return what a pane shows, in one line for those who do not see it."""
    parts = (_("Pane {name}", name=name), shown.title, shown.instant, shown.why)
    return ", ".join(part for part in parts if part)
