"""How near lines and transformers are to their limits, in five named classes."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.twin import Twin
from twinview.scene.overlay import Painted, overlay
from twinview.scene.paint import Legend, Paint, State
from twinview.scene.parts import WIDTHS, counted, power_lines, row
from twinview.scene.theme import rgb, stops
from twinview.scene.view import Theme, View

BOUNDS = np.array([50.0, 80.0, 100.0, 120.0])
"""Percent of the element's own limit at which the classes change."""
_KINDS = ("line", "transformer", "pipe")
_WIDE = np.array([1.6, 2.4, 3.6, 5.0, 6.5], dtype=np.float32)


def available(twin: Twin) -> bool:
    """Tell whether any line, transformer or pipe has a loading."""
    return any(
        twin.find(layer.id, "loading") is not None
        for kind in _KINDS
        for layer in twin.of_kind(kind)
    )


@overlay("loading", N_("Loading"), available, order=40)
def paint(twin: Twin, view: View) -> Painted:
    """Colour lines and transformers by class; those over 100 % also carry stripes."""
    palette = stops("loading", view.theme)
    table = np.array([rgb(colour) for colour in palette], dtype=np.uint8)
    flows = {one.layer: one for one in power_lines(twin, view)}
    paints, states = [], [np.empty(0, dtype=np.uint8)]
    for layer in [one for kind in _KINDS for one in twin.of_kind(kind)]:
        values, state = row(twin, layer, "loading", view)
        classes = np.searchsorted(BOUNDS, np.nan_to_num(values), side="right")
        shown = np.where((state == State.VALUE) & (values > 100), State.OVER, state).astype(
            np.uint8
        )
        flow = flows.get(layer.id)
        paints.append(
            Paint(
                layer=layer.id,
                colour=table[classes],
                state=shown,
                values=values,
                quantity="loading",
                unit="%",
                width=None if flow is None else np.maximum(_WIDE[classes], WIDTHS[0]),
                direction=None if flow is None else flow.direction,
                pace=None if flow is None else flow.pace,
            )
        )
        states.append(shown)
    return paints, _legend(palette, np.concatenate(states), view.theme)


def _legend(palette: tuple[str, ...], states: np.ndarray, theme: Theme) -> Legend:
    has_value = np.isin(states, (State.VALUE, State.OVER))
    return Legend(
        title=_("Loading of lines and transformers"),
        unit="%",
        limits=(0.0, 120.0),
        colours=palette,
        classes=("0-50", "50-80", "80-100", "100-120", _("over 120")),
        shown=int(has_value.sum()),
        missing=int((~has_value).sum()),
        states=counted(states),
        note=_("lines: current over rated current; transformers: apparent over rated power"),
        theme=theme,
    )
