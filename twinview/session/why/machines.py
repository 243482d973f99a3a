"""Why a machine between networks gives what it gives, and what carbon that carries."""

import numpy as np

from twinview.energy.compute import EMPTY
from twinview.energy.converters import REFERENCE_HEAT, REFERENCE_POWER, heat_quality
from twinview.energy.machines import Machine
from twinview.energy.piping import DEFAULTS
from twinview.i18n import N_, _
from twinview.session.why.again import same
from twinview.session.why.asked import Asked, shortened
from twinview.session.why.derivation import Input, Key, Parts, exact
from twinview.session.why.piped import Piped, machine_of, piped
from twinview.session.why.pipes import choices

RULES = {
    "energy": N_("each kWh counts the same"),
    "exergy": N_("heat counts by the power that it could give"),
    "efficiency": N_("each counts by the fuel that separate generation would need"),
    "free": N_("waste heat carries none; all carbon stays with the service"),
}
AMBIENT = 10.0
"""°C of the surroundings for the exergy of heat, as the computation takes it."""


def power(asked: Asked) -> Parts:
    """Explain what a machine gives: what its network needs and those before it do not give."""
    formula = "P = min(P_n, Σ L + V + S − Σ G)"
    lines = (
        _("Suppliers whose power is given run as they are; the others serve what is left in the "
          "order of their priority, each up to its rating, and the last one balances."),
    )  # fmt: skip
    machine = machine_of(asked)
    found = None if machine is None else piped(asked, machine)
    if machine is None or found is None:
        return Parts("method#converters", formula, lines=lines)
    shown = asked.of("power")
    loads, lost, stored, others = _needed(found, machine)
    left = loads + lost + stored - sum(one.value for one in others)
    result = min(max(left, 0.0), machine.rated)
    inputs = [
        Input(_("Used in the network"), loads, "kW"),
        Input(_("Lost in the pipes"), lost, "kW"),
        Input(_("Into storage less out of it"), stored, "kW"),
        *others,
        Input(_("Priority"), machine.priority, "1"),
    ]
    if np.isfinite(machine.rated):
        inputs.append(Input(_("Rated power"), machine.rated, "kW"))
    taken = sum(one.value for one in others)
    worked = f"{exact(loads)} + {exact(lost)} + {exact(stored)} − {exact(taken)} = " + exact(
        left, "kW"
    )
    good = same(result, shown)
    return Parts("method#converters", formula, worked if good else "", result if good else None,
                 lines, shortened(inputs, "kW"),
                 sources=(asked.layer_source(asked.layer_id),))  # fmt: skip


def _needed(found: Piped, machine: Machine) -> tuple[float, float, float, list[Input]]:
    """Return load, loss and net charging in kW, and what the suppliers beside a machine give."""
    flow = found.served.flow
    own = int(found.net.sources.on.sum()) + [one.id for one in found.carriers.givers(found.net)
                                             ].index(machine.id)  # fmt: skip
    others = []
    for k in range(flow.source_node.size):
        if k != own:
            name, about = found.supplier(k)
            title = _("Given by {name}", name=name)
            others.append(Input(title, float(flow.source_power[0, k]), "kW", about=about))
    loads, stored = float(flow.load_power[0].sum()), float(flow.store_power[0].sum())
    return loads, float(flow.loss[0].sum()), stored, others


def intensity(asked: Asked) -> Parts:
    """Explain the carbon of what a machine gives: all that goes in comes out."""
    machine = machine_of(asked)
    found = None if machine is None else piped(asked, machine)
    if machine is None or found is None:
        return Parts("method#converters", "Σ e_in·P_in = Σ e_out·P_out", settings=choices(asked))
    explain = _combined if machine.kind == "chp" else _single
    parts = explain(asked, found, machine)
    return parts if parts.result is None or same(parts.result, asked.of(asked.quantity)) else Parts(
        parts.place, parts.formula, lines=parts.lines, settings=parts.settings,
        sources=parts.sources,
    )  # fmt: skip


