"""Fuel, heat and cooling in the account of emissions.

GHG Protocol, Corporate Standard (2004), chapter 4: fuel that is burnt in the district - by boilers,
combined plants and the users of a gas network - is scope 1, whatever is made of it; heat, cooling
and power that are bought are scope 2. What machines make of them is neither: its carbon is in what
they took already.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from twinview.energy.account_terms import Flows
from twinview.energy.arrays import Floats
from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.scene.numbers import fixed
from twinview.session.results import Results

HEAT = ("heat", "cooling")


def other_flows(results: Results) -> Mapping[str, Floats]:
    """Return kg and kWh of the carriers beside electricity in each step.

    Parameters
    ----------
    results
        Of a computation.

    Returns
    -------
    Mapping
        ``fuel``, ``heat``, ``power`` in kg, the same with ``_kwh`` in kWh: fuel that is burnt, heat
        and cooling bought, power that machines buy beside the grid. ``generation`` and ``loss`` in
        kg: of own plants that are no machines, and of all networks. Shape [T] each. Empty where
        there is electricity alone.
    """
    if results.whole is None:
        return {}
    names = [f"{kind}{unit}" for kind in ("fuel", "heat", "power") for unit in ("", "_kwh")]
    found = {name: np.zeros(results.axis.count) for name in names}
    for kind, energy, carbon in _taken(results):
        found[kind] = found[kind] + carbon
        found[f"{kind}_kwh"] = found[f"{kind}_kwh"] + energy
    return {**found, **{name: results.whole.carbon[name] for name in ("generation", "loss")}}


def _taken(results: Results) -> Iterator[tuple[str, Floats, Floats]]:
    """Give kind, kWh and kg of everything that is burnt or bought."""
    for one in results.carriers.values():
        heat = one.carrier in HEAT
        term = "import" if heat else "load"  # gas counts where it is burnt, not where it is stored
        yield "heat" if heat else "fuel", one.balance.energy[term], one.balance.carbon[term]
    for carrier, one_bought in results.bought.items():
        kind = "power" if carrier == "electricity" else "heat" if carrier in HEAT else "fuel"
        yield kind, one_bought.energy, one_bought.carbon


def burnt(flows: Flows) -> float:
    """Return scope 1 in kg: own plants, and fuel burnt by machines and users."""
    if not flows.others:
        return float(flows.carbon["generation"].sum())
    return flows.other("generation") + flows.other("fuel")


def burnt_words(flows: Flows) -> str:
    """Say what scope 1 is made of."""
    if not flows.others:
        return _("Carbon of the generation on site.")
    return _(
        "Own plants {plants} kg + fuel burnt in the district {fuel} kg ({energy} kWh); what "
        "combined plants make of their fuel counts once, as fuel.",
        plants=fixed(flows.other("generation"), 0),
        fuel=fixed(flows.other("fuel"), 0),
        energy=fixed(flows.other("fuel_kwh"), 0),
    )


def bought_words(flows: Flows) -> str:
    """Say what heat and cooling add to scope 2; nothing where none is bought."""
    if not flows.other("heat_kwh") > 0:
        return ""
    return " " + _(
        "And {energy} kWh of heat and cooling that were bought, {carbon} kg by the intensity of "
        "their suppliers, the same in both accounts.",
        energy=fixed(flows.other("heat_kwh"), 0),
        carbon=fixed(flows.other("heat"), 0),
    )


def electrical_ones(results: Results) -> tuple[Problem, ...]:
    """Say which indicators speak of electricity alone, where there are other carriers."""
    if not results.carriers:
        return ()
    message = _(
        "Emissions hold all carriers; own use, peaks and the carbon intensity of the use speak of "
        "electricity."
    )
    return (Problem("info", "indicators.electrical", message),)
