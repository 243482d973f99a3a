"""Where the parts of the time bar stand: in three rows, or in two where the window is low."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from twinview.gui.style import place

if TYPE_CHECKING:
    from twinview.gui.timebar import TimeBar

_SIDE = 216
_TRACK, _TRACK_LOW = 80, 52
"""Least heights of the track, logical pixels."""
_RIMS = (16, 8, 16, 6), (12, 3, 12, 3)


class Rows:
    """The time bar's layout.

    Parameters
    ----------
    bar
        The time bar, with its parts made.
    """

    def __init__(self, bar: "TimeBar") -> None:
        self._bar = bar
        self._face = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._below = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        middle = QVBoxLayout()
        middle.setSpacing(2)
        middle.addWidget(bar.track, 1)
        middle.addWidget(bar.overview)
        self._whole = QHBoxLayout(bar)
        self._whole.setSpacing(8)
        self._whole.addWidget(self._left())
        self._whole.addLayout(middle, 1)
        self._whole.addLayout(self._right())
        self.fold(False)

    def _left(self) -> QWidget:
        """Return transport, choices and spans."""
        bar, side = self._bar, QWidget()
        transport, choices, spans = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for one in bar.transport.values():
            transport.addWidget(one)
        for widget in (bar.speed_button, bar.step_button, bar.span_button, bar.loop_button,
                       bar.mix_button):  # fmt: skip
            choices.addWidget(widget)
        for button in bar.spans.values():
            spans.addWidget(button)
        side.setMinimumWidth(_SIDE)
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(2)
        for row in (transport, choices, spans):
            row.setSpacing(2)
            row.addStretch(1)
            left.addLayout(row)
        return side

    def _right(self) -> QVBoxLayout:
        """Return the clock, and below it what the values are taken over."""
        bar, right, over, upper = self._bar, QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        right.setSpacing(0)
        over.setSpacing(2)
        over.addStretch(1)
        over.addWidget(bar.window_button)
        over.addWidget(bar.carpet_button)
        date, time, zone = bar.clock
        self._face.addWidget(date)
        self._face.addWidget(time)
        upper.setSpacing(8)
        upper.addWidget(bar.pill)
        upper.addStretch(1)
        upper.addLayout(self._face)
        right.addStretch(1)
        right.addLayout(upper)
        self._below.addWidget(zone, 1)
        self._below.addLayout(over)
        right.addLayout(self._below)
        right.addStretch(1)
        return right

    def fold(self, low: bool) -> None:
        """Stand in fewer rows, without the strip of the whole span, or in all again."""
        bar, ways = self._bar, QBoxLayout.Direction
        self._whole.setContentsMargins(*_RIMS[low])
        for column in (self._face, self._below):
            column.setDirection(ways.LeftToRight if low else ways.TopToBottom)
            column.setSpacing(8 if low else 0)
        bar.pill.fold(low)
        bar.track.setMinimumHeight(_TRACK_LOW if low else _TRACK)
        bar.overview.setVisible(not low)
        bar.span_button.setVisible(low)
        for button in bar.spans.values():
            button.setVisible(not low)
        bar.clock[1].setProperty("role", "title" if low else "huge")
        place(bar.clock[1])
