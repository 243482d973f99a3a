"""Where the power of some users comes from at many steps: kept, so that only new steps cost.

A window that moves by a day asks for that day alone. What is traced is kept in memory for the last
few selections, as kW and kg/h of each user and kind of source at each step.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twinview.energy.arrays import Floats
from twinview.energy.shares import IMPORT, RETURNED, STORAGE, drawn_at, supply_of
from twinview.i18n import _
from twinview.model.lacking import lacking_of
from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT, Twin
from twinview.progress import Job, Progress
from twinview.session.apart import apart
from twinview.session.origins import kinds_in
from twinview.session.project import Project

if TYPE_CHECKING:
    from twinview.session.retrace import Retraced

Rows = npt.NDArray[np.int64]
DAY = 24
"""Hours that are traced together at most: so long is nothing said, and so much is done twice."""
KEPT = 4
"""Selections whose supply is kept."""
POWER, CARBON, LOST = range(3)
"""What stands in the last axis of values: kW that arrives, kg/h, and kW lost on the way."""


@dataclass(frozen=True, eq=False)
class Traced:
    """Supply at some steps of the clock.

    Parameters
    ----------
    kinds
        Ids of the kinds of sources.
    steps
        Those that have a solution.
    values
        Shape [steps, users, kinds, 3].
    without
        Steps that have none.
    """

    kinds: tuple[str, ...]
    steps: tuple[int, ...]
    values: Floats
    without: tuple[int, ...]


@dataclass(eq=False)
class Ledger:
    """What is known of the supply of some users."""

    kinds: tuple[str, ...] = ()
    _values: dict[int, Floats] = field(default_factory=dict)
    _without: set[int] = field(default_factory=set)

    def take(self, parts: Iterable[Traced]) -> None:
        """Keep what was traced."""
        for part in parts:
            self.kinds = part.kinds or self.kinds
            self._values.update(zip(part.steps, part.values, strict=True))
            self._without.update(part.without)

    def missing(self, steps: Iterable[int]) -> list[int]:
        """Return the steps that were not traced yet."""
        return [one for one in steps if one not in self._values and one not in self._without]

    def sums(self, steps: Iterable[int]) -> tuple[Floats | None, int, int]:
        """Return the sums over traced steps, how many have a solution, and how many have none.

        Sums have the shape [users, kinds, 3]; None where no step has a solution.
        """
        asked = list(steps)
        values = [self._values[one] for one in asked if one in self._values]
        total = np.sum(values, axis=0) if values else None
        return total, len(values), len(asked) - len(values)


_ledgers: OrderedDict[str, Ledger] = OrderedDict()


def ledger_of(name: str) -> Ledger:
    """Return what is known under a name, which is kept for the next question.

    Parameters
    ----------
    name
        Tells case, settings and users; empty where they have none, and nothing is kept.
    """
    found = _ledgers.pop(name, None) or Ledger()
    if name:
        _ledgers[name] = found
        while len(_ledgers) > KEPT:
            _ledgers.popitem(last=False)
    return found


def fill(
    ledger: Ledger,
    case: tuple[Twin, Project],
    users: tuple[str, Sequence[Rows]],
    steps: Iterable[int],
    away: bool = False,
) -> Job[None]:
    """Trace the steps that a ledger lacks; what is done stays in it where the job is closed.

    Parameters
    ----------
    ledger
        Of the case and the users.
    case
        The district with its results, and its settings.
    users
        A layer, and the elements of each user.
    steps
        Of the clock.
    away
        Whether another process computes.

    Raises
    ------
    CommandError
        A step is not computed, or such elements draw nothing.
    """
    wanted = ledger.missing(steps)
    if not wanted:
        return
    task = (_needed(case[0]), case[1], *users, wanted)
    with closing(apart(traced, *task) if away else traced(*task)) as job:
        try:
            while True:
                said = next(job)
                ledger.take(said.partial or ())
                yield replace(said, partial=None)
        except StopIteration as end:
            ledger.take(end.value)


def _needed(twin: Twin) -> Twin:
    """Return a twin with those results alone from which steps are computed again."""
    twin = twin.exact
    stores = {one.id for one in twin.of_kind("storage")}
    stores |= {one.id for one in twin.layers.values() if twin.find(one.id, "soc") is not None}
    kept = {
        key: one
        for key, one in twin.series.items()
        if one.meaning.origin != "computed" or key[0] in stores or key[:2] == (DISTRICT, "emission")
    }
    return replace(twin, series=kept)


def traced(
    twin: Twin, project: Project, layer: str, users: Sequence[Rows], steps: Sequence[int]
) -> Job[tuple[Traced, ...]]:
    """Trace some steps, a day at a time.

    Parameters
    ----------
    twin, project
        The case with its results, and its settings.
    layer, users
        A layer, and the elements of each user.
    steps
        Of the clock, in their order.

    Raises
    ------
    CommandError
        A step is not computed, or such elements draw nothing.
    """
    from twinview.energy.compute import run_length  # late: they bring the solvers
    from twinview.session.retrace import prepared, retrace_span

    ready = prepared(twin, project)
    longest = 1
    if ready.grid is not None and ready.time == twin.time and not twin.time.static:
        longest = max(1, min(run_length(ready.grid), round(DAY / ready.hours)))
    known = _with_values(twin, steps)
    lacking = tuple(sorted(set(steps) - set(known)))
    found, done = [Traced((), (), np.zeros(0), lacking)], len(lacking)
    for run in _runs(known, longest):
        found.append(_supply(retrace_span(ready, twin, run), layer, users, run))
        done += len(run)
        told = _("Sources of {day}", day=f"{twin.time.at(run.start):%Y-%m-%d}")
        yield Progress(done / len(steps), told, tuple(found))
    return tuple(found)


def _with_values(twin: Twin, steps: Sequence[int]) -> list[int]:
    """Return the steps that were not left out for want of an input."""
    series = twin.find(DISTRICT, "emission", twin.scenario)
    lacking = lacking_of(series)
    if series is None or lacking is None:
        return list(steps)
    places = {one: series.time.step_at(twin.time, one) for one in steps}
    return [one for one, at in places.items() if at is None or not lacking.steps[at]]


def _runs(steps: Sequence[int], longest: int) -> Iterator[range]:
    """Yield the steps as runs that follow each other without a gap."""
    cuts = np.flatnonzero(np.diff(steps) != 1) + 1
    for part in np.split(np.asarray(steps, dtype=np.int64), cuts):
        for k in range(0, len(part), longest):
            first = int(part[k])
            yield range(first, first + len(part[k : k + longest]))


def _supply(found: "Retraced", layer: str, users: Sequence[Rows], steps: range) -> Traced:
    """Return the supply of users in steps that were computed again."""
    try:
        drawn = [drawn_at(found.district, found.followed, layer, rows) for rows in users]
    except ValueError as error:
        raise CommandError(
            _("Power is drawn by buildings, loads, storage and nodes, not by '{layer}'.",
              layer=layer)
        ) from error  # fmt: skip
    names = kinds_in(found)
    # Loads that give are sources in the steps in which they do: the kinds must not depend on that.
    kinds = sorted({*names, IMPORT, RETURNED, STORAGE})
    numbers = np.searchsorted(kinds, names)
    supply = supply_of(found.followed, np.stack(drawn), numbers, len(kinds))
    values = np.stack([supply.power, supply.carbon, supply.lost], axis=-1)
    solved = np.isfinite(values).all(axis=(1, 2, 3))
    where = np.array(steps)
    return Traced(
        tuple(kinds),
        tuple(where[solved].tolist()),
        values[solved],
        tuple(where[~solved].tolist()),
    )
