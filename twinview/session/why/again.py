"""One step computed again, with all that the kept results leave out: both ends, shares, contents.

What it finds is shown only where it agrees with the number on screen; otherwise the explainers say
less, never something else.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from twinview.energy.arrays import Floats, Ints
from twinview.energy.compute import Followed
from twinview.energy.district import District
from twinview.energy.grid import BRANCHES
from twinview.i18n import _
from twinview.model.problem import CommandError, Problem
from twinview.session.retrace import Retraced, held_before, prepared, retrace
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Key

CLOSE, TRACE = 2e-4, 1e-3
"""Relative and absolute difference (kW, g/kWh, %) up to which two results are the same: kept ones
are single precision, and a trace of import decides over the smallest intensities."""


class Inflow(NamedTuple):
    """What one branch brings to a bus: its number, the bus it comes from, kW sent and received."""

    branch: int
    bus: int
    sent: float
    received: float


class Before(NamedTuple):
    """Energy in stores before a step, kWh; None at the start of the data, or where it is lost."""

    energy: Floats | None
    start: bool


@dataclass(frozen=True, eq=False)
class Again:
    """A step with everything in it, and the names of what takes part.

    Parameters
    ----------
    asked
        The question.
    retraced
        The step.
    """

    asked: Asked
    retraced: Retraced

    @property
    def district(self) -> District:
        """The electrical network; its last loads and generators are machines."""
        return self.retraced.district

    @property
    def followed(self) -> Followed:
        """Flows and carbon of the step; all arrays have one row."""
        return self.retraced.followed

    @property
    def gross(self) -> bool:
        """Whether consumers bear the losses."""
        return self.retraced.ready.choices.grid.losses == "gross"

    @property
    def said(self) -> tuple[Problem, ...]:
        """What was assumed for want of data."""
        return self.retraced.ready.problems

    def node(self, row: int) -> str:
        """Return the name of a node."""
        layer = self.district.network.tables["node"]
        if layer not in self.asked.twin.layers:
            return _("the one node that stands for a grid")
        return self.asked.name(layer, row)

    def node_key(self, quantity: str, row: int) -> Key | None:
        """Return the key of a number of a node; None where the node stands for a grid."""
        layer = self.district.network.tables["node"]
        return self.asked.key(quantity, layer, row) if layer in self.asked.twin.layers else None

    def device(self, component: str, row: int) -> tuple[str, Key | None]:
        """Return name and key of a device, or of what stands behind it.

        Parameters
        ----------
        component
            ``source``, ``sym_gen``, ``sym_load`` or ``storage``.
        row
            Among the devices of the network.
        """
        twin, machine = self.asked.twin, self.retraced.machine(component, row)
        if machine is not None:
            layer = next(one for one in twin.of_kind("converter") if machine.id in one.row_of)
            return self.asked.name(layer.id, machine.row), self.asked.key("power", layer.id,
                                                                          machine.row)  # fmt: skip
        quantity = {"source": "carbon_intensity", "storage": "carbon_intensity"}.get(
            component, "power"
        )
        name = self.district.network.tables[component]
        if name in twin.layers:
            return self.asked.name(name, row), self.asked.key(quantity, name, row)
        if component == "source":
            return _("import"), None
        return self._made_for(component, row)

    def _made_for(self, component: str, row: int) -> tuple[str, Key | None]:
        """Return the building that a device was made for, where there is no grid."""
        devices = self.district.gens if component == "sym_gen" else self.district.loads
        building = self.district.building
        assert building is not None
        place = int(self.district.building_row[devices.site[row]])
        quantity = "generation" if component == "sym_gen" else "consumption"
        return self.asked.name(building.id, place), self.asked.key(quantity, building.id, place)

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
    try:
        ready = prepared(asked.twin, asked.state.project)
        return Again(asked, retrace(ready, asked.twin, asked.step))
    except CommandError:  # not computed, or other data than the results were made of
        return None


def same(one: float, other: float) -> bool:
    """Tell whether two numbers are the same but for the precision of kept results."""
    return bool(np.isclose(one, other, rtol=CLOSE, atol=TRACE, equal_nan=True))


def before(asked: Asked, layer: str) -> Before:
    """Return what the stores of a layer held before the step, as far as it is known."""
    try:
        held = held_before(asked.twin, layer, asked.step)
    except CommandError:
        return Before(None, start=False)
    return Before(None if held is None else held[0], start=held is None)
