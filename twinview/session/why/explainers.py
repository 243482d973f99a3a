"""Which function explains which number. Apart from `why`, because it loads all solvers."""

from collections.abc import Callable

from twinview.model.twin import DISTRICT
from twinview.session.why import carbon, district, factor, flow, made, store, vehicle
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Parts

Explainer = Callable[[Asked], Parts]


def _stored(of_store: Explainer, of_vehicle: Explainer) -> Explainer:
    """Return what explains a number of a store, or of a charger."""
    return lambda asked: (of_vehicle if vehicle.is_charger(asked) else of_store)(asked)


EXPLAINERS: dict[tuple[str, str], Explainer] = {
    **{(DISTRICT, quantity): one for quantity, one in district.EXPLAINERS.items()},
    ("building", "carbon_intensity"): carbon.building_intensity,
    ("building", "emission"): carbon.emission,
    ("building", "consumption"): made.of_devices,
    ("building", "generation"): made.of_devices,
    ("building", "power"): made.net_power,
    ("load", "carbon_intensity"): carbon.load_intensity,
    ("load", "emission"): carbon.emission,
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
}
"""By kind of layer and quantity."""
OTHERS: Explainer = made.series_value
"""Explains what has no explainer of its own."""
