"""Why a charger holds what it holds: who came, what was charged, and what left."""

from typing import NamedTuple

import numpy as np

from twinview.energy.compute import EMPTY
from twinview.energy.fleet import Visiting
from twinview.energy.steering import visiting_of
from twinview.energy.storage import loss_per_step
from twinview.i18n import N_, _
from twinview.session.why.again import Again, again, same
from twinview.session.why.asked import Asked
from twinview.session.why.carbon import choices
from twinview.session.why.derivation import Input, Parts, exact

PLACE = "method#vehicles"
CONTENT = "S⁺ = (1−σ)·(S + S_in) + (ηc·Pc − Pd/ηd)·Δt"
CARBON = {
    "pass_on": "C⁺ = C + C_in + (E·Pc − w·Pd/ηd)·Δt,  w⁺ = C⁺ / S⁺",
    "owner": "C⁺ = (1−σ)·(C + C_in) + (ηc·E·Pc − w·Pd/ηd)·Δt,  w⁺ = C⁺ / S⁺",
    "zero": "C⁺ = 0,  w⁺ = 0",
}
RULES = {
    "at_once": N_("full power on arrival"),
    "evenly": N_("evenly until departure"),
}


class _Found(NamedTuple):
    """The step computed again, and what the chargers do in it."""

    again: Again
    visiting: Visiting


def is_charger(asked: Asked) -> bool:
    """Tell whether vehicles come to the store that is asked about."""
    return asked.layer.has("charging") and bool(asked.layer.column("charging")[asked.row])


def _rule(asked: Asked) -> tuple[tuple[str, str], ...]:
    rule = str(asked.layer.column("charging")[asked.row])
    return ((_("How vehicles charge"), _(RULES.get(rule, rule))),)


def _found(asked: Asked) -> _Found | None:
    found = again(asked)
    i = None if found is None else found.district.time.step_at(asked.twin.time, asked.step)
    if found is None or i is None:
        return None
    visiting = visiting_of(found.district, range(i, i + 1))
    here = visiting is not None and visiting.present[0, asked.row]
    return _Found(found, visiting) if visiting is not None and here else None


def _silent(asked: Asked, formula: str) -> Parts:
    lines = (_("While nobody is plugged in, there is nothing to tell."),)
    sources = (asked.layer_source(asked.layer_id),)
    return Parts(PLACE, formula, lines=lines, settings=_rule(asked), sources=sources)


