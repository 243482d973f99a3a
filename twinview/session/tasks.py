"""What there is to compute in a district: the electrical grid, other carriers, or both."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from twinview.energy.ahead import Workers
from twinview.energy.arrays import Floats
from twinview.energy.carrier_fields import compute_carriers
from twinview.energy.carriers import Carriers, Choices, make_carriers
from twinview.energy.components import problems_of
from twinview.energy.compute import Run, paced
from twinview.energy.district import District, make_district
from twinview.energy.packing import Packing, packing_of
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Twin, has_pipes
from twinview.session.assumptions import assume
from twinview.session.carrier_choices import choices_of, without_grid
from twinview.session.clocked import clocked
from twinview.session.plate import Plate, electrical
from twinview.session.project import Project


@dataclass(frozen=True, eq=False)
class Task:
    """A computation ready to run.

    Parameters
    ----------
    time
        Its axis.
    grid, nodes
        The electrical network and its nodes; None where there are only others.
    runs
        Computes a span of steps, run after run; None where one has to be waited for.
    problems
        What is wrong with the networks, and what is assumed.
    piped
        Whether there are networks of pipes, whose users have intensities of several carriers.
    """

    time: TimeAxis
    grid: District | None
    nodes: Layer | None
    runs: Callable[[range], Iterator[Run | None]]
    problems: tuple[Problem, ...]
    piped: bool = False

    @property
    def capacity(self) -> Floats:
        """Capacity of each electrical store, kWh; 0 for chargers. [s]."""
        if self.grid is None:
            return np.zeros(0)
        return np.where(self.grid.fixed, self.grid.store_table.energy, 0.0)

    @property
    def stands_for(self) -> str:
        """Id of the buildings that devices made for the computation alone stand for."""
        building = None if self.grid is None else self.grid.building
        return "" if building is None else building.id

    def packing(self, steps: int) -> Packing | None:
        """Return how the intensities of users are packed, if they are.

        Parameters
        ----------
        steps
            How many are computed.
        """
        return None if self.grid is None or self.piped else packing_of(self.grid, steps)


def _grid_of(twin: Twin) -> Plate | None:
    """Return the grid to compute; None where only other carriers are there."""
    try:
        return electrical(twin)
    except CommandError:
        if has_pipes(twin):
            return None
        raise


def make_task(twin: Twin, project: Project, workers: Workers | None = None) -> Task:
    """Prepare the computation of a district.

    Parameters
    ----------
    twin, project
        The district and its settings.
    workers
        Who solves the power flow; threads of this process by default.

    Raises
    ------
    CommandError
        When a network cannot be computed; the sentence says why.
    """
    ready = prepare(twin, project)
    plate = ready.plate
    nodes = None if plate is None else plate.twin.layers[plate.network.tables["node"]]
    piped = ready.carriers is not None
    return Task(ready.time, ready.grid, nodes, _runs(ready, workers), ready.problems, piped)


@dataclass(frozen=True, eq=False)
class Prepared:
    """Networks and choices, before any step.

    Parameters
    ----------
    plate, grid
        The electrical network and its arrays, without machines; None where there is none.
    carriers
        All networks together; None where there is electricity alone.
    choices
        Choices for all of them.
    problems
        What is wrong with the networks, and what is assumed.
    """

    plate: Plate | None
    grid: District | None
    carriers: Carriers | None
    choices: Choices
    problems: tuple[Problem, ...]

    @property
    def time(self) -> TimeAxis:
        """Axis of the computation."""
        if self.carriers is not None:
            return self.carriers.time
        assert self.grid is not None
        return self.grid.time

    @property
    def hours(self) -> float:
        """Length of a step; 1 where one instant stands for all time."""
        return 1.0 if self.time.static else self.time.step / 3600


def prepare(twin: Twin, project: Project) -> Prepared:
    """Gather networks and choices of a district.

    Parameters
    ----------
    twin, project
        The district and its settings.

    Raises
    ------
    CommandError
        When a network cannot be computed; the sentence says why.
    """
    twin, problems = clocked(twin)
    plate = _grid_of(twin)
    grid = None if plate is None else _checked(plate)
    problems += [] if plate is None or grid is None else _known_of(plate, grid)
    chosen, assumed = (without_grid(project), []) if grid is None else assume(twin, project, grid)
    problems += assumed
    if grid is not None and not has_pipes(twin):
        return Prepared(plate, grid, None, Choices(chosen), tuple(problems))
    try:
        carriers = (
            make_carriers(twin, None) if plate is None else make_carriers(plate.twin, plate.network)
        )
    except ValueError as error:
        raise CommandError(_("The networks cannot be computed: {why}.", why=error)) from error
    choices, said = choices_of(carriers, project, chosen)
    return Prepared(plate, grid, carriers, choices, (*problems, *carriers.problems, *said))


def _known_of(plate: Plate, grid: District) -> list[Problem]:
    """Return what is wrong with a grid, and what was made up in the place of one."""
    return [*problems_of(plate.twin, plate.network, grid.grid), *plate.problems]


def _runs(ready: Prepared, workers: Workers | None) -> Callable[[range], Iterator[Run | None]]:
    if ready.carriers is not None:
        return partial(compute_carriers, ready.carriers, choices=ready.choices, workers=workers)
    assert ready.grid is not None
    return partial(paced, ready.grid, assumptions=ready.choices.grid, workers=workers)


def _checked(plate: Plate) -> District:
    try:
        district = make_district(plate.twin, plate.network)
    except ValueError as error:
        raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error
    found = problems_of(plate.twin, plate.network, district.grid)
    fatal = [p.message for p in found if p.severity == "error"]
    if fatal:
        raise CommandError(_("The grid cannot be computed: {why}.", why="; ".join(fatal)))
    return district
