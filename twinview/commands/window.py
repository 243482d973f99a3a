"""Look through a window of time: the last hours, all so far, a range, a typical day."""

from dataclasses import replace
from typing import get_args

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.window import DAY, Days, Kind, Lock, Season, Window
from twinview.scene.view import View
from twinview.session.command import command
from twinview.session.modelling import no_workdays
from twinview.session.project import Project
from twinview.session.store import Edited, Session
from twinview.session.when import days_in, seconds_of, step_of

MENU = N_("Time")


@command("time.window", N_("Values over"), menu=MENU, icon="fa6s.window-maximize")
def window(session: Session, kind: str, length: str = "") -> View:
    """Take values over an instant, rolling (the last 24h, 7d), cumulative, range or typical day."""
    kinds: tuple[Kind, ...] = get_args(Kind)
    chosen = next((one for one in kinds if one == kind), None)
    if chosen is None:
        raise CommandError(
            _("Values are taken over {known}, not '{kind}'.", known=", ".join(kinds), kind=kind)
        )
    seconds = seconds_of(length) if length else _window(session).length or DAY
    return _with(session, kind=chosen, length=seconds)


@command("time.rolling", N_("Values over the last hours or days..."), menu=MENU)
def rolling(session: Session, length: str) -> View:
    """Take values over the last hours or days: write 24h, 7d, 30d or another length."""
    return _with(session, kind="rolling", length=seconds_of(length))


@command("time.in", N_("Range begins here"), menu=MENU, keys="I")
def begin(session: Session) -> View:
    """Begin the range with the step that is shown."""
    return _end(session, "begin", session.state.twin.time.seconds(_step(session)))


@command("time.out", N_("Range ends here"), menu=MENU, keys="O")
def end(session: Session) -> View:
    """End the range with the step that is shown, which belongs to it."""
    axis = session.state.twin.time
    return _end(session, "end", axis.seconds(_step(session)) + axis.step)


@command("time.range", N_("Range"))
def range_(session: Session, begin: str, end: str) -> View:
    """Set the range from an instant to another one, which no longer belongs to it."""
    axis = session.state.twin.time
    first, last = (step_of(session.state, text) for text in (begin, end))
    if last <= first:
        raise CommandError(_("The range ends before it begins: {end}.", end=end))
    return _moved(session, axis.seconds(first), axis.seconds(last))


@command("time.range_steps", N_("Range of steps"))
def range_steps(session: Session, first: int, count: int) -> View:
    """Set the range to some steps of the data, the first counted from 0."""
    axis = session.state.twin.time
    first = min(max(first, 0), axis.count - 1)
    last = min(max(first + count, first + 1), axis.count)
    return _moved(session, axis.seconds(first), axis.start + axis.step * last)


@command("time.range_clear", N_("No range"), menu=MENU)
def range_clear(session: Session) -> View:
    """Forget the range: it is all of the data again."""
    kind = _window(session).kind
    return _with(
        session, begin=None, end=None, locked="", kind="instant" if kind == "range" else kind
    )


@command("time.lock", N_("Lock the range"), menu=MENU, icon="fa6s.lock")
def lock(session: Session, end: str) -> View:
    """Lock or unlock an end of the range: begin, end, both or none."""
    if end == "none":
        return _with(session, locked="")
    if end not in {"begin", "end", "both"}:
        raise CommandError(_("Lock the begin, the end, both or none, not '{end}'.", end=end))
    held = {one for one in ("begin", "end") if _window(session).holds(one)}
    held ^= {"begin", "end"} if end == "both" else {end}
    locked: Lock = "both" if len(held) == 2 else "begin" if "begin" in held else ""
    return _with(session, locked="end" if held == {"end"} else locked)


@command("time.days", N_("Days that count"), menu=MENU, icon="fa6s.filter")
def days(session: Session, which: str, season: str = "all") -> View:
    """Keep all days, workdays or weekends, of the whole year or of a season: workdays winter."""
    known: tuple[Days, ...] = get_args(Days)
    chosen = next((one for one in known if one == which), None)
    if chosen is None:
        raise CommandError(
            _("Days that count are {known}, not '{which}'.", known=", ".join(known), which=which)
        )
    if chosen in get_args(Season) and chosen != "all":
        return _with(session, days="all", season=_season(chosen))
    return _with(session, days=chosen, season=_season(season))


@command("time.holidays", N_("Holidays..."), menu=N_("Time"))
def holidays(session: Session, dates: str, *more: str) -> Edited | Project:
    """Name the days that are no workdays where days are told apart, such as 2024-12-25,2024-12-26;
    none forgets them. They replace those that were named before.
    """
    state, said = session.state, " ".join([dates, *more])
    project = state.project
    named = () if said.strip().casefold() == "none" else days_in(said)
    if named == project.holidays:
        return project
    known = no_workdays(project.settings, named)
    return Edited(
        project.model_copy(update={"holidays": named}), replace(state.base, holidays=known)
    )


@command("time.season", N_("Season that counts"), menu=MENU, icon="fa6s.leaf")
def season(session: Session, which: str) -> View:
    """Keep the whole year (all), winter, spring, summer or autumn, of whatever days count."""
    return _with(session, season=_season(which))


def _season(which: str) -> Season:
    known: tuple[Season, ...] = get_args(Season)
    chosen = next((one for one in known if one == which), None)
    if chosen is None:
        raise CommandError(
            _("Seasons are {known}, not '{which}'.", known=", ".join(known), which=which)
        )
    return chosen


def _window(session: Session) -> Window:
    return session.state.view.window


def _step(session: Session) -> int:
    return min(session.state.view.time, session.state.twin.time.count - 1)


def _with(session: Session, **changed: object) -> View:
    if session.state.twin.time.static:
        raise CommandError(_("The data hold one instant, so there is no window of time."))
    window = replace(_window(session), **changed)  # type: ignore[arg-type]
    return replace(session.state.view, window=window)


def _end(session: Session, which: str, seconds: int) -> View:
    """Set one end; an other end that would come to lie on the wrong side is forgotten."""
    held = _window(session)
    if held.holds(which):
        raise CommandError(
            _("This end of the range is locked; unlock it with time.lock {end}.", end=which)
        )
    begin, end = (seconds, held.end) if which == "begin" else (held.begin, seconds)
    if begin is not None and end is not None and begin >= end:
        if held.locked:
            raise CommandError(_("The other end of the range is locked and lies in the way."))
        begin, end = (begin, None) if which == "begin" else (None, end)
    return _with(session, begin=begin, end=end)


def _moved(session: Session, begin: int, end: int) -> View:
    """Set both ends, as far as they are not locked."""
    held = _window(session)
    begin = held.begin if held.holds("begin") and held.begin is not None else begin
    end = held.end if held.holds("end") and held.end is not None else end
    if begin >= end:
        raise CommandError(_("The other end of the range is locked and lies in the way."))
    return _with(session, begin=begin, end=end)
