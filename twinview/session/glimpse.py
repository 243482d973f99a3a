"""A look at one step that no computation has reached yet."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.energy.instant import Instant, instant, instant_of_all
from twinview.i18n import N_, _
from twinview.model.ahead import Ahead
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import Job, Progress
from twinview.session.making import district_fields
from twinview.session.project import Project
from twinview.session.results import meaning
from twinview.session.retrace import prepared
from twinview.session.tasks import Prepared

ASSUMED = N_(
    "provisional: what the storage holds is assumed until the computation reaches this step"
)
INDEPENDENT = frozenset({(DISTRICT, "load"), (DISTRICT, "generation")})
"""What does not depend on the stores, where no machine runs for what they hold."""


@dataclass(frozen=True, eq=False)
class Glimpse:
    """Results of one step, to be laid over a twin.

    Parameters
    ----------
    case
        Of the twin that they belong to (`case_of`).
    axis
        Steps of its computation.
    step
        The one that was looked at.
    found
        Its results.
    capacity
        Of each electrical store in kWh; 0 for chargers. Shape [s].
    """

    case: tuple[str, str]
    axis: TimeAxis
    step: int
    found: Instant
    capacity: npt.NDArray[np.float64]

    def over(self, twin: Twin) -> Twin:
        """Return the twin with the step, unless it is another twin or has the step by now.

        Parameters
        ----------
        twin
            What is open when the answer comes.
        """
        run = self.found.run
        if case_of(twin) != self.case:
            return twin
        fields = {**run.fields, **district_fields(run, self.axis, self.capacity)}
        made = []
        for key, values in fields.items():
            if key[0] not in {*twin.layers, DISTRICT}:  # made for the computation alone
                continue
            under = twin.find(*key)
            if isinstance(under, Ahead):
                under = under.under
            if under is not None and under.time != self.axis:
                under = None
            if under is not None and under.ready(self.step):
                return twin
            certain = key in INDEPENDENT and run.beside is None
            doubtful = self.found.assumed and not certain
            said = meaning(key, twin.scenario)
            if doubtful:
                said = replace(said, source=ASSUMED)
            row = np.asarray(values[0], dtype=np.float32)
            good = bool(run.converged[0])
            made.append(Ahead(said, self.axis, self.step, row, under, good, doubtful))
        return twin.with_series(*made)


def case_of(twin: Twin) -> tuple[str, str]:
    """Return what tells a twin from others: its data, and what a scenario changes in them."""
    return twin.digest, twin.changes


def glimpse(twin: Twin, project: Project, step: int) -> Job[Glimpse]:
    """Compute one step by itself; quick once the grid is prepared.

    Parameters
    ----------
    twin, project
        The district and its settings.
    step
        Of the clock.

    Raises
    ------
    CommandError
        There is no grid, or it cannot be computed; the sentence says why.
    """
    yield Progress(0.0, _("This instant"))
    try:
        ready = prepared(twin, project)
        at = 0 if ready.time.static else step
        found = _at(ready, at)
    except ValueError as error:
        raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error
    grid = ready.grid
    capacity = np.zeros(0) if grid is None else np.where(grid.fixed, grid.store_table.energy, 0.0)
    return Glimpse(case_of(twin), ready.time, at, found, capacity)


def _at(ready: Prepared, step: int) -> Instant:
    """Compute a step of whatever networks there are."""
    if ready.carriers is not None:
        return instant_of_all(ready.carriers, step, ready.choices)
    assert ready.grid is not None
    return instant(ready.grid, step, ready.choices.grid)
