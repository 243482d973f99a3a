"""Where the power of a selection comes from and what it is used for: the bands of a Sankey."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from twinview.i18n import _, language
from twinview.model.grouped import Groups
from twinview.model.problem import CommandError
from twinview.model.twin import Layer, Twin
from twinview.progress import Job
from twinview.scene.grouping import RESIDENTIAL, USES
from twinview.scene.numbers import number
from twinview.scene.private import groups_for, whole
from twinview.scene.titles import word
from twinview.scene.view import View
from twinview.session import cache
from twinview.session.project import Project
from twinview.session.results import inputs
from twinview.session.supply import CARBON, LOST, POWER, Ledger, fill, ledger_of

Rows = npt.NDArray[np.int64]
How = Literal["rate", "mean", "sum"]
"""What becomes of the values of steps: ``rate`` for one step alone, kW and kg/h; ``mean`` for a
typical day, the same units; ``sum``: kWh and kg."""
MOST = 6
"""Uses with the most energy, which get bands of their own; the rest are others."""
COUNTED = 24
"""Uses with the most elements, which are asked at all; the rest are others."""
SOON = 48
"""Steps that are traced at once, without a word; more are a job."""
NOTHING = 1e-9
"""Share of all energy below which a band is rounding."""


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
    without
        Steps that enter nothing, because they have no solution.
    """

    items: tuple[Band, ...]
    span: bool
    count: int
    withheld: int
    without: int = 0

    @property
    def energy(self) -> float:
        """All of it."""
        return sum(one.energy for one in self.items)

    @property
    def carbon(self) -> float:
        """All of it."""
        return sum(one.carbon for one in self.items)


@dataclass(frozen=True, eq=False)
class Users:
    """Elements of a layer that are asked about together.

    Parameters
    ----------
    twin, project
        The case that is shown with its results, and its settings.
    layer
        Their id.
    uses
        The elements by what they are used for.
    count, withheld
        How many they are, and how many dwellings are kept back.
    ledger
        What was traced of them.
    """

    twin: Twin
    project: Project
    layer: str
    uses: dict[str, Rows]
    count: int
    withheld: int
    ledger: Ledger

    def missing(self, steps: Sequence[int]) -> int:
        """Return how many of some steps must be traced."""
        return len(self.ledger.missing(steps))

    def trace(self, steps: Sequence[int], away: bool = False) -> Job[None]:
        """Trace what is missing of some steps; see `twinview.session.supply.fill`."""
        users = self.layer, tuple(self.uses.values())
        return fill(self.ledger, (self.twin, self.project), users, steps, away)

    def bands(self, steps: Sequence[int], how: How) -> Bands:
        """Return the bands over steps that were traced."""
        sums, solved, without = self.ledger.sums(steps)
        time = self.twin.time
        hours = 1.0 if time.static else time.step / 3600
        factor = hours if how == "sum" else 1 / max(solved, 1)
        made = () if sums is None else _merged(tuple(self.uses), self.ledger.kinds, sums * factor)
        return Bands(made, how == "sum", self.count, self.withheld, without)


def users_of(twin: Twin, project: Project, layer: Layer, rows: Rows) -> Users:
    """Return elements as they are asked about: dwellings in whole groups, by their use.

    Parameters
    ----------
    twin, project
        The case that is shown with its results, and its settings.
    layer, rows
        The elements, each once.

    Raises
    ------
    CommandError
        All of them are kept back.
    """
    groups = groups_for(twin, layer.id, "consumption")
    kept = whole(groups, rows, np.ones(len(rows)))
    inside = rows[kept]
    if not inside.size:
        raise CommandError(_("Withheld: the values of single dwellings are private."))
    uses = _uses(layer, inside, groups)
    chosen = hashlib.sha256(b"|".join(one.tobytes() for one in uses.values())).hexdigest()
    case = twin.digest, twin.changes, twin.scenario, *inputs(project)
    name = cache.key(*case, layer.id, chosen, language()) if twin.digest else ""
    count, withheld = int(inside.size), int((~kept).sum())
    return Users(twin, project, layer.id, uses, count, withheld, ledger_of(name))


def steps_in(twin: Twin, view: View) -> tuple[tuple[int, ...], How]:
    """Return the steps of the window of a view, and what becomes of their values, as on the map.

    Parameters
    ----------
    twin, view
        The district, and what is seen of it.
    """
    window = view.window
    steps = tuple(window.chosen(twin.time, view.time).tolist())
    if window.kind == "instant" or twin.time.static:
        return steps, "rate"
    return steps, "mean" if window.kind == "typical" else "sum"


def remarks_on(found: Bands) -> tuple[str, ...]:
    """Return what must be known of bands: what is withheld, and what entered nothing."""
    remarks = []
    if found.withheld:
        remarks.append(
            _("{count} withheld: single dwellings are private.", count=number(found.withheld))
        )
    if found.without:
        remarks.append(
            _("{count} steps have no solution and enter nothing.", count=number(found.without))
        )
    return tuple(remarks)


def bands(
    users: Users, steps: Sequence[int], how: How, going: Callable[[], bool] = lambda: True
) -> Bands:
    """Return where the power of some elements comes from, traced now where that is missing.

    Parameters
    ----------
    users
        The elements.
    steps
        Of the clock.
    how
        What becomes of their values.
    going
        Whether anybody still waits for the answer.

    Raises
    ------
    CommandError
        A step is not computed, nobody waits, or such elements draw nothing.
    """
    with closing(users.trace(steps)) as job:
        for _said in job:
            if not going():
                raise CommandError(_("Something else was asked meanwhile."))
    return users.bands(steps, how)


def _merged(
    uses: Sequence[str], kinds: Sequence[str], sums: npt.NDArray[np.float64]
) -> tuple[Band, ...]:
    """Return bands; the uses with the least energy are one, and losses on the way are another."""
    others, lost = _("Others"), _("Losses on the way")
    whole = sums[:, :, POWER].sum(axis=1)
    ranked = sorted((k for k, use in enumerate(uses) if use != others), key=lambda k: -whole[k])
    named = set(ranked[:MOST])
    found: dict[tuple[str, str], list[float]] = {}
    for k, use in enumerate(uses):
        title = use if k in named else others
        for kind, values in zip(kinds, sums[k].tolist(), strict=True):
            for name, energy, carbon in (
                (title, values[POWER], values[CARBON]),
                (lost, values[LOST], 0.0),
            ):
                total = found.setdefault((kind, name), [0.0, 0.0])
                total[0] += energy
                total[1] += carbon
    least = NOTHING * float(whole.sum())
    return tuple(Band(*key, *total) for key, total in found.items() if total[0] > least)


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
