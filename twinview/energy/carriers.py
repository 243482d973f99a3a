"""All carriers of a district together: the networks, what links them, and the choices.

Power first: the demand for heat and cold says what machines give, and that what they take: fuel and
electricity. Then carbon: from the fuels through combined plants into the electricity, from there
through heat pumps into the heat. Each network has a balance of its own; what goes into a machine
comes out of it, so that the carbon of all networks together closes as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from twinview.energy.arrays import Bools
from twinview.energy.given import Assumptions
from twinview.energy.linking import Linked, linked
from twinview.energy.machines import Machine, in_order, machines_of
from twinview.energy.piping import PipeNet, pipe_networks
from twinview.model.problem import Problem
from twinview.model.series import Series, broken
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin


@dataclass(frozen=True, eq=False)
class Carriers:
    """The networks of a district that are computed together.

    Parameters
    ----------
    twin
        The district.
    time
        Steps of the computation.
    linked
        The electrical network with the machines; None without any.
    nets
        Networks of pipes in the order of their powers.
    machines
        What links them.
    carbon_order
        Ids of all networks in the order of their carbon.
    problems
        What was assumed or left out.
    """

    twin: Twin
    time: TimeAxis
    linked: Linked | None
    nets: tuple[PipeNet, ...]
    machines: tuple[Machine, ...]
    carbon_order: tuple[str, ...]
    problems: tuple[Problem, ...]

    def given_output(self, layer: Layer) -> Series | None:
        """Return the series that gives the output of the machines of a layer; None for none.

        Parameters
        ----------
        layer
            A layer of machines.
        """
        series = self.twin.find(layer.id, "power")
        return None if series is None or series.meaning.origin == "computed" else series

    @cached_property
    def partly(self) -> Mapping[str, Bools]:
        """Sources and machines whose output a series gives at some steps and not at others.

        By the id of their layer. Shape [d] each.
        """
        given = [(net.sources.layer, net.sources.power) for net in self.nets]
        given += [(one, self.given_output(one)) for one in self.twin.of_kind("converter")]
        return {layer.id: broken(series) for layer, series in given
                if layer is not None and series is not None}  # fmt: skip

    @property
    def hours(self) -> float:
        """Length of a step in hours; 1 for one instant."""
        return 1.0 if self.time.static else self.time.step / 3600

    def givers(self, net: PipeNet) -> list[Machine]:
        """Return the machines that give into a network."""
        return [one for one in self.machines if one.sink.network == net.network.id]

    def takers(self, net: PipeNet) -> list[Machine]:
        """Return the machines that draw on a network."""
        name = net.network.id
        return [one for one in self.machines if one.source and one.source.network == name]


@dataclass(frozen=True, eq=False)
class Choices:
    """Choices of a computation over all carriers.

    Parameters
    ----------
    grid
        Those of the electrical network.
    sources
        g/kWh of what sources give that name none, by the id of their network.
    outside
        g/kWh of what machines buy outside of all networks, by carrier.
    stores
        g/kWh of what stands in stores at the start that name none, by the id of their network.
    """

    grid: Assumptions = field(default_factory=Assumptions)
    sources: Mapping[str, float] = field(default_factory=dict)
    outside: Mapping[str, float] = field(default_factory=dict)
    stores: Mapping[str, float] = field(default_factory=dict)


def make_carriers(twin: Twin, electrical: Network | None) -> Carriers:
    """Gather what the computation of all carriers needs.

    Parameters
    ----------
    twin
        The district with all series joined.
    electrical
        The electrical network to compute with the others, if there is one.

    Raises
    ------
    ValueError
        When networks feed each other in a ring.
    """
    nets = pipe_networks(twin)
    grid_id = "" if electrical is None else electrical.id
    names = [net.network.id for net in nets] + ([grid_id] if grid_id else [])
    machines, problems = machines_of(twin, names)
    by_id = {net.network.id: net for net in nets}
    power_order = in_order(names, machines, grid_id, carbon=False)
    carbon_order = in_order(names, machines, grid_id, carbon=True)
    tied = None if electrical is None else linked(twin, electrical, machines)
    time = _axis(twin, nets, tied, machines)
    if tied is not None:  # powers that stand still are followed as long as the others move
        whole, alone = (replace(one, time=time) for one in (tied.district, tied.alone))
        tied = replace(tied, district=whole, alone=alone)
    said = [*problems, *(one for net in nets for one in net.problems)]
    return Carriers(
        twin=twin,
        time=time,
        linked=tied,
        nets=tuple(by_id[name] for name in power_order if name in by_id),
        machines=tuple(machines),
        carbon_order=tuple(carbon_order),
        problems=tuple(said),
    )


def _axis(
    twin: Twin, nets: list[PipeNet], tied: Linked | None, machines: list[Machine]
) -> TimeAxis:
    """Return the clock where anything moves, else one instant."""
    series = [one.power for net in nets for one in (net.loads, net.sources, net.stores)]
    series += [one.series for one in machines]
    moving = any(one is not None and not one.time.static for one in series)
    moving |= tied is not None and not tied.district.time.static
    return twin.time if moving else TimeAxis(0, 0, 1, twin.time.tz)
