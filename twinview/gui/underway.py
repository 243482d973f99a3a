"""What panels say while the numbers that they wait for are computed."""

from twinview.gui.jobs import Jobs, Ticket
from twinview.i18n import _
from twinview.scene.numbers import SPACE, fixed

COMPUTE = ("compute.run", "compute.cluster", "factors.effect")
"""Commands whose jobs make results."""


def computing(jobs: Jobs | None) -> bool:
    """Tell whether results are being made.

    Parameters
    ----------
    jobs
        Those of the window; None where a panel stands alone.
    """
    return jobs is not None and any(jobs.is_running(name) for name in COMPUTE)


def underway(jobs: Jobs | None) -> Ticket | None:
    """Return the newest computation that is under way; None where there is none."""
    running = [] if jobs is None else list(jobs.running.values())
    return next((one for one in reversed(running) if one.command.name in COMPUTE), None)


def computing_text(jobs: Jobs | None) -> str:
    """Return in words how far the computation is; empty where none is under way."""
    share = share_text(jobs)
    return _("Computing, {share}…", share=share) if share else ""


def share_text(jobs: Jobs | None) -> str:
    """Return in percent how far the computation is; empty where none is under way."""
    found = underway(jobs)
    return "" if found is None else fixed(found.progress.fraction * 100, 0) + SPACE + "%"
