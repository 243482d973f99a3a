"""Compute power flow, carbon and storage."""

from typing import TYPE_CHECKING

from twinview.i18n import N_
from twinview.model.twin import Twin
from twinview.progress import Job
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
def instant(session: Session) -> Job[Late]:
    """Compute the instant of the clock alone; what storage holds is assumed for it."""
    from twinview.session.glimpse import glimpse  # with all solvers

    state = session.state
    found = yield from glimpse(state.twin, state.project, state.view.time)
    return Late(found.over)


@command("compute.cluster", N_("Compute on a cluster..."), menu=N_("Compute"), icon="fa6s.server")
def cluster(session: Session, scheduler: str) -> Job[Twin]:
    """Compute as Compute does, with the power flow shared out by a scheduler at an address."""
    return _run(session, scheduler)
