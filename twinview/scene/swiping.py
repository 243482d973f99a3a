"""What stands at the left of the line across a view: the same, of another case or instant."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from twinview.i18n import _
from twinview.model.twin import Layer, Twin
from twinview.scene.manner import hour_text
from twinview.scene.numbers import change, number
from twinview.scene.overlay import overlays
from twinview.scene.paint import Paint, Scene, State
from twinview.scene.painting import DIFFERENCE, Beside, settled, shifted
from twinview.scene.resolve import resolve, total
from twinview.scene.styling import Style, key_of, like
from twinview.scene.view import View

TOTALS = (("emission", "kg/h"), ("load", "kW"), ("carbon_intensity", "g/kWh"))
"""Numbers of the district that are compared, with their units at an instant."""


@dataclass(frozen=True, eq=False)
class Companion:
    """The left side, and what is written on both.

    Parameters
    ----------
    scene
        On the same scale, of the elements of the right side; None where there is no such instant.
    left, right
        Name and numbers of each side; the right one with its difference from the left.
    """

    scene: Scene | None
    left: tuple[str, ...]
    right: tuple[str, ...]


def companion(twin: Twin, scene: Scene, beside: Beside) -> Companion | None:
    """Return the left side of a view with a line across it; None for other views.

    Parameters
    ----------
    twin, scene
        What is shown at the right.
    beside
        Styles, and the cases.
    """
    view, wish = scene.view, scene.view.swipe
    if wish is None:
        return None
    other = beside.twins.get(wish.scenario, twin) if wish.scenario else twin
    step = other.time.step_at(twin.time, view.time)
    step = None if step is None else shifted(other.time, step, wish.hours)
    if step is None:
        return Companion(None, (_("outside the data"),), _said(twin, view, other, beside, scene))
    before = replace(view, scenario=other.scenario, time=step)
    made = resolve(other, before, _same_scale(scene, twin, beside))
    paints = {
        key: fitted(made.paints.get(key), own, other.layers.get(key), twin.layers[key])
        for key, own in scene.paints.items()
    }
    made = replace(made, paints=paints, selected=scene.selected, view=replace(view, swipe=None))
    left = _said(other, before, twin, beside, made)
    return Companion(made, left, _said(twin, view, other, beside, scene, (other, before)))


def _same_scale(scene: Scene, twin: Twin, beside: Beside) -> Beside:
    """Return styles with which other values have the colours of a scene's legend."""
    if scene.legend.nominal or scene.view.overlay not in overlays():
        return beside
    view = scene.view
    if view.overlay == DIFFERENCE:
        view = replace(view, against=settled(twin, view))
    told = [one for one in scene.paints.values() if one.quantity]
    key = key_of(view, told, view.overlay)
    style = like(beside.styles.get(key, Style()), scene.legend)
    return replace(beside, styles={**beside.styles, key: style})


def fitted(paint: Paint | None, own: Paint, layer: Layer | None, drawn: Layer) -> Paint:
    """Return a paint of another case for the elements that are drawn; what it lacks is plain.

    Parameters
    ----------
    paint, own
        Of the other case, if it has one, and of the one that is drawn.
    layer, drawn
        The layers that they are of.
    """
    if paint is None or layer is None:
        return replace(own, state=np.full_like(own.state, State.PLAIN))
    if layer is drawn:
        return paint
    rows = layer.rows(drawn.ids)
    there = rows >= 0
    parts: dict[str, Any] = {
        name: None if value is None else value[rows]
        for name in ("width", "direction", "pace", "fill")
        for value in [getattr(paint, name)]
    }
    return replace(
        paint,
        colour=np.where(there[:, None], paint.colour[rows], own.colour),
        state=np.where(there, paint.state[rows], State.PLAIN).astype(np.uint8),
        values=np.where(there, paint.values[rows], np.float32(np.nan)),
        out=own.out if paint.out is None else np.where(there, paint.out[rows], False),
        **parts,
    )


def _said(
    twin: Twin, view: View, other: Twin, beside: Beside, scene: Scene,
    less: tuple[Twin, View] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Return name and numbers of a side, with differences from the other where it is given."""
    parts = [beside.titles.get(twin.scenario, _("Base case"))]
    if other.scenario == twin.scenario and not twin.time.static:
        local = twin.time.at(view.time)
        parts = [f"{local:%Y-%m-%d} {hour_text(local)}"]
    guessed = {one.id for one in scene.readouts if one.text.startswith("≈")}
    for quantity, unit in TOTALS:
        value = total(twin, quantity, view)
        if not np.isfinite(value):
            continue
        text = ("≈ " if quantity in guessed else "") + number(value, 3, unit)
        before = total(less[0], quantity, less[1]) if less else float("nan")
        if np.isfinite(before):
            rise = change(value - before, of=unit)
            text = _("{value} ({change})", value=text, change=rise)
        parts.append(text)
    return tuple(parts)
