"""A look at steps that no computation has reached yet: the instant, and the day around it."""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from twinview.energy.instant import Instant, instant, instant_of_all
from twinview.i18n import N_, _
from twinview.model.ahead import Ahead
from twinview.model.problem import CommandError
from twinview.model.series import Floats, Series
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import Job, Progress
from twinview.session import cache
from twinview.session.making import district_fields
from twinview.session.project import Project
from twinview.session.results import inputs, meaning
from twinview.session.retrace import prepared
from twinview.session.tasks import Prepared

Key = tuple[str, str]

ASSUMED = N_(
    "provisional: what the storage holds is assumed until the computation reaches this step"
)
INDEPENDENT = frozenset({(DISTRICT, "load"), (DISTRICT, "generation")})
"""What does not depend on the stores, where no machine runs for what they hold."""


SLOW = 0.5
"""Seconds that a step may take for others to be looked at as well."""
MOST = 96
"""Steps that are looked at together."""
ROOM = 1 << 28
"""Bytes that they may take."""


@dataclass(frozen=True, eq=False)
class Look:
    """Results of one step.

    Parameters
    ----------
    rows
        Values by layer and quantity.
    converged, assumed
        Whether it has a solution, and whether it rests on an assumed content of the stores.
    certain
        What does not.
    """

    rows: Mapping[Key, Floats]
    converged: bool
    assumed: bool
    certain: frozenset[Key]


@dataclass(frozen=True, eq=False)
class Glimpse:
    """Results of some steps, to be laid over a twin.

    Parameters
    ----------
    case
        Of the twin that they belong to (`case_of`).
    axis
        Steps of its computation.
    looks
        By step.
    """

    case: tuple[str, str]
    axis: TimeAxis
    looks: Mapping[int, Look]

    def over(self, twin: Twin) -> Twin:
        """Return the twin with the steps; without those that it has by now, or another twin has.

        Parameters
        ----------
        twin
            What is open when the answer comes.
        """
        if case_of(twin) != self.case or not self.looks:
            return twin
        keys = [
            key
            for key in next(iter(self.looks.values())).rows
            if key[0] in {*twin.layers, DISTRICT}
        ]  # others are made for the computation alone
        under = {key: self._under(twin, key) for key in keys}
        known = [one for one in under.values() if one is not None]
        new = {step: look for step, look in self.looks.items()
               if not any(one.ready(step) for one in known)}  # fmt: skip
        if not new:
            return twin
        return twin.with_series(*(self._ahead(twin, key, new, under[key]) for key in keys))

    def _under(self, twin: Twin, key: Key) -> Series | None:
        found = twin.find(*key)
        found = found.under if isinstance(found, Ahead) else found
        return found if found is not None and found.time == self.axis else None

    def _ahead(
        self, twin: Twin, key: Key, looks: Mapping[int, Look], under: Series | None
    ) -> Ahead:
        doubtful = frozenset(
            step for step, one in looks.items() if one.assumed and key not in one.certain
        )
        said = meaning(key, twin.scenario)
        if doubtful:
            said = replace(said, source=ASSUMED)
        rows = {step: one.rows[key] for step, one in looks.items()}
        unsolved = frozenset(step for step, one in looks.items() if not one.converged)
        return Ahead(said, self.axis, rows, under, unsolved, doubtful)


def case_of(twin: Twin) -> tuple[str, str]:
    """Return what tells a twin from others: its data, and what a scenario changes in them."""
    return twin.digest, twin.changes


@dataclass(eq=False)
class _Held:
    """What was looked at of a case, for the next question about it."""

    looks: dict[int, Look]
    slow: bool = False


_held: OrderedDict[str, _Held] = OrderedDict()


def _kept(twin: Twin, project: Project) -> _Held:
    """Return what is known of a case; of others nothing is kept."""
    if not twin.digest:
        return _Held({})
    name = cache.key(twin.digest, twin.changes, *inputs(project))
    found = _held.get(name) or _Held({})
    _held.clear()
    _held[name] = found
    return found


def glimpse(
    twin: Twin,
    project: Project,
    steps: Sequence[int],
    reached: Callable[[int], bool] = lambda _step: False,
) -> Job[Glimpse]:
    """Compute some steps, each by itself; quick once the grid is prepared.

    Progress carries those that are done. Where a step takes long, others are left out.

    Parameters
    ----------
    twin, project
        The district and its settings.
    steps
        Of the clock, in the order in which they are wanted.
    reached
        Whether the computation of all has got to a step meanwhile.

    Raises
    ------
    CommandError
        There is no grid, or it cannot be computed; the sentence says why.
    """
    yield Progress(0.0, _("This instant"))
    held, case = _kept(twin, project), case_of(twin)
    found = dict(held.looks)
    try:
        ready = prepared(twin, project)
        steps = [0] if ready.time.static else steps[:MOST]
        found = {step: held.looks[step] for step in steps if step in held.looks}
        for k, step in enumerate(steps):
            if step not in found and not reached(step) and (k == 0 or not held.slow):
                began = monotonic()
                found[step] = _look(ready, step)
                held.slow = monotonic() - began > SLOW
            if _size(found) > ROOM:
                break
            now = Glimpse(case, ready.time, dict(found))
            yield Progress((k + 1) / len(steps), _("This instant"), now)
    except ValueError as error:
        raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error
    finally:
        held.looks = found
    return Glimpse(case, ready.time, found)


def _size(looks: Mapping[int, Look]) -> int:
    """Return how many bytes looks take, and one more would."""
    first = next(iter(looks.values()), None)
    each = 0 if first is None else sum(row.nbytes for row in first.rows.values())
    return each * (len(looks) + 1)


def _look(ready: Prepared, step: int) -> Look:
    """Compute a step, and keep what is to be shown of it."""
    found, grid = _at(ready, step), ready.grid
    capacity = np.zeros(0) if grid is None else np.where(grid.fixed, grid.store_table.energy, 0.0)
    run = found.run
    fields = {**run.fields, **district_fields(run, ready.time, capacity)}
    rows = {key: np.asarray(values[0], dtype=np.float32) for key, values in fields.items()}
    certain = INDEPENDENT if run.beside is None else frozenset()
    return Look(rows, bool(run.converged[0]), found.assumed, certain)


def _at(ready: Prepared, step: int) -> Instant:
    """Compute a step of whatever networks there are."""
    if ready.carriers is not None:
        return instant_of_all(ready.carriers, step, ready.choices)
    assert ready.grid is not None
    return instant(ready.grid, step, ready.choices.grid)
