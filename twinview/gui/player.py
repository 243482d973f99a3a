"""Playing: the clock on the wall says which step is seen; steps that would be late are dropped."""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

SPEEDS = (1.0, 2.0, 4.0, 8.0, 24.0)
"""Hours of the data for one second on the wall."""
TICK_MS = 25


class Player(QObject):
    """Moves the time while it plays.

    Parameters
    ----------
    clock
        Seconds that only go forward.

    Signals
    -------
    chosen
        ``(step)``: where time should be now.
    between
        ``(step, share)``: where time should be between a step and the next, while it is smooth.
    changed
        Playing began or ended.
    """

    chosen = Signal(int)
    between = Signal(int, float)
    changed = Signal(bool)

    def __init__(
        self, parent: QObject | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self.speed = 4.0
        self.loop = False
        self.smooth = False
        """Whether what lies between two steps is shown too."""
        self.step_hours = 1.0
        self.bounds = range(1)
        self.keep: npt.NDArray[np.bool_] | None = None
        """Steps that are played; None where all are."""
        self._clock = clock
        self._began = 0.0
        self._from = 0
        self._index = 0
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def playing(self) -> bool:
        """True while time moves by itself."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    @property
    def _played(self) -> npt.NDArray[np.intp]:
        """The steps within the bounds that are played, in their order."""
        steps = np.arange(self.bounds.start, self.bounds.stop)
        return (
            steps if self.keep is None else steps[self.keep[self.bounds.start : self.bounds.stop]]
        )

    def play(self) -> None:
        """Begin where time is; at the end, or outside of the bounds, begin at the start."""
        played = self._played
        if len(played) < 2:
            return
        if not self.bounds.start <= self._index < int(played[-1]):
            self._index = int(played[0])
        self._restart(self._index)
        self._timer.start()
        self.changed.emit(True)

    def pause(self) -> None:
        """Stop where time is."""
        if self.playing:
            self._timer.stop()
            self.changed.emit(False)

    def set_speed(self, hours_per_second: float) -> None:
        """Play faster or slower from here."""
        self.speed = hours_per_second
        self._restart(self._index)

    def at(self, index: int) -> None:
        """Take note of where time is; a jump by hand goes on from there."""
        if index != self._index:
            self._restart(index)

    def _restart(self, index: int) -> None:
        self._began, self._from, self._index = self._clock(), index, index

    def tick(self) -> None:
        """Go to the step that the wall's clock asks for."""
        exact = (self._clock() - self._began) * self.speed / self.step_hours
        played = self._played
        place = int(np.searchsorted(played, self._from)) + int(exact)
        again = place >= len(played)
        if again:
            if not self.loop:
                self._index = int(played[-1])
                self.chosen.emit(self._index)
                self.pause()
                return
            place %= len(played)
            self._restart(int(played[place]))
        share = exact % 1
        if self.smooth and share and self._goes_on(played, place):
            self._index = int(played[place])
            self.between.emit(self._index, share)
        elif again or int(played[place]) != self._index:
            self._index = int(played[place])
            self.chosen.emit(self._index)

    @staticmethod
    def _goes_on(played: npt.NDArray[np.intp], place: int) -> bool:
        """Tell whether the next step of the data is played next."""
        return place + 1 < len(played) and int(played[place + 1] - played[place]) == 1
