"""Following the present: which step is shown, how old its value is, and how that is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.series import Series
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import BASE, Twin
from twinview.readers.guard import content_of
from twinview.session.store import State

LATE = 2
"""Steps that a value may be behind and still count as the present: one to end, one to arrive."""
BLOCK = 96
"""Steps that are looked through at a time."""
MADE = frozenset({"computed", "modelled", "forecast"})
"""Origins of values that say nothing of how far the data reach."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

Stamps = Mapping[Path, tuple[int, int, int]]
"""Time of change in ns, size in bytes and inode of each file."""


@dataclass(frozen=True)
class Standing:
    """How the data stand to the present.

    Parameters
    ----------
    state
        ``good``; ``old`` where the last value is too far behind; ``none`` without any value.
    step
        The step to show.
    last
        The step of the last value up to the present; None where there is none.
    behind
        Seconds from the end of the last value's step to the present; 0 where it lasts.
    ended
        Whether the clock of the data ends before the present.
    """

    state: Literal["good", "old", "none"]
    step: int
    last: int | None
    behind: int
    ended: bool


@dataclass(frozen=True)
class Follow:
    """The wish to follow the present, or to follow it no longer."""

    on: bool
    said: str

    def as_text(self) -> str:
        """Return how the data stand to the present."""
        return self.said


def last_value(twin: Twin, scenario: str, step: int) -> int | None:
    """Return the last step of the clock, up to one, that holds a value of the data.

    Series that were computed, modelled or forecast count only where there are no others.
    """
    every = twin.exact.series  # whether there is a value tells nothing of it
    found = [one for (_layer, _what, case), one in every.items() if case in {BASE, scenario}]
    known = [one for one in found if not one.time.static]
    given = [one for one in known if one.meaning.origin not in MADE] or known
    last = -1
    for series in given:
        if last < step:
            last = max(last, _last_of(series, twin.time, step, last))
    return None if last < 0 else last


def _last_of(series: Series, clock: TimeAxis, step: int, known: int) -> int:
    """Return the last step of the clock, up to one, at which a series has a value; -1 for none.

    Nothing is looked for up to a step that is `known` to have one; the newest is looked at first.
    """
    own = series.time
    if clock.static or clock.seconds(step) < own.start:
        return -1
    stop, size = own.nearest(clock.seconds(step)) + 1, 1
    floor = 0 if known < 0 else max(0, own.nearest(clock.seconds(known)))
    while stop > floor:
        first = max(floor, stop - size)
        size = min(2 * size, BLOCK)
        rows = np.isfinite(series.window(first, stop)).any(axis=1)
        if rows.any():
            held = first + int(np.flatnonzero(rows)[-1])
            return min(step, clock.nearest(own.seconds(held) + own.step - 1))
        stop = first
    return -1


def standing(axis: TimeAxis, now: datetime, last: int | None) -> Standing:
    """Return how the data stand to the present.

    Parameters
    ----------
    axis
        The clock of the data.
    now
        The present, with an offset.
    last
        The step of the last value up to the present; None where there is none.
    """
    seconds, step = int(now.timestamp()), axis.nearest(now)
    ended = not axis.static and seconds >= axis.stop
    if last is None or axis.static or seconds < axis.start:
        return Standing("none", step, None, 0, ended)
    behind = max(0, seconds - axis.seconds(last) - axis.step)
    return Standing("good" if behind < LATE * axis.step else "old", last, last, behind, ended)


def present(state: State, now: datetime) -> Standing:
    """Return how the data of what is open stand to the present."""
    axis, scenario = state.twin.time, state.view.scenario
    return standing(axis, now, last_value(state.twin, scenario, axis.nearest(now)))


def age(seconds: int) -> str:
    """Return a length of time in the largest unit that is fine enough: 12 min, 5 h, 3 d."""
    if seconds < 2 * _HOUR:
        return _("{count} min", count=seconds // _MINUTE)
    if seconds < 2 * _DAY:
        return _("{count} h", count=seconds // _HOUR)
    return _("{count} d", count=seconds // _DAY)


def behind_text(found: Standing) -> str:
    """Return how far the data are behind, for beside the pill; empty for less than a minute."""
    if found.state == "none":
        return _("no data")
    return _("behind by {age}", age=age(found.behind)) if found.behind >= _MINUTE else ""


def sentence(axis: TimeAxis, found: Standing) -> str:
    """Return how the data stand to the present, as a sentence."""
    if found.last is None:
        return _(
            "The data hold no value up to the present; what is added to the files is followed."
        )
    last = format_instant(axis.seconds(found.last), axis.tz)
    if found.state == "good":
        return _("The view follows the present; the last value is of {last}.", last=last)
    if found.ended:
        return _(
            "The data end before the present: the last instant, {last}, is shown as old "
            "({behind}), and what is added to the files is followed.",
            last=last, behind=behind_text(found),
        )  # fmt: skip
    return _(
        "The last value is of {last} ({behind}); what is added to the files is followed.",
        last=last, behind=behind_text(found),
    )  # fmt: skip


def follow(state: State, on: bool, now: datetime) -> Follow:
    """Return the wish to follow the present, with how the data stand to it.

    Raises
    ------
    CommandError
        Where the data have no clock.
    """
    if not on:
        return Follow(False, _("The view follows the present no longer."))
    axis = state.twin.time
    if axis.static:
        raise CommandError(_("The data hold one instant, so there is nothing to follow."))
    return Follow(True, sentence(axis, present(state, now)))


def stamps(files: Sequence[Path | None]) -> Stamps:
    """Return what tells changed files from unchanged ones; none for those that are not there."""
    found: dict[Path, tuple[int, int, int]] = {}
    for file in files:
        try:
            for one in () if file is None else [file, *content_of(file)]:
                on_disk = one.stat()
                found[one] = on_disk.st_mtime_ns, on_disk.st_size, on_disk.st_ino
        except OSError:
            continue
    return found
