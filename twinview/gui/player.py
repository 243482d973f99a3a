"""Playing: the clock on the wall says which step is seen; steps that would be late are dropped.

Time runs over the steps of the data that count, so that a second always holds as many of their
hours as the speed says. What is seen of it is a walk: every step, or one each day, week or month,
which stays until time has come to the next one.
"""

import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, QTimer, Signal

SPEEDS = (1.0, 2.0, 4.0, 8.0, 24.0, 168.0, 720.0)
"""Hours of the data for one second on the wall."""
TICK_MS = 25

Steps = npt.NDArray[np.intp]
Walk = Callable[[int], Steps]
"""Returns the steps that are shown, ascending, given one that is among them."""


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
    short
        There is less than two steps to play.
    """

    chosen = Signal(int)
    between = Signal(int, float)
    changed = Signal(bool)
    short = Signal()

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
        self._walk: Walk | None = None
        self._clock = clock
        self._began = 0.0
        self._from: int | None = None
        self._index = 0
        self._anchor = 0
        self._walked: Steps | None = None
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def playing(self) -> bool:
        """True while time moves by itself."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play or pause."""
        self.pause() if self.playing else self.play()

    def show(self, walk: Walk | None, keep: npt.NDArray[np.bool_] | None) -> None:
        """Show a walk from now on, of the steps that are played; None stands for all of them."""
        self._walk, self.keep = walk, keep
        self._anchor, self._walked = self._index, None
        self._restart(self._index)

    @property
    def walked(self) -> Steps:
        """The steps of the walk, wherever they are."""
        if self._walk is None:
            return self.counted(self.bounds)
        if self._walked is None:
            self._walked = self._walk(self._anchor)
        return self._walked

    def counted(self, steps: range) -> Steps:
        """Return those of some steps that are played, in their order."""
        found = np.arange(steps.start, steps.stop)
        return found if self.keep is None else found[self.keep[steps.start : steps.stop]]

    @property
    def _shown(self) -> Steps:
        """The steps of the walk within the bounds."""
        found = self.walked
        return found[(found >= self.bounds.start) & (found < self.bounds.stop)]

    def play(self) -> None:
        """Begin where time is; at the end, or outside of the bounds, begin at the start."""
        shown = self._shown
        if len(shown) < 2:
            self.short.emit()
            return
        self._restart(self._index)
        if not self.bounds.start <= self._index < int(shown[-1]):
            self._from = int(shown[0])
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
            if self._walked is None or index not in self._walked:
                self._anchor, self._walked = index, None
            self._restart(index)

    def _restart(self, index: int) -> None:
        """Count from now on, and from a step, or the next that is shown after it."""
        self._began, self._index, self._from = self._clock(), index, None

    def tick(self) -> None:
        """Go to the step that the wall's clock asks for."""
        played, shown = self.counted(self.bounds), self._shown
        if len(shown) < 2:
            self.pause()
            return
        if self._from is None:
            self._from = int(next(iter(shown[shown >= self._index]), shown[-1]))
        gone = (self._clock() - self._began) * self.speed / self.step_hours
        exact = int(np.searchsorted(played, self._from)) + gone
        if exact >= len(played):
            if not self.loop:
                self._index = int(shown[-1])
                self.chosen.emit(self._index)
                self.pause()
                return
            exact %= len(played)
            self._from = int(played[0])
            self._began = self._clock() - exact * self.step_hours / self.speed
        # Before the first one that is shown of a stretch that is repeated, the last one stays.
        k = int(np.searchsorted(shown, played[int(exact)], side="right")) - 1
        index, share = int(shown[k]), exact % 1
        if self.smooth and share and int(shown[(k + 1) % len(shown)]) == index + 1:
            self._index = index
            self.between.emit(index, share)
        elif index != self._index:
            self._index = index
            self.chosen.emit(index)
