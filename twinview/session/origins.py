"""Where the power of an element comes from, at an instant or over a span, asked when needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.compute import Assumptions, Followed, follow_step
from twinview.energy.district import District, make_district
from twinview.energy.shares import Origin, added, drawn_by, origins_of
from twinview.energy.steering import Storing, start_energy
from twinview.energy.storage import loss_per_step
from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.series import Series
from twinview.model.twin import Twin
from twinview.progress import Job, Progress
from twinview.session.assumptions import assume
from twinview.session.project import Project
from twinview.session.tasks import electrical


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


class Tracer:
    """Asks a computed district where power comes from; what is common is made once.

    Parameters
    ----------
    twin, project
        The district with its results, and its settings.
    scenario
        Whose results are asked; empty for those of the case that the twin shows.
    """

    def __init__(self, twin: Twin, project: Project, scenario: str = "") -> None:
        self._twin, self._scenario = twin, scenario
        self.district = district_of(twin)
        self._assumptions: Assumptions = assume(twin, project, self.district)[0]

    def at(self, layer: str, row: int, step: int) -> Origins:
        """Return the origins of an element's power at a step of the clock, in kW.

        Raises
        ------
        CommandError
            The step is not computed, or the element draws nothing by its nature.
        """
        followed = self._followed(step)
        try:
            drawn = drawn_by(self.district, followed, layer, row)
        except ValueError as error:
            raise CommandError(
                _(
                    "Power is drawn by buildings, loads, stores and nodes, not by '{layer}'.",
                    layer=layer,
                )
            ) from error
        if not drawn.bus.size:
            raise CommandError(_("This element has no connection to the grid."))
        return Origins(origins_of(self.district, followed, drawn), float(drawn.power.sum()))

    def over(self, layer: str, row: int, steps: range) -> Job[Origins]:
        """Return the origins over steps of the clock, in kWh; steps without use add nothing."""
        found: list[tuple[Origin, ...]] = []
        total = 0.0
        for k, step in enumerate(steps, 1):
            one = self.at(layer, row, step)
            if one.total > 0:
                found.append(one.items)
                total += one.total * self.district.hours
            yield Progress(k / len(steps), _("Sources of step {k}", k=k))
        return Origins(added(found, self.district.hours), total)

    def _followed(self, step: int) -> Followed:
        i = self.district.time.step_at(self._twin.time, step)
        if i is None:
            raise CommandError(_("The grid has no values at this instant."))
        storing, carbon = self._storing(step)
        try:
            return follow_step(self.district, i, storing, self._assumptions, carbon)
        except ValueError as error:
            raise CommandError(_("The grid cannot be computed: {why}.", why=error)) from error

    def _storing(self, step: int) -> tuple[Storing, Floats]:
        """Return what the stores did in the step, and the carbon in them before it."""
        layer = self.district.stores.layer
        if layer is None:
            return Storing(np.zeros((1, 0)), np.zeros((2, 0))), np.zeros(0)
        power, energy = (self._series(layer.id, name) for name in ("power", "energy"))
        content = self._series(layer.id, "carbon_intensity")
        now = power.time.step_at(self._twin.time, step)
        if now is None or not power.ready(now):
            raise CommandError(_("This instant has not been computed yet."))
        after = energy.at(now).astype(np.float64)
        if now == 0:
            held = start_energy(self.district)
            carbon = held * self._assumptions.store_intensity
        else:
            held = energy.at(now - 1).astype(np.float64)
            carbon = held * np.nan_to_num(content.at(now - 1).astype(np.float64))
        moved = power.at(now).astype(np.float64)
        held = np.maximum(held, self._given(moved))
        return Storing(moved[None, :], np.stack([held, after])), carbon

    def _given(self, moved: Floats) -> Floats:
        """Return what stores must have held to give what they gave: kept results are rounded."""
        table, hours = self.district.store_table, self.district.hours
        kept = 1.0 - loss_per_step(table.standing_loss, hours)
        given = np.maximum(-moved, 0.0) * hours / table.eta_discharge
        return np.divide(given, kept, out=np.zeros_like(given), where=kept > 0)

    def _series(self, layer: str, quantity: str) -> Series:
        series = self._twin.find(layer, quantity, self._scenario)
        if series is None or series.meaning.origin != "computed":
            raise CommandError(_("Nothing has been computed yet; choose Compute first."))
        return series


@lru_cache(maxsize=1)
def district_of(twin: Twin) -> District:
    """Return the electrical network of a twin ready to be asked, the last one kept."""
    grid = electrical(twin)
    return make_district(grid.twin, grid.network)


def words(items: Sequence[Origin]) -> list[str]:
    """Return what a reader sees for each kind of source."""
    known = {
        "import": _("Grid import"),
        "storage": _("Stores"),
        "generation": _("Own generation"),
        "returned": _("Loads that feed in"),
    }
    return [known.get(one.kind) or _(one.kind.replace("_", " ")) for one in items]
