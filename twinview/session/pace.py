"""How long a job still takes: by how quickly it went of late."""

import math
from collections import deque

from twinview.i18n import _

SPACE = 1.0
"""Seconds between two marks."""
MARKS = 20
"""Marks that are looked back at."""
SURE = 2.0
"""Seconds before which nothing is said."""
_MINUTE, _HOUR, _NEAR = 60, 3600, 10


class Pace:
    """Marks of how far a job was, and when.

    Parameters
    ----------
    now
        When it began, seconds of any clock.
    """

    def __init__(self, now: float) -> None:
        self._marks = deque([(now, 0.0)], maxlen=MARKS)
        self._fraction = 0.0

    def note(self, fraction: float, now: float) -> None:
        """Note how far it is, 0 to 1."""
        self._fraction = fraction
        if now - self._marks[-1][0] >= SPACE:
            self._marks.append((now, fraction))

    def left(self, now: float) -> float | None:
        """Return the seconds it will still take; None where nobody can say yet."""
        then, before = self._marks[0]
        done = self._fraction - before
        if now - then < SURE or done <= 0:
            return None
        return (1 - self._fraction) * (now - then) / done


def left_in_words(seconds: float | None) -> str:
    """Return how long something still takes, roughly, in words; empty where nobody can say.

    Parameters
    ----------
    seconds
        From `Pace.left`.
    """
    if seconds is None:
        return ""
    whole = _nearest(seconds) if seconds < _NEAR else _nearest(seconds / 5) * 5
    if whole < _MINUTE:
        return _("{seconds} s left", seconds=max(1, whole))
    minutes = _nearest(seconds / _MINUTE)
    if minutes < _MINUTE:
        return _("{minutes} min left", minutes=minutes)
    return _("{hours} h left", hours=f"{seconds / _HOUR:.1f}")


def _nearest(value: float) -> int:
    """Return the nearest whole number, of two the larger: 2.5 min are 3, as people round."""
    return math.floor(value + 0.5)
