"""What panels say while the numbers that they wait for are computed."""

from twinview.gui.jobs import Jobs
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


def computing_text(jobs: Jobs | None) -> str:
    """Return in words how far the computation is; empty where none is under way."""
    if jobs is None:
        return ""
    found = [one for one in jobs.running.values() if one.command.name in COMPUTE]
    if not found:
        return ""
    share = fixed(found[-1].progress.fraction * 100, 0) + SPACE + "%"
    return _("Computing, {share}…", share=share)
