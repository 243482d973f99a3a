"""Why a store holds what it holds, and why it charges or discharges."""

from dataclasses import dataclass

import numpy as np

from twinview.energy.compute import EMPTY
from twinview.energy.district import StoreTable
from twinview.energy.storage import loss_per_step
from twinview.energy.tracing import Tracing
from twinview.i18n import N_, _
from twinview.session.why.again import again, before, same
from twinview.session.why.asked import Asked
from twinview.session.why.carbon import choices
from twinview.session.why.derivation import Input, Parts, exact
from twinview.session.why.piped import is_piped, piped

CONTENT = "S⁺ = (1−σ)·S + (ηc·Pc − Pd/ηd)·Δt"
RULES = {
    "self_consumption": N_("charge with what would be exported, discharge for what is drawn"),
    "peak_shaving": N_("keep what is drawn around the storage below a limit"),
    "price": N_("charge in the cheapest quarter of the day, discharge in the dearest"),
    "carbon": N_("charge in the cleanest quarter of the day, discharge in the dirtiest"),
    "given": N_("follow the given power as far as the limits let"),
}


def _rule(asked: Asked) -> tuple[tuple[str, str], ...]:
    return ((_("How storage is run"), _(RULES[asked.settings.storage_rule])),)


def _number(asked: Asked, column: str, default: float, scale: float = 1.0) -> float:
    return float(asked.layer.numbers(column, default)[asked.row]) * scale


def energy(asked: Asked) -> Parts:
    """Explain a content: what was inside, less what leaked, plus what was charged."""
    into, out = _number(asked, "eta_charge", 1.0), _number(asked, "eta_discharge", 1.0)
    leak = float(loss_per_step(_number(asked, "standing_loss_per_hour", 0.0), asked.hours))
    power, hours = asked.of("power"), asked.hours
    held, first = before(asked, asked.layer_id)
    lines: tuple[str, ...] = (
        _("What was inside, less standing losses, plus what was charged, less what it gave."),
    )
    if held is None and not first:
        lines += (_("What it held before this step is not among the results."),)
        return Parts("method#storage", CONTENT, lines=lines, settings=_rule(asked))
    if held is None:
        lines += (_("This is the first step; what the storage held before it is an assumption."),)
        capacity = _number(asked, "energy_wh", 0.0, 1e-3)
        start = capacity * float(np.clip(_number(asked, "soc0", 0.5), 0, 1))
    else:
        start = float(held[asked.row])
    moved = max(power, 0.0) * into - max(-power, 0.0) / out
    result = (1 - leak) * start + moved * hours
    inputs = (
        Input(_("Energy inside before"), start, "kWh"),
        Input(_("Power, charging positive"), power, "kW", about=asked.key("power")),
        Input(_("Efficiency of charging"), into, "1"),
        Input(_("Efficiency of discharging"), out, "1"),
        Input(_("Standing loss in the step"), leak * 100, "%"),
        Input(_("Length of the step"), hours, "h"),
    )
    term = f"{exact(power)}·{exact(into)}" if power >= 0 else f"{exact(power)}/{exact(out)}"
    worked = f"{exact(1 - leak)}·{exact(start)} + ({term})·{exact(hours)} = {exact(result, 'kWh')}"
    return Parts("method#storage", CONTENT, worked, result, lines,
                 inputs, _rule(asked), (asked.layer_source(asked.layer_id),))  # fmt: skip


