"""Which function explains which number. Apart from `why`, because it loads all solvers."""

from collections.abc import Callable

from twinview.model.twin import DISTRICT, PIPED
from twinview.session.why import (
    carbon,
    district,
    emissions,
    factor,
    flow,
    machines,
    made,
    modelled,
    pipes,
    store,
    vehicle,
)
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Parts

Explainer = Callable[[Asked], Parts]


def _piped() -> dict[tuple[str, str], Explainer]:
    """Return the explainers of what there is once for each carrier of pipes."""
    found: dict[tuple[str, str], Explainer] = {}
    for one in PIPED:
        rate, used = f"{one}_intensity", f"{one}_consumption"
        found |= {
            ("node", rate): pipes.node_intensity,
            ("load", rate): pipes.load_intensity,
            ("building", rate): pipes.used_intensity,
            ("converter", rate): machines.intensity,
            ("building", used): pipes.consumption,
            ("load", used): pipes.consumption,
            (DISTRICT, used): pipes.consumption,
            ("building", f"{one}_emission"): emissions.of_carrier,
        }
    return found


def _stored(of_store: Explainer, of_vehicle: Explainer) -> Explainer:
    """Return what explains a number of a store, or of a charger."""
    return lambda asked: (of_vehicle if vehicle.is_charger(asked) else of_store)(asked)


EXPLAINERS: dict[tuple[str, str], Explainer] = {
    **{(DISTRICT, quantity): one for quantity, one in district.EXPLAINERS.items()},
    ("building", "carbon_intensity"): carbon.building_intensity,
    ("building", "emission"): emissions.of_building,
    ("building", "electricity_emission"): emissions.of_electricity,
    ("building", "consumption"): modelled.consumption,
    ("building", "generation"): modelled.solar,
    ("building", "pv_potential"): modelled.solar,
    ("building", "power"): made.net_power,
    ("load", "carbon_intensity"): carbon.load_intensity,
    ("load", "emission"): emissions.of_load,
    ("node", "carbon_intensity"): carbon.node_intensity,
    ("node", "voltage"): flow.voltage,
    ("line", "power"): flow.branch_power,
    ("line", "loading"): flow.loading,
    ("transformer", "power"): flow.branch_power,
    ("transformer", "loading"): flow.loading,
    ("storage", "power"): _stored(store.power, vehicle.power),
    ("storage", "energy"): _stored(store.energy, vehicle.energy),
    ("storage", "soc"): _stored(store.soc, vehicle.soc),
    ("storage", "carbon_intensity"): _stored(store.intensity, vehicle.intensity),
    ("storage", "left_energy"): vehicle.left_energy,
    ("storage", "left_carbon"): vehicle.left_carbon,
    ("source", "carbon_intensity"): factor.import_intensity,
    ("generator", "reactive_power"): flow.reactive,
    ("node", "supply_temperature"): pipes.temperature,
    ("pipe", "power"): pipes.pipe_power,
    ("pipe", "loading"): pipes.pipe_loading,
    ("pipe", "velocity"): pipes.velocity,
    ("converter", "power"): machines.power,
    **_piped(),
    (DISTRICT, "emission"): emissions.of_district,
}
"""By kind of layer and quantity."""
OTHERS: Explainer = made.series_value
"""Explains what has no explainer of its own."""
