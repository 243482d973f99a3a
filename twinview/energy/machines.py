"""Machines between networks, as the table of converters names them.

Every machine gives one carrier into one network, and takes another one there or buys it outside:
heat pumps and chillers take electricity, boilers and combined plants a fuel, exchangers heat.
Combined plants give power as well. Heat pumps and exchangers of waste heat take up heat that an
electrical load, a data centre for instance, gives off.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, Literal, cast

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.converters import carnot_cop, carnot_eer
from twinview.energy.piping import DEFAULTS, values_of
from twinview.i18n import N_, _
from twinview.model.problem import Problem
from twinview.model.series import Series
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

Kind = Literal["heat_pump", "chiller", "boiler", "exchanger", "chp", "waste_heat"]
TAKES: Mapping[str, str] = {
    "heat_pump": "electricity", "chiller": "electricity", "boiler": "gas", "exchanger": "heat",
    "chp": "gas", "waste_heat": "",
}  # fmt: skip
"""Carrier that each kind takes where nothing says it; waste heat takes none."""
RULES: Mapping[str, tuple[str, ...]] = {
    "chp": ("energy", "exergy", "efficiency"),
    "waste_heat": ("free", "energy", "exergy"),
    "heat_pump": ("free", "energy", "exergy"),
}
"""Ways of sharing carbon between the products of a machine; the first one is the default."""
USUAL = {
    "cop": 3.0,
    "eer": 4.0,
    "efficiency": 0.9,
    "heat_efficiency": 0.5,
    "power_efficiency": 0.35,
}
"""Figures of machines that say none of their own: assumptions, and said as such."""


@dataclass(frozen=True)
class Port:
    """A node of a network: its id, and the row of the node; no network means bought outside."""

    network: str
    node: int


@dataclass(frozen=True, eq=False)
class Machine:
    """One machine.

    Parameters
    ----------
    id, kind, row
        Id, kind, and row of the layer.
    carrier
        What it takes: ``electricity``, ``gas``, ``heat``; empty for none.
    source, sink
        Where it takes and gives.
    power_out
        Where a combined plant feeds its power in; None for others, no network for a sale.
    yield_
        Output for each kWh taken: coefficient of performance, efficiency.
    series
        The same over time, if a series gives it.
    power_share
        kWh of power for each kWh of heat of a combined plant.
    rule
        How carbon is shared between its products.
    rated
        Most output in kW, infinite where unknown.
    priority, supply
        Place in the order of merit, and °C of what it gives.
    load, share
        Row of the electrical load whose waste heat it takes (-1 for none), and the part of that
        load's power that can be recovered.
    intensity
        g/kWh of what is bought outside, NaN where it is not given.
    building
        Id of the building in which it stands, empty for none.
    """

    id: str
    kind: Kind
    row: int
    carrier: str
    source: Port | None
    sink: Port
    power_out: Port | None
    yield_: float
    series: Series | None
    power_share: float
    rule: str
    rated: float
    priority: float
    supply: float
    load: int
    share: float
    intensity: float
    building: str

    def output_per_input(self, axis: TimeAxis, rows: range) -> Floats:
        """Return its yield at some steps, [T]; what a series leaves open is the fixed one."""
        found = (
            values_of(self.series, axis, rows, self.row + 1)[:, self.row] if self.series else None
        )
        fixed = np.full(len(rows), self.yield_)
        return fixed if found is None else np.where(np.isnan(found), fixed, found)

    def taken(self, output: Floats, ratio: Floats) -> tuple[Floats, Floats]:
        """Return what it buys and what waste heat it takes up for an output, kW, [T] each."""
        if self.kind == "waste_heat":
            return np.zeros_like(output), output
        bought = output / ratio
        return bought, output - bought if self.load >= 0 else np.zeros_like(output)


def machines_of(twin: Twin, names: Collection[str]) -> tuple[list[Machine], list[Problem]]:
    """Return the machines of a twin, and what is wrong with others or was assumed.

    Parameters
    ----------
    twin
        The district.
    names
        Ids of the networks that are computed.
    """
    found: list[Machine] = []
    problems: list[Problem] = []
    only = replace(twin, networks={k: one for k, one in twin.networks.items() if k in names})
    for layer in twin.of_kind("converter"):
        for row in range(len(layer)):
            said = {
                one: layer.attributes[one][row].as_py() for one in layer.attributes.column_names
            }
            if said.get("status") in (0, False):
                continue
            try:
                found.append(_machine(only, layer, row, said, problems))
            except LookupError as error:
                problems.append(_wrong(layer, said, str(error.args[0])))
    return found, problems


def _wrong(layer: Layer, said: Mapping[str, Any], why: str) -> Problem:
    return Problem(
        "error",
        "converter.unusable",
        _("The converter '{name}' is left out: {why}.", name=said.get("id"), why=why),
        _("Correct it in the file it comes from."),
        layer.source,
        layer.id,
        (str(said.get("id")),),
    )


def _machine(
    twin: Twin, layer: Layer, row: int, said: Mapping[str, Any], problems: list[Problem]
) -> Machine:
    kind = cast("Kind", said["kind"])
    carrier = str(said.get("from_carrier") or TAKES[kind])
    sink = _port(twin, said, "to_network", "to_node", "cooling" if kind == "chiller" else "heat")
    source = (
        _port(twin, said, "from_network", "from_node", carrier) if said.get("from_node") else None
    )
    carrier = twin.networks[source.network].carrier if source and source.network else carrier
    load = _load(twin, said)
    if kind == "waste_heat" and load < 0:
        raise LookupError(_("it names no electrical load ('load') whose heat it takes"))
    target = DEFAULTS[twin.networks[sink.network].carrier][0]
    supply = _number(said, "supply_c", target)
    yield_, share = _yields(layer, said, kind, supply, problems)
    limit = _number(said, "power_w", np.inf) / 1000.0
    return Machine(
        id=str(said["id"]), kind=kind, row=row, carrier=carrier, source=source, sink=sink,
        power_out=_power_out(twin, said) if kind == "chp" else None, yield_=yield_,
        series=twin.find(layer.id, "cop"), power_share=share, rule=_rule(said, kind),
        rated=limit, priority=_number(said, "priority", 1.0), supply=supply, load=load,
        share=_share(said), intensity=_number(said, "input_intensity_g_per_kwh", np.nan),
        building=str(said.get("building") or ""),
    )  # fmt: skip


def _number(said: Mapping[str, Any], name: str, default: float) -> float:
    value = said.get(name)
    good = isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value)
    return float(value) if good else default  # type: ignore[arg-type]


def _share(said: Mapping[str, Any]) -> float:
    share = _number(said, "share", 1.0)
    if not 0 < share <= 1:
        raise LookupError(_("its 'share' must lie above 0 and up to 1"))
    return share


def _rule(said: Mapping[str, Any], kind: str) -> str:
    known = RULES.get(kind, ("",))
    rule = str(said.get("allocation") or known[0])
    if known != ("",) and rule not in known:
        raise LookupError(_("its 'allocation' must be one of {known}", known=", ".join(known)))
    return rule


def _port(
    twin: Twin, said: Mapping[str, Any], network_column: str, node_column: str, carrier: str
) -> Port:
    """Return the node that a row names: of a network by its id or carrier.

    Raises
    ------
    LookupError
        When there is none, or several.
    """
    wanted, node = str(said.get(network_column) or carrier), str(said.get(node_column))
    fitting = [one for one in twin.networks.values() if wanted in (one.id, one.carrier)]
    exact = [one for one in fitting if one.id == wanted] or fitting
    holding = [one for one in exact if _node_row(twin, one, node) >= 0]
    if len(holding) != 1:
        text = (
            N_("no network '{network}' has the node '{node}'")
            if not holding
            else N_("several networks '{network}' have the node '{node}'")
        )
        raise LookupError(_(text, network=wanted, node=node))
    return Port(holding[0].id, _node_row(twin, holding[0], node))


def _node_row(twin: Twin, network: Network, node: str) -> int:
    layer = twin.layers.get(network.tables.get("node", ""))
    return -1 if layer is None else layer.row_of.get(node, -1)


def _power_out(twin: Twin, said: Mapping[str, Any]) -> Port:
    if not said.get("power_node"):
        return Port("", -1)
    return _port(twin, said, "power_network", "power_node", "electricity")


def _load(twin: Twin, said: Mapping[str, Any]) -> int:
    """Return the row of the electrical load that gives off heat, -1 where none is named."""
    name = said.get("load")
    if not name:
        return -1
    for network in twin.networks.values():
        layer = twin.layers.get(network.tables.get("sym_load", ""))
        if network.carrier == "electricity" and layer is not None and str(name) in layer.row_of:
            return layer.row_of[str(name)]
    raise LookupError(_("there is no electrical load '{load}'", load=name))


def _yields(
    layer: Layer, said: Mapping[str, Any], kind: str, supply: float, problems: list[Problem]
) -> tuple[float, float]:
    """Return output for each kWh taken, and power for each kWh of heat."""
    assumed: list[str] = []

    def figure(name: str) -> float:
        value = _number(said, name, np.nan)
        if np.isnan(value):
            assumed.append(f"{name} = {USUAL[name]:g}")
            return USUAL[name]
        return value

    if kind == "waste_heat":
        return 1.0, 0.0
    if kind == "exchanger":
        return _checked(_number(said, "efficiency", 1.0), "efficiency", 1.0), 0.0
    if kind == "chp":
        heat, power = figure("heat_efficiency"), figure("power_efficiency")
        _checked(min(heat, power), "efficiency", 1.0)
        _checked(heat + power, "heat_efficiency + power_efficiency", 1.12)
        found = heat, power / heat
    elif kind == "boiler":
        found = _checked(figure("efficiency"), "efficiency", 1.12), 0.0
    else:
        found = _ratio(said, kind, supply, figure), 0.0
    if assumed:
        problems.append(_assumption(layer, said, assumed))
    return found


def _ratio(
    said: Mapping[str, Any], kind: str, supply: float, figure: Callable[[str], float]
) -> float:
    """Return the coefficient of performance: as given, or by quality and temperatures."""
    name = "cop" if kind == "heat_pump" else "eer"
    quality = _number(said, "quality", np.nan)
    if np.isnan(quality) or not np.isnan(_number(said, name, np.nan)):
        value = float(figure(name))
    else:
        other = _number(said, "source_c", 10.0 if kind == "heat_pump" else 35.0)
        made = carnot_cop(other, supply, quality) if kind == "heat_pump" else carnot_eer(
            supply, other, quality)  # fmt: skip
        value = float(made)
    least = 1.0 if kind == "heat_pump" else 0.0
    if not value >= least or value == 0:
        raise LookupError(_("its '{name}' of {value:g} is too small", name=name, value=value))
    return value


def _checked(value: float, name: str, most: float) -> float:
    if not 0 < value <= most:
        text = _("its '{name}' must lie above 0 and up to {most:g}", name=name, most=most)
        raise LookupError(text)
    return value


def _assumption(layer: Layer, said: Mapping[str, Any], assumed: Sequence[str]) -> Problem:
    return Problem(
        "warning",
        "converter.assumed",
        _(
            "The converter '{name}' does not say how well it works; {figures} is assumed.",
            name=said.get("id"),
            figures=", ".join(assumed),
        ),
        _("Add the figures of the machine."),
        layer.source,
        layer.id,
        (str(said.get("id")),),
    )


def in_order(
    names: Sequence[str], machines: Sequence[Machine], electrical: str, *, carbon: bool
) -> list[str]:
    """Return networks in the order of computation.

    Parameters
    ----------
    names
        Ids of the networks.
    machines
        What links them.
    electrical
        Id of the electrical network, whose loads give off waste heat; empty without any.
    carbon
        True for carbon, which goes from what machines take to what they give; False for power: what
        a machine has to give decides what it takes, and what power comes beside the heat.

    Raises
    ------
    ValueError
        When networks feed each other in a ring.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(names, ()))
    for one in machines:
        takes = [one.source.network] if one.source else []
        gives = [one.sink.network, *([one.power_out.network] if one.power_out else [])]
        if one.load >= 0 and carbon:
            takes.append(electrical)
        pairs = (
            [(give, take) for give in gives for take in takes]
            if carbon
            else [(other, one.sink.network) for other in (*takes, *gives[1:])]
        )
        for later, earlier in pairs:
            if later and earlier and later != earlier:
                sorter.add(later, earlier)
    try:
        return [name for name in sorter.static_order() if name in names]
    except CycleError as error:
        ring = ", ".join(dict.fromkeys(str(one) for one in error.args[1]))
        raise ValueError(
            _(
                "the networks {ring} feed each other through converters, which is not computed",
                ring=ring,
            )
        ) from error
