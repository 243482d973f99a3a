"""Where the power of a selection comes from and what it is used for: the bands of a Sankey."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twinview.energy.shares import Origin, added, origins_of
from twinview.i18n import _
from twinview.model.grouped import Groups
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin
from twinview.progress import Job, Progress, drain
from twinview.scene.grouping import RESIDENTIAL, USES
from twinview.scene.private import groups_for, whole
from twinview.scene.titles import word
from twinview.session.origins import drawn_together, kinds_in
from twinview.session.project import Project

if TYPE_CHECKING:
    from twinview.session.retrace import Retraced

Rows = npt.NDArray[np.int64]
MOST = 6
"""Uses with the most energy, which get bands of their own; the rest are others."""
COUNTED = 24
"""Uses with the most elements, which are asked at all; the rest are others."""
LONGEST = 24 * 7
"""Steps that a question may span: each is traced anew."""


@dataclass(frozen=True)
class Band:
    """Energy from one kind of source to one use.

    Parameters
    ----------
    source, use
        Id of the kind of source (`twinview.energy.shares`), and what a reader sees of the use.
    energy
        kW at an instant, kWh over a span.
    carbon
        kg/h or kg.
    """

    source: str
    use: str
    energy: float
    carbon: float


@dataclass(frozen=True)
class Bands:
    """All bands of a selection.

    Parameters
    ----------
    items
        By source and use.
    span
        Whether they are kWh and kg, and not kW and kg/h.
    count, withheld
        Elements that are in it, and dwellings that are kept back.
    """

    items: tuple[Band, ...]
    span: bool
    count: int
    withheld: int

    @property
    def energy(self) -> float:
        """All of it."""
        return sum(one.energy for one in self.items)

    @property
    def carbon(self) -> float:
        """All of it."""
        return sum(one.carbon for one in self.items)


def bands(
    twin: Twin,
    project: Project,
    layer: Layer,
    rows: Rows,
    steps: Sequence[int],
    span: bool,
    going: Callable[[], bool] = lambda: True,
) -> Bands:
    """Return where the power of some elements of a layer comes from.

    Parameters
    ----------
    twin, project, layer, rows, steps, span
        See `bands_job`.
    going
        Whether anybody still waits for the answer.

    Raises
    ------
    CommandError
        As `bands_job` does, and where nobody waits.
    """

    def look(_step: Progress) -> None:
        if not going():
            raise CommandError(_("Something else was asked meanwhile."))

    return drain(bands_job(twin, project, layer, rows, steps, span), look)


def bands_job(
    twin: Twin,
    project: Project,
    layer: Layer,
    rows: Rows,
    steps: Sequence[int],
    span: bool,
) -> Job[Bands]:
    """Return where the power of some elements of a layer comes from, step by step.

    Parameters
    ----------
    twin, project
        The case that is shown with its results, and its settings.
    layer, rows
        The elements, each once.
    steps
        Of the clock.
    span
        Whether steps are summed to kWh; else there is one, and its rates are returned.

    Raises
    ------
    CommandError
        A step is not computed, there are too many, or such elements draw nothing.
    """
    from twinview.session.retrace import prepared, retrace  # late: it brings the solvers

    if len(steps) > LONGEST:
        raise CommandError(_("Choose a day or a week: sources are traced step by step."))
    groups = groups_for(twin, layer.id, "consumption")
    kept = whole(groups, rows, np.ones(len(rows)))
    inside = rows[kept]
    if not inside.size:
        raise CommandError(_("Withheld: the values of single dwellings are private."))
    yield Progress(0.0)
    uses, ready = _uses(layer, inside, groups), prepared(twin, project)
    found: dict[str, list[tuple[Origin, ...]]] = {use: [] for use in uses}
    for k, step in enumerate(steps):
        yield Progress(k / len(steps), _("Sources of step {k}", k=k + 1))
        for use, parts in _shared(retrace(ready, twin, step), layer, uses):
            found[use].append(parts)
    hours = ready.hours if span else 1.0
    made = _merged({use: added(parts, hours) for use, parts in found.items()})
    return Bands(made, span, int(inside.size), int((~kept).sum()))


def _shared(
    traced: "Retraced", layer: Layer, uses: Mapping[str, Rows]
) -> Iterator[tuple[str, tuple[Origin, ...]]]:
    """Yield each use that draws power in a step, and where that comes from."""
    kinds = kinds_in(traced)
    for use, mine in uses.items():
        drawn = drawn_together(traced, layer.id, mine.tolist())
        if drawn.power.sum() > 0:
            yield use, origins_of(traced.followed, drawn, kinds)


def _merged(made: dict[str, tuple[Origin, ...]]) -> tuple[Band, ...]:
    """Return bands; the uses with the least energy are one."""
    totals = {use: sum(one.power for one in origins) for use, origins in made.items()}
    others = _("Others")
    named = sorted((use for use in totals if use != others), key=lambda use: -totals[use])[:MOST]
    sums: dict[tuple[str, str], list[float]] = {}
    for use, origins in made.items():
        for one in origins:
            total = sums.setdefault((one.kind, use if use in named else others), [0.0, 0.0])
            total[0] += one.power
            total[1] += one.carbon
    return tuple(Band(kind, use, *total) for (kind, use), total in sums.items())


def _uses(layer: Layer, rows: Rows, groups: Groups | None) -> dict[str, Rows]:
    """Return the rows by what they are used for, the most frequent first.

    Single dwellings whose values are private are one use, or a use would tell them apart.
    """
    column = next((one for one in USES if layer.has(one)), "")
    if not column:
        return {_("Selection"): rows}
    said = np.array([_said(one) for one in layer.column(column)[rows]], dtype=object)
    if groups is not None:
        said[groups.inside[rows]] = word("residential")
    names, counts = np.unique(said.astype(str), return_counts=True)
    ranked = [str(one) for one in names[np.argsort(-counts, kind="stable")]]
    found = {name: rows[said == name] for name in ranked[:COUNTED]}
    rest = np.isin(said.astype(str), ranked[COUNTED:])
    return {**found, _("Others"): rows[rest]} if rest.any() else found


def _said(value: object) -> str:
    text = str(value or "").strip()
    if not text:
        return _("Unknown use")
    return word("residential" if text.lower() in RESIDENTIAL else text)
