"""Why numbers of the whole district are what they are: sums, shares, and what is left over."""

from collections.abc import Callable

import numpy as np

from twinview.energy.grid import BRANCHES
from twinview.i18n import _
from twinview.model.quantities import quantities
from twinview.model.twin import Layer
from twinview.session.why.again import again, same
from twinview.session.why.asked import Asked
from twinview.session.why.carbon import choices
from twinview.session.why.derivation import Input, Parts, exact
from twinview.session.why.factor import import_sources

ROUNDING = 2e-7
"""What single precision may add to a sum, as a share of its terms."""


def batteries(asked: Asked) -> list[Layer]:
    """Return the tables of stores of electricity; those of pipes have balances of their own."""
    piped = {
        network.tables.get("storage")
        for network in asked.twin.networks.values()
        if network.carrier != "electricity"
    }
    return [one for one in asked.twin.of_kind("storage") if one.id not in piped]


def stored(asked: Asked) -> tuple[float, float]:
    """Return what goes into all stores and what comes out of them, kW at the terminals."""
    tables = [asked.all_of(one.id, "power") for one in batteries(asked)]
    known = np.concatenate(
        [np.nan_to_num(one) for one in tables if one is not None] or [np.zeros(1)]
    )
    return float(np.maximum(known, 0).sum()), float(np.maximum(-known, 0).sum())


def _input(asked: Asked, quantity: str) -> Input:
    known = quantities()[quantity]
    return Input(_(known.title), asked.whole(quantity), known.unit, about=asked.key(quantity))


def summed(asked: Asked) -> Parts:
    """Explain a total: which elements were added up."""
    tables = {"load": "sym_load", "generation": "sym_gen"}
    component = tables.get(asked.quantity, "")
    inputs = []
    for network in asked.twin.networks.values():
        layer = asked.twin.layers.get(network.tables.get(component, ""))
        values = None if layer is None else asked.all_of(layer.id, "power")
        if layer is not None and values is not None:
            count = int(np.isfinite(values).sum())
            title = _("{layer}: {count} elements", layer=_(layer.title), count=count)
            inputs.append(Input(title, float(np.nansum(values)), "kW"))
    inputs += _by_machines(asked, component)
    result = sum(one.value for one in inputs) if inputs else None
    worked = f"Σ = {exact(result, 'kW')}" if result is not None else ""
    lines = (_("Added up over the district in this step; devices that are off count nothing."),)
    return Parts("method#balances", "P = Σ P_i", worked, result, lines, tuple(inputs))


def _by_machines(asked: Asked, component: str) -> list[Input]:
    """Return what machines take from the grid or give into it, if there are any."""
    if not asked.twin.of_kind("converter"):
        return []
    found = again(asked)
    tied = None if found is None else found.retraced.ready.carriers
    if found is None or tied is None or tied.linked is None:
        return []
    if component == "sym_load":
        drawn = found.followed.flow.load_p[0, tied.linked.loads : len(found.district.loads)]
        return [Input(_("Taken by machines"), float(drawn.sum()), "kW")]
    made = found.followed.flow.gen_p[0, tied.linked.gens : len(found.district.gens)]
    return [Input(_("Given by machines"), float(made.sum()), "kW")]


def border(asked: Asked) -> Parts:
    """Explain import or export: what the grid connection has to give or take."""
    into, out = stored(asked)
    sign = 1.0 if asked.quantity == "import" else -1.0
    net = asked.whole("load") + asked.whole("loss") + into - asked.whole("generation") - out
    result = max(sign * net, 0.0)
    inputs = (
        _input(asked, "load"),
        _input(asked, "loss"),
        Input(_("Into storage"), into, "kW"),
        _input(asked, "generation"),
        Input(_("Out of storage"), out, "kW"),
    )
    formula = "P = max(±(load + loss + in − generation − out), 0)"
    worked = f"{exact(sign * net)} → {exact(result, 'kW')}"
    lines = (_("What load and losses need beyond what the district makes itself, or the surplus."),)
    return Parts("method#balances", formula, worked, result, lines, inputs)


def loss(asked: Asked) -> Parts:
    """Explain the network losses."""
    lines = (_("Resistance and iron losses of all lines and transformers: what goes in less what "
               "comes out."),)  # fmt: skip
    formula, found = "P_loss = Σ (P_from + P_to)", again(asked)
    if found is None:
        return Parts("method#power-flow", formula, lines=lines)
    flow, inputs, first = found.followed.flow, [], 0
    for name in BRANCHES:
        count = found.district.grid.ids(name).size
        layer = asked.twin.layers.get(found.district.network.tables.get(name, ""))
        if count and layer is not None:
            part = slice(first, first + count)
            lost = float(np.nansum(flow.p_from[0, part] + flow.p_to[0, part]))
            title = _("{layer}: {count} elements", layer=_(layer.title), count=count)
            inputs.append(Input(title, lost, "kW"))
        first += count
    result = sum(one.value for one in inputs)
    if not same(result, asked.whole("loss")):
        return Parts("method#power-flow", formula, lines=lines)
    return Parts("method#power-flow", formula, f"Σ = {exact(result, 'kW')}", result, lines,
                 tuple(inputs))  # fmt: skip


def residual(asked: Asked) -> Parts:
    """Explain the residual of the energy balance: all that comes in less all that goes out."""
    into, out = stored(asked)
    come = ("import", "generation")
    go = ("load", "export", "loss")
    inputs = (
        *(_input(asked, name) for name in come),
        Input(_("Out of storage"), out, "kW"),
        *(_input(asked, name) for name in go),
        Input(_("Into storage"), into, "kW"),
    )
    left = sum(asked.whole(q) for q in come) + out - sum(asked.whole(q) for q in go) - into
    kept = asked.whole("residual")
    rounding = ROUNDING * sum(one.value for one in inputs)
    return Parts(
        "method#balances",
        "R = import + generation + out − load − in − export − loss",
        f"R = {exact(kept, 'kW')}",
        kept if abs(left - kept) <= rounding else left,
        (
            _("Zero where data and power flow agree; what is left is shown, never spread."),
            _("It was taken before the terms were rounded to single precision."),
        ),
        inputs,
    )


