"""Move through time."""

from dataclasses import replace
from datetime import UTC, datetime

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.scene.aggregation import window_in
from twinview.scene.view import View
from twinview.session.command import command
from twinview.session.live import Follow, follow
from twinview.session.store import Session
from twinview.session.walking import stepped
from twinview.session.when import step_of


def _at(session: Session, i: int) -> View:
    count = session.state.twin.time.count
    return replace(session.state.view, time=min(max(i, 0), count - 1), between=0.0)


@command("time.go", N_("Go to time..."), menu=N_("Time"), keys="Ctrl+G", icon="fa6s.clock")
def go(session: Session, instant: str, *more: str) -> View:
    """Go to an instant: a date, a time, +6h, now-24h, peak load, cleanest hour, or a note."""
    return _at(session, step_of(session.state, " ".join([instant, *more])))


@command("time.index", N_("Go to step"))
def index(session: Session, i: int) -> View:
    """Go to a step of the data, counted from 0."""
    return _at(session, i)


@command("time.between", N_("Between two steps"))
def between(session: Session, i: int, share: float) -> View:
    """Show what lies between a step and the next: a share of 0 to 1 of the way, interpolated."""
    if not 0 <= share < 1:
        raise CommandError(_("The share of the way is 0 to 1, not {share}.", share=share))
    return replace(_at(session, i), between=share)


@command("time.step", N_("Step"), menu=N_("Time"))
def step(session: Session, steps: int = 1) -> View:
    """Go some steps forward (or back, when negative), of those on days that count."""
    return _walked(session, "data", steps)


@command("time.day", N_("Day forward"), menu=N_("Time"))
def day(session: Session, days: int = 1) -> View:
    """Go to the same local time some days later (or earlier), of the days that count."""
    return _walked(session, "day", days)


def _walked(session: Session, length: str, many: int) -> View:
    twin, view = session.state.twin, session.state.view
    here, keep = min(view.time, twin.time.count - 1), window_in(twin, view).mask(twin.time)
    return _at(session, stepped(twin.time, here, length, many, keep))


@command("time.now", N_("Now"), menu=N_("Time"), icon="fa6s.bullseye")
def now(session: Session) -> View:
    """Go to the computer's time, or to the nearest end of the data."""
    return _at(session, step_of(session.state, "now"))


@command("time.live", N_("Go live"), menu=N_("Time"), keys="N", icon="fa6s.tower-broadcast")
def live(session: Session, on: bool = True) -> Follow:
    """Follow the present and files that change; off ends that, as does going elsewhere in time."""
    return follow(session.state, on, datetime.now(UTC))


@command("time.start", N_("First step"), menu=N_("Time"), keys="Home", icon="fa6s.backward-fast")
def start(session: Session) -> View:
    """Go to the first step."""
    return _at(session, 0)


@command("time.end", N_("Last step"), menu=N_("Time"), keys="End", icon="fa6s.forward-fast")
def end(session: Session) -> View:
    """Go to the last step."""
    return _at(session, session.state.twin.time.count - 1)
