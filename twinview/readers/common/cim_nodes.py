"""Nodes of a CIM model, and where the terminals of its equipment hang."""

import math
from collections import defaultdict
from dataclasses import dataclass, field

from twinview.i18n import _
from twinview.readers.common.cimxml import Model, Thing
from twinview.readers.common.draft import Draft

_KILO = 1e3
_NODES = ("TopologicalNode", "ConnectivityNode")


@dataclass(eq=False)
class Ends:
    """Where equipment hangs.

    Parameters
    ----------
    names
        Id of the node in the network by id of the model's node.
    terminals
        By id of the equipment: its terminals in their order.
    state
        Voltage in kV and angle in degrees of nodes, as a solution that comes with the model has it.
    """

    names: dict[str, str] = field(default_factory=dict)
    terminals: dict[str, list[Thing]] = field(default_factory=lambda: defaultdict(list))
    state: dict[str, tuple[float, float]] = field(default_factory=dict)

    def of(self, terminal: Thing) -> tuple[str, int]:
        """Return the node of a terminal, and whether it is connected."""
        said = terminal.values
        target = said.get("Terminal.TopologicalNode") or said.get("Terminal.ConnectivityNode", "")
        on = terminal.flag("ACDCTerminal.connected", terminal.flag("Terminal.connected", True))
        return self.names.get(target, target or _("nowhere")), int(on)

    def first(self, thing: Thing) -> tuple[str, int]:
        """Return the node of a device, and whether it is connected and in service."""
        found = self.both(thing)
        return found[0]

    def both(self, thing: Thing) -> list[tuple[str, int]]:
        """Return the nodes of equipment in the order of its terminals, two at least."""
        service = thing.flag("Equipment.inService", True)
        found = [self.of(terminal) for terminal in self.terminals[thing.id]]
        found += [(_("nowhere"), 0)] * (2 - len(found))
        return [(node, int(on and service)) for node, on in found]


def add_nodes(draft: Draft, model: Model) -> Ends:
    """Add the nodes of a model: topological ones, else connectivity nodes.

    Parameters
    ----------
    draft
        The network.
    model
        The model.

    Returns
    -------
    Ends
        Where its equipment hangs.
    """
    ends = Ends()
    kind = next((kind for kind in _NODES if any(model.of(kind))), "")
    unknown = []
    for one in model.of(kind):
        volts = _voltage(model, one, kind)
        name = draft.add("node", one.name, u_rated=volts * _KILO, mrid=one.id)
        ends.names[one.id] = name
        unknown += [] if volts > 0 else [name]
    for terminal in model.of("Terminal"):
        ends.terminals[terminal.values.get("Terminal.ConductingEquipment", "")].append(terminal)
    for own in ends.terminals.values():
        own.sort(key=lambda one: one.number("ACDCTerminal.sequenceNumber",
                                            one.number("Terminal.sequenceNumber")))  # fmt: skip
    for one in model.of("SvVoltage"):
        node = ends.names.get(one.values.get("SvVoltage.TopologicalNode", ""))
        if node is not None:
            ends.state[node] = (one.number("SvVoltage.v", math.nan), one.number("SvVoltage.angle"))
    if unknown:
        message = _(
            "{count} nodes name a rated voltage that is not in the files, first {first}; they "
            "cannot be computed.",
            count=len(unknown),
            first=unknown[0],
        )
        draft.say("error", "network.voltage_unknown", message,
                  _("Add the boundary files (EQ_BD, TP_BD) to the folder."), unknown)  # fmt: skip
    _places(draft, model, ends)
    return ends


def _voltage(model: Model, node: Thing, kind: str) -> float:
    """Return the rated voltage of a node in kV: its own, or that of the level it is in."""
    base = model.at(node, "TopologicalNode.BaseVoltage")
    level = model.at(node, f"{kind}.ConnectivityNodeContainer")
    if level is not None and level.kind == "Bay":
        level = model.at(level, "Bay.VoltageLevel")
    if base is None and level is not None:
        base = model.at(level, "VoltageLevel.BaseVoltage")
    return math.nan if base is None else base.number("BaseVoltage.nominalVoltage", math.nan)


def _places(draft: Draft, model: Model, ends: Ends) -> None:
    """Put nodes where the geographical profile has their substation."""
    first: dict[str, tuple[float, float]] = {}
    points = sorted(
        model.of("PositionPoint"), key=lambda p: p.number("PositionPoint.sequenceNumber")
    )
    for point in points:
        location = model.at(point, "PositionPoint.Location")
        owner = location.values.get("Location.PowerSystemResources", "") if location else ""
        place = (point.number("PositionPoint.xPosition", math.nan),
                 point.number("PositionPoint.yPosition", math.nan))  # fmt: skip
        first.setdefault(owner, place)
    for key, name in ends.names.items():
        node = model.things[key]
        level = model.at(node, f"{node.kind}.ConnectivityNodeContainer")
        station = level.values.get("VoltageLevel.Substation", "") if level else ""
        if station in first:
            draft.points[name] = first[station]