def soc(asked: Asked) -> Parts:
    """Explain a state of charge: content over capacity."""
    held, capacity = asked.of("energy"), _number(asked, "energy_wh", 0.0, 1e-3)
    result = held / capacity if capacity > 0 else float("nan")
    inputs = (
        Input(_("Stored energy"), held, "kWh", about=asked.key("energy")),
        Input(_("Usable capacity"), capacity, "kWh"),
    )
    worked = f"{exact(held)} / {exact(capacity)} = {exact(result * 100, '%')}"
    return Parts("method#storage", "SoC = S / S_max", worked, result, (), inputs, _rule(asked),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def power(asked: Asked) -> Parts:
    """Explain what a store does: the rule's wish, cut to its limits."""
    limit, into = _number(asked, "power_w", 0.0, 1e-3), _number(asked, "eta_charge", 1.0)
    room, able = _limits(asked)
    inputs = [
        Input(_("Power limit"), limit, "kW"),
        Input(_("Stored energy"), asked.of("energy"), "kWh", _("after the step"),
              asked.key("energy")),
        Input(_("Usable capacity"), _number(asked, "energy_wh", 0.0, 1e-3), "kWh"),
        Input(_("Efficiency of charging"), into, "1"),
        Input(_("Most that there is room for"), room, "kW"),
        Input(_("Most that its content gives"), able, "kW"),
    ]  # fmt: skip
    own, worked, result = _house(asked), "", None
    if own is not None:
        layer, row = own
        used, made = (
            float(np.nan_to_num(asked.of(q, layer, row))) for q in ("consumption", "generation")
        )
        title = _("Net power of {name}", name=asked.name(layer, row))
        inputs.insert(0, Input(title, used - made, "kW", about=asked.key("power", layer, row)))
        if asked.settings.storage_rule == "self_consumption":
            worked, result = _followed(used - made, limit, room, able)
    if result is not None and not same(result, asked.of("power")):
        worked, result = "", None
    return Parts("method#dispatch-rules",
                 "P = min(P_wish, P_max, P_room) or −min(−P_wish, P_max, P_content)",
                 worked, result, _ways(asked), tuple(inputs), _rule(asked),
                 (asked.layer_source(asked.layer_id),))  # fmt: skip


def _limits(asked: Asked) -> tuple[float, float]:
    """Return the kW that a store has room for, and that its content gives; NaN where not known."""
    held, first = before(asked, asked.layer_id)
    capacity = _number(asked, "energy_wh", 0.0, 1e-3)
    if held is None and not first:
        return float("nan"), float("nan")
    start = capacity * float(np.clip(_number(asked, "soc0", 0.5), 0, 1)) if held is None else float(
        held[asked.row]
    )  # fmt: skip
    hours = asked.hours
    leak = float(loss_per_step(_number(asked, "standing_loss_per_hour", 0.0), hours))
    kept = (1 - leak) * start
    room = (capacity - kept) / (_number(asked, "eta_charge", 1.0) * hours)
    return max(room, 0.0), max(kept * _number(asked, "eta_discharge", 1.0) / hours, 0.0)


def _followed(net: float, limit: float, room: float, able: float) -> tuple[str, float]:
    """Return what a store does that follows a building's own use, written out and as a number."""
    most = room if net < 0 else able
    result = (-1 if net >= 0 else 1) * min(abs(net), limit, most)
    sign = "−" if net >= 0 else ""
    terms = ", ".join(exact(one) for one in (abs(net), limit, most))
    return f"{sign}min({terms}) = {exact(result, 'kW')}", result


def _ways(asked: Asked) -> tuple[str, ...]:
    if is_piped(asked) and asked.settings.storage_rule == "self_consumption":
        return (
            _("The storage takes what is there anyway and unwanted, and gives before others do; "
              "power limit, room and content cut it."),
        )  # fmt: skip
    return (
        _("The rule says what the storage would like to do; power limit, room and content cut it."),
        _("Storage of a building looks at that building, other storage at its part of the grid "
          "between transformers, shared by power."),
    )  # fmt: skip


def _house(asked: Asked) -> tuple[str, int] | None:
    """Return layer and row of the building that the store belongs to, if any."""
    if not asked.layer.has("building"):
        return None
    name = asked.layer.column("building")[asked.row]
    for layer in asked.twin.of_kind("building"):
        if name in layer.row_of:
            return layer.id, layer.row_of[name]
    return None


@dataclass(frozen=True)
class _Tank:
    """A store in the step that was computed again: its row, table, node's intensity, tracing."""

    row: int
    table: StoreTable
    charging: float
    traced: Tracing


def _tank(asked: Asked) -> _Tank | None:
    """Return the store of a question; None where the step cannot be computed again."""
    k = asked.row
    if is_piped(asked):
        pipes = piped(asked)
        if pipes is None:
            return None
        at = float(pipes.traced.intensity[0, pipes.net.stores.node[k]])
        return _Tank(k, pipes.net.store_table, at, pipes.traced)
    found = again(asked)
    if found is None:
        return None
    bus = int(found.followed.netted.store_bus[k])
    return _Tank(k, found.district.store_table, found.intensity(bus), found.followed.traced)


def intensity(asked: Asked) -> Parts:
    """Explain the carbon content of a store: what was in it, what came in, what went out."""
    formula = {
        "pass_on": "C⁺ = C + (E·Pc − w·Pd/ηd)·Δt,  w⁺ = C⁺ / S⁺",
        "owner": "C⁺ = (1−σ)·C + (ηc·E·Pc − w·Pd/ηd)·Δt,  w⁺ = C⁺ / S⁺",
        "zero": "C⁺ = 0,  w⁺ = 0",
    }[asked.settings.storage_policy]
    lines: tuple[str, ...] = (
        _("The storage keeps the carbon of what was charged into it until it gives it back."),
    )
    found = _tank(asked)
    if found is None:
        return Parts("method#storage", formula, lines=lines, settings=choices(asked))
    table, traced, k = found.table, found.traced, found.row
    if before(asked, asked.layer_id).start:
        lines += (_("This is the first step; what the storage held before it is an assumption."),)
    inside, content = float(traced.store_energy[1, k]), float(traced.store_carbon[1, k])
    result = content / inside if inside > EMPTY else float("nan")
    if not same(result, asked.of("carbon_intensity")):
        return Parts("method#storage", formula, lines=lines, settings=choices(asked))
    power = float(traced.case.store_power[0, k])
    inputs = (
        Input(_("Carbon inside before"), float(traced.store_carbon[0, k]) / 1000, "kg"),
        Input(_("Energy inside before"), float(traced.store_energy[0, k]), "kWh"),
        Input(_("Power, charging positive"), power, "kW", about=asked.key("power")),
        *((Input(_("Intensity where it charges"), found.charging, "g/kWh"),) * (power > 0)),
        Input(_("Efficiency of charging"), float(table.eta_charge[k]), "1"),
        Input(_("Efficiency of discharging"), float(table.eta_discharge[k]), "1"),
        Input(_("Carbon inside after"), content / 1000, "kg"),
        Input(_("Energy inside after"), inside, "kWh", about=asked.key("energy")),
    )
    worked = f"{exact(content / 1000)}·1000 / {exact(inside)} = {exact(result, 'g/kWh')}"
    return Parts(
        "method#storage",
        formula,
        worked if inside > EMPTY else "",
        result,
        lines,
        inputs,
        choices(asked),
        (asked.layer_source(asked.layer_id),),
    )
