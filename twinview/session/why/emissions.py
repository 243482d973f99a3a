"""Why use emits what it emits, where there are more carriers than electricity."""

import numpy as np

from twinview.i18n import _
from twinview.model.quantities import quantities
from twinview.model.twin import PIPED
from twinview.session.why import carbon, district
from twinview.session.why.again import same
from twinview.session.why.asked import Asked, shortened
from twinview.session.why.derivation import Input, Parts, exact
from twinview.session.why.piped import carrier_of, is_piped
from twinview.session.why.pipes import choices, summed_up

PARTS = ("electricity_emission", *(f"{one}_emission" for one in PIPED))


def of_carrier(asked: Asked) -> Parts:
    """Explain what the use of one carrier emits: power times intensity."""
    carrier = asked.quantity.removesuffix("_emission")
    load = asked.kind == "load"
    carrier = carrier_of(asked) if load else carrier
    used = "power" if load else f"{carrier}_consumption"
    power, rate = asked.of(used), asked.of(f"{carrier}_intensity")
    result = power * rate / 1000
    return Parts(
        "method#indicators",
        "Ė = P · e / 1000",
        f"{exact(power)} · {exact(rate)} / 1000 = {exact(result, 'kg/h')}",
        result,
        (_("What is used in this step times how carbon-heavy that is."),),
        (
            Input(_("Consumption"), power, "kW", about=asked.key(used)),
            Input(_("Carbon intensity"), rate, "g/kWh", about=asked.key(f"{carrier}_intensity")),
        ),
        choices(asked),
    )


def of_electricity(asked: Asked) -> Parts:
    """Explain what a building's use of electricity emits, less what left with waste heat."""
    used, rate, shown = asked.of("consumption"), asked.of("carbon_intensity"), asked.of(
        "electricity_emission"
    )  # fmt: skip
    moved = used * rate / 1000 - shown
    inputs = [
        Input(_("Consumption"), used, "kW", about=asked.key("consumption")),
        Input(_("Carbon intensity"), rate, "g/kWh", about=asked.key("carbon_intensity")),
    ]
    if same(moved, 0.0):
        moved = 0.0
    else:
        inputs.append(Input(_("Left with waste heat that a machine took up"), moved, "kg/h"))
    result = used * rate / 1000 - moved
    less = f" − {exact(moved)}" if moved else ""
    worked = f"{exact(used)} · {exact(rate)} / 1000{less} = {exact(result, 'kg/h')}"
    return Parts("method#indicators", "Ė = P · e / 1000 − Ė_waste", worked, result,
                 (_("What is used in this step times how carbon-heavy that is."),),
                 tuple(inputs), carbon.choices(asked))  # fmt: skip


def of_building(asked: Asked) -> Parts:
    """Explain what a building emits: the sum over carriers, or its electricity alone."""
    known = [one for one in PARTS if asked.series(asked.layer_id, one) is not None]
    if not known:
        return carbon.emission(asked)
    inputs = [
        Input(_(quantities()[one].title), asked.of(one), "kg/h", about=asked.key(one))
        for one in known
        if np.isfinite(asked.of(one))
    ]
    return _sum(inputs, _("What the use of each carrier emits, added up."), asked)


def _sum(inputs: list[Input], line: str, asked: Asked) -> Parts:
    result = sum(one.value for one in inputs)
    worked = f"{summed_up([exact(one.value) for one in inputs])} = {exact(result, 'kg/h')}"
    return Parts("method#indicators", "Ė = Σ Ė_i", worked, result, (line,),
                 shortened(inputs, "kg/h"), choices(asked))  # fmt: skip


def of_load(asked: Asked) -> Parts:
    """Explain what a load emits, in a grid or in pipes."""
    return of_carrier(asked) if is_piped(asked) else carbon.emission(asked)


def of_district(asked: Asked) -> Parts:
    """Explain what the district emits: electricity alone, or the users of all carriers."""
    others = {network.carrier for network in asked.twin.networks.values()} & set(PIPED)
    if not others:
        return district.emission(asked)
    inputs = [
        Input(_("{layer}: {count} elements", layer=_(layer.title), count=len(layer)),
              asked.total(layer.id, "emission"), "kg/h")
        for kind in ("building", "load")
        for layer in asked.twin.of_kind(kind)
        if asked.series(layer.id, "emission") is not None
    ]  # fmt: skip
    line = _("What all users of electricity, heat, cooling and gas emit; what machines take is "
             "counted with what they make of it.")  # fmt: skip
    found = _sum(inputs, line, asked)
    if found.result is not None and same(found.result, asked.whole("emission")):
        return found
    return Parts(found.place, found.formula, lines=found.lines, settings=found.settings)
