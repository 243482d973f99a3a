"""Compute power flow, carbon and storage."""

from twinview.i18n import N_
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.session.command import command
from twinview.session.store import Late, Session, State


@command("compute.run", N_("Compute"), menu=N_("Compute"), keys="Ctrl+R", icon="fa6s.bolt")
def run(session: Session) -> Job[Twin]:
    """Compute power flow, carbon tracing and storage of the whole span, and keep the results."""
    return _run(session.state)


def _run(state: State, scheduler: str | None = None) -> Job[Twin]:
    # With all solvers: not at the start, and not before the job has its thread.
    from twinview.energy.cluster import Cluster
    from twinview.session.computing import compute

    workers = None if scheduler is None else Cluster(scheduler)
    return (yield from compute(state.twin, state.project, state.path, workers=workers))


@command("compute.instant", N_("Compute this instant"), menu=N_("Compute"), icon="fa6s.eye")
def instant(session: Session) -> Job[Late]:
    """Compute the instant of the clock alone; what storage holds is assumed for it."""
    from twinview.session.glimpse import glimpse  # as above

    state = session.state
    found = yield from glimpse(state.twin, state.project, state.view.time)
    return Late(found.over)


@command("compute.cluster", N_("Compute on a cluster..."), menu=N_("Compute"), icon="fa6s.server")
def cluster(session: Session, scheduler: str) -> Job[Twin]:
    """Compute as Compute does, with the power flow shared out by a scheduler at an address."""
    return _run(session.state, scheduler)
