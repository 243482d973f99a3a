"""Which function explains which number. Apart from `why`, because it loads all solvers."""

from collections.abc import Callable

from twinview.model.twin import DISTRICT
from twinview.session.why import carbon, district, factor, flow, made, store
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Parts

EXPLAINERS: dict[tuple[str, str], Callable[[Asked], Parts]] = {
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
    ("storage", "power"): store.power,
    ("storage", "energy"): store.energy,
    ("storage", "soc"): store.soc,
    ("storage", "carbon_intensity"): store.intensity,
    ("source", "carbon_intensity"): factor.import_intensity,
}
"""By kind of layer and quantity."""
OTHERS: Callable[[Asked], Parts] = made.series_value
"""Explains what has no explainer of its own."""
