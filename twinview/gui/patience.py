"""When steps of time wait for a moment: until frames of the view are cheap.

Frames are made cheap while nothing else is drawn. Steps that follow one another, as those of
playing do, would put that off for ever: each of them would be drawn whole, in a large city coarsely
too, as long as they last. So they wait, once for each view, and only as long as that pays.
"""

import time
from collections.abc import Callable

LEFT_S = 0.8
"""Steps must have followed one another for so long."""
APART_S = 0.4
"""What comes so long after a frame does not follow: the view rests between."""
LONGEST_S = 6.0
"""They wait no longer than this; then all goes on as before for as long."""


class Patience:
    """Decides whether a step of time waits.

    Parameters
    ----------
    clock
        Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._view: object = None
        self._since = self._last = self._until = 0.0
        self.waiting = False
        """Whether a step waits now."""

    def waits(self, view: object, worth: bool, frame_s: float) -> bool:
        """Tell whether the step that is due now waits.

        Parameters
        ----------
        view
            All that is shown but the time; compared by `==`.
        worth
            Whether frames are not cheap yet and can be made so.
        frame_s
            Seconds that the last frame took.
        """
        now = self._clock()
        rested = not self.waiting and now - self._last > APART_S + 2 * frame_s
        if view != self._view or not worth or rested:
            self._view, self._since, self.waiting = view, now, False
        self._last = now
        if not self.waiting and now - self._since > LEFT_S:
            self.waiting, self._until = True, now + LONGEST_S
        if self.waiting and now > self._until:
            self.waiting, self._since = False, now + LONGEST_S
        return self.waiting

    def done(self) -> bool:
        """Let steps go on; tell whether one waited."""
        waited, self.waiting = self.waiting, False
        return waited