def energy(asked: Asked) -> Parts:
    """Explain a content: what was inside or came, less what leaked, plus what was charged."""
    found = _found(asked)
    if found is None:
        return _silent(asked, CONTENT)
    district, traced, k = found.again.district, found.again.followed.traced, asked.row
    table, hours = district.store_table, district.hours
    into, out = float(table.eta_charge[k]), float(table.eta_discharge[k])
    leak = float(loss_per_step(table.standing_loss[k], hours))
    start, brought = float(traced.store_energy[0, k]), float(found.visiting.arriving[0, k])
    power = asked.of("power")
    result = (1 - leak) * (start + brought)
    result += (max(power, 0.0) * into - max(-power, 0.0) / out) * hours
    inputs = (
        Input(_("Energy inside before"), start, "kWh"),
        Input(_("Brought by a vehicle"), brought, "kWh"),
        Input(_("Power, charging positive"), power, "kW", about=asked.key("power")),
        Input(_("Efficiency of charging"), into, "1"),
        Input(_("Efficiency of discharging"), out, "1"),
        Input(_("Standing loss in the step"), leak * 100, "%"),
        Input(_("Length of the step"), hours, "h"),
    )
    term = f"{exact(power)}·{exact(into)}" if power >= 0 else f"{exact(power)}/{exact(out)}"
    worked = (
        f"{exact(1 - leak)}·({exact(start)} + {exact(brought)}) + ({term})·{exact(hours)} = "
        f"{exact(result, 'kWh')}"
    )
    lines = (_("What was inside or came, less standing losses, plus what was charged."),)
    return Parts(PLACE, CONTENT, worked, result, lines, inputs, _rule(asked),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def soc(asked: Asked) -> Parts:
    """Explain a state of charge: content over the capacity of the vehicle that is there."""
    formula, found = "SoC = S / S_max", _found(asked)
    if found is None:
        return _silent(asked, formula)
    held, capacity = asked.of("energy"), float(found.visiting.capacity[0, asked.row])
    inputs = (
        Input(_("Stored energy"), held, "kWh", about=asked.key("energy")),
        Input(_("Capacity of the vehicle"), capacity, "kWh"),
    )
    result = held / capacity
    worked = f"{exact(held)} / {exact(capacity)} = {exact(result * 100, '%')}"
    return Parts(PLACE, formula, worked, result, (), inputs, _rule(asked),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def power(asked: Asked) -> Parts:
    """Explain what a charger does: the wish of the vehicle, cut to its limits."""
    limits = (("power_w", _("Power limit")), ("discharge_power_w", _("Most that a vehicle gives")))
    inputs = [
        Input(title, float(asked.layer.numbers(column, 0.0)[asked.row]) * 1e-3, "kW")
        for column, title in limits
    ]
    inputs.append(Input(_("Stored energy"), asked.of("energy"), "kWh", _("after the step"),
                        asked.key("energy")))  # fmt: skip
    lines = (
        _("A vehicle takes what it wants at departure, or follows its plan; power limit, room and "
          "content cut it."),
    )  # fmt: skip
    return Parts(PLACE, "P = min(P_wish, P_max, (S_max − (1−σ)·S)/(ηc·Δt))", lines=lines,
                 inputs=tuple(inputs), settings=_rule(asked),
                 sources=(asked.layer_source(asked.layer_id),))  # fmt: skip


def intensity(asked: Asked) -> Parts:
    """Explain the carbon content of a vehicle: what it brought, what came in, what went out."""
    formula, found = CARBON[asked.settings.storage_policy], _found(asked)
    if found is None:
        return _silent(asked, formula)
    traced, k = found.again.followed.traced, asked.row
    assert traced.visits is not None
    inside = float(traced.store_energy[1, k] + traced.left_energy[0, k])
    content = float(traced.store_carbon[1, k] + traced.left_carbon[0, k])
    result = content / inside if inside > EMPTY else float("nan")
    lines = (_("A vehicle keeps the carbon of what it brought and of what was charged into it."),)
    if not same(result, asked.of("carbon_intensity")):
        return Parts(PLACE, formula, lines=lines, settings=choices(asked))
    bus, power = int(found.again.followed.netted.store_bus[k]), float(traced.case.store_power[0, k])
    at_bus = Input(_("Intensity where it charges"), found.again.intensity(bus), "g/kWh")
    inputs = (
        Input(_("Carbon inside before"), float(traced.store_carbon[0, k]) / 1000, "kg"),
        Input(_("Carbon brought by a vehicle"), float(traced.visits.carbon[0, k]) / 1000, "kg"),
        Input(_("Power, charging positive"), power, "kW", about=asked.key("power")),
        *((at_bus,) * (power > 0)),
        Input(_("Carbon inside after"), content / 1000, "kg"),
        Input(_("Energy inside after"), inside, "kWh", about=asked.key("energy")),
    )
    worked = f"{exact(content / 1000)}·1000 / {exact(inside)} = {exact(result, 'g/kWh')}"
    return Parts(PLACE, formula, worked if inside > EMPTY else "", result, lines, inputs,
                 (*choices(asked), *_rule(asked)),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def left_energy(asked: Asked) -> Parts:
    """Explain what a vehicle took away: all that was inside at the end of its last step."""
    return _left(asked, "kWh", "S_out = S⁺", asked.of("energy"))


def left_carbon(asked: Asked) -> Parts:
    """Explain the carbon that a vehicle took away."""
    result = asked.of("energy") * asked.of("carbon_intensity") / 1000
    return _left(asked, "kg", "C_out = w⁺·S⁺", result)


def _left(asked: Asked, unit: str, formula: str, result: float) -> Parts:
    if np.isnan(asked.of(asked.quantity)):
        lines = (_("No vehicle leaves at the end of this step."),)
        return Parts(PLACE, formula, lines=lines, settings=_rule(asked))
    inputs = (
        Input(_("Stored energy"), asked.of("energy"), "kWh", about=asked.key("energy")),
        Input(_("Carbon content"), asked.of("carbon_intensity"), "g/kWh",
              about=asked.key("carbon_intensity")),
    )  # fmt: skip
    lines = (_("All that is inside leaves with the vehicle at the end of its last step."),)
    worked = f"= {exact(result, unit)}"
    return Parts(PLACE, formula, worked, result, lines, inputs, _rule(asked),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip
