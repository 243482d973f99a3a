"""One step computed again, with all that the kept results leave out: both ends, shares, contents.

What it finds is shown only where it agrees with the number on screen; otherwise the explainers say
less, never something else.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.compute import Assumptions, Followed, follow_step
from twinview.energy.district import District
from twinview.energy.grid import BRANCHES
from twinview.energy.steering import Storing, start_energy
from twinview.energy.storage import loss_per_step
from twinview.model.problem import CommandError, Problem
from twinview.model.twin import BASE, Twin
from twinview.session.assumptions import assume
from twinview.session.origins import district_of
from twinview.session.why.asked import Asked

CLOSE, TRACE = 2e-4, 1e-3
"""Relative and absolute difference (kW, g/kWh, %) up to which two results are the same: kept ones
are single precision, and a trace of import decides over the smallest intensities."""


class Inflow(NamedTuple):
    """What one branch brings to a bus: its number, the bus it comes from, kW sent and received."""

    branch: int
    bus: int
    sent: float
    received: float


@dataclass(frozen=True, eq=False)
class Again:
    """A step with everything in it.

    Parameters
    ----------
    district, assumptions, said
        What was computed, by which choices, and what was assumed for want of data.
    followed
        Flows and carbon of the step; all arrays have one row.
    """

    district: District
    assumptions: Assumptions
    said: tuple[Problem, ...]
    followed: Followed

    def intensity(self, bus: int) -> float:
        """Return g/kWh at a bus, NaN where dead."""
        return float(self.followed.traced.intensity[0, bus])

    def inflows(self, bus: int) -> list[Inflow]:
        """Return what the branches bring to a bus, largest first."""
        net = self.followed.netted
        ends = ((net.from_bus, net.to_bus), (net.to_bus, net.from_bus))
        powers = ((net.p_from[0], net.p_to[0]), (net.p_to[0], net.p_from[0]))
        found = []
        for (first, last), (sent, got) in zip(ends, powers, strict=True):
            for k in np.flatnonzero((last == bus) & (sent > 0) & (got < 0)).tolist():
                found.append(Inflow(k, int(first[k]), float(sent[k]), float(-got[k])))
        return sorted(found, key=lambda one: -one.received)

    def branch(self, k: int) -> tuple[str, int] | None:
        """Return layer id and row of a branch; None for the connection of a building."""
        for name in BRANCHES:
            count = self.district.grid.ids(name).size
            if k < count:
                return self.district.network.tables[name], k
            k -= count
        return None

    def branch_number(self, layer_id: str, row: int) -> int | None:
        """Return the number of a line or transformer among the branches."""
        first = 0
        for name in BRANCHES:
            if self.district.network.tables.get(name) == layer_id:
                return first + row
            first += self.district.grid.ids(name).size
        return None

    def sites_of(self, row: int) -> Ints:
        """Return the numbers of the sites (connections) of a building."""
        return np.flatnonzero(self.district.building_row == row)


def again(asked: Asked) -> Again | None:
    """Compute the step of a question again; None where that cannot be done faithfully."""
    if asked.state.view.scenario != BASE or not _computed(asked.twin):
        return None
    try:
        district = district_of(asked.twin)
        if district.network.tables["node"] not in asked.twin.layers:
            return None  # no grid: one node that nobody has seen stands for all
        i = district.time.step_at(asked.twin.time, asked.step)
        if i is None:
            return None
        assumptions, said = assume(asked.twin, asked.state.project, district)
        storing, carbon = _storing(asked, district, assumptions)
        followed = follow_step(district, i, storing, assumptions, carbon)
    except (CommandError, ValueError):  # other data than the results were made of
        return None
    return Again(district, assumptions, tuple(said), followed)


def same(one: float, other: float) -> bool:
    """Tell whether two numbers are the same but for the precision of kept results."""
    return bool(np.isclose(one, other, rtol=CLOSE, atol=TRACE, equal_nan=True))


def _computed(twin: Twin) -> bool:
    return any(one.meaning.origin == "computed" for one in twin.series.values())


def _storing(asked: Asked, district: District, assumptions: Assumptions) -> tuple[Storing, Floats]:
    """Return what the stores did in the step, and the carbon in them before it, as kept."""
    count = len(district.stores)
    if district.stores.layer is None:
        return Storing(np.zeros((1, 0)), np.zeros((2, 0))), np.zeros(0)
    layer = district.stores.layer.id
    power, after = asked.all_of(layer, "power"), asked.all_of(layer, "energy")
    if power is None or after is None:
        raise ValueError("the stores have no results at this step")
    energy, carbon = before(asked, layer)
    if energy is None or carbon is None:
        energy = start_energy(district)
        carbon = energy * assumptions.store_intensity
    # Kept in single precision, a store may seem to give a trace more than it held.
    table = district.store_table
    stays = 1.0 - loss_per_step(table.standing_loss, district.hours)
    power = np.maximum(power, -stays * energy * table.eta_discharge / district.hours)
    return Storing(power.reshape(1, count), np.stack([energy, after])), carbon


def before(asked: Asked, layer: str) -> tuple[Floats | None, Floats | None]:
    """Return energy (kWh) and carbon (g) in the stores before the step; None at the very start."""
    energy = asked.series(layer, "energy")
    content = asked.series(layer, "carbon_intensity")
    i = None if energy is None else energy.time.step_at(asked.twin.time, asked.step)
    if energy is None or content is None or not i:
        return None, None
    held = energy.at(i - 1).astype(np.float64)
    return held, held * np.nan_to_num(content.at(i - 1).astype(np.float64))
