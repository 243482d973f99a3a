"""Days and times of the data to pick from, beside a field that takes an instant as text."""

from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from twinview.gui.cards import text_label
from twinview.gui.monthview import KEYS, Month
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis, zone
from twinview.model.window import DAY
from twinview.scene.curves import curves
from twinview.scene.manner import hour_text
from twinview.scene.resolve import clock
from twinview.session.store import State
from twinview.session.when import comes_twice, step_of, written

_BESIDE = 128
_TIME_KEYS = {*KEYS, Qt.Key.Key_Space} - {Qt.Key.Key_Left, Qt.Key.Key_Right}
_ENTER = Qt.Key.Key_Return, Qt.Key.Key_Enter


def steps_on(time: TimeAxis, day: date) -> range:
    """Return the steps that begin on a local day.

    Where steps are longer than a day it is the one that holds the begin of the day.
    """
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone(time.tz))
    later = day + timedelta(days=1)
    found = time.window(
        midnight, datetime(later.year, later.month, later.day, tzinfo=zone(time.tz))
    )
    if not found and time.start <= midnight.timestamp() < time.stop:
        step = time.index_of(midnight)
        return range(step, step + 1)
    return found


def with_values(state: State) -> npt.NDArray[np.bool_]:
    """Tell which steps of the clock have a load or a generation, or may have one when computed.

    All of them where none has: districts without such curves are looked at too.
    """
    found = curves(state.twin, state.view.scenario)
    known = np.isfinite(found.load) | np.isfinite(found.generation)
    if not known.any():
        return np.ones(state.twin.time.count, dtype=np.bool_)
    if found.computed is not None:
        known |= ~found.computed
        known[[*found.lacking]] = False
    return known


class Times(QComboBox):
    """Times of a day; its keys go before the window's while it has the focus."""

    def event(self, event: QEvent) -> bool:
        """Keep keys that move through it from the window's shortcuts."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() in _TIME_KEYS
        ):
            event.accept()
            return True
        return super().event(event)


class DayPicker(QWidget):
    """Days, and times of the day where steps are shorter: they follow a field, and it them.

    Parameters
    ----------
    entry
        Takes an instant as text.
    state
        What is open; its clock is not static.
    first_day
        Day that weeks begin with, Monday 0.

    Signals
    -------
    accepted
        What is chosen is wanted.
    """

    accepted = Signal()

    def __init__(self, entry: QLineEdit, state: State, first_day: int) -> None:
        super().__init__()
        self._entry, self._state, self._time = entry, state, state.twin.time
        self.step = min(state.view.time, self._time.count - 1)
        self._known = with_values(state)
        first, last = (self._time.at(k).date() for k in (0, self._time.count - 1))
        self.month = Month(
            first, last, self._has_values, self._time.at(self.step).date(), first_day
        )
        self.times = Times()
        self.times.setAccessibleName(_("Time of day"))
        self.times.setVisible(self._time.step < DAY)
        self.zone = text_label(role="small", wrap=True)
        self._lay_out()
        self._show()
        self.month.chosen.connect(self._take_day)
        self.times.activated.connect(self._take_time)
        entry.textChanged.connect(self.follow)

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(8)
        self.times.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for part in (self.times, self.zone):
            part.setFixedWidth(_BESIDE)
            beside.addWidget(part)
        beside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.month)
        row.addLayout(beside)
        row.addStretch(1)

    def _has_values(self, day: date) -> bool:
        steps = steps_on(self._time, day)
        return bool(self._known[steps.start : steps.stop].any())

    # ------------------------------------------------------------------------------------ following
    def follow(self, text: str) -> None:
        """Show the day and the time that a text names; a text that names none marks no day."""
        try:
            self.step = step_of(self._state, text)
        except CommandError:
            self.month.unmark()
            return
        self._show()

    def _show(self) -> None:
        day = self._time.at(self.step).date()
        self.month.show_day(day)
        steps = steps_on(self._time, day)
        self.times.clear()
        for step in steps:
            local = self._time.at(step)
            name = f" {local:%Z}" if comes_twice(local) else ""
            self.times.addItem(hour_text(local) + name, step)
        self.times.setCurrentIndex(self.step - steps.start)
        now = clock(self._time, self.step)
        self.zone.setText("\n".join(part for part in (now.zone, now.offset) if part))

    # ------------------------------------------------------------------------------------- choosing
    def _take_day(self, day: date) -> None:
        """Go to the same time of another day, or to the nearest one that it has."""
        steps = steps_on(self._time, day)
        days = (day - self._time.at(self.step).date()).days
        same = self._time.nearest(self._time.same_clock(self.step, days))
        self._write(min(max(same, steps.start), steps.stop - 1))

    def _take_time(self, k: int) -> None:
        self._write(int(self.times.itemData(k)))

    def _write(self, step: int) -> None:
        self._entry.setText(written(self._time, step))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Take what is chosen."""
        if event.key() in _ENTER:
            self.accepted.emit()
        else:
            event.ignore()
