"""Energy in every store: fill is the state of charge, colour the carbon content."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.twin import Twin
from twinview.overlays.carbon import LIMITS
from twinview.scene.overlay import Painted, overlay
from twinview.scene.parts import power_lines, ramp_legend, stores
from twinview.scene.view import View


def available(twin: Twin) -> bool:
    """Tell whether any store has a state of charge."""
    return any(twin.find(layer.id, "soc") is not None for layer in twin.of_kind("storage"))


@overlay("storage", N_("Storage"), available, order=50)
def paint(twin: Twin, view: View) -> Painted:
    """Paint the stores; buildings stay plain."""
    paints = stores(twin, view, LIMITS)
    states = np.concatenate([paint.state for paint in paints])
    legend = ramp_legend(
        _("Carbon content of stored energy"),
        "g/kWh",
        LIMITS,
        "store",
        view.theme,
        states,
        _("fill height: state of charge; limits fixed"),
    )
    return [*paints, *power_lines(twin, view)], legend
