"""Power of every building and through every line and pipe."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.twin import Layer, Twin, consumers
from twinview.overlays.carbon import LIMITS as INTENSITY
from twinview.scene.overlay import Painted, overlay
from twinview.scene.paint import State
from twinview.scene.parts import (
    Floats,
    has_value,
    modelled_note,
    noted,
    of_either,
    paint_values,
    power_lines,
    ramp_legend,
    row,
    stores,
    typical_limit,
    uses,
)
from twinview.scene.private import kept_back
from twinview.scene.view import View


def available(twin: Twin) -> bool:
    """Tell whether any building or line has a power."""
    return any(
        twin.find(layer.id, quantity) is not None
        for layer in [*consumers(twin), *twin.of_kind("line"), *twin.of_kind("pipe")]
        for quantity in (uses(twin, layer), "generation", "power")
    )


def net_power(twin: Twin, layer: Layer, view: View) -> tuple[Floats, np.ndarray]:
    """Return what each building draws minus what it feeds in, kW, and the states."""
    asked = uses(twin, layer), "generation"
    (used, state), (made, made_state) = (row(twin, layer, one, view) for one in asked)
    joined = of_either(state, made_state)
    hidden = kept_back(twin, asked, lambda of, one: row(of, layer, one, view)[0])
    joined = np.where(hidden, np.uint8(State.MISSING), joined)
    net = np.where(np.isnan(used), np.float32(0), used)
    np.subtract(net, made, out=net, where=~np.isnan(made))
    net[~has_value(joined)] = np.nan
    return net, joined


def limits(twin: Twin, view: View) -> tuple[float, float]:
    """Return fixed limits in kW: from zero, or symmetric where buildings feed in."""
    used = [twin.find(one.id, uses(twin, one), view.scenario) for one in consumers(twin)]
    made = [twin.find(layer.id, "generation", view.scenario) for layer in consumers(twin)]
    high = max((typical_limit(s, 97.0) for s in used if s is not None), default=1.0)
    return (-high if any(s is not None for s in made) else 0.0), high


@overlay("power", N_("Power"), available, order=30)
def paint(twin: Twin, view: View) -> Painted:
    """Colour buildings by net power around zero; draw lines by power."""
    bounds = limits(twin, view)
    ramp = "power" if bounds[0] == 0 else "net"
    paints, states = [], [np.empty(0, dtype=np.uint8)]
    for layer in consumers(twin):
        values, state = net_power(twin, layer, view)
        paints.append(
            paint_values(
                layer, values, state, bounds, ramp, view.theme, quantity="power", unit="kW"
            )
        )
        states.append(state)
    note = _("limits fixed; below zero feeds in") if ramp == "net" else _("limits fixed")
    modelled = modelled_note(twin, consumers(twin), ("consumption", "generation"), view)
    note = noted(modelled, note)
    legend = ramp_legend(_("Power"), "kW", bounds, ramp, view.theme, np.concatenate(states), note)
    return [*paints, *power_lines(twin, view), *stores(twin, view, INTENSITY)], legend
