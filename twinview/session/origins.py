"""Where the power of an element comes from, at an instant or over a span, asked when needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twinview.energy.shares import Drawn, Origin, added, drawn_by, kinds_of, origins_of
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job, Progress
from twinview.scene.private import groups_for
from twinview.scene.titles import word
from twinview.session.project import Project

if TYPE_CHECKING:
    from twinview.session.retrace import Retraced


@dataclass(frozen=True)
class Origins:
    """Sources of an element's power.

    Parameters
    ----------
    items
        The largest first; kW and kg/h at an instant, kWh and kg over a span.
    total
        What the element draws; 0 where it is idle, and `items` are then parts of 1.
    """

    items: tuple[Origin, ...]
    total: float

    @property
    def shares(self) -> tuple[float, ...]:
        """Part of each item in the whole, 0 to 1."""
        whole = sum(one.power for one in self.items)
        return tuple(one.power / whole for one in self.items) if whole > 0 else ()


def kinds_in(found: "Retraced") -> list[str]:
    """Return the kind of every source of a step; generators that are machines are called theirs."""
    kinds = kinds_of(found.district, found.followed.traced.case.gen_bus.size)
    first = len(found.district.sources)
    for k in range(len(found.district.gens)):
        machine = found.machine("sym_gen", k)
        kinds[first + k] = kinds[first + k] if machine is None else machine.kind
    return kinds


class Tracer:
    """Asks a computed district where power comes from; what is common is made once.

    Parameters
    ----------
    twin, project
        The case that is shown with its results, and its settings.
    """

    def __init__(self, twin: Twin, project: Project) -> None:
        from twinview.session.retrace import prepared  # late: it brings the solvers

        self._twin, self._ready = twin, prepared(twin, project)

    def at(self, layer: str, row: int, step: int) -> Origins:
        """Return the origins of an element's power at a step of the clock, in kW.

        Raises
        ------
        CommandError
            The step is not computed, or the element draws nothing by its nature.
        """
        from twinview.session.retrace import retrace

        rows = self._shown_together(layer, row)
        found = retrace(self._ready, self._twin, step)
        drawn = drawn_together(found, layer, rows)
        if not drawn.bus.size:
            raise CommandError(_("This element has no connection to the grid."))
        items = origins_of(found.followed, drawn, kinds_in(found))
        if len(rows) > 1:
            items = tuple(
                replace(one, power=one.power / len(rows), carbon=one.carbon / len(rows))
                for one in items
            )
        return Origins(items, float(drawn.power.sum()) / len(rows))

    def _shown_together(self, layer: str, row: int) -> list[int]:
        """Return the elements whose mean is told: a dwelling is told with its group alone."""
        groups = groups_for(self._twin, layer, "consumption")
        kind = self._twin.layers[layer].kind if layer in self._twin.layers else ""
        if self._twin.groups and kind == "node":
            raise CommandError(_("Withheld: it would tell what single dwellings use."))
        if groups is None or groups.of[row] < 0:
            return [row]
        rows = groups.members(row)
        if groups.held[rows].sum() < groups.least:
            raise CommandError(_("Withheld: the values of single dwellings are private."))
        return [int(one) for one in rows]

    def over(self, layer: str, row: int, steps: range) -> Job[Origins]:
        """Return the origins over steps of the clock, in kWh; steps without use add nothing."""
        found: list[tuple[Origin, ...]] = []
        total, hours = 0.0, self._ready.hours
        for k, step in enumerate(steps, 1):
            one = self.at(layer, row, step)
            if one.total > 0:
                found.append(one.items)
                total += one.total * hours
            yield Progress(k / len(steps), _("Sources of step {k}", k=k))
        return Origins(added(found, hours), total)


def drawn_together(traced: "Retraced", layer: str, rows: Iterable[int]) -> Drawn:
    """Return what elements draw together, each bus once.

    Parameters
    ----------
    traced
        The step.
    layer, rows
        The elements.

    Raises
    ------
    CommandError
        Such elements draw nothing by their nature.
    """
    buses, power = [], []
    for row in rows:
        try:
            one = drawn_by(traced.district, traced.followed, layer, row)
        except ValueError as error:
            raise CommandError(
                _(
                    "Power is drawn by buildings, loads, storage and nodes, not by '{layer}'.",
                    layer=layer,
                )
            ) from error
        buses.append(one.bus)
        power.append(one.power)
    all_, place = np.unique(np.concatenate(buses), return_inverse=True)
    sums = np.bincount(place, np.concatenate(power), minlength=all_.size)
    return Drawn(all_, sums.astype(np.float64))


def words(items: Sequence[Origin]) -> list[str]:
    """Return what a reader sees for each kind of source."""
    known = {
        "import": _("Grid import"),
        "storage": _("Storage"),
        "generation": _("Own generation"),
        "returned": _("Loads that feed in"),
        "chp": _("Combined heat and power"),
    }
    return [known.get(one.kind) or _headed(word(one.kind)) for one in items]


def _headed(said: str) -> str:
    """Return a word of the data as it stands at the beginning of a line."""
    return said[:1].upper() + said[1:]
