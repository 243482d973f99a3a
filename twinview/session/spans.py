"""Spans of time: the instant, the window, a range or all of the data; and their ends as text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis, zone
from twinview.model.window import Window
from twinview.scene.aggregation import window_in
from twinview.session.when import step_of

if TYPE_CHECKING:
    from twinview.session.store import State

SPANS = ("instant", "window", "range", "all")
"""Spans of time that `steps_of` knows."""


def stretch_of(state: "State", begin: str, end: str) -> range:
    """Return the steps from one instant to another, which no longer belongs to them.

    Parameters
    ----------
    state
        What is open.
    begin, end
        See `step_of`; empty for the ends of the data.

    Raises
    ------
    CommandError
        For a text that names no instant, and where the end comes before the begin.
    """
    first = step_of(state, begin) if begin else 0
    last = step_of(state, end) if end else state.twin.time.count
    if last <= first:
        raise CommandError(_("The range ends before it begins: {end}.", end=end))
    return range(first, last)


def steps_of(state: "State", span: str, begin: str = "", end: str = "") -> Sequence[int]:
    """Return the steps of a span of time.

    Parameters
    ----------
    state
        What is open.
    span
        ``instant``, ``window`` (the steps that count in that of the view), ``range`` or ``all``.
    begin, end
        Ends of a range, in place of those that are set; see `stretch_of`.

    Raises
    ------
    CommandError
        For another word, a range that is not set, and one without any step.
    """
    time, view = state.twin.time, state.view
    if time.static:
        return range(1)
    here = min(max(view.time, 0), time.count - 1)
    if span not in SPANS:
        raise CommandError(_("Write {known}, not '{word}'.", known=", ".join(SPANS), word=span))
    if span == "range" and not (begin or end or view.window.ranged):
        raise CommandError(_("No range is set: set one with I and O, or name its ends."))
    known: Mapping[str, Callable[[], Sequence[int]]] = {
        "instant": lambda: range(here, here + 1),
        "window": lambda: window_in(state.twin, view).chosen(time, here).tolist(),
        "range": lambda: stretch_of(state, begin, end) if begin or end else view.window.span(time),
        "all": lambda: range(time.count),
    }
    steps = known[span]()
    if not len(steps):
        raise CommandError(_("No step counts."))
    return steps


def stretched(state: "State", steps: range) -> Window | None:
    """Return some steps as the window of a view, within the range where one is set.

    The days that count stay. None where nothing of the range is in them.
    """
    time, window = state.twin.time, state.view.window
    first, last = steps.start, steps.stop
    if window.ranged:
        held = window.span(time)
        first, last = max(first, held.start), min(last, held.stop)
    if first >= last:
        return None
    begin, end = time.seconds(first), time.start + last * time.step
    return replace(window, kind="range", begin=begin, end=end)


def ends_of(window: Window) -> tuple[int, int] | None:
    """Return the seconds between which a window lies; None where it is open."""
    begin, end = window.begin, window.end
    return None if begin is None or end is None else (begin, end)


def ends_text(axis: TimeAxis, over: tuple[int, int] | None) -> tuple[str, str]:
    """Return ends of a time as `stretch_of` reads them."""
    if over is None:
        return "", ""
    first, last = (datetime.fromtimestamp(one, zone(axis.tz)).isoformat() for one in over)
    return first, last if over[1] < axis.stop else ""
