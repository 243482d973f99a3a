"""Where the power of an element comes from, at an instant or over a span, asked when needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from twinview.energy.shares import Origin, added, drawn_by, kinds_of, origins_of
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.progress import Job, Progress
from twinview.session.project import Project
from twinview.session.retrace import Retraced, prepared, retrace


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


def kinds_in(found: Retraced) -> list[str]:
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
        self._twin, self._ready = twin, prepared(twin, project)

    def at(self, layer: str, row: int, step: int) -> Origins:
        """Return the origins of an element's power at a step of the clock, in kW.

        Raises
        ------
        CommandError
            The step is not computed, or the element draws nothing by its nature.
        """
        found = retrace(self._ready, self._twin, step)
        district, followed = found.district, found.followed
        try:
            drawn = drawn_by(district, followed, layer, row)
        except ValueError as error:
            raise CommandError(
                _(
                    "Power is drawn by buildings, loads, stores and nodes, not by '{layer}'.",
                    layer=layer,
                )
            ) from error
        if not drawn.bus.size:
            raise CommandError(_("This element has no connection to the grid."))
        return Origins(origins_of(followed, drawn, kinds_in(found)), float(drawn.power.sum()))

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


def words(items: Sequence[Origin]) -> list[str]:
    """Return what a reader sees for each kind of source."""
    known = {
        "import": _("Grid import"),
        "storage": _("Stores"),
        "generation": _("Own generation"),
        "returned": _("Loads that feed in"),
        "chp": _("Combined heat and power"),
    }
    return [known.get(one.kind) or _(one.kind.replace("_", " ")) for one in items]
