"""What the sun would give on every roof: modules on all faces that suit."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.twin import Twin
from twinview.scene.overlay import Painted, overlay
from twinview.scene.parts import modelled_note, noted, paint_values, ramp_legend, row, typical_limit
from twinview.scene.view import View

POTENTIAL = "pv_potential"


def available(twin: Twin) -> bool:
    """Tell whether any building has a solar potential."""
    return any(twin.find(layer.id, POTENTIAL) is not None for layer in twin.of_kind("building"))


@overlay("solar", N_("Solar potential"), available, order=35)
def paint(twin: Twin, view: View) -> Painted:
    """Colour buildings by what modules on their roofs would feed in."""
    layers = twin.of_kind("building")
    found = [twin.find(layer.id, POTENTIAL, view.scenario) for layer in layers]
    bounds = (0.0, max((typical_limit(s, 99.7) for s in found if s is not None), default=1.0))
    paints, states = [], [np.empty(0, dtype=np.uint8)]
    for layer in layers:
        values, state = row(twin, layer, POTENTIAL, view)
        paints.append(
            paint_values(
                layer, values, state, bounds, "power", view.theme, quantity=POTENTIAL, unit="kW"
            )
        )
        states.append(state)
    note = noted(modelled_note(twin, layers, (POTENTIAL,), view), _("no shadows of neighbours"))
    title = _("Solar potential of roofs")
    legend = ramp_legend(title, "kW", bounds, "power", view.theme, np.concatenate(states), note)
    return paints, legend