def carbon_residual(asked: Asked) -> Parts:
    """Explain the residual of the carbon balance."""
    lines = (
        _("Carbon of imports and generation less that of loads, losses, exports and of what stays"
          " in storage."),
    )  # fmt: skip
    formula, found = "R = C_in − C_load − C_loss − C_owner − ΔC", again(asked)
    if found is None:
        return Parts("method#balances", formula, lines=lines, settings=choices(asked))
    traced, scale = found.followed.traced, 1e-3 / asked.hours
    inside = traced.store_carbon
    inputs = tuple(
        Input(name, float(np.nansum(grams)) * scale, "kg/h")
        for name, grams in (
            (_("Brought in by imports and generation"), traced.gen_carbon),
            (_("Used and exported"), traced.load_carbon),
            (_("Lost in branches"), traced.loss_carbon),
            (_("Booked to the owners of storage"), traced.owner_carbon),
            (_("Added to storage"), inside[1] - inside[0]),
        )
    )
    left = inputs[0].value - sum(one.value for one in inputs[1:])
    kept = asked.whole("carbon_residual")
    rounding = ROUNDING * sum(abs(one.value) for one in inputs)
    result = kept if abs(left - kept) <= rounding else left
    if not same(result, kept):
        return Parts("method#balances", formula, lines=lines, settings=choices(asked))
    return Parts("method#balances", formula, f"R = {exact(kept, 'kg/h')}", result, lines, inputs,
                 choices(asked))  # fmt: skip


def emission(asked: Asked) -> Parts:
    """Explain the district's emission: over all loads, power times intensity."""
    load, carbon = asked.whole("load"), asked.whole("carbon_intensity")
    result = load * carbon / 1000
    return Parts(
        "method#tracing",
        "Ė = Σ L·e / 1000",
        f"{exact(load)} · {exact(carbon)} / 1000 = {exact(result, 'kg/h')}",
        result,
        (_("Each load times the intensity where it stands; losses and exports are apart."),),
        (_input(asked, "load"), _input(asked, "carbon_intensity")),
        choices(asked),
        import_sources(asked),
    )


def intensity(asked: Asked) -> Parts:
    """Explain the district's intensity: sum of carbon over sum of energy."""
    load, mass = asked.whole("load"), _electric(asked)
    result = mass.value / load * 1000 if load > 0 else float("nan")
    return Parts(
        "method#aggregation",
        "e = Σ carbon / Σ energy",
        f"{exact(mass.value)} · 1000 / {exact(load)} = {exact(result, 'g/kWh')}",
        result,
        (_("The sum of the carbon over the sum of the energy, never the mean of intensities."),),
        (mass, _input(asked, "load")),
        choices(asked),
        import_sources(asked),
    )


def _electric(asked: Asked) -> Input:
    """Return kg/h of all use of electricity; where there are other carriers it is not kept."""
    if not any(one.carrier != "electricity" for one in asked.twin.networks.values()):
        return _input(asked, "emission")
    found = again(asked)
    mass = float("nan")
    if found is not None:
        many = len(found.district.loads)
        carbon = found.followed.traced.load_carbon[0, :many]
        mass = float(np.nansum(carbon)) / 1000 / asked.hours
    return Input(_("Carbon of all use of electricity"), mass, "kg/h")


def local_share(asked: Asked) -> Parts:
    """Explain the local share: what is used and not imported."""
    into, _out = stored(asked)
    used = asked.whole("load") + into + asked.whole("loss")
    bought = asked.whole("import")
    result = min(max(1 - bought / used, 0.0), 1.0) if used > 0 else float("nan")
    inputs = (
        _input(asked, "import"),
        _input(asked, "load"),
        Input(_("Into storage"), into, "kW"),
        _input(asked, "loss"),
    )
    worked = f"1 − {exact(bought)} / {exact(used)} = {exact(result * 100, '%')}"
    lines = (_("The part of what the district uses, charges and loses that it does not import."),)
    return Parts("method#indicators", "1 − import / (load + in + loss)", worked, result, lines,
                 inputs)  # fmt: skip


def soc(asked: Asked) -> Parts:
    """Explain the charge of all stores together."""
    layers = batteries(asked)
    held, capacity = 0.0, 0.0
    for one in layers:
        size, inside = one.numbers("energy_wh", 0.0), asked.all_of(one.id, "energy")
        capacity += float(size.sum()) / 1e3
        if inside is not None:  # chargers have no capacity of their own
            held += float(np.nansum(inside[size > 0]))
    result = held / capacity if capacity > 0 else float("nan")
    inputs = (
        Input(_("Stored energy"), float(held), "kWh"),
        Input(_("Usable capacity"), capacity, "kWh"),
    )
    worked = f"{exact(held)} / {exact(capacity)} = {exact(result * 100, '%')}"
    return Parts("method#storage", "SoC = Σ S / Σ S_max", worked, result, (), inputs)


EXPLAINERS: dict[str, Callable[[Asked], Parts]] = {
    "load": summed, "generation": summed, "import": border, "export": border, "loss": loss,
    "residual": residual, "carbon_residual": carbon_residual, "emission": emission,
    "carbon_intensity": intensity, "local_share": local_share, "soc": soc,
}  # fmt: skip
