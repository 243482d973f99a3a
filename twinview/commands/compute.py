"""Compute power flow, carbon and storage."""

from twinview.i18n import N_
from twinview.model.twin import Twin
from twinview.progress import Job
from twinview.session.command import command
from twinview.session.store import Late, Session


@command("compute.run", N_("Compute"), menu=N_("Compute"), keys="Ctrl+R", icon="fa6s.bolt")
def run(session: Session) -> Job[Twin]:
    """Compute power flow, carbon tracing and storage of the whole span, and keep the results."""
    from twinview.session.computing import compute  # with all solvers, so not at the start

    return compute(session.state.twin, session.state.project, session.state.path)


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
    from twinview.energy.cluster import Cluster  # as above
    from twinview.session.computing import compute

    state = session.state
    return compute(state.twin, state.project, state.path, workers=Cluster(scheduler))
