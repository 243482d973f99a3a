"""What a legend says of values over a window: their unit, how they were brought together, when."""

from dataclasses import replace
from typing import TYPE_CHECKING

from twinview.i18n import _
from twinview.model.quantities import quantities
from twinview.model.twin import Twin
from twinview.model.windowed import Windowed
from twinview.model.windowsums import Rule
from twinview.scene.aggregation import (
    RULES,
    interpolated,
    rule_in,
    short_text,
    unit_in,
    window_in,
    window_text,
)
from twinview.scene.numbers import number
from twinview.scene.overlay import Overlay, Painted
from twinview.scene.paint import Legend, Paint
from twinview.scene.view import View

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMELESS = frozenset({"attribute"})
"""Overlays whose values do not change with time."""


def over_window(twin: Twin, view: View, overlay: Overlay, painted: Painted) -> Painted:
    """Return paints and legend with the units of the window, and the window named.

    Parameters
    ----------
    twin
        Seen through the window.
    view, overlay, painted
        What is wanted, and what the overlay made of the twin.
    """
    paints, legend = painted
    if overlay.id in TIMELESS:
        return painted
    if interpolated(twin, view):
        return paints, replace(legend, window=_("Interpolated between two steps"))
    if view.window.kind == "instant" or twin.time.static:
        return painted
    told = [_in_unit(twin, view, one) for one in paints]
    main = next((k for k, one in enumerate(paints) if one.unit == legend.unit), None)
    if main is None:
        return told, legend
    rule = rule_in(twin, paints[main].layer, paints[main].quantity, view)
    legend = replace(
        legend,
        unit=told[main].unit,
        window=f"{_(RULES[rule])} · {window_text(twin.time, window_in(twin, view), view.time)}",
        note=_noted(twin, view, paints[main], legend, rule),
    )
    return told, legend


def _in_unit(twin: Twin, view: View, paint: Paint) -> Paint:
    known = quantities().get(paint.quantity)
    if known is None or known.unit != paint.unit:
        return paint
    rule = rule_in(twin, paint.layer, paint.quantity, view)
    length = short_text(twin.time, view.window, view.time)
    return replace(paint, unit=unit_in(paint.unit, rule), over=f"{_(RULES[rule])} · {length}")


def _noted(twin: Twin, view: View, paint: Paint, legend: Legend, rule: Rule) -> str:
    """Return the note with what else a window makes worth knowing."""
    notes: Sequence[str] = [legend.note]
    series = twin.find(paint.layer, paint.quantity, view.scenario)
    partial = series.partial(view.time) if isinstance(series, Windowed) else 0
    if partial and series is not None and series.ready(view.time):
        notes = [*notes, _("{count} with gaps: known hours only", count=number(partial))]
    if paint.fill is not None:
        notes = [*notes, _("fill: mean over time")]
    if rule == "sum" and any(twin.of_kind(kind) for kind in ("line", "pipe")):
        notes = [*notes, _("lines: mean power")]
    return _("; ").join(one for one in notes if one)
