"""A month of days to choose one from, by mouse and keys."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from twinview.gui.cards import text_label
from twinview.gui.stretch import month
from twinview.gui.style import IconButton, place
from twinview.i18n import _
from twinview.scene.resolve import weekday

WEEK, ROWS = 7, 6
_CELL = 32, 24
MONTHS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
DAYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -WEEK, Qt.Key.Key_Down: WEEK}
ENDS = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}
KEYS = frozenset({*MONTHS, *DAYS, *ENDS})
"""Keys of the month."""


def dates_of(shown: date, first: int) -> list[date]:
    """Return the days of the six weeks that hold a month.

    Parameters
    ----------
    shown
        Any day of the month.
    first
        Day that weeks begin with, Monday 0.
    """
    begin = shown.replace(day=1)
    begin -= timedelta(days=(begin.weekday() - first) % WEEK)
    return [begin + timedelta(days=k) for k in range(WEEK * ROWS)]


def first_weekday() -> int:
    """Return the day that weeks begin with where the system's user lives, Monday 0."""
    return QLocale.system().firstDayOfWeek().value - 1


class Month(QWidget):
    """The days of a month, with the arrows and keys that go to others.

    Parameters
    ----------
    first, last
        Days between which one can be chosen.
    open_
        Tells whether a day between them can be.
    here
        The day in the view.
    first_day
        Day that weeks begin with, Monday 0.

    Signals
    -------
    chosen
        ``(day)``: the user chose another day.
    """

    chosen = Signal(object)

    def __init__(
        self, first: date, last: date, open_: Callable[[date], bool], here: date, first_day: int
    ) -> None:
        super().__init__()
        self.first, self.last, self._open, self._here = first, last, open_, here
        self.first_day = first_day
        self.day, self.shown = here, here.replace(day=1)
        self.marked = True
        self.title = text_label()
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.arrows: dict[int, IconButton] = {}
        self.buttons = [QToolButton() for _k in range(WEEK * ROWS)]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self.show_day(here)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        for months, name, text in (
            (-12, "fa6s.angles-left", _("Previous year")),
            (-1, "fa6s.angle-left", _("Previous month")),
            (1, "fa6s.angle-right", _("Next month")),
            (12, "fa6s.angles-right", _("Next year")),
        ):
            arrow = self.arrows[months] = IconButton(name, size=12)
            arrow.describe(text)
            arrow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            arrow.clicked.connect(partial(self.turn, months))
        for column, months in ((0, -12), (1, -1), (5, 1), (6, 12)):
            grid.addWidget(self.arrows[months], 0, column, Qt.AlignmentFlag.AlignCenter)
        grid.addWidget(self.title, 0, 2, 1, 3)
        for column in range(WEEK):
            head = text_label(weekday((self.first_day + column) % WEEK), role="small")
            grid.addWidget(head, 1, column, Qt.AlignmentFlag.AlignCenter)
        for k, button in enumerate(self.buttons):
            button.setProperty("day", True)
            button.setCheckable(True)
            button.setFixedSize(*_CELL)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self._clicked, k))
            grid.addWidget(button, 2 + k // WEEK, k % WEEK)

    def show_day(self, day: date) -> None:
        """Mark a day and show its month."""
        self.day, self.marked = day, True
        self._show(day)

    def unmark(self) -> None:
        """Mark no day: what is typed names none."""
        self.marked = False
        self._show(self.shown)

    def turn(self, months: int) -> None:
        """Show another month, as far as there are data; the marked day stays."""
        self._show(later(self.shown, months))

    def _show(self, day: date) -> None:
        self.shown = min(max(day, self.first), self.last).replace(day=1)
        self.title.setText(_("{month} {year}", month=month(self.shown.month), year=self.shown.year))
        for months, arrow in self.arrows.items():
            end = self.first if months < 0 else self.last
            arrow.setEnabled((end.year, end.month) != (self.shown.year, self.shown.month))
            arrow.setVisible(abs(months) == 1 or self.first.year != self.last.year)
        for button, one in zip(self.buttons, dates_of(self.shown, self.first_day), strict=True):
            within = one.month == self.shown.month
            button.setText(str(one.day) if within else "")
            button.setEnabled(within and self.possible(one))
            button.setChecked(within and self.marked and one == self.day)
            button.setProperty("lit", within and one == self._here)
            button.setAccessibleName(f"{one}" if within else "")
            button.setToolTip(_("No values on this day") if within and self._gap(one) else "")
            place(button)
        self.setAccessibleName(_("Days of {month}", month=self.title.text()))
        self.setAccessibleDescription(f"{self.day} {weekday(self.day.weekday())}")

    def _gap(self, day: date) -> bool:
        return self.first <= day <= self.last and not self._open(day)

    def possible(self, day: date) -> bool:
        """Tell whether a day can be chosen."""
        return self.first <= day <= self.last and self._open(day)

    def _clicked(self, k: int) -> None:
        self._choose(dates_of(self.shown, self.first_day)[k])

    def _choose(self, day: date) -> None:
        self.show_day(day)
        self.chosen.emit(day)

    def _go(self, day: date, onward: int) -> None:
        """Choose a day, or the next one in a direction that has values, within the data."""
        day = min(max(day, self.first), self.last)
        while self.first <= day <= self.last:
            if self._open(day):
                self._choose(day)
                return
            day += timedelta(days=onward)

    # --------------------------------------------------------------------------------------- events
    def event(self, event: QEvent) -> bool:
        """Keep the month's keys from the window's shortcuts while it has the focus."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in KEYS
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Go a day, a week, a month or, with Shift, a year; Home and End go through the month."""
        key = Qt.Key(event.key())
        if key in DAYS:
            self._go(self.day + timedelta(days=DAYS[key]), 1 if DAYS[key] > 0 else -1)
        elif key in MONTHS:
            many = 12 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._go(later(self.day, MONTHS[key] * many), MONTHS[key])
        elif key in ENDS:
            begin = self.day.replace(day=1)
            end = later(begin, 1) - timedelta(days=1)
            self._go(begin if ENDS[key] < 0 else end, -ENDS[key])
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keys go."""
        super().focusInEvent(event)
        self._frame(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show where the keys go."""
        super().focusOutEvent(event)
        self._frame(False)

    def _frame(self, on: bool) -> None:
        for button in self.buttons:
            button.setProperty("framed", on)
            place(button)


def later(day: date, months: int) -> date:
    """Return the same day some months later, or the last one of that month."""
    year, number = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (number + 1) // 12, (number + 1) % 12 + 1, 1)
    return date(year, number + 1, min(day.day, (after - timedelta(days=1)).day))
