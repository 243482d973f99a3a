"""A step of the networks of heat, cooling and gas computed again, with names for what is in it."""

from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Ints
from twinview.energy.carrier_run import CarrierRun
from twinview.energy.carriers import Carriers
from twinview.energy.machines import Machine
from twinview.energy.piping import PipeNet
from twinview.energy.serving import Served
from twinview.energy.tracing import Tracing
from twinview.model.problem import CommandError
from twinview.session.retrace import prepared, retrace_carriers
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Key


@dataclass(frozen=True, eq=False)
class Piped:
    """A step of one network of pipes with everything in it; all arrays have one row.

    Parameters
    ----------
    asked
        The question.
    carriers, run
        All networks, and the step.
    net
        The network that the element belongs to, or gives into.
    """

    asked: Asked
    carriers: Carriers
    run: CarrierRun
    net: PipeNet

    @property
    def served(self) -> Served:
        """Powers of the network."""
        return self.run.powers.served[self.net.network.id]

    @property
    def traced(self) -> Tracing:
        """Carbon of the network."""
        return self.run.booked.traced[self.net.network.id]

    def node(self, row: int) -> str:
        """Return the name of a node."""
        return self.asked.name(self.net.nodes.id, row)

    def node_key(self, quantity: str, row: int) -> Key:
        """Return the key of a number of a node."""
        return self.asked.key(quantity, self.net.nodes.id, row)

    def pipe(self, k: int) -> tuple[str, int]:
        """Return layer id and row of an open pipe."""
        for layer, rows in self.net.pipes.rows:
            if k < rows.size:
                return layer.id, int(rows[k])
            k -= rows.size
        raise IndexError(k)

    def pipe_number(self) -> int | None:
        """Return the number of the pipe that is asked about; None where it is closed."""
        first = 0
        for layer, rows in self.net.pipes.rows:
            found = np.flatnonzero(rows == self.asked.row)
            if layer.id == self.asked.layer_id and found.size:
                return first + int(found[0])
            first += rows.size
        return None

    def supplier(self, k: int) -> tuple[str, Key | None]:
        """Return name and key of a supplier: sources in service, then machines."""
        on = np.flatnonzero(self.net.sources.on)
        if k < on.size:
            layer = self.net.sources.layer
            assert layer is not None
            return self.asked.name(layer.id, int(on[k])), None
        return self.machine(self.carriers.givers(self.net)[k - on.size])

    def machine(self, one: Machine) -> tuple[str, Key]:
        """Return name and key of a machine."""
        layer = next(a for a in self.asked.twin.of_kind("converter") if one.id in a.row_of)
        name = self.asked.name(layer.id, one.row)
        return name, self.asked.key(f"{self.net.carrier}_intensity", layer.id, one.row)

    def store(self, k: int) -> tuple[str, Key]:
        """Return name and key of a store."""
        layer = self.net.stores.layer
        assert layer is not None
        return self.asked.name(layer.id, k), self.asked.key("carbon_intensity", layer.id, k)

    def into(self, node: int) -> list[tuple[int, int, float, float]]:
        """Return number, far end, kW sent and kW received of the pipes that bring something."""
        flow = self.served.flow
        found = []
        for first, last, sent, got in (
            (flow.from_node, flow.to_node, flow.p_from[0], flow.p_to[0]),
            (flow.to_node, flow.from_node, flow.p_to[0], flow.p_from[0]),
        ):
            for k in np.flatnonzero((last == node) & (sent > 0) & (got < 0)).tolist():
                found.append((k, int(first[k]), float(sent[k]), float(-got[k])))
        return sorted(found, key=lambda one: -one[3])


def network_of(carriers: Carriers, layer_id: str) -> PipeNet | None:
    """Return the network of pipes that a layer is a table of; None where of none."""
    for net in carriers.nets:
        if layer_id in net.network.tables.values():
            return net
    return None


def piped(asked: Asked, machine: Machine | None = None) -> Piped | None:
    """Compute the step of a question again; None where that cannot be done faithfully.

    Parameters
    ----------
    asked
        About an element of a network of pipes, or about a machine.
    machine
        The machine, if it is about one.
    """
    try:
        ready = prepared(asked.twin, asked.state.project)
        if ready.carriers is None:
            return None
        net = (
            network_of(ready.carriers, asked.layer_id)
            if machine is None
            else next(n for n in ready.carriers.nets if n.network.id == machine.sink.network)
        )
        if net is None:
            return None
        run = retrace_carriers(ready, asked.twin, asked.step)
    except CommandError:  # not computed, or other data than the results were made of
        return None
    return Piped(asked, ready.carriers, run, net)


def machine_of(asked: Asked) -> Machine | None:
    """Return the machine that is asked about; None where it is left out."""
    try:
        ready = prepared(asked.twin, asked.state.project)
    except CommandError:
        return None
    machines = () if ready.carriers is None else ready.carriers.machines
    return next((one for one in machines if one.id == asked.element), None)


def is_piped(asked: Asked) -> bool:
    """Tell whether the element belongs to a network of heat, cooling or gas."""
    return any(
        asked.layer_id in network.tables.values() and network.carrier != "electricity"
        for network in asked.twin.networks.values()
    )


def carrier_of(asked: Asked) -> str:
    """Return the carrier of the network that the element belongs to; empty where of none."""
    for network in asked.twin.networks.values():
        if asked.layer_id in network.tables.values():
            return network.carrier
    return ""


def rows_at(places: Ints, node: int) -> list[int]:
    """Return which of some devices stand at a node."""
    return [int(k) for k in np.flatnonzero(places == node)]