def _single(asked: Asked, found: Piped, machine: Machine) -> Parts:
    """Explain a machine with one product: what it took, over what it gave."""
    output, bought, waste = (
        float(one[machine.id][0])
        for one in (found.run.powers.output, found.run.powers.bought, found.run.powers.waste)
    )
    rate, heat_rate = _rates(found, machine, output, bought, waste)
    result = (bought * rate + waste * heat_rate) / output if output > EMPTY else float("nan")
    carrier = machine.carrier or "heat"
    inputs = [
        Input(_("Given"), output, "kW", about=asked.key("power")),
        Input(_("Taken: {carrier}", carrier=_(carrier)), bought, "kW",
              f"× {exact(rate, 'g/kWh')}", _taken_from(found, machine)),
    ]  # fmt: skip
    if bought > 0:
        inputs.append(Input(_("Given for each kWh taken"), output / bought, "1"))
    if machine.load >= 0:
        inputs.append(
            Input(_("Waste heat taken up"), waste, "kW", f"× {exact(heat_rate, 'g/kWh')}")
        )
    top = f"{exact(bought)}·{exact(rate)} + {exact(waste)}·{exact(heat_rate)}"
    worked = f"({top}) / {exact(output)} = {exact(result, 'g/kWh')}" if output > EMPTY else ""
    return Parts("method#converters", "e = (P_in·e_in + W·e_w) / P", worked, result,
                 (_("All the carbon that goes into the machine comes out of it."),), tuple(inputs),
                 (*_rule(machine), *choices(asked)),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def _rates(
    found: Piped, machine: Machine, output: float, bought: float, waste: float
) -> tuple[float, float]:
    """Return g/kWh of what a machine buys, and of the waste heat that it takes up."""
    carbon = float(found.run.booked.given[machine.id][0]) * output
    rate = _bought_rate(found, machine)
    return rate, (carbon - bought * rate) / waste if waste > EMPTY else 0.0


def _bought_rate(found: Piped, machine: Machine) -> float:
    """Return g/kWh of what a machine buys: of its node, or as bought outside."""
    run, source = found.run, machine.source
    if source is not None and source.network in run.booked.traced:
        return float(run.booked.traced[source.network].intensity[0, source.node])
    tied, grid = found.carriers.linked, run.grid
    if source is not None and source.network and tied is not None and grid is not None:
        row = tied.loads + tied.takers.index(machine)
        drawn = float(run.powers.bought[machine.id][0]) * found.carriers.hours
        return float(grid.load_carbon[0, row]) * 1e3 / drawn if drawn > 0 else 0.0
    if np.isfinite(machine.intensity):
        return machine.intensity
    return _outside(found, machine)


def _outside(found: Piped, machine: Machine) -> float:
    """Return g/kWh of a carrier that is bought outside of all networks."""
    energy, carbon = found.run.booked.outside.get(machine.carrier, (np.zeros(1), np.zeros(1)))
    return float(carbon[0] / energy[0] * 1e3) if energy[0] > 0 else 0.0


def _taken_from(found: Piped, machine: Machine) -> Key | None:
    """Return the key of the intensity at the node that a machine takes from."""
    if machine.source is None or not machine.source.network:
        return None
    network = found.asked.twin.networks[machine.source.network]
    kind = "carbon" if network.carrier == "electricity" else network.carrier
    return found.asked.key(f"{kind}_intensity", network.tables["node"], machine.source.node)


def _rule(machine: Machine) -> tuple[tuple[str, str], ...]:
    return ((_("Carbon is shared"), _(RULES[machine.rule])),) if machine.rule in RULES else ()


def _combined(asked: Asked, found: Piped, machine: Machine) -> Parts:
    """Explain the heat of a combined plant: its part of the carbon of the fuel."""
    rate, heat = _bought_rate(found, machine), machine.yield_
    made = heat * machine.power_share
    of_power, of_heat = _weights(found, machine)
    result = rate * of_heat / (made * of_power + heat * of_heat)
    inputs = (
        Input(_("Given"), asked.of("power"), "kW", about=asked.key("power")),
        Input(_("Intensity of the fuel"), rate, "g/kWh", about=_taken_from(found, machine)),
        Input(_("Heat for each kWh of fuel"), heat, "1"),
        Input(_("Power for each kWh of fuel"), made, "1"),
        Input(_("Weight of heat"), of_heat, "1"),
        Input(_("Weight of power"), of_power, "1"),
    )
    bottom = f"({exact(heat)}·{exact(of_heat)} + {exact(made)}·{exact(of_power)})"
    worked = f"{exact(rate)}·{exact(of_heat)} / {bottom} = {exact(result, 'g/kWh')}"
    return Parts("method#converters", "e_heat = e_fuel·w_heat / (η_heat·w_heat + η_power·w_power)",
                 worked, result,
                 (_("The carbon of the fuel is shared between heat and power by a rule."),), inputs,
                 (*_rule(machine), *choices(asked)),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def _weights(found: Piped, machine: Machine) -> tuple[float, float]:
    """Return how much a kWh of power and of heat count by the machine's rule."""
    if machine.rule == "efficiency":
        return 1 / REFERENCE_POWER, 1 / REFERENCE_HEAT
    if machine.rule == "exergy":
        back = DEFAULTS[found.net.carrier][1]
        return 1.0, float(heat_quality(machine.supply, back, AMBIENT))
    return 1.0, 1.0
