"""Emission of every building: what it uses now times how carbon-heavy that is now."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.twin import Layer, Twin, consumers
from twinview.overlays.carbon import LIMITS as INTENSITY
from twinview.scene.overlay import Painted, overlay
from twinview.scene.parts import (
    Floats,
    modelled_note,
    nice_ceiling,
    noted,
    of_both,
    paint_values,
    power_lines,
    ramp_legend,
    row,
    stores,
    typical_limit,
    uses,
)
from twinview.scene.view import View

TYPICAL = 0.35
"""kg/kWh, the intensity for which the upper limit of the ramp is chosen."""


def available(twin: Twin) -> bool:
    """Tell whether any building has both power and intensity."""
    return any(
        twin.find(layer.id, "emission") is not None
        or (
            twin.find(layer.id, "carbon_intensity") is not None
            and twin.find(layer.id, "consumption") is not None
        )
        for layer in consumers(twin)
    )


def emission(twin: Twin, layer: Layer, view: View) -> tuple[Floats, np.ndarray]:
    """Return kg/h of each building over all carriers, and the states."""
    if twin.find(layer.id, "emission", view.scenario) is not None:
        return row(twin, layer, "emission", view)
    used, state = row(twin, layer, "consumption", view)
    carbon, carbon_state = row(twin, layer, "carbon_intensity", view)
    return used * carbon / np.float32(1000), of_both(state, carbon_state)


def limits(twin: Twin, view: View) -> tuple[float, float]:
    """Return fixed limits of the ramp in kg/h."""
    found = [twin.find(one.id, uses(twin, one), view.scenario) for one in consumers(twin)]
    return 0.0, nice_ceiling(
        max((typical_limit(s, 95.0) for s in found if s is not None), default=1.0) * TYPICAL
    )


@overlay("emission", N_("Emission"), available, order=20)
def paint(twin: Twin, view: View) -> Painted:
    """Colour buildings by kg/h; lines by power; stores by content."""
    bounds = limits(twin, view)
    paints, states = [], []
    for layer in consumers(twin):
        values, state = emission(twin, layer, view)
        paints.append(
            paint_values(
                layer, values, state, bounds, "carbon", view.theme, quantity="emission", unit="kg/h"
            )
        )
        states.append(state)
    modelled = modelled_note(twin, consumers(twin), ("consumption",), view)
    note = noted(modelled, _("limits fixed"))
    legend = ramp_legend(
        _("Emission"), "kg/h", bounds, "carbon", view.theme, np.concatenate(states), note
    )
    return [*paints, *power_lines(twin, view), *stores(twin, view, INTENSITY)], legend
