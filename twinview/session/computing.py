"""Computing: results of a span, from the cache or made now, step by step visible."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from twinview.model.twin import Twin
from twinview.model.variant import without_results
from twinview.progress import Job, changed
from twinview.session import cache
from twinview.session.apart import apart
from twinview.session.cases import relatives
from twinview.session.plate import check_computable
from twinview.session.project import Project
from twinview.session.results import Results, group_of, load, mapped, place_of, share

if TYPE_CHECKING:
    from twinview.energy.ahead import Workers

KEPT = 3
"""How many computations of a case stay in the cache: so many undos cost nothing."""


def compute(
    twin: Twin,
    project: Project,
    path: Path | None,
    window: range | None = None,
    workers: "Workers | None" = None,
    away: bool = False,
) -> Job[Twin]:
    """Compute a span and return the twin with the results; see `results_of`."""
    results = yield from results_of(twin, project, path, window, workers, away)
    return results.twin


def results_of(
    twin: Twin,
    project: Project,
    path: Path | None,
    window: range | None = None,
    workers: "Workers | None" = None,
    away: bool = False,
) -> Job[Results]:
    """Return the results of a span, from the cache or computed now.

    Progress carries the twin with the steps that are done; the one that is returned is whole and
    mapped from the cache.

    Parameters
    ----------
    twin, project, path
        The district, its settings, and the project's file.
    window
        Steps of the clock; None for all.
    workers
        Who solves the power flow; threads of this process by default. The numbers are the same.
    away
        Whether another process computes: for a window, which would wait for this one's turns.

    Raises
    ------
    CommandError
        When there is no network, or it cannot be computed; the sentence says why.
    """
    twin = twin.exact
    check_computable(twin)
    known = load(twin, project, path, window or range(twin.time.count))
    if known is not None:
        return known
    steps = range(twin.time.count) if window is None else window
    place = place_of(twin, project, path) / f"{steps.start}-{len(steps)}"
    near = [place_of(one, project, path) / place.name for one in relatives(twin, project)]
    working = cache.fresh(place)
    try:
        # What another process shows is mapped from where it lies: it gets its name here, last.
        task = (without_results(twin), project, steps, working, near, workers)
        job = apart(_made, *task) if away else _made(*task)
        yield from changed(job, lambda series: twin.with_series(*series))
        cache.publish(working, place)
    finally:
        cache.discard(working)
    _prune(place.parent.parent, project)
    return mapped(twin, place)


def _made(
    twin: Twin,
    project: Project,
    steps: range,
    working: Path,
    near: Sequence[Path],
    workers: "Workers | None",
) -> Job[None]:
    """Compute a span into a folder; files that are those of a case nearby are shared with it."""
    from twinview.session.making import make  # with all solvers: where it is computed, not before

    yield from make(twin, project, steps, working, workers)
    share(working, near)


def _prune(results: Path, project: Project) -> None:
    """Leave the newest results of each case; scenarios that are gone count as one."""
    known = {"", *(group_of(one.id) for one in project.scenarios)}
    width = len(cache.key())
    cache.prune(results, KEPT, lambda name: name[:-width] if name[:-width] in known else None)
