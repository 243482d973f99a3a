"""Compute power flow, carbon and storage."""

from typing import TYPE_CHECKING

from twinview.i18n import N_
from twinview.model.ahead import Ahead
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import Job, changed
from twinview.session.command import command
from twinview.session.computing import compute
from twinview.session.store import Late, Session

if TYPE_CHECKING:
    from twinview.energy.cluster import Cluster


@command("compute.run", N_("Compute"), menu=N_("Compute"), keys="Ctrl+R", icon="fa6s.bolt")
def run(session: Session) -> Job[Twin]:
    """Compute power flow, carbon tracing and storage of the whole span, and keep the results."""
    return _run(session)


def _run(session: Session, scheduler: str | None = None) -> Job[Twin]:
    state = session.state
    workers = None if scheduler is None else _cluster(scheduler)
    case = (state.twin, state.project, state.path)
    return (yield from compute(*case, workers=workers, away=session.seen))


def _cluster(scheduler: str) -> "Cluster":
    from twinview.energy.cluster import Cluster  # with all solvers: not at the start

    return Cluster(scheduler)


@command("compute.instant", N_("Compute this instant"), menu=N_("Compute"), icon="fa6s.eye")
def instant(session: Session, day: bool = False) -> Job[Late]:
    """Compute the instant of the clock alone, or the day around it, the nearest steps first; what
    storage holds is assumed for it.
    """
    from twinview.session.glimpse import glimpse  # with all solvers

    state, now = session.state, session.state.view.time
    axis, steps = state.twin.time, [now]
    if day and not axis.static:
        steps = sorted(axis.day_of(now), key=lambda one: abs(one - now))

    def reached(step: int) -> bool:
        known = session.state.twin.find(DISTRICT, "emission")
        known = known.under if isinstance(known, Ahead) else known
        return known is not None and known.time == axis and known.ready(step)

    looking = glimpse(state.twin, state.project, steps, reached)
    found = yield from changed(looking, lambda one: Late(one.over))
    return Late(found.over)


@command("compute.cluster", N_("Compute on a cluster..."), menu=N_("Compute"), icon="fa6s.server")
def cluster(session: Session, scheduler: str) -> Job[Twin]:
    """Compute as Compute does, with the power flow shared out by a scheduler at an address."""
    return _run(session, scheduler)
