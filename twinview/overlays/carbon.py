"""Consumption-based carbon intensity on every building."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.twin import Twin, consumers
from twinview.scene.overlay import Painted, overlay
from twinview.scene.parts import (
    intensity_of,
    modelled_note,
    noted,
    paint_values,
    power_lines,
    ramp_legend,
    row,
    stores,
)
from twinview.scene.view import View

LIMITS = (0.0, 500.0)
"""g/kWh, the same for every district and scenario, so that pictures can be compared."""


def available(twin: Twin) -> bool:
    """Tell whether any building has an intensity."""
    return any(
        twin.find(layer.id, intensity_of(twin, layer)) is not None for layer in consumers(twin)
    )


def title_of(twin: Twin) -> str:
    """Return the legend's title; where a marginal intensity is given too, it says which this is."""
    if any(quantity == "marginal_intensity" for _layer, quantity, _scenario in twin.series):
        return _("Carbon intensity, consumption-based average")
    return _("Carbon intensity, consumption-based")


def _made_of(twin: Twin, view: View) -> str:
    modelled = modelled_note(twin, consumers(twin), ("consumption",), view)
    return _("use {modelled}", modelled=modelled) if modelled else ""


@overlay("carbon", N_("Carbon"), available, order=10)
def paint(twin: Twin, view: View) -> Painted:
    """Colour buildings by intensity; lines by power; stores by content."""
    paints, states = [], []
    for layer in consumers(twin):
        quantity = intensity_of(twin, layer)
        values, state = row(twin, layer, quantity, view)
        paints.append(
            paint_values(
                layer,
                values,
                state,
                LIMITS,
                "carbon",
                view.theme,
                quantity=quantity,
                unit="g/kWh",
            )
        )
        states.append(state)
    legend = ramp_legend(
        title_of(twin),
        "g/kWh",
        LIMITS,
        "carbon",
        view.theme,
        np.concatenate(states),
        noted(_made_of(twin, view), _("limits fixed")),
    )
    return [*paints, *power_lines(twin, view), *stores(twin, view, LIMITS)], legend
