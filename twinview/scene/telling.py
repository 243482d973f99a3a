"""What is said of one element: on the card beside the pointer, and on those that are pinned."""

import numpy as np

from twinview.i18n import _
from twinview.model.lacking import lacks
from twinview.model.quantities import quantities
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.scene.numbers import number
from twinview.scene.paint import STATES, WITHOUT, Pinned, Scene, State
from twinview.scene.private import group_words
from twinview.scene.view import View
from twinview.scene.words import (
    column_title,
    name_of,
    named,
    quantity_title,
    unit_of,
    value_text,
    written,
)


def lacking_words(twin: Twin, view: View) -> str:
    """Say why the instant was not computed; empty where no input is missing.

    Parameters
    ----------
    twin, view
        What is seen of which district.
    """
    for quantity in ("load", "emission"):  # the latter where there is no electricity
        series = twin.find(DISTRICT, quantity, view.scenario)
        i = None if series is None else series.time.step_at(twin.time, view.time)
        if i is not None and lacks(series, i):
            return lacks(series, i)
    return ""


def pinned(twin: Twin, scene: Scene) -> tuple[Pinned, ...]:
    """Return the cards that stay beside their elements, of those that are drawn.

    Without the instant, which stands on the view once for all of them.
    """
    found = (_pinned(twin, scene, *one) for one in scene.view.pins)
    return tuple(one for one in found if one is not None)


def _pinned(twin: Twin, scene: Scene, layer_id: str, element: str) -> Pinned | None:
    layer, paint = twin.layers.get(layer_id), scene.paints.get(layer_id)
    if layer is None or paint is None or layer.geometry is None or element not in layer.row_of:
        return None
    row = layer.row_of[element]
    said = hover_lines(twin, scene, layer_id, row, timed=False)
    if said is None or (paint.out is not None and paint.out[row]):
        return None
    x, y, z = (float(one) for one in layer.geometry.centres[row])
    high = float(layer.numbers("height_m", 0.0)[row])
    top = z + high if np.isfinite(high) else z
    return Pinned(layer_id, element, paint.quantity, (x, y, top), said[0], tuple(said[1]))


def hover_lines(
    twin: Twin, scene: Scene, layer_id: str, row: int, timed: bool = True
) -> tuple[str, list[str]] | None:
    """Return title and lines of an element's card; None for what has nothing to say.

    Parameters
    ----------
    twin, scene
        Whose element it is, and what is shown of it.
    layer_id, row
        The element.
    timed
        Whether a line says the instant.
    """
    layer = twin.layers.get(layer_id)
    paint = scene.paints.get(layer_id)
    if layer is None or paint is None or row >= len(layer):
        return None
    state = State(int(paint.state[row]))
    lines = _told(twin, scene, layer, row)
    kept = paint.withheld is not None and bool(paint.withheld[row])
    whose = group_words(twin, layer_id, paint.quantity, row, float(paint.values[row]), kept)
    if whose and state is State.MISSING:
        lines = [whose]
    elif whose:
        lines.append(whose)
    if state in {State.ESTIMATED, State.OVER}:
        lines.append(_(STATES[state]))
    if paint.over and lines:
        lines.append(paint.over)
    if timed and not twin.time.static and lines:
        clock = scene.clock
        when = f"{clock.date}  {clock.time} {clock.offset.split(' ')[0]}"
        lines.append(" · ".join(part for part in (when, clock.age) if part))
    return name_of(layer, row), lines


def _told(twin: Twin, scene: Scene, layer: Layer, row: int) -> list[str]:
    """Return the line with the value of an element, or with why there is none."""
    paint = scene.paints[layer.id]
    state = State(int(paint.state[row]))
    if layer.has(paint.by) and state in {State.PLAIN, State.MISSING}:
        by = paint.by
        text = written(layer.attributes[by][row].as_py(), unit_of(layer, by), by)
        return [named(column_title(by), text or _(STATES[State.MISSING]))]
    if state is State.LACKING:
        return [lacking_words(twin, scene.view) or _(STATES[state])]
    if state in WITHOUT:
        return [named(quantity_title(paint.quantity), _(STATES[state]))]
    if state is State.PLAIN:
        return []
    return [_said(layer, row, paint.quantity, float(paint.values[row]), paint.unit)]


def _said(layer: Layer, row: int, quantity: str, value: float, unit: str) -> str:
    if quantity not in quantities() and layer.has(quantity):
        text = written(layer.attributes[quantity][row].as_py(), unit_of(layer, quantity), quantity)
        return named(column_title(quantity), text)
    if quantity in quantities():
        other = "" if unit == quantities()[quantity].unit else unit
        return named(quantity_title(quantity), value_text(quantity, value, other))
    return number(value, 3, unit)
